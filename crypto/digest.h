/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/*
 * Digests that forms of others ask for by name, through nettle.  Nothing of
 * ronde itself relies on them: MD5 and SHA-1 are broken.
 */
enum { DIGEST_BYTES_MAX = 64 };

/*
 * "MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"; the number of bytes in
 * `digest`, or 0 for a name that is none of these.
 */
size_t digest_named(const char *name, const void *bytes, size_t len,
    uint8_t digest[DIGEST_BYTES_MAX]);

#endif
