/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/bech32.h"

#include <ctype.h>
#include <string.h>

#include "crypto/secret.h"

enum { QUINTETS = BECH32_DATA_CHARS + BECH32_SUM_CHARS, SPARE_BITS = 4 };

static const char charset[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* The checksum is a BCH code over GF(32); these are its generator's terms. */
static uint32_t
sum_add(uint32_t sum, uint8_t quintet)
{
	static const uint32_t terms[] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
		0x3d4233dd, 0x2a1462b3 };
	const uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ quintet;
	for (int i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= terms[i];
	return sum;
}

static uint32_t
sum_of(const char *prefix, const uint8_t *quintets, size_t count)
{
	uint32_t sum = 1;

	for (const char *c = prefix; *c; c++)
		sum = sum_add(sum, (uint8_t)*c >> 5);
	sum = sum_add(sum, 0);
	for (const char *c = prefix; *c; c++)
		sum = sum_add(sum, (uint8_t)*c & 31);
	for (size_t i = 0; i < count; i++)
		sum = sum_add(sum, quintets[i]);
	return sum;
}

static void
split(const uint8_t bytes[BECH32_BYTES], uint8_t quintets[BECH32_DATA_CHARS])
{
	unsigned held = 0, bits = 0;

	for (size_t i = 0; i < BECH32_BYTES; i++) {
		held = (held << 8 | bytes[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			*quintets++ = held >> (bits - 5) & 31;
	}
	*quintets = (uint8_t)(held << (5 - bits) & 31);
}

/* False where the bits that fill the last quintet are not zero. */
static bool
join(const uint8_t quintets[BECH32_DATA_CHARS], uint8_t bytes[BECH32_BYTES])
{
	unsigned held = 0, bits = 0;

	for (size_t i = 0; i < BECH32_DATA_CHARS; i++) {
		held = (held << 5 | quintets[i]) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			*bytes++ = (uint8_t)(held >> bits);
		}
	}
	return (held & ((1 << SPARE_BITS) - 1)) == 0;
}

void
bech32_write(const char *prefix, bool capital,
    const uint8_t bytes[BECH32_BYTES], char *text)
{
	const size_t prefix_len = strlen(prefix);
	uint8_t quintets[QUINTETS] = { 0 };
	char *to = text + prefix_len;
	uint32_t sum;

	split(bytes, quintets);
	sum = sum_of(prefix, quintets, QUINTETS) ^ 1;
	for (int i = 0; i < BECH32_SUM_CHARS; i++)
		quintets[BECH32_DATA_CHARS + i] = sum >> 5 * (5 - i) & 31;

	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): it is later */
	memcpy(text, prefix, prefix_len);
	*to++ = '1';
	for (size_t i = 0; i < QUINTETS; i++)
		*to++ = charset[quintets[i]];
	*to = '\0';
	for (char *c = text; capital && *c; c++)
		*c = (char)toupper((unsigned char)*c);
	wipe(quintets, sizeof(quintets));
}

static bool
read_quintets(const char *text, bool capital, uint8_t quintets[QUINTETS])
{
	for (size_t i = 0; i < QUINTETS; i++) {
		const char c =
		    capital ? (char)tolower((unsigned char)text[i]) : text[i];
		const char *at = c ? strchr(charset, c) : NULL;

		if (!at || (capital && islower((unsigned char)text[i])))
			return false;
		quintets[i] = (uint8_t)(at - charset);
	}
	return true;
}

static bool
has_prefix(const char *text, const char *prefix, bool capital)
{
	for (; *prefix; prefix++, text++)
		if (*text !=
		    (capital ? (char)toupper((unsigned char)*prefix) : *prefix))
			return false;
	return *text == '1';
}

bool
bech32_read(const char *text, size_t len, const char *prefix, bool capital,
    uint8_t bytes[BECH32_BYTES])
{
	const size_t prefix_len = strlen(prefix);
	uint8_t quintets[QUINTETS];
	bool good;

	if (len != prefix_len + 1 + QUINTETS ||
	    !has_prefix(text, prefix, capital))
		return false;
	good = read_quintets(text + prefix_len + 1, capital, quintets) &&
	    sum_of(prefix, quintets, QUINTETS) == 1 && join(quintets, bytes);
	wipe(quintets, sizeof(quintets));
	return good;
}
