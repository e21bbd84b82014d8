/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <assert.h>

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
	real = vfs->db->real;
	next.generation++;
	next.head = vfs->head;
	vault_header_write(&next, vfs->header_key->data, copy);
	for (int i = 0; i < 2 && rc == SQLITE_OK; i++) {
		rc = real->pMethods->xWrite(
		    real, copy, sizeof(copy), i * VAULT_COPY_BYTES);
		if (rc == SQLITE_OK)
			rc = real->pMethods->xSync(real, SQLITE_SYNC_NORMAL);
	}
	/* A later try must outrank what this one may have left behind. */
	vfs->header.generation = next.generation;
	if (rc == SQLITE_OK)
		vfs->header.head = next.head;
	return rc;
}
