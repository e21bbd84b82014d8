/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <string.h>

#include "base/buf.h"

/*
 * The database file.  What SQLite takes for offset 0 stands behind the two
 * header copies.
 *
 *  (1) Every page of the file was written by us: a write past the end first
 *      fills the gap with sealed pages of zeroes, so that zeroes on the disk
 *      are never taken for a page.
 *  (2) SQLite's first look at the 100 bytes of the database header comes
 *      before it reads the WAL, when page 1 may be torn and its good copy in
 *      the WAL.  That look is always answered from `first_look`, which says
 *      nothing but what holds for every vault; the page itself is checked
 *      whenever it is read as a page.
 */
enum {
	FIRST_LOOK_BYTES = 100,
	PAGE_COUNT_AT = 28, /* in page 1 */
	RESERVE_AT = 20,
	PAGE_SIZE_AT = 16
};

static const uint8_t first_look[FIRST_LOOK_BYTES] = {
	'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f', 'o', 'r', 'm', 'a', 't', ' ',
	'3', 0, VAULT_PAGE_BYTES >> 8, VAULT_PAGE_BYTES & 255, /* page size */
	2, 2,                /* written and read through a WAL */
	VAULT_RESERVE_BYTES, /* bytes kept free at the end of a page */
	64, 32, 32           /* payload fractions, fixed */
};

static int64_t
on_disk(int64_t offset)
{
	return offset + VAULT_HEADER_BYTES;
}

static int
load_page(struct vfs_file *file, uint32_t page, uint8_t *clear)
{
	struct vfs *vfs = file->vfs;
	const struct place place = { .kind = PLACE_DB, .page = page };
	const int64_t offset = (int64_t)(page - 1) * VAULT_PAGE_BYTES;
	int rc;

	if (offset + VAULT_PAGE_BYTES > vfs->db_size) {
		memset(clear, 0, VAULT_PAGE_BYTES);
		if (offset + VAULT_PAGE_BYTES <= vfs->db_least)
			return trouble_set(vfs, TROUBLE_MISSING, page,
			    on_disk(offset), SQLITE_IOERR_READ);
		return SQLITE_IOERR_SHORT_READ;
	}
	rc = file->real->pMethods->xRead(
	    file->real, vfs->frame, VAULT_PAGE_BYTES, on_disk(offset));
	if (rc != SQLITE_OK)
		return trouble_read(
		    vfs, TROUBLE_PAGE, page, on_disk(offset), rc);
	if (page_open(vfs, &place, vfs->frame, clear) != 0)
		return trouble_set(vfs, TROUBLE_PAGE, page, on_disk(offset),
		    SQLITE_IOERR_DATA);
	return SQLITE_OK;
}

/* Any piece of any pages, as SQLite's partial reads need. */
static int
db_read(sqlite3_file *base, void *to, int amount, sqlite3_int64 offset)
{
	struct vfs_file *file = (struct vfs_file *)base;
	uint8_t *clear = file->vfs->clear, *at = to;
	int rc = SQLITE_OK;

	if (offset == 0 && amount == FIRST_LOOK_BYTES) {
		memcpy(to, first_look, sizeof(first_look));
		return SQLITE_OK;
	}
	/* Nearly always: one page, opened where SQLite wants it. */
	if (amount == VAULT_PAGE_BYTES && offset % VAULT_PAGE_BYTES == 0)
		return load_page(
		    file, (uint32_t)(offset / VAULT_PAGE_BYTES + 1), to);
	while (amount > 0) {
		const int skip = (int)(offset % VAULT_PAGE_BYTES);
		int piece = VAULT_PAGE_BYTES - skip;
		int got = load_page(
		    file, (uint32_t)(offset / VAULT_PAGE_BYTES + 1), clear);

		if (got != SQLITE_OK && got != SQLITE_IOERR_SHORT_READ)
			return got;
		if (got != SQLITE_OK)
			rc = got;
		if (piece > amount)
			piece = amount;
		memcpy(at, clear + skip, (size_t)piece);
		at += piece;
		offset += piece;
		amount -= piece;
	}
	wipe(clear, VAULT_PAGE_BYTES);
	return rc;
}

static int
store_page(struct vfs_file *file, uint32_t page, const uint8_t *clear)
{
	struct vfs *vfs = file->vfs;
	const struct place place = { .kind = PLACE_DB, .page = page };
	const int64_t offset = (int64_t)(page - 1) * VAULT_PAGE_BYTES;
	uint8_t tidy[VAULT_PAGE_BYTES];
	int rc;

	memcpy(tidy, clear, sizeof(tidy));
	page_tidy(page, tidy);
	page_seal(vfs, &place, tidy, vfs->frame);
	wipe(tidy, sizeof(tidy));
	rc = file->real->pMethods->xWrite(
	    file->real, vfs->frame, VAULT_PAGE_BYTES, on_disk(offset));
	if (rc == SQLITE_OK && offset + VAULT_PAGE_BYTES > vfs->db_size)
		vfs->db_size = offset + VAULT_PAGE_BYTES;
	return rc;
}

static int
fill_gap(struct vfs_file *file, int64_t until)
{
	static const uint8_t zero[VAULT_PAGE_BYTES];
	int rc = SQLITE_OK;

	while (rc == SQLITE_OK && file->vfs->db_size < until)
		rc = store_page(file,
		    (uint32_t)(file->vfs->db_size / VAULT_PAGE_BYTES + 1),
		    zero);
	return rc;
}

/* A page 1 of another layout would make SQLite use the reserved bytes. */
static bool
is_our_first_page(const uint8_t *clear)
{
	return memcmp(clear + PAGE_SIZE_AT, first_look + PAGE_SIZE_AT, 2) ==
	    0 &&
	    clear[RESERVE_AT] == VAULT_RESERVE_BYTES;
}

/*
 * From here on the database may be ahead of a WAL that is cut: so before the
 * first page of a checkpoint the header says how long the WAL is at least.
 */
static int
note_wal(struct vfs *vfs)
{
	if (vfs->wal_synced == vfs->header.wal_frames)
		return SQLITE_OK;
	return header_store(vfs);
}

static int
db_write(sqlite3_file *base, const void *from, int amount, sqlite3_int64 offset)
{
	struct vfs_file *file = (struct vfs_file *)base;
	int rc;

	if (file->vfs->left_alone || amount != VAULT_PAGE_BYTES ||
	    offset % VAULT_PAGE_BYTES != 0 || !page_reserve_is_zero(from))
		return SQLITE_IOERR_WRITE;
	if (offset == 0 && !is_our_first_page(from))
		return SQLITE_READONLY;
	rc = note_wal(file->vfs);
	if (rc == SQLITE_OK)
		rc = fill_gap(file, offset);
	if (rc != SQLITE_OK)
		return rc;
	return store_page(
	    file, (uint32_t)(offset / VAULT_PAGE_BYTES + 1), from);
}

/* The header must not ask for what is about to go. */
static int
note_size(struct vfs *vfs, int64_t size)
{
	if (vfs->db_least > size)
		vfs->db_least = size;
	if (vfs->db_synced > size)
		vfs->db_synced = size;
	if (vfs->header.db_pages <= size / VAULT_PAGE_BYTES)
		return SQLITE_OK;
	return header_store(vfs);
}

static int
db_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct vfs_file *file = (struct vfs_file *)base;
	int rc;

	if (file->vfs->left_alone)
		return SQLITE_IOERR_TRUNCATE;
	if (size > file->vfs->db_size)
		return fill_gap(file, size);
	rc = note_size(file->vfs, size);
	if (rc == SQLITE_OK)
		rc = file->real->pMethods->xTruncate(file->real, on_disk(size));
	if (rc == SQLITE_OK)
		file->vfs->db_size = size;
	return rc;
}

static int
db_sync(sqlite3_file *base, int flags)
{
	struct vfs_file *file = (struct vfs_file *)base;
	int rc = file->real->pMethods->xSync(file->real, flags);

	if (rc == SQLITE_OK)
		file->vfs->db_synced = file->vfs->db_size;
	return rc;
}

static int
db_size(sqlite3_file *base, sqlite3_int64 *size)
{
	*size = ((struct vfs_file *)base)->vfs->db_size;
	return SQLITE_OK;
}

/* The last word of a session: what is durable now goes into the header. */
static int
db_close_file(sqlite3_file *base)
{
	struct vfs_file *file = (struct vfs_file *)base;
	struct vfs *vfs = file->vfs;

	if (vfs->head.count != vfs->header.head.count ||
	    vfs->db_synced / VAULT_PAGE_BYTES != vfs->header.db_pages)
		header_store(vfs); /* an older head is true as well */
	vfs->db = NULL;
	return file->real->pMethods->xClose(file->real);
}

/* What page 1 says of the size, 0 where it is torn: the WAL has a good one. */
static int64_t
size_by_first_page(struct vfs_file *file)
{
	struct vfs *vfs = file->vfs;
	int64_t pages = 0;

	if (load_page(file, 1, vfs->clear) == SQLITE_OK)
		pages = load_be32(vfs->clear + PAGE_COUNT_AT);
	wipe(vfs->clear, VAULT_PAGE_BYTES);
	vfs->trouble.kind = TROUBLE_NONE;
	vfs->left_alone = false;
	return pages * VAULT_PAGE_BYTES;
}

/*
 * How much of the file there must be, by the header and by its own page 1.
 * An empty one is refused as well: SQLite would delete the WAL beside it.
 */
int
db_file_opened(struct vfs *vfs, struct vfs_file *file)
{
	sqlite3_int64 size;
	int rc = file->real->pMethods->xFileSize(file->real, &size);

	if (rc != SQLITE_OK)
		return rc;
	size = size > VAULT_HEADER_BYTES ? size - VAULT_HEADER_BYTES : 0;
	vfs->db_size = size - size % VAULT_PAGE_BYTES;
	vfs->db_synced = (int64_t)vfs->header.db_pages * VAULT_PAGE_BYTES;
	vfs->db_least = 0;
	if (vfs->db_size < vfs->db_synced ||
	    (vfs->db_size == 0 && !vfs->creating))
		return trouble_set(vfs, TROUBLE_MISSING,
		    (uint32_t)(vfs->db_size / VAULT_PAGE_BYTES + 1),
		    on_disk(vfs->db_size), SQLITE_IOERR_READ);
	vfs->db = file;
	vfs->db_least = size_by_first_page(file);
	if (vfs->db_least < vfs->db_synced)
		vfs->db_least = vfs->db_synced;
	return SQLITE_OK;
}

const sqlite3_io_methods vfs_db_methods = {
	.iVersion = 1, /* no shared memory, no mapping */
	.xClose = db_close_file,
	.xRead = db_read,
	.xWrite = db_write,
	.xTruncate = db_truncate,
	.xSync = db_sync,
	.xFileSize = db_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_characteristics,
};
