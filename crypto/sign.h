/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/secret.h"

/*
 * Ed25519 for statements.  What is signed always begins with its type and
 * version ("ronde/heads/1\n"); bundles have a key of their own (minisign.h).
 */
enum { SIGN_PUBLIC_BYTES = 32, SIGN_SECRET_BYTES = 64, SIGN_BYTES = 64 };

/* Makes a pair; the secret is SIGN_SECRET_BYTES long. */
struct secret *sign_new_key(uint8_t public_key[SIGN_PUBLIC_BYTES]);

/* Signs "<type>\n<body>". */
void sign_message(const struct secret *key, const char *type, const void *body,
    size_t len, uint8_t signature[SIGN_BYTES]);
bool sign_check(const uint8_t public_key[SIGN_PUBLIC_BYTES], const char *type,
    const void *body, size_t len, const uint8_t signature[SIGN_BYTES]);

#endif
