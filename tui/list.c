/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/list.h"

enum { PAGE = 10 };

void
list_resize(struct list *list, int count)
{
	list->count = count;
	if (list->cursor >= count)
		list->cursor = count > 0 ? count - 1 : 0;
}

static void
move_by(struct list *list, int lines)
{
	list->cursor += lines;
	if (list->cursor >= list->count)
		list->cursor = list->count - 1;
	if (list->cursor < 0)
		list->cursor = 0;
}

bool
list_act(struct list *list, enum action action)
{
	switch (action) {
	case ACT_UP: move_by(list, -1); return true;
	case ACT_DOWN: move_by(list, 1); return true;
	case ACT_PAGE_UP: move_by(list, -PAGE); return true;
	case ACT_PAGE_DOWN: move_by(list, PAGE); return true;
	case ACT_FIRST: list->cursor = 0; return true;
	case ACT_LAST: move_by(list, list->count); return true;
	default: return false;
	}
}

int
list_top(const struct list *list, int rows)
{
	int top;

	if (rows < 1 || list->count <= rows)
		return 0;
	/* Half a screen around the cursor shows what comes next. */
	top = list->cursor - rows / 2;
	if (top > list->count - rows)
		top = list->count - rows;
	return top > 0 ? top : 0;
}

int
list_mark(const struct list *list, struct grid *grid, int row, int index)
{
	if (index == list->cursor) {
		grid_cursor(grid, row, 0);
		return grid_put(grid, row, 0, STYLE_KEY, "> ");
	}
	return 2;
}

void
list_highlight(const struct list *list, struct grid *grid, int row, int index)
{
	if (index == list->cursor)
		grid_restyle(grid, row, 0, grid->cols, STYLE_CURSOR);
}
