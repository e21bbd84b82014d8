/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_READER_FILES_H
#define CHECKLISTS_READER_FILES_H

#include <stddef.h>

#include "base/error.h"

/* The files beside the form that normalised sheets name: bare names, each
 * once, in order, without those that are in the sheets already. */
struct file_names {
	char **list;
	size_t count, room;
};

/* `names` starts as { 0 }.  -1 where they are no normalised sheets. */
int file_names_find(
    struct file_names *names, const char *sheets, size_t len, struct err *err);
void file_names_release(struct file_names *names);

#endif
