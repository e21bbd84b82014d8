/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <nettle/nettle-meta.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct nettle_hash *
find(const char *name)
{
	const struct {
		const char *name;
		const struct nettle_hash *hash;
	} known[] = {
		{ "MD5", &nettle_md5 },
		{ "SHA-1", &nettle_sha1 },
		{ "SHA-256", &nettle_sha256 },
		{ "SHA-384", &nettle_sha384 },
		{ "SHA-512", &nettle_sha512 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].hash;
	return NULL;
}

size_t
digest_named(const char *name, const void *bytes, size_t len,
    uint8_t digest[DIGEST_BYTES_MAX])
{
	const struct nettle_hash *hash = find(name);
	void *state;

	if (!hash)
		return 0;
	state = xcalloc(1, hash->context_size);
	hash->init(state);
	hash->update(state, len, bytes);
	hash->digest(state, hash->digest_size, digest);
	free(state);
	return hash->digest_size;
}
