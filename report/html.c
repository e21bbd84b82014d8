/* SPDX-License-Identifier: Apache-2.0 */
#include "report/html.h"

#include <string.h>

enum { BAR_WIDTH = 200, BAR_HEIGHT = 12 };

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
add_escaped(struct buf *out, const char *text, const char *newline)
{
	for (; *text; text++) {
		const char *escaped = *text == '\n' ? newline : entity(*text);

		if (escaped)
			buf_add_text(out, escaped);
		else
			buf_add_char(out, *text);
	}
}

void
html_add_text(struct buf *out, const char *text)
{
	add_escaped(out, text, "<br>");
}

void
html_add_attribute(struct buf *out, const char *text)
{
	add_escaped(out, text, " ");
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
