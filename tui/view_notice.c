/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was noticed at unlocking, where a person has to decide: the vault is
 * not as it was left on this computer.  Stopping is what Enter does.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "bundles/device.h"
#include "storage/vault.h"
#include "tui/ask.h"
#include "tui/ui.h"
#include "tui/views.h"

static void
notice_text(const struct view *view, void *arg, struct buf *out)
{
	struct vault *vault = view->ui->vault;

	(void)arg;
	vault_last_event_say(vault, out);
	buf_add_text(out, "\n\n");
	vault_notice_say(vault, out);
	buf_add_char(out, '\n');
}

static enum ask_done
stop(struct ui *ui)
{
	vault_close(ui->vault);
	ui->vault = NULL;
	ui_restart(ui, view_unlock_new());
	ui_tell(ui, _("The vault was closed; nothing was added to it"));
	return ASK_GONE;
}

/* ---- a vault that lacks events ---- */

enum { HELD_CHOICE, HELD_WORDS };

static const char *const held_choices[] = {
	N_("stop: the newest backup comes first"),
	N_("go on as another device"),
	NULL,
};

static bool
is_confirmed(const struct view *view)
{
	char *typed = text_search_key(ask_text(view, HELD_WORDS));
	char *wanted = text_search_key(_("new keys"));
	const bool same = strcmp(typed, wanted) == 0;

	free(typed);
	free(wanted);
	return same;
}

static enum ask_done
held_done(struct view *view, void *arg, struct err *err)
{
	struct ui *ui = view->ui;
	struct device_renewed renewed;

	(void)arg;
	if (ask_choice(view, HELD_CHOICE) == 0)
		return stop(ui);
	if (!is_confirmed(view)) {
		ask_focus(view, HELD_WORDS);
		err_set(err, ERR_VALUE,
		    _("to go on as another device, type: %s"), _("new keys"));
		return ASK_FAILED;
	}
	if (device_renew(ui->vault, &renewed, err) != 0 ||
	    vault_accept(ui->vault, err) != 0)
		return ASK_FAILED;
	ui_enter(ui);
	ui_tell(ui,
	    _("This is another device now: give its card to your supervisor "
	      "before you send anything"));
	return ASK_GONE;
}

static const struct ask_spec held_spec = {
	.name = "held",
	.title = N_("events are missing"),
	.fields = {
	    { .kind = ASK_CHOICE,
		.label = N_("What now?"),
		.options = held_choices },
	    { .kind = ASK_TEXT,
		.label = N_("To go on, type"),
		.hint = N_("new keys") },
	},
	.done = held_done,
	.add_text = notice_text,
};

/* ---- a vault that was used elsewhere ---- */

static const char *const elsewhere_choices[] = {
	N_("stop"),
	N_("go on: I know why"),
	NULL,
};

static enum ask_done
elsewhere_done(struct view *view, void *arg, struct err *err)
{
	struct ui *ui = view->ui;
	struct err unwritten = { 0 };

	(void)arg;
	(void)err;
	if (ask_choice(view, 0) == 0)
		return stop(ui);
	/* Where it cannot be kept it is asked again the next time. */
	(void)vault_accept(ui->vault, &unwritten);
	ui_enter(ui);
	if (unwritten.code)
		ui_fail(ui, &unwritten);
	return ASK_GONE;
}

static const struct ask_spec elsewhere_spec = {
	.name = "elsewhere",
	.title = N_("not as it was left here"),
	.fields = { { .kind = ASK_CHOICE,
	    .label = N_("What now?"),
	    .options = elsewhere_choices } },
	.done = elsewhere_done,
	.add_text = notice_text,
};

struct view *
view_notice_new(struct vault *vault)
{
	const enum vault_finding finding = vault_notice(vault)->finding;

	if (vault_is_held(vault))
		return view_ask_new(&held_spec, NULL);
	if (finding == VAULT_USED_ELSEWHERE || finding == VAULT_ANCHOR_DAMAGED)
		return view_ask_new(&elsewhere_spec, NULL);
	return NULL;
}
