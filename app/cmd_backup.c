/* SPDX-License-Identifier: Apache-2.0 */
/* ronde backup, ronde restore */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/cli.h"
#include "app/progress.h"
#include "app/setup.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "bundles/device.h"
#include "storage/backup.h"
#include "storage/vault.h"

static void
print_backup(const struct cli *cli, struct vault *vault, const char *path)
{
	const struct vault_head head = vault_head(vault);
	struct stat info = { 0 };

	(void)stat(path, &info);
	if (cli->json) {
		cli_print_json(
		    json_pack("{s:s, s:s, s:I, s:I}", "backup", path, "vault",
			vault_path(vault), "bytes", (json_int_t)info.st_size,
			"events", (json_int_t)head.count));
		return;
	}
	cli_print(_("%s is a backup of %s: %llu events, %lld bytes, every page "
		    "read back and checked.\n"),
	    path, vault_path(vault), (unsigned long long)head.count,
	    (long long)info.st_size);
	printf("%s\n",
	    _("It is as secret as the vault and opens with its passphrase; "
	      "ronde restore makes a vault of it."));
}

static int
run_backup(struct cli *cli, struct err *err)
{
	const char *path = cli->operands[0];
	struct vault *vault = cli_vault_as_it_is(cli, err);
	struct progress_line line;
	int result;

	if (!vault)
		return -1;
	cli_say_notice(vault); /* one that is older is worth a copy too */
	progress_line_begin(&line, _("Backing up"));
	result = device_backup(vault, path, &line.progress, err);
	progress_line_end(&line);
	if (result == 0)
		print_backup(cli, vault, path);
	return result;
}

/* ---- restoring ---- */

static const struct cli_option restore_options[] = {
	{ "replace", NULL,
	    N_("give the vault that is there another name and take its "
	       "place") },
	{ "here", NULL,
	    N_("restore nothing: new device keys for the vault as it is") },
	{ NULL, NULL, NULL },
};

static void
print_next_steps(const struct device_renewed *renewed)
{
	printf("%s\n",
	    _("This is another device of the same person now. What to do:"));
	printf("%s\n",
	    _("1. Send the new card (ronde identity) to those you work with, "
	      "and read them the fingerprint: until they trust it nothing "
	      "that you send is taken."));
	cli_print(_("2. Have the former device revoked if it was lost or "
		    "stolen: your supervisor runs \"ronde trust revoke %s\". "
		    "What it wrote stays here and can still be read.\n"),
	    renewed->before);
	if (renewed->uncovered > 0)
		cli_print(_("%zu events of the former device were never "
			    "covered by a statement: they count here and "
			    "cannot be sent; give these answers again.\n"),
		    renewed->uncovered);
}

static int
print_renewed(struct cli *cli, const struct device_renewed *renewed,
    const char *replaced, struct err *err)
{
	struct vault *vault = cli->vault;
	struct card card = { 0 };

	if (card_own(vault, &card, err) < 0)
		return -1;
	if (cli->json) {
		json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}",
		    "vault", vault_path(vault), "device", card.device, "former",
		    renewed->before, "fingerprint", card.fingerprint, "trusted",
		    (json_int_t)renewed->trusted, "uncovered",
		    (json_int_t)renewed->uncovered);

		if (replaced)
			json_put_text(json, "replaced", replaced);
		cli_print_json(json);
	} else {
		if (replaced)
			cli_print(_("The vault that was there is %s now.\n"),
			    replaced);
		cli_print(_("The vault %s has new device keys, for %s, %s.\n"),
		    vault_path(vault), card.name, card.organisation);
		printf(_("Fingerprint: %s\n"), card.fingerprint);
		print_next_steps(renewed);
	}
	card_release(&card);
	return 0;
}

static int
restore_here(struct cli *cli, struct err *err)
{
	struct device_renewed renewed;
	struct vault *vault;

	if (cli->operand_count > 0 || cli_has(cli, "replace"))
		return err_set(err, ERR_USAGE,
		    _("--here stands alone: it restores no backup"));
	vault = cli_vault_as_it_is(cli, err);
	/* Nothing is missing: the old keys may still vouch for all. */
	if (!vault ||
	    (vault_notice(vault)->finding == VAULT_AS_LEFT &&
		device_cover(vault, err) < 0) ||
	    device_renew(vault, &renewed, err) < 0 ||
	    vault_accept(vault, err) < 0)
		return -1;
	return print_renewed(cli, &renewed, NULL, err);
}

/* The place must be free, or its vault may be moved. */
static int
check_place(const struct cli *cli, const char *path, struct err *err)
{
	if (!file_exists(path))
		return cli_make_home(cli, path, err);
	if (!cli_has(cli, "replace"))
		return err_set(err, ERR_EXISTS,
		    _("there is a vault at %s already; --replace gives it "
		      "another name first, --vault restores elsewhere"),
		    path);
	return vault_is_free(path, err);
}

/* What was done after the backup. */
static void
say_what_is_missing(struct vault *vault)
{
	struct buf text = BUF_INIT;

	vault_missing_say(vault, &text);
	cli_say_lines(text.data);
	buf_release(&text);
}

/* A vault beside its place, under its new keys. */
static struct vault *
restore_beside(const char *backup, const char *path,
    const struct secret *passphrase, struct device_renewed *renewed,
    struct err *err)
{
	struct vault_options options = *setup_vault_options();
	struct progress_line line;
	struct vault *vault;

	/* What comes to nothing leaves no anchor. */
	options.state_folder = NULL;
	progress_line_begin(&line, _("Restoring"));
	vault = vault_restore(
	    backup, path, passphrase, &options, &line.progress, err);
	progress_line_end(&line);
	if (!vault)
		err_wrap(err, _("cannot restore %s"), backup);
	if (vault && device_renew(vault, renewed, err) == 0 &&
	    vault_accept(vault, err) == 0)
		return vault;
	vault_discard(vault);
	return NULL;
}

static int
take_place(struct cli *cli, struct vault *vault, const char *path,
    const struct secret *passphrase, char **replaced, struct err *err)
{
	struct vault_options options = *setup_vault_options();

	options.is_new_device = true;
	cli->vault =
	    vault_settle_over(vault, path, passphrase, &options, replaced, err);
	if (!cli->vault && *replaced)
		cli_say(_("the vault that was there is %s now"), *replaced);
	if (!cli->vault)
		return -1;
	if (vault_is_held(cli->vault))
		say_what_is_missing(cli->vault);
	if (vault_accept(cli->vault, err) == 0)
		return 0;
	if (vault_is_held(cli->vault))
		return -1;
	cli_say("%s", err->msg); /* it is restored all the same */
	*err = (struct err){ 0 };
	return 0;
}

static int
run_restore(struct cli *cli, struct err *err)
{
	struct secret *passphrase = NULL;
	struct device_renewed renewed;
	char *path, *replaced = NULL;
	struct vault *vault;
	int result = -1;

	if (cli_has(cli, "here"))
		return restore_here(cli, err);
	if (cli->operand_count == 0)
		return err_set(err, ERR_USAGE, _("the backup is missing"));
	path = cli_vault_path(cli, err);
	if (!path || check_place(cli, path, err) < 0)
		goto out;
	passphrase =
	    cli_passphrase(cli, _("Passphrase of the backup: "), NULL, err);
	if (!passphrase)
		goto out;
	vault =
	    restore_beside(cli->operands[0], path, passphrase, &renewed, err);
	if (!vault ||
	    take_place(cli, vault, path, passphrase, &replaced, err) < 0)
		goto out;
	result = print_renewed(cli, &renewed, replaced, err);
out:
	secret_free(passphrase);
	free(replaced);
	free(path);
	return result;
}

const struct cli_command backup_commands[] = {
	{ "backup", NULL, N_("FILE"),
	    N_("write a backup of the vault: encrypted as it is, every page "
	       "read back"),
	    NULL, 1, 1, true, run_backup },
	{ "restore", NULL, N_("[BACKUP]"),
	    N_("make a vault of a backup; it gets device keys of its own"),
	    restore_options, 0, 1, true, run_restore },
	{ 0 },
};
