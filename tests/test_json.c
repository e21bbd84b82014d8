/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <string.h>

#include "base/json.h"

static void
only_strict_json_is_read(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		bool good;
	} cases[] = {
		{ "{\"a\":1}", 7, true },
		{ "\"缅北禁地\"", 14, true },
		{ " [1, 2] ", 8, true },
		{ "", 0, false },
		{ "{\"a\":1,\"a\":2}", 13, false },
		{ "{\"a\":1} x", 9, false },
		{ "{\"a\":1}{}", 9, false },
		{ "\"\xff\"", 3, false },
		{ "\"\xed\xa0\x80\"", 5, false },
		{ "\"\\u0000\"", 8, false },
		{ "{\"a\\u0000b\":1}", 14, false },
		{ "[1,]", 4, false },
		{ "{'a':1}", 7, false },
		{ "[99999999999999999999]", 22, false },
		{ "[\"a\nb\"]", 7, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };
		json_t *value =
		    json_parse(cases[i].text, cases[i].len, "m.json", &err);

		assert_int_equal(value != NULL, cases[i].good);
		if (!value) {
			assert_int_equal(err.code, ERR_FORMAT);
			assert_non_null(strstr(err.msg, "m.json: line "));
		}
		json_decref(value);
	}
}

static void
deep_nesting_is_an_error_and_no_crash(void **state)
{
	static char text[200000];
	struct err err = { 0 };

	(void)state;
	memset(text, '[', sizeof(text));
	assert_null(json_parse(text, sizeof(text), "deep", &err));
	assert_int_equal(err.code, ERR_FORMAT);
}

static void
keys_are_written_in_their_order_and_compactly(void **state)
{
	json_t *object = json_object();
	struct buf out = BUF_INIT;

	(void)state;
	json_put_text(object, "z", "é");
	json_put_int(object, "a", -5);
	json_put_bool(object, "m", true);
	json_put_text(object, "none", NULL);
	json_write(&out, object, 0);
	assert_string_equal(out.data, "{\"z\":\"é\",\"a\":-5,\"m\":true}");
	json_decref(object);
	buf_release(&out);
}

static void
fields_of_the_wrong_type_are_named(void **state)
{
	static const char text[] =
	    "{\"t\":\"x\",\"i\":7,\"r\":1.5,\"l\":[],\"o\":{}}";
	struct err err = { 0 };
	json_t *object = json_parse(text, strlen(text), "f", &err);
	const json_t *inner = NULL;
	const char *value = "old";
	int64_t number = 3;

	(void)state;
	assert_int_equal(json_get_text(object, "t", "f", &value, &err), 0);
	assert_string_equal(value, "x");
	assert_int_equal(json_get_int(object, "i", "f", &number, &err), 0);
	assert_int_equal(number, 7);
	assert_int_equal(json_get_array(object, "l", "f", &inner, &err), 0);
	assert_int_equal(json_get_object(object, "o", "f", &inner, &err), 0);
	assert_int_equal(json_get_int(object, "r", "f", &number, &err), -1);
	assert_string_equal(
	    err.msg, "f: \"r\" is missing or is not a whole number");
	assert_int_equal(number, 7);
	assert_int_equal(json_get_text(object, "i", "f", &value, &err), -1);
	assert_int_equal(json_get_array(object, "o", "f", &inner, &err), -1);
	assert_int_equal(json_get_object(object, "l", "f", &inner, &err), -1);
	assert_int_equal(json_get_text(object, "no", "f", &value, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_null(json_opt_text(object, "i"));
	assert_int_equal(json_opt_int(object, "t", 9), 9);
	assert_false(json_opt_bool(object, "i"));
	json_decref(object);
}

/* xorshift: repeatable. */
static unsigned
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (unsigned)(*state >> 32);
}

/* One to three bytes of `text` put, moved or made what JSON cares about. */
static void
mutate(char *text, size_t len, uint64_t *random)
{
	static const char likely[] = "{}[]\",:\\ 0123456789.eE-truefalsn\x1f"
				     "\x80\xc3\xa9\xed\xa0\xff";

	for (unsigned i = next_random(random) % 3 + 1; i > 0; i--) {
		const size_t at = next_random(random) % len;

		text[at] = next_random(random) % 4
		    ? likely[next_random(random) % (sizeof(likely) - 1)]
		    : text[next_random(random) % len];
	}
}

static void
the_fast_reader_takes_nothing_that_the_general_one_would_not(void **state)
{
	static const char *const seeds[] = {
		"{\"path\":\"a1/"
		"x\",\"value\":\"clôture\",\"n\":12,\"l\":[1,true,"
		"null,{}],\"flag\":false}",
		"{\"a\":{\"b\":{\"c\":[[],[0,999999999999999999]]}}}",
		"[\"\",\"缅北\",123,4567890123456789012]",
	};
	uint64_t random = 88172645463325252ULL;
	size_t taken = 0;

	(void)state;
	for (size_t i = 0; i < 60000; i++) {
		char text[128];
		const char *seed = seeds[i % ARRAY_LEN(seeds)];
		const size_t len = strlen(seed);
		json_t *fast, *general;

		memcpy(text, seed, len);
		mutate(text, len, &random);
		fast = json_read_plain(text, len);
		general = json_loadb(
		    text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
		if (fast && (!general || !json_equal(fast, general)))
			fail_msg("%.*s", (int)len, text);
		taken += fast != NULL;
		json_decref(fast);
		json_decref(general);
	}
	/* It was tried on both kinds. */
	assert_in_range(taken, 1000, 50000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_strict_json_is_read),
		TEST(deep_nesting_is_an_error_and_no_crash),
		TEST(keys_are_written_in_their_order_and_compactly),
		TEST(fields_of_the_wrong_type_are_named),
		TEST(
		    the_fast_reader_takes_nothing_that_the_general_one_would_not),
	};

	return RUN_TESTS(tests);
}
