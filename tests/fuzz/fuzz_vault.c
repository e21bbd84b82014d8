/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "storage/vault_header.h"
#include "tests/diskvault.h"

/*
 * A vault of 30 rows as a kill leaves it, log and all, then altered as the
 * input says: records of a kind, a place and up to 255 bytes.  It opens or it
 * does not; what it gives is rows of ours from the first on.
 */
enum { ROWS = 30, RECORD_BYTES = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct memdisk *whole, *image;

static void
set_up(void)
{
	struct diskvault vault;
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		abort();
	whole = memdisk_new("whole");
	image = memdisk_new("image");
	diskvault_make(whole, "whole");
	if (diskvault_open(&vault, whole, "whole", &err) != 0)
		abort();
	for (long row = 1; row <= ROWS; row++)
		if (diskvault_add(&vault, row, row, &err) != 0)
			abort();
	memdisk_copy(image, whole);
	diskvault_close(&vault);
	memdisk_copy(whole, image);
}

/* Without this no change of the header would pass its checksum. */
static void
mend_header(struct memfile *file)
{
	struct secret *key = diskvault_key(), *mac = vault_header_key(key);

	for (size_t at = 0;
	     at + VAULT_COPY_BYTES <= file->size && at < VAULT_HEADER_BYTES;
	     at += VAULT_COPY_BYTES) {
		uint8_t *copy = file->data + at;
		struct hash hash;

		mac_of(
		    mac->data, copy, VAULT_COPY_BYTES - 64, copy + 4096 - 64);
		hash = hash_of(copy, VAULT_COPY_BYTES - 32);
		memcpy(copy + VAULT_COPY_BYTES - 32, hash.bytes, 32);
	}
	secret_free(mac);
	secret_free(key);
}

/* One record: what to do, where, with how many of the bytes behind it. */
static size_t
alter(const uint8_t *data, size_t size)
{
	struct memfile *file =
	    memdisk_file(image, data[0] & 1 ? DISKVAULT_WAL : DISKVAULT_PATH);
	const size_t place = load_le32(data + 1);
	size_t len = data[5];

	if (len > size - RECORD_BYTES)
		len = size - RECORD_BYTES;
	if (file && file->size > 0 && (data[0] & 2))
		file->size = place % file->size;
	for (size_t i = 0; i < len && file && file->size > 0; i++)
		file->data[(place + i) % file->size] ^= data[RECORD_BYTES + i];
	if (data[0] & 4)
		mend_header(memdisk_file(image, DISKVAULT_PATH));
	return RECORD_BYTES + len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diskvault vault;
	struct err err = { 0 };
	long rows;

	if (!whole)
		set_up();
	memdisk_copy(image, whole);
	for (size_t at = 0; at + RECORD_BYTES <= size;)
		at += alter(data + at, size - at);
	if (diskvault_open(&vault, image, "image", &err) != 0) {
		if (err.code == ERR_NONE || !err.msg[0])
			abort();
		return 0;
	}
	rows = diskvault_rows(&vault, &err);
	if (rows > ROWS || (rows < 0 && err.code == ERR_CONFLICT))
		abort();
	diskvault_close(&vault);
	return 0;
}
