/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "base/error.h"
#include "crypto/kdf.h"

/*
 * The terminal program: what `ronde` without arguments runs.  Everything is
 * borrowed for the call.  i18n_init() and crypto_init() come before it.
 */
struct bundle_contents;
struct projector;
struct secret;

enum { TUI_LOCKED = 1 };

struct tui_options {
	const char *vault_path;    /* NULL: tui_default_vault() */
	struct secret *passphrase; /* NULL: it is asked for; taken */
	const char *locked;        /* words of tui_run(); or NULL */
	const struct projector *const *projectors;
	const struct bundle_contents *contents;
	struct kdf_cost cost; /* of a new vault; zero: the default */
	const char *state_folder; /* of anchors; NULL: none are kept */
};

/*
 * Runs until the person leaves or the terminal is gone; both return 0.
 * ERR_UNSUPPORTED when there is no terminal to run in.
 *
 * TUI_LOCKED when the vault was locked: it is closed, the terminal is put
 * back, and `*words` (the caller's to free) are for tui_options.locked of the
 * image that the caller now executes in this process, at once: signals wait
 * for it.  Only so is nothing left in memory.
 */
int tui_run(const struct tui_options *options, char **words, struct err *err);

/* "~/.local/share/ronde/vault.ronde-vault", or in XDG_DATA_HOME; the caller's
 * to free.  NULL when neither it nor HOME is set. */
char *tui_default_vault(struct err *err);

#endif
