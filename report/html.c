/* SPDX-License-Identifier: Apache-2.0 */
#include "report/html.h"

#include <string.h>

#include "base/text.h"

enum { BAR_WIDTH = 200, BAR_HEIGHT = 12 };

/* What stands for itself in a string of CSS; all else of ASCII is escaped. */
static const char css_plain[] = "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,.:-";

/* French sets a space before these: it must not be the end of a line. */
static bool
keeps_space(const char *text)
{
	return *text && strchr("?!:;", *text);
}

/* What stands for a character of markup; NULL for one that is as it is. */
static const char *
entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

static void
add_escaped(
    struct buf *out, const char *text, const char *newline, bool multiline)
{
	struct buf shown = BUF_INIT;

	text_show(&shown, text, multiline);
	for (const char *at = shown.data; *at; at++) {
		const char *escaped = *at == '\n' ? newline : entity(*at);

		if (multiline && *at == ' ' && keeps_space(at + 1))
			escaped = "&nbsp;";
		if (escaped)
			buf_add_text(out, escaped);
		else
			buf_add_char(out, *at);
	}
	buf_release(&shown);
}

void
html_add_text(struct buf *out, const char *text)
{
	add_escaped(out, text, "<br>", true);
}

void
html_add_attribute(struct buf *out, const char *text)
{
	add_escaped(out, text, " ", false);
}

void
html_add_css_string(struct buf *out, const char *text)
{
	struct buf shown = BUF_INIT;

	text_show(&shown, text, false);
	buf_add_char(out, '"');
	for (const char *at = shown.data; *at; at++) {
		const unsigned char c = (unsigned char)*at;

		/* "<" too: "</style>" ends a style sheet even in a string. */
		if (c < 0x80 && !strchr(css_plain, c))
			buf_addf(out, "\\%x ", c);
		else
			buf_add_char(out, *at);
	}
	buf_add_char(out, '"');
	buf_release(&shown);
}

void
html_add_element(struct buf *out, const char *tag, const char *text)
{
	const size_t name = strcspn(tag, " ");

	buf_addf(out, "<%s>", tag);
	html_add_text(out, text);
	buf_addf(out, "</%.*s>\n", (int)name, tag);
}

void
html_add_bar(struct buf *out, int low, int high, const char *label)
{
	buf_addf(out,
	    "<svg role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d "
	    "%d\" aria-label=\"",
	    BAR_WIDTH, BAR_HEIGHT, BAR_WIDTH, BAR_HEIGHT);
	html_add_attribute(out, label);
	buf_addf(out,
	    "\"><rect class=\"rest\" width=\"%d\" height=\"%d\"/>"
	    "<rect class=\"high\" width=\"%d\" height=\"%d\"/>"
	    "<rect class=\"low\" width=\"%d\" height=\"%d\"/></svg>",
	    BAR_WIDTH, BAR_HEIGHT, high * BAR_WIDTH / 100, BAR_HEIGHT,
	    low * BAR_WIDTH / 100, BAR_HEIGHT);
}
