/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_GRID_H
#define TUI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"

/*
 * A screen in memory.  Views draw into a grid and term.c brings it to the
 * terminal, so that every screen can be tested without one.
 *
 * What is put passes text_show(): no control or format character reaches a
 * cell.  Whatever falls outside of the grid is not drawn.
 */

/* Styles are words, not colours: term.c says what each looks like. */
enum style {
	STYLE_PLAIN,
	STYLE_TITLE,  /* where I am */
	STYLE_DIM,    /* less important; never the only sign of anything */
	STYLE_CURSOR, /* the line that has the focus */
	STYLE_INPUT,  /* where something is typed */
	STYLE_KEY,    /* a key in the last line */
	STYLE_GOOD,   /* saved, complete */
	STYLE_URGENT, /* needs attention */
	STYLE_ERROR,  /* a message that waits for an answer */
	STYLE_COUNT
};

enum { CELL_TEXT_MAX = 28 }; /* bytes of one character with its marks */

struct cell {
	char text[CELL_TEXT_MAX]; /* "" is a space */
	uint8_t width; /* columns; 0: the right half of the one before */
	uint8_t style;
};

struct grid {
	int rows, cols;
	struct cell *cells;
	int cursor_row, cursor_col; /* the hardware cursor: on the focus */
};

struct grid *grid_new(int rows, int cols);
void grid_free(struct grid *grid); /* NULL is allowed */
void grid_clear(struct grid *grid);

struct cell *grid_at(const struct grid *grid, int row, int col);

/* Puts text from `col` on, as far as the row goes.  Returns the column after
 * it. */
int grid_put(struct grid *grid, int row, int col, enum style style,
    const char *fmt, ...) PRINTF_LIKE(5, 6);

/* The same in at most `width` columns, cut with "…".  Returns as it does. */
int grid_put_cut(struct grid *grid, int row, int col, int width,
    enum style style, const char *text);

/* So that it ends before column `end`. */
void grid_put_right(
    struct grid *grid, int row, int end, enum style style, const char *text);

/*
 * Breaks `text` at spaces into rows from `row` on, at most `rows` of them,
 * leaving out the first `skip`.  Returns how many rows the whole text needs.
 */
struct grid_box {
	int row, col, rows, cols, skip;
};

int grid_put_wrapped(struct grid *grid, const struct grid_box *box,
    enum style style, const char *text);

/* How many rows the text needs in that width. */
int grid_rows_of(const char *text, int cols);

void grid_fill(
    struct grid *grid, int row, int col, int width, char c, enum style style);
void grid_rule(struct grid *grid, int row); /* a row of "-" */

/* Gives `width` columns from `col` on another style. */
void grid_restyle(
    struct grid *grid, int row, int col, int width, enum style style);

/* "███░░" over `width` columns. */
void grid_bar(struct grid *grid, int row, int col, int width, int percent);

/* Copies the rows of `other` from `box->skip` on into the box, its cursor too
 * when `cursor` and it is among them. */
void grid_copy(struct grid *grid, const struct grid_box *box,
    const struct grid *other, bool cursor);

void grid_cursor(struct grid *grid, int row, int col);

/* Adds the text of the grid, rows ended by newlines, no spaces at their
 * ends, no empty rows at the end. */
void grid_text(const struct grid *grid, struct buf *out);

#endif
