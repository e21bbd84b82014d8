/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "tui/ui.h"
#include "tui/views.h"

/* The setting that keeps where one was. */
static const char place_key[] = "place";

/* How a screen is opened from the one below it, as a person would. */
static const struct way {
	const char *below, *name;
	enum action action;
} ways[] = {
	{ "home", "site", ACT_NEW_SITE },
	{ "home", "rename", ACT_RENAME },
	{ "home", "checklists", ACT_CHECKLISTS },
	{ "home", "people", ACT_PEOPLE },
	{ "home", "exchange-folder", ACT_EXCHANGE },
	{ "checklists", "import", ACT_IMPORT },
	{ "checklists", "shipped", ACT_IMPORT },
	{ "people", "add-card", ACT_ADD_CARD },
	{ "people", "save-card", ACT_SAVE_CARD },
	{ "fill", "find", ACT_SEARCH },
	{ "fill", "attach", ACT_EVIDENCE },
	{ "fill", "detach", ACT_DETACH },
	{ "fill", "review", ACT_REVIEW },
	{ "fill", "reopen", ACT_REOPEN },
	{ "fill", "conflicts", ACT_CONFLICTS },
	{ "fill", "report", ACT_REPORT },
	{ "review", "sign", ACT_SIGN },
	{ "review", "reopen", ACT_REOPEN },
	{ "review", "conflicts", ACT_CONFLICTS },
	{ "review", "report", ACT_REPORT },
};

/* ---- keeping ---- */

/* From the lowest up. */
static void
add_screens(json_t *screens, const struct view *view)
{
	json_t *one;

	if (!view)
		return;
	add_screens(screens, view->below);
	one = json_object();
	json_put_text(one, "screen", view->class->name);
	if (view->class->keep)
		view->class->keep(view, one);
	json_array_append_new(screens, one);
}

int
place_keep(struct ui *ui, struct err *err)
{
	json_t *screens = json_array();
	struct buf text = BUF_INIT;
	int status;

	add_screens(screens, ui->top);
	json_write(&text, screens, 0);
	status = setting_put(ui->vault, place_key, text.data, err);
	json_decref(screens);
	buf_wipe_release(&text);
	return status;
}

/* ---- going back ---- */

static void
open_by_action(struct view *below, const char *name, struct err *err)
{
	const struct view_class *class = below->class;

	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (strcmp(ways[i].below, class->name) == 0 &&
		    strcmp(ways[i].name, name) == 0 &&
		    (!class->can || class->can(below, ways[i].action))) {
			(void)class->act(below, ways[i].action, err);
			return;
		}
}

/* Opens the screen above `below`; false when it is not there then. */
static bool
open_screen(struct ui *ui, struct view *below, const json_t *screen)
{
	const char *name = json_opt_text(screen, "screen");
	const char *id = json_opt_text(screen, "inspection");
	struct view *fill = NULL;
	struct err err = { 0 };

	if (!name)
		return false;
	if (strcmp(name, "fill") == 0 && id)
		fill = view_fill_new(ui, id, &err);
	if (fill)
		ui_open(ui, fill);
	else
		open_by_action(below, name, &err);
	return ui->top != below && strcmp(ui->top->class->name, name) == 0;
}

static void
open_screens(struct ui *ui, const json_t *screens)
{
	const size_t count = json_array_size(screens);

	for (size_t i = 0; i < count; i++) {
		const json_t *screen = json_array_get(screens, i);

		if (i > 0 && !open_screen(ui, ui->top, screen))
			return;
		if (ui->top->class->restore)
			ui->top->class->restore(ui->top, screen);
	}
}

void
place_go_back(struct ui *ui)
{
	struct err ignored = { 0 }; /* one is at home then */
	char *text = setting_get(ui->vault, place_key);
	json_t *screens = text && *text
	    ? json_parse(text, strlen(text), place_key, &ignored)
	    : NULL;

	if (screens)
		open_screens(ui, screens);
	ui->place_kept = screens != NULL;
	json_decref(screens);
	free(text);
	place_settle(ui);
}

void
place_settle(struct ui *ui)
{
	struct err ignored = { 0 };

	if (!ui->place_kept || !ui->vault || ui_is_unsaved(ui))
		return;
	if (setting_put(ui->vault, place_key, "", &ignored) == 0)
		ui->place_kept = false;
}
