/* SPDX-License-Identifier: Apache-2.0 */
/* ronde without a command: the terminal */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "app/cli.h"
#include "app/setup.h"
#include "base/i18n.h"
#include "base/process.h"
#include "tui/tui.h"

static const char locked_option[] = "locked";

/*
 * The same command line, with the mark of a lock.  A file with the passphrase
 * is not named again: a lock that opens itself is none.
 */
static int
execute_anew(const char *path, const char *words, struct err *err)
{
	const char *const argv[] = { program_invocation_name, "--vault", path,
		"--locked", words, NULL };

	return process_execute_anew((char *const *)(uintptr_t)argv, err);
}

/* Only a first start takes the passphrase from a file. */
static int
first_passphrase(struct cli *cli, struct secret **passphrase, struct err *err)
{
	if (cli_has(cli, locked_option) || !cli_passphrase_file(cli))
		return 0;
	*passphrase = cli_passphrase(cli, "", NULL, err);
	return *passphrase ? 0 : -1;
}

static int
run(struct cli *cli, struct err *err)
{
	char *path = cli_vault_path(cli, err), *words = NULL;
	struct tui_options options = {
		.vault_path = path,
		.projectors = setup_vault_options()->projectors,
		.contents = setup_contents(),
		.state_folder = setup_vault_options()->state_folder,
		.locked = cli_value(cli, locked_option),
	};
	int result = -1;

	if (!path)
		return -1;
	if (options.locked)
		process_name_again();
	if (first_passphrase(cli, &options.passphrase, err) == 0)
		result = tui_run(&options, &words, err);
	if (result == TUI_LOCKED)
		result = execute_anew(path, words, err);
	free(words);
	free(path);
	return result;
}

static const struct cli_option options_of_terminal[] = {
	{ locked_option, N_("WORDS"),
	    N_("begin locked, whatever file has the passphrase; a lock starts "
	       "ronde anew so") },
	{ NULL, NULL, NULL },
};

const struct cli_command terminal_commands[] = {
	{ "terminal", NULL, "",
	    N_("open the terminal; what ronde does without a command"),
	    options_of_terminal, 0, 0, false, run },
	{ 0 },
};
