/* SPDX-License-Identifier: Apache-2.0 */
/* ronde key renew: a new data key */
#include <stdio.h>
#include <stdlib.h>

#include "app/cli.h"
#include "app/cmd_key.h"
#include "app/progress.h"
#include "app/recovery.h"
#include "app/setup.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "storage/vault.h"
#include "storage/vault_renew.h"

const struct cli_option key_renew_options[] = {
	{ "recovery-file", N_("FILE"),
	    N_("write the recovery code to FILE instead of showing it") },
	{ NULL, NULL, NULL },
};

static struct vault_renewal *
begin(const struct cli *cli, const char *path, struct err *err)
{
	struct secret *passphrase;
	struct vault_renewal *renewal;

	if (!file_exists(path)) {
		err_set(err, ERR_NOT_FOUND,
		    _("there is no vault at %s; make one with ronde init"),
		    path);
		return NULL;
	}
	passphrase = cli_passphrase(cli, _("Passphrase: "), NULL, err);
	if (!passphrase)
		return NULL;
	renewal =
	    vault_renew_begin(path, passphrase, setup_vault_options(), err);
	secret_free(passphrase);
	return renewal;
}

/* The code that will hold, before anything is written. */
static int
hand_over(
    const struct cli *cli, const struct vault_renewal *renewal, struct err *err)
{
	switch (vault_renewal_start(renewal)) {
	case RENEWAL_RESUMED:
		cli_say(_("an interrupted renewal goes on; the recovery code "
			  "that was shown when it began will hold"));
		if (cli->json)
			cli_print_json(json_pack("{s:b}", "resumed", 1));
		return 0;
	case RENEWAL_RESTARTED:
		cli_say(_("the vault was used since the interrupted renewal, "
			  "so it begins anew, with another recovery code"));
		break;
	default:
		cli_say(_("the vault gets a new recovery code; the passphrase "
			  "and the programme keys stay"));
	}
	return key_hand_over(cli, vault_renewal_recovery(renewal), err);
}

static int
run(struct vault_renewal *renewal, const char *path, struct err *err)
{
	struct progress_line line;
	int result;

	progress_line_begin(&line, _("Renewing the key of the vault"));
	result = vault_renew_run(renewal, &line.progress, err);
	progress_line_end(&line);
	if (result == 0)
		return 0;
	if (vault_renewal_took_place(renewal))
		return -1;
	if (err->code == ERR_CANCELLED || err->code == ERR_FULL ||
	    err->code == ERR_IO)
		cli_say(_("%s is as it was; ronde key renew goes on where it "
			  "stopped"),
		    path);
	return -1;
}

/* What no program can do for the person. */
static void
say_what_is_left(const char *path)
{
	cli_say(_("%s has a new data key; the old recovery code opens it no "
		  "more"),
	    path);
	cli_say(_("the disk may keep the older file in sectors that are free "
		  "now (flash memory always does); nobody can read it without "
		  "the older header and a word that opened it: run fstrim, "
		  "delete older copies and backups, make a new backup"));
}

int
key_run_renew(struct cli *cli, struct err *err)
{
	char *path = cli_vault_path(cli, err);
	struct vault_renewal *renewal = path ? begin(cli, path, err) : NULL;
	int result = -1;

	if (!renewal)
		goto out;
	if (hand_over(cli, renewal, err) != 0) {
		err_wrap(err, _("the vault is as it was"));
		goto out;
	}
	result = run(renewal, path, err);
	if (result == 0)
		say_what_is_left(path);
out:
	vault_renewal_free(renewal);
	free(path);
	return result;
}
