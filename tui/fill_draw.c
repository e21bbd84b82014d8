/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sections at the left; at the right the question, scrolled where it is long,
 * over what stands beside the answer.  Several questions on one screen have
 * its whole width.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tui/fill.h"
#include "tui/grid.h"
#include "tui/shown.h"
#include "tui/ui.h"

enum {
	MAP_COLS = 30,
	MAP_COLS_WIDE = 40,
	WIDE = 110,     /* columns from which the map gets more */
	MARK_COLS = 4,  /* "(x) " */
	NUMBER_COLS = 6 /* "> 1  " */
};

/* ---- the question, on a grid of its own as long as it needs ---- */

void
pen_put(struct pen *pen, int col, enum style style, const char *text)
{
	const struct grid_box box = { .row = pen->row,
		.col = col,
		.rows = 10000,
		.cols = pen->cols - col };

	pen->row += grid_put_wrapped(pen->grid, &box, style, text);
}

void
pen_focus(struct pen *pen, int row, int col)
{
	pen->focus_row = row;
	if (pen->grid)
		grid_cursor(pen->grid, row, col);
}

static void
draw_label(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	struct buf text = BUF_INIT;

	fill_add_text(fill, fill->place, STATE_LABEL, &text);
	if (text.len == 0)
		buf_add_text(&text, fill_item(fill)->name);
	if (item_is_question(fill_item(fill)) &&
	    state_is_required(fill_state(fill), fill->place))
		buf_addf(&text, "  (%s)", _("required"));
	pen_put(pen, 0, STYLE_TITLE, text.data);
	buf_clear(&text);
	fill_add_text(fill, fill->place, STATE_HINT, &text);
	if (text.len > 0) {
		pen->row++;
		pen_put(pen, 0, STYLE_PLAIN, text.data);
	}
	buf_release(&text);
	pen->row++;
}

static void
draw_one_choice(struct pen *pen, const struct choice *choice, int index)
{
	const struct fill *fill = pen->fill;
	const bool focus = fill->focus == FILL_ANSWER && fill->choice == index;
	const bool chosen = fill_is_chosen(fill, choice);
	const bool one = fill_item(fill)->type == ITEM_SELECT_ONE;
	const int row = pen->row;
	struct buf text = BUF_INIT;

	fill_add_choice(fill, choice, &text);
	if (choice->asks_reason)
		buf_addf(&text, "  (%s)", _("asks why"));
	if (chosen)
		buf_addf(&text, "  %s", _("chosen"));
	pen_put(pen, NUMBER_COLS + MARK_COLS, chosen ? STYLE_KEY : STYLE_PLAIN,
	    text.data);
	if (pen->grid) {
		if (index < 10)
			grid_put(pen->grid, row, 2, STYLE_KEY, "%d",
			    (index + 1) % 10);
		grid_put(pen->grid, row, NUMBER_COLS, STYLE_PLAIN,
		    one ? "(%c)" : "[%c]", chosen ? 'x' : ' ');
		if (focus)
			grid_put(pen->grid, row, 0, STYLE_KEY, ">");
	}
	if (focus)
		pen_focus(pen, row, 0);
	buf_release(&text);
}

static void
draw_choices(struct pen *pen)
{
	const struct choice *choice;
	const int first = pen->row;

	for (int i = 0; (choice = fill_choice(pen->fill, i)); i++)
		draw_one_choice(pen, choice, i);
	if (pen->fill->focus == FILL_ANSWER && pen->fill->choice < 0)
		pen_focus(pen, first, 2);
}

static void
draw_typed(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	const int rows =
	    fill->answer.kind == LINE_MULTILINE ? FILL_TEXT_ROWS : 1;
	const struct grid_box box = {
		.row = pen->row, .col = 2, .rows = rows, .cols = pen->cols - 3
	};

	struct line line = fill->answer; /* borrows its text */

	if (item_looks(fill_item(fill), "masked"))
		line.kind = LINE_SECRET;
	if (pen->grid) {
		grid_put(pen->grid, pen->row, 0, STYLE_KEY, ">");
		line_draw(&line, pen->grid, &box, fill->focus == FILL_ANSWER,
		    line.kind != LINE_SECRET);
	}
	if (fill->focus == FILL_ANSWER)
		pen->focus_row = pen->row;
	pen->row += rows;
}

static void
draw_acknowledge(struct pen *pen)
{
	const bool done =
	    state_value(fill_state(pen->fill), pen->fill->place)[0] != '\0';

	if (pen->grid)
		grid_put(pen->grid, pen->row, 0, STYLE_PLAIN, "> 1   [%c] %s",
		    done ? 'x' : ' ', _("I confirm"));
	if (pen->fill->focus == FILL_ANSWER)
		pen_focus(pen, pen->row, 0);
	pen->row++;
}

static void
draw_value(struct pen *pen)
{
	struct buf text = BUF_INIT;

	state_add_shown(fill_state(pen->fill), pen->fill->place,
	    fill_lang(pen->fill), &text);
	if (text.len > 0)
		pen_put(pen, 2, STYLE_KEY, text.data);
	if (pen->fill->focus == FILL_ANSWER)
		pen_focus(pen, 0, 0);
	buf_release(&text);
}

static void
draw_rank(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	const struct choice_list *list = fill_item(fill)->list;
	size_t count;
	int *order = fill_rank_order(fill, &count);
	const bool ranked = state_value(fill_state(fill), fill->place)[0] != 0;
	const bool focus = fill->focus == FILL_ANSWER;

	for (size_t i = 0; i < count; i++) {
		const struct choice *choice = &list->choices[order[i]];
		const bool here = focus && fill->choice == (int)i;
		const int row = pen->row;

		pen_put(pen, NUMBER_COLS,
		    here && fill->held ? STYLE_KEY
			: ranked       ? STYLE_PLAIN
				       : STYLE_DIM,
		    choice->label ? form_text(fill->form, choice->label,
					fill_lang(fill), NULL)
				  : choice->name);
		if (pen->grid)
			grid_put(pen->grid, row, 0, STYLE_KEY, "%c%3zu.",
			    here ? (fill->held ? '*' : '>') : ' ', i + 1);
		if (here || (focus && fill->choice < 0 && i == 0))
			pen_focus(pen, row, 0);
	}
	free(order);
	if (focus)
		pen_put(pen, 2, STYLE_DIM,
		    fill->held ? _("Up and down move it; Space lets go")
			: ranked
			? _("A digit or Space takes one up, to move it")
			: _("Enter: this order; a digit or Space takes one "
			    "up, to move it"));
}

/* "1 [=====|....] 10": where the number stands between the ends. */
static void
draw_scale(struct pen *pen)
{
	enum { COLS = 20 };
	const struct item *item = fill_item(pen->fill);
	struct buf ends = BUF_INIT;
	double low, high, at;
	char bar[COLS + 1], *end;
	int full;

	low = (double)item->range->start / RANGE_UNIT;
	high = (double)item->range->end / RANGE_UNIT;
	at = strtod(pen->fill->answer.text, &end);
	full = pen->fill->answer.len == 0 || *end
	    ? -1
	    : (int)((at - low) / (high - low) * (COLS - 1) + 0.5);
	for (int i = 0; i < COLS; i++)
		bar[i] = full < 0 || i > full ? '.' : i == full ? '|' : '=';
	bar[COLS] = '\0';
	buf_addf(&ends, "%.6g [%s] %.6g   (%s %.6g)", low, bar, high, _("step"),
	    (double)item->range->step / RANGE_UNIT);
	pen_put(pen, 2, STYLE_PLAIN, ends.data);
	buf_release(&ends);
}

/* How to write it, while nothing is written. */
static const char *
expected(const struct fill *fill)
{
	if (item_takes_file(fill_item(fill)) && !fill_is_locked(fill) &&
	    !state_value(fill_state(fill), fill->place)[0])
		return _("a file: F4 (or e) attaches it");
	if (!fill_is_typed(fill) || fill->answer.len > 0)
		return NULL;
	switch (fill_item(fill)->type) {
	case ITEM_DATE:
		return _(
		    "a date, such as 23/11/2026; t: today, + and -: on and "
		    "back");
	case ITEM_TIME: return _("a time, such as 14:32");
	case ITEM_DATETIME:
		return _("a date and a time, such as 23/11/2026 14:32");
	case ITEM_RANGE: return _("a number of the scale; Left and Right too");
	case ITEM_BARCODE: return _("the code, typed or from a scanner");
	case ITEM_GEOPOINT:
		return _("latitude and longitude, such as 48.8566 2.3522; ^G: "
			 "from the GPS");
	case ITEM_GEOTRACE:
	case ITEM_GEOSHAPE:
		return _("positions such as 48.8566 2.3522, one a line "
			 "(Alt-Enter)");
	case ITEM_INTEGER: return _("a whole number");
	case ITEM_DECIMAL: return _("a number");
	default: return NULL;
	}
}

static void
draw_refusal(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	struct buf text = BUF_INIT;

	if (fill->why)
		buf_add_text(&text, fill->why);
	else if (!fill->answer.changed &&
	    !state_is_valid(fill_state(fill), fill->place))
		state_why_invalid(
		    fill_state(fill), fill->place, fill_lang(fill), &text);
	if (text.len > 0) {
		pen_put(pen, 2, STYLE_URGENT, text.data);
		if (fill->why)
			pen_put(pen, 2, STYLE_PLAIN,
			    _("Correct it, or Esc: back to the saved value"));
	} else if (expected(fill))
		pen_put(pen, 2, STYLE_DIM, expected(fill));
	buf_clear(&text);
	if (inspection_conflict_at(fill->inspection, fill->place)) {
		buf_add_text(&text,
		    _("Answers differ here; the screen of differing answers "
		      "settles it (d)"));
		pen_put(pen, 2, STYLE_URGENT, text.data);
	}
	buf_release(&text);
}

static void
draw_row(struct pen *pen, int row, int index)
{
	const struct fill *fill = pen->fill;
	const struct state_counts counts =
	    state_row_progress(fill_state(fill), row);
	struct buf text = BUF_INIT, right = BUF_INIT;

	if (counts.invalid > 0)
		buf_add_text(&right, "!");
	else if (counts.answered == counts.relevant)
		buf_add_text(&right, _("ok"));
	else
		buf_addf(&right, "%d/%d", counts.answered, counts.relevant);
	fill_add_caption(fill, row, &text);
	grid_put(pen->grid, pen->row, 2, STYLE_KEY, "%d", index + 1);
	grid_put_cut(pen->grid, pen->row, NUMBER_COLS,
	    pen->cols - NUMBER_COLS - (int)right.len - 2, STYLE_PLAIN,
	    text.len > 0 ? text.data : "-");
	grid_put_right(
	    pen->grid, pen->row, pen->cols - 1, STYLE_PLAIN, right.data);
	buf_release(&text);
	buf_release(&right);
}

/* What can be done with all of them stands under them. */
static void
draw_rows(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	const int lines = fill_row_lines(fill);
	size_t count;
	const int *rows = state_rows(fill_state(fill), fill->place, &count);

	for (int i = 0; i < lines; i++) {
		const enum fill_row_line what = fill_row_line(fill, i);
		const bool here =
		    fill->focus == FILL_ANSWER && fill->rows.cursor == i;

		if (pen->grid && what == FILL_ROW)
			draw_row(pen, rows[i], i);
		else if (pen->grid)
			grid_put(pen->grid, pen->row, 2, STYLE_PLAIN, "%s",
			    what == FILL_ROW_ADD ? _("+   add one")
						 : _("    go on"));
		if (pen->grid && here) {
			grid_put(pen->grid, pen->row, 0, STYLE_KEY, ">");
			grid_restyle(
			    pen->grid, pen->row, 0, pen->cols, STYLE_CURSOR);
		}
		if (here)
			pen_focus(pen, pen->row, 0);
		pen->row++;
	}
	if (count > 0 &&
	    !state_rows_are_counted(fill_state(fill), fill->place)) {
		pen->row++;
		pen_put(pen, 2, STYLE_DIM,
		    _("+ adds one, x takes the selected one away"));
	}
}

void
fill_draw_question(struct pen *pen)
{
	draw_label(pen);
	if (fill_is_repeat(pen->fill)) {
		draw_rows(pen);
		return;
	}
	if (fill_is_typed(pen->fill)) {
		draw_typed(pen);
		if (fill_item(pen->fill)->range)
			draw_scale(pen);
	} else if (fill_is_rank(pen->fill))
		draw_rank(pen);
	else if (fill_is_sought(pen->fill))
		fill_draw_sought(pen);
	else if (fill_is_inline(pen->fill))
		fill_draw_inline(pen);
	else if (fill_is_choice(pen->fill))
		draw_choices(pen);
	else if (fill_item(pen->fill)->type == ITEM_ACKNOWLEDGE)
		draw_acknowledge(pen);
	else
		draw_value(pen);
	draw_refusal(pen);
}

/* Draws the question in the box, scrolled so that the focus shows. */
static void
draw_scrolled(const struct fill *fill, struct grid *grid, struct grid_box box)
{
	struct pen pen = { .fill = fill, .cols = box.cols, .focus_row = -1 };
	int height;

	fill_draw_page(&pen);
	height = pen.row;
	pen.grid = grid_new(height, box.cols);
	pen.row = 0;
	fill_draw_page(&pen);
	if (pen.focus_row >= box.rows)
		box.skip = pen.focus_row - box.rows + 1;
	box.skip += fill->scroll;
	if (box.skip > height - box.rows)
		box.skip = height - box.rows;
	if (box.skip < 0)
		box.skip = 0;
	grid_copy(grid, &box, pen.grid, pen.focus_row >= 0);
	if (box.skip > 0)
		grid_put(grid, box.row, box.col + box.cols, STYLE_KEY, "^");
	if (box.skip + box.rows < height)
		grid_put(grid, box.row + box.rows - 1, box.col + box.cols,
		    STYLE_KEY, "v");
	grid_free(pen.grid);
}

void
fill_draw(const struct view *view, struct grid *grid)
{
	const struct fill *fill = (const struct fill *)view;
	const bool alone = fill->focus == FILL_MAP || !fill_is_on_page(fill);
	const int map = !alone   ? -1
	    : grid->cols >= WIDE ? MAP_COLS_WIDE
				 : MAP_COLS;
	const int bottom = grid->rows - VIEW_FOOT;
	const struct grid_box question = { .row = VIEW_TOP,
		.col = map + 2,
		.rows = bottom - VIEW_TOP - FILL_BESIDE_ROWS,
		.cols = grid->cols - map - 3 };
	const struct grid_box beside = { .row = bottom - FILL_BESIDE_ROWS + 1,
		.col = map + 2,
		.rows = FILL_BESIDE_ROWS,
		.cols = question.cols };

	if (alone)
		fill_draw_map(fill, grid, map);
	if (fill->place < 0) {
		grid_put(grid, VIEW_TOP, map + 2, STYLE_PLAIN, "%s",
		    _("No question applies"));
		return;
	}
	draw_scrolled(fill, grid, question);
	fill_draw_beside(fill, grid, &beside);
	if (fill->focus == FILL_MAP)
		fill_draw_map(
		    fill, grid, map); /* its cursor is the last word */
}
