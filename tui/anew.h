/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_ANEW_H
#define TUI_ANEW_H

#include <stdbool.h>

#include "tui/ui.h"

/*
 * What one image of the program tells the next when a lock executes it anew:
 * a few words on the command line, none of them secret.
 */
struct anew {
	enum lock_reason reason; /* LOCK_NONE: this is a first start */
	enum lang lang;
	bool sun;
};

/* "stop,fr,sun"; the caller's to free. */
char *anew_words(const struct anew *anew);

/* Of NULL or "" a first start; a word that is not known is passed over. */
struct anew anew_read(const char *words);

#endif
