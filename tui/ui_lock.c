/* SPDX-License-Identifier: Apache-2.0 */
/* The vault of the screens: leaving, locking, unlocking, going away. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "storage/blob.h"
#include "storage/vault.h"
#include "tui/place.h"
#include "tui/risks.h"
#include "tui/ui.h"
#include "tui/views.h"

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
	struct err ignored = { 0 };

	if (ui->vault) {
		flush_all(ui);
		if (ui_is_unsaved(ui)) /* it was refused */
			(void)place_keep(ui, &ignored);
	}
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

/*
 * What is typed is kept before anything is wiped.  Who asks for the lock is
 * told when that cannot be; nobody else is there to be told.
 */
static bool
keep_place(struct ui *ui, enum lock_reason reason)
{
	struct err err = { 0 };

	if (place_keep(ui, &err) == 0)
		return true;
	flush_all(ui);
	if (reason != LOCK_KEY || !ui_is_unsaved(ui))
		return true;
	err_wrap(&err, _("not locked, what is typed cannot be kept"));
	ui_fail(ui, &err);
	return false;
}

bool
ui_lock(struct ui *ui, enum lock_reason reason)
{
	if (!ui->vault && !file_exists(ui->vault_path))
		return false; /* it is being made */
	if (!ui_may_lock(ui)) {
		ui_tell(ui,
		    _("not locked: copy the recovery code first, it "
		      "is shown this one time"));
		return false;
	}
	if (ui->vault && ui->entered && !keep_place(ui, reason))
		return false;
	ui->locked = reason; /* so that no view saves what was kept */
	ui_close_all(ui);
	vault_close(ui->vault);
	ui->vault = NULL;
	ui->saved = 0;
	ui_forget_messages(ui);
	ui_open(ui, view_unlock_new());
	ui_tell(ui, _("The vault is locked"));
	return true;
}

/* Once at each unlocking: a computer is not always the same. */
static void
tell_risks(struct ui *ui)
{
	char *text = risks_text();

	if (text)
		ui_open(ui, view_text_new(N_("this computer"), text));
}

/* What needs no decision, but is to be known. */
static void
tell_notice(struct ui *ui)
{
	const struct vault_notice *notice = vault_notice(ui->vault);
	struct buf text = BUF_INIT;

	if (notice->finding == VAULT_FIRST_HERE) {
		vault_notice_say(ui->vault, &text);
		ui_tell(ui, "%s", text.data);
	} else if (notice->trouble) {
		ui_tell(ui, _("%s; an older vault would not be noticed here"),
		    notice->trouble);
	}
	buf_release(&text);
}

void
ui_enter(struct ui *ui)
{
	struct err err = { 0 };

	ui->entered = true;
	ui_restart(ui, view_home_new(ui, &err));
	tell_notice(ui);
	if (err.code)
		ui_fail(ui, &err);
	else
		place_go_back(ui);
	tell_risks(ui);
}

void
ui_unlocked(struct ui *ui, struct vault *vault)
{
	struct view *notice;
	char *code;
	enum lang lang;

	ui->vault = vault;
	ui->locked = LOCK_NONE;
	ui->entered = false;
	ui->last_key = clock_now();
	code = setting_get(vault, "lang");
	if (code && !getenv("RONDE_LANG") && lang_find(code, &lang))
		i18n_set(lang);
	free(code);
	notice = view_notice_new(vault);
	if (notice)
		ui_restart(ui, notice);
	else
		ui_enter(ui);
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

static int
lock_wait(const struct ui *ui)
{
	const int64_t left = time_left(ui);

	if (left < 0)
		return ui->vault && vault_tick_waits(ui->vault)
		    ? UI_IDLE_LOOK_MS
		    : -1;
	if (left <= UI_IDLE_WARNING_MS)
		return left % 1000 ? (int)(left % 1000) : left ? 1000 : 0;
	return left - UI_IDLE_WARNING_MS < UI_IDLE_LOOK_MS
	    ? (int)(left - UI_IDLE_WARNING_MS)
	    : UI_IDLE_LOOK_MS;
}

int
ui_idle_wait(const struct ui *ui)
{
	const int wait = lock_wait(ui);

	if (!ui->top || !ui->top->class->live)
		return wait;
	return wait < 0 || wait > UI_LIVE_MS ? UI_LIVE_MS : wait;
}

void
ui_idle(struct ui *ui)
{
	struct err err = { 0 };

	if (ui->vault)
		vault_tick(ui->vault);
	if (time_left(ui) == 0) {
		ui_lock(ui, LOCK_IDLE);
	} else if (ui->top && ui->top->class->live) {
		ui->top->class->live(ui->top, &err);
		if (err.code)
			ui_fail(ui, &err);
	}
}
