/* SPDX-License-Identifier: Apache-2.0 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/memdisk_internal.h"

/* The disk in memory as SQLite sees it, and where it fails. */
struct handle {
	sqlite3_file base;
	struct memdisk *disk;
	struct memfile *file;
};

enum call { CALL_READ, CALL_CHANGE, CALL_WRITE };

static bool
counts(const struct memdisk *disk, enum call call)
{
	switch (disk->fault) {
	case FAULT_ANY: return true;
	case FAULT_FULL: return call == CALL_WRITE;
	default: return call != CALL_READ;
	}
}

/* Counts a call; the code it fails with, or SQLITE_OK. */
static int
step(struct memdisk *disk, enum call call, int io_code)
{
	long number;

	if (!counts(disk, call))
		return SQLITE_OK;
	number = ++disk->calls;
	if (disk->fault == FAULT_NONE || number < disk->fail_at ||
	    (number > disk->fail_at && !disk->persistent))
		return SQLITE_OK;
	return disk->fault == FAULT_FULL ? SQLITE_FULL : io_code;
}

static void
tell(struct memdisk *disk)
{
	if (disk->hook)
		disk->hook(disk->arg);
}

static int
x_close(sqlite3_file *base)
{
	(void)base;
	return SQLITE_OK;
}

static int
x_read(sqlite3_file *base, void *to, int amount, sqlite3_int64 offset)
{
	struct handle *handle = (struct handle *)base;
	const struct memfile *file = handle->file;
	size_t have = 0;
	const int rc = step(handle->disk, CALL_READ, SQLITE_IOERR_READ);

	if (rc != SQLITE_OK)
		return rc;
	if ((size_t)offset < file->size)
		have = file->size - (size_t)offset;
	if (have > (size_t)amount)
		have = (size_t)amount;
	if (have > 0)
		memcpy(to, file->data + offset, have);
	if (have == (size_t)amount)
		return SQLITE_OK;
	memset((char *)to + have, 0, (size_t)amount - have);
	return SQLITE_IOERR_SHORT_READ;
}

static int
x_write(sqlite3_file *base, const void *from, int amount, sqlite3_int64 offset)
{
	struct handle *handle = (struct handle *)base;
	const struct memdisk_op op = { .offset = (size_t)offset,
		.len = (size_t)amount };
	const int rc = step(handle->disk, CALL_WRITE, SQLITE_IOERR_WRITE);

	if (rc != SQLITE_OK)
		return rc;
	memfile_add(handle->file, op, from);
	tell(handle->disk);
	return SQLITE_OK;
}

static int
x_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct handle *handle = (struct handle *)base;
	const struct memdisk_op op = { .truncate = true, .len = (size_t)size };
	const int rc = step(handle->disk, CALL_CHANGE, SQLITE_IOERR_TRUNCATE);

	if (rc != SQLITE_OK)
		return rc;
	memfile_add(handle->file, op, NULL);
	tell(handle->disk);
	return SQLITE_OK;
}

static int
x_sync(sqlite3_file *base, int flags)
{
	struct handle *handle = (struct handle *)base;
	const int rc = step(handle->disk, CALL_CHANGE, SQLITE_IOERR_FSYNC);

	(void)flags;
	if (rc != SQLITE_OK)
		return rc;
	memfile_sync(handle->file);
	tell(handle->disk);
	return SQLITE_OK;
}

static int
x_size(sqlite3_file *base, sqlite3_int64 *size)
{
	struct handle *handle = (struct handle *)base;

	*size = (sqlite3_int64)handle->file->size;
	return step(handle->disk, CALL_READ, SQLITE_IOERR_FSTAT);
}

static int
x_lock(sqlite3_file *base, int level)
{
	(void)base;
	(void)level;
	return SQLITE_OK;
}

static int
x_check_lock(sqlite3_file *base, int *held)
{
	(void)base;
	*held = 0;
	return SQLITE_OK;
}

static int
x_control(sqlite3_file *base, int op, void *arg)
{
	(void)base;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
x_number(sqlite3_file *base)
{
	(void)base;
	return 0;
}

static const sqlite3_io_methods io = {
	.iVersion = 1,
	.xClose = x_close,
	.xRead = x_read,
	.xWrite = x_write,
	.xTruncate = x_truncate,
	.xSync = x_sync,
	.xFileSize = x_size,
	.xLock = x_lock,
	.xUnlock = x_lock,
	.xCheckReservedLock = x_check_lock,
	.xFileControl = x_control,
	.xSectorSize = x_number,
	.xDeviceCharacteristics = x_number,
};

static int
x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
    int *out_flags)
{
	struct memdisk *disk = vfs->pAppData;
	struct handle *handle = (struct handle *)base;

	if (step(disk, CALL_READ, SQLITE_CANTOPEN) != SQLITE_OK) {
		base->pMethods = NULL;
		return SQLITE_CANTOPEN;
	}
	handle->disk = disk;
	handle->file = flags & SQLITE_OPEN_CREATE ? memdisk_make(disk, name)
						  : memdisk_file(disk, name);
	base->pMethods = handle->file ? &io : NULL;
	if (out_flags)
		*out_flags = flags;
	return handle->file ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int
x_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	struct memdisk *disk = vfs->pAppData;
	struct memfile *file = memdisk_file(disk, name);

	const int rc = step(disk, CALL_CHANGE, SQLITE_IOERR_DELETE);

	if (rc != SQLITE_OK)
		return rc;
	if (!file)
		return SQLITE_IOERR_DELETE_NOENT;
	file->exists = false;
	if (sync_folder)
		file->exists_durably = false;
	tell(disk);
	return SQLITE_OK;
}

static int
x_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
	(void)flags;
	*result = memdisk_file(vfs->pAppData, name) != NULL;
	return step(vfs->pAppData, CALL_READ, SQLITE_IOERR_ACCESS);
}

static int
x_full_name(sqlite3_vfs *vfs, const char *name, int room, char *full)
{
	(void)vfs;
	snprintf(full, (size_t)room, "%s", name);
	return SQLITE_OK;
}

/* SQLite asks its default VFS for a seed. */
static int
x_random(sqlite3_vfs *vfs, int amount, char *to)
{
	static uint64_t state = 0x2545f4914f6cdd1d;

	(void)vfs;
	for (int i = 0; i < amount; i++)
		to[i] = (char)random_next(&state);
	return amount;
}

static int
x_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

static int
x_time(sqlite3_vfs *vfs, double *now)
{
	(void)vfs;
	*now = 2460000.5;
	return SQLITE_OK;
}

static int
x_last_error(sqlite3_vfs *vfs, int room, char *text)
{
	(void)vfs;
	(void)room;
	(void)text;
	return 0;
}

struct memdisk *
memdisk_new(const char *name)
{
	struct memdisk *disk = xcalloc(1, sizeof(*disk));

	snprintf(disk->name, sizeof(disk->name), "%s", name);
	disk->methods = (sqlite3_vfs){
		.iVersion = 1,
		.szOsFile = (int)sizeof(struct handle),
		.mxPathname = 60,
		.zName = disk->name,
		.pAppData = disk,
		.xOpen = x_open,
		.xDelete = x_delete,
		.xAccess = x_access,
		.xFullPathname = x_full_name,
		.xRandomness = x_random,
		.xSleep = x_sleep,
		.xCurrentTime = x_time,
		.xGetLastError = x_last_error,
	};
	sqlite3_vfs_register(&disk->methods, 0);
	return disk;
}

void
memdisk_use(struct memdisk *disk)
{
	sqlite3_vfs_register(&disk->methods, 1);
}

void
memdisk_free(struct memdisk *disk)
{
	sqlite3_vfs_unregister(&disk->methods);
	for (size_t i = 0; i < MEMDISK_FILES; i++) {
		memfile_forget(&disk->files[i]);
		free(disk->files[i].ops);
		free(disk->files[i].data);
		free(disk->files[i].durable);
	}
	free(disk);
}

void
memdisk_watch(struct memdisk *disk, void (*hook)(void *arg), void *arg)
{
	disk->hook = hook;
	disk->arg = arg;
}

void
memdisk_fail(
    struct memdisk *disk, enum memdisk_fault fault, long at, bool persistent)
{
	disk->fault = fault;
	disk->fail_at = at;
	disk->persistent = persistent;
	disk->calls = 0;
}

long
memdisk_calls(const struct memdisk *disk)
{
	return disk->calls;
}
