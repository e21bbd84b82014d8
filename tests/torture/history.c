/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/torture/history.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "storage/db.h"
#include "storage/vault_internal.h"

enum { SESSIONS = 4, STEPS = 7, CARRIED_ROWS = 5, LAST_ROWS = 16 };

static struct memdisk *
copy_of(const struct memdisk *disk, const char *name)
{
	struct memdisk *copy = memdisk_new(name);

	memdisk_copy(copy, disk);
	return copy;
}

static void
keep(struct history *history, const struct memdisk *disk, long events)
{
	char name[20];

	assert(history->count < HISTORY_MAX);
	snprintf(name, sizeof(name), "state-%zu", history->count);
	history->events[history->count] = events;
	history->states[history->count++] = copy_of(disk, name);
}

static void
run_session(struct history *history, struct memdisk *disk, struct work *work)
{
	struct err err = { 0 };
	struct vault *vault = memvault_open(disk, &err);

	assert(vault && work_begin(vault, &err) == 0);
	for (int i = 0; i < STEPS; i++) {
		const int result = work_step(work, vault, &err);

		assert(result == 0);
		keep(history, disk, work->acknowledged);
	}
	vault_close(vault);
	keep(history, disk, work->acknowledged);
}

/* Where the log begins to differ from what it was. */
static size_t
first_change(const struct memfile *before, const struct memfile *after)
{
	size_t at = 0;

	while (at < before->size && at < after->size &&
	    before->data[at] == after->data[at])
		at++;
	return at;
}

/*
 * Half of the log is carried over and more written behind it; then what a
 * kill leaves, and what a good end leaves.
 */
static void
run_last(struct history *history, struct memdisk *disk, struct work *work)
{
	struct err err = { 0 };
	struct vault *vault = memvault_open(disk, &err);
	struct memdisk *before = memdisk_new("before");
	long n = work->acknowledged;
	int result = 0;

	assert(vault);
	for (int i = 0; i < LAST_ROWS && result == 0; i++, n++) {
		memdisk_copy(before, disk);
		result = memvault_append(vault, n + 1, n + 1, &err);
		if (i != CARRIED_ROWS)
			continue;
		db_exec(vault->db, "PRAGMA wal_checkpoint(PASSIVE)", &err);
		history->carried = n + 1;
	}
	assert(result == 0);
	history->last_at = first_change(memdisk_file(before, MEMVAULT_WAL),
	    memdisk_file(disk, MEMVAULT_WAL));
	memdisk_free(before);
	history->all = n;
	history->killed = copy_of(disk, "killed");
	vault_close(vault);
	history->closed = copy_of(disk, "closed");
}

void
history_make(struct history *history, uint64_t seed)
{
	struct memdisk *disk = memdisk_new("history");
	struct work work = { .random = seed };

	memset(history, 0, sizeof(*history));
	memvault_make(disk);
	for (int i = 0; i < SESSIONS; i++)
		run_session(history, disk, &work);
	run_last(history, disk, &work);
	memdisk_free(disk);
}

void
history_release(struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		memdisk_free(history->states[i]);
	memdisk_free(history->closed);
	memdisk_free(history->killed);
	memset(history, 0, sizeof(*history));
}
