/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "storage/vault_header.h"
#include "storage/vault_slots.h"

/*
 * Slots are read before anything is known to be genuine.  The first byte
 * chooses:
 *
 *   0  the rest of a programme slot is what follows
 *   1  bytes of a good one are changed: a place, then bits
 *   2  what follows is typed as a recovery code
 *   3  both copies of a header begin with what follows
 *
 * What a slot gives is the one key that was sealed into it, or nothing.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct vault_header good;
static struct secret *identity, *key;

static void
set_up(void)
{
	struct age_recipient recipient;
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		abort();
	identity = age_new_identity(&recipient);
	key = secret_random(VAULT_KEY_BYTES);
	vault_header_init(&good);
	if (vault_slot_seal_programme(&good, &recipient, key, &err) != 0)
		abort();
}

static void
open_programme(const struct vault_header *header)
{
	const struct secret *const keys[] = { identity };
	const struct vault_way way = {
		.kind = SLOT_PROGRAMME, .identities = keys, .identity_count = 1
	};
	struct err err = { 0 };
	struct secret *got = vault_slot_open(header, &way, &err);

	if (got && !secret_equal(got, key))
		abort();
	if (!got && (err.code == ERR_NONE || !err.msg[0]))
		abort();
	secret_free(got);
}

static void
type_code(const uint8_t *data, size_t size)
{
	struct err err = { 0 };
	struct secret *code =
	    recovery_code_read((const char *)data, size, &err);

	if (code && code->len != 21)
		abort();
	if (!code && !err.msg[0])
		abort();
	secret_free(code);
}

static void
read_header(const uint8_t *data, size_t size)
{
	static struct vault_copies copies;
	static uint8_t bytes[VAULT_HEADER_BYTES];
	struct secret *mac_key = vault_header_key(key);
	struct err err = { 0 };

	vault_header_write(&good, mac_key->data, bytes);
	if (size > VAULT_COPY_BYTES)
		size = VAULT_COPY_BYTES;
	memcpy(bytes, data, size);
	memcpy(bytes + VAULT_COPY_BYTES, bytes, VAULT_COPY_BYTES);
	for (size_t i = 0; i < 2; i++) {
		uint8_t *end = bytes + (i + 1) * VAULT_COPY_BYTES - HASH_BYTES;
		const struct hash hash = hash_of(
		    end + HASH_BYTES - VAULT_COPY_BYTES, VAULT_COPY_BYTES - 32);

		memcpy(end, hash.bytes, sizeof(hash.bytes));
	}
	if (vault_header_read(&copies, bytes, sizeof(bytes), "v", &err) == 0)
		for (size_t i = 0; i < copies.count; i++)
			open_programme(&copies.headers[i]);
	secret_free(mac_key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vault_header header;

	if (!key)
		set_up();
	header = good;
	if (size < 2)
		return 0;
	switch (data[0] % 4) {
	case 0:
		if (--size > VAULT_SLOT_REST_BYTES)
			size = VAULT_SLOT_REST_BYTES;
		memcpy(header.slots[0].rest, data + 1, size);
		open_programme(&header);
		break;
	case 1:
		for (size_t i = 3; i < size; i++)
			((uint8_t *)&header
				.slots[0])[(data[1] + data[2] * 256 + i) %
			    sizeof(header.slots[0])] ^= data[i];
		open_programme(&header);
		break;
	case 2: type_code(data + 1, size - 1); break;
	default: read_header(data + 1, size - 1);
	}
	return 0;
}
