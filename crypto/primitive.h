/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_PRIMITIVE_H
#define CRYPTO_PRIMITIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * What the formats of others (age, minisign) are made of.  For crypto/ and
 * its tests only: nothing above signs or seals with these, because none of
 * them says what a message is for.
 */
enum {
	ED25519_PUBLIC_BYTES = 32,
	ED25519_SECRET_BYTES = 64,
	ED25519_BYTES = 64,
	X25519_BYTES = 32,
	CHACHA_KEY_BYTES = 32,
	CHACHA_NONCE_BYTES = 12,
	CHACHA_TAG_BYTES = 16,
	SHA256_BYTES = 32
};

void ed25519_new(uint8_t public_key[32], uint8_t secret[64]);
void ed25519_sign(const uint8_t secret[64], const void *message, size_t len,
    uint8_t signature[64]);
bool ed25519_check(const uint8_t public_key[32], const void *message,
    size_t len, const uint8_t signature[64]);

/* -1 where the shared secret is all zeroes: a point of low order. */
MUST_USE int x25519(
    const uint8_t scalar[32], const uint8_t point[32], uint8_t shared[32]);
void x25519_public(const uint8_t scalar[32], uint8_t point[32]);

/*
 * ChaCha20-Poly1305 of RFC 8439, the tag behind the sealed bytes.  `extra` is
 * authenticated but not sealed; age has none.  chacha_open() gets `len` with
 * the tag and gives -1 when anything was altered.
 */
struct chacha {
	const uint8_t *key, *nonce; /* borrowed */
	const void *extra;
	size_t extra_len;
};

void chacha_seal(
    const struct chacha *with, const void *clear, size_t len, void *sealed);
MUST_USE int chacha_open(
    const struct chacha *with, const void *sealed, size_t len, void *clear);

void hmac_sha256(const void *key, size_t key_len, const void *bytes, size_t len,
    uint8_t mac[32]);
void sha256_of(const void *bytes, size_t len, uint8_t digest[32]);

/* scrypt with r = 8, p = 1 and N = 2^work_factor; -1 without the memory. */
MUST_USE int scrypt_derive(const void *passphrase, size_t passphrase_len,
    const void *salt, size_t salt_len, int work_factor, uint8_t key[32]);

#endif
