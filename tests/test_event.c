/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "storage/event.h"
#include "storage/event_internal.h"

#define SUBJECT "\"subject\":\"S-0000000000000001\","
#define DEVICE "\"device\":\"D-000000000000000000000000A0\","
#define TIME "\"time\":\"2026-11-23T11:11:12.345+01:00\","
#define KIND "\"kind\":\"answer\","
#define BODY "\"body\":{}}"
#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define WHOLE "{" SUBJECT DEVICE "\"seq\":1," TIME KIND BODY

static void
a_whole_event_is_read(void **state)
{
	static const char line[] =
	    "{" SUBJECT DEVICE "\"seq\":12,\"prev\":\"" HEX "\",\"seen\":{"
	    "\"D-000000000000000000000000B0\":\"" HEX "\"}," TIME
	    "\"kind\":\"not-known-yet\",\"body\":{\"a\":[1.5,null]}}";
	const struct hash hash = hash_of(line, strlen(line));
	struct event event;
	struct err err = { 0 };

	(void)state;
	event_read(&event, line, strlen(line), "line 1", &err);
	assert_no_err(&err);
	assert_string_equal(event.subject, "S-0000000000000001");
	assert_string_equal(event.device, "D-000000000000000000000000A0");
	assert_string_equal(event.kind, "not-known-yet");
	assert_true(event.seq == 12);
	assert_true(event.time == 1795428672345);
	assert_int_equal(event.prev.bytes[1], 0x11);
	assert_true(hash_equal(&event.hash, &hash));
	assert_ptr_equal(event.line, line);
	assert_int_equal(json_object_size(event.seen), 1);
	assert_int_equal(json_object_size(event.body), 1);
	event_release(&event);
	event_release(&event);

	event_read(&event, WHOLE, strlen(WHOLE), "line 1", &err);
	assert_no_err(&err);
	assert_true(hash_is_zero(&event.prev));
	assert_null(event.seen);
	event_release(&event);
}

/* A line to refuse, and the message; NULL: a place that the parser names. */
static const struct {
	const char *line, *msg;
} malformed[] = {
	{ "",
	    "line 7: line 1, column 0: not JSON as expected: "
	    "unexpected token near end of file" },
	{ "[]", "line 7: an event is an object" },
	{ WHOLE "x", NULL },
	{ WHOLE "\n",
	    "line 7: byte 146: a line break or control character "
	    "inside the line" },
	{ "{" SUBJECT SUBJECT DEVICE "\"seq\":1," TIME KIND BODY, NULL },
	{ "{\"extra\":1," SUBJECT DEVICE "\"seq\":1," TIME KIND BODY,
	    "line 7: an event has no field \"extra\"" },
	{ "{" DEVICE "\"seq\":1," TIME KIND BODY,
	    "line 7: \"subject\" is missing or is not a text" },
	{ "{\"subject\":5," DEVICE "\"seq\":1," TIME KIND BODY,
	    "line 7: \"subject\" is missing or is not a text" },
	{ "{\"subject\":\"S-000000000000000I\"," DEVICE
	  "\"seq\":1," TIME KIND BODY,
	    "line 7: \"subject\": not an identifier as ronde makes "
	    "them" },
	{ "{\"subject\":\"../../etc/passwd00\"," DEVICE
	  "\"seq\":1," TIME KIND BODY,
	    "line 7: \"subject\": not an identifier as ronde makes "
	    "them" },
	{ "{" SUBJECT
	  "\"device\":\"S-0000000000000001\",\"seq\":1," TIME KIND BODY,
	    "line 7: \"device\": not the identifier of a device" },
	{ "{" SUBJECT DEVICE TIME KIND BODY,
	    "line 7: \"seq\" is missing or is not a whole number" },
	{ "{" SUBJECT DEVICE "\"seq\":1.0," TIME KIND BODY,
	    "line 7: \"seq\" is missing or is not a whole number" },
	{ "{" SUBJECT DEVICE "\"seq\":0," TIME KIND BODY,
	    "line 7: \"seq\": not a number from 1 on" },
	{ "{" SUBJECT DEVICE "\"seq\":-1," TIME KIND BODY,
	    "line 7: \"seq\": not a number from 1 on" },
	{ "{" SUBJECT DEVICE "\"seq\":9007199254740992," TIME KIND BODY,
	    "line 7: \"seq\": not a number from 1 on" },
	{ "{" SUBJECT DEVICE "\"seq\":1,\"prev\":\"" HEX "\"," TIME KIND BODY,
	    "line 7: \"prev\": the first event of a chain has none "
	    "before it" },
	{ "{" SUBJECT DEVICE "\"seq\":2," TIME KIND BODY,
	    "line 7: \"prev\" is missing or is not a text" },
	{ "{" SUBJECT DEVICE "\"seq\":2,\"prev\":\"ABC\"," TIME KIND BODY,
	    "line 7: \"prev\": not a hash of 64 small hexadecimal "
	    "digits" },
	{ "{" SUBJECT DEVICE "\"seq\":1,\"seen\":{}," TIME KIND BODY,
	    "line 7: \"seen\": empty; leave it out" },
	{ "{" SUBJECT DEVICE "\"seq\":1,\"seen\":[]," TIME KIND BODY,
	    "line 7: \"seen\" is missing or is not an object" },
	{ "{" SUBJECT DEVICE
	  "\"seq\":1,\"seen\":{\"D-000000000000000000000000A0\":\"" HEX
	  "\"}," TIME KIND BODY,
	    "line 7: \"seen\": names what is not another device" },
	{ "{" SUBJECT DEVICE
	  "\"seq\":1,\"seen\":{\"D-000000000000000000000000B0\":1}"
	  "," TIME KIND BODY,
	    "line 7: \"seen\": not a hash of 64 small hexadecimal "
	    "digits" },
	{ "{" SUBJECT DEVICE "\"seq\":1,"
	  "\"time\":\"2026-02-29T11:11:12.345+01:00\"," KIND BODY,
	    "line 7: \"time\": not a time like "
	    "2026-11-23T11:11:12.345+01:00" },
	{ "{" SUBJECT DEVICE "\"seq\":1," TIME "\"kind\":\"\"," BODY,
	    "line 7: \"kind\": not 1 to 31 small letters, digits and "
	    "dashes" },
	{ "{" SUBJECT DEVICE "\"seq\":1," TIME
	  "\"kind\":\"abcdefghijklmnopqrstuvwxyzabcdef\"," BODY,
	    "line 7: \"kind\": not 1 to 31 small letters, digits and "
	    "dashes" },
	{ "{" SUBJECT DEVICE "\"seq\":1," TIME KIND "\"body\":[]}",
	    "line 7: \"body\" is missing or is not an object" },
	{ "{" SUBJECT DEVICE "\"seq\":1," TIME KIND
	  "\"body\":{\"a\":\"\\u0000\"}}",
	    NULL },
	{ "{" SUBJECT DEVICE "\"seq\":1," TIME KIND
	  "\"body\":{\"a\":\"\xff\"}}",
	    NULL },
	{ "{" SUBJECT DEVICE "\"seq\":1," TIME KIND
	  "\"body\":{\"a\":\"\xed\xa0\x80\"}}",
	    NULL },
};

static void
malformed_lines_are_refused_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(malformed); i++) {
		struct event event = { .seq = 77 };
		struct err err = { 0 };

		if (event_read(&event, malformed[i].line,
			strlen(malformed[i].line), "line 7", &err) == 0)
			fail_msg("case %zu was read: %s", i, malformed[i].line);
		assert_int_equal(err.code, ERR_FORMAT);
		if (malformed[i].msg)
			assert_string_equal(err.msg, malformed[i].msg);
		else
			assert_memory_equal(
			    err.msg, "line 7: line 1, column ", 23);
		assert_true(event.seq == 77);
	}
}

static void
sizes_have_limits(void **state)
{
	struct event event;
	struct err err = { 0 };
	struct buf line = BUF_INIT;

	(void)state;
	buf_add_text(&line,
	    "{" SUBJECT DEVICE "\"seq\":1," TIME KIND "\"body\":{\"a\":\"");
	while (line.len <= EVENT_LINE_MAX)
		buf_add_text(&line, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	buf_add_text(&line, "\"}}");
	assert_int_equal(
	    event_read(&event, line.data, line.len, "line 7", &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);

	buf_clear(&line);
	buf_add_text(&line, "{" SUBJECT DEVICE "\"seq\":1,\"seen\":{");
	for (int i = 0; i <= EVENT_SEEN_MAX; i++)
		buf_addf(&line, "%s\"D-00000000000000000000%05d0\":\"" HEX "\"",
		    i ? "," : "", i);
	buf_add_text(&line, "}," TIME KIND BODY);
	assert_int_equal(
	    event_read(&event, line.data, line.len, "line 7", &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(
	    err.msg, "line 7: \"seen\": names more than 4096 devices");
	buf_release(&line);
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

/* The same event written with a space, which is the general reader's. */
static void
compare_readers(const char *line, size_t len, size_t *taken)
{
	struct event fast = { 0 }, general = { 0 };
	struct buf spaced = BUF_INIT;
	const struct hash hash = { 0 };
	struct err err = { 0 };
	int result;

	if (!event_read_plain(&fast, line, len, &hash))
		return;
	(*taken)++;
	buf_add(&spaced, line, len);
	buf_add_char(&spaced, ' ');
	result = event_read_hashed(
	    &general, spaced.data, spaced.len, &hash, "line", &err);
	if (result != 0 || strcmp(fast.subject, general.subject) != 0 ||
	    strcmp(fast.device, general.device) != 0 ||
	    strcmp(fast.kind, general.kind) != 0 || fast.seq != general.seq ||
	    fast.time != general.time ||
	    !hash_equal(&fast.prev, &general.prev) || general.seen ||
	    fast.seen || !json_equal(fast.body, general.body))
		fail_msg("%.*s", (int)len, line);
	event_release(&fast);
	event_release(&general);
	buf_release(&spaced);
}

static void
the_fast_reader_reads_as_the_general_one(void **state)
{
	static const char *const seeds[] = {
		WHOLE,
		"{" SUBJECT DEVICE "\"seq\":12,\"prev\":\"" HEX "\"," TIME KIND
		"\"body\":{\"path\":\"a1/b\",\"value\":\"é\",\"flag\":true}}",
	};
	static const char likely[] = "{}[]\",:\\ 0123456789abfABZ-+T.";
	uint64_t random = 2463534242ULL;
	size_t taken = 0;

	(void)state;
	for (size_t i = 0; i < 60000; i++) {
		char line[512];
		const char *seed = seeds[i % ARRAY_LEN(seeds)];
		const size_t len = strlen(seed);

		memcpy(line, seed, len);
		line[next_random(&random) % len] =
		    likely[next_random(&random) % (sizeof(likely) - 1)];
		compare_readers(line, len, &taken);
	}
	assert_in_range(taken, 1000, 59000);
}

static void
what_is_not_in_the_usual_writing_is_left_to_the_general_reader(void **state)
{
	static const char *const lines[] = {
		"{ " SUBJECT DEVICE "\"seq\":1," TIME KIND BODY,
		"{" DEVICE SUBJECT "\"seq\":1," TIME KIND BODY,
		"{" SUBJECT DEVICE "\"seq\":01," TIME KIND BODY,
		"{" SUBJECT DEVICE "\"seq\":9007199254740992," TIME KIND BODY,
		"{" SUBJECT DEVICE "\"seq\":1,\"prev\":\"" HEX
		"\"," TIME KIND BODY,
		"{" SUBJECT DEVICE "\"seq\":2," TIME KIND BODY,
		"{" SUBJECT DEVICE "\"seq\":1,\"seen\":{"
		"\"D-000000000000000000000000B0\":\"" HEX "\"}," TIME KIND BODY,
		"{" SUBJECT DEVICE "\"seq\":1," TIME KIND "\"body\":[]}",
		"{" SUBJECT DEVICE "\"seq\":1," TIME KIND "\"body\":{}}}",
		"{" SUBJECT DEVICE "\"seq\":1," TIME KIND
		"\"body\":{},\"more\":1}",
	};
	const struct hash hash = { 0 };
	struct event event = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (event_read_plain(&event, lines[i], strlen(lines[i]), &hash))
			fail_msg("taken: %s", lines[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_whole_event_is_read),
		TEST(malformed_lines_are_refused_with_their_place),
		TEST(sizes_have_limits),
		TEST(the_fast_reader_reads_as_the_general_one),
		TEST(
		    what_is_not_in_the_usual_writing_is_left_to_the_general_reader),
	};

	return RUN_TESTS(tests);
}
