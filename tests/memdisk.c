/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/memdisk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SECTOR_BYTES = 512 };

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

struct handle {
	sqlite3_file base;
	struct memdisk *disk;
	struct memfile *file;
};

uint64_t
random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
set_size(uint8_t **data, size_t *size, size_t new_size)
{
	*data = xrealloc(*data, new_size + 1, 1);
	if (new_size > *size)
		memset(*data + *size, 0, new_size - *size);
	*size = new_size;
}

static void
apply(uint8_t **data, size_t *size, const struct memdisk_op *op)
{
	if (op->truncate) {
		set_size(data, size, op->len);
		return;
	}
	if (op->offset + op->len > *size)
		set_size(data, size, op->offset + op->len);
	memcpy(*data + op->offset, op->bytes, op->len);
}

static void
forget_ops(struct memfile *file)
{
	for (size_t i = 0; i < file->op_count; i++)
		free(file->ops[i].bytes);
	file->op_count = 0;
}

static void
sync_file(struct memfile *file)
{
	set_size(&file->durable, &file->durable_size, file->size);
	if (file->size > 0)
		memcpy(file->durable, file->data, file->size);
	file->exists_durably = file->exists;
	forget_ops(file);
}

struct memfile *
memdisk_file(struct memdisk *disk, const char *name)
{
	for (size_t i = 0; i < MEMDISK_FILES; i++)
		if (disk->files[i].exists &&
		    strcmp(disk->files[i].name, name) == 0)
			return &disk->files[i];
	return NULL;
}

static struct memfile *
make_file(struct memdisk *disk, const char *name)
{
	struct memfile *file = memdisk_file(disk, name), *slot = NULL;

	if (file)
		return file;
	for (size_t i = 0; i < MEMDISK_FILES && !slot; i++)
		if (strcmp(disk->files[i].name, name) == 0)
			slot = &disk->files[i];
	for (size_t i = 0; i < MEMDISK_FILES && !slot; i++)
		if (!disk->files[i].name[0])
			slot = &disk->files[i];
	if (!slot)
		return NULL;
	snprintf(slot->name, sizeof(slot->name), "%s", name);
	slot->exists = true;
	slot->size = 0;
	return slot;
}

void
memdisk_put(
    struct memdisk *disk, const char *name, const void *bytes, size_t len)
{
	struct memfile *file = make_file(disk, name);

	set_size(&file->data, &file->size, len);
	if (len > 0)
		memcpy(file->data, bytes, len);
	sync_file(file);
}

void
memdisk_remove(struct memdisk *disk, const char *name)
{
	struct memfile *file = memdisk_file(disk, name);

	if (!file)
		return;
	file->exists = false;
	file->size = 0;
	sync_file(file);
}

static void
remove_all(struct memdisk *disk)
{
	for (size_t i = 0; i < MEMDISK_FILES; i++)
		if (disk->files[i].exists)
			memdisk_remove(disk, disk->files[i].name);
}

void
memdisk_copy(struct memdisk *to, const struct memdisk *from)
{
	remove_all(to);
	for (size_t i = 0; i < MEMDISK_FILES; i++)
		if (from->files[i].exists)
			memdisk_put(to, from->files[i].name,
			    from->files[i].data, from->files[i].size);
}

/* One unsynced write, some of its sectors lost. */
static void
apply_torn(struct memfile *file, const struct memdisk_op *op, uint64_t *random)
{
	size_t at = op->offset;

	while (at < op->offset + op->len) {
		const size_t end_of_sector =
		    (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
		const size_t end = end_of_sector < op->offset + op->len
		    ? end_of_sector
		    : op->offset + op->len;
		const struct memdisk_op piece = {
			.offset = at,
			.len = end - at,
			.bytes = op->bytes + (at - op->offset),
		};

		if (random_next(random) & 1)
			apply(&file->data, &file->size, &piece);
		at = end;
	}
}

void
memdisk_crash(struct memdisk *to, const struct memdisk *from, uint64_t *random)
{
	const bool nothing = random_next(random) % 8 == 0;

	remove_all(to);
	for (size_t i = 0; i < MEMDISK_FILES; i++) {
		const struct memfile *file = &from->files[i];
		struct memfile *made;

		if (!file->exists &&
		    (!file->exists_durably || random_next(random) & 1))
			continue; /* deleted, and the folder knows it */
		if (file->exists && !file->exists_durably &&
		    random_next(random) & 1)
			continue; /* made, and the folder does not know it */
		memdisk_put(to, file->name, file->durable, file->durable_size);
		made = memdisk_file(to, file->name);
		for (size_t n = 0; n < file->op_count && !nothing; n++) {
			const uint64_t fate = random_next(random) % 4;

			if (fate == 0 && !file->ops[n].truncate)
				apply_torn(made, &file->ops[n], random);
			else if (fate & 1)
				apply(&made->data, &made->size, &file->ops[n]);
		}
		sync_file(made);
	}
}

/* Counts a call; the code it fails with, or SQLITE_OK. */
static int
step(struct memdisk *disk, int io_code)
{
	const long call = ++disk->calls;

	if (disk->fault == FAULT_NONE || call < disk->fail_at ||
	    (call > disk->fail_at && !disk->persistent))
		return SQLITE_OK;
	return disk->fault == FAULT_FULL ? SQLITE_FULL : io_code;
}

static void
add_op(struct memfile *file, struct memdisk_op op, const void *bytes)
{
	mem_grow(
	    &file->ops, &file->op_room, file->op_count + 1, sizeof(*file->ops));
	if (bytes) {
		op.bytes = xcalloc(op.len, 1);
		memcpy(op.bytes, bytes, op.len);
	}
	apply(&file->data, &file->size, &op);
	file->ops[file->op_count++] = op;
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
	const struct memfile *file = ((struct handle *)base)->file;
	size_t have = 0;

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
	const int rc = step(handle->disk, SQLITE_IOERR_WRITE);

	if (rc != SQLITE_OK)
		return rc;
	add_op(handle->file, op, from);
	tell(handle->disk);
	return SQLITE_OK;
}

static int
x_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct handle *handle = (struct handle *)base;
	const struct memdisk_op op = { .truncate = true, .len = (size_t)size };
	const int rc = step(handle->disk, SQLITE_IOERR_TRUNCATE);

	if (rc != SQLITE_OK)
		return rc;
	add_op(handle->file, op, NULL);
	tell(handle->disk);
	return SQLITE_OK;
}

static int
x_sync(sqlite3_file *base, int flags)
{
	struct handle *handle = (struct handle *)base;
	const int rc = step(handle->disk, SQLITE_IOERR_FSYNC);

	(void)flags;
	if (rc != SQLITE_OK)
		return rc;
	sync_file(handle->file);
	tell(handle->disk);
	return SQLITE_OK;
}

static int
x_size(sqlite3_file *base, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)((struct handle *)base)->file->size;
	return SQLITE_OK;
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

	handle->disk = disk;
	handle->file = flags & SQLITE_OPEN_CREATE ? make_file(disk, name)
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
	return SQLITE_OK;
}

static int
x_full_name(sqlite3_vfs *vfs, const char *name, int room, char *full)
{
	(void)vfs;
	snprintf(full, (size_t)room, "%s", name);
	return SQLITE_OK;
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
		.xSleep = x_sleep,
		.xCurrentTime = x_time,
		.xGetLastError = x_last_error,
	};
	sqlite3_vfs_register(&disk->methods, 0);
	return disk;
}

void
memdisk_free(struct memdisk *disk)
{
	sqlite3_vfs_unregister(&disk->methods);
	for (size_t i = 0; i < MEMDISK_FILES; i++) {
		forget_ops(&disk->files[i]);
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
