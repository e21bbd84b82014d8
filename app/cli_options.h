/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CLI_OPTIONS_H
#define APP_CLI_OPTIONS_H

#include "app/cli.h"

/*
 * Takes the words after the command apart by getopt_long().  Returns 0, 1
 * when --help was asked for, -1 with ERR_USAGE.  A word like -3,5 is an
 * operand, not options.
 */
int cli_parse(struct cli *cli, int argc, char **argv, struct err *err);

/* Prints what a command is, or all of them. */
void cli_help_command(const struct cli_command *command);
void cli_help_all(const struct cli_command *const *tables);

#endif
