/* SPDX-License-Identifier: Apache-2.0 */
/* The vault of the screens: leaving, locking, unlocking, going away. */
#include <stdlib.h>

#include "base/clock.h"
#include "storage/blob.h"
#include "storage/vault.h"
#include "tui/ui.h"
#include "tui/views.h"

/* The setting that keeps where one was. */
static const char place_key[] = "place";

static void
flush_all(struct ui *ui)
{
	struct err err = { 0 };

	for (struct view *view = ui->top; view; view = view->below)
		if (view->class->flush)
			view->class->flush(view, &err);
}

void
ui_leave(struct ui *ui)
{
	flush_all(ui);
	ui_close_all(ui);
	vault_close(ui->vault);
	ui->vault = NULL;
	ui->quit = true;
}

bool
ui_may_lock(const struct ui *ui)
{
	for (const struct view *view = ui->top; view; view = view->below)
		if (view->class->stays)
			return false;
	return true;
}

/* Only a convenience, so what fails here stops no lock. */
static void
keep_place(struct ui *ui)
{
	struct err ignored = { 0 };
	const char *place = NULL;

	for (struct view *view = ui->top; view && !place; view = view->below)
		if (view->class->place)
			place = view->class->place(view);
	(void)setting_put(ui->vault, place_key, place ? place : "", &ignored);
}

bool
ui_lock(struct ui *ui)
{
	if (!ui_may_lock(ui)) {
		ui_tell(ui,
		    _("not locked: copy the recovery code first, it "
		      "is shown this one time"));
		return false;
	}
	flush_all(ui);
	if (ui->vault)
		keep_place(ui);
	ui_close_all(ui);
	vault_close(ui->vault);
	ui->vault = NULL;
	ui->saved = 0;
	ui_forget_messages(ui);
	ui->erase = true;
	ui_open(ui, view_unlock_new());
	ui_tell(ui, _("The vault is locked"));
	return true;
}

/* Back to the inspection that was open when the vault was locked, once. */
static void
go_back(struct ui *ui)
{
	struct err err = { 0 };
	char *place = setting_get(ui->vault, place_key);

	if (place && *place) {
		struct view *fill = view_fill_new(ui, place, &err);

		if (fill)
			ui_open(ui, fill);
		(void)setting_put(ui->vault, place_key, "", &err);
	}
	free(place);
}

void
ui_unlocked(struct ui *ui, struct vault *vault)
{
	struct err err = { 0 };
	char *code;
	enum lang lang;

	ui->vault = vault;
	ui->last_key = clock_now();
	code = setting_get(vault, "lang");
	if (code && !getenv("RONDE_LANG") && lang_find(code, &lang))
		i18n_set(lang);
	free(code);
	ui_restart(ui, view_home_new(ui, &err));
	if (err.code)
		ui_fail(ui, &err);
	else
		go_back(ui);
}

/* ---- who went away ---- */

/* Milliseconds until the lock; -1: it does not come. */
static int64_t
time_left(const struct ui *ui)
{
	const int64_t gone = clock_now() - ui->last_key;

	if (!ui->vault || ui->idle <= 0 || !ui_may_lock(ui))
		return -1;
	if (gone <= 0) /* the clock was put back */
		return ui->idle;
	return gone < ui->idle ? ui->idle - gone : 0;
}

int
ui_idle_left(const struct ui *ui)
{
	const int64_t left = time_left(ui);

	return left < 0 || left > UI_IDLE_WARNING_MS
	    ? -1
	    : (int)((left + 999) / 1000);
}

int
ui_idle_wait(const struct ui *ui)
{
	const int64_t left = time_left(ui);

	if (left < 0)
		return -1;
	if (left <= UI_IDLE_WARNING_MS)
		return left % 1000 ? (int)(left % 1000) : left ? 1000 : 0;
	return left - UI_IDLE_WARNING_MS < UI_IDLE_LOOK_MS
	    ? (int)(left - UI_IDLE_WARNING_MS)
	    : UI_IDLE_LOOK_MS;
}

void
ui_idle(struct ui *ui)
{
	if (time_left(ui) == 0)
		ui_lock(ui);
}
