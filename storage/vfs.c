/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * Which files there are for SQLite: the one database, opened once, and its
 * WAL.  A rollback journal does not exist, whatever lies in the folder: a
 * planted one would be played back into the vault.  Temporary files, journals
 * of every kind and any other database (ATTACH) cannot be opened at all, so
 * nothing can reach the disk that does not pass through vfs_db.c or
 * vfs_wal.c.
 */
static struct vfs *
of(sqlite3_vfs *methods)
{
	return methods->pAppData;
}

/* Is `name` the database's own name, with `end` behind it? */
static bool
is_own(const struct vfs *vfs, const char *name, const char *end)
{
	const size_t len = vfs->full ? strlen(vfs->full) : 0;

	return name && len > 0 && strncmp(name, vfs->full, len) == 0 &&
	    strcmp(name + len, end) == 0;
}

static int
open_real(struct vfs *vfs, const char *name, struct vfs_file *file, int flags,
    int *out_flags)
{
	int got = 0, rc;

	file->vfs = vfs;
	file->real = (sqlite3_file *)(file + 1);
	file->real->pMethods = NULL;
	rc = vfs->below->xOpen(vfs->below, name, file->real, flags, &got);
	if (rc == SQLITE_OK && !(got & SQLITE_OPEN_READWRITE)) {
		file->real->pMethods->xClose(file->real);
		rc = SQLITE_CANTOPEN;
	}
	if (out_flags)
		*out_flags = got;
	return rc;
}

static int
open_db(struct vfs *vfs, struct vfs_file *file, int flags, int *out_flags)
{
	int rc = open_real(
	    vfs, vfs->full, file, flags & ~SQLITE_OPEN_CREATE, out_flags);

	if (rc != SQLITE_OK)
		return rc;
	rc = db_file_opened(vfs, file);
	if (rc != SQLITE_OK) {
		file->real->pMethods->xClose(file->real);
		return rc;
	}
	file->base.pMethods = &vfs_db_methods;
	return SQLITE_OK;
}

static int
open_wal(struct vfs *vfs, const char *name, struct vfs_file *file, int flags,
    int *out_flags)
{
	int exists = 1, rc;

	/* One that should be there is not made anew. */
	if (vfs->header.wal_frames > 0)
		vfs->below->xAccess(
		    vfs->below, name, SQLITE_ACCESS_EXISTS, &exists);
	if (!exists)
		return trouble_set(
		    vfs, TROUBLE_WAL_LOST, 1, 0, SQLITE_IOERR_DATA);
	rc = open_real(vfs, name, file, flags, out_flags);
	if (rc != SQLITE_OK)
		return trouble_set(vfs, TROUBLE_FOLDER, 0, 0, rc);
	vfs->pending_at = 0;
	rc = wal_scan(vfs, file->real);
	if (rc != SQLITE_OK) {
		file->real->pMethods->xClose(file->real);
		return rc;
	}
	file->base.pMethods = &vfs_wal_methods;
	return SQLITE_OK;
}

static int
vfs_x_open(sqlite3_vfs *methods, const char *name, sqlite3_file *base,
    int flags, int *out_flags)
{
	struct vfs *vfs = of(methods);
	struct vfs_file *file = (struct vfs_file *)base;

	base->pMethods = NULL;
	if ((flags & SQLITE_OPEN_MAIN_DB) && !vfs->db && is_own(vfs, name, ""))
		return open_db(vfs, file, flags, out_flags);
	if ((flags & SQLITE_OPEN_WAL) && vfs->db && is_own(vfs, name, "-wal"))
		return open_wal(vfs, name, file, flags, out_flags);
	return SQLITE_CANTOPEN;
}

static int
vfs_x_delete(sqlite3_vfs *methods, const char *name, int sync_folder)
{
	struct vfs *vfs = of(methods);

	if (!is_own(vfs, name, "-wal"))
		return SQLITE_OK; /* nothing else of ours was ever made */
	if (vfs->left_alone)
		return SQLITE_IOERR_DELETE;
	if (vfs->db) {
		const int rc = header_forget_wal(vfs);

		if (rc != SQLITE_OK)
			return rc;
	}
	return vfs->below->xDelete(vfs->below, name, sync_folder);
}

static int
vfs_x_access(sqlite3_vfs *methods, const char *name, int flags, int *result)
{
	struct vfs *vfs = of(methods);

	*result = 0;
	if (!is_own(vfs, name, "") && !is_own(vfs, name, "-wal"))
		return SQLITE_OK;
	return vfs->below->xAccess(vfs->below, name, flags, result);
}

/* The first name asked for is the vault's; others are refused at opening. */
static int
vfs_x_full_name(sqlite3_vfs *methods, const char *name, int room, char *full)
{
	struct vfs *vfs = of(methods);
	int rc = vfs->below->xFullPathname(vfs->below, name, room, full);

	/* SQLITE_OK_SYMLINK is a success as well. */
	if ((rc & 0xff) == SQLITE_OK && !vfs->full &&
	    strcmp(name, vfs->path) == 0)
		vfs->full = xstrdup(full);
	return rc;
}

static int
vfs_x_random(sqlite3_vfs *methods, int amount, char *to)
{
	(void)methods;
	random_bytes(to, (size_t)amount);
	return amount;
}

static int
vfs_x_sleep(sqlite3_vfs *methods, int microseconds)
{
	sqlite3_vfs *below = of(methods)->below;

	return below->xSleep(below, microseconds);
}

static int
vfs_x_time(sqlite3_vfs *methods, double *now)
{
	sqlite3_vfs *below = of(methods)->below;

	return below->xCurrentTime(below, now);
}

static int
vfs_x_last_error(sqlite3_vfs *methods, int room, char *text)
{
	sqlite3_vfs *below = of(methods)->below;

	return below->xGetLastError ? below->xGetLastError(below, room, text)
				    : 0;
}

int
file_lock(sqlite3_file *file, int level)
{
	sqlite3_file *real = ((struct vfs_file *)file)->real;

	return real->pMethods->xLock(real, level);
}

int
file_unlock(sqlite3_file *file, int level)
{
	sqlite3_file *real = ((struct vfs_file *)file)->real;

	return real->pMethods->xUnlock(real, level);
}

int
file_check_lock(sqlite3_file *file, int *held)
{
	sqlite3_file *real = ((struct vfs_file *)file)->real;

	return real->pMethods->xCheckReservedLock(real, held);
}

int
file_sector_size(sqlite3_file *file)
{
	(void)file;
	return VAULT_PAGE_BYTES;
}

/*
 * A write harms nothing outside it: so SQLite does not split or pad frames.
 * No atomic writes are promised, since what goes down is not what came.
 */
int
file_characteristics(sqlite3_file *file)
{
	(void)file;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int
file_control(sqlite3_file *file, int op, void *arg)
{
	struct vfs_file *own = (struct vfs_file *)file;

	switch (op) {
	case SQLITE_FCNTL_PRAGMA: return rules_pragma(own->vfs, arg);
	case SQLITE_FCNTL_SIZE_HINT: /* would leave zeroes in the file */
	case SQLITE_FCNTL_CHUNK_SIZE: return SQLITE_OK;
	case SQLITE_FCNTL_LOCKSTATE:
	case SQLITE_FCNTL_LAST_ERRNO:
	case SQLITE_FCNTL_HAS_MOVED:
		return own->real->pMethods->xFileControl(own->real, op, arg);
	default: return SQLITE_NOTFOUND;
	}
}

struct vfs *
vfs_new(const char *path, const struct vault_header *header,
    const struct secret *key, const char *base, bool creating)
{
	static unsigned count;
	struct vfs *vfs = xcalloc(1, sizeof(*vfs));

	vfs->below = sqlite3_vfs_find(base);
	assert(vfs->below);
	vfs->path = xstrdup(path);
	vfs->creating = creating;
	vfs->header = *header;
	vfs->head = header->head;
	vfs->page_key = kdf_subkey(key, "ronde/vault/page/1");
	vfs->mask_key = kdf_subkey(key, "ronde/vault/mask/1");
	vfs->header_key = vault_header_key(key);
	snprintf(vfs->name, sizeof(vfs->name), "ronde-%u", ++count);
	vfs->methods = (sqlite3_vfs){
		.iVersion = 1,
		.szOsFile = (int)sizeof(struct vfs_file) + vfs->below->szOsFile,
		.mxPathname = vfs->below->mxPathname,
		.zName = vfs->name,
		.pAppData = vfs,
		.xOpen = vfs_x_open,
		.xDelete = vfs_x_delete,
		.xAccess = vfs_x_access,
		.xFullPathname = vfs_x_full_name,
		.xRandomness = vfs_x_random,
		.xSleep = vfs_x_sleep,
		.xCurrentTime = vfs_x_time,
		.xGetLastError = vfs_x_last_error,
	};
	sqlite3_vfs_register(&vfs->methods, 0);
	return vfs;
}

void
vfs_free(struct vfs *vfs)
{
	if (!vfs)
		return;
	assert(!vfs->db);
	sqlite3_vfs_unregister(&vfs->methods);
	secret_free(vfs->page_key);
	secret_free(vfs->mask_key);
	secret_free(vfs->header_key);
	wipe(vfs->clear, sizeof(vfs->clear));
	free(vfs->path);
	free(vfs->full);
	free(vfs);
}

const char *
vfs_name(const struct vfs *vfs)
{
	return vfs->name;
}

const struct vault_header *
vfs_header(const struct vfs *vfs)
{
	return &vfs->header;
}

void
vfs_settle(struct vfs *vfs)
{
	vfs->settled = true;
}

void
vfs_set_head(struct vfs *vfs, const struct vault_head *head)
{
	vfs->head = *head;
}
