/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_POWERCUT_NAMES_H
#define TESTS_TORTURE_POWERCUT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/memdisk_internal.h"

/*
 * The one folder of the file system: names of files, as programs see them and
 * as the disk has them.
 */
enum { NAMES_MAX = 32, NAME_ROOM = 80 };

struct node {
	struct memfile file;
	unsigned opens;
	bool gone; /* from before a cut: freed when nobody has it open */
	struct node *next;
};

struct name {
	char text[NAME_ROOM]; /* "": a free place */
	struct node *node;
};

/* A change that waits for the folder to be synced. */
struct name_change {
	char from[NAME_ROOM]; /* is gone; or "" */
	char to[NAME_ROOM];   /* has `node`; or "" */
	struct node *node;
};

struct names {
	struct name seen[NAMES_MAX], durable[NAMES_MAX];
	struct name_change *changes;
	size_t change_count, change_room;
	struct node *nodes; /* all there are */
};

struct node *names_find(const struct names *names, const char *name);

/* NULL when there are too many. */
struct node *names_make(struct names *names, const char *name);
void names_remove(struct names *names, const char *name);
void names_rename(struct names *names, const char *from, const char *to);
void names_sync(struct names *names);

/* What a cut leaves of names and files; `empty`: nothing at all. */
void names_cut(struct names *names, uint64_t *random, bool empty);

void node_close(struct names *names, struct node *node);

#endif
