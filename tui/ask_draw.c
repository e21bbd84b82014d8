/* SPDX-License-Identifier: Apache-2.0 */
#include "base/i18n.h"
#include "tui/ask_internal.h"

enum { LABEL_COLS = 25, FIELD_COL = 28 };

static int
draw_options(const struct ask *ask, int field, struct grid *grid, int row)
{
	const struct ask_field *asked = ask_field_at(ask, field);

	for (int i = 0; asked->options[i]; i++, row++) {
		const bool chosen = ask->choices[field] == i;

		grid_put(grid, row, FIELD_COL, chosen ? STYLE_KEY : STYLE_PLAIN,
		    "%d  (%c) %s", i + 1, chosen ? 'x' : ' ',
		    _(asked->options[i]));
		if (chosen && ask->focus == field)
			grid_cursor(grid, row, FIELD_COL);
	}
	return row;
}

static int
draw_field(const struct ask *ask, int field, struct grid *grid, int row)
{
	const struct ask_field *asked = ask_field_at(ask, field);
	const struct grid_box box = { .row = row,
		.col = FIELD_COL,
		.rows = 1,
		.cols = grid->cols - FIELD_COL - 2 };
	const bool focus = ask->focus == field;

	if (focus)
		grid_put(grid, row, 0, STYLE_KEY, ">");
	grid_put_cut(grid, row, 2, LABEL_COLS, focus ? STYLE_KEY : STYLE_PLAIN,
	    _(asked->label));
	if (asked->kind == ASK_CHOICE) {
		row = draw_options(ask, field, grid, row);
	} else {
		line_draw(&ask->lines[field], grid, &box, focus, ask->shown);
		row++;
	}
	if (asked->hint) {
		struct grid_box hint = box;

		hint.row = row;
		hint.rows = 3;
		row += grid_put_wrapped(grid, &hint, STYLE_DIM, _(asked->hint));
	}
	return row + 1;
}

void
ask_draw(const struct view *view, struct grid *grid)
{
	const struct ask *ask = ask_of(view);
	struct buf text = BUF_INIT;
	struct grid_box box = { .row = VIEW_TOP + 1,
		.col = 2,
		.rows = 12,
		.cols = grid->cols - 4 };

	if (ask->spec->text)
		buf_addf(&text, "%s\n", _(ask->spec->text));
	if (ask->spec->add_text)
		ask->spec->add_text(view, ask->arg, &text);
	if (text.len > 0)
		box.row +=
		    1 + grid_put_wrapped(grid, &box, STYLE_PLAIN, text.data);
	for (int i = 0; i < ask->count; i++)
		box.row = draw_field(ask, i, grid, box.row);
	buf_release(&text);
}
