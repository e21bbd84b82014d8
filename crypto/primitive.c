/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/primitive.h"

#include <sodium.h>

/* libsodium wants a place even for no bytes. */
static const void *
place(const void *bytes)
{
	return bytes ? bytes : "";
}

void
ed25519_new(uint8_t public_key[32], uint8_t secret[64])
{
	crypto_sign_keypair(public_key, secret);
}

void
ed25519_sign(const uint8_t secret[64], const void *message, size_t len,
    uint8_t signature[64])
{
	crypto_sign_detached(signature, NULL, message, len, secret);
}

bool
ed25519_check(const uint8_t public_key[32], const void *message, size_t len,
    const uint8_t signature[64])
{
	return crypto_sign_verify_detached(
		   signature, message, len, public_key) == 0;
}

int
x25519(const uint8_t scalar[32], const uint8_t point[32], uint8_t shared[32])
{
	return crypto_scalarmult(shared, scalar, point);
}

void
x25519_public(const uint8_t scalar[32], uint8_t point[32])
{
	crypto_scalarmult_base(point, scalar);
}

void
chacha_seal(
    const struct chacha *with, const void *clear, size_t len, void *sealed)
{
	crypto_aead_chacha20poly1305_ietf_encrypt(sealed, NULL, clear, len,
	    with->extra, with->extra_len, NULL, with->nonce, with->key);
}

int
chacha_open(
    const struct chacha *with, const void *sealed, size_t len, void *clear)
{
	return crypto_aead_chacha20poly1305_ietf_decrypt(clear, NULL, NULL,
	    sealed, len, with->extra, with->extra_len, with->nonce, with->key);
}

void
hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
    uint8_t mac[32])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, place(key), key_len);
	crypto_auth_hmacsha256_update(&state, place(bytes), len);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(&state, sizeof(state));
}

void
sha256_of(const void *bytes, size_t len, uint8_t digest[32])
{
	crypto_hash_sha256(digest, place(bytes), len);
}

int
scrypt_derive(const void *passphrase, size_t passphrase_len, const void *salt,
    size_t salt_len, int work_factor, uint8_t key[32])
{
	return crypto_pwhash_scryptsalsa208sha256_ll(passphrase, passphrase_len,
	    salt, salt_len, UINT64_C(1) << work_factor, 8, 1, key, 32);
}
