/* SPDX-License-Identifier: Apache-2.0 */
/* A text to read: what is wrong with a checklist, what an exchange did. */
#include <stdlib.h>

#include "base/mem.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/list.h"
#include "tui/ui.h"
#include "tui/views.h"

struct text_view {
	struct view view;
	const char *title;
	char *text;
	int skip; /* rows scrolled past */
};

static const struct binding keys[] = {
	{ K_ENTER, ACT_BACK },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_BACK, ACT_UP, ACT_DOWN, ACT_NONE };

static void
title(const struct view *view, struct buf *out)
{
	buf_add_text(out, _(((const struct text_view *)view)->title));
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct text_view *text = (const struct text_view *)view;
	const struct grid_box box = { .row = VIEW_TOP,
		.col = 1,
		.rows = grid->rows - VIEW_FOOT - VIEW_TOP,
		.cols = grid->cols - 2,
		.skip = text->skip };

	grid_cursor(grid, VIEW_TOP, 0);
	grid_put_wrapped(grid, &box, STYLE_PLAIN, text->text);
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct text_view *text = (struct text_view *)view;
	struct list list = { .count = grid_rows_of(text->text, UI_COLS_MIN - 2),
		.cursor = text->skip };

	(void)err;
	if (!list_act(&list, action))
		return VIEW_UNUSED;
	text->skip = list.cursor;
	return VIEW_STAY;
}

static void
free_view(struct view *view)
{
	free(((struct text_view *)view)->text);
	free(view);
}

static const struct view_class text_class = {
	.name = "text",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.free = free_view,
};

struct view *
view_text_new(const char *name, char *text)
{
	struct text_view *view = xcalloc(1, sizeof(*view));

	view->view.class = &text_class;
	view->title = name;
	view->text = text;
	return &view->view;
}
