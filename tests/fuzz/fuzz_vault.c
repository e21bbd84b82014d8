/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "storage/vfs_internal.h"
#include "tests/diskvault.h"

/*
 * A vault of a few rows, closed or as a kill leaves it, altered as the input
 * says and opened.  The first byte chooses; then come records of a kind, a
 * place and up to 255 bytes:
 *
 *   sealed  bytes of the file or the log are changed as someone without the
 *           key could; it opens or it does not, and gives rows of ours
 *   clear   bytes of a page or a frame are changed below the seal and the
 *           checksums of the log made to follow, as a broken ronde or someone
 *           with the key could; nothing breaks, whatever it gives
 *   header  is given its MAC and checksum again after such a change
 *   cut     the file or the log ends early
 */
enum { ROWS = 6, RECORD_BYTES = 6 };
enum { IN_LOG = 1, CUT = 2, MEND_HEADER = 4, CLEAR = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct memdisk *closed, *killed, *image;
static struct vfs *sealer; /* for its keys and the salts of `killed` */
static struct secret *mac_key;

static void
fill(struct memdisk *disk, const char *name, const struct secret *key)
{
	struct diskvault vault;
	struct err err = { 0 };

	diskvault_make(disk, name);
	if (diskvault_open(&vault, disk, name, &err) != 0)
		abort();
	for (long row = 1; row <= ROWS; row++)
		if (diskvault_add(&vault, row, row, &err) != 0)
			abort();
	memdisk_copy(killed, disk);
	sealer =
	    vfs_new(DISKVAULT_PATH, vfs_header(vault.vfs), key, name, false);
	diskvault_close(&vault);
}

static void
set_up(void)
{
	struct err err = { 0 };
	struct secret *key;

	if (crypto_init(&err) != 0)
		abort();
	key = diskvault_key();
	mac_key = vault_header_key(key);
	closed = memdisk_new("closed");
	killed = memdisk_new("killed");
	image = memdisk_new("image");
	fill(closed, "closed", key);
	secret_free(key);
}

/* Without this no change of the header would pass its checksum. */
static void
mend_header(struct memfile *file)
{
	for (size_t at = 0;
	     at + VAULT_COPY_BYTES <= file->size && at < VAULT_HEADER_BYTES;
	     at += VAULT_COPY_BYTES) {
		uint8_t *copy = file->data + at;
		struct hash hash;

		mac_of(mac_key->data, copy, VAULT_COPY_BYTES - 64,
		    copy + VAULT_COPY_BYTES - 64);
		hash = hash_of(copy, VAULT_COPY_BYTES - 32);
		memcpy(copy + VAULT_COPY_BYTES - 32, hash.bytes, 32);
	}
}

static void
flip(uint8_t *bytes, size_t room, size_t at, const uint8_t *bits, size_t len)
{
	for (size_t i = 0; i < len; i++)
		bytes[(at + i) % room] ^= bits[i];
}

/* ---- below the seal ---- */

static void
alter_page(struct memfile *file, size_t place, const uint8_t *bits, size_t len)
{
	const size_t pages =
	    (file->size - VAULT_HEADER_BYTES) / VAULT_PAGE_BYTES;
	uint8_t clear[VAULT_PAGE_BYTES], *sealed;
	struct place where = { .kind = PLACE_DB };

	if (file->size <= VAULT_HEADER_BYTES || pages == 0)
		return;
	where.page = (uint32_t)(place / VAULT_PAGE_BYTES % pages) + 1;
	sealed = file->data + VAULT_HEADER_BYTES +
	    (size_t)(where.page - 1) * VAULT_PAGE_BYTES;
	if (page_open(sealer, &where, sealed, clear) != 0)
		return;
	flip(clear, PAGE_CLEAR_BYTES, place % VAULT_PAGE_BYTES, bits, len);
	page_seal(sealer, &where, clear, sealed);
}

/* The log in clear, while it is being altered. */
struct frame {
	bool opened;
	uint8_t bytes[FRAME_BYTES];
};

static size_t
open_log(const struct memfile *file, struct frame *frames, size_t room)
{
	size_t count = 0;

	for (size_t at = WAL_HEADER_BYTES;
	     at + FRAME_BYTES <= file->size && count < room;
	     at += FRAME_BYTES, count++) {
		struct frame *frame = &frames[count];
		const uint8_t *sealed = file->data + at + FRAME_HEADER_BYTES;
		struct place where;

		memcpy(frame->bytes, file->data + at, FRAME_HEADER_BYTES);
		frame_mask(sealer, sealed, frame->bytes);
		wal_place(sealer, frame->bytes, (uint32_t)count + 1, &where);
		frame->opened = page_open(sealer, &where, sealed,
				    frame->bytes + FRAME_HEADER_BYTES) == 0;
	}
	return count;
}

static void
sum_over(uint32_t sum[2], const uint8_t *bytes, size_t len, bool big_end)
{
	for (size_t i = 0; i < len; i += 8) {
		const uint8_t *at = bytes + i;

		sum[0] += (big_end ? load_be32(at) : load_le32(at)) + sum[1];
		sum[1] +=
		    (big_end ? load_be32(at + 4) : load_le32(at + 4)) + sum[0];
	}
}

static void
store_sum(uint8_t *to, uint32_t value) /* big-endian */
{
	for (int i = 3; i >= 0; i--, value >>= 8)
		to[i] = (uint8_t)value;
}

static void
seal_log(struct memfile *file, struct frame *frames, size_t count)
{
	const uint8_t *header = sealer->header.wal;
	const bool big_end = header[3] & 1;
	uint32_t sum[2] = { load_be32(header + WAL_SUM_AT),
		load_be32(header + WAL_SUM_AT + 4) };

	for (size_t i = 0; i < count; i++) {
		uint8_t *to = file->data + WAL_HEADER_BYTES + i * FRAME_BYTES;
		uint8_t *from = frames[i].bytes;
		struct place where;

		if (!frames[i].opened)
			continue;
		sum_over(sum, from, FRAME_SALT_AT, big_end);
		sum_over(
		    sum, from + FRAME_HEADER_BYTES, VAULT_PAGE_BYTES, big_end);
		store_sum(from + FRAME_SUM_AT, sum[0]);
		store_sum(from + FRAME_SUM_AT + 4, sum[1]);
		wal_place(sealer, from, (uint32_t)i + 1, &where);
		page_seal(sealer, &where, from + FRAME_HEADER_BYTES,
		    to + FRAME_HEADER_BYTES);
		memcpy(to, from, FRAME_HEADER_BYTES);
		frame_mask(sealer, to + FRAME_HEADER_BYTES, to);
	}
}

static void
alter_log(struct memfile *file, size_t place, const uint8_t *bits, size_t len)
{
	static struct frame frames[200];
	const size_t count = open_log(file, frames, ARRAY_LEN(frames));

	if (count == 0)
		return;
	flip(frames[place / FRAME_BYTES % count].bytes,
	    FRAME_HEADER_BYTES + PAGE_CLEAR_BYTES, place % FRAME_BYTES, bits,
	    len);
	seal_log(file, frames, count);
}

/* ---- one input ---- */

static size_t
alter(const uint8_t *data, size_t size)
{
	const uint8_t kind = data[0];
	const char *name = kind & IN_LOG ? DISKVAULT_WAL : DISKVAULT_PATH;
	struct memfile *file = memdisk_file(image, name);
	const uint8_t *bits = data + RECORD_BYTES;
	const size_t place = load_le32(data + 1);
	size_t len = data[5];

	if (len > size - RECORD_BYTES)
		len = size - RECORD_BYTES;
	if (file && file->size > 0) {
		if (kind & CUT)
			file->size = place % file->size;
		else if (kind & CLEAR && kind & IN_LOG)
			alter_log(file, place, bits, len);
		else if (kind & CLEAR)
			alter_page(file, place, bits, len);
		else
			flip(file->data, file->size, place, bits, len);
	}
	if (kind & MEND_HEADER)
		mend_header(memdisk_file(image, DISKVAULT_PATH));
	return RECORD_BYTES + len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diskvault vault;
	struct err err = { 0 };
	bool with_key = false;
	long rows;

	if (!closed)
		set_up();
	if (size == 0)
		return 0;
	memdisk_copy(image, data[0] & 1 ? killed : closed);
	for (size_t at = 1; at + RECORD_BYTES <= size;) {
		with_key |= (data[at] & (CLEAR | MEND_HEADER)) != 0;
		at += alter(data + at, size - at);
	}
	if (diskvault_open(&vault, image, "image", &err) != 0) {
		if (err.code == ERR_NONE || !err.msg[0])
			abort();
		return 0;
	}
	rows = diskvault_rows(&vault, &err);
	if (!with_key &&
	    (rows > ROWS || (rows < 0 && err.code == ERR_CONFLICT)))
		abort();
	diskvault_close(&vault);
	return 0;
}
