/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_IDS_H
#define CRYPTO_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Identifiers: a letter that says of what, a dash, and Crockford's base32 in
 * capitals (no I, L, O, U).  Subjects and persons are 80 random bits: two
 * offline devices never meet on one.  A device is the first 128 bits of the
 * hash of its public keys, so nobody can take another's name.
 */
#define ID_SITE 'S'
#define ID_INSPECTION 'I'
#define ID_PERSON 'P'
#define ID_DEVICE 'D'

enum { ID_MAX = 32 }; /* bytes, with the NUL; ours are 18 or 28 long */

void id_new(char kind, char id[ID_MAX]);
void id_device(const uint8_t sign_public[32], const uint8_t minisign_key[32],
    const uint8_t age_key[32], char id[ID_MAX]);

/* True for a whole identifier of that kind, as we write them. */
bool id_is(char kind, const char *text);

/*
 * True when `typed` (any case, I and L as 1, O as 0, with or without the
 * letter and dash) is the start of `id`.  Nothing typed is the start of none.
 */
bool id_starts(const char *id, const char *typed);

/*
 * Crockford's base32 of `len` bytes, five bits a character from the front,
 * zero bits filling the last one; (8 * len + 4) / 5 characters and the NUL.
 */
void base32_write(const uint8_t *bytes, size_t len, char *text);

/*
 * Six groups of four digits from a hash of `bytes`, to compare by telephone:
 * "5117 7720 9481 0255 6038 1194".
 */
enum { FINGERPRINT_MAX = 30 };
void fingerprint_of(const void *bytes, size_t len, char text[FINGERPRINT_MAX]);

#endif
