/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_POWERCUT_FS_H
#define TESTS_TORTURE_POWERCUT_FS_H

#include <stdint.h>
#include <sys/types.h>

/*
 * A file system for power cuts, mounted through FUSE: one folder of files,
 * kept in memory.  What a program writes it reads back; what it synced is on
 * the "disk".  At a cut every call fails from then on, and when the power is
 * back each unsynced write is there, missing or torn at 512 bytes, each name
 * that was made, renamed or deleted without the folder being synced is as
 * before or as after.
 */
struct powercut;

/* Mounts it at `folder`, an empty one.  NULL, with errno, when it cannot. */
struct powercut *powercut_mount(const char *folder);
void powercut_unmount(struct powercut *fs); /* NULL is allowed */

/* The power goes at the `after`-th change from now (1: the next). */
void powercut_arm(struct powercut *fs, uint32_t after);

/* Cuts if it was not cut yet, then gives power again, by chance `seed`. */
void powercut_restore(struct powercut *fs, uint64_t seed);

/* The power is back, on a disk with nothing on it. */
void powercut_empty(struct powercut *fs);

/* Changes (writes, truncations, syncs, names) since the mount. */
uint64_t powercut_changes(struct powercut *fs);

#endif
