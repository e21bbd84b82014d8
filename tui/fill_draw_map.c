/* SPDX-License-Identifier: Apache-2.0 */
/* The sections at the left, with what is answered in each. */
#include "base/mem.h"
#include "tui/fill.h"
#include "tui/grid.h"

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
	const struct state_counts progress =
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

void
fill_draw_map(const struct fill *fill, struct grid *grid, int cols)
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
