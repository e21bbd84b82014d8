/* SPDX-License-Identifier: Apache-2.0 */
/* Sections and repeats at the left, with what is answered in each. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "tui/fill.h"
#include "tui/grid.h"

struct fill_line *
fill_lines(const struct fill *fill, int *count)
{
	const struct form *form = fill->form;
	const struct section *section = form_sections(form, NULL);
	struct fill_line *lines =
	    xcalloc((size_t)form->item_count + 1, sizeof(*lines));

	*count = 0;
	for (; section->first < section->end; section++) {
		lines[(*count)++] = (struct fill_line){ .first = section->first,
			.end = section->end,
			.group = section->group };
		for (int i = section->first + 1; i < section->end; i++)
			if (form->items[i].type == ITEM_REPEAT &&
			    form->items[i].repeat < 0)
				lines[(*count)++] =
				    (struct fill_line){ .first = i,
					    .end = form->items[i].end,
					    .group = &form->items[i],
					    .below = true };
	}
	return lines;
}

int
fill_line_of(const struct fill *fill, int place)
{
	int count, found = 0;
	struct fill_line *lines = fill_lines(fill, &count);
	const int item = place < 0 ? 0 : state_item(fill_state(fill), place);

	for (int i = 0; i < count; i++)
		if (item >= lines[i].first && item < lines[i].end)
			found = i;
	free(lines);
	return found;
}

static void
line_name(
    const struct fill *fill, const struct fill_line *line, struct buf *out)
{
	if (line->group && line->group->label)
		state_add_text(fill_state(fill), line->group->index,
		    STATE_LABEL, fill_lang(fill), out);
	else if (line->group)
		buf_add_text(out, line->group->name);
	else
		buf_add_text(out, _("General"));
}

/* What is answered in it, of a repeat how many rows it has. */
static void
line_state(
    const struct fill *fill, const struct fill_line *line, struct buf *out)
{
	const struct state_counts progress =
	    state_progress(fill_state(fill), line->first, line->end);
	size_t rows = 0;

	if (line->group && line->group->type == ITEM_REPEAT) {
		state_rows(fill_state(fill), line->first, &rows);
		buf_addf(out, progress.invalid > 0 ? "! × %zu" : "× %zu", rows);
	} else if (progress.relevant == 0) {
		buf_add_text(out, "-");
	} else if (progress.invalid > 0) {
		buf_add_text(out, "!");
	} else if (progress.answered == progress.relevant) {
		buf_add_text(out, _("ok"));
	} else {
		buf_addf(out, "%d/%d", progress.answered, progress.relevant);
	}
}

static void
draw_line(const struct fill *fill, struct grid *grid, int row,
    const struct fill_line *line, bool here, bool cursor, int cols)
{
	const int left = line->below ? 4 : 2;
	struct buf name = BUF_INIT, right = BUF_INIT;

	line_name(fill, line, &name);
	line_state(fill, line, &right);
	grid_put_cut(grid, row, left,
	    cols - 2 - left - (int)text_width(right.data, right.len),
	    here ? STYLE_KEY : STYLE_PLAIN, name.data);
	grid_put_right(grid, row, cols - 1, STYLE_PLAIN, right.data);
	if (cursor) {
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
	const int at = fill_line_of(fill, fill->place);
	struct list list = fill->map;
	struct fill_line *lines = fill_lines(fill, &list.count);
	const int top = list_top(&list, rows);

	for (int i = 0; i < rows; i++) {
		const int line = top + i;

		if (line < list.count)
			draw_line(fill, grid, VIEW_TOP + i, &lines[line],
			    line == at,
			    fill->focus == FILL_MAP && line == list.cursor,
			    cols);
		grid_put(grid, VIEW_TOP + i, cols, STYLE_DIM, "|");
	}
	grid_put(grid, VIEW_TOP - 1, cols, STYLE_DIM, "+");
	grid_put(grid, grid->rows - VIEW_FOOT, cols, STYLE_DIM, "+");
	free(lines);
}
