/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_SHIPPED_H
#define TUI_SHIPPED_H

#include "base/error.h"

/*
 * The checklists that come with the program: the .xlsx in checklists/ beside
 * it, as in a build tree, else where they are installed.
 */
struct shipped {
	const char *path;
	const char *title;
	int questions;
};

/* Tells each that reads well, by name; a folder that is missing holds none. */
int shipped_each(
    int (*each)(void *arg, const struct shipped *shipped, struct err *err),
    void *arg, struct err *err);

/* Another folder, borrowed; for tests.  NULL ends that. */
void shipped_set_folder(const char *folder);

#endif
