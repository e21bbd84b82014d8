/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ids.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

enum { RANDOM_BYTES = 10, DEVICE_BYTES = 16, PREFIX_CHARS = 2 };

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void
base32_write(const uint8_t *bytes, size_t len, char *text)
{
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < len; i++) {
		held = (held << 8 | bytes[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			*text++ = digits[held >> (bits - 5) & 31];
	}
	if (bits > 0)
		*text++ = digits[held << (5 - bits) & 31];
	*text = '\0';
}

static void
id_write(char kind, const uint8_t *bytes, size_t len, char id[ID_MAX])
{
	id[0] = kind;
	id[1] = '-';
	base32_write(bytes, len, id + PREFIX_CHARS);
}

void
id_new(char kind, char id[ID_MAX])
{
	uint8_t bytes[RANDOM_BYTES];

	random_bytes(bytes, sizeof(bytes));
	id_write(kind, bytes, sizeof(bytes), id);
}

void
id_device(const uint8_t sign_public[32], const uint8_t minisign_key[32],
    const uint8_t age_key[32], char id[ID_MAX])
{
	static const char type[] = "ronde/device/1\n";
	struct hasher hasher;
	struct hash hash;

	hasher_begin(&hasher);
	hasher_add(&hasher, type, sizeof(type) - 1);
	hasher_add(&hasher, sign_public, 32);
	hasher_add(&hasher, minisign_key, 32);
	hasher_add(&hasher, age_key, 32);
	hash = hasher_end_hash(&hasher);
	id_write(ID_DEVICE, hash.bytes, DEVICE_BYTES, id);
}

bool
id_is(char kind, const char *text)
{
	const size_t bytes = kind == ID_DEVICE ? DEVICE_BYTES : RANDOM_BYTES;
	const size_t chars = (bytes * 8 + 4) / 5, spare = chars * 5 - bytes * 8;
	const char *body = text + PREFIX_CHARS;

	if (text[0] != kind || text[1] != '-' ||
	    strnlen(body, ID_MAX) != chars || strspn(body, digits) != chars)
		return false;
	/* The last character of a device holds only three of its five bits. */
	return ((strchr(digits, body[chars - 1]) - digits) &
		   ((1 << spare) - 1)) == 0;
}

static char
as_digit(char c)
{
	c = (char)toupper((unsigned char)c);
	if (c == 'I' || c == 'L')
		return '1';
	return c == 'O' ? '0' : c;
}

static bool
body_starts(const char *body, const char *typed)
{
	for (; *typed; typed++, body++)
		if (!*body || *body != as_digit(*typed))
			return false;
	return true;
}

bool
id_starts(const char *id, const char *typed)
{
	if (!*typed || strlen(id) < PREFIX_CHARS)
		return false;
	if (body_starts(id + PREFIX_CHARS, typed))
		return true;
	/* A letter alone is a start too: "P" names every person. */
	if (toupper((unsigned char)typed[0]) != id[0])
		return false;
	return !typed[1] ||
	    (typed[1] == '-' &&
		body_starts(id + PREFIX_CHARS, typed + PREFIX_CHARS));
}

void
fingerprint_of(const void *bytes, size_t len, char text[FINGERPRINT_MAX])
{
	const struct hash hash = hash_of(bytes, len);

	for (size_t i = 0; i < 6; i++)
		snprintf(text + 5 * i, FINGERPRINT_MAX - 5 * i, "%04u%s",
		    (unsigned)(load_be32(hash.bytes + 4 * i) % 10000),
		    i < 5 ? " " : "");
}
