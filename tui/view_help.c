/* SPDX-License-Identifier: Apache-2.0 */
/* F1: everything that can be done in the view below, found by typing. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/line.h"
#include "tui/list.h"
#include "tui/ui.h"
#include "tui/views.h"

struct help {
	struct view view;
	struct view *under;
	struct line line;
	struct list list;
	enum action found[ACTION_COUNT];
};

static const enum action bar[] = { ACT_OPEN, ACT_BACK, ACT_NONE };

static const struct binding keys[] = {
	{ K_ENTER, ACT_OPEN },
	{ K_ESC, ACT_BACK },
	{ K_F(1), ACT_BACK },
	{ 0, ACT_NONE },
};

static bool
is_offered(const struct view *under, enum action action)
{
	if (!keymap_key(under->class->keys, action, false) ||
	    action == ACT_HELP)
		return false;
	if (action == ACT_LOCK && !under->ui->vault)
		return false;
	return !under->class->can || under->class->can(under, action);
}

static void
add_found(struct help *help, const struct binding *table)
{
	for (; table && table->key; table++) {
		bool seen = !is_offered(help->under, table->action) ||
		    !text_matches(action_help(table->action), help->line.text);

		for (int i = 0; i < help->list.count && !seen; i++)
			seen = help->found[i] == table->action;
		if (!seen)
			help->found[help->list.count++] = table->action;
	}
}

static void
find(struct help *help)
{
	help->list.count = 0;
	add_found(help, help->under->class->keys);
	add_found(help, common_keys);
	list_resize(&help->list, help->list.count);
}

static void
title(const struct view *view, struct buf *out)
{
	(void)view;
	buf_add_text(out, _("What do you want to do?"));
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct help *help = (const struct help *)view;
	const int first = VIEW_TOP + 2;
	const int rows = grid->rows - VIEW_FOOT - first;
	const int top = list_top(&help->list, rows);
	const struct grid_box box = { .row = VIEW_TOP,
		.col = grid_put(
		    grid, VIEW_TOP, 1, STYLE_PLAIN, "%s > ", _("Find")),
		.rows = 1,
		.cols = 40 };

	for (int i = 0; i < rows && top + i < help->list.count; i++) {
		const enum action action = help->found[top + i];
		struct buf names = BUF_INIT;

		keymap_add_keys(help->under->class->keys, action,
		    view_keeps_letters(help->under), &names);
		list_mark(&help->list, grid, first + i, top + i);
		grid_put_cut(grid, first + i, 2, 18, STYLE_KEY, names.data);
		grid_put_cut(grid, first + i, 22, grid->cols - 23, STYLE_PLAIN,
		    action_help(action));
		list_highlight(&help->list, grid, first + i, top + i);
		buf_release(&names);
	}
	if (help->list.count == 0)
		grid_put(grid, first, 2, STYLE_PLAIN, "%s",
		    _("Nothing is called so here"));
	line_draw(&help->line, grid, &box, true, true);
}

static bool
typing(const struct view *view)
{
	(void)view;
	return true;
}

static bool
type(struct view *view, int key)
{
	struct help *help = (struct help *)view;
	const bool used = line_key(&help->line, key);

	if (used)
		find(help);
	return used;
}

static bool
paste(struct view *view, const char *text)
{
	struct help *help = (struct help *)view;

	const bool fits = line_insert(&help->line, text);

	find(help);
	return fits;
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct help *help = (struct help *)view;
	struct ui *ui = view->ui;

	(void)err;
	if (list_act(&help->list, action))
		return VIEW_STAY;
	if (action != ACT_OPEN)
		return VIEW_UNUSED;
	if (help->list.count > 0) {
		const enum action chosen = help->found[help->list.cursor];

		ui_close(ui, view);
		ui_act(ui, chosen);
	}
	return VIEW_STAY;
}

static void
free_view(struct view *view)
{
	line_release(&((struct help *)view)->line);
	free(view);
}

static const struct view_class help_class = {
	.name = "help",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.typing = typing,
	.type = type,
	.paste = paste,
	.free = free_view,
};

struct view *
view_help_new(struct view *under)
{
	struct help *help = xcalloc(1, sizeof(*help));

	help->view.class = &help_class;
	help->under = under;
	line_init(&help->line, LINE_TEXT);
	find(help);
	return &help->view;
}
