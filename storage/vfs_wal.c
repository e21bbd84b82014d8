/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <string.h>

#include "base/buf.h"

/*
 * The write-ahead log.  SQLite writes a frame in two pieces, a header of 24
 * bytes and the page; the checksum in that header is of the clear page and is
 * masked with a value that follows from the page's nonce.  So:
 *
 *  (1) A frame header is held back in `pending` until its page comes, and the
 *      two go down in one write.
 *  (2) A header that no page follows is a rewrite of one that is there: it
 *      is masked with the nonce of the page on disk.  It goes down before any
 *      other use of the file.
 *  (3) A page without a header is a rewrite in place: it keeps page number
 *      and commit mark of the header on disk.
 *  (4) The header of the WAL goes down only after both copies of the vault's
 *      header, synced, carry it: the salts of any other WAL are not ours.
 *  (5) Before a WAL is emptied or deleted, all of it being in the database,
 *      the header says that none counts: an older state of it that is put
 *      back later would undo what the database has.
 */
int64_t
frame_offset(uint32_t frame)
{
	return WAL_HEADER_BYTES + (int64_t)(frame - 1) * FRAME_BYTES;
}

static uint32_t
frame_at(int64_t offset)
{
	return (uint32_t)((offset - WAL_HEADER_BYTES) / FRAME_BYTES + 1);
}

static int
real_write(struct vfs_file *file, const void *from, int amount, int64_t offset)
{
	int rc = file->real->pMethods->xWrite(file->real, from, amount, offset);

	if (rc == SQLITE_OK && offset + amount > file->vfs->wal_size)
		file->vfs->wal_size = offset + amount;
	return rc;
}

/* Reads frame `frame` into vfs->frame, its checksum unmasked. */
static int
load_frame(struct vfs_file *file, uint32_t frame)
{
	struct vfs *vfs = file->vfs;
	int rc = file->real->pMethods->xRead(
	    file->real, vfs->frame, FRAME_BYTES, frame_offset(frame));

	if (rc != SQLITE_OK)
		return trouble_read(
		    vfs, TROUBLE_FRAME, frame, frame_offset(frame), rc);
	frame_mask(vfs, vfs->frame + FRAME_HEADER_BYTES, vfs->frame);
	return SQLITE_OK;
}

/* The same, and its page opened into `clear`. */
static int
open_page(struct vfs_file *file, uint32_t frame, uint8_t *clear)
{
	struct vfs *vfs = file->vfs;
	struct place place;
	int rc = load_frame(file, frame);

	if (rc != SQLITE_OK)
		return rc;
	wal_place(vfs, vfs->frame, frame, &place);
	if (page_open(vfs, &place, vfs->frame + FRAME_HEADER_BYTES, clear) != 0)
		return trouble_set(vfs, TROUBLE_FRAME, frame,
		    frame_offset(frame), SQLITE_IOERR_DATA);
	return SQLITE_OK;
}

/* The whole clear frame in vfs->clear. */
static int
open_frame(struct vfs_file *file, uint32_t frame)
{
	struct vfs *vfs = file->vfs;
	int rc = open_page(file, frame, vfs->clear + FRAME_HEADER_BYTES);

	if (rc == SQLITE_OK)
		memcpy(vfs->clear, vfs->frame, FRAME_HEADER_BYTES);
	return rc;
}

/* Writes a frame whose header is `header`, as SQLite has it. */
static int
store_frame(struct vfs_file *file, uint32_t frame, const uint8_t *header,
    const uint8_t *page)
{
	struct vfs *vfs = file->vfs;
	struct place place;
	int rc;

	wal_place(vfs, header, frame, &place);
	page_seal(vfs, &place, page, vfs->frame + FRAME_HEADER_BYTES);
	memmove(vfs->frame, header, FRAME_HEADER_BYTES);
	frame_mask(vfs, vfs->frame + FRAME_HEADER_BYTES, vfs->frame);
	rc = real_write(file, vfs->frame, FRAME_BYTES, frame_offset(frame));
	if (rc == SQLITE_OK && place.commit != 0)
		vfs->wal_commit = frame;
	return rc;
}

/* Rule (2). */
static int
flush_pending(struct vfs_file *file)
{
	struct vfs *vfs = file->vfs;
	const int64_t offset = vfs->pending_at;
	uint8_t header[FRAME_HEADER_BYTES];
	int rc;

	if (offset == 0)
		return SQLITE_OK;
	vfs->pending_at = 0;
	if (offset + FRAME_BYTES > vfs->wal_size)
		return SQLITE_OK; /* its page never came: there is no frame */
	memcpy(header, vfs->pending, sizeof(header));
	rc = open_frame(file, frame_at(offset));
	if (rc != SQLITE_OK)
		return rc;
	if (memcmp(vfs->clear, header, FRAME_SALT_AT) != 0)
		return store_frame(file, frame_at(offset), header,
		    vfs->clear + FRAME_HEADER_BYTES);
	frame_mask(vfs, vfs->frame + FRAME_HEADER_BYTES, header);
	return real_write(file, header, FRAME_HEADER_BYTES, offset);
}

/* Rules (1) and (3). */
static int
write_page(struct vfs_file *file, const uint8_t *page, int64_t offset)
{
	struct vfs *vfs = file->vfs;
	const int64_t start = offset - FRAME_HEADER_BYTES;
	uint8_t header[FRAME_HEADER_BYTES];
	int rc;

	if (!page_reserve_is_zero(page))
		return SQLITE_IOERR_WRITE;
	if (vfs->pending_at == start) {
		vfs->pending_at = 0;
		return store_frame(file, frame_at(start), vfs->pending, page);
	}
	rc = flush_pending(file);
	if (rc == SQLITE_OK && start + FRAME_BYTES > vfs->wal_size)
		rc = SQLITE_IOERR_WRITE; /* a page of no frame */
	if (rc == SQLITE_OK)
		rc = load_frame(file, frame_at(start));
	if (rc != SQLITE_OK)
		return rc;
	memcpy(header, vfs->frame, sizeof(header));
	return store_frame(file, frame_at(start), header, page);
}

/* Rule (4). */
static int
write_wal_header(struct vfs_file *file, const uint8_t *header)
{
	struct vfs *vfs = file->vfs;
	uint8_t before[WAL_HEADER_BYTES];
	int rc;

	vfs->pending_at = 0;
	vfs->wal_commit = vfs->wal_synced = 0;
	memcpy(before, vfs->header.wal, sizeof(before));
	memcpy(vfs->header.wal, header, WAL_HEADER_BYTES);
	rc = header_store(vfs);
	if (rc != SQLITE_OK) {
		memcpy(vfs->header.wal, before, sizeof(before));
		return rc;
	}
	vfs->wal_size = 0;
	return real_write(file, header, WAL_HEADER_BYTES, 0);
}

static int
wal_write(
    sqlite3_file *base, const void *from, int amount, sqlite3_int64 offset)
{
	struct vfs_file *file = (struct vfs_file *)base;
	int64_t within = (offset - WAL_HEADER_BYTES) % FRAME_BYTES;
	int rc;

	if (offset == 0 && amount == WAL_HEADER_BYTES)
		return write_wal_header(file, from);
	if (offset < WAL_HEADER_BYTES)
		return SQLITE_IOERR_WRITE;
	if (within == FRAME_HEADER_BYTES && amount == VAULT_PAGE_BYTES)
		return write_page(file, from, offset);
	if (within != 0 || amount != FRAME_HEADER_BYTES)
		return SQLITE_IOERR_WRITE;
	rc = flush_pending(file);
	if (rc != SQLITE_OK)
		return rc;
	memcpy(file->vfs->pending, from, FRAME_HEADER_BYTES);
	file->vfs->pending_at = offset;
	return SQLITE_OK;
}

/*
 * The piece of the log at `offset`, as far as one frame (or the header) has
 * it.  Returns its length, or minus an SQLite code.
 */
static int
read_piece(struct vfs_file *file, uint8_t *to, int amount, int64_t offset)
{
	struct vfs *vfs = file->vfs;
	int within, piece, rc;

	if (offset < WAL_HEADER_BYTES) {
		piece = WAL_HEADER_BYTES - (int)offset;
		piece = piece < amount ? piece : amount;
		memcpy(to, vfs->header.wal + offset, (size_t)piece);
		return piece;
	}
	within = (int)((offset - WAL_HEADER_BYTES) % FRAME_BYTES);
	piece = FRAME_BYTES - within;
	piece = piece < amount ? piece : amount;
	if (within == FRAME_HEADER_BYTES && piece == VAULT_PAGE_BYTES) {
		rc = open_page(file, frame_at(offset), to);
	} else if (within + piece <= FRAME_HEADER_BYTES) {
		rc = load_frame(file, frame_at(offset));
		if (rc == SQLITE_OK)
			memcpy(to, vfs->frame + within, (size_t)piece);
	} else {
		rc = open_frame(file, frame_at(offset));
		if (rc == SQLITE_OK)
			memcpy(to, vfs->clear + within, (size_t)piece);
		wipe(vfs->clear, sizeof(vfs->clear));
	}
	return rc == SQLITE_OK ? piece : -rc;
}

static int
wal_read(sqlite3_file *base, void *to, int amount, sqlite3_int64 offset)
{
	struct vfs_file *file = (struct vfs_file *)base;
	struct vfs *vfs = file->vfs;
	uint8_t *at = to;
	int piece, rc = flush_pending(file);

	while (rc == SQLITE_OK && amount > 0) {
		const int64_t end = offset < WAL_HEADER_BYTES
		    ? WAL_HEADER_BYTES
		    : frame_offset(frame_at(offset)) + FRAME_BYTES;

		if (end > vfs->wal_size) {
			memset(at, 0, (size_t)amount);
			return SQLITE_IOERR_SHORT_READ;
		}
		piece = read_piece(file, at, amount, offset);
		if (piece < 0)
			return -piece;
		at += piece;
		offset += piece;
		amount -= piece;
	}
	return rc;
}

static int
wal_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct vfs_file *file = (struct vfs_file *)base;
	int rc = flush_pending(file);

	if (rc == SQLITE_OK && size == 0)
		rc = header_forget_wal(file->vfs); /* rule (5) */
	if (rc == SQLITE_OK)
		rc = file->real->pMethods->xTruncate(file->real, size);
	if (rc == SQLITE_OK && file->vfs->wal_size > size)
		file->vfs->wal_size = size;
	return rc;
}

/* What failed to be synced is no commit: SQLite takes it back. */
static int
wal_sync(sqlite3_file *base, int flags)
{
	struct vfs_file *file = (struct vfs_file *)base;
	struct vfs *vfs = file->vfs;
	int rc = flush_pending(file);

	if (rc == SQLITE_OK)
		rc = file->real->pMethods->xSync(file->real, flags);
	if (rc == SQLITE_OK)
		vfs->wal_synced = vfs->wal_commit;
	else
		vfs->wal_commit = vfs->wal_synced;
	return rc;
}

static int
wal_file_size(sqlite3_file *base, sqlite3_int64 *size)
{
	struct vfs_file *file = (struct vfs_file *)base;
	int rc = flush_pending(file);

	if (rc == SQLITE_OK)
		*size = file->vfs->wal_size;
	return rc;
}

static int
wal_close(sqlite3_file *base)
{
	struct vfs_file *file = (struct vfs_file *)base;
	const int flushed = flush_pending(file);
	const int rc = file->real->pMethods->xClose(file->real);

	return flushed != SQLITE_OK ? flushed : rc;
}

const sqlite3_io_methods vfs_wal_methods = {
	.iVersion = 1,
	.xClose = wal_close,
	.xRead = wal_read,
	.xWrite = wal_write,
	.xTruncate = wal_truncate,
	.xSync = wal_sync,
	.xFileSize = wal_file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_characteristics,
};
