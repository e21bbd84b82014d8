/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_ANCHOR_H
#define STORAGE_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/secret.h"
#include "storage/vault.h"
#include "storage/vault_header.h"

/*
 * The anchor of a vault: a small file in the state folder of the computer,
 * away from the vault, that says how far the vault was when it was last
 * written.  A vault that is put back to an older state shows against it.
 * doc/formats/vault.md has it byte for byte.
 *
 * Two records, each with its own MAC.  The record that was synced last is
 * never written over: whatever a power cut tears, one of them is whole.
 * Behind them stands, for each data key that the vault had before, the record
 * of the moment when it got another one: so an older vault shows although its
 * key opens nothing that was written since.
 *
 * Nothing here stops work: what goes wrong is kept for anchor_trouble() and
 * tried again the next time.
 */
enum {
	ANCHOR_RECORD_BYTES = 512,
	ANCHOR_FIELDS_BYTES = 144, /* of it, before the zeroes and the MAC */
	ANCHOR_RECORDS = 2,
	ANCHOR_RECORD_STEP = 4096, /* from one to the next: sectors apart */
	ANCHOR_FILE_BYTES = ANCHOR_RECORD_STEP + ANCHOR_RECORD_BYTES,
	ANCHOR_FORMER = 16, /* former data keys; of more the oldest goes */
	ANCHOR_SYNC_MS = 60 * 1000
};

/* What is to be acknowledged by a person. */
enum { ANCHOR_ASK_ELSEWHERE = 1, ANCHOR_ASK_DAMAGED = 2 };

struct anchor_record {
	uint32_t flags;
	uint64_t generation;
	struct vault_head head;
	uint8_t instance[VAULT_INSTANCE_BYTES];
	/* The one that the vault's header is about to get; zeroes: none. */
	uint8_t next[VAULT_INSTANCE_BYTES];
	int64_t time;
	/* With a flag: what was known here before. */
	uint64_t known_count;
	int64_t known_time;
};

void anchor_record_write(const struct anchor_record *record,
    const uint8_t id[VAULT_ID_BYTES], const uint8_t mac_key[32],
    uint8_t bytes[ANCHOR_RECORD_BYTES]);

/* False where it is no genuine record of that vault under that key. */
bool anchor_record_read(struct anchor_record *record,
    const uint8_t bytes[ANCHOR_RECORD_BYTES], const uint8_t id[VAULT_ID_BYTES],
    const uint8_t mac_key[32]);

/* The generation that it claims, genuine or not. */
uint64_t anchor_record_claims(const uint8_t bytes[ANCHOR_RECORD_BYTES]);

enum anchor_found {
	ANCHOR_NONE,
	ANCHOR_DAMAGED,
	ANCHOR_RENEWED, /* the vault got another data key since */
	ANCHOR_WHOLE
};

/*
 * Takes a file of `len` bytes apart: the newer of its records, and in
 * `*place` which one that is.  ANCHOR_NONE for an empty file.
 */
enum anchor_found anchor_records_read(struct anchor_record *record,
    size_t *place, const uint8_t *bytes, size_t len,
    const uint8_t id[VAULT_ID_BYTES], const uint8_t mac_key[32]);

struct anchor;

/* Reads what is there; nothing is made before the first anchor_put(). */
struct anchor *anchor_open(const char *folder, const uint8_t id[VAULT_ID_BYTES],
    const struct secret *data_key);
void anchor_close(struct anchor *anchor); /* syncs; NULL is allowed */

/*
 * Before a vault gets another data key: the newest record once more under that
 * key, beside the one under the old, so that either vault finds its own, and
 * among those of former keys.  Where that fails the next opening finds a
 * damaged anchor.
 */
void anchor_give_key(const char *folder, const uint8_t id[VAULT_ID_BYTES],
    const struct secret *old_key, const struct secret *new_key);

const char *anchor_path(const struct anchor *anchor);
enum anchor_found anchor_found(const struct anchor *anchor);
/* What was read, or written since. */
const struct anchor_record *anchor_last(const struct anchor *anchor);

/* One write; `record` gets its generation.  0, or -1 with a trouble. */
int anchor_put(struct anchor *anchor, const struct anchor_record *record);
int anchor_sync(struct anchor *anchor);

/* Syncs when something was written and the last time is long enough ago. */
void anchor_tick(struct anchor *anchor);
bool anchor_is_dirty(const struct anchor *anchor);

/* Why the anchor is not kept now; NULL when it is. */
const char *anchor_trouble(const struct anchor *anchor);

#endif
