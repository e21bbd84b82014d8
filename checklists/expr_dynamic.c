/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr.h"

#include <string.h>

/*
 * Is a default a fixed text or a computation?  The rule is pyxform's, token
 * by token, so that a form means the same here and there.
 */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (unsigned char)c >= 0x80;
}

/* Digits with these separators between them: a number, date or time. */
static size_t
span_number(const char *text)
{
	size_t len = text[0] == '-' ? 1 : 0;
	const size_t start = len;

	while (is_digit(text[len]) || text[len] == '.')
		len++;
	if (len == start)
		return 0;
	if (len - start == 4 && text[len] == '-' && is_digit(text[len + 1]))
		return len + strspn(text + len, "0123456789-:T.+Z");
	if (len - start == 2 && text[len] == ':' && is_digit(text[len + 1]))
		return len + strspn(text + len, "0123456789:.");
	return len;
}

static size_t
span_name(const char *text)
{
	size_t len = 0;

	if (!is_name_start(text[0]))
		return 0;
	while (is_name_start(text[len]) || is_digit(text[len]) ||
	    text[len] == '-' || text[len] == '.' || text[len] == ':')
		len++;
	return len;
}

static size_t
span_quoted(const char *text)
{
	const char *close = NULL;

	if (text[0] == '"' || text[0] == '\'')
		close = strchr(text + 1, text[0]);
	return close ? (size_t)(close - text) + 1 : 0;
}

static bool
starts_computation(const char *text, bool is_date)
{
	if (text[0] == '-')
		return !is_date;
	return strchr("*+|[", text[0]) || strncmp(text, "${", 2) == 0 ||
	    strncmp(text, " div ", 5) == 0 || strncmp(text, " mod ", 5) == 0;
}

bool
expr_looks_dynamic(const char *text, bool is_date)
{
	while (*text) {
		size_t len = span_quoted(text);

		if (len == 0)
			len = span_number(text);
		if (len == 0) {
			len = span_name(text);
			if (len && text[len] == '(')
				return true;
		}
		if (len == 0 && starts_computation(text, is_date))
			return true;
		text += len ? len : 1;
	}
	return false;
}
