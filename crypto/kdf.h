/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_KDF_H
#define CRYPTO_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/secret.h"

/* Keys from passphrases and from other keys. */

/* Argon2id, one lane.  A cost read from a file is checked before it is paid. */
struct kdf_cost {
	uint32_t passes;
	uint64_t memory; /* bytes */
};

enum {
	KDF_SALT_BYTES = 16,
	KDF_PASSES_MAX = 16,
	KDF_MEMORY_MIN = 8 * 1024,
	KDF_MEMORY_MAX = 1024 * 1024 * 1024
};

/* What a new vault uses: 256 MiB, 3 passes (libsodium's "moderate"). */
extern const struct kdf_cost kdf_cost_default;
/* For tests, which open many vaults: RONDE_TEST_FAST_KDF is set. */
extern const struct kdf_cost kdf_cost_least;

/* ERR_LIMIT where the cost is outside the bounds above. */
struct secret *kdf_passphrase(const struct secret *passphrase,
    const uint8_t salt[KDF_SALT_BYTES], const struct kdf_cost *cost,
    size_t key_bytes, struct err *err);

/* HKDF-SHA256 (RFC 5869) on HMAC-SHA256; `len` at most 255 * 32. */
void hkdf_sha256(const void *key, size_t key_len, const void *salt,
    size_t salt_len, const void *info, size_t info_len, void *out, size_t len);

/* A subkey of 32 bytes for `purpose` ("ronde/vault/mac/1"), by BLAKE2b. */
struct secret *kdf_subkey(const struct secret *key, const char *purpose);

#endif
