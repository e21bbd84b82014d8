/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CLI_H
#define APP_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/error.h"
#include "crypto/secret.h"

/*
 * The command line.  A command is a row of a table: its words, its options,
 * its help and the function that does it.  Exit codes: 0 done, 1 refused or
 * failed, 2 wrong usage.  Data goes to standard output, messages to standard
 * error.
 */
struct vault;
struct cli;

enum exit_code { EXIT_DONE, EXIT_REFUSED, EXIT_USAGE };

/* An option of a command: --name, or --name ARGUMENT. */
struct cli_option {
	const char *name;     /* NULL ends a table */
	const char *argument; /* shown in help, marked with N_(); NULL: none */
	const char *help;     /* marked with N_() */
};

struct cli_command {
	const char *group, *verb; /* "site", "add"; verb NULL: one word */
	const char *operands;     /* "ID PATH VALUE", marked with N_(), or "" */
	const char *help;         /* one line, marked with N_() */
	const struct cli_option *options; /* or NULL */
	int least, most;                  /* operands; most -1: any number */
	bool prints_data;                 /* has --json */
	int (*run)(struct cli *cli, struct err *err); /* 0 or -1 */
};

enum { CLI_VALUES_MAX = 256 };

/* A command line taken apart; texts are borrowed from argv. */
struct cli {
	const struct cli_command *command;
	struct {
		const char *option, *value;
	} values[CLI_VALUES_MAX];
	size_t value_count;
	const char *operands[CLI_VALUES_MAX];
	size_t operand_count;
	bool json;
	const char *vault_path;      /* --vault; NULL: where it is by default */
	const char *passphrase_file; /* NULL: ask */
	struct vault *vault;         /* once cli_vault() was called; owned */
};

/* The value of an option, the last one given; NULL when it is not there. */
const char *cli_value(const struct cli *cli, const char *option);
bool cli_has(const struct cli *cli, const char *option);
/* All values of an option, in order; returns how many. */
size_t cli_values(const struct cli *cli, const char *option,
    const char *list[CLI_VALUES_MAX]);
/* ERR_USAGE, naming the option, when it is missing. */
int cli_need(const struct cli *cli, const char *option, const char **value,
    struct err *err);

/*
 * Opens the vault (asking for the passphrase unless a file was named), once;
 * NULL with err.  It is closed when the command ends.
 */
struct vault *cli_vault(struct cli *cli, struct err *err);

/*
 * The same for what only looks, or puts right: a vault that cli_vault()
 * refuses since it is older than what is known of it (vault_is_held()) is
 * opened as well, and nothing is said of it.  cli_vault() says what was
 * noticed; the other leaves it to its caller.
 */
struct vault *cli_vault_as_it_is(struct cli *cli, struct err *err);
void cli_say_notice(struct vault *vault);
void cli_say_lines(const char *text); /* each line as a message */

/* Where the vault is: --vault, RONDE_VAULT, or the default; to be freed. */
char *cli_vault_path(const struct cli *cli, struct err *err);

/* Makes the folder of a vault at the default place. */
int cli_make_home(const struct cli *cli, const char *path, struct err *err);

/* --passphrase-file or RONDE_PASSPHRASE_FILE; NULL when neither is given. */
const char *cli_passphrase_file(const struct cli *cli);

/*
 * Reads a passphrase without showing it, from the file that was named or the
 * terminal; `again` (or NULL) asks a second time and compares.
 */
struct secret *cli_passphrase(const struct cli *cli, const char *prompt,
    const char *again, struct err *err);

/*
 * A passphrase that is to be set: the first line of the file that `option`
 * names, or asked twice.
 */
struct secret *cli_new_passphrase(
    const struct cli *cli, const char *option, struct err *err);

/* True when a person sits at the terminal and no passphrase file is named. */
bool cli_is_interactive(const struct cli *cli);

/* Writes to the terminal itself and reads a line from it, shown or not. */
struct secret *cli_ask(const char *prompt, bool shown, struct err *err);

/* Prints `value` as JSON, indented, and ends it. */
void cli_print_json(json_t *value);

/* Prints text that came from elsewhere, control characters made harmless. */
void cli_print(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A message on standard error: "ronde: ...". */
void cli_say(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Tables of commands, NULL group at their end. */
extern const struct cli_command anchor_commands[];
extern const struct cli_command vault_commands[]; /* init, identity */
extern const struct cli_command key_commands[]; /* key list, ... */
extern const struct cli_command trust_commands[];
extern const struct cli_command site_commands[];
extern const struct cli_command checklist_commands[];
extern const struct cli_command inspection_commands[]; /* and mission */
extern const struct cli_command answer_commands[];     /* inspection set ... */
extern const struct cli_command bundle_commands[];     /* export, ... */
extern const struct cli_command purge_commands[];
extern const struct cli_command report_commands[];
extern const struct cli_command backup_commands[]; /* and restore */
extern const struct cli_command doctor_commands[];
extern const struct cli_command terminal_commands[];

/*
 * Runs `ronde WORDS...`; returns the exit code.  Without a command it is the
 * terminal.
 */
int cli_main(int argc, char **argv);

#endif
