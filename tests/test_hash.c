/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <string.h>

#include "base/compiler.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

#define ABC "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"

static void
hashes_are_blake2b_256(void **state)
{
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{ "",
		    "0e5751c026e543b2e8ab2eb06099daa1"
		    "d1e5df47778f7787faab45cdf12fe3a8" },
		{ "abc", ABC },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = cases[i].text;
		const struct hash hash = hash_of(text, strlen(text));
		char hex[HASH_HEX_MAX];

		hash_to_hex(&hash, hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

static void
pieces_give_the_hash_of_the_whole(void **state)
{
	const struct hash whole = hash_of("abc", 3);
	struct hasher hasher;
	struct hash pieces;
	uint8_t long_digest[64];
	char hex[33];

	(void)state;
	hasher_begin(&hasher);
	hasher_add(&hasher, "a", 1);
	hasher_add(&hasher, NULL, 0);
	hasher_add(&hasher, "bc", 2);
	pieces = hasher_end_hash(&hasher);
	assert_true(hash_equal(&whole, &pieces));

	hasher_begin_size(&hasher, sizeof(long_digest));
	hasher_add(&hasher, "abc", 3);
	hasher_end(&hasher, long_digest, sizeof(long_digest));
	hex_write(long_digest, 16, hex);
	assert_string_equal(hex, "ba80a53f981c4d0d6a2797b69f12f6e9");
}

static void
a_mac_is_keyed_blake2b(void **state)
{
	uint8_t key[32], mac[32], other[32];
	char hex[65];

	(void)state;
	for (uint8_t i = 0; i < 32; i++)
		key[i] = i;
	mac_of(key, "abc", 3, mac);
	hex_write(mac, sizeof(mac), hex);
	assert_string_equal(hex,
	    "d63a32d3e44738d7907f964316c241ad"
	    "aba0abfeabc32349677578a15a203f7f");
	key[31] ^= 1;
	mac_of(key, "abc", 3, other);
	assert_false(bytes_equal(mac, other, sizeof(mac)));
	assert_true(bytes_equal(mac, mac, sizeof(mac)));
}

static void
hashes_have_an_order_and_a_zero(void **state)
{
	struct hash low = { { 0 } }, high = { { 0, 1 } };

	(void)state;
	assert_true(hash_is_zero(&low));
	assert_false(hash_is_zero(&high));
	assert_true(hash_compare(&low, &high) < 0);
	assert_true(hash_compare(&high, &low) > 0);
	assert_int_equal(hash_compare(&low, &low), 0);
}

static void
only_our_own_hexadecimal_is_read(void **state)
{
	static const struct {
		const char *hex;
		bool good;
	} cases[] = {
		{ ABC, true },
		{ "", false },
		{ "bddd", false },
		{ ABC "0", false },
		{ ABC "00", false },
		{ "BDdd813c634239723171ef3fee98579b"
		  "94964e3bb1cb3e427262c8c068d52319",
		    false },
		{ "bddd813c634239723171ef3fee98579b"
		  "94964e3bb1cb3e427262c8c068d5231g",
		    false },
		{ " ddd813c634239723171ef3fee98579b"
		  "94964e3bb1cb3e427262c8c068d52319",
		    false },
	};
	const struct hash abc = hash_of("abc", 3);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct hash hash = { { 0 } };

		assert_int_equal(
		    hash_from_hex(cases[i].hex, &hash), cases[i].good);
		assert_int_equal(hash_equal(&hash, &abc), cases[i].good);
	}
}

static void
only_canonical_base64_is_read(void **state)
{
	static const struct {
		const char *text;
		bool padded, good;
		const char *bytes;
	} cases[] = {
		{ "", false, true, "" }, { "", true, true, "" },
		{ "Zg", false, true, "f" }, { "Zg==", true, true, "f" },
		{ "Zm8", false, true, "fo" }, { "Zm8=", true, true, "fo" },
		{ "Zm9v", false, true, "foo" }, { "Zm9v", true, true, "foo" },
		{ "Zg", true, false, "" }, { "Zg=", true, false, "" },
		{ "Zg===", true, false, "" }, { "Zg==", false, false, "" },
		{ "Zh", false, false, "" }, { "Zh==", true, false, "" },
		{ "Z", false, false, "" }, { "Z g", false, false, "" },
		{ "Zg\n", false, false, "" }, { "Z_", false, false, "" },
		{ "Zm9vZm9vZm9v", true, false, "" }, /* no room */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char bytes[8] = { 0 };
		size_t len = 0;

		assert_int_equal(
		    base64_read(cases[i].text, strlen(cases[i].text),
			cases[i].padded, bytes, sizeof(bytes), &len),
		    cases[i].good);
		assert_int_equal(len, strlen(cases[i].bytes));
		if (cases[i].good)
			assert_memory_equal(bytes, cases[i].bytes, len);
	}
}

static void
base64_is_written_as_it_is_read(void **state)
{
	uint8_t bytes[64], back[64];
	char text[BASE64_MAX_OF_64];

	(void)state;
	for (uint8_t i = 0; i < 64; i++)
		bytes[i] = (uint8_t)(i * 37);
	for (size_t len = 0; len <= 64; len++) {
		for (int padded = 0; padded < 2; padded++) {
			size_t got = 99;
			const size_t chars = base64_write(
			    bytes, len, padded, text, sizeof(text));

			assert_int_equal(chars, strlen(text));
			assert_true(base64_read(
			    text, chars, padded, back, sizeof(back), &got));
			assert_int_equal(got, len);
			assert_memory_equal(back, bytes, len);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hashes_are_blake2b_256),
		TEST(pieces_give_the_hash_of_the_whole),
		TEST(a_mac_is_keyed_blake2b),
		TEST(hashes_have_an_order_and_a_zero),
		TEST(only_our_own_hexadecimal_is_read),
		TEST(only_canonical_base64_is_read),
		TEST(base64_is_written_as_it_is_read),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
