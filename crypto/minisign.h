/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_MINISIGN_H
#define CRYPTO_MINISIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "crypto/secret.h"

/*
 * Keys and signatures that stock `minisign -V -H` reads (minisign 0.11,
 * src/minisign.h): prehashed with BLAKE2b-512, with a trusted comment and its
 * global signature.  The key is pinned whole, never by its key number.
 */
enum {
	MINISIGN_PUBLIC_BYTES = 32,
	MINISIGN_NUMBER_BYTES = 8,
	MINISIGN_TEXT_MAX = 64,        /* "RWQ...": 56 characters and the NUL */
	MINISIGN_COMMENT_MAX = 1024,   /* of ours; stock allows 8192 */
	MINISIGN_SIGNATURE_MAX = 4096, /* the whole file */
	MINISIGN_PREHASH_BYTES = 64
};

struct minisign_public {
	uint8_t number[MINISIGN_NUMBER_BYTES];
	uint8_t key[MINISIGN_PUBLIC_BYTES];
};

struct minisign_secret {
	uint8_t number[MINISIGN_NUMBER_BYTES];
	struct secret *key; /* owned: Ed25519 secret, 64 bytes */
};

void minisign_new(
    struct minisign_secret *secret, struct minisign_public *public_key);
void minisign_secret_release(struct minisign_secret *secret);

/* The base64 line ("RWQ..."), as in a .pub file's second line. */
void minisign_public_write(
    const struct minisign_public *key, char text[MINISIGN_TEXT_MAX]);
int minisign_public_read(
    const char *text, struct minisign_public *key, struct err *err);

/*
 * Signs the BLAKE2b-512 of a file; adds the four lines of a .minisig to
 * `out`.  `trusted` is one line of printable UTF-8.
 */
int minisign_sign(const struct minisign_secret *key,
    const uint8_t prehash[MINISIGN_PREHASH_BYTES], const char *trusted,
    struct buf *out, struct err *err);

/* A signature file taken apart; strict about every byte of its form. */
struct minisign_signature {
	uint8_t number[MINISIGN_NUMBER_BYTES];
	uint8_t signature[64], global[64];
	char trusted[MINISIGN_SIGNATURE_MAX];
};

int minisign_read(const char *text, size_t len,
    struct minisign_signature *signature, struct err *err);

/* 0, or ERR_AUTH; legacy (not prehashed) signatures never pass. */
int minisign_check(const struct minisign_public *key,
    const uint8_t prehash[MINISIGN_PREHASH_BYTES],
    const struct minisign_signature *signature, struct err *err);

#endif
