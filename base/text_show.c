/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text on a screen: width, cuts between characters as people see them, and
 * marks in the place of what a terminal must not get.
 */
#include "base/text.h"

#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include <utf8proc.h>

/* Reads the character at `text`; a bad byte counts as one, with c = -1. */
static size_t
read_any(const char *text, size_t len, int32_t *c)
{
	const utf8proc_ssize_t size = utf8proc_iterate(
	    (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, c);

	if (size > 0)
		return (size_t)size;
	*c = -1;
	return 1;
}

static size_t
width_of(int32_t c)
{
	const int width = c > 0 ? wcwidth((wchar_t)c) : 0;

	return width > 0 ? (size_t)width : 0;
}

size_t
text_width(const char *text, size_t len)
{
	size_t width = 0;
	int32_t c;

	for (size_t at = 0; at < len;) {
		at += read_any(text + at, len - at, &c);
		width += width_of(c);
	}
	return width;
}

size_t
text_next(const char *text, size_t len, size_t at)
{
	const size_t start = at;
	utf8proc_int32_t state = 0;
	int32_t before, c;

	if (at >= len)
		return 0;
	at += read_any(text + at, len - at, &before);
	while (at < len) {
		const size_t step = read_any(text + at, len - at, &c);

		if (before < 0 || c < 0 ||
		    utf8proc_grapheme_break_stateful(before, c, &state))
			break;
		before = c;
		at += step;
	}
	return at - start;
}

size_t
text_prev(const char *text, size_t at)
{
	size_t from = 0, step = 0;

	/* What joins characters can only be known from the left; a line
	 * feed joins nothing, so that is far enough. */
	for (size_t i = at; i > 1 && from == 0; i--)
		if (text[i - 2] == '\n')
			from = i - 1;
	while (from < at) {
		step = text_next(text, at, from);
		from += step;
	}
	return step;
}

size_t
text_fit(const char *text, size_t len, size_t columns)
{
	size_t at = 0, width = 0;

	while (at < len) {
		const size_t step = text_next(text, len, at);

		width += text_width(text + at, step);
		if (width > columns)
			break;
		at += step;
	}
	return at;
}

/* Format characters that writing needs: joiners, Arabic number signs. */
static bool
is_needed(int32_t c)
{
	return c == 0x200c || c == 0x200d || (c >= 0x600 && c <= 0x605) ||
	    c == 0x6dd || c == 0x70f || c == 0x8e2;
}

static bool
is_hidden(int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CF: return !is_needed(c);
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP: return true;
	default: return false;
	}
}

static void
show_space(struct buf *out, int32_t c, bool multiline)
{
	if (c == '\n' && multiline)
		buf_add_char(out, '\n');
	else
		buf_add_char(out, ' ');
}

void
text_show(struct buf *out, const char *text, bool multiline)
{
	const size_t len = strlen(text);
	size_t at = 0, step;
	int32_t c;

	for (; at < len; at += step) {
		step = read_any(text + at, len - at, &c);
		if (c < 0)
			buf_addf(out, "<%02X>", (unsigned char)text[at]);
		else if (c == '\n' || c == '\t')
			show_space(out, c, multiline);
		else if (c < 0x20 || c == 0x7f)
			buf_addf(out, "^%c", c ^ 0x40);
		else if (is_hidden(c))
			buf_addf(out, "<U+%04X>", (unsigned)c);
		else
			buf_add(out, text + at, step);
	}
}

void
text_show_cut(struct buf *out, const char *text, size_t columns)
{
	struct buf shown = BUF_INIT;

	text_show(&shown, text, false);
	if (text_width(shown.data, shown.len) <= columns) {
		buf_add(out, shown.data, shown.len);
	} else if (columns > 0) {
		buf_add(out, shown.data,
		    text_fit(shown.data, shown.len, columns - 1));
		buf_add_text(out, "…");
	}
	buf_release(&shown);
}
