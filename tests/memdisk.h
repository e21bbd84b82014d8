/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_MEMDISK_H
#define TESTS_MEMDISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A disk in memory, as a VFS of SQLite that lies below the one under test.
 * It knows what was synced and what only written, so it can say what a power
 * cut might leave; it can fail at the n-th call; and its bytes can be changed
 * behind the vault's back.
 */
enum { MEMDISK_FILES = 4 };

struct memdisk_op {
	bool truncate;
	size_t offset, len; /* len: the new size for a truncation */
	uint8_t *bytes;
};

struct memfile {
	char name[64];
	bool exists, exists_durably;
	uint8_t *data, *durable;
	size_t size, durable_size;
	struct memdisk_op *ops; /* since the last sync */
	size_t op_count, op_room;
};

enum memdisk_fault {
	FAULT_NONE,
	FAULT_FULL, /* of calls that write */
	FAULT_IO,   /* of those that write, truncate, sync or delete */
	FAULT_ANY   /* of all calls, reads as well */
};

struct memdisk;

/* `name` is the VFS's; a new disk is empty. */
struct memdisk *memdisk_new(const char *name);
void memdisk_free(struct memdisk *disk);

/* NULL when it does not exist. */
struct memfile *memdisk_file(struct memdisk *disk, const char *name);
/* Sets the whole content, synced. */
void memdisk_put(
    struct memdisk *disk, const char *name, const void *bytes, size_t len);
void memdisk_remove(struct memdisk *disk, const char *name);
/* Makes `to` what `from` shows at this moment, all of it synced. */
void memdisk_copy(struct memdisk *to, const struct memdisk *from);

/* Makes it SQLite's default, so that vault.c's own code opens vaults on it. */
void memdisk_use(struct memdisk *disk);

/*
 * Makes `to` what a power cut might leave of `from`: of the unsynced writes
 * each is there, missing, or torn at sectors of 512 bytes, as `random` says.
 * What is returned is the same only when the same disk was made from the same
 * moment.
 */
uint64_t memdisk_crash(
    struct memdisk *to, const struct memdisk *from, uint64_t *random);

/* Called after each write, truncation, sync and deletion; or NULL. */
void memdisk_watch(struct memdisk *disk, void (*hook)(void *arg), void *arg);

/*
 * The `at`-th call from now (from 1) of those that `fault` counts fails; all
 * after it too when `persistent`.
 */
void memdisk_fail(
    struct memdisk *disk, enum memdisk_fault fault, long at, bool persistent);
/* Calls since memdisk_fail() or the start. */
long memdisk_calls(const struct memdisk *disk);

/* xorshift: a seeded, repeatable source of numbers; the state is not 0. */
uint64_t random_next(uint64_t *state);

#endif
