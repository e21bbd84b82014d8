/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/counter.h"

#include <sqlite3.h>
#include <string.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/engine.h"

struct counter {
	sqlite3_vfs methods;
	sqlite3_vfs *below;
	struct counts counts;
};

struct file {
	sqlite3_file base; /* first: a sqlite3_file * is a file * */
	struct counts *counts;
	sqlite3_file *real; /* behind this struct */
};

static sqlite3_file *
real(sqlite3_file *file)
{
	return ((struct file *)file)->real;
}

static int
x_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int
x_read(sqlite3_file *file, void *to, int amount, sqlite3_int64 offset)
{
	return real(file)->pMethods->xRead(real(file), to, amount, offset);
}

static int
x_write(sqlite3_file *file, const void *from, int amount, sqlite3_int64 offset)
{
	struct counts *counts = ((struct file *)file)->counts;

	counts->writes++;
	counts->bytes += (uint64_t)amount;
	return real(file)->pMethods->xWrite(real(file), from, amount, offset);
}

static int
x_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return real(file)->pMethods->xTruncate(real(file), size);
}

static int
x_sync(sqlite3_file *file, int flags)
{
	((struct file *)file)->counts->syncs++;
	return real(file)->pMethods->xSync(real(file), flags);
}

static int
x_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real(file)->pMethods->xFileSize(real(file), size);
}

static int
x_lock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xLock(real(file), level);
}

static int
x_unlock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int
x_reserved(sqlite3_file *file, int *held)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), held);
}

static int
x_control(sqlite3_file *file, int op, void *arg)
{
	return real(file)->pMethods->xFileControl(real(file), op, arg);
}

static int
x_sector(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int
x_device(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static const sqlite3_io_methods file_methods = {
	.iVersion = 1,
	.xClose = x_close,
	.xRead = x_read,
	.xWrite = x_write,
	.xTruncate = x_truncate,
	.xSync = x_sync,
	.xFileSize = x_size,
	.xLock = x_lock,
	.xUnlock = x_unlock,
	.xCheckReservedLock = x_reserved,
	.xFileControl = x_control,
	.xSectorSize = x_sector,
	.xDeviceCharacteristics = x_device,
};

static int
x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
    int *out_flags)
{
	struct counter *counter = vfs->pAppData;
	struct file *file = (struct file *)base;
	int rc;

	base->pMethods = NULL;
	file->counts = &counter->counts;
	file->real = (sqlite3_file *)(file + 1);
	file->real->pMethods = NULL;
	rc = counter->below->xOpen(
	    counter->below, name, file->real, flags, out_flags);
	if (rc == SQLITE_OK)
		base->pMethods = &file_methods;
	return rc;
}

static int
x_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	struct counter *counter = vfs->pAppData;

	return counter->below->xDelete(counter->below, name, sync_folder);
}

static int
x_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
	struct counter *counter = vfs->pAppData;

	return counter->below->xAccess(counter->below, name, flags, result);
}

static int
x_full_name(sqlite3_vfs *vfs, const char *name, int room, char *full)
{
	struct counter *counter = vfs->pAppData;

	return counter->below->xFullPathname(counter->below, name, room, full);
}

struct counts *
counter_new(const struct calls *calls)
{
	struct counter *counter = xcalloc(1, sizeof(*counter));

	counter->below = calls->vfs_find(NULL);
	if (!counter->below)
		bench_die("SQLite", "has no VFS");
	counter->methods = *counter->below;
	counter->methods.iVersion = 1;
	counter->methods.szOsFile =
	    (int)sizeof(struct file) + counter->below->szOsFile;
	counter->methods.zName = COUNTER_VFS;
	counter->methods.pNext = NULL;
	counter->methods.pAppData = counter;
	counter->methods.xOpen = x_open;
	counter->methods.xDelete = x_delete;
	counter->methods.xAccess = x_access;
	counter->methods.xFullPathname = x_full_name;
	if (calls->vfs_register(&counter->methods, 1) != SQLITE_OK)
		bench_die("SQLite", "takes no VFS");
	return &counter->counts;
}
