/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/kdf.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/i18n.h"
#include "crypto/primitive.h"

struct secret *
kdf_passphrase(const struct secret *passphrase,
    const uint8_t salt[KDF_SALT_BYTES], const struct kdf_cost *cost,
    size_t key_bytes, struct err *err)
{
	struct secret *key = NULL;

	if (kdf_cost_check(cost, err) != 0)
		return NULL;
	key = secret_new(key_bytes);
	if (crypto_pwhash(key->data, key->len, (const char *)passphrase->data,
		passphrase->len, salt, cost->passes, (size_t)cost->memory,
		crypto_pwhash_ALG_ARGON2ID13) == 0)
		return key;
	err_set(err, ERR_LIMIT,
	    _("not enough memory for the passphrase: it needs %llu MiB, close "
	      "other programs"),
	    (unsigned long long)(cost->memory >> 20));
	secret_free(key);
	return NULL;
}

/* T(n) = HMAC(PRK, T(n-1) | info | n) */
static void
expand_block(const uint8_t prk[SHA256_BYTES], uint8_t block[SHA256_BYTES],
    const void *info, size_t info_len, uint8_t number)
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, prk, SHA256_BYTES);
	if (number > 1)
		crypto_auth_hmacsha256_update(&state, block, SHA256_BYTES);
	if (info_len > 0)
		crypto_auth_hmacsha256_update(&state, info, info_len);
	crypto_auth_hmacsha256_update(&state, &number, 1);
	crypto_auth_hmacsha256_final(&state, block);
	sodium_memzero(&state, sizeof(state));
}

/* NOLINTBEGIN(readability-function-size): RFC 5869 has so many parts */
void
hkdf_sha256(const void *key, size_t key_len, const void *salt, size_t salt_len,
    const void *info, size_t info_len, void *out, size_t len)
{
	uint8_t prk[SHA256_BYTES], block[SHA256_BYTES] = { 0 };
	uint8_t *to = out, number = 0;

	assert(len <= (size_t)255 * SHA256_BYTES);
	hmac_sha256(salt, salt_len, key, key_len, prk);
	while (len > 0) {
		const size_t part = len < SHA256_BYTES ? len : SHA256_BYTES;

		expand_block(prk, block, info, info_len, ++number);
		memcpy(to, block, part);
		to += part;
		len -= part;
	}
	sodium_memzero(prk, sizeof(prk));
	sodium_memzero(block, sizeof(block));
}

/* NOLINTEND(readability-function-size) */

struct secret *
kdf_subkey(const struct secret *key, const char *purpose)
{
	struct secret *subkey = secret_new(32);

	assert(key->len >= crypto_generichash_KEYBYTES_MIN &&
	    key->len <= crypto_generichash_KEYBYTES_MAX);
	crypto_generichash(subkey->data, subkey->len,
	    (const unsigned char *)purpose, strlen(purpose), key->data,
	    key->len);
	return subkey;
}
