/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include <stdbool.h>

#include "base/buf.h"
#include "tui/action.h"

/*
 * Which key does what: a table per view and one that all share, searched in
 * this order.  The help is a loop over the same tables.  The first key of an
 * action is the one that the last line names.
 */
struct binding {
	int key; /* 0 at the end */
	enum action action;
};

extern const struct binding common_keys[];

/* What `key` means with the view's own table (may be NULL). */
enum action keymap_action(const struct binding *own, int key);

/*
 * The key to name for an action; while something is typed letters are text
 * and a key that is not a letter is named.  0 where there is none.
 */
int keymap_key(const struct binding *own, enum action action, bool typing);

/* Adds the names of all its keys: "F2, n". */
void keymap_add_keys(const struct binding *own, enum action action, bool typing,
    struct buf *out);

#endif
