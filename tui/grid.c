/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

struct grid *
grid_new(int rows, int cols)
{
	struct grid *grid = xcalloc(1, sizeof(*grid));

	grid->rows = rows > 0 ? rows : 1;
	grid->cols = cols > 0 ? cols : 1;
	grid->cells = xcalloc(
	    (size_t)grid->rows * (size_t)grid->cols, sizeof(*grid->cells));
	grid_clear(grid);
	return grid;
}

void
grid_free(struct grid *grid)
{
	if (!grid)
		return;
	free(grid->cells);
	free(grid);
}

struct cell *
grid_at(const struct grid *grid, int row, int col)
{
	if (row < 0 || row >= grid->rows || col < 0 || col >= grid->cols)
		return NULL;
	return &grid->cells[(size_t)row * (size_t)grid->cols + (size_t)col];
}

static void
set_cell(struct grid *grid, int row, int col, const char *text, int width,
    enum style style)
{
	struct cell *cell = grid_at(grid, row, col);

	if (!cell)
		return;
	snprintf(cell->text, sizeof(cell->text), "%s",
	    strcmp(text, " ") == 0 ? "" : text);
	cell->width = (uint8_t)width;
	cell->style = (uint8_t)style;
}

void
grid_clear(struct grid *grid)
{
	for (int row = 0; row < grid->rows; row++)
		for (int col = 0; col < grid->cols; col++)
			set_cell(grid, row, col, "", 1, STYLE_PLAIN);
	grid_cursor(grid, grid->rows - 1, 0);
}

/* Puts text that passed text_show(), from column `col` to before `end`. */
static int
put_shown(struct grid *grid, int row, int col, int end, enum style style,
    const char *text)
{
	const size_t len = strlen(text);

	if (end > grid->cols)
		end = grid->cols;
	for (size_t at = 0, next; at < len; at = next) {
		const size_t step = text_next(text, len, at);
		char one[CELL_TEXT_MAX] = "";
		int width;

		next = at + (step ? step : 1);
		if (next - at < sizeof(one))
			memcpy(one, text + at, next - at);
		else
			snprintf(one, sizeof(one), "?");
		width = (int)text_width(one, strlen(one));
		if (width == 0)
			continue;
		if (col + width > end)
			break;
		set_cell(grid, row, col, one, width, style);
		for (int i = 1; i < width; i++)
			set_cell(grid, row, col + i, "", 0, style);
		col += width;
	}
	return col;
}

int
grid_put(
    struct grid *grid, int row, int col, enum style style, const char *fmt, ...)
{
	struct buf shown = BUF_INIT;
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		mem_exhausted();
	va_end(args);
	text_show(&shown, text, false);
	col = put_shown(grid, row, col, grid->cols, style, shown.data);
	buf_release(&shown);
	free(text);
	return col;
}

int
grid_put_cut(struct grid *grid, int row, int col, int width, enum style style,
    const char *text)
{
	struct buf shown = BUF_INIT;

	if (width <= 0)
		return col;
	text_show_cut(&shown, text, (size_t)width);
	col = put_shown(grid, row, col, col + width, style, shown.data);
	buf_release(&shown);
	return col;
}

void
grid_put_right(
    struct grid *grid, int row, int end, enum style style, const char *text)
{
	struct buf shown = BUF_INIT;
	int col;

	text_show(&shown, text, false);
	col = end - (int)text_width(shown.data, shown.len);
	put_shown(grid, row, col > 0 ? col : 0, end, style, shown.data);
	buf_release(&shown);
}

/* A row may end at this space: French has one inside its quotation marks and
 * before ? : ! ; and no row begins with those. */
static bool
breaks_at(const char *text, size_t at)
{
	static const char open[] = "\xc2\xab", close[] = "\xc2\xbb";
	const char *next = text + at + 1;

	if (text[at] != ' ')
		return false;
	if (at >= 2 && memcmp(text + at - 2, open, 2) == 0)
		return false;
	if (strncmp(next, close, 2) == 0)
		return false;
	return !(*next && strchr("?:!;", *next) &&
	    (next[1] == '\0' || strchr(" \n.,)", next[1])));
}

/* Bytes of the next row of `text` that fit in `cols`; `*next` is where the
 * row after it starts. */
static size_t
row_of(const char *text, size_t cols, size_t *next)
{
	const char *newline = strchr(text, '\n');
	const size_t len = newline ? (size_t)(newline - text) : strlen(text);
	size_t fit = text_fit(text, len, cols), space;

	if (fit == len) {
		*next = len + (newline ? 1 : 0);
		return len;
	}
	if (fit == 0) {
		fit = text_next(text, len, 0);
		*next = fit;
		return fit;
	}
	for (space = fit; space > 0 && !breaks_at(text, space); space--)
		;
	*next = space > 0 ? space + 1 : fit;
	return space > 0 ? space : fit;
}

int
grid_put_wrapped(struct grid *grid, const struct grid_box *box,
    enum style style, const char *text)
{
	struct buf shown = BUF_INIT;
	const size_t cols = box->cols > 0 ? (size_t)box->cols : 1;
	int rows = 0;
	size_t at = 0;

	text_show(&shown, text, true);
	while (at < shown.len) {
		size_t next = 0;
		const size_t len = row_of(shown.data + at, cols, &next);
		const int row = rows - box->skip;

		if (grid && row >= 0 && row < box->rows) {
			char *line = xstrndup(shown.data + at, len);

			put_shown(grid, box->row + row, box->col,
			    box->col + box->cols, style, line);
			free(line);
		}
		rows++;
		at += next;
	}
	buf_release(&shown);
	return rows;
}

int
grid_rows_of(const char *text, int cols)
{
	const struct grid_box box = { .cols = cols };

	return grid_put_wrapped(NULL, &box, STYLE_PLAIN, text);
}

void
grid_fill(
    struct grid *grid, int row, int col, int width, char c, enum style style)
{
	const char text[2] = { c == ' ' ? '\0' : c, '\0' };

	for (int i = 0; i < width; i++)
		set_cell(grid, row, col + i, text, 1, style);
}

void
grid_rule(struct grid *grid, int row)
{
	grid_fill(grid, row, 0, grid->cols, '-', STYLE_DIM);
}

void
grid_restyle(struct grid *grid, int row, int col, int width, enum style style)
{
	for (int i = 0; i < width; i++) {
		struct cell *cell = grid_at(grid, row, col + i);

		if (cell)
			cell->style = (uint8_t)style;
	}
}

void
grid_bar(struct grid *grid, int row, int col, int width, int percent)
{
	const int full = width * percent / 100;

	for (int i = 0; i < width; i++)
		set_cell(
		    grid, row, col + i, i < full ? "█" : "░", 1, STYLE_PLAIN);
}

void
grid_copy(struct grid *grid, const struct grid_box *box,
    const struct grid *other, bool cursor)
{
	for (int i = 0; i < box->rows && i + box->skip < other->rows; i++)
		for (int j = 0; j < box->cols && j < other->cols; j++) {
			struct cell *to =
			    grid_at(grid, box->row + i, box->col + j);

			if (to)
				*to = *grid_at(other, box->skip + i, j);
		}
	if (cursor && other->cursor_row >= box->skip &&
	    other->cursor_row < box->skip + box->rows)
		grid_cursor(grid, box->row + other->cursor_row - box->skip,
		    box->col + other->cursor_col);
}

void
grid_cursor(struct grid *grid, int row, int col)
{
	grid->cursor_row = row < grid->rows ? row : grid->rows - 1;
	grid->cursor_col = col < grid->cols ? col : grid->cols - 1;
	if (grid->cursor_row < 0)
		grid->cursor_row = 0;
	if (grid->cursor_col < 0)
		grid->cursor_col = 0;
}

static int
last_used(const struct grid *grid, int row)
{
	int last = grid->cols;

	while (last > 0 && !grid_at(grid, row, last - 1)->text[0] &&
	    grid_at(grid, row, last - 1)->width)
		last--;
	return last;
}

void
grid_text(const struct grid *grid, struct buf *out)
{
	int rows = grid->rows;

	while (rows > 0 && last_used(grid, rows - 1) == 0)
		rows--;
	for (int row = 0; row < rows; row++) {
		const int last = last_used(grid, row);

		for (int col = 0; col < last; col++) {
			const struct cell *cell = grid_at(grid, row, col);

			if (cell->width)
				buf_add_text(
				    out, cell->text[0] ? cell->text : " ");
		}
		buf_add_char(out, '\n');
	}
}
