/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/anchor.h"

#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"

/* The records of an anchor, as bytes. */

enum {
	ANCHOR_VERSION = 1,
	UNUSED_BYTES = ANCHOR_RECORD_BYTES - ANCHOR_FIELDS_BYTES - 32
};

/* On disk: byte arrays only. */
struct disk_record {
	uint8_t magic[16];
	uint8_t version_le[4], flags_le[4], generation_le[8];
	uint8_t id[VAULT_ID_BYTES];
	uint8_t head_count_le[8], head_hash[HASH_BYTES];
	uint8_t instance[VAULT_INSTANCE_BYTES], next[VAULT_INSTANCE_BYTES];
	uint8_t time_le[8];
	uint8_t known_count_le[8], known_time_le[8];
	uint8_t unused[UNUSED_BYTES];
	uint8_t mac[32]; /* over all before it */
};

_Static_assert(sizeof(struct disk_record) == ANCHOR_RECORD_BYTES,
    "a record of the anchor is one sector");

_Static_assert(offsetof(struct disk_record, unused) == ANCHOR_FIELDS_BYTES,
    "the fields end where the zeroes begin");

static const uint8_t magic[16] = { 'r', 'o', 'n', 'd', 'e', ' ', 'a', 'n', 'c',
	'h', 'o', 'r', '\r', '\n', 0x1a, '\n' };

void
anchor_record_write(const struct anchor_record *record,
    const uint8_t id[VAULT_ID_BYTES], const uint8_t mac_key[32],
    uint8_t bytes[ANCHOR_RECORD_BYTES])
{
	struct disk_record disk = { 0 };

	memcpy(disk.magic, magic, sizeof(magic));
	store_le32(disk.version_le, ANCHOR_VERSION);
	store_le32(disk.flags_le, record->flags);
	store_le64(disk.generation_le, record->generation);
	memcpy(disk.id, id, sizeof(disk.id));
	store_le64(disk.head_count_le, record->head.count);
	memcpy(disk.head_hash, record->head.hash.bytes, HASH_BYTES);
	memcpy(disk.instance, record->instance, sizeof(disk.instance));
	memcpy(disk.next, record->next, sizeof(disk.next));
	store_le64(disk.time_le, (uint64_t)record->time);
	store_le64(disk.known_count_le, record->known_count);
	store_le64(disk.known_time_le, (uint64_t)record->known_time);
	mac_of(mac_key, &disk, offsetof(struct disk_record, mac), disk.mac);
	memcpy(bytes, &disk, sizeof(disk));
}

bool
anchor_record_read(struct anchor_record *record,
    const uint8_t bytes[ANCHOR_RECORD_BYTES], const uint8_t id[VAULT_ID_BYTES],
    const uint8_t mac_key[32])
{
	struct disk_record disk;
	uint8_t mac[32];

	memcpy(&disk, bytes, sizeof(disk));
	mac_of(mac_key, &disk, offsetof(struct disk_record, mac), mac);
	if (!bytes_equal(mac, disk.mac, sizeof(mac)) ||
	    memcmp(disk.magic, magic, sizeof(magic)) != 0 ||
	    load_le32(disk.version_le) != ANCHOR_VERSION ||
	    memcmp(disk.id, id, sizeof(disk.id)) != 0)
		return false;
	record->flags = load_le32(disk.flags_le);
	record->generation = load_le64(disk.generation_le);
	record->head.count = load_le64(disk.head_count_le);
	memcpy(record->head.hash.bytes, disk.head_hash, HASH_BYTES);
	memcpy(record->instance, disk.instance, sizeof(disk.instance));
	memcpy(record->next, disk.next, sizeof(disk.next));
	record->time = (int64_t)load_le64(disk.time_le);
	record->known_count = load_le64(disk.known_count_le);
	record->known_time = (int64_t)load_le64(disk.known_time_le);
	return true;
}

uint64_t
anchor_record_claims(const uint8_t bytes[ANCHOR_RECORD_BYTES])
{
	return load_le64(bytes + offsetof(struct disk_record, generation_le));
}

enum anchor_found
anchor_records_read(struct anchor_record *record, size_t *place,
    const uint8_t *bytes, size_t len, const uint8_t id[VAULT_ID_BYTES],
    const uint8_t mac_key[32])
{
	enum anchor_found found = len == 0 ? ANCHOR_NONE : ANCHOR_DAMAGED;

	for (size_t i = 0; i < ANCHOR_RECORDS; i++) {
		const size_t at = i * ANCHOR_RECORD_STEP;
		struct anchor_record one;

		if (at + ANCHOR_RECORD_BYTES > len ||
		    !anchor_record_read(&one, bytes + at, id, mac_key) ||
		    (found == ANCHOR_WHOLE &&
			one.generation <= record->generation))
			continue;
		*record = one;
		*place = i;
		found = ANCHOR_WHOLE;
	}
	return found;
}
