/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <string.h>

#include "base/buf.h"

/*
 * What a WAL that is found at opening is worth.
 *
 * A WAL counts when its header is the one in the vault's header, or when that
 * of the file is damaged and yet a frame opens with the right salts.  Any
 * other WAL belongs to the past: SQLite starts a new one only after all of
 * the old one was carried over and synced.
 *
 * Frames are good up to the first that does not open or whose checksum does
 * not follow from the one before.  After a power cut that is the end of the
 * log.  But a frame is only written after the commit before it was synced: a
 * commit frame at or behind the bad one, itself good or not, with a good frame
 * that follows from it, proves that what was synced has been damaged.  And the vault's
 * header knows how many frames there were, at least, at the last checkpoint.
 */
struct sum {
	uint32_t one, two;
};

struct scan {
	struct vfs *vfs;
	sqlite3_file *real;
	bool big_end;       /* the byte order of the checksums */
	struct sum sum;     /* as it must be after the last good frame */
	uint32_t good, bad; /* the last good frame, the first bad one or 0 */

	/* Of the frame before: may a frame that follows it prove damage? */
	bool commit_before;
	struct sum stored_before, computed_before;
	bool damaged;
};

static uint32_t
load(const struct scan *scan, const uint8_t *from)
{
	return scan->big_end ? load_be32(from) : load_le32(from);
}

/* SQLite's running checksum (walChecksumBytes). */
static struct sum
sum_over(
    const struct scan *scan, struct sum sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i += 8) {
		sum.one += load(scan, bytes + i) + sum.two;
		sum.two += load(scan, bytes + i + 4) + sum.one;
	}
	return sum;
}

static struct sum
sum_after(const struct scan *scan, struct sum before)
{
	const uint8_t *frame = scan->vfs->clear;

	before = sum_over(scan, before, frame, FRAME_SALT_AT);
	return sum_over(
	    scan, before, frame + FRAME_HEADER_BYTES, VAULT_PAGE_BYTES);
}

static bool
sum_equal(struct sum one, struct sum other)
{
	return one.one == other.one && one.two == other.two;
}

/* The whole clear frame into vfs->clear: 1, 0 when it does not open, -1. */
static int
open_frame(struct scan *scan, uint32_t frame, int *rc)
{
	struct vfs *vfs = scan->vfs;
	const uint8_t *sealed = vfs->frame + FRAME_HEADER_BYTES;
	struct place place;

	*rc = scan->real->pMethods->xRead(
	    scan->real, vfs->frame, FRAME_BYTES, frame_offset(frame));
	if (*rc != SQLITE_OK)
		return -1;
	memcpy(vfs->clear, vfs->frame, FRAME_HEADER_BYTES);
	frame_mask(vfs, sealed, vfs->clear);
	wal_place(vfs, vfs->clear, frame, &place);
	return page_open(
		   vfs, &place, sealed, vfs->clear + FRAME_HEADER_BYTES) == 0;
}

/* Judges the frame in vfs->clear, which opened or did not. */
static void
judge(struct scan *scan, uint32_t frame, bool opened)
{
	const uint8_t *clear = scan->vfs->clear;
	const uint8_t *salts = scan->vfs->header.wal + WAL_SALT_AT;
	const struct sum stored = { load_be32(clear + FRAME_SUM_AT),
		load_be32(clear + FRAME_SUM_AT + 4) };
	const struct sum computed = sum_after(scan, scan->sum);
	const bool follows = opened && sum_equal(stored, computed) &&
	    memcmp(clear + FRAME_SALT_AT, salts, SALT_BYTES) == 0;

	if (scan->bad == 0 && follows) {
		scan->good = frame;
		scan->sum = computed;
		if (load_be32(clear + 4) != 0)
			scan->vfs->wal_commit = frame;
		return;
	}
	if (opened && scan->commit_before &&
	    (sum_equal(stored, sum_after(scan, scan->stored_before)) ||
		sum_equal(stored, sum_after(scan, scan->computed_before))))
		scan->damaged = true;
	/*
	 * Not opened, its mark and checksum are only what it claims; but no
	 * frame follows from that checksum by chance.
	 */
	scan->commit_before = load_be32(clear + 4) != 0;
	scan->stored_before = stored;
	scan->computed_before = scan->bad == 0 ? computed : stored;
	if (scan->bad == 0)
		scan->bad = frame;
}

static int
scan_frames(struct scan *scan, uint32_t frames)
{
	int rc;

	for (uint32_t frame = 1; frame <= frames && !scan->damaged; frame++) {
		const int opened = open_frame(scan, frame, &rc);

		if (opened < 0)
			return rc;
		judge(scan, frame, opened);
	}
	return SQLITE_OK;
}

/* Is there a frame that only this vault's present WAL can have? */
static int
has_own_frame(struct scan *scan, uint32_t frames, bool *has)
{
	int rc;

	*has = false;
	for (uint32_t frame = 1; frame <= frames && !*has; frame++) {
		const int opened = open_frame(scan, frame, &rc);

		if (opened < 0)
			return rc;
		*has = opened;
	}
	return SQLITE_OK;
}

static bool
is_header(const uint8_t *header)
{
	static const uint8_t zero[WAL_HEADER_BYTES];

	return memcmp(header, zero, sizeof(zero)) != 0;
}

/* Frames are missing that were synced before a checkpoint began. */
static int
too_short(struct vfs *vfs, uint32_t good)
{
	return trouble_set(vfs, TROUBLE_WAL_LOST, good + 1,
	    frame_offset(good + 1), SQLITE_IOERR_DATA);
}

int
wal_scan(struct vfs *vfs, sqlite3_file *real)
{
	const uint8_t *ours = vfs->header.wal;
	struct scan scan = { .vfs = vfs, .real = real };
	uint8_t found[WAL_HEADER_BYTES];
	sqlite3_int64 size;
	uint32_t frames;
	bool counts = true;
	int rc = real->pMethods->xFileSize(real, &size);

	vfs->wal_size = 0;
	vfs->wal_commit = 0;
	vfs->wal_synced = vfs->header.wal_frames;
	if (rc != SQLITE_OK || !is_header(ours))
		return rc;
	if (size < WAL_HEADER_BYTES)
		return vfs->wal_synced > 0 ? too_short(vfs, 0) : SQLITE_OK;
	rc = real->pMethods->xRead(real, found, sizeof(found), 0);
	if (rc != SQLITE_OK)
		return rc;
	frames = (uint32_t)((size - WAL_HEADER_BYTES) / FRAME_BYTES);
	if (memcmp(found, ours, sizeof(found)) != 0)
		rc = has_own_frame(&scan, frames, &counts);
	if (rc == SQLITE_OK && !counts && vfs->wal_synced > 0)
		rc = too_short(vfs, 0);
	if (rc != SQLITE_OK || !counts)
		return rc;
	scan.big_end = ours[3] & 1;
	scan.sum.one = load_be32(ours + WAL_SUM_AT);
	scan.sum.two = load_be32(ours + WAL_SUM_AT + 4);
	rc = scan_frames(&scan, frames);
	wipe(vfs->clear, sizeof(vfs->clear));
	if (rc != SQLITE_OK)
		return rc;
	if (scan.damaged)
		return trouble_set(vfs, TROUBLE_WAL_LOST, scan.bad,
		    frame_offset(scan.bad), SQLITE_IOERR_DATA);
	if (scan.good < vfs->header.wal_frames)
		return too_short(vfs, scan.good);
	vfs->wal_size = frame_offset(scan.good + 1);
	return SQLITE_OK;
}
