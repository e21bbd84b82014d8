/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new inspection or mission, step by step: site, checklist, and for a
 * mission people and date.  The first step owns what was chosen so far; the
 * later ones lie above it and borrow it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "inspections/inspection.h"
#include "inspections/site.h"
#include "storage/identity.h"
#include "tui/ask.h"
#include "tui/shown.h"
#include "tui/ui.h"
#include "tui/views.h"

struct choices {
	bool mission;
	char site[ID_MAX];
	struct hash checklist;
	struct view *people; /* the step where they are checked */
};

/* ---- sites ---- */

enum { SITE_NAME, SITE_CATEGORY, SITE_SECTOR, SITE_BODY };

static const char *const categories[] = { N_("critical infrastructure"),
	N_("public place"), N_("other"), NULL };

static int
add_site(struct view *view, char id[ID_MAX], struct err *err)
{
	static const char *const codes[] = { CATEGORY_INFRASTRUCTURE,
		CATEGORY_PUBLIC_PLACE, "" };

	return site_add(view->ui->vault, ask_text(view, SITE_NAME),
	    ask_text(view, SITE_SECTOR), ask_text(view, SITE_BODY),
	    codes[ask_choice(view, SITE_CATEGORY)], id, err);
}

static enum ask_done
site_done(struct view *view, void *arg, struct err *err)
{
	char id[ID_MAX];

	(void)arg;
	if (add_site(view, id, err) != 0)
		return ASK_FAILED;
	ui_saved(view->ui);
	return ASK_CLOSE;
}

#define SITE_FIELDS                                                    \
	{                                                              \
		{ .kind = ASK_TEXT, .label = N_("Name of the site") }, \
		    { .kind = ASK_CHOICE,                              \
			    .label = N_("Category"),                   \
			    .options = categories },                   \
		    { .kind = ASK_TEXT, .label = N_("Sector") },       \
		{                                                      \
			.kind = ASK_TEXT,                              \
			.label = N_("Organisation in charge")          \
		}                                                      \
	}

static const struct ask_spec site_spec = {
	.name = "site",
	.title = N_("a new site"),
	.fields = SITE_FIELDS,
	.done = site_done,
};

struct view *
view_site_new(void)
{
	return view_ask_new(&site_spec, NULL);
}

static enum ask_done
rename_done(struct view *view, void *arg, struct err *err)
{
	if (site_rename(view->ui->vault, arg, ask_text(view, 0), err) != 0)
		return ASK_FAILED;
	ui_saved(view->ui);
	return ASK_CLOSE;
}

static const struct ask_spec rename_spec = {
	.name = "rename",
	.title = N_("another name for a site"),
	.text = N_("The old name stays in the history."),
	.fields = { { .kind = ASK_TEXT, .label = N_("Name of the site") } },
	.done = rename_done,
	.free_arg = free,
};

struct view *
view_rename_new(const char *site, const char *name)
{
	struct view *view = view_ask_new(&rename_spec, xstrdup(site));

	ask_set_text(view, 0, name);
	return view;
}

/* ---- the last step ---- */

static enum view_result
make_own(struct view *view, struct choices *choices, struct err *err)
{
	struct ui *ui = view->ui;
	char id[ID_MAX];
	struct view *fill;

	if (inspection_new(
		ui->vault, choices->site, &choices->checklist, id, err) != 0)
		return VIEW_STAY;
	ui_saved(ui);
	ui_restart(ui, view_home_new(ui, err));
	fill = view_fill_new(ui, id, err);
	if (fill)
		ui_open(ui, fill);
	return VIEW_STAY;
}

static int
make_mission(struct ui *ui, const struct choices *choices, const char *due,
    struct err *err)
{
	const int count = pick_count(choices->people);
	const char **people = xcalloc((size_t)count, sizeof(*people));
	size_t chosen = 0;
	char id[ID_MAX];
	int status;

	for (int i = 0; i < count; i++)
		if (pick_is_checked(choices->people, i))
			people[chosen++] = pick_key(choices->people, i);
	status = mission_new(ui->vault, choices->site, &choices->checklist,
	    people, chosen, due, id, err);
	free(people);
	return status;
}

/* "2026-11-30", "30/11/2026" and "30.11.2026" are the same day. */
static int
read_date(const char *typed, char date[16], struct err *err)
{
	int day, month, year;
	char separator;

	if (text_is_blank(typed)) {
		date[0] = '\0';
		return 0;
	}
	if (sscanf(typed, "%2d%c%2d%*c%4d", &day, &separator, &month, &year) ==
		4 &&
	    (separator == '/' || separator == '.' || separator == '-'))
		snprintf(date, 16, "%04u-%02u-%02u", (unsigned)year % 10000,
		    (unsigned)month % 100, (unsigned)day % 100);
	else
		snprintf(date, 16, "%s", typed);
	if (clock_is_date(date))
		return 0;
	return err_set(err, ERR_VALUE,
	    _("\"%s\" is not a date; write it as 30/11/2026 or 2026-11-30"),
	    typed);
}

static enum ask_done
due_done(struct view *view, void *arg, struct err *err)
{
	struct ui *ui = view->ui;
	char due[16];

	if (read_date(ask_text(view, 0), due, err) != 0 ||
	    make_mission(ui, arg, due, err) != 0)
		return ASK_FAILED;
	ui_saved(ui);
	ui_restart(ui, view_home_new(ui, err));
	ui_tell(ui, _("The mission is ready; e sends it"));
	return ASK_GONE;
}

static const struct ask_spec due_spec = {
	.name = "due",
	.title = N_("a new mission: by when"),
	.fields = { { .kind = ASK_TEXT,
	    .label = N_("To be done by"),
	    .hint = N_("30/11/2026; empty: no date") } },
	.done = due_done,
};

/* ---- people ---- */

static int
add_person(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct view *view = arg;
	struct buf detail = BUF_INIT;

	(void)err;
	if (entry->trust != TRUST_YES && entry->trust != TRUST_SELF)
		return 0;
	for (int i = 0; i < pick_count(view); i++)
		if (strcmp(pick_key(view, i), entry->person) == 0)
			return 0;
	buf_addf(
	    &detail, "%s, %s", role_title(entry->role), entry->organisation);
	pick_add(view, entry->person, entry->name, detail.data);
	buf_release(&detail);
	return 0;
}

static enum view_result
people_picked(struct view *view, void *arg, int index, struct err *err)
{
	int chosen = 0;

	(void)index;
	for (int i = 0; i < pick_count(view); i++)
		chosen += pick_is_checked(view, i);
	if (chosen == 0) {
		err_set(err, ERR_VALUE,
		    _("a mission needs at least one person: Space checks the "
		      "selected line"));
		return VIEW_STAY;
	}
	ui_open(view->ui, view_ask_new(&due_spec, arg));
	return VIEW_STAY;
}

static const struct pick_spec people_spec = {
	.name = "pick-people",
	.title = N_("A new mission: who goes"),
	.empty = N_("Nobody is trusted yet. On the screen of people (p), add "
		    "the cards of your inspectors."),
	.several = true,
	.picked = people_picked,
};

static void
open_people(struct ui *ui, struct choices *choices, struct err *err)
{
	struct view *view = view_pick_new(&people_spec, choices);

	if (roster_each(ui->vault, NULL, add_person, view, err) != 0) {
		view->class->free(view);
		return;
	}
	choices->people = view;
	ui_open(ui, view);
}

/* ---- checklists ---- */

static int
add_checklist(void *arg, const struct checklist_info *info, struct err *err)
{
	char key[HASH_HEX_MAX];
	struct buf detail = BUF_INIT;

	(void)err;
	hash_to_hex(&info->identity, key);
	buf_addf(&detail,
	    ngettext("%d question, version %s", "%d questions, version %s",
		(unsigned long)info->questions),
	    info->questions,
	    info->version && *info->version ? info->version : "-");
	pick_add(arg, key, info->title, detail.data);
	buf_release(&detail);
	return 0;
}

static enum view_result
checklist_picked(struct view *view, void *arg, int index, struct err *err)
{
	struct choices *choices = arg;

	if (!hash_from_hex(pick_key(view, index), &choices->checklist)) {
		err_set(err, ERR_FORMAT, _("the checklist has no identity"));
		return VIEW_STAY;
	}
	if (!choices->mission)
		return make_own(view, choices, err);
	open_people(view->ui, choices, err);
	return VIEW_STAY;
}

static const struct pick_spec checklist_spec = {
	.name = "pick-checklist",
	.title = N_("A new inspection: which checklist"),
	.empty = N_("No checklist is here yet. On the screen of checklists "
		    "(c), import one, or take a mission (e)."),
	.picked = checklist_picked,
};

static void
open_checklists(struct ui *ui, struct choices *choices, struct err *err)
{
	struct view *view = view_pick_new(&checklist_spec, choices);

	if (checklist_each(ui->vault, add_checklist, view, err) != 0)
		view->class->free(view);
	else
		ui_open(ui, view);
}

/* ---- the first step ---- */

static enum ask_done
new_site_done(struct view *view, void *arg, struct err *err)
{
	struct choices *choices = arg;

	if (add_site(view, choices->site, err) != 0)
		return ASK_FAILED;
	ui_saved(view->ui);
	open_checklists(view->ui, choices, err);
	return ASK_CLOSE;
}

static const struct ask_spec new_site_spec = {
	.name = "site",
	.title = N_("a new site"),
	.fields = SITE_FIELDS,
	.done = new_site_done,
};

static int
add_site_line(void *arg, const struct site *site, struct err *err)
{
	(void)err;
	pick_add(arg, site->id, site->name,
	    site->organisation ? site->organisation : "");
	return 0;
}

static enum view_result
site_picked(struct view *view, void *arg, int index, struct err *err)
{
	struct choices *choices = arg;

	if (index == PICK_EXTRA) {
		ui_open(view->ui, view_ask_new(&new_site_spec, choices));
		return VIEW_STAY;
	}
	snprintf(
	    choices->site, sizeof(choices->site), "%s", pick_key(view, index));
	open_checklists(view->ui, choices, err);
	return VIEW_STAY;
}

static const struct pick_spec site_pick_spec = {
	.name = "pick-site",
	.title = N_("A new inspection: which site"),
	.empty = N_("No site is here yet; F2 adds one."),
	.extra = ACT_NEW_SITE,
	.picked = site_picked,
	.free_arg = free,
};

void
view_new_open(struct ui *ui, bool mission, const char *site, struct err *err)
{
	struct choices *choices = xcalloc(1, sizeof(*choices));
	struct view *view = view_pick_new(&site_pick_spec, choices);

	choices->mission = mission;
	if (site_each(ui->vault, add_site_line, view, err) != 0) {
		view->class->free(view);
		return;
	}
	ui_open(ui, view);
	if (site) {
		snprintf(choices->site, sizeof(choices->site), "%s", site);
		open_checklists(ui, choices, err);
	}
}
