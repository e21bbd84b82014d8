/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_COMMAND_H
#define TESTS_COMMAND_H

#include <stdbool.h>

#include "base/buf.h"

/* Runs the real ronde, as a shell would, and keeps what it says. */
struct outcome {
	int code; /* exit code; -1 when a signal ended it */
	struct buf out, err;
};

/*
 * Runs `ronde WORDS...` where the words are split at spaces, but for parts in
 * 'single quotes'; `folder` is its working folder.  RONDE_VAULT and
 * RONDE_PASSPHRASE_FILE are "<who>.ronde-vault" and "<who>.pass" there, and
 * XDG_STATE_HOME is the folder "<who>" in that of the test.
 */
void command_run(struct outcome *outcome, const char *folder, const char *who,
    const char *fmt, ...) PRINTF_LIKE(4, 5);
void outcome_release(struct outcome *outcome);

/* Runs and fails the test unless the exit code is `code`; the first line of
 * standard output (owned), for ids. */
char *command_expect(const char *folder, const char *who, int code,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Runs and fails the test unless it exits with `code` and says `text` on
 * standard error. */
void command_says(const char *folder, const char *who, int code,
    const char *text, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* Called in the child before it becomes ronde, unless NULL. */
extern void (*command_hook)(void);

/* Makes the vault of `who` with a passphrase file, and its card. */
void command_make_vault(const char *folder, const char *who, const char *role);

#endif
