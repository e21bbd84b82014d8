/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * BLAKE2b-256: what names events, statements, checklists and blobs.  In text
 * it is 64 small hexadecimal digits.
 */
enum { HASH_BYTES = 32, HASH_HEX_MAX = 2 * HASH_BYTES + 1 };

struct hash {
	uint8_t bytes[HASH_BYTES];
};

struct hash hash_of(const void *bytes, size_t len);
bool hash_equal(const struct hash *one, const struct hash *other);
int hash_compare(const struct hash *one, const struct hash *other);
bool hash_is_zero(const struct hash *hash);

/* Piece by piece; `digest_bytes` of 16 to 64 for hasher_begin_size(). */
struct hasher {
	_Alignas(64) unsigned char state[384];
};

void hasher_begin(struct hasher *hasher);
void hasher_begin_size(struct hasher *hasher, size_t digest_bytes);
void hasher_add(struct hasher *hasher, const void *bytes, size_t len);
void hasher_end(struct hasher *hasher, void *digest, size_t digest_bytes);
struct hash hasher_end_hash(struct hasher *hasher);

/* A keyed BLAKE2b-256 for authentication; compare with bytes_equal(). */
void mac_of(
    const uint8_t key[32], const void *bytes, size_t len, uint8_t mac[32]);
bool bytes_equal(const void *one, const void *other, size_t len);

void hash_to_hex(const struct hash *hash, char hex[HASH_HEX_MAX]);
bool hash_from_hex(const char *hex, struct hash *hash);   /* strict */
void hex_write(const void *bytes, size_t len, char *hex); /* 2*len+1 */
bool hex_read(const char *hex, void *bytes, size_t len);

/* Standard base64 with padding (minisign) or without (age); canonical only. */
enum { BASE64_MAX_OF_64 = 96 };
size_t base64_write(
    const void *bytes, size_t len, bool padded, char *text, size_t room);
bool base64_read(const char *text, size_t text_len, bool padded, void *bytes,
    size_t room, size_t *len);

#endif
