/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/heads.h"

#include <string.h>

#include "crypto/hash.h"

void
heads_salt_subject(const uint8_t salt[HEADS_SALT_BYTES], const char *subject,
    char hex[HEADS_SALTED_MAX])
{
	static const char purpose[] = "ronde/subject/1"; /* with its NUL */
	struct hasher hasher;
	struct hash hash;

	hasher_begin(&hasher);
	hasher_add(&hasher, purpose, sizeof(purpose));
	hasher_add(&hasher, salt, HEADS_SALT_BYTES);
	hasher_add(&hasher, subject, strlen(subject));
	hash = hasher_end_hash(&hasher);
	hex_write(hash.bytes, 16, hex);
}
