/* SPDX-License-Identifier: Apache-2.0 */
/* What stands beside the answer: source, note, files, urgent, reason. */
#include "base/text.h"
#include "tui/fill.h"
#include "tui/grid.h"
#include "tui/shown.h"

enum { LABEL_COLS = 11 }; /* "Source", "Note" */

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
		.rows = focus == FILL_NOTE ? FILL_TEXT_ROWS : 1,
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
	const struct state *state = fill_state(fill);
	const struct item *item = fill_item(fill);
	struct buf text = BUF_INIT;
	int number = 0, all = 0, left;
	bool past = false;

	for (int i = state_next(state, -1); i >= 0; i = state_next(state, i)) {
		if (item_is_question(
			&fill->form->items[state_item(state, i)]) &&
		    state_is_relevant(state, i)) {
			all++;
			number += !past;
		}
		past = past || i == fill->place;
	}
	buf_addf(&text, _("question %d of %d"), number, all);
	left = box->cols - (int)text_width(text.data, text.len) - 1;
	grid_put_right(
	    grid, box->row + row, box->col + box->cols, STYLE_DIM, text.data);
	buf_clear(&text);
	state_add_numbered(state, fill->place, &text);
	if (item->reference)
		buf_addf(&text, "   %s", item->reference);
	grid_put_cut(
	    grid, box->row + row, box->col, left, STYLE_DIM, text.data);
	buf_release(&text);
}

void
fill_draw_beside(
    const struct fill *fill, struct grid *grid, const struct grid_box *box)
{
	struct annotation beside;

	if (item_is_question(fill_item(fill))) {
		inspection_annotation(fill->inspection, fill->place, &beside);
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
	draw_foot(fill, grid, box, FILL_BESIDE_ROWS - 2);
}
