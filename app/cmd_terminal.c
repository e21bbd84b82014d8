/* SPDX-License-Identifier: Apache-2.0 */
/* ronde without a command: the terminal */
#include <stdlib.h>

#include "app/cli.h"
#include "app/setup.h"
#include "base/i18n.h"
#include "tui/tui.h"

static int
run(struct cli *cli, struct err *err)
{
	char *path = cli_vault_path(cli, err);
	struct secret *passphrase = NULL;
	int result = -1;

	if (!path)
		return -1;
	if (cli_passphrase_file(cli)) {
		passphrase = cli_passphrase(cli, "", NULL, err);
		if (!passphrase)
			goto out;
	}
	const struct tui_options options = {
		.vault_path = path,
		.passphrase = passphrase,
		.projectors = setup_vault_options()->projectors,
		.contents = setup_contents(),
	};

	result = tui_run(&options, err);
out:
	secret_free(passphrase);
	free(path);
	return result;
}

const struct cli_command terminal_commands[] = {
	{ "terminal", NULL, "",
	    N_("open the terminal; what ronde does without a command"), NULL, 0,
	    0, false, run },
	{ 0 },
};
