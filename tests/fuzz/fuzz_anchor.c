/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "crypto/hash.h"
#include "storage/anchor.h"

/*
 * A file of any bytes, once as it is and once with its records given right
 * MACs: what is read is what writing it again gives.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { MAC_AT = ANCHOR_RECORD_BYTES - 32 };

static const uint8_t id[VAULT_ID_BYTES] = { 1 }, key[32] = { 2 };

static void
check(const uint8_t *bytes, size_t len)
{
	uint8_t again[ANCHOR_RECORD_BYTES];
	struct anchor_record record;
	size_t place = ANCHOR_RECORDS;
	const enum anchor_found found =
	    anchor_records_read(&record, &place, bytes, len, id, key);

	assert((found == ANCHOR_NONE) == (len == 0));
	if (found != ANCHOR_WHOLE)
		return;
	assert(place < ANCHOR_RECORDS);
	bytes += place * ANCHOR_RECORD_STEP;
	anchor_record_write(&record, id, key, again);
	/* What is zero in this version is not kept, nor is its MAC then. */
	assert(memcmp(again, bytes, ANCHOR_FIELDS_BYTES) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint8_t file[ANCHOR_FILE_BYTES] = { 0 };
	const size_t part = len / 2 < MAC_AT ? len / 2 : MAC_AT;

	check(bytes, len);
	for (size_t i = 0; i < ANCHOR_RECORDS; i++) {
		uint8_t *record = file + i * ANCHOR_RECORD_STEP;

		memcpy(record, bytes + i * part, part);
		mac_of(key, record, MAC_AT, record + MAC_AT);
	}
	check(file, sizeof(file));
	return 0;
}
