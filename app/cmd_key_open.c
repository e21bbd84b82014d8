/* SPDX-License-Identifier: Apache-2.0 */
/* ronde key open: the way in for who forgot the passphrase */
#include <stdlib.h>

#include "app/age_keys.h"
#include "app/cli.h"
#include "app/cmd_key.h"
#include "app/setup.h"
#include "base/file.h"
#include "base/i18n.h"
#include "storage/vault.h"

const struct cli_option key_open_options[] = {
	{ "recovery", NULL, N_("open with the recovery code") },
	{ "programme", N_("FILE"),
	    N_("open with the programme key in FILE, as age-keygen made it") },
	{ "recovery-file", N_("FILE"),
	    N_("read the recovery code from FILE instead of asking") },
	{ "key-passphrase-file", N_("FILE"),
	    N_("read the passphrase of the programme key's file from FILE") },
	{ "new-passphrase-file", N_("FILE"),
	    N_("read the new passphrase from FILE instead of asking") },
	{ NULL, NULL, NULL },
};

static struct vault *
open_recovery(const struct cli *cli, const char *path, struct err *err)
{
	const char *file = cli_value(cli, "recovery-file");
	struct secret *code = file
	    ? secret_read_file(file, err)
	    : cli_ask(_("Type the recovery code: "), true, err);
	struct vault *vault;

	if (!code)
		return NULL;
	vault = vault_open_recovery(path, code, setup_vault_options(), err);
	secret_free(code);
	return vault;
}

static struct vault *
open_programme(const struct cli *cli, const char *path, struct err *err)
{
	struct age_keys keys;
	struct vault *vault;

	if (age_keys_read(&keys, cli_value(cli, "programme"),
		cli_value(cli, "key-passphrase-file"), err) != 0)
		return NULL;
	vault =
	    vault_open_programme(path, (const struct secret *const *)keys.list,
		keys.count, setup_vault_options(), err);
	age_keys_release(&keys);
	return vault;
}

int
key_run_open(struct cli *cli, struct err *err)
{
	const bool programme = cli_has(cli, "programme");
	char *path;
	int result = -1;

	if (cli_has(cli, "recovery") == programme)
		return err_set(err, ERR_USAGE,
		    _("say either --recovery or --programme FILE"));
	path = cli_vault_path(cli, err);
	if (!path)
		return -1;
	if (!file_exists(path))
		err_set(err, ERR_NOT_FOUND,
		    _("there is no vault at %s; make one with ronde init"),
		    path);
	else
		cli->vault = programme ? open_programme(cli, path, err)
				       : open_recovery(cli, path, err);
	if (cli->vault) {
		cli_say_notice(cli->vault);
		result = key_set_passphrase(cli, cli->vault, err);
	}
	free(path);
	return result;
}
