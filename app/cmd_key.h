/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CMD_KEY_H
#define APP_CMD_KEY_H

#include "app/cli.h"

/* What the files of `ronde key` share. */

/* Asks for a new passphrase (or --new-passphrase-file) and sets it. */
int key_set_passphrase(struct cli *cli, struct vault *vault, struct err *err);

/*
 * A new recovery code into the hands of whoever asked for it, before it
 * holds; with --json it is printed.
 */
int key_hand_over(
    const struct cli *cli, const struct secret *code, struct err *err);

/* cmd_key_open.c */
extern const struct cli_option key_open_options[];
int key_run_open(struct cli *cli, struct err *err);

/* cmd_key_renew.c */
extern const struct cli_option key_renew_options[];
int key_run_renew(struct cli *cli, struct err *err);

#endif
