/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: draw, wait for a key, hand it over. */
#include "tui/tui.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "storage/vault.h"
#include "tui/anew.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/signals.h"
#include "tui/sleep.h"
#include "tui/term.h"
#include "tui/ui.h"
#include "tui/ui_busy.h"
#include "tui/views.h"

enum { IDLE_MINUTES = 10, IDLE_MINUTES_MAX = 24 * 60 };

char *
tui_default_vault(struct err *err)
{
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");

	if (data && data[0] == '/')
		return xasprintf("%s/ronde/vault.ronde-vault", data);
	if (home && home[0] == '/')
		return xasprintf(
		    "%s/.local/share/ronde/vault.ronde-vault", home);
	err_set(err, ERR_NOT_FOUND,
	    _("neither XDG_DATA_HOME nor HOME is set, so the place of the "
	      "vault is not known; name it with --vault FILE"));
	return NULL;
}

/* Opens the vault with the passphrase that was given, else asks. */
static void
begin(struct ui *ui)
{
	struct ui_busy busy;
	const struct progress progress =
	    ui_busy_progress(&busy, ui, _("Bringing the vault up to date"));
	const struct vault_options options = {
		.progress = &progress,
		.projectors = ui->options.projectors,
		.cost = ui->options.cost,
		.state_folder = ui->options.state_folder,
	};
	struct err err = { 0 };
	struct vault *vault = NULL;

	if (!file_exists(ui->vault_path)) {
		ui_open(ui, view_start_new());
		return;
	}
	ui_open(ui, view_unlock_new());
	if (!ui->options.passphrase)
		return;
	vault =
	    vault_open(ui->vault_path, ui->options.passphrase, &options, &err);
	secret_free(ui->options.passphrase);
	ui->options.passphrase = NULL;
	if (vault)
		ui_unlocked(ui, vault);
	else
		ui_fail(ui, &err);
}

static void
show(struct ui *ui)
{
	struct grid *grid = grid_new(term_rows(), term_cols());

	if (ui->redraw)
		term_redraw();
	ui->redraw = false;
	ui_draw(ui, grid);
	term_show(grid, ui->sun);
	grid_free(grid);
}

/* While something long is done: its progress; Esc stops it, and sleep does. */
static bool
busy(struct ui *ui, const char *what, int percent)
{
	struct buf paste = BUF_INIT;
	struct grid *grid = grid_new(term_rows(), term_cols());
	int key = K_NONE;

	ui_draw(ui, grid);
	for (int row = 0; row < 3; row++)
		grid_fill(grid, grid->rows - 5 + row, 0, grid->cols, ' ',
		    STYLE_TITLE);
	grid_put(grid, grid->rows - 4, 2, STYLE_TITLE, "%s  %3d %%   %s", what,
	    percent, _("Esc stops"));
	grid_bar(grid, grid->rows - 3, 2, 40, percent);
	grid_cursor(grid, grid->rows - 4, 2);
	term_show(grid, ui->sun);
	grid_free(grid);
	if (term_key_waits())
		key = term_key(0, &paste);
	buf_release(&paste);
	ui->suspend = ui->suspend || key == K_SUSPEND; /* when this is done */
	ui->sleeps = ui->sleeps || key == K_SLEEP || sleep_comes();
	return key == K_ESC || key == K_HANGUP || ui->sleeps;
}

/*
 * Nobody who takes the terminal over finds the vault open: the image that
 * comes next stops itself.  A vault that is being made has nothing yet.
 */
static void
suspend(struct ui *ui)
{
	ui->suspend = false;
	if (ui_lock(ui, LOCK_STOP) || ui->vault)
		return;
	show(ui);
	term_suspend();
	ui->redraw = true;
}

/* What cannot be locked keeps the machine awake in vain. */
static void
lock_for_sleep(struct ui *ui)
{
	ui->sleeps = false;
	if (!ui_lock(ui, LOCK_SLEEP))
		sleep_let();
}

/* RONDE_IDLE_MINUTES; 0: the vault is never locked by itself. */
static int64_t
idle_time(void)
{
	const char *text = getenv("RONDE_IDLE_MINUTES");
	char *end = NULL;
	long minutes = text && *text ? strtol(text, &end, 10) : -1;

	if (!end || *end || minutes < 0 || minutes > IDLE_MINUTES_MAX)
		minutes = IDLE_MINUTES;
	return (int64_t)minutes * 60 * 1000;
}

static void
run(struct ui *ui)
{
	struct buf paste = BUF_INIT;

	while (!ui->quit && !ui->locked) {
		int key;

		show(ui);
		term_sync();
		buf_clear(&paste);
		key = term_key(ui_idle_wait(ui), &paste);
		if (key == K_HANGUP)
			break;
		if (key == K_SYNC)
			continue;
		if (key == K_NONE) {
			ui_idle(ui);
			continue;
		}
		if (key == K_RESIZE) {
			ui->redraw = true;
			continue;
		}
		if (key == K_SLEEP) {
			lock_for_sleep(ui);
			continue;
		}
		if (key == K_SUSPEND) {
			suspend(ui);
			continue;
		}
		ui_key(ui, key, buf_is_full(&paste) ? NULL : paste.data);
		wipe(paste.data, paste.len);
		if (ui->sleeps)
			lock_for_sleep(ui);
		else if (ui->suspend)
			suspend(ui);
	}
	buf_wipe_release(&paste);
}

/* The new image begins where the old one ended. */
static int
open_all(struct ui *ui, const struct anew *anew, struct err *err)
{
	if (!ui->vault_path)
		ui->vault_path = tui_default_vault(err);
	if (!ui->vault_path)
		return -1;
	if (anew->reason == LOCK_NONE)
		return term_open(err);
	i18n_set(anew->lang);
	ui->sun = anew->sun;
	if (anew->reason == LOCK_STOP)
		signals_stop();
	return term_open_anew(anew->reason != LOCK_STOP, err);
}

/* What `ui` has to say to the next image; NULL when the program ends. */
static char *
leave(struct ui *ui)
{
	const struct anew anew = {
		.reason = ui->locked, .lang = i18n_lang(), .sun = ui->sun
	};

	ui_leave(ui);
	term_erase();
	if (!ui->locked || !signals_hold()) {
		term_close();
		sleep_close();
		return NULL;
	}
	term_leave_anew(ui->locked != LOCK_STOP);
	return anew_words(&anew);
}

int
tui_run(const struct tui_options *options, char **words, struct err *err)
{
	const struct anew anew = anew_read(options->locked);
	struct ui ui;
	char *next;

	ui_init(&ui, options);
	if (open_all(&ui, &anew, err) != 0) {
		secret_free(ui.options.passphrase);
		ui_release(&ui);
		return -1;
	}
	ui.busy = busy;
	ui.idle = idle_time();
	begin(&ui);
	if (anew.reason != LOCK_NONE)
		ui_tell(&ui, _("The vault is locked"));
	sleep_open();
	run(&ui);
	next = leave(&ui);
	ui_release(&ui);
	if (!next)
		return 0;
	*words = next;
	return TUI_LOCKED;
}
