/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/primitive.h"

struct secret *
sign_new_key(uint8_t public_key[SIGN_PUBLIC_BYTES])
{
	struct secret *key = secret_new(SIGN_SECRET_BYTES);

	ed25519_new(public_key, key->data);
	return key;
}

/*
 * "<type>\n<body>"; the caller's to free.  A type without a newline of its
 * own makes the border plain: no message of one type is one of another.
 */
static uint8_t *
join(const char *type, const void *body, size_t len, size_t *joined_len)
{
	const size_t type_len = strlen(type);
	uint8_t *joined = xcalloc(type_len + 1 + len, 1);

	assert(type_len > 0 && !strchr(type, '\n'));
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes */
	memcpy(joined, type, type_len);
	joined[type_len] = '\n';
	if (len)
		memcpy(joined + type_len + 1, body, len);
	*joined_len = type_len + 1 + len;
	return joined;
}

void
sign_message(const struct secret *key, const char *type, const void *body,
    size_t len, uint8_t signature[SIGN_BYTES])
{
	size_t joined_len;
	uint8_t *joined = join(type, body, len, &joined_len);

	assert(key->len == SIGN_SECRET_BYTES);
	ed25519_sign(key->data, joined, joined_len, signature);
	free(joined);
}

bool
sign_check(const uint8_t public_key[SIGN_PUBLIC_BYTES], const char *type,
    const void *body, size_t len, const uint8_t signature[SIGN_BYTES])
{
	size_t joined_len;
	uint8_t *joined = join(type, body, len, &joined_len);
	const bool good =
	    ed25519_check(public_key, joined, joined_len, signature);

	free(joined);
	return good;
}
