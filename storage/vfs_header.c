/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/i18n.h"

/*
 * Both copies are written, one after the other, each synced before the next
 * step: at any moment one of them is whole, and once this returns a damaged
 * one does no harm, since the other says the same.
 */
int
header_store(struct vfs *vfs)
{
	sqlite3_file *real;
	struct vault_header next = vfs->header;
	uint8_t copy[VAULT_COPY_BYTES];
	int rc = SQLITE_OK;

	assert(vfs->db);
	if (vfs->left_alone)
		return SQLITE_IOERR_WRITE;
	real = vfs->db->real;
	next.generation++;
	next.head = vfs->head;
	next.wal_frames = vfs->wal_synced;
	next.db_pages = (uint32_t)(vfs->db_synced / VAULT_PAGE_BYTES);
	vault_header_write(&next, vfs->header_key->data, copy);
	for (int i = 0; i < 2 && rc == SQLITE_OK; i++) {
		rc = real->pMethods->xWrite(real, copy, sizeof(copy),
		    (sqlite3_int64)i * VAULT_COPY_BYTES);
		if (rc == SQLITE_OK)
			rc = real->pMethods->xSync(real, SQLITE_SYNC_NORMAL);
	}
	/* A later try must outrank what this one may have left behind. */
	vfs->header.generation = next.generation;
	if (rc != SQLITE_OK)
		return rc;
	vfs->header.head = next.head;
	vfs->header.wal_frames = next.wal_frames;
	vfs->header.db_pages = next.db_pages;
	return SQLITE_OK;
}

int
header_forget_wal(struct vfs *vfs)
{
	static const uint8_t none[WAL_HEADER_BYTES];

	if (memcmp(vfs->header.wal, none, sizeof(none)) == 0 &&
	    vfs->header.wal_frames == 0)
		return SQLITE_OK;
	memset(vfs->header.wal, 0, sizeof(vfs->header.wal));
	vfs->wal_commit = vfs->wal_synced = 0;
	return header_store(vfs);
}

int
vfs_set_slots(struct vfs *vfs, const struct vault_slot *slots, const char *path,
    struct err *err)
{
	struct vault_slot before[VAULT_SLOTS], after[VAULT_SLOTS];

	memcpy(before, vfs->header.slots, sizeof(before));
	memcpy(after, slots, sizeof(after));
	memcpy(vfs->header.slots, after, sizeof(after));
	errno = 0;
	if (header_store(vfs) == SQLITE_OK)
		return 0;
	memcpy(vfs->header.slots, before, sizeof(before));
	if (errno == 0)
		errno = EIO;
	err_errno(err, _("cannot write the header of %s"), path);
	header_store(vfs); /* the old ones again, where that is possible */
	return -1;
}

int
vfs_renew_instance(struct vfs *vfs,
    const uint8_t instance[VAULT_INSTANCE_BYTES], struct err *err)
{
	memcpy(vfs->header.instance, instance, VAULT_INSTANCE_BYTES);
	if (header_store(vfs) == SQLITE_OK)
		return 0;
	return err_set(err, ERR_IO,
	    _("cannot write the header of %s; look at the disk, or copy the "
	      "vault to another one"),
	    vfs->path);
}
