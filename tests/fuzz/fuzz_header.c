/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "storage/vault_header.h"

/*
 * The header of a vault, both copies, altered as the input says: bits of one
 * byte (1: the first copy gets a right checksum again, 2: and a right MAC, 4
 * and 8: so does the second, 16: what follows is the file itself), then
 * records of a place, a length and bytes.  What is read says nothing that
 * another writing would not say.
 */
enum { RECORD_BYTES = 3 };
enum { SUM_A = 1, MAC_A = 2, SUM_B = 4, MAC_B = 8, RAW = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t whole[VAULT_HEADER_BYTES];
static struct secret *mac_key;

static void
set_up(void)
{
	struct err err = { 0 };
	struct vault_header header;

	if (crypto_init(&err) != 0)
		abort();
	mac_key = secret_new(VAULT_KEY_BYTES);
	vault_header_init(&header);
	memset(header.id, 7, sizeof(header.id));
	header.slots[0].kind = SLOT_PASSPHRASE;
	header.slots[0].cost = kdf_cost_least;
	header.slots[1].kind = SLOT_RECOVERY;
	header.slots[1].cost = kdf_cost_least;
	vault_header_write(&header, mac_key->data, whole);
	header.generation = 1;
	vault_header_write(&header, mac_key->data, whole + VAULT_COPY_BYTES);
}

static void
mend(uint8_t *copy, bool with_mac)
{
	struct hash hash;

	if (with_mac)
		mac_of(mac_key->data, copy, VAULT_COPY_BYTES - 64,
		    copy + VAULT_COPY_BYTES - 64);
	hash = hash_of(copy, VAULT_COPY_BYTES - 32);
	memcpy(copy + VAULT_COPY_BYTES - 32, hash.bytes, 32);
}

static size_t
make(const uint8_t *data, size_t size, uint8_t *bytes)
{
	const uint8_t bits = data[0];

	if (bits & RAW) {
		const size_t len = size - 1 < VAULT_HEADER_BYTES
		    ? size - 1
		    : VAULT_HEADER_BYTES;

		memcpy(bytes, data + 1, len);
		return len;
	}
	memcpy(bytes, whole, sizeof(whole));
	for (size_t at = 1; at + RECORD_BYTES <= size;) {
		const size_t place = data[at] | (size_t)data[at + 1] << 8;
		size_t len = data[at + 2];

		at += RECORD_BYTES;
		if (len > size - at)
			len = size - at;
		for (size_t i = 0; i < len; i++)
			bytes[(place + i) % sizeof(whole)] ^= data[at + i];
		at += len;
	}
	if (bits & (SUM_A | MAC_A))
		mend(bytes, bits & MAC_A);
	if (bits & (SUM_B | MAC_B))
		mend(bytes + VAULT_COPY_BYTES, bits & MAC_B);
	return sizeof(whole);
}

/* Written again and read again, it is the same. */
static void
check_copy(const struct vault_header *header)
{
	uint8_t bytes[VAULT_HEADER_BYTES];
	static struct vault_copies again;
	struct err err = { 0 };

	vault_header_write(header, mac_key->data, bytes);
	memcpy(bytes + VAULT_COPY_BYTES, bytes, VAULT_COPY_BYTES);
	if (vault_header_read(&again, bytes, sizeof(bytes), "v", &err) != 0)
		abort();
	if (again.headers[0].generation != header->generation ||
	    again.headers[0].head.count != header->head.count ||
	    again.headers[0].wal_frames != header->wal_frames ||
	    !vault_slots_are_same(&again.headers[0], header))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[VAULT_HEADER_BYTES];
	static struct vault_copies copies;
	struct err err = { 0 };
	size_t len;

	if (!mac_key)
		set_up();
	if (size == 0)
		return 0;
	len = make(data, size, bytes);
	if (vault_header_read(&copies, bytes, len, "v", &err) != 0) {
		if (err.code == ERR_NONE || !err.msg[0])
			abort();
		return 0;
	}
	if (copies.count == 2 &&
	    copies.headers[0].generation < copies.headers[1].generation)
		abort();
	for (size_t i = 0; i < copies.count; i++)
		if (vault_copy_is_genuine(copies.bytes[i], mac_key->data))
			check_copy(&copies.headers[i]);
	return 0;
}
