/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_header.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"

/* On disk: byte arrays only, so there is no padding and no byte order. */
struct disk_slot {
	uint8_t kind_le[4], passes_le[4], memory_le[8];
	uint8_t salt[KDF_SALT_BYTES], nonce[AEAD_NONCE_BYTES];
	uint8_t sealed[VAULT_KEY_BYTES], tag[AEAD_TAG_BYTES];
	uint8_t rest[VAULT_SLOT_REST_BYTES];
};

enum { UNUSED_BYTES = 808 }; /* zero in this version */

struct disk_header {
	uint8_t magic[16];
	uint8_t version_le[4], reserve_le[4], page_bytes_le[8];
	uint8_t id[VAULT_ID_BYTES];
	uint8_t generation_le[8], head_count_le[8], head_hash[HASH_BYTES];
	uint8_t wal[VAULT_WAL_HEADER_BYTES];
	struct disk_slot slots[VAULT_SLOTS];
	uint8_t wal_frames_le[4], db_pages_le[4];
	uint8_t instance[VAULT_INSTANCE_BYTES];
	uint8_t unused[UNUSED_BYTES];
	uint8_t mac[32];      /* over all before it */
	uint8_t checksum[32]; /* over all before it; the same in all versions */
};

_Static_assert(sizeof(struct disk_header) == VAULT_COPY_BYTES,
    "a copy of the header is one block");

/* As PNG's: a transfer that changes line ends or strips bits shows. */
static const uint8_t magic[16] = { 0x89, 'r', 'o', 'n', 'd', 'e', ' ', 'v', 'a',
	'u', 'l', 't', '\r', '\n', 0x1a, '\n' };

void
vault_header_init(struct vault_header *header)
{
	memset(header, 0, sizeof(*header));
	random_bytes(header->id, sizeof(header->id));
}

static void
write_slot(const struct vault_slot *slot, struct disk_slot *disk)
{
	store_le32(disk->kind_le, slot->kind);
	store_le32(disk->passes_le, slot->cost.passes);
	store_le64(disk->memory_le, slot->cost.memory);
	memcpy(disk->salt, slot->salt, sizeof(disk->salt));
	memcpy(disk->nonce, slot->nonce, sizeof(disk->nonce));
	memcpy(disk->sealed, slot->sealed, sizeof(disk->sealed));
	memcpy(disk->tag, slot->tag, sizeof(disk->tag));
	memcpy(disk->rest, slot->rest, sizeof(disk->rest));
}

static void
read_slot(struct vault_slot *slot, const struct disk_slot *disk)
{
	slot->kind = load_le32(disk->kind_le);
	slot->cost.passes = load_le32(disk->passes_le);
	slot->cost.memory = load_le64(disk->memory_le);
	memcpy(slot->salt, disk->salt, sizeof(slot->salt));
	memcpy(slot->nonce, disk->nonce, sizeof(slot->nonce));
	memcpy(slot->sealed, disk->sealed, sizeof(slot->sealed));
	memcpy(slot->tag, disk->tag, sizeof(slot->tag));
	memcpy(slot->rest, disk->rest, sizeof(slot->rest));
}

bool
vault_slots_are_same(
    const struct vault_header *one, const struct vault_header *other)
{
	struct disk_slot left, right; /* these have no padding */

	for (size_t i = 0; i < VAULT_SLOTS; i++) {
		write_slot(&one->slots[i], &left);
		write_slot(&other->slots[i], &right);
		if (memcmp(&left, &right, sizeof(left)) != 0)
			return false;
	}
	return true;
}

static void
checksum_of(const uint8_t *copy, uint8_t checksum[32])
{
	const struct hash hash =
	    hash_of(copy, offsetof(struct disk_header, checksum));

	memcpy(checksum, hash.bytes, sizeof(hash.bytes));
}

void
vault_header_write(const struct vault_header *header, const uint8_t mac_key[32],
    uint8_t copy[VAULT_COPY_BYTES])
{
	struct disk_header disk = { 0 };

	memcpy(disk.magic, magic, sizeof(magic));
	store_le32(disk.version_le, VAULT_VERSION);
	store_le32(disk.reserve_le, VAULT_RESERVE_BYTES);
	store_le64(disk.page_bytes_le, VAULT_PAGE_BYTES);
	memcpy(disk.id, header->id, sizeof(disk.id));
	store_le64(disk.generation_le, header->generation);
	store_le64(disk.head_count_le, header->head.count);
	memcpy(disk.head_hash, header->head.hash.bytes, HASH_BYTES);
	memcpy(disk.wal, header->wal, sizeof(disk.wal));
	store_le32(disk.wal_frames_le, header->wal_frames);
	store_le32(disk.db_pages_le, header->db_pages);
	memcpy(disk.instance, header->instance, sizeof(disk.instance));
	for (size_t i = 0; i < VAULT_SLOTS; i++)
		write_slot(&header->slots[i], &disk.slots[i]);
	mac_of(mac_key, &disk, offsetof(struct disk_header, mac), disk.mac);
	checksum_of((const uint8_t *)&disk, disk.checksum);
	memcpy(copy, &disk, sizeof(disk));
}

bool
vault_header_begins(const uint8_t *bytes, size_t len)
{
	return len >= sizeof(magic) && memcmp(bytes, magic, sizeof(magic)) == 0;
}

bool
vault_block_is_blank(const uint8_t block[VAULT_COPY_BYTES])
{
	static const uint8_t blank[VAULT_COPY_BYTES];

	return memcmp(block, blank, sizeof(blank)) == 0;
}

enum copy_state { COPY_WHOLE, COPY_DAMAGED, COPY_LATER, COPY_FOREIGN };

static enum copy_state
read_copy(struct vault_header *header, const uint8_t *bytes)
{
	struct disk_header disk;
	uint8_t checksum[32];

	memcpy(&disk, bytes, sizeof(disk));
	checksum_of(bytes, checksum);
	if (!vault_header_begins(bytes, sizeof(disk)))
		return COPY_FOREIGN;
	if (memcmp(disk.checksum, checksum, sizeof(checksum)) != 0)
		return COPY_DAMAGED;
	if (load_le32(disk.version_le) != VAULT_VERSION)
		return COPY_LATER;
	if (load_le32(disk.reserve_le) != VAULT_RESERVE_BYTES ||
	    load_le64(disk.page_bytes_le) != VAULT_PAGE_BYTES)
		return COPY_LATER;
	memcpy(header->id, disk.id, sizeof(disk.id));
	header->generation = load_le64(disk.generation_le);
	header->head.count = load_le64(disk.head_count_le);
	memcpy(header->head.hash.bytes, disk.head_hash, HASH_BYTES);
	memcpy(header->wal, disk.wal, sizeof(disk.wal));
	header->wal_frames = load_le32(disk.wal_frames_le);
	header->db_pages = load_le32(disk.db_pages_le);
	memcpy(header->instance, disk.instance, sizeof(disk.instance));
	for (size_t i = 0; i < VAULT_SLOTS; i++)
		read_slot(&header->slots[i], &disk.slots[i]);
	return COPY_WHOLE;
}

static void
newest_first(struct vault_copies *copies)
{
	struct vault_copies swapped = *copies;

	if (copies->count != 2 ||
	    copies->headers[0].generation >= copies->headers[1].generation)
		return;
	swapped.headers[0] = copies->headers[1];
	swapped.headers[1] = copies->headers[0];
	memcpy(swapped.bytes[0], copies->bytes[1], VAULT_COPY_BYTES);
	memcpy(swapped.bytes[1], copies->bytes[0], VAULT_COPY_BYTES);
	*copies = swapped;
}

int
vault_header_read(struct vault_copies *copies, const uint8_t *bytes, size_t len,
    const char *path, struct err *err)
{
	enum copy_state states[2];
	struct vault_copies found = { 0 };

	if (len < VAULT_HEADER_BYTES) {
		if (!vault_header_begins(bytes, len))
			return err_set(err, ERR_FORMAT,
			    _("%s is not a vault of ronde; choose another "
			      "file, or put a backup in its place"),
			    path);
		return err_set(err, ERR_FORMAT,
		    _("%s is cut short: it ends at byte %zu, inside its "
		      "header; put a backup in its place"),
		    path, len);
	}
	for (size_t i = 0; i < 2; i++) {
		const uint8_t *copy = bytes + i * VAULT_COPY_BYTES;

		states[i] = read_copy(&found.headers[found.count], copy);
		if (states[i] == COPY_WHOLE)
			memcpy(
			    found.bytes[found.count++], copy, VAULT_COPY_BYTES);
	}
	if (states[0] == COPY_LATER || states[1] == COPY_LATER)
		return err_set(err, ERR_UNSUPPORTED,
		    _("%s was made by a newer ronde; install that version"),
		    path);
	if (states[0] == COPY_FOREIGN && states[1] == COPY_FOREIGN)
		return err_set(err, ERR_FORMAT,
		    _("%s is not a vault of ronde; choose another file, or put "
		      "a backup in its place"),
		    path);
	if (found.count == 0)
		return err_set(err, ERR_FORMAT,
		    _("both copies of the header of %s are damaged (bytes 0 "
		      "to %d); put a backup in its place"),
		    path, VAULT_HEADER_BYTES - 1);
	newest_first(&found);
	*copies = found;
	return 0;
}

bool
vault_copy_is_genuine(
    const uint8_t copy[VAULT_COPY_BYTES], const uint8_t mac_key[32])
{
	const size_t at = offsetof(struct disk_header, mac);
	uint8_t mac[32];

	mac_of(mac_key, copy, at, mac);
	return bytes_equal(mac, copy + at, sizeof(mac));
}

struct secret *
vault_header_key(const struct secret *data_key)
{
	return kdf_subkey(data_key, "ronde/vault/header/1");
}
