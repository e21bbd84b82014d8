/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing, keys made from keys, and signatures. */
#include "tests/support.h"

#include <string.h>

#include "base/compiler.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/secret.h"
#include "crypto/sign.h"

static void
what_was_sealed_is_opened_in_place(void **state)
{
	uint8_t key[AEAD_KEY_BYTES] = { 1 }, nonce[AEAD_NONCE_BYTES] = { 2 };
	uint8_t page[4096], tag[AEAD_TAG_BYTES];

	(void)state;
	memset(page, 7, sizeof(page));
	aead_seal(key, nonce, "page 1", 6, page, sizeof(page), page, tag);
	assert_int_not_equal(page[0], 7);
	assert_int_equal(
	    aead_open(key, nonce, "page 1", 6, page, sizeof(page), tag, page),
	    0);
	for (size_t i = 0; i < sizeof(page); i++)
		assert_int_equal(page[i], 7);
}

static void
whatever_is_altered_does_not_open(void **state)
{
	uint8_t key[AEAD_KEY_BYTES] = { 1 }, nonce[AEAD_NONCE_BYTES] = { 2 };
	uint8_t sealed[8], tag[AEAD_TAG_BYTES], clear[8];
	uint8_t extra[] = { 1, 2, 3 };
	const struct {
		uint8_t *bytes;
		size_t len;
	} parts[] = {
		{ key, sizeof(key) },
		{ nonce, sizeof(nonce) },
		{ sealed, sizeof(sealed) },
		{ tag, sizeof(tag) },
		{ extra, sizeof(extra) },
	};

	(void)state;
	aead_seal(key, nonce, extra, sizeof(extra), "12345678", 8, sealed, tag);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		for (size_t at = 0; at < parts[i].len; at++) {
			static const uint8_t zero[8];

			parts[i].bytes[at] ^= 0x80;
			memset(clear, 'x', sizeof(clear));
			assert_int_equal(
			    aead_open(key, nonce, extra, sizeof(extra), sealed,
				sizeof(sealed), tag, clear),
			    -1);
			assert_memory_equal(clear, zero, sizeof(zero));
			parts[i].bytes[at] ^= 0x80;
		}
	}
	assert_int_equal(aead_open(key, nonce, extra, sizeof(extra), sealed,
			     sizeof(sealed), tag, clear),
	    0);
	assert_memory_equal(clear, "12345678", 8);
}

static void
siphash_is_the_reference_s(void **state)
{
	uint8_t key[16], message[15];

	(void)state;
	for (uint8_t i = 0; i < 16; i++)
		key[i] = i;
	memcpy(message, key, sizeof(message));
	assert_true(siphash(key, message, sizeof(message)) ==
	    UINT64_C(0xa129ca6149be45e5));
}

static void
hkdf_gives_what_rfc_5869_says(void **state)
{
	static const struct {
		const char *key, *salt, *info, *out;
	} cases[] = {
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		    "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
		    "3cb25f25faacd57a90434f64d0362f2a"
		    "2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
		    "34007208d5b887185865" },
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
		    "8da4e775a563c18f715f802a063c5a31"
		    "b8a11f5c5ee1879ec3454e5f3c738d2d"
		    "9d201395faa4b61a96c8" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t key[64], salt[64], info[64], out[42];
		char hex[2 * sizeof(out) + 1];
		const size_t key_len = strlen(cases[i].key) / 2;
		const size_t salt_len = strlen(cases[i].salt) / 2;
		const size_t info_len = strlen(cases[i].info) / 2;

		assert_true(hex_read(cases[i].key, key, key_len));
		assert_true(hex_read(cases[i].salt, salt, salt_len));
		assert_true(hex_read(cases[i].info, info, info_len));
		hkdf_sha256(key, key_len, salt, salt_len, info, info_len, out,
		    sizeof(out));
		hex_write(out, sizeof(out), hex);
		assert_string_equal(hex, cases[i].out);
	}
}

static struct secret *
derive(const char *passphrase, uint8_t salt_byte, uint32_t passes)
{
	char text[64];
	uint8_t salt[KDF_SALT_BYTES] = { salt_byte };
	const struct kdf_cost cost = { passes, KDF_MEMORY_MIN };
	struct err err = { 0 };
	struct secret *secret, *key;

	strcpy(text, passphrase);
	secret = secret_take(text, strlen(text), true);
	key = kdf_passphrase(secret, salt, &cost, 32, &err);
	assert_no_err(&err);
	secret_free(secret);
	return key;
}

/* Pinned: a vault that was made once must open with every later version. */
static void
a_passphrase_gives_the_same_key_for_ever(void **state)
{
	static const char pinned[] = "8ba7fbc2cb5eda8a0d78c70d7f50658a"
				     "e0a2ca409df2b1f97c43de5811114e70";
	struct secret *key = derive("battery horse", 1, 1);
	char hex[65];

	(void)state;
	hex_write(key->data, key->len, hex);
	assert_string_equal(hex, pinned);
	secret_free(key);
}

static void
each_part_of_the_derivation_counts(void **state)
{
	struct secret *keys[] = {
		derive("battery horse", 1, 1),
		derive("battery horsf", 1, 1),
		derive("battery horse", 2, 1),
		derive("battery horse", 1, 2),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		for (size_t k = 0; k < i; k++)
			assert_false(secret_equal(keys[i], keys[k]));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		secret_free(keys[i]);
}

static void
absurd_costs_are_refused_before_they_are_paid(void **state)
{
	static const struct kdf_cost cases[] = {
		{ 0, KDF_MEMORY_MIN }, { KDF_PASSES_MAX + 1, KDF_MEMORY_MIN },
		{ UINT32_MAX, KDF_MEMORY_MIN }, { 1, 0 },
		{ 1, KDF_MEMORY_MIN - 1 }, { 1, (uint64_t)KDF_MEMORY_MAX + 1 },
		{ 1, UINT64_MAX }, { KDF_PASSES_MAX, KDF_MEMORY_MAX },
		{ 9, KDF_MEMORY_MAX }, /* each alone is allowed */
	};
	const uint8_t salt[KDF_SALT_BYTES] = { 0 };
	struct secret *passphrase = secret_new(8);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		assert_null(
		    kdf_passphrase(passphrase, salt, &cases[i], 32, &err));
		assert_int_equal(err.code, ERR_LIMIT);
	}
	secret_free(passphrase);
}

static void
a_cost_is_chosen_for_half_a_second_within_bounds(void **state)
{
	static const struct {
		double ns_per_byte;
		uint64_t machine;
		struct kdf_cost cost;
	} cases[] = {
		/* 256 MiB, 3 passes in half a second: about that. */
		{ 0.62, (uint64_t)16 << 30, { 3, (uint64_t)256 << 20 } },
		/* Four times slower. */
		{ 2.48, (uint64_t)16 << 30, { 3, (uint64_t)64 << 20 } },
		/* However slow, and whatever is said of it: the floor. */
		{ 100, (uint64_t)16 << 30, { 3, (uint64_t)64 << 20 } },
		{ 1e300, 0, { 3, (uint64_t)64 << 20 } },
		/* A fast one: no more than 1 GiB, then passes. */
		{ 0.1, (uint64_t)64 << 30, { 4, (uint64_t)1 << 30 } },
		/* So fast that the bound counts. */
		{ 1e-6, (uint64_t)64 << 30, { 8, (uint64_t)1 << 30 } },
		{ 0, 0, { 8, (uint64_t)1 << 30 } },
		/* Little memory: a quarter of it, and more passes. */
		{ 0.62, (uint64_t)512 << 20, { 6, (uint64_t)128 << 20 } },
		{ 0.62, (uint64_t)64 << 20, { 12, (uint64_t)64 << 20 } },
	};
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct kdf_cost cost =
		    kdf_cost_for(cases[i].ns_per_byte, cases[i].machine);

		if (cost.passes != cases[i].cost.passes ||
		    cost.memory != cases[i].cost.memory)
			fail_msg("case %zu: %u passes, %llu MiB", i,
			    cost.passes,
			    (unsigned long long)(cost.memory >> 20));
		assert_int_equal(kdf_cost_fits(&cost, 0, &err), 0);
	}
}

static void
more_memory_than_the_machine_has_is_said(void **state)
{
	const struct kdf_cost cost = { 3, (uint64_t)512 << 20 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(kdf_cost_fits(&cost, (uint64_t)512 << 20, &err), 0);
	assert_int_equal(kdf_cost_fits(&cost, (uint64_t)256 << 20, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.msg, "512 MiB"));
	assert_non_null(strstr(err.msg, "256 MiB"));
}

static void
a_subkey_is_blake2b_of_its_purpose(void **state)
{
	struct secret *key = secret_new(32), *subkey, *other;
	char hex[65];

	(void)state;
	for (uint8_t i = 0; i < 32; i++)
		key->data[i] = i;
	subkey = kdf_subkey(key, "ronde/vault/mac/1");
	other = kdf_subkey(key, "ronde/vault/mac/2");
	hex_write(subkey->data, subkey->len, hex);
	assert_string_equal(hex,
	    "36bceec664095d6396a50a78b0f553f9"
	    "5bcbb4bb840c53ea0bac469c63819af3");
	assert_false(secret_equal(subkey, other));
	secret_free(key);
	secret_free(subkey);
	secret_free(other);
}

static void
a_signature_is_for_one_message_of_one_type(void **state)
{
	uint8_t public_key[SIGN_PUBLIC_BYTES], other_key[SIGN_PUBLIC_BYTES];
	uint8_t signature[SIGN_BYTES];
	struct secret *key = sign_new_key(public_key);
	struct secret *other = sign_new_key(other_key);

	(void)state;
	sign_message(key, "ronde/heads/1", "body", 4, signature);
	assert_true(
	    sign_check(public_key, "ronde/heads/1", "body", 4, signature));
	assert_false(
	    sign_check(public_key, "ronde/card/1", "body", 4, signature));
	assert_false(
	    sign_check(public_key, "ronde/heads/1", "bodz", 4, signature));
	assert_false(
	    sign_check(public_key, "ronde/heads/1", "body", 3, signature));
	assert_false(
	    sign_check(other_key, "ronde/heads/1", "body", 4, signature));
	for (size_t i = 0; i < SIGN_BYTES; i++) {
		signature[i] ^= 1;
		assert_false(sign_check(
		    public_key, "ronde/heads/1", "body", 4, signature));
		signature[i] ^= 1;
	}
	secret_free(key);
	secret_free(other);
}

static void
an_empty_body_is_signed_too(void **state)
{
	uint8_t public_key[SIGN_PUBLIC_BYTES], signature[SIGN_BYTES];
	struct secret *key = sign_new_key(public_key);

	(void)state;
	sign_message(key, "ronde/heads/1", NULL, 0, signature);
	assert_true(
	    sign_check(public_key, "ronde/heads/1", NULL, 0, signature));
	assert_false(
	    sign_check(public_key, "ronde/heads/1", "\n", 1, signature));
	secret_free(key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_sealed_is_opened_in_place),
		TEST(whatever_is_altered_does_not_open),
		TEST(siphash_is_the_reference_s),
		TEST(hkdf_gives_what_rfc_5869_says),
		TEST(a_passphrase_gives_the_same_key_for_ever),
		TEST(each_part_of_the_derivation_counts),
		TEST(absurd_costs_are_refused_before_they_are_paid),
		TEST(a_cost_is_chosen_for_half_a_second_within_bounds),
		TEST(more_memory_than_the_machine_has_is_said),
		TEST(a_subkey_is_blake2b_of_its_purpose),
		TEST(a_signature_is_for_one_message_of_one_type),
		TEST(an_empty_body_is_signed_too),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
