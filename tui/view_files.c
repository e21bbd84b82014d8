/* SPDX-License-Identifier: Apache-2.0 */
/* Picks a file: a folder, what changed last first, found by typing. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "storage/blob.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/line.h"
#include "tui/list.h"
#include "tui/paths.h"
#include "tui/shown.h"
#include "tui/ui.h"
#include "tui/views.h"

struct files {
	struct view view;
	struct view *owner;
	void (*picked)(struct view *owner, const char *path);
	char *folder;
	struct path_list entries;
	struct list list; /* over what matches */
	struct line line;
};

static const struct binding keys[] = {
	{ K_ENTER, ACT_CHOOSE },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_CHOOSE, ACT_BACK, ACT_NONE };

static bool
matches(const struct files *files, const struct path_entry *entry)
{
	return files->line.len == 0 ||
	    text_matches(entry->name, files->line.text);
}

static const struct path_entry *
entry_at(const struct files *files, int index)
{
	for (size_t i = 0; i < files->entries.count; i++)
		if (matches(files, &files->entries.entries[i]) && index-- == 0)
			return &files->entries.entries[i];
	return NULL;
}

static void
find(struct files *files)
{
	int count = 0;

	for (size_t i = 0; i < files->entries.count; i++)
		count += matches(files, &files->entries.entries[i]);
	list_resize(&files->list, count);
}

static int
enter(struct files *files, const char *folder, struct err *err)
{
	struct path_list entries;
	char *real = realpath(folder, NULL);

	if (!real)
		return err_errno(err, _("cannot read the folder %s"), folder);
	if (path_list_read(&entries, real, err) != 0) {
		free(real);
		return -1;
	}
	path_list_release(&files->entries);
	files->entries = entries;
	free(files->folder);
	files->folder = real;
	line_set(&files->line, "");
	files->list.cursor = 0;
	find(files);
	return 0;
}

static void
title(const struct view *view, struct buf *out)
{
	buf_addf(
	    out, _("Pick a file   %s"), ((const struct files *)view)->folder);
}

static void
draw_entry(const struct files *files, struct grid *grid, int row, int index)
{
	const struct path_entry *entry = entry_at(files, index);
	struct buf detail = BUF_INIT;
	char time[CLOCK_SHOWN_MAX];

	if (index == files->list.cursor)
		grid_put(grid, row, 0, STYLE_KEY, ">");
	grid_put_cut(grid, row, 2, grid->cols - 34, STYLE_PLAIN, entry->name);
	if (entry->is_folder) {
		buf_add_text(&detail, _("folder"));
	} else {
		clock_show(entry->time, i18n_lang(), time);
		shown_size(entry->size, &detail);
		buf_addf(&detail, "  %s", time);
	}
	grid_put_cut(grid, row, grid->cols - 31, 30, STYLE_PLAIN, detail.data);
	list_highlight(&files->list, grid, row, index);
	buf_release(&detail);
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct files *files = (const struct files *)view;
	const int first = VIEW_TOP + 2;
	const int rows = grid->rows - VIEW_FOOT - first;
	const int top = list_top(&files->list, rows);
	const struct grid_box box = { .row = VIEW_TOP,
		.col = grid_put(
		    grid, VIEW_TOP, 1, STYLE_PLAIN, "%s > ", _("Find")),
		.rows = 1,
		.cols = 40 };

	for (int i = 0; i < rows && top + i < files->list.count; i++)
		draw_entry(files, grid, first + i, top + i);
	if (files->list.count == 0)
		grid_put(grid, first, 2, STYLE_PLAIN, "%s",
		    _("Nothing is called so here"));
	line_draw(&files->line, grid, &box, true, true);
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
	struct files *files = (struct files *)view;

	if (!line_key(&files->line, key))
		return false;
	find(files);
	return true;
}

static enum view_result
choose(struct files *files, struct err *err)
{
	const struct path_entry *entry = entry_at(files, files->list.cursor);
	char *path;
	bool picked = false;

	if (!entry)
		return VIEW_STAY;
	path = file_join(files->folder, entry->name);
	if (entry->is_folder) {
		(void)enter(files, path, err);
	} else {
		ui_set_folder(files->view.ui, files->folder);
		files->picked(files->owner, path);
		picked = true;
	}
	free(path);
	return picked ? VIEW_CLOSE : VIEW_STAY;
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct files *files = (struct files *)view;

	if (list_act(&files->list, action))
		return VIEW_STAY;
	return action == ACT_CHOOSE ? choose(files, err) : VIEW_UNUSED;
}

static void
free_view(struct view *view)
{
	struct files *files = (struct files *)view;

	path_list_release(&files->entries);
	line_release(&files->line);
	free(files->folder);
	free(files);
}

static const struct view_class files_class = {
	.name = "files",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.typing = typing,
	.type = type,
	.free = free_view,
};

static bool
is_folder(const char *path)
{
	struct stat found;

	return *path && stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* Of the last file used, or of the last exchange; NULL when there is none. */
static char *
used_folder(const struct ui *ui)
{
	char *folder = ui->folder ? xstrdup(ui->folder) : NULL;

	if (!folder && ui->vault)
		folder = setting_get(ui->vault, "exchange-folder");
	if (folder && !is_folder(folder)) { /* the stick was taken out */
		free(folder);
		folder = NULL;
	}
	return folder;
}

/*
 * The folder to begin in: what was typed, or the one above it; while nothing
 * or only one's home is named, the one used last, or home.
 */
static char *
start_folder(const struct ui *ui, const char *path)
{
	const char *home = getenv("HOME");
	const char *slash = strrchr(path, '/');
	const size_t home_len = home ? strlen(home) : 0;
	const bool at_home = home_len > 0 &&
	    strncmp(path, home, home_len) == 0 &&
	    (!path[home_len] || strcmp(path + home_len, "/") == 0);
	char *used = *path && !at_home ? NULL : used_folder(ui);

	if (used)
		return used;
	if (is_folder(path))
		return xstrdup(path);
	if (slash && slash > path)
		return xstrndup(path, (size_t)(slash - path));
	return xstrdup(home && *home ? home : "/");
}

struct view *
view_files_new(struct view *owner, const char *path,
    void (*picked)(struct view *owner, const char *path), struct err *err)
{
	struct files *files = xcalloc(1, sizeof(*files));
	char *folder = start_folder(owner->ui, path);

	files->view.class = &files_class;
	files->owner = owner;
	files->picked = picked;
	line_init(&files->line, LINE_TEXT);
	if (enter(files, folder, err) != 0) {
		free_view(&files->view);
		files = NULL;
	}
	free(folder);
	return files ? &files->view : NULL;
}
