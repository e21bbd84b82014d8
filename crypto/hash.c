/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(struct hasher) >= sizeof(crypto_generichash_state),
    "a hasher holds the state of libsodium");

static crypto_generichash_state *
state_of(struct hasher *hasher)
{
	return (crypto_generichash_state *)hasher;
}

void
hasher_begin_size(struct hasher *hasher, size_t digest_bytes)
{
	assert(digest_bytes >= crypto_generichash_BYTES_MIN &&
	    digest_bytes <= crypto_generichash_BYTES_MAX);
	crypto_generichash_init(state_of(hasher), NULL, 0, digest_bytes);
}

void
hasher_begin(struct hasher *hasher)
{
	hasher_begin_size(hasher, HASH_BYTES);
}

void
hasher_add(struct hasher *hasher, const void *bytes, size_t len)
{
	crypto_generichash_update(state_of(hasher), bytes, len);
}

void
hasher_end(struct hasher *hasher, void *digest, size_t digest_bytes)
{
	crypto_generichash_final(state_of(hasher), digest, digest_bytes);
}

struct hash
hasher_end_hash(struct hasher *hasher)
{
	struct hash hash;

	hasher_end(hasher, hash.bytes, sizeof(hash.bytes));
	return hash;
}

struct hash
hash_of(const void *bytes, size_t len)
{
	struct hash hash;

	crypto_generichash(hash.bytes, sizeof(hash.bytes), bytes, len, NULL, 0);
	return hash;
}

bool
hash_equal(const struct hash *one, const struct hash *other)
{
	return memcmp(one->bytes, other->bytes, HASH_BYTES) == 0;
}

int
hash_compare(const struct hash *one, const struct hash *other)
{
	return memcmp(one->bytes, other->bytes, HASH_BYTES);
}

bool
hash_is_zero(const struct hash *hash)
{
	return sodium_is_zero(hash->bytes, HASH_BYTES);
}

void
mac_of(const uint8_t key[32], const void *bytes, size_t len, uint8_t mac[32])
{
	crypto_generichash(mac, 32, bytes, len, key, 32);
}

bool
bytes_equal(const void *one, const void *other, size_t len)
{
	return sodium_memcmp(one, other, len) == 0;
}

void
hex_write(const void *bytes, size_t len, char *hex)
{
	sodium_bin2hex(hex, 2 * len + 1, bytes, len);
}

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
hex_read(const char *hex, void *bytes, size_t len)
{
	uint8_t *to = bytes;
	int wrong = 0;

	if (strnlen(hex, 2 * len + 1) != 2 * len)
		return false;
	for (size_t i = 0; i < 2 * len; i++)
		wrong |= digit_of(hex[i]);
	if (wrong < 0)
		return false;
	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)(digit_of(hex[2 * i]) << 4 |
		    digit_of(hex[2 * i + 1]));
	return true;
}

void
hash_to_hex(const struct hash *hash, char hex[HASH_HEX_MAX])
{
	hex_write(hash->bytes, HASH_BYTES, hex);
}

bool
hash_from_hex(const char *hex, struct hash *hash)
{
	return hex_read(hex, hash->bytes, HASH_BYTES);
}

static int
variant(bool padded)
{
	return padded ? sodium_base64_VARIANT_ORIGINAL
		      : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

size_t
base64_write(
    const void *bytes, size_t len, bool padded, char *text, size_t room)
{
	assert(room >= sodium_base64_encoded_len(len, variant(padded)));
	sodium_bin2base64(text, room, bytes, len, variant(padded));
	return strlen(text);
}

/* libsodium 1.0.18 takes every byte from 0x80 on for a '/'. */
static bool
is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

bool
base64_read(const char *text, size_t text_len, bool padded, void *bytes,
    size_t room, size_t *len)
{
	size_t got;

	/* Without a place for the end libsodium refuses what trails. */
	if (!is_ascii(text, text_len) ||
	    sodium_base642bin(bytes, room, text, text_len, NULL, &got, NULL,
		variant(padded)) != 0)
		return false;
	*len = got;
	return true;
}
