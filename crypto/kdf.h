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
	KDF_MEMORY_MAX = 1024 * 1024 * 1024,
	KDF_TARGET_MS = 500 /* what a new cost takes on the machine it is for */
};

/*
 * Bytes filled in all, passes times memory: some 5 s where 256 MiB in 3 passes
 * take half a second, 20 s on a machine four times slower.
 */
#define KDF_WORK_MAX (UINT64_C(8) << 30)

/* 256 MiB, 3 passes (libsodium's "moderate"). */
extern const struct kdf_cost kdf_cost_default;
/* What no chosen cost is below: 64 MiB, 3 passes. */
extern const struct kdf_cost kdf_cost_floor;
/* For random bits; and for tests, which open many vaults. */
extern const struct kdf_cost kdf_cost_least;

/*
 * The cost that takes about KDF_TARGET_MS on this machine, by two short runs
 * of some 40 ms: memory first, up to KDF_MEMORY_MAX or a quarter of what the
 * machine has, then passes.  RONDE_TEST_FAST_KDF=1 makes it the least.
 */
struct kdf_cost kdf_cost_here(void);

/* The same from what was measured; `machine` is the memory it has, in bytes. */
struct kdf_cost kdf_cost_for(double ns_per_byte, uint64_t machine);

/* Bytes filled by that cost; UINT64_MAX where that overflows. */
uint64_t kdf_cost_work(const struct kdf_cost *cost);

/*
 * ERR_LIMIT where the cost is outside the bounds above or takes more memory
 * than the machine has; before any is spent.
 */
int kdf_cost_check(const struct kdf_cost *cost, struct err *err);
/* The same for a machine of so many bytes; 0: not known. */
int kdf_cost_fits(
    const struct kdf_cost *cost, uint64_t machine, struct err *err);

/* ERR_LIMIT as of kdf_cost_check(), or where the memory cannot be had. */
struct secret *kdf_passphrase(const struct secret *passphrase,
    const uint8_t salt[KDF_SALT_BYTES], const struct kdf_cost *cost,
    size_t key_bytes, struct err *err);

/* HKDF-SHA256 (RFC 5869) on HMAC-SHA256; `len` at most 255 * 32. */
void hkdf_sha256(const void *key, size_t key_len, const void *salt,
    size_t salt_len, const void *info, size_t info_len, void *out, size_t len);

/* A subkey of 32 bytes for `purpose` ("ronde/vault/mac/1"), by BLAKE2b. */
struct secret *kdf_subkey(const struct secret *key, const char *purpose);

#endif
