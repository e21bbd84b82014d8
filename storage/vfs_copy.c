/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <string.h>

/* What a copy of the file needs of the keys: its header, a look at a page. */

uint64_t
vfs_pages(const struct vfs *vfs)
{
	return (uint64_t)(vfs->db_size / VAULT_PAGE_BYTES);
}

void
vfs_copy_header(const struct vfs *vfs, uint8_t bytes[VAULT_HEADER_BYTES])
{
	struct vault_header copy = vfs->header;

	copy.generation++;
	copy.head = vfs->head;
	memset(copy.wal, 0, sizeof(copy.wal));
	copy.wal_frames = 0;
	copy.db_pages = (uint32_t)vfs_pages(vfs);
	vault_header_write(&copy, vfs->header_key->data, bytes);
	memcpy(bytes + VAULT_COPY_BYTES, bytes, VAULT_COPY_BYTES);
}

bool
vfs_page_opens(const struct vfs *vfs, uint32_t page,
    const uint8_t sealed[VAULT_PAGE_BYTES])
{
	const struct place place = { .kind = PLACE_DB, .page = page };
	uint8_t clear[VAULT_PAGE_BYTES];
	const bool opens = page_open(vfs, &place, sealed, clear) == 0;

	wipe(clear, sizeof(clear));
	return opens;
}
