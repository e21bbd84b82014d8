/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_AEAD_H
#define CRYPTO_AEAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/*
 * XChaCha20-Poly1305 with the tag apart, for pages and key slots; input and
 * output may be the same bytes.  A nonce is random and never used twice.
 */
enum { AEAD_KEY_BYTES = 32, AEAD_NONCE_BYTES = 24, AEAD_TAG_BYTES = 16 };

void aead_seal(const uint8_t *key, const uint8_t *nonce, const void *extra,
    size_t extra_len, const void *clear, size_t len, void *sealed,
    uint8_t *tag);

/* 0, or -1 when anything was altered; `clear` then holds zeroes. */
MUST_USE int aead_open(const uint8_t *key, const uint8_t *nonce,
    const void *extra, size_t extra_len, const void *sealed, size_t len,
    const uint8_t *tag, void *clear);

/* SipHash-2-4 of `len` bytes with a 16-byte key: masks, hash tables. */
uint64_t siphash(const uint8_t key[16], const void *bytes, size_t len);

#endif
