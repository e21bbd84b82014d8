/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"

#include <sodium.h>

#include "base/buf.h"

/* NOLINTBEGIN(readability-function-size): an AEAD has so many parts */
void
aead_seal(const uint8_t *key, const uint8_t *nonce, const void *extra,
    size_t extra_len, const void *clear, size_t len, void *sealed, uint8_t *tag)
{
	crypto_aead_xchacha20poly1305_ietf_encrypt_detached(
	    sealed, tag, NULL, clear, len, extra, extra_len, NULL, nonce, key);
}

int
aead_open(const uint8_t *key, const uint8_t *nonce, const void *extra,
    size_t extra_len, const void *sealed, size_t len, const uint8_t *tag,
    void *clear)
{
	if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(clear, NULL,
		sealed, len, tag, extra, extra_len, nonce, key) == 0)
		return 0;
	sodium_memzero(clear, len);
	return -1;
}

/* NOLINTEND(readability-function-size) */

uint64_t
siphash(const uint8_t key[16], const void *bytes, size_t len)
{
	uint8_t hash[crypto_shorthash_siphash24_BYTES];

	crypto_shorthash_siphash24(hash, bytes, len, key);
	return load_le64(hash);
}
