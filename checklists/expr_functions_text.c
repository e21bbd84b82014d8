/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "crypto/secret.h"

/* Texts: positions and lengths count characters. */

size_t
char_bytes(const char *text)
{
	size_t len = *text ? 1 : 0;

	while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len++;
	return len;
}

static size_t
count_chars(const char *text)
{
	size_t count = 0;

	for (; *text; text += char_bytes(text))
		count++;
	return count;
}

/* The text of the first argument, or of the item itself without one. */
static int
own_text(struct eval *eval, const struct expr *node, const char **text)
{
	struct value value = { 0 };

	if (node->arg_count > 0)
		return call_text(eval, node, 0, text);
	if (eval_self(eval, node, &value) != 0)
		return -1;
	*text = value_text(eval, &value);
	return *text ? 0 : -1;
}

static int
call_string(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text;

	if (own_text(eval, node, &text) != 0)
		return -1;
	*value = value_of_text(text);
	return 0;
}

static int
call_string_length(
    struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text;

	if (own_text(eval, node, &text) != 0)
		return -1;
	*value = value_of_number((double)count_chars(text));
	return 0;
}

struct joined {
	char *text;
	size_t len, room;
	const char *separator;
	bool begun;
};

static int
add_joined(struct eval *eval, struct joined *joined, const char *text)
{
	const size_t gap = joined->begun ? strlen(joined->separator) : 0;
	const size_t need = joined->len + gap + strlen(text) + 1;

	if (need > joined->room) {
		char *grown = eval_alloc(eval, need * 2);

		if (!grown)
			return -1;
		if (joined->len)
			memcpy(grown, joined->text, joined->len);
		joined->text = grown;
		joined->room = need * 2;
	}
	if (gap)
		memcpy(joined->text + joined->len, joined->separator, gap);
	memcpy(joined->text + joined->len + gap, text, strlen(text) + 1);
	joined->len = need - 1;
	joined->begun = true;
	return 0;
}

/* Arguments from `first` on, each node of a set by itself. */
static int
join(struct eval *eval, const struct expr *node, int first,
    const char *separator, struct value *value)
{
	struct joined joined = {
		.text = eval_alloc(eval, 64), .room = 64, .separator = separator
	};
	struct call_values values = { .from = first };
	struct value one = { 0 };
	int more;

	if (!joined.text)
		return -1;
	while ((more = call_next_value(eval, node, &values, &one)) > 0) {
		const char *text = value_text(eval, &one);

		if (!text || add_joined(eval, &joined, text) != 0)
			return -1;
	}
	*value = value_of_text(joined.text);
	return more;
}

static int
call_concat(struct eval *eval, const struct expr *node, struct value *value)
{
	return join(eval, node, 0, "", value);
}

static int
call_join(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *separator;

	if (call_text(eval, node, 0, &separator) != 0)
		return -1;
	return join(eval, node, 1, separator, value);
}

/* Characters `from` to before `to`, both from 0. */
static int
cut(struct eval *eval, const char *text, double from, double to,
    struct value *value)
{
	const char *start = NULL;
	double at = 0;

	for (; *text && at < to; text += char_bytes(text), at++)
		if (at >= from && !start)
			start = text;
	*value = value_of_text("");
	if (start)
		value->text = eval_strndup(eval, start, (size_t)(text - start));
	return value->text ? 0 : -1;
}

static int
call_substr(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text;
	double from, to, len;

	if (call_text(eval, node, 0, &text) != 0 ||
	    call_number(eval, node, 1, &from) != 0)
		return -1;
	len = to = (double)count_chars(text);
	if (node->arg_count > 2 && call_number(eval, node, 2, &to) != 0)
		return -1;
	/* Java's intValue() makes NaN zero. */
	from = isnan(from) ? 0 : trunc(from);
	to = isnan(to) ? 0 : trunc(to);
	return cut(eval, text, from < 0 ? len + from : from,
	    to < 0 ? len + to : to, value);
}

/* XPath 1.0: from 1, and both arguments are rounded. */
static int
call_substring(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text;
	double from, count = INFINITY;

	if (call_text(eval, node, 0, &text) != 0 ||
	    call_number(eval, node, 1, &from) != 0 ||
	    (node->arg_count > 2 && call_number(eval, node, 2, &count) != 0))
		return -1;
	from = floor(from + 0.5) - 1;
	return cut(eval, text, from, from + floor(count + 0.5), value);
}

static int
two_texts(struct eval *eval, const struct expr *node, const char **one,
    const char **other)
{
	if (call_text(eval, node, 0, one) != 0)
		return -1;
	return call_text(eval, node, 1, other);
}

static int
call_substring_before(
    struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text, *wanted, *found;

	if (two_texts(eval, node, &text, &wanted) != 0)
		return -1;
	found = strstr(text, wanted);
	*value = value_of_text("");
	if (found)
		value->text = eval_strndup(eval, text, (size_t)(found - text));
	return value->text ? 0 : -1;
}

static int
call_substring_after(
    struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text, *wanted, *found;

	if (two_texts(eval, node, &text, &wanted) != 0)
		return -1;
	found = strstr(text, wanted);
	*value = value_of_text(found ? found + strlen(wanted) : "");
	return 0;
}

static int
call_contains(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text, *wanted;

	if (two_texts(eval, node, &text, &wanted) != 0)
		return -1;
	*value = value_of_truth(strstr(text, wanted) != NULL);
	return 0;
}

static int
call_starts_with(
    struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text, *wanted;

	if (two_texts(eval, node, &text, &wanted) != 0)
		return -1;
	*value = value_of_truth(strncmp(text, wanted, strlen(wanted)) == 0);
	return 0;
}

static int
call_ends_with(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text, *wanted;
	size_t len, end;

	if (two_texts(eval, node, &text, &wanted) != 0)
		return -1;
	len = strlen(text);
	end = strlen(wanted);
	*value =
	    value_of_truth(end <= len && strcmp(text + len - end, wanted) == 0);
	return 0;
}

/* The character of `to` in the place where `from` has the one at `text`. */
static bool
mapped(const char *text, const char *from, const char *to, const char **with)
{
	const size_t len = char_bytes(text);

	for (; *from; from += char_bytes(from)) {
		if (char_bytes(from) == len && memcmp(from, text, len) == 0) {
			*with = to;
			return true;
		}
		to += char_bytes(to);
	}
	return false;
}

enum { CHARS_PER_STEP = 8 }; /* that translate() looks at */

static int
call_translate(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text, *from, *to, *with;
	char *out, *end;

	if (two_texts(eval, node, &text, &from) != 0 ||
	    call_text(eval, node, 2, &to) != 0)
		return -1;
	if (eval_work(eval, strlen(text) * strlen(from) / CHARS_PER_STEP) != 0)
		return -1;
	out = end = eval_alloc(eval, strlen(text) * 4 + 1);
	if (!out)
		return -1;
	for (; *text; text += char_bytes(text)) {
		if (!mapped(text, from, to, &with))
			with = text;
		memcpy(end, with, char_bytes(with));
		end += char_bytes(with);
	}
	*value = value_of_text(out);
	return 0;
}

static int
call_normalize_space(
    struct eval *eval, const struct expr *node, struct value *value)
{
	static const char space[] = " \t\n\r";
	const char *text;
	char *out, *end;

	if (own_text(eval, node, &text) != 0)
		return -1;
	out = end = eval_alloc(eval, strlen(text) + 1);
	if (!out)
		return -1;
	for (;;) {
		size_t len;

		text += strspn(text, space);
		len = strcspn(text, space);
		if (len == 0)
			break;
		if (end != out)
			*end++ = ' ';
		memcpy(end, text, len);
		end += len;
		text += len;
	}
	*value = value_of_text(out);
	return 0;
}

/* ---- uuid ---- */

static const char *
new_uuid(struct eval *eval)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char bytes[16];
	char *out = eval_alloc(eval, 37), *at = out;

	if (!out)
		return NULL;
	random_bytes(bytes, sizeof(bytes));
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		*at++ = hex[bytes[i] >> 4];
		*at++ = hex[bytes[i] & 15];
	}
	return out;
}

/* uuid(n): n characters of a-z and 0-9, as JavaRosa's genGUID(). */
static int
call_uuid(struct eval *eval, const struct expr *node, struct value *value)
{
	static const char signs[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	double len;
	char *out;

	if (node->arg_count == 0) {
		*value = value_of_text(new_uuid(eval));
		return value->text ? 0 : -1;
	}
	if (call_number(eval, node, 0, &len) != 0)
		return -1;
	if (!(len >= 0 && len <= 1000))
		return call_fail(
		    eval, node, _("the length must be from 0 to 1000"));
	out = eval_alloc(eval, (size_t)len + 1);
	if (!out)
		return -1;
	for (size_t i = 0; i < (size_t)len; i++) {
		unsigned char byte;

		do
			random_bytes(&byte, 1);
		while (byte >= 252);
		out[i] = signs[byte % 36];
	}
	*value = value_of_text(out);
	return 0;
}

/* Name, least and most arguments, flags, what it does; last a NULL row. */
const struct function functions_text[] = {
	{ "string", 0, 1, FUNCTION_SELF, call_string, NULL },
	{ "string-length", 0, 1, FUNCTION_SELF, call_string_length, NULL },
	{ "concat", 0, ARGS_ANY, FUNCTION_ALL_ROWS, call_concat, NULL },
	{ "join", 1, ARGS_ANY, FUNCTION_ALL_ROWS, call_join, NULL },
	{ "substr", 2, 3, 0, call_substr, NULL },
	{ "substring", 2, 3, 0, call_substring, NULL },
	{ "substring-before", 2, 2, 0, call_substring_before, NULL },
	{ "substring-after", 2, 2, 0, call_substring_after, NULL },
	{ "contains", 2, 2, 0, call_contains, NULL },
	{ "starts-with", 2, 2, 0, call_starts_with, NULL },
	{ "ends-with", 2, 2, 0, call_ends_with, NULL },
	{ "translate", 3, 3, 0, call_translate, NULL },
	{ "normalize-space", 0, 1, FUNCTION_SELF, call_normalize_space, NULL },
	{ "regex", 2, 2, FUNCTION_REGEX, call_regex, NULL },
	{ "uuid", 0, 1, FUNCTION_VOLATILE, call_uuid, NULL },
	{ .name = NULL },
};
