/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <string.h>

#include "base/compiler.h"
#include "crypto/ids.h"
#include "crypto/secret.h"

static void
a_new_identifier_is_one_and_no_other(void **state)
{
	static const char kinds[] = { ID_SITE, ID_INSPECTION, ID_PERSON };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		char one[ID_MAX], other[ID_MAX];

		id_new(kinds[i], one);
		id_new(kinds[i], other);
		assert_int_equal(strlen(one), 18);
		assert_true(id_is(kinds[i], one));
		assert_false(id_is(kinds[(i + 1) % 3], one));
		assert_false(id_is(ID_DEVICE, one));
		assert_string_not_equal(one, other);
	}
}

static void
a_device_is_named_after_its_keys(void **state)
{
	uint8_t keys[3][32];
	char id[ID_MAX], other[ID_MAX];

	(void)state;
	for (int i = 0; i < 3; i++)
		memset(keys[i], i + 1, 32);
	id_device(keys[0], keys[1], keys[2], id);
	assert_string_equal(id, "D-R2EC0P35F2M2NN71PFQF3AXW2M");
	assert_true(id_is(ID_DEVICE, id));
	for (int i = 0; i < 3; i++) {
		keys[i][31] ^= 1;
		id_device(keys[0], keys[1], keys[2], other);
		assert_string_not_equal(id, other);
		keys[i][31] ^= 1;
	}
	id_device(keys[1], keys[0], keys[2], other);
	assert_string_not_equal(id, other);
}

static void
only_whole_identifiers_are_identifiers(void **state)
{
	static const struct {
		char kind;
		const char *text;
		bool good;
	} cases[] = {
		{ ID_SITE, "S-0123456789ABCDEF", true },
		{ ID_SITE, "S-GHJKMNPQRSTVWXYZ", true },
		{ ID_SITE, "", false },
		{ ID_SITE, "S", false },
		{ ID_SITE, "S-", false },
		{ ID_SITE, "P-0123456789ABCDEF", false },
		{ ID_SITE, "S_0123456789ABCDEF", false },
		{ ID_SITE, "S-0123456789ABCDE", false },
		{ ID_SITE, "S-0123456789ABCDEF0", false },
		{ ID_SITE, "S-0123456789abcdef", false },
		{ ID_SITE, "S-I123456789ABCDEF", false },
		{ ID_SITE, "S-L123456789ABCDEF", false },
		{ ID_SITE, "S-O123456789ABCDEF", false },
		{ ID_SITE, "S-U123456789ABCDEF", false },
		{ ID_SITE, "S-../../etc/passwd", false },
		{ ID_DEVICE, "D-0123456789ABCDEF0123456788", true },
		{ ID_DEVICE, "D-0123456789ABCDEF0123456789", false },
		{ ID_DEVICE, "D-0123456789ABCDEF", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (id_is(cases[i].kind, cases[i].text) != cases[i].good)
			fail_msg("%s", cases[i].text);
}

static void
what_a_person_types_finds_an_identifier(void **state)
{
	static const struct {
		const char *id, *typed;
		bool good;
	} cases[] = {
		{ "S-0123456789ABCDEF", "S-0123456789ABCDEF", true },
		{ "S-0123456789ABCDEF", "s-0123", true },
		{ "S-0123456789ABCDEF", "0123", true },
		{ "S-0123456789ABCDEF", "o1", true },
		{ "S-0123456789ABCDEF", "Ol23", true },
		{ "S-0123456789ABCDEF", "oi23456789abcdef", true },
		{ "I-1ABCDEFGHJKMNPQR", "i-lab", true },
		{ "I-1ABCDEFGHJKMNPQR", "iab", true },
		{ "S-STVW000000000000", "s", true },
		{ "S-STVW000000000000", "stv", true },
		{ "S-0123456789ABCDEF", "S", true },
		{ "S-0123456789ABCDEF", "S-", true },
		{ "S-0123456789ABCDEF", "", false },
		{ "S-0123456789ABCDEF", "-", false },
		{ "S-0123456789ABCDEF", "P-0123", false },
		{ "S-0123456789ABCDEF", "1", false },
		{ "S-0123456789ABCDEF", "0123456789ABCDEF0", false },
		{ "S-0123456789ABCDEF", "S-0123456789ABCDEF0", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (id_starts(cases[i].id, cases[i].typed) != cases[i].good)
			fail_msg("%s: %s", cases[i].id, cases[i].typed);
}

static void
a_fingerprint_is_six_groups_of_four_digits(void **state)
{
	char text[FINGERPRINT_MAX];

	(void)state;
	fingerprint_of("abc", 3, text);
	assert_string_equal(text, "0364 4466 0399 1307 8395 6978");
	fingerprint_of("abd", 3, text);
	assert_int_equal(strlen(text), FINGERPRINT_MAX - 1);
	assert_string_not_equal(text, "0364 4466 0399 1307 8395 6978");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_identifier_is_one_and_no_other),
		TEST(a_device_is_named_after_its_keys),
		TEST(only_whole_identifiers_are_identifiers),
		TEST(what_a_person_types_finds_an_identifier),
		TEST(a_fingerprint_is_six_groups_of_four_digits),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
