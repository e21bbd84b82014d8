/* SPDX-License-Identifier: Apache-2.0 */
/* Home: which key does what. */
#include <stdlib.h>

#include "base/mem.h"
#include "storage/identity.h"
#include "tui/home.h"
#include "tui/keys.h"
#include "tui/shown.h"
#include "tui/ui.h"
#include "tui/views.h"

static const struct binding keys[] = {
	{ K_ENTER, ACT_OPEN },
	{ 'n', ACT_NEW_INSPECTION },
	{ K_F(2), ACT_NEW_INSPECTION },
	{ 's', ACT_NEW_SITE },
	{ K_F(3), ACT_NEW_SITE },
	{ 'm', ACT_NEW_MISSION },
	{ K_F(4), ACT_NEW_MISSION },
	{ 'e', ACT_EXCHANGE },
	{ K_F(5), ACT_EXCHANGE },
	{ 'c', ACT_CHECKLISTS },
	{ K_F(6), ACT_CHECKLISTS },
	{ 'p', ACT_PEOPLE },
	{ 'b', ACT_BACKUP },
	{ 'r', ACT_RENAME },
	{ 'f', ACT_SEARCH },
	{ '/', ACT_SEARCH },
	{ K_F(7), ACT_SEARCH },
	{ 'v', ACT_LOCK },
	{ K_F(12), ACT_LOCK },
	{ 'q', ACT_QUIT },
	{ K_CTRL('q'), ACT_QUIT },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_OPEN, ACT_NEW_INSPECTION,
	ACT_NEW_MISSION, ACT_EXCHANGE, ACT_LOCK, ACT_QUIT, ACT_SEARCH, ACT_SUN,
	ACT_NONE };

static void
title(const struct view *view, struct buf *out)
{
	const struct identity *self = identity_get(view->ui->vault);

	buf_add_text(out, "Ronde   ");
	if (self)
		shown_person(self->name, self->organisation, out);
}

/* ---- keys ---- */

static bool
typing(const struct view *view)
{
	return ((const struct home *)view)->finding;
}

static bool
type(struct view *view, int key)
{
	struct home *home = (struct home *)view;

	if (!line_key(&home->find, key))
		return false;
	home_find(home);
	return true;
}

static bool
paste(struct view *view, const char *text)
{
	const bool fits = line_insert(&((struct home *)view)->find, text);

	home_find((struct home *)view);
	return fits;
}

static void
open_view(struct ui *ui, struct view *view)
{
	if (view)
		ui_open(ui, view);
}

static void
open_row(struct home *home, struct err *err)
{
	const struct home_row *row = home_row_at(home, home->list.cursor);
	struct ui *ui = home->view.ui;

	if (!row)
		return;
	home->finding = false;
	if (row->id[0])
		open_view(ui, view_fill_new(ui, row->id, err));
	else
		view_new_open(ui, false, row->site, err);
}

static bool
is_supervisor(const struct ui *ui)
{
	const struct identity *self = identity_get(ui->vault);

	return self && self->role != ROLE_INSPECTOR;
}

static bool
can(const struct view *view, enum action action)
{
	const struct home *home = (const struct home *)view;

	switch (action) {
	case ACT_NEW_MISSION: return is_supervisor(view->ui);
	case ACT_OPEN:
	case ACT_RENAME: return home->list.count > 0;
	default: return true;
	}
}

static enum view_result
back(struct home *home)
{
	if (home->find.len > 0)
		line_set(&home->find, "");
	home->finding = false;
	home_find(home);
	return VIEW_STAY;
}

static void
rename_row(const struct home *home)
{
	const struct home_row *row = home_row_at(home, home->list.cursor);

	if (row)
		ui_open(home->view.ui, view_rename_new(row->site, row->name));
}

static void
start_inspection(struct ui *ui, struct err *err)
{
	view_new_open(ui, false, NULL, err);
	if (is_supervisor(ui) && !err->code)
		ui_tell(ui,
		    _("This one is for yourself; on the first screen, m gives "
		      "a mission to others"));
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct home *home = (struct home *)view;
	struct ui *ui = view->ui;

	if (list_act(&home->list, action))
		return VIEW_STAY;
	switch (action) {
	case ACT_OPEN: open_row(home, err); break;
	case ACT_NEW_INSPECTION: start_inspection(ui, err); break;
	case ACT_NEW_MISSION: view_new_open(ui, true, NULL, err); break;
	case ACT_NEW_SITE: open_view(ui, view_site_new()); break;
	case ACT_RENAME: rename_row(home); break;
	case ACT_CHECKLISTS: open_view(ui, view_checklists_new(ui, err)); break;
	case ACT_PEOPLE: open_view(ui, view_people_new(ui, err)); break;
	case ACT_BACKUP: open_view(ui, view_backup_new()); break;
	case ACT_EXCHANGE: open_view(ui, view_exchange_new(ui, err)); break;
	case ACT_SEARCH: home->finding = !home->finding; break;
	case ACT_LOCK: ui_lock(ui, LOCK_KEY); break;
	case ACT_BACK: return back(home);
	default: return VIEW_UNUSED;
	}
	return VIEW_STAY;
}

static void
shown(struct view *view, struct err *err)
{
	(void)home_read_rows((struct home *)view, view->ui, err);
}

static void
keep(const struct view *view, json_t *place)
{
	const struct home *home = (const struct home *)view;

	json_put_int(place, "row", home->list.cursor);
	json_put_text(place, "find", home->find.text);
	json_put_int(place, "at", (int64_t)home->find.at);
	json_put_bool(place, "finding", home->finding);
}

static void
restore(struct view *view, const json_t *place)
{
	struct home *home = (struct home *)view;
	const char *find = json_opt_text(place, "find");

	if (find)
		line_restore(
		    &home->find, find, (size_t)json_opt_int(place, "at", 0));
	home->finding = json_opt_bool(place, "finding");
	home->list.cursor = (int)json_opt_int(place, "row", 0);
	home_find(home);
}

static void
free_view(struct view *view)
{
	struct home *home = (struct home *)view;

	home_release_rows(home);
	line_release(&home->find);
	buf_release(&home->last);
	free(home);
}

static const struct view_class home_class = {
	.name = "home",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = home_draw,
	.act = act,
	.typing = typing,
	.type = type,
	.paste = paste,
	.can = can,
	.shown = shown,
	.keep = keep,
	.restore = restore,
	.free = free_view,
};

struct view *
view_home_new(struct ui *ui, struct err *err)
{
	struct home *home = xcalloc(1, sizeof(*home));

	home->view.class = &home_class;
	home->view.ui = ui;
	line_init(&home->find, LINE_TEXT);
	buf_init(&home->last, BUF_MAX_BYTES);
	/* An error is shown on the screen, which is there all the same. */
	(void)home_read_rows(home, ui, err);
	return &home->view;
}
