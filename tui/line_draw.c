/* SPDX-License-Identifier: Apache-2.0 */
/* Text that is being typed, on a grid. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/line.h"

static size_t
after(const struct line *line, size_t at)
{
	return at + text_next(line->text, line->len, at);
}

static void
draw_stars(const struct line *line, struct grid *grid,
    const struct grid_box *box, bool focus)
{
	int count = 0;

	for (size_t at = 0; at < line->len; at = after(line, at))
		count++;
	if (count > box->cols - 1)
		count = box->cols - 1;
	grid_fill(grid, box->row, box->col, box->cols, ' ', STYLE_INPUT);
	grid_fill(grid, box->row, box->col, count, '*', STYLE_INPUT);
	if (focus)
		grid_cursor(grid, box->row, box->col + count);
}

/* One row of text, from `start` on so that the cursor stands inside. */
static void
draw_row(const struct line *line, struct grid *grid, const struct grid_box *box,
    bool focus)
{
	size_t start = 0;
	struct buf part = BUF_INIT;
	const size_t cols = box->cols > 1 ? (size_t)box->cols - 1 : 1;

	while (start < line->at &&
	    text_width(line->text + start, line->at - start) > cols)
		start = after(line, start);
	grid_fill(grid, box->row, box->col, box->cols, ' ', STYLE_INPUT);
	buf_add(&part, line->text + start,
	    text_fit(line->text + start, line->len - start, (size_t)box->cols));
	grid_put(grid, box->row, box->col, STYLE_INPUT, "%s", part.data);
	buf_wipe_release(&part);
	if (focus)
		grid_cursor(grid, box->row,
		    box->col +
			(int)text_width(line->text + start, line->at - start));
}

/* A row of a text of several: `len` bytes from `at`; `next` starts the one
 * after it, past the end of the text when there is none. */
struct row {
	size_t at, len, next;
};

/* Rows are broken by width alone, so that the cursor's place is plain. */
static struct row
row_at(const struct line *line, size_t at, size_t cols)
{
	const size_t left = strcspn(line->text + at, "\n");
	const size_t fit = text_fit(line->text + at, left, cols);
	const size_t len = fit > 0 || left == 0 ? fit : left;

	return (struct row){ at, len, at + len + (len == left ? 1 : 0) };
}

/* The cursor is in the row, or behind its last character. */
static bool
has_cursor(const struct line *line, const struct row *row)
{
	return line->at >= row->at && line->at < row->next;
}

static int
cursor_row(const struct line *line, size_t cols)
{
	struct row row = row_at(line, 0, cols);
	int number = 0;

	for (; !has_cursor(line, &row) && row.next <= line->len; number++)
		row = row_at(line, row.next, cols);
	return number;
}

static void
draw_one_row(const struct line *line, struct grid *grid,
    const struct grid_box *box, const struct row *row)
{
	char *text = xstrndup(line->text + row->at, row->len);

	grid_fill(grid, box->row, box->col, box->cols, ' ', STYLE_INPUT);
	grid_put(grid, box->row, box->col, STYLE_INPUT, "%s", text);
	free(text);
}

static void
draw_rows(
    const struct line *line, struct grid *grid, struct grid_box box, bool focus)
{
	const size_t cols = box.cols > 1 ? (size_t)box.cols - 1 : 1;
	const int cursor = cursor_row(line, cols);
	const int skip = cursor >= box.rows ? cursor - box.rows + 1 : 0;
	const int end = box.row + box.rows;
	struct row row = { 0 };

	for (int number = 0; row.next <= line->len && box.row < end; number++) {
		row = row_at(line, row.next, cols);
		if (number < skip)
			continue;
		draw_one_row(line, grid, &box, &row);
		if (focus && number == cursor)
			grid_cursor(grid, box.row,
			    box.col +
				(int)text_width(
				    line->text + row.at, line->at - row.at));
		box.row++;
	}
}

void
line_draw(const struct line *line, struct grid *grid,
    const struct grid_box *box, bool focus, bool shown)
{
	if (box->cols < 1 || box->rows < 1)
		return;
	if (line->kind == LINE_SECRET && !shown)
		draw_stars(line, grid, box, focus);
	else if (line->kind == LINE_MULTILINE && box->rows > 1)
		draw_rows(line, grid, *box, focus);
	else
		draw_row(line, grid, box, focus);
}
