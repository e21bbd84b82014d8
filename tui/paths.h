/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_PATHS_H
#define TUI_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/* Paths as people type them, and the folders they pick from. */

/* "~/x" with the home folder in the place of "~"; the caller's to free. */
char *path_expand(const char *typed);

/*
 * What was typed, made longer by as much as all files that begin so have in
 * common, with "/" after a folder; the caller's to free.  NULL when nothing
 * begins so.
 */
char *path_complete(const char *typed);

struct path_entry {
	char *name; /* owned */
	bool is_folder;
	uint64_t size;
	int64_t time; /* last change, milliseconds */
};

struct path_list {
	struct path_entry *entries;
	size_t count, room;
};

enum { PATH_ENTRIES_MAX = 10000 };

/* What is in a folder, but hidden files: ".." first, then the newest first. */
int path_list_read(struct path_list *list, const char *folder, struct err *err);
void path_list_release(struct path_list *list);

/*
 * Where a USB stick is mounted: the first folder in /media/USER or
 * /run/media/USER; the caller's to free.  NULL where there is none.
 */
char *path_removable(void);

/*
 * The first of FOLDER/NAME SUFFIX, FOLDER/NAME-2 SUFFIX and so on that is not
 * there yet, as a person writes it ("~/..." stays); the caller's to free.
 */
char *path_free_name(const char *folder, const char *name, const char *suffix);

/* 0, or ERR_EXISTS where a file has the name: nothing is written over. */
int path_check_new(const char *path, struct err *err);

#endif
