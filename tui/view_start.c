/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way in: language, a new vault, the recovery code shown and asked back;
 * or unlocking, with the passphrase or that code.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/secret.h"
#include "storage/blob.h"
#include "storage/identity.h"
#include "storage/vault.h"
#include "tui/ask.h"
#include "tui/ui.h"
#include "tui/ui_busy.h"
#include "tui/views.h"

enum { PASSPHRASE_MIN = 8 }; /* characters; the envelope holds the rest */

static struct vault_options
options_of(const struct ui *ui)
{
	return (struct vault_options){
		.projectors = ui->options.projectors,
		.cost = ui->options.cost,
		.state_folder = ui->options.state_folder,
	};
}

/* ---- language ---- */

/* Each in its own language, so that everybody finds his. */
static const char *const languages[] = { "English", "Français", NULL };

static enum ask_done
language_chosen(struct view *view, void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	i18n_set(ask_choice(view, 0) == 0 ? LANG_EN : LANG_FR);
	ui_open(view->ui, view_create_new());
	return ASK_FAILED; /* stays below: Esc comes back to it */
}

static const struct ask_spec language_spec = {
	.name = "start",
	.title = N_("welcome"),
	.text = N_("No vault is here yet. First choose the language; F8 "
		   "switches it at any time."),
	.fields = { { .kind = ASK_CHOICE,
	    .label = N_("Language"),
	    .options = languages } },
	.done = language_chosen,
};

struct view *
view_start_new(void)
{
	struct view *view = view_ask_new(&language_spec, NULL);

	ask_set_choice(view, 0, i18n_lang() == LANG_FR ? 1 : 0);
	return view;
}

/* ---- a new vault ---- */

enum { CREATE_NAME, CREATE_BODY, CREATE_ROLE, CREATE_PASS, CREATE_AGAIN };

static const char *const roles[] = { N_("inspector"), N_("supervisor"),
	N_("authority of the programme"), NULL };

static int
check_create(struct view *view, struct err *err)
{
	struct secret *one = NULL, *other = NULL;
	int status = -1;

	if (text_is_blank(ask_text(view, CREATE_NAME))) {
		ask_focus(view, CREATE_NAME);
		return err_set(err, ERR_VALUE,
		    _("a vault needs the name of "
		      "its owner"));
	}
	one = ask_secret(view, CREATE_PASS);
	other = ask_secret(view, CREATE_AGAIN);
	if (text_width(ask_text(view, CREATE_PASS), one->len) <
	    PASSPHRASE_MIN) {
		ask_focus(view, CREATE_PASS);
		err_set(err, ERR_VALUE,
		    _("the passphrase has fewer than %d characters; several "
		      "words are easy to keep in mind"),
		    PASSPHRASE_MIN);
	} else if (!secret_equal(one, other)) {
		ask_focus(view, CREATE_AGAIN);
		err_set(err, ERR_VALUE,
		    _("the two passphrases differ; F2 shows what is typed"));
	} else {
		status = 0;
	}
	secret_free(one);
	secret_free(other);
	return status;
}

static int
make_identity(struct view *view, struct vault *vault, struct err *err)
{
	const enum role role = (enum role)ask_choice(view, CREATE_ROLE);

	if (identity_create(vault, ask_text(view, CREATE_NAME),
		ask_text(view, CREATE_BODY), role, NULL, err) != 0)
		return -1;
	return setting_put(vault, "lang", lang_code(i18n_lang()), err);
}

static int
make_folder_of(const char *path, struct err *err)
{
	const char *name = file_name(path);
	char *folder;
	int status;

	if (name <= path + 1)
		return 0;
	folder = xstrndup(path, (size_t)(name - path - 1));
	status = file_exists(folder) ? 0 : file_make_folders(folder, err);
	free(folder);
	return status;
}

static enum ask_done
create(struct view *view, void *arg, struct err *err)
{
	struct ui *ui = view->ui;
	const struct vault_options options = options_of(ui);
	struct secret *passphrase = NULL, *recovery = NULL;
	struct vault *vault = NULL;

	(void)arg;
	if (check_create(view, err) != 0 ||
	    make_folder_of(ui->vault_path, err) != 0)
		return ASK_FAILED;
	passphrase = ask_secret(view, CREATE_PASS);
	vault =
	    vault_begin(ui->vault_path, passphrase, &options, &recovery, err);
	if (!vault || make_identity(view, vault, err) != 0) {
		vault_discard(vault);
		secret_free(passphrase);
		secret_free(recovery);
		return ASK_FAILED;
	}
	ui->vault = vault;
	ui_restart(ui, view_recovery_new(passphrase, recovery));
	return ASK_GONE;
}

static const struct ask_spec create_spec = {
	.name = "create",
	.title = N_("a new vault"),
	.text = N_("Everything you record is kept encrypted in your vault. "
		   "Only your passphrase opens it."),
	.fields = {
	    { .kind = ASK_TEXT, .label = N_("Your name") },
	    { .kind = ASK_TEXT, .label = N_("Organisation") },
	    { .kind = ASK_CHOICE, .label = N_("Role"), .options = roles },
	    { .kind = ASK_SECRET, .label = N_("Passphrase") },
	    { .kind = ASK_SECRET, .label = N_("The same again") },
	},
	.done = create,
};

struct view *
view_create_new(void)
{
	return view_ask_new(&create_spec, NULL);
}

/* ---- the recovery code ---- */

/* What a vault under way still needs. */
struct begun {
	struct secret *passphrase, *recovery; /* owned */
};

static void
recovery_text(const struct view *view, void *arg, struct buf *out)
{
	const struct begun *begun = arg;

	(void)view;
	buf_addf(out, "\n      %.*s\n", (int)begun->recovery->len,
	    (const char *)begun->recovery->data);
}

static enum ask_done
recovery_typed(struct view *view, void *arg, struct err *err)
{
	struct ui *ui = view->ui;
	const struct begun *begun = arg;
	const struct vault_options options = options_of(ui);
	struct vault *vault = ui->vault;

	if (!vault_recovery_matches(begun->recovery, ask_text(view, 0))) {
		err_set(err, ERR_VALUE,
		    _("this is not the code above; compare group by group"));
		return ASK_FAILED;
	}
	ui->vault = NULL; /* closed now */
	vault = vault_settle(
	    vault, ui->vault_path, begun->passphrase, &options, err);
	if (!vault) {
		ui_restart(ui, view_start_new());
		return ASK_GONE;
	}
	ui_unlocked(ui, vault);
	ui_tell(ui, _("The vault is ready"));
	return ASK_GONE;
}

/* ---- leaving without it ---- */

static const char *const leaving[] = {
	N_("no, back to the code"),
	N_("yes, remove the vault"),
	NULL,
};

static enum ask_done
leave(struct view *view, void *arg, struct err *err)
{
	struct ui *ui = view->ui;

	(void)arg;
	(void)err;
	if (ask_choice(view, 0) == 0)
		return ASK_CLOSE;
	vault_discard(ui->vault);
	ui->vault = NULL;
	ui_restart(ui, view_start_new());
	ui_tell(ui,
	    _("The vault was removed: nobody held its recovery code; ^Q "
	      "quits"));
	return ASK_GONE;
}

static const struct ask_spec leave_spec = {
	.name = "leave-recovery",
	.title = N_("leave without the recovery code"),
	.text = N_("The code was not copied back yet, and it is never shown "
		   "again. A vault whose code nobody holds is lost with its "
		   "passphrase, so it is removed; it is still empty."),
	.fields = { { .kind = ASK_CHOICE,
	    .label = N_("Leave?"),
	    .options = leaving } },
	.stays = true,
	.other = ACT_QUIT,
	.done = leave,
	.done_other = leave, /* once more ^Q is the answer, which is no */
};

static enum ask_done
ask_to_leave(struct view *view, void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	ui_open(view->ui, view_ask_new(&leave_spec, NULL));
	return ASK_FAILED; /* stays below */
}

static void
free_recovery(void *arg)
{
	struct begun *begun = arg;

	secret_free(begun->passphrase);
	secret_free(begun->recovery);
	free(begun);
}

static const struct ask_spec recovery_spec = {
	.name = "recovery",
	.title = N_("the recovery code"),
	.text = N_("If you forget the passphrase, only this code opens the "
		   "vault. Write it on paper, put the paper in an envelope, "
		   "seal it and give it to whoever keeps your body's "
		   "secrets. It is shown this one time and never again."),
	.fields = { { .kind = ASK_TEXT,
	    .label = N_("Copy it from your paper"),
	    .hint = N_("spaces, dashes and small letters do not matter") } },
	.stays = true,
	.other = ACT_QUIT,
	.done = recovery_typed,
	.done_other = ask_to_leave,
	.add_text = recovery_text,
	.free_arg = free_recovery,
};

struct view *
view_recovery_new(struct secret *passphrase, struct secret *recovery)
{
	struct begun *begun = xcalloc(1, sizeof(*begun));

	begun->passphrase = passphrase;
	begun->recovery = recovery;
	return view_ask_new(&recovery_spec, begun);
}

/* ---- unlocking ---- */

static void
vault_text(const struct view *view, void *arg, struct buf *out)
{
	(void)arg;
	buf_addf(out, _("Vault: %s"), view->ui->vault_path);
}

static enum ask_done
unlock_with(struct view *view, bool with_code, struct err *err)
{
	struct ui *ui = view->ui;
	struct ui_busy busy;
	const struct progress progress =
	    ui_busy_progress(&busy, ui, _("Bringing the vault up to date"));
	struct vault_options options = options_of(ui);
	struct secret *typed = ask_secret(view, 0);
	struct vault *vault;

	options.progress = &progress;
	vault = with_code
	    ? vault_open_recovery(ui->vault_path, typed, &options, err)
	    : vault_open(ui->vault_path, typed, &options, err);
	secret_free(typed);
	if (!vault) {
		ask_set_text(view, 0, "");
		return ASK_FAILED;
	}
	ui_unlocked(ui, vault);
	return ASK_GONE;
}

static enum ask_done
unlock(struct view *view, void *arg, struct err *err)
{
	(void)arg;
	return unlock_with(view, false, err);
}

static enum ask_done
recover(struct view *view, void *arg, struct err *err)
{
	(void)arg;
	return unlock_with(view, true, err);
}

static enum ask_done
go_to_recover(struct view *view, void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	ui_open(view->ui, view_recover_new());
	return ASK_FAILED;
}

static const struct ask_spec unlock_spec = {
	.name = "unlock",
	.title = N_("unlock"),
	.fields = { { .kind = ASK_SECRET, .label = N_("Passphrase") } },
	.other = ACT_RECOVER,
	.done = unlock,
	.done_other = go_to_recover,
	.add_text = vault_text,
};

static const struct ask_spec recover_spec = {
	.name = "recover",
	.title = N_("open with the recovery code"),
	.text = N_("The code is on the paper in the sealed envelope."),
	.fields = { { .kind = ASK_SECRET,
	    .label = N_("Recovery code"),
	    .hint = N_("spaces, dashes and small letters do not matter") } },
	.done = recover,
	.add_text = vault_text,
};

struct view *
view_unlock_new(void)
{
	return view_ask_new(&unlock_spec, NULL);
}

struct view *
view_recover_new(void)
{
	return view_ask_new(&recover_spec, NULL);
}
