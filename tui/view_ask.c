/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/ask_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/line.h"
#include "tui/paths.h"
#include "tui/ui.h"
#include "tui/views.h"

static const struct binding ask_keys[] = {
	{ K_ENTER, ACT_OK },
	{ K_F(10), ACT_SUBMIT },
	{ K_CTRL('s'), ACT_SUBMIT },
	{ K_TAB, ACT_COMPLETE },
	{ K_BACKTAB, ACT_PREVIOUS_ITEM },
	{ K_F(2), ACT_SHOW },
	{ K_F(4), ACT_PICK_FILE },
	{ K_F(7), ACT_RECOVER },
	{ ' ', ACT_RIGHT },
	{ 0, ACT_NONE },
};

static const struct binding sign_keys[] = {
	{ K_ENTER, ACT_OK },
	{ K_F(10), ACT_SIGN },
	{ K_CTRL('s'), ACT_SIGN },
	{ K_TAB, ACT_DOWN },
	{ K_BACKTAB, ACT_PREVIOUS_ITEM },
	{ 0, ACT_NONE },
};

static void
title(const struct view *view, struct buf *out)
{
	buf_addf(out, "Ronde   %s", _(ask_of(view)->spec->title));
}

/* ---- keys ---- */

static bool
typing(const struct view *view)
{
	const struct ask *ask = ask_of(view);

	return ask->count > 0 && !ask_is_choice(ask, ask->focus);
}

static bool
type(struct view *view, int key)
{
	struct ask *ask = (struct ask *)view;

	return line_key(&ask->lines[ask->focus], key);
}

static bool
paste(struct view *view, const char *text)
{
	struct ask *ask = (struct ask *)view;

	return line_insert(&ask->lines[ask->focus], text);
}

static bool
digit(struct view *view, int number, struct err *err)
{
	struct ask *ask = (struct ask *)view;

	(void)err;
	if (ask->count == 0 || !ask_is_choice(ask, ask->focus) || number < 1 ||
	    number > ask_option_count(ask_field_at(ask, ask->focus)))
		return false;
	ask->choices[ask->focus] = number - 1;
	return true;
}

static void
move_focus(struct ask *ask, int step)
{
	if (ask->count > 0)
		ask->focus = (ask->focus + step + ask->count) % ask->count;
}

/* In a choice the arrows go through its options first. */
static void
move(struct ask *ask, int step)
{
	if (ask->count > 0 && ask_is_choice(ask, ask->focus)) {
		const int choice = ask->choices[ask->focus] + step;

		if (choice >= 0 &&
		    choice < ask_option_count(ask_field_at(ask, ask->focus))) {
			ask->choices[ask->focus] = choice;
			return;
		}
	}
	move_focus(ask, step);
}

static void
complete(struct ask *ask)
{
	char *path;

	if (ask->count == 0)
		return;
	if (ask_field_at(ask, ask->focus)->kind != ASK_PATH &&
	    ask_field_at(ask, ask->focus)->kind != ASK_FOLDER) {
		move_focus(ask, 1);
		return;
	}
	path = path_complete(ask_text(&ask->view, ask->focus));
	if (path)
		line_set(&ask->lines[ask->focus], path);
	else
		ui_tell(ask->view.ui, _("no file begins with this"));
	free(path);
}

static void
file_picked(struct view *view, const char *path)
{
	struct ask *ask = (struct ask *)view;

	line_set(&ask->lines[ask->focus], path);
}

static void
pick_file(struct ask *ask, struct err *err)
{
	char *path = path_expand(ask_text(&ask->view, ask->focus));
	struct view *files = view_files_new(&ask->view, path, file_picked, err);

	if (files)
		ui_open(ask->view.ui, files);
	free(path);
}

/* The folder of the first path; NULL where none is asked for. */
static char *
folder_of(const struct ask *ask)
{
	for (int i = 0; i < ask->count; i++)
		if (ask_field_at(ask, i)->kind == ASK_PATH) {
			char *path = ask_path(&ask->view, i);
			char *slash = strrchr(path, '/');

			if (slash && slash > path) {
				*slash = '\0';
				return path;
			}
			free(path);
		}
	return NULL;
}

static enum view_result
finish(struct ask *ask,
    enum ask_done (*done)(struct view *, void *, struct err *), struct err *err)
{
	struct ui *ui = ask->view.ui; /* `done` may take the screen away */
	char *folder = folder_of(ask);
	const enum ask_done result = done(&ask->view, ask->arg, err);

	if (folder && result != ASK_FAILED)
		ui_set_folder(ui, folder);
	free(folder);
	return result == ASK_CLOSE ? VIEW_CLOSE : VIEW_STAY;
}

static enum view_result
next(struct ask *ask, struct err *err)
{
	if (ask->focus + 1 >= ask->count && !ask->spec->careful)
		return finish(ask, ask->spec->done, err);
	move_focus(ask, 1);
	return VIEW_STAY;
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct ask *ask = (struct ask *)view;

	if (action == ask->spec->other && action != ACT_NONE)
		return finish(ask, ask->spec->done_other, err);
	switch (action) {
	case ACT_UP: move(ask, -1); return VIEW_STAY;
	case ACT_DOWN: move(ask, 1); return VIEW_STAY;
	case ACT_LEFT: move(ask, -1); return VIEW_STAY;
	case ACT_RIGHT: move(ask, 1); return VIEW_STAY;
	case ACT_OK: return next(ask, err);
	case ACT_SIGN:
	case ACT_SUBMIT: return finish(ask, ask->spec->done, err);
	case ACT_PREVIOUS_ITEM: move_focus(ask, -1); return VIEW_STAY;
	case ACT_SHOW: ask->shown = !ask->shown; return VIEW_STAY;
	case ACT_COMPLETE: complete(ask); return VIEW_STAY;
	case ACT_PICK_FILE: pick_file(ask, err); return VIEW_STAY;
	default: return VIEW_UNUSED;
	}
}

static bool
has_kind(const struct ask *ask, enum ask_kind kind)
{
	for (int i = 0; i < ask->count; i++)
		if (ask_field_at(ask, i)->kind == kind)
			return true;
	return false;
}

static bool
can(const struct view *view, enum action action)
{
	const struct ask *ask = ask_of(view);

	switch (action) {
	case ACT_SHOW: return has_kind(ask, ASK_SECRET);
	case ACT_PICK_FILE:
		return ask->count > 0 &&
		    ask_field_at(ask, ask->focus)->kind == ASK_PATH;
	case ACT_RECOVER: return ask->spec->other == ACT_RECOVER;
	case ACT_BACK: return view->below != NULL;
	case ACT_QUIT:
		return view->below == NULL || ask->spec->other == ACT_QUIT;
	default: return true;
	}
}

static void
free_view(struct view *view)
{
	struct ask *ask = (struct ask *)view;

	for (int i = 0; i < ask->count; i++)
		line_release(&ask->lines[i]);
	if (ask->spec->free_arg)
		ask->spec->free_arg(ask->arg);
	free(ask);
}

static const struct view_class ask_class = {
	.is_form = true,
	.keys = ask_keys,
	.title = title,
	.draw = ask_draw,
	.act = act,
	.typing = typing,
	.type = type,
	.paste = paste,
	.digit = digit,
	.can = can,
	.keep = ask_keep,
	.restore = ask_restore,
	.free = free_view,
};

static void
set_bar(struct ask *ask)
{
	int count = 0;

	ask->bar[count++] = ask->spec->submit ? ask->spec->submit : ACT_OK;
	ask->bar[count++] = ACT_SHOW;
	ask->bar[count++] = ACT_PICK_FILE;
	ask->bar[count++] = ACT_RECOVER;
	ask->bar[count++] = ACT_BACK;
	ask->bar[count++] = ACT_QUIT;
	ask->bar[count] = ACT_NONE;
}

struct view *
view_ask_new(const struct ask_spec *spec, void *arg)
{
	static const enum line_kind kinds[] = {
		[ASK_TEXT] = LINE_TEXT,
		[ASK_SECRET] = LINE_SECRET,
		[ASK_PATH] = LINE_TEXT,
		[ASK_FOLDER] = LINE_TEXT,
		[ASK_CHOICE] = LINE_TEXT,
	};
	struct ask *ask = xcalloc(1, sizeof(*ask));

	ask->spec = spec;
	ask->arg = arg;
	ask->class = ask_class;
	ask->class.name = spec->name;
	ask->class.stays = spec->stays;
	if (spec->submit == ACT_SIGN)
		ask->class.keys = sign_keys;
	set_bar(ask);
	ask->class.bar = ask->bar;
	ask->view.class = &ask->class;
	while (ask->count < ASK_FIELDS_MAX && spec->fields[ask->count].label) {
		line_init(&ask->lines[ask->count],
		    kinds[spec->fields[ask->count].kind]);
		ask->count++;
	}
	return &ask->view;
}
