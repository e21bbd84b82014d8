/* SPDX-License-Identifier: Apache-2.0 */
#include "report/csv.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

static bool
is_number(const char *text)
{
	text += *text == '-';
	if (!*text || strspn(text, "0123456789.") != strlen(text))
		return false;
	return strchr(text, '.') == strrchr(text, '.');
}

/* Spreadsheets skip spaces, and some take the wide forms as the plain ones. */
static bool
is_formula(const char *text)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };

	if (is_number(text))
		return false;
	text += strspn(text, " \n");
	for (size_t i = 0; i < ARRAY_LEN(wide); i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	return *text && strchr("=+-@|", *text);
}

void
csv_add_cell(struct buf *out, const char *text, bool first)
{
	struct buf shown = BUF_INIT;

	text_show(&shown, text, true);
	buf_add_text(out, first ? "\"" : ",\"");
	if (is_formula(shown.data))
		buf_add_char(out, '\'');
	for (const char *at = shown.data; *at; at++) {
		if (*at == '"')
			buf_add_char(out, '"');
		buf_add_char(out, *at);
	}
	buf_add_char(out, '"');
	buf_release(&shown);
}
