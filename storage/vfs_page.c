/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <string.h>

#include "base/buf.h"
#include "crypto/aead.h"

/*
 * A sealed page is its ciphertext, then the nonce, then the tag, in the place
 * of the page.  The nonce is drawn from the system at every writing: with 24
 * bytes none is ever met twice, not even when a machine's state is put back.
 */
enum { NONCE_AT = PAGE_CLEAR_BYTES, TAG_AT = NONCE_AT + AEAD_NONCE_BYTES };

enum { BOUND_BYTES = VAULT_ID_BYTES + 4 * 4 + SALT_BYTES };

static void
bind_page(const struct vfs *vfs, const struct place *place,
    uint8_t bound[BOUND_BYTES])
{
	uint8_t *at = bound + VAULT_ID_BYTES;

	memcpy(bound, vfs->header.id, VAULT_ID_BYTES);
	store_le32(at, place->kind);
	store_le32(at + 4, place->page);
	store_le32(at + 8, place->frame);
	store_le32(at + 12, place->commit);
	memcpy(at + 16, place->salts, SALT_BYTES);
}

void
page_seal(const struct vfs *vfs, const struct place *place,
    const uint8_t *clear, uint8_t *sealed)
{
	uint8_t bound[BOUND_BYTES];

	bind_page(vfs, place, bound);
	random_bytes(sealed + NONCE_AT, AEAD_NONCE_BYTES);
	aead_seal(vfs->page_key->data, sealed + NONCE_AT, bound, sizeof(bound),
	    clear, PAGE_CLEAR_BYTES, sealed, sealed + TAG_AT);
}

/* `clear` may be `sealed` itself: nonce and tag go only when they were used. */
int
page_open(const struct vfs *vfs, const struct place *place,
    const uint8_t *sealed, uint8_t *clear)
{
	uint8_t bound[BOUND_BYTES];
	int result;

	bind_page(vfs, place, bound);
	result = aead_open(vfs->page_key->data, sealed + NONCE_AT, bound,
	    sizeof(bound), sealed, PAGE_CLEAR_BYTES, sealed + TAG_AT, clear);
	memset(clear + PAGE_CLEAR_BYTES, 0, VAULT_RESERVE_BYTES);
	return result;
}

static uint32_t
load_be16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

/*
 * The first byte tells a page of a tree from one that goes on with a long row
 * or is free: there it is the highest of a page number, and no vault has 2^25
 * pages, 128 GiB: vfs_rules.c sees to it.
 */
void
page_tidy(uint32_t page, uint8_t *clear)
{
	enum { INDEX_INNER = 2, TABLE_INNER = 5, INDEX = 10, TABLE = 13 };
	const uint8_t *head = clear + (page == 1 ? 100 : 0);
	const bool inner = *head == INDEX_INNER || *head == TABLE_INNER;
	uint32_t begin, end;

	if ((!inner && *head != INDEX && *head != TABLE) || page >= 1U << 25)
		return;
	begin = (uint32_t)(head - clear) + (inner ? 12 : 8) +
	    2 * load_be16(head + 3);
	end = load_be16(head + 5);
	if (begin < end && end <= PAGE_CLEAR_BYTES)
		memset(clear + begin, 0, end - begin);
}

bool
page_reserve_is_zero(const uint8_t *clear)
{
	static const uint8_t zero[VAULT_RESERVE_BYTES];

	return memcmp(clear + PAGE_CLEAR_BYTES, zero, sizeof(zero)) == 0;
}

void
frame_mask(
    const struct vfs *vfs, const uint8_t *sealed_page, uint8_t *frame_header)
{
	uint8_t *sum = frame_header + FRAME_SUM_AT;
	const uint64_t mask = siphash(
	    vfs->mask_key->data, sealed_page + NONCE_AT, AEAD_NONCE_BYTES);

	store_le64(sum, load_le64(sum) ^ mask);
}

/*
 * The salts are those of the WAL that counts, never the frame's own: SQLite
 * zeroes these while it writes a transaction's frame a second time.
 */
void
wal_place(const struct vfs *vfs, const uint8_t *frame_header, uint32_t frame,
    struct place *place)
{
	place->kind = PLACE_WAL;
	place->page = load_be32(frame_header);
	place->commit = load_be32(frame_header + 4);
	place->frame = frame;
	memcpy(place->salts, vfs->header.wal + WAL_SALT_AT, SALT_BYTES);
}
