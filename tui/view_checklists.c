/* SPDX-License-Identifier: Apache-2.0 */
/* The checklists that are held; importing one. */
#include <stdlib.h>

#include "base/mem.h"
#include "checklists/problem.h"
#include "inspections/inspection.h"
#include "tui/ask.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/list.h"
#include "tui/shipped.h"
#include "tui/ui.h"
#include "tui/views.h"

struct line_of {
	char *title, *detail;
};

struct checklists {
	struct view view;
	struct line_of *lines;
	size_t count, room;
	struct list list;
};

static const struct binding keys[] = {
	{ 'i', ACT_IMPORT },
	{ K_F(2), ACT_IMPORT },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_IMPORT, ACT_BACK, ACT_NONE };

static void
release(struct checklists *checklists)
{
	for (size_t i = 0; i < checklists->count; i++) {
		free(checklists->lines[i].title);
		free(checklists->lines[i].detail);
	}
	free(checklists->lines);
	checklists->lines = NULL;
	checklists->count = checklists->room = 0;
}

static int
add(void *arg, const struct checklist_info *info, struct err *err)
{
	struct checklists *checklists = arg;
	char hex[HASH_HEX_MAX];

	(void)err;
	hash_to_hex(&info->identity, hex);
	mem_grow(&checklists->lines, &checklists->room, checklists->count + 1,
	    sizeof(*checklists->lines));
	checklists->lines[checklists->count++] = (struct line_of){
		.title = xstrdup(info->title),
		.detail = xasprintf(ngettext("%d question   %s %s   %.12s",
					"%d questions   %s %s   %.12s",
					(unsigned long)info->questions),
		    info->questions, info->form_id ? info->form_id : "",
		    info->version ? info->version : "", hex),
	};
	return 0;
}

static int
read_lines(struct checklists *checklists, struct ui *ui, struct err *err)
{
	release(checklists);
	if (checklist_each(ui->vault, add, checklists, err) != 0)
		return -1;
	list_resize(&checklists->list, (int)checklists->count);
	return 0;
}

static void
title(const struct view *view, struct buf *out)
{
	(void)view;
	buf_addf(out, "Ronde   %s", _("checklists"));
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct checklists *checklists = (const struct checklists *)view;
	const int rows = grid->rows - VIEW_FOOT - VIEW_TOP;
	const int top = list_top(&checklists->list, rows);
	const int half = grid->cols / 2;

	for (int i = 0; i < rows && top + i < checklists->list.count; i++) {
		const struct line_of *line = &checklists->lines[top + i];
		const int row = VIEW_TOP + i;

		list_mark(&checklists->list, grid, row, top + i);
		grid_put_cut(grid, row, 2, half - 3, STYLE_PLAIN, line->title);
		grid_put_cut(grid, row, half, grid->cols - half, STYLE_PLAIN,
		    line->detail);
		list_highlight(&checklists->list, grid, row, top + i);
	}
	if (checklists->count == 0)
		grid_put(grid, VIEW_TOP + 1, 2, STYLE_PLAIN, "%s",
		    _("No checklist yet; i imports one"));
}

/* ---- importing ---- */

static void
show_problems(struct ui *ui, const struct problems *problems)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < problems->count; i++) {
		char *line = problem_text(&problems->list[i]);

		buf_addf(&text, "%s  %s\n",
		    problems->list[i].kind == PROBLEM_ERROR ? "!" : " ", line);
		free(line);
	}
	ui_open(ui,
	    view_text_new(
		N_("What is wrong with this checklist"), buf_detach(&text)));
}

static int
import(struct ui *ui, const char *path, struct err *err)
{
	struct problems problems = { 0 };
	struct hash identity;
	bool added = false;
	const int status = checklist_import(
	    ui->vault, path, &problems, &identity, &added, err);

	if (problems.count > 0)
		show_problems(ui, &problems);
	if (status == 0)
		ui_tell(ui, "%s",
		    added ? _("The checklist was imported")
			  : _("This checklist was here already"));
	problems_release(&problems);
	return status;
}

static enum ask_done
import_typed(struct view *view, void *arg, struct err *err)
{
	char *path = ask_path(view, 0);
	const int status = import(view->ui, path, err);

	(void)arg;
	free(path);
	return status == 0 ? ASK_CLOSE : ASK_FAILED;
}

static const struct ask_spec import_spec = {
	.name = "import",
	.title = N_("import a checklist"),
	.text = N_("A checklist is an XLSForm: an .xlsx workbook, or its "
		   "sheets as .csv, as ODK and KoboToolbox use them."),
	.fields = { { .kind = ASK_PATH,
	    .label = N_("File or folder"),
	    .hint = N_("Tab completes, F4 picks from a list") } },
	.done = import_typed,
};

/* ---- the shipped ones first ---- */

static enum view_result
picked(struct view *view, void *arg, int index, struct err *err)
{
	struct ui *ui = view->ui;
	const char *path = pick_key(view, index);

	(void)arg;
	if (*path)
		return import(ui, path, err) == 0 ? VIEW_CLOSE : VIEW_STAY;
	ui_open(ui, view_ask_new(&import_spec, NULL));
	return VIEW_CLOSE;
}

static const struct pick_spec shipped_spec = {
	.name = "shipped",
	.title = N_("Import a checklist"),
	.picked = picked,
};

static int
offer(void *arg, const struct shipped *shipped, struct err *err)
{
	char *detail = xasprintf(ngettext("%d question", "%d questions",
				     (unsigned long)shipped->questions),
	    shipped->questions);

	(void)err;
	pick_add(arg, shipped->path, shipped->title, detail);
	free(detail);
	return 0;
}

static void
open_import(struct ui *ui, struct err *err)
{
	struct view *pick = view_pick_new(&shipped_spec, NULL);

	(void)shipped_each(offer, pick, err);
	if (pick_count(pick) == 0) {
		pick->class->free(pick);
		ui_open(ui, view_ask_new(&import_spec, NULL));
		return;
	}
	pick_add(pick, "", _("another file"), _(".xlsx, or a folder of .csv"));
	ui_open(ui, pick);
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct checklists *checklists = (struct checklists *)view;

	if (list_act(&checklists->list, action))
		return VIEW_STAY;
	if (action != ACT_IMPORT)
		return VIEW_UNUSED;
	open_import(view->ui, err);
	return VIEW_STAY;
}

static void
shown(struct view *view, struct err *err)
{
	(void)read_lines((struct checklists *)view, view->ui, err);
}

static void
free_view(struct view *view)
{
	release((struct checklists *)view);
	free(view);
}

static const struct view_class checklists_class = {
	.name = "checklists",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.shown = shown,
	.free = free_view,
};

struct view *
view_checklists_new(struct ui *ui, struct err *err)
{
	struct checklists *checklists = xcalloc(1, sizeof(*checklists));

	checklists->view.class = &checklists_class;
	if (read_lines(checklists, ui, err) != 0) {
		free_view(&checklists->view);
		return NULL;
	}
	return &checklists->view;
}
