/* SPDX-License-Identifier: Apache-2.0 */
/* The report as plain text, 78 columns, for a terminal or a printer. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "report/formats.h"

enum {
	TEXT_COLUMNS = 78,
	PAIR_COLUMNS = 26,
	TITLE_COLUMNS = 40,
	BAR_COLUMNS = 12,
	RANGE_COLUMNS = 12,
	ENTRY_INDENT = 2,
	DETAIL_INDENT = 6
};

static void
add_rule(struct buf *out, char c)
{
	for (int i = 0; i < TEXT_COLUMNS; i++)
		buf_add_char(out, c);
	buf_add_char(out, '\n');
}

/* French sets a space before these; a line does not begin with them. */
static bool
starts_with_sign(const char *text)
{
	static const char *const signs[] = { "?", "!", ":", ";", "»", "·" };

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (strncmp(text, signs[i], strlen(signs[i])) == 0)
			return true;
	return false;
}

/* The bytes of `text` that go on one line of `columns`, cut at a space. */
static size_t
line_length(const char *text, size_t len, size_t columns)
{
	const size_t fits = text_fit(text, len, columns);
	size_t at = fits;

	if (fits == len)
		return len;
	while (at > 0 && (text[at] != ' ' || starts_with_sign(text + at + 1)))
		at--;
	if (at > 0)
		return at;
	return fits > 0 ? fits : len;
}

/* Adds `text`, made harmless, in lines: the first goes on from `at` columns,
 * the others stand after `indent` spaces. */
static void
add_lines(struct buf *out, const char *text, int at, int indent)
{
	struct buf shown = BUF_INIT;
	const char *rest;

	text_show(&shown, text, true);
	if (at && shown.len == 0)
		buf_add_char(out, '\n');
	for (rest = shown.data; *rest; at = 0) {
		const int column = at ? at : indent;
		const size_t len = line_length(
		    rest, strcspn(rest, "\n"), (size_t)(TEXT_COLUMNS - column));

		buf_addf(out, "%*s%.*s\n", at ? 0 : indent, "", (int)len, rest);
		rest += len;
		while (*rest == ' ' || *rest == '\n')
			rest++;
	}
	buf_release(&shown);
}

/* Adds one line of `text` in exactly `columns`. */
static void
add_cell(struct buf *out, const char *text, int columns)
{
	struct buf shown = BUF_INIT;

	text_show_cut(&shown, text, (size_t)columns);
	buf_addf(out, "%s%*s", shown.data,
	    columns - (int)text_width(shown.data, shown.len), "");
	buf_release(&shown);
}

static void
add_marking(struct buf *out, const struct front *front)
{
	struct buf line = BUF_INIT;

	if (*front->marking) {
		buf_addf(&line, _("%s: %s"), _("Handling"), front->marking);
		add_lines(out, line.data, 0, 0);
	}
	buf_release(&line);
}

static void
start(struct buf *out, const struct front *front)
{
	add_marking(out, front);
	add_rule(out, '=');
	add_lines(out, front->title, 0, 0);
	add_lines(out, front->subtitle, 0, 0);
	add_rule(out, '=');
}

static void
heading(struct buf *out, const char *title)
{
	buf_add_char(out, '\n');
	add_lines(out, title, 0, 0);
	add_rule(out, '-');
}

static void
section(struct buf *out, const char *title)
{
	buf_add_text(out, "\n# ");
	add_lines(out, title, 2, 2);
}

static void
open_block(struct buf *out, enum block block)
{
	if (block != BLOCK_SCORES)
		return;
	add_cell(out, _("Section"), TITLE_COLUMNS);
	buf_add_char(out, ' ');
	add_cell(out, _("Protection"), BAR_COLUMNS + 1 + RANGE_COLUMNS);
	buf_addf(out, " %s\n", _("Coverage"));
}

static void
pair(struct buf *out, const char *name, const char *value)
{
	add_cell(out, name, PAIR_COLUMNS - 1);
	buf_add_char(out, ' ');
	add_lines(out, value, PAIR_COLUMNS, PAIR_COLUMNS);
}

/* The figures say it; a bar of blocks would only repeat them. */
static void
progress(struct buf *out, const char *name, const char *value, int percent)
{
	(void)percent;
	pair(out, name, value);
}

static void
add_bar(struct buf *out, const struct score *score)
{
	for (int i = 0; i < BAR_COLUMNS; i++) {
		if (i * 100 < score->low * BAR_COLUMNS)
			buf_add_text(out, "█");
		else if (i * 100 < score->high * BAR_COLUMNS)
			buf_add_text(out, "▒");
		else
			buf_add_text(out, "·");
	}
}

static void
add_score(struct buf *out, const char *title, const struct score *score,
    const char *text)
{
	add_cell(out, title, TITLE_COLUMNS);
	buf_add_char(out, ' ');
	add_bar(out, score);
	buf_add_char(out, ' ');
	add_cell(out, text, RANGE_COLUMNS);
	buf_addf(out, " %d/%d\n", score->answered, score->relevant);
}

static void
entry(struct buf *out, const char *title, const char *value, enum mark mark)
{
	buf_add_text(out, mark == MARK_NONE ? "- " : "! ");
	add_lines(out, title, ENTRY_INDENT, ENTRY_INDENT);
	buf_add_text(out, "    > ");
	add_lines(out, value, DETAIL_INDENT, DETAIL_INDENT);
}

static void
detail(struct buf *out, const char *text)
{
	add_lines(out, text, 0, DETAIL_INDENT);
}

static void
entry_end(struct buf *out)
{
	(void)out;
}

static void
close_block(struct buf *out, enum block block)
{
	(void)out;
	(void)block;
}

/* Stands apart from what is above it, unless that is a heading. */
static void
paragraph(struct buf *out, const char *text)
{
	if (out->len < 2 || out->data[out->len - 2] != '-')
		buf_add_char(out, '\n');
	add_lines(out, text, 0, 0);
}

static void
end(struct buf *out, const struct front *front)
{
	buf_add_char(out, '\n');
	add_rule(out, '=');
	add_marking(out, front);
}

const struct layout text_layout = {
	.start = start,
	.heading = heading,
	.section = section,
	.open = open_block,
	.pair = pair,
	.progress = progress,
	.score = add_score,
	.entry = entry,
	.detail = detail,
	.entry_end = entry_end,
	.close = close_block,
	.paragraph = paragraph,
	.end = end,
};
