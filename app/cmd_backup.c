/* SPDX-License-Identifier: Apache-2.0 */
/* ronde backup, ronde restore */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/cli.h"
#include "app/progress.h"
#include "base/i18n.h"
#include "base/json.h"
#include "bundles/device.h"
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

const struct cli_command backup_commands[] = {
	{ "backup", NULL, N_("FILE"),
	    N_("write a backup of the vault: encrypted as it is, every page "
	       "read back"),
	    NULL, 1, 1, true, run_backup },
	{ 0 },
};
