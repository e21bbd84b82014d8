/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_MEMDISK_INTERNAL_H
#define TESTS_MEMDISK_INTERNAL_H

#include <sqlite3.h>

#include "tests/memdisk.h"

/* What memdisk.c (files, power cuts) and memdisk_vfs.c (SQLite) share. */
struct memdisk {
	sqlite3_vfs methods;
	char name[32];
	struct memfile files[MEMDISK_FILES];
	void (*hook)(void *arg);
	void *arg;
	enum memdisk_fault fault;
	bool persistent;
	long calls, fail_at;
};

/* Finds the file or makes it; NULL when there are too many. */
struct memfile *memdisk_make(struct memdisk *disk, const char *name);

/* All that was written is on the disk from here on. */
void memfile_sync(struct memfile *file);
void memfile_forget(struct memfile *file);
void memfile_apply(uint8_t **data, size_t *size, const struct memdisk_op *op);

/* Applies what is not synced and keeps it; `bytes` are copied, or NULL. */
void memfile_add(struct memfile *file, struct memdisk_op op, const void *bytes);

/* Makes it what a power cut leaves of it. */
void memfile_cut(struct memfile *file, uint64_t *random);

#endif
