/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_HEADER_H
#define STORAGE_VAULT_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "storage/vault.h"

/*
 * The header of a vault file: two copies of one block in front of the first
 * page.  Everything in it is public; what matters is sealed or has a MAC.
 * doc/formats/vault.md has it byte for byte.
 *
 * A copy ends with a MAC by a subkey of the data key, which only who has the
 * key can check, and a checksum over all of it, which tells damage from a
 * wrong passphrase without any key.
 */
enum {
	VAULT_COPY_BYTES = 4096, /* one copy of the header */
	VAULT_HEADER_BYTES = 2 * VAULT_COPY_BYTES,
	VAULT_PAGE_BYTES = 4096,
	VAULT_RESERVE_BYTES = AEAD_NONCE_BYTES + AEAD_TAG_BYTES,
	VAULT_VERSION = 1,
	VAULT_ID_BYTES = 16,
	VAULT_KEY_BYTES = AEAD_KEY_BYTES,
	VAULT_SLOTS = 8,
	VAULT_SLOT_REST_BYTES = 280, /* of a programme slot; else zeroes */
	VAULT_WAL_HEADER_BYTES = 32,
	VAULT_INSTANCE_BYTES = 16
};

enum vault_slot_kind {
	SLOT_EMPTY,
	SLOT_PASSPHRASE,
	SLOT_RECOVERY,
	SLOT_PROGRAMME
};

/* One way to the data key. */
struct vault_slot {
	uint32_t kind;
	struct kdf_cost cost;
	uint8_t salt[KDF_SALT_BYTES], nonce[AEAD_NONCE_BYTES];
	uint8_t sealed[VAULT_KEY_BYTES], tag[AEAD_TAG_BYTES];
	uint8_t rest[VAULT_SLOT_REST_BYTES];
};

struct vault_header {
	uint8_t id[VAULT_ID_BYTES];
	uint64_t generation;    /* one more at each writing */
	struct vault_head head; /* what was durable at the last writing */
	uint8_t wal[VAULT_WAL_HEADER_BYTES]; /* of the WAL that counts */
	uint32_t wal_frames; /* it had at least, synced, at that writing */
	uint32_t db_pages;   /* the same of the database */
	/* Drawn anew at each unlocking; zeroes: never yet. */
	uint8_t instance[VAULT_INSTANCE_BYTES];
	struct vault_slot slots[VAULT_SLOTS];
};

/* The copies of a file that are whole, the newest first. */
struct vault_copies {
	size_t count;
	struct vault_header headers[2];
	uint8_t bytes[2][VAULT_COPY_BYTES];
};

/* A new vault's: random id, no slots. */
void vault_header_init(struct vault_header *header);

/* One copy; both copies of a file are the same. */
void vault_header_write(const struct vault_header *header,
    const uint8_t mac_key[32], uint8_t copy[VAULT_COPY_BYTES]);

/*
 * Takes apart the first `len` bytes of a file of `size` bytes; `path` is for
 * messages.  One damaged copy is passed over.  ERR_FORMAT: no vault, cut
 * short, or both copies damaged; ERR_UNSUPPORTED: by a later ronde.
 */
int vault_header_read(struct vault_copies *copies, const uint8_t *bytes,
    size_t len, const char *path, struct err *err);

/* Do these bytes begin as a vault, whole or not? */
bool vault_header_begins(const uint8_t *bytes, size_t len);

/* All zeroes: what a power cut leaves of a file that was never synced. */
bool vault_block_is_blank(const uint8_t block[VAULT_COPY_BYTES]);

/* Do both have the same key slots? */
bool vault_slots_are_same(
    const struct vault_header *one, const struct vault_header *other);

/* Was that copy written by someone with the data key? */
bool vault_copy_is_genuine(
    const uint8_t copy[VAULT_COPY_BYTES], const uint8_t mac_key[32]);

/* The subkey for the MAC; the caller's to free. */
struct secret *vault_header_key(const struct secret *data_key);

#endif
