/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_FORM_DIFF_H
#define CHECKLISTS_FORM_DIFF_H

#include "checklists/form.h"

/*
 * Two versions of a checklist, question by question.  What tells whether a
 * question is the same is the hash over what a person reads of it (text_hash);
 * where it stands is its path.
 */
enum item_change {
	ITEM_SAME,    /* path and text: answers go over */
	ITEM_MOVED,   /* the same text under another path */
	ITEM_CHANGED, /* the same path, another text, type or choices */
	ITEM_ADDED,   /* only in the new version */
	ITEM_REMOVED, /* only in the old one */
	ITEM_CHANGE_COUNT
};

/* "same", "moved", ...: fixed, for programs. */
const char *item_change_code(enum item_change change);

/*
 * Calls `each` for every question of the new form in its order, then for those
 * of the old one that are gone.  `old` is NULL for what was added, `new` for
 * what was removed.  A moved question is given once, as ITEM_MOVED.
 */
void form_diff(const struct form *old, const struct form *new,
    void (*each)(void *arg, enum item_change change, const struct item *old,
	const struct item *new),
    void *arg);

#endif
