/* SPDX-License-Identifier: Apache-2.0 */
/* Home: inspections, then sites that have none, with state and progress. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "inspections/inspection.h"
#include "inspections/site.h"
#include "storage/identity.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/line.h"
#include "tui/list.h"
#include "tui/shown.h"
#include "tui/ui.h"
#include "tui/views.h"

struct row {
	char id[ID_MAX], site[ID_MAX]; /* id "" for a site alone */
	char *name, *checklist, *due;
	struct inspection_info info; /* its texts are taken out */
};

struct home {
	struct view view;
	struct row *rows;
	size_t count, room;
	struct list list; /* over the rows that are found */
	struct line find;
	bool finding;
};

/* At 80 columns; the last has room for "pour 18 sept. 2027". */
enum { COL_BAR = 29, BAR = 10, COL_STATE = 46, COL_LAST = 62, LAST = 18 };

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

static const enum action bar[] = { ACT_OPEN, ACT_NEW_INSPECTION, ACT_EXCHANGE,
	ACT_LOCK, ACT_QUIT, ACT_SEARCH, ACT_SUN, ACT_NONE };

/* ---- reading ---- */

static void
release_rows(struct home *home)
{
	for (size_t i = 0; i < home->count; i++) {
		free(home->rows[i].name);
		free(home->rows[i].checklist);
		free(home->rows[i].due);
	}
	free(home->rows);
	home->rows = NULL;
	home->count = home->room = 0;
}

static struct row *
add_row(struct home *home)
{
	mem_grow(
	    &home->rows, &home->room, home->count + 1, sizeof(*home->rows));
	return &home->rows[home->count++];
}

static int
add_inspection(void *arg, const struct inspection_info *info, struct err *err)
{
	struct row *row = add_row(arg);

	(void)err;
	snprintf(row->id, sizeof(row->id), "%s", info->id);
	snprintf(row->site, sizeof(row->site), "%s", info->site);
	row->name = xstrdup(info->site_name ? info->site_name : "");
	row->checklist =
	    xstrdup(info->checklist_title ? info->checklist_title : "");
	row->due = xstrdup(info->due ? info->due : "");
	row->info = *info;
	row->info.site_name = row->info.checklist_title = NULL;
	row->info.due = NULL;
	row->info.people = NULL;
	return 0;
}

static int
add_site_alone(void *arg, const struct site *site, struct err *err)
{
	struct home *home = arg;
	struct row *row;

	(void)err;
	for (size_t i = 0; i < home->count; i++)
		if (strcmp(home->rows[i].site, site->id) == 0)
			return 0;
	row = add_row(home);
	snprintf(row->site, sizeof(row->site), "%s", site->id);
	row->name = xstrdup(site->name);
	row->checklist = xstrdup("");
	row->due = xstrdup("");
	row->info.changed = site->time;
	return 0;
}

static bool
is_found(const struct home *home, const struct row *row)
{
	return home->find.len == 0 ||
	    text_matches(row->name, home->find.text) ||
	    text_matches(row->checklist, home->find.text);
}

static struct row *
row_at(const struct home *home, int index)
{
	for (size_t i = 0; i < home->count; i++)
		if (is_found(home, &home->rows[i]) && index-- == 0)
			return &home->rows[i];
	return NULL;
}

static void
find(struct home *home)
{
	int count = 0;

	for (size_t i = 0; i < home->count; i++)
		count += is_found(home, &home->rows[i]);
	list_resize(&home->list, count);
}

static int
read_rows(struct home *home, struct ui *ui, struct err *err)
{
	release_rows(home);
	if (inspection_each(ui->vault, add_inspection, home, err) != 0 ||
	    site_each(ui->vault, add_site_alone, home, err) != 0)
		return -1;
	find(home);
	return 0;
}

/* ---- drawing ---- */

static void
title(const struct view *view, struct buf *out)
{
	const struct identity *self = identity_get(view->ui->vault);

	buf_add_text(out, "Ronde   ");
	if (self)
		shown_person(self->name, self->organisation, out);
}

static void
draw_counts(const struct home *home, struct grid *grid)
{
	int counts[STAGE_EXPORTED + 1] = { 0 };
	int all = 0, faults = 0, col = 1;

	for (size_t i = 0; i < home->count; i++) {
		const struct row *row = &home->rows[i];

		if (!row->id[0])
			continue;
		all++;
		counts[row->info.stage]++;
		faults += row->info.conflicts + row->info.invalid > 0;
	}
	col = 3 + grid_put(grid, VIEW_TOP, col, STYLE_KEY, _("All %d"), all);
	for (int stage = 0; stage <= STAGE_EXPORTED; stage++)
		col = 3 +
		    grid_put(grid, VIEW_TOP, col, STYLE_PLAIN, "%s %d",
			stage_title((enum inspection_stage)stage),
			counts[stage]);
	grid_put(grid, VIEW_TOP, col, faults ? STYLE_URGENT : STYLE_PLAIN,
	    _("to correct %d"), faults);
}

static void
draw_find(const struct home *home, struct grid *grid)
{
	const struct grid_box box = { .row = VIEW_TOP + 1,
		.col = grid_put(
		    grid, VIEW_TOP + 1, 1, STYLE_PLAIN, "%s > ", _("Find")),
		.rows = 1,
		.cols = 40 };

	line_draw(&home->find, grid, &box, home->finding, true);
}

static void
last_words(const struct row *row, struct buf *out)
{
	if (row->info.flagged > 0) {
		buf_addf(out, _("%d urgent"), row->info.flagged);
	} else if (row->due[0] && row->info.stage < STAGE_SIGNED) {
		struct buf due = BUF_INIT;

		shown_date(row->due, &due);
		buf_addf(out, _("by %s"), due.data);
		buf_release(&due);
	} else if (row->info.changed) {
		shown_lately(row->info.changed, out);
	}
}

static void
draw_row(const struct home *home, struct grid *grid, int at, int index)
{
	const struct row *row = row_at(home, index);
	const int extra = grid->cols - 80;
	const int percent =
	    shown_percent(row->info.answered, row->info.relevant);
	struct buf text = BUF_INIT;
	int shift = extra > 0 ? extra / 2 : 0;

	grid_put_cut(grid, at, 2, COL_BAR - 3 + shift, STYLE_PLAIN, row->name);
	if (!row->id[0]) {
		grid_put(grid, at, COL_BAR + shift, STYLE_DIM, "%s",
		    _("site without an inspection"));
	} else {
		grid_bar(grid, at, COL_BAR + shift, BAR, percent);
		grid_put(grid, at, COL_BAR + BAR + 1 + shift, STYLE_PLAIN,
		    "%3d %%", percent);
		shown_stage(&row->info, &text);
		grid_put_cut(grid, at, COL_STATE + shift, 15,
		    row->info.conflicts + row->info.invalid ? STYLE_URGENT
							    : STYLE_PLAIN,
		    text.data);
		buf_clear(&text);
		last_words(row, &text);
		grid_put_cut(
		    grid, at, COL_LAST + shift, LAST, STYLE_PLAIN, text.data);
		if (extra > 30)
			grid_put_cut(grid, at, COL_LAST + LAST + 1 + shift,
			    extra - shift - 2, STYLE_DIM, row->checklist);
	}
	if (index == home->list.cursor)
		grid_put(grid, at, 0, STYLE_KEY, ">");
	list_highlight(&home->list, grid, at, index);
	buf_release(&text);
}

static void
add_details(const struct row *row, struct buf *out)
{
	if (row->id[0])
		buf_addf(out, _("   %d of %d answered"), row->info.answered,
		    row->info.relevant);
	if (row->info.conflicts)
		buf_addf(out, _("   %d differing"), row->info.conflicts);
	if (row->info.waiting + row->info.disputed)
		buf_addf(out, _("   %d events wait, %d disputed"),
		    row->info.waiting, row->info.disputed);
	if (row->info.newer)
		buf_addf(out, "   %s", _("needs a newer ronde"));
	if (row->info.changed) {
		struct buf time = BUF_INIT;

		shown_near_time(row->info.changed, &time);
		buf_addf(out, _("   changed %s"), time.data);
		buf_release(&time);
	}
}

/* The line under the list says more of the selected one; where it is too long
 * the checklist's title is cut, not what follows. */
static void
draw_detail(const struct home *home, struct grid *grid)
{
	const struct row *row = row_at(home, home->list.cursor);
	const int at = grid->rows - VIEW_FOOT - 1, all = grid->cols - 4;
	struct buf text = BUF_INIT;
	int left, col;

	if (!row)
		return;
	add_details(row, &text);
	left = all - (int)text_width(text.data, text.len);
	col = 2 + (int)text_width(row->checklist, strlen(row->checklist));
	if (left < 0)
		left = 0;
	if (col > 2 + left)
		col = 2 + left;
	grid_put_cut(grid, at, 2, left, STYLE_DIM, row->checklist);
	grid_put_cut(grid, at, col, all + 2 - col, STYLE_DIM, text.data);
	buf_release(&text);
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct home *home = (const struct home *)view;
	const int first = VIEW_TOP + 2;
	const int rows = grid->rows - VIEW_FOOT - 2 - first;
	const int top = list_top(&home->list, rows);

	draw_counts(home, grid);
	grid_rule(grid, VIEW_TOP + 1);
	for (int i = 0; i < rows && top + i < home->list.count; i++) {
		if (top + i == home->list.cursor)
			grid_cursor(grid, first + i, 0);
		draw_row(home, grid, first + i, top + i);
	}
	if (home->count == 0) {
		const struct grid_box box = { .row = first + 1,
			.col = 2,
			.rows = 6,
			.cols = grid->cols - 4 };

		grid_cursor(grid, first + 1, 2);
		grid_put_wrapped(grid, &box, STYLE_PLAIN,
		    _("Nothing here yet.\nn starts an inspection, c imports "
		      "a checklist, e takes missions from a USB stick."));
	}
	draw_detail(home, grid);
	if (home->finding || home->find.len > 0) {
		grid_fill(grid, VIEW_TOP + 1, 0, grid->cols, ' ', STYLE_PLAIN);
		draw_find(home, grid);
	}
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
	find(home);
	return true;
}

static bool
paste(struct view *view, const char *text)
{
	const bool fits = line_insert(&((struct home *)view)->find, text);

	find((struct home *)view);
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
	const struct row *row = row_at(home, home->list.cursor);
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
	find(home);
	return VIEW_STAY;
}

static void
rename_row(const struct home *home)
{
	const struct row *row = row_at(home, home->list.cursor);

	if (row)
		ui_open(home->view.ui, view_rename_new(row->site, row->name));
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
	case ACT_NEW_INSPECTION: view_new_open(ui, false, NULL, err); break;
	case ACT_NEW_MISSION: view_new_open(ui, true, NULL, err); break;
	case ACT_NEW_SITE: open_view(ui, view_site_new()); break;
	case ACT_RENAME: rename_row(home); break;
	case ACT_CHECKLISTS: open_view(ui, view_checklists_new(ui, err)); break;
	case ACT_PEOPLE: open_view(ui, view_people_new(ui, err)); break;
	case ACT_EXCHANGE: open_view(ui, view_exchange_new(ui, err)); break;
	case ACT_SEARCH: home->finding = !home->finding; break;
	case ACT_LOCK: ui_lock(ui); break;
	case ACT_BACK: return back(home);
	default: return VIEW_UNUSED;
	}
	return VIEW_STAY;
}

static void
shown(struct view *view, struct err *err)
{
	(void)read_rows((struct home *)view, view->ui, err);
}

static void
free_view(struct view *view)
{
	struct home *home = (struct home *)view;

	release_rows(home);
	line_release(&home->find);
	free(home);
}

static const struct view_class home_class = {
	.name = "home",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.typing = typing,
	.type = type,
	.paste = paste,
	.can = can,
	.shown = shown,
	.free = free_view,
};

struct view *
view_home_new(struct ui *ui, struct err *err)
{
	struct home *home = xcalloc(1, sizeof(*home));

	home->view.class = &home_class;
	home->view.ui = ui;
	line_init(&home->find, LINE_TEXT);
	/* An error is shown on the screen, which is there all the same. */
	(void)read_rows(home, ui, err);
	return &home->view;
}
