/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "crypto/minisign.h"

static const uint8_t prehash[MINISIGN_PREHASH_BYTES] = { 1, 2, 3 };

static void
sign(const struct minisign_secret *secret, const char *trusted, struct buf *out)
{
	struct err err = { 0 };

	minisign_sign(secret, prehash, trusted, out, &err);
	assert_no_err(&err);
}

static void
a_signature_is_read_and_fits(void **state)
{
	static const char *const comments[] = { "", "R-0412-07",
		"bundle 7 of S-0123456789ABCDEF",
		"\xe7\xbc\x85\xe5\x8c\x97 \xc3\xa9t\xc3\xa9" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(comments); i++) {
		struct minisign_secret secret;
		struct minisign_public public_key;
		struct minisign_signature signature;
		struct buf out = BUF_INIT;
		struct err err = { 0 };

		minisign_new(&secret, &public_key);
		sign(&secret, comments[i], &out);
		assert_int_equal(
		    minisign_read(out.data, out.len, &signature, &err), 0);
		assert_string_equal(signature.trusted, comments[i]);
		assert_int_equal(
		    minisign_check(&public_key, prehash, &signature, &err), 0);
		minisign_secret_release(&secret);
		buf_release(&out);
	}
}

/* Only the untrusted comment may change, which nobody may believe. */
static void
every_changed_bit_that_counts_is_noticed(void **state)
{
	struct minisign_secret secret;
	struct minisign_public public_key;
	struct buf out = BUF_INIT;
	size_t start;

	(void)state;
	minisign_new(&secret, &public_key);
	sign(&secret, "R-0412-07", &out);
	start = (size_t)(strchr(out.data, '\n') - out.data);
	for (size_t bit = 8 * start; bit < 8 * out.len; bit++) {
		struct minisign_signature signature;
		struct err err = { 0 };

		out.data[bit / 8] ^= (char)(1 << bit % 8);
		if (minisign_read(out.data, out.len, &signature, &err) == 0 &&
		    minisign_check(&public_key, prehash, &signature, &err) == 0)
			fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
		out.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	minisign_secret_release(&secret);
	buf_release(&out);
}

static void
another_file_and_another_key_do_not_fit(void **state)
{
	struct minisign_secret secret, other_secret;
	struct minisign_public public_key, other_key;
	struct minisign_signature signature;
	uint8_t other[MINISIGN_PREHASH_BYTES] = { 1, 2, 4 };
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	minisign_new(&secret, &public_key);
	minisign_new(&other_secret, &other_key);
	sign(&secret, "x", &out);
	assert_int_equal(minisign_read(out.data, out.len, &signature, &err), 0);
	assert_int_equal(
	    minisign_check(&public_key, other, &signature, &err), -1);
	assert_int_equal(err.code, ERR_AUTH);
	assert_int_equal(
	    minisign_check(&other_key, prehash, &signature, &err), -1);
	/* Taking on the number of the key does not help. */
	memcpy(other_key.number, public_key.number, MINISIGN_NUMBER_BYTES);
	assert_int_equal(
	    minisign_check(&other_key, prehash, &signature, &err), -1);
	assert_int_equal(err.code, ERR_AUTH);
	minisign_secret_release(&secret);
	minisign_secret_release(&other_secret);
	minisign_secret_release(&other_secret);
	buf_release(&out);
}

/* The base64 line of a signature with another algorithm's two letters. */
static void
set_algorithm(struct buf *signature, const char *algorithm)
{
	char *line = strchr(signature->data, '\n') + 1;
	uint8_t packed[74];
	char text[128];
	size_t len;

	assert_true(base64_read(
	    line, strcspn(line, "\n"), true, packed, sizeof(packed), &len));
	memcpy(packed, algorithm, 2);
	base64_write(packed, sizeof(packed), true, text, sizeof(text));
	memcpy(line, text, strlen(text));
}

static void
legacy_and_unknown_kinds_are_refused(void **state)
{
	static const struct {
		const char *algorithm;
		enum err_code code;
	} cases[] = {
		{ "Ed", ERR_UNSUPPORTED },
		{ "ed", ERR_FORMAT },
		{ "eD", ERR_FORMAT },
		{ "XX", ERR_FORMAT },
	};
	struct minisign_secret secret;
	struct minisign_public public_key;

	(void)state;
	minisign_new(&secret, &public_key);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct minisign_signature signature;
		struct buf out = BUF_INIT;
		struct err err = { 0 };

		sign(&secret, "x", &out);
		set_algorithm(&out, cases[i].algorithm);
		assert_int_equal(
		    minisign_read(out.data, out.len, &signature, &err), -1);
		assert_int_equal(err.code, cases[i].code);
		buf_release(&out);
	}
	minisign_secret_release(&secret);
}

#define PACKED                                               \
	"RUQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define GLOBAL                                         \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
#define ONE "untrusted comment: x\n"
#define TWO PACKED "\n"
#define THREE "trusted comment: y\n"
#define FOUR GLOBAL "\n"

static void
the_form_is_strict_and_the_line_is_named(void **state)
{
	static const struct {
		const char *text;
		int line; /* 0: good */
	} cases[] = {
		{ ONE TWO THREE FOUR, 0 },
		{ ONE TWO "trusted comment: a\tb\n" FOUR, 0 },
		{ "", 1 },
		{ "untrusted comment: x", 1 },
		{ "comment: x\n" TWO THREE FOUR, 1 },
		{ "untrusted comment: \x1b[2J\n" TWO THREE FOUR, 1 },
		{ "untrusted comment: \xff\n" TWO THREE FOUR, 1 },
		{ ONE, 2 },
		{ ONE "\n" THREE FOUR, 2 },
		{ ONE PACKED " \n" THREE FOUR, 2 },
		{ ONE PACKED "\r\n" THREE FOUR, 2 },
		{ ONE GLOBAL "\n" THREE FOUR, 2 },
		{ ONE TWO, 3 },
		{ ONE TWO "untrusted comment: y\n" FOUR, 3 },
		{ ONE TWO "trusted comment: \xe2\x80\xae\n" FOUR, 3 },
		{ ONE TWO THREE, 4 },
		{ ONE TWO THREE GLOBAL, 4 },
		{ ONE TWO THREE "AAAA\n", 4 },
		{ ONE TWO THREE FOUR "\n", 5 },
		{ ONE TWO THREE FOUR FOUR, 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct minisign_signature signature = { .trusted = "before" };
		struct err err = { 0 };
		const int result = minisign_read(
		    cases[i].text, strlen(cases[i].text), &signature, &err);
		char *place = xasprintf("line %d ", cases[i].line);

		if ((result == 0) != (cases[i].line == 0) ||
		    (cases[i].line && !strstr(err.msg, place)))
			fail_msg("case %zu: %s", i, err.msg);
		if (result < 0)
			assert_string_equal(signature.trusted, "before");
		free(place);
	}
}

static void
a_nul_in_a_comment_is_refused(void **state)
{
	static const char one[] = "untrusted comment: x\0y\n" TWO THREE FOUR;
	static const char three[] = ONE TWO "trusted comment: x\0\n" FOUR;
	struct minisign_signature signature;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
	    minisign_read(one, sizeof(one) - 1, &signature, &err), -1);
	assert_int_equal(
	    minisign_read(three, sizeof(three) - 1, &signature, &err), -1);
}

static void
what_is_too_long_is_refused_both_ways(void **state)
{
	struct minisign_secret secret;
	struct minisign_public public_key;
	struct minisign_signature signature;
	char comment[MINISIGN_SIGNATURE_MAX + 1];
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	minisign_new(&secret, &public_key);
	memset(comment, 'x', sizeof(comment));
	comment[MINISIGN_COMMENT_MAX] = '\0';
	sign(&secret, comment, &out);
	assert_int_equal(minisign_read(out.data, out.len, &signature, &err), 0);
	assert_int_equal(
	    minisign_check(&public_key, prehash, &signature, &err), 0);

	buf_clear(&out);
	comment[MINISIGN_COMMENT_MAX] = 'x';
	comment[MINISIGN_COMMENT_MAX + 1] = '\0';
	assert_int_equal(
	    minisign_sign(&secret, prehash, comment, &out, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_int_equal(out.len, 0);
	assert_int_equal(
	    minisign_read(comment, sizeof(comment), &signature, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	minisign_secret_release(&secret);
	buf_release(&out);
}

static void
a_comment_is_one_printable_line(void **state)
{
	static const char *const cases[] = { "a\nb", "a\x01", "\x7f", "\xff",
		"\xe2\x80\xae" };
	struct minisign_secret secret;
	struct minisign_public public_key;
	struct buf out = BUF_INIT;

	(void)state;
	minisign_new(&secret, &public_key);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		assert_int_equal(
		    minisign_sign(&secret, prehash, cases[i], &out, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
		assert_int_equal(out.len, 0);
	}
	minisign_secret_release(&secret);
}

static void
public_keys_are_read_as_they_are_written(void **state)
{
	struct minisign_secret secret;
	struct minisign_public public_key, again;
	char text[MINISIGN_TEXT_MAX];
	struct err err = { 0 };

	(void)state;
	minisign_new(&secret, &public_key);
	minisign_public_write(&public_key, text);
	assert_int_equal(strlen(text), 56);
	assert_memory_equal(text, "RW", 2);
	assert_int_equal(minisign_public_read(text, &again, &err), 0);
	assert_memory_equal(&public_key, &again, sizeof(again));
	assert_memory_equal(secret.number, again.number, MINISIGN_NUMBER_BYTES);
	minisign_secret_release(&secret);
}

static void
what_is_no_public_key_is_refused(void **state)
{
	static const char zeroes[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
				     "AAAAAAAAAAAAAAAAAAAAAAAA";
	static const char *const cases[] = { "", "RW",
		"RWAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
		"RWAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"RWAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAA",
		zeroes, "untrusted comment: x\nRWAA" };
	struct minisign_public key;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		assert_int_equal(
		    minisign_public_read(cases[i], &key, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_signature_is_read_and_fits),
		TEST(every_changed_bit_that_counts_is_noticed),
		TEST(another_file_and_another_key_do_not_fit),
		TEST(legacy_and_unknown_kinds_are_refused),
		TEST(the_form_is_strict_and_the_line_is_named),
		TEST(a_nul_in_a_comment_is_refused),
		TEST(what_is_too_long_is_refused_both_ways),
		TEST(a_comment_is_one_printable_line),
		TEST(public_keys_are_read_as_they_are_written),
		TEST(what_is_no_public_key_is_refused),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
