/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sections at the left; at the right the question, scrolled where it is long,
 * over what stands beside the answer.
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
	WIDE = 110,      /* columns from which the map gets more */
	EXTRA_ROWS = 7,  /* what stands beside the answer, and the last row */
	LABEL_COLS = 11, /* "Source", "Note" */
	TEXT_ROWS = 3,   /* of a text that is typed */
	MARK_COLS = 4,   /* "(x) " */
	NUMBER_COLS = 6  /* "> 1  " */
};

/* ---- sections ---- */

static void
section_name(
    const struct fill *fill, const struct section *section, struct buf *out)
{
	if (section->group && section->group->label)
		state_add_text(fill_state(fill), section->group->index,
		    STATE_LABEL, fill_lang(fill), out);
	else if (section->group)
		buf_add_text(out, section->group->name);
	else
		buf_add_text(out, _("General"));
}

static void
draw_section(
    const struct fill *fill, struct grid *grid, int row, int index, int cols)
{
	size_t count = 0;
	const struct section *section =
	    &form_sections(fill->form, &count)[index];
	const struct progress progress =
	    state_progress(fill_state(fill), section->first, section->end);
	struct buf name = BUF_INIT, right = BUF_INIT;
	const bool here = index == fill_section_of(fill, fill->item);

	section_name(fill, section, &name);
	if (progress.relevant == 0)
		buf_add_text(&right, "-");
	else if (progress.invalid > 0)
		buf_add_text(&right, "!");
	else if (progress.answered == progress.relevant)
		buf_add_text(&right, _("ok"));
	else
		buf_addf(&right, "%d/%d", progress.answered, progress.relevant);
	grid_put_cut(grid, row, 2, cols - 4 - (int)right.len,
	    here ? STYLE_KEY : STYLE_PLAIN, name.data);
	grid_put_right(grid, row, cols - 1, STYLE_PLAIN, right.data);
	if (fill->focus == FILL_MAP && index == fill->map.cursor) {
		grid_put(grid, row, 0, STYLE_KEY, ">");
		grid_restyle(grid, row, 0, cols, STYLE_CURSOR);
		grid_cursor(grid, row, 0);
	} else if (here && fill->focus != FILL_MAP) {
		grid_put(grid, row, 0, STYLE_KEY, ">");
	}
	buf_release(&name);
	buf_release(&right);
}

static void
draw_map(const struct fill *fill, struct grid *grid, int cols)
{
	const int rows = grid->rows - VIEW_FOOT - VIEW_TOP;
	size_t count = 0;
	struct list list = fill->map;

	form_sections(fill->form, &count);
	list.count = (int)count;
	const int top = list_top(&list, rows);

	for (int i = 0; i < rows; i++) {
		if (top + i < list.count)
			draw_section(fill, grid, VIEW_TOP + i, top + i, cols);
		grid_put(grid, VIEW_TOP + i, cols, STYLE_DIM, "|");
	}
	grid_put(grid, VIEW_TOP - 1, cols, STYLE_DIM, "+");
	grid_put(grid, grid->rows - VIEW_FOOT, cols, STYLE_DIM, "+");
}

/* ---- the question, on a grid of its own as long as it needs ---- */

struct pen {
	const struct fill *fill;
	struct grid *grid; /* NULL: only counts the rows */
	int row, cols;
	int focus_row; /* where the focus came to stand; -1 */
};

static void
put(struct pen *pen, int col, enum style style, const char *text)
{
	const struct grid_box box = { .row = pen->row,
		.col = col,
		.rows = 10000,
		.cols = pen->cols - col };

	pen->row += grid_put_wrapped(pen->grid, &box, style, text);
}

static void
focus_here(struct pen *pen, int row, int col)
{
	pen->focus_row = row;
	if (pen->grid)
		grid_cursor(pen->grid, row, col);
}

static void
draw_label(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	const size_t lang = fill_lang(fill);
	struct buf text = BUF_INIT;

	state_add_text(fill_state(fill), fill->item, STATE_LABEL, lang, &text);
	if (text.len == 0)
		buf_add_text(&text, fill_item(fill)->name);
	if (item_is_question(fill_item(fill)) &&
	    state_is_required(fill_state(fill), fill->item))
		buf_addf(&text, "  (%s)", _("required"));
	put(pen, 0, STYLE_TITLE, text.data);
	buf_clear(&text);
	state_add_text(fill_state(fill), fill->item, STATE_HINT, lang, &text);
	if (text.len > 0) {
		pen->row++;
		put(pen, 0, STYLE_PLAIN, text.data);
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

	buf_add_text(&text,
	    choice->label
		? form_text(fill->form, choice->label, fill_lang(fill), NULL)
		: choice->name);
	if (choice->asks_reason)
		buf_addf(&text, "  (%s)", _("asks why"));
	if (chosen)
		buf_addf(&text, "  %s", _("chosen"));
	put(pen, NUMBER_COLS + MARK_COLS, chosen ? STYLE_KEY : STYLE_PLAIN,
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
		focus_here(pen, row, 0);
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
		focus_here(pen, first, 2);
}

static void
draw_typed(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	const int rows = fill_item(fill)->type == ITEM_TEXT &&
		fill->answer.kind == LINE_MULTILINE
	    ? TEXT_ROWS
	    : 1;
	const struct grid_box box = {
		.row = pen->row, .col = 2, .rows = rows, .cols = pen->cols - 3
	};

	if (pen->grid) {
		grid_put(pen->grid, pen->row, 0, STYLE_KEY, ">");
		line_draw(&fill->answer, pen->grid, &box,
		    fill->focus == FILL_ANSWER, true);
	}
	if (fill->focus == FILL_ANSWER)
		pen->focus_row = pen->row;
	pen->row += rows;
}

static void
draw_acknowledge(struct pen *pen)
{
	const bool done =
	    state_value(fill_state(pen->fill), pen->fill->item)[0] != '\0';

	if (pen->grid)
		grid_put(pen->grid, pen->row, 0, STYLE_PLAIN, "> 1   [%c] %s",
		    done ? 'x' : ' ', _("I confirm"));
	if (pen->fill->focus == FILL_ANSWER)
		focus_here(pen, pen->row, 0);
	pen->row++;
}

static void
draw_value(struct pen *pen)
{
	struct buf text = BUF_INIT;

	state_add_shown(fill_state(pen->fill), pen->fill->item,
	    fill_lang(pen->fill), &text);
	if (text.len > 0)
		put(pen, 2, STYLE_KEY, text.data);
	if (pen->fill->focus == FILL_ANSWER)
		focus_here(pen, 0, 0);
	buf_release(&text);
}

/* How to write it, while nothing is written. */
static const char *
expected(const struct fill *fill)
{
	if (!fill_is_typed(fill) || fill->answer.len > 0)
		return NULL;
	switch (fill_item(fill)->type) {
	case ITEM_DATE: return _("a date, such as 23/11/2026");
	case ITEM_TIME: return _("a time, such as 14:32");
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
	    !state_is_valid(fill_state(fill), fill->item))
		state_why_invalid(
		    fill_state(fill), fill->item, fill_lang(fill), &text);
	if (text.len > 0)
		put(pen, 2, STYLE_URGENT, text.data);
	else if (expected(fill))
		put(pen, 2, STYLE_DIM, expected(fill));
	buf_clear(&text);
	if (inspection_conflict_at(fill->inspection, fill->item)) {
		buf_add_text(&text,
		    _("Answers differ here; the screen of differing answers "
		      "settles it (d)"));
		put(pen, 2, STYLE_URGENT, text.data);
	}
	buf_release(&text);
}

static void
draw_question(struct pen *pen)
{
	draw_label(pen);
	if (fill_is_typed(pen->fill))
		draw_typed(pen);
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

	draw_question(&pen);
	height = pen.row;
	pen.grid = grid_new(height, box.cols);
	pen.row = 0;
	draw_question(&pen);
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

/* ---- beside the answer ---- */

static void
put_label(
    struct grid *grid, const struct grid_box *box, int row, const char *label)
{
	grid_put_cut(
	    grid, box->row + row, box->col, LABEL_COLS - 1, STYLE_DIM, label);
}

static void
put_extra(struct grid *grid, const struct grid_box *box, int row,
    enum style style, const char *text)
{
	grid_put_cut(grid, box->row + row, box->col + LABEL_COLS,
	    box->cols - LABEL_COLS, style, text);
}

static void
draw_basis(const struct fill *fill, struct grid *grid,
    const struct grid_box *box, const struct annotation *beside)
{
	int col = box->col;

	if (fill->focus != FILL_BASIS) {
		put_label(grid, box, 0, _("Source"));
		put_extra(grid, box, 0, STYLE_PLAIN,
		    beside->basis == BASIS_NONE ? "-"
						: basis_title(beside->basis));
		return;
	}
	for (int i = 1; i <= BASIS_COUNT; i++) {
		const int basis = i % BASIS_COUNT;
		const int start = col;

		col = grid_put(grid, box->row, col, STYLE_PLAIN, "%d %s", basis,
		    basis ? basis_title((enum basis)basis) : "-");
		if (fill->basis == basis) {
			grid_restyle(
			    grid, box->row, start, col - start, STYLE_CURSOR);
			grid_cursor(grid, box->row, start);
		}
		col += 1;
	}
}

static void
draw_extra_line(const struct fill *fill, struct grid *grid,
    const struct grid_box *box, int row, const char *text)
{
	const enum fill_focus focus = row == 1 ? FILL_NOTE : FILL_REASON;
	const struct grid_box line = { .row = box->row + row,
		.col = box->col + LABEL_COLS,
		.rows = focus == FILL_NOTE ? TEXT_ROWS : 1,
		.cols = box->cols - LABEL_COLS };

	if (fill->focus == focus) {
		/* A note covers what is under it while it is typed. */
		for (int i = 0; i < line.rows; i++)
			grid_fill(grid, line.row + i, box->col,
			    i ? box->cols : 0, ' ', STYLE_PLAIN);
		line_draw(&fill->extra, grid, &line, true, true);
	} else {
		put_extra(grid, box, row, STYLE_PLAIN, *text ? text : "-");
	}
}

static void
draw_files(struct grid *grid, const struct grid_box *box,
    const struct annotation *beside)
{
	struct buf text = BUF_INIT;
	char hex[HASH_HEX_MAX];

	if (beside->evidence_count > 1)
		buf_addf(&text, "%zu: ", beside->evidence_count);
	if (beside->evidence_count > 0) {
		const struct evidence *last =
		    &beside->evidence[beside->evidence_count - 1];

		hash_to_hex(&last->digest, hex);
		buf_addf(&text, "%s  ", last->name);
		shown_size(last->size, &text);
		buf_addf(&text, "  %.4s %.4s", hex, hex + 4);
	}
	put_label(grid, box, 2, _("Files"));
	put_extra(grid, box, 2, STYLE_PLAIN, text.len > 0 ? text.data : "-");
	buf_release(&text);
}

static void
draw_foot(const struct fill *fill, struct grid *grid,
    const struct grid_box *box, int row)
{
	const struct item *item = fill_item(fill);
	struct buf text = BUF_INIT;
	int number = 0, all = 0, left;

	for (int i = 0; i < fill->form->item_count; i++) {
		if (!item_is_question(&fill->form->items[i]) ||
		    !state_is_relevant(fill_state(fill), i))
			continue;
		all++;
		number += i <= fill->item;
	}
	buf_addf(&text, _("question %d of %d"), number, all);
	left = box->cols - (int)text_width(text.data, text.len) - 1;
	grid_put_right(
	    grid, box->row + row, box->col + box->cols, STYLE_DIM, text.data);
	buf_clear(&text);
	buf_add_text(&text, item->path);
	if (item->reference)
		buf_addf(&text, "   %s", item->reference);
	grid_put_cut(
	    grid, box->row + row, box->col, left, STYLE_DIM, text.data);
	buf_release(&text);
}

static void
draw_beside(
    const struct fill *fill, struct grid *grid, const struct grid_box *box)
{
	struct annotation beside;

	if (item_is_question(fill_item(fill))) {
		inspection_annotation(fill->inspection, fill->item, &beside);
		draw_basis(fill, grid, box, &beside);
		draw_files(grid, box, &beside);
		put_label(grid, box, 3, _("Urgent"));
		put_extra(grid, box, 3,
		    beside.flag ? STYLE_URGENT : STYLE_PLAIN,
		    beside.flag ? _("yes") : "-");
		if (fill->focus == FILL_REASON || beside.reason[0] ||
		    fill_asks_reason(fill)) {
			put_label(grid, box, 4, _("Reason"));
			draw_extra_line(fill, grid, box, 4, beside.reason);
		}
		put_label(grid, box, 1, _("Note"));
		draw_extra_line(fill, grid, box, 1, beside.note);
	}
	draw_foot(fill, grid, box, EXTRA_ROWS - 2);
}

void
fill_draw(const struct view *view, struct grid *grid)
{
	const struct fill *fill = (const struct fill *)view;
	const int map = grid->cols >= WIDE ? MAP_COLS_WIDE : MAP_COLS;
	const int bottom = grid->rows - VIEW_FOOT;
	const struct grid_box question = { .row = VIEW_TOP,
		.col = map + 2,
		.rows = bottom - VIEW_TOP - EXTRA_ROWS,
		.cols = grid->cols - map - 3 };
	const struct grid_box beside = { .row = bottom - EXTRA_ROWS + 1,
		.col = map + 2,
		.rows = EXTRA_ROWS,
		.cols = question.cols };

	draw_map(fill, grid, map);
	if (fill->item < 0) {
		grid_put(grid, VIEW_TOP, map + 2, STYLE_PLAIN, "%s",
		    _("No question applies"));
		return;
	}
	draw_scrolled(fill, grid, question);
	draw_beside(fill, grid, &beside);
	if (fill->focus == FILL_MAP)
		draw_map(fill, grid, map); /* its cursor is the last word */
}
