/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static void
only_utf8_without_zero_bytes_is_text(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *msg;
	} cases[] = {
		{ "", 0, "" },
		{ "缅北禁地 مفتش é e\xcc\x81 😀", 33, "" },
		{ "a\0b", 3,
		    "x, line 1, byte 2: a zero byte, so this is not text" },
		{ "a\nbc\xe9", 5,
		    "x, line 2, byte 3: byte E9 is not UTF-8; save it as "
		    "UTF-8 text" },
		{ "\xc0\xaf", 2, "byte C0" },
		{ "\xe0\x80\xaf", 3, "byte E0" },
		{ "\xed\xa0\x80", 3, "byte ED" },
		{ "\xf4\x90\x80\x80", 4, "byte F4" },
		{ "\xf8\x88\x80\x80\x80", 5, "byte F8" },
		{ "\x80", 1, "byte 80" },
		{ "ab\xe7\xa6", 4, "line 1, byte 3" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };
		const int result =
		    text_check(cases[i].text, cases[i].len, "x", &err);

		assert_int_equal(result, cases[i].msg[0] ? -1 : 0);
		if (!strstr(err.msg, cases[i].msg))
			fail_msg("case %zu: %s", i, err.msg);
	}
}

static void
control_characters_are_refused_in_names(void **state)
{
	static const struct {
		const char *text;
		bool multiline;
		const char *said; /* NULL: taken */
	} cases[] = {
		{ "Église d'Arafat", false, NULL },
		{ "缅北禁地", false, NULL },
		{ "می\u200cخواهم", false, NULL },
		{ "a\tb", false, "U+0009" },
		{ "a\nb", false, "U+000A" },
		{ "a\tb\nc", true, NULL },
		{ "a\rb", true, "U+000D" },
		{ "a\x1b[2J", true,
		    "line 1, byte 2: control character U+001B" },
		{ "a\x7f", false, "U+007F" },
		{ "a\xc2\x9b", false, "U+009B" },
		{ "ab\u202egpj.exe", false, "U+202E" },
		{ "\u2066x", true, "U+2066" },
		{ "x\u2028", true, "U+2028" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };
		const int result = text_check_clean(
		    cases[i].text, 100, cases[i].multiline, "name", &err);

		assert_int_equal(result, cases[i].said ? -1 : 0);
		if (cases[i].said && !strstr(err.msg, cases[i].said))
			fail_msg("case %zu: %s", i, err.msg);
	}
}

static void
a_name_of_ten_thousand_characters_is_too_long(void **state)
{
	char *name = xcalloc(20001, 1);
	struct err err = { 0 };

	(void)state;
	for (int i = 0; i < 10000; i++)
		memcpy(name + 2 * i, "é", 2);
	assert_int_equal(
	    text_check_clean(name, TEXT_NAME_MAX, false, "name", &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_int_equal(text_check_clean(name, 20000, false, "name", &err), 0);
	assert_int_equal(text_width(name, 20000), 10000);
	assert_int_equal(text_fit(name, 20000, 77), 154);
	free(name);
}

static void
old_encodings_are_recognised_or_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *text, *encoding; /* or the message, NULL */
	} cases[] = {
		{ "caf\xc3\xa9", 5, "café", "UTF-8" },
		{ "\xef\xbb\xbf"
		  "a",
		    4, "a", "UTF-8" },
		{ "cafe\xcc\x81", 6, "café", "UTF-8" },
		{ "caf\xe9 \x80 \x9c\x96\x9d", 10, "line 1, byte 10: byte 9D",
		    NULL },
		{ "caf\xe9 \x80\x93\x9c\x9f", 9, "café €“œŸ", "Windows-1252" },
		{ "\xff\xfeL\0\xe9\0", 6, "Lé", "UTF-16LE" },
		{ "\xfe\xff\0L\x7f\x05", 6, "L缅", "UTF-16BE" },
		{ "\xff\xfe\x3d\xd8\x00\xde", 6, "😀", "UTF-16LE" },
		{ "\xff\xfe\x3d\xd8", 4, "byte 3: not UTF-16", NULL },
		{ "\xff\xfe\x3d", 3, "byte 3: not UTF-16", NULL },
		{ "a\n\xe9\x81", 4, "line 2, byte 2: byte 81", NULL },
		{ "a\0\xe9", 3, "a zero byte", NULL },
		{ "\xef\xbb\xbf\xe9", 4, "byte E9", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *encoding = NULL;
		struct buf out = BUF_INIT;
		struct err err = { 0 };
		const int result = text_decode(
		    cases[i].bytes, cases[i].len, "x", &out, &encoding, &err);

		assert_int_equal(result, cases[i].encoding ? 0 : -1);
		if (cases[i].encoding) {
			assert_string_equal(out.data, cases[i].text);
			assert_string_equal(encoding, cases[i].encoding);
		} else if (!strstr(err.msg, cases[i].text)) {
			fail_msg("case %zu: %s", i, err.msg);
		}
		buf_release(&out);
	}
}

static void
width_is_what_a_terminal_shows(void **state)
{
	static const struct {
		const char *text;
		size_t width;
	} cases[] = { { "", 0 }, { "abc", 3 }, { "é", 1 }, { "e\xcc\x81", 1 },
		{ "缅北禁地", 8 }, { "مفتش", 4 }, { "a\x1b", 1 }, { "œ", 1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(
		    text_width(cases[i].text, strlen(cases[i].text)),
		    cases[i].width);
}

static void
cuts_fall_between_characters_as_people_see_them(void **state)
{
	static const struct {
		const char *text;
		size_t columns, bytes;
	} cases[] = { { "abc", 2, 2 }, { "abc", 9, 3 }, { "abc", 0, 0 },
		{ "ae\xcc\x81x", 1, 1 }, { "ae\xcc\x81x", 2, 4 },
		{ "缅北", 1, 0 }, { "缅北", 3, 3 }, { "缅北", 4, 6 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(text_fit(cases[i].text, strlen(cases[i].text),
				     cases[i].columns),
		    cases[i].bytes);
}

static void
stepping_forth_and_back_meets_the_same_cuts(void **state)
{
	static const char text[] = "ae\xcc\x81\n缅👨\u200d👩\u200d👧🇫🇷\r\nx\xff.";
	static const size_t steps[] = { 1, 3, 1, 3, 18, 8, 2, 1, 1, 1 };
	const size_t len = sizeof(text) - 1;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		assert_int_equal(text_next(text, len, at), steps[i]);
		at += steps[i];
		assert_int_equal(text_prev(text, at), steps[i]);
	}
	assert_int_equal(at, len);
	assert_int_equal(text_next(text, len, at), 0);
	assert_int_equal(text_prev(text, 0), 0);
}

static void
what_a_terminal_must_not_get_is_shown_as_a_mark(void **state)
{
	static const struct {
		const char *text;
		bool multiline;
		const char *shown;
	} cases[] = {
		{ "缅北禁地 é مفتش", false, "缅北禁地 é مفتش" },
		{ "\x1b[2J", false, "^[[2J" },
		{ "a\x7f", false, "a^?" },
		{ "a\xc2\x9b", false, "a<U+009B>" },
		{ "x\u202e", false, "x<U+202E>" },
		{ "a\nb\tc", false, "a b c" },
		{ "a\nb\rc", true, "a\nb^Mc" },
		{ "می\u200cخواهم", false, "می\u200cخواهم" },
		{ "\xff", false, "<FF>" },
		{ "\ufeff", false, "<U+FEFF>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT;

		text_show(&out, cases[i].text, cases[i].multiline);
		assert_string_equal(out.data, cases[i].shown);
		buf_release(&out);
	}
}

static void
a_cut_text_ends_with_an_ellipsis(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *shown;
	} cases[] = { { "abc", 3, "abc" }, { "abcd", 3, "ab…" },
		{ "缅北禁地", 8, "缅北禁地" }, { "缅北禁地", 7, "缅北禁…" },
		{ "缅北禁地", 6, "缅北…" }, { "abc", 1, "…" }, { "abc", 0, "" },
		{ "\x1b\x1b", 3, "^[…" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT;

		text_show_cut(&out, cases[i].text, cases[i].columns);
		assert_string_equal(out.data, cases[i].shown);
		buf_release(&out);
	}
}

static void
searching_ignores_case_accents_and_ligatures(void **state)
{
	static const struct {
		const char *text, *typed;
		bool found;
	} cases[] = {
		{ "Marché d’Œuvres", "marche d'oeuvres", true },
		{ "Curriculum Vitæ", "VITAE", true },
		{ "École «\u00a0Étoile\u00a0»", "\"etoile", false },
		{ "École «\u00a0Étoile\u00a0»", "etoile ecole", true },
		{ "E\xcc\x81tat", "état", true },
		{ "缅北禁地", "禁地", true },
		{ "缅北禁地", "禁 北", true },
		{ "Straße", "strasse", true },
		{ "Marché", "marcher", false },
		{ "anything", "", true },
		{ "أحمد", "احمد", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (text_matches(cases[i].text, cases[i].typed) !=
		    cases[i].found)
			fail_msg("%s in %s", cases[i].typed, cases[i].text);
}

static void
distance_counts_edits_of_characters(void **state)
{
	static const struct {
		const char *one, *other;
		size_t edits;
	} cases[] = { { "", "", 0 }, { "", "abc", 3 }, { "abc", "", 3 },
		{ "survey", "survy", 1 }, { "choices", "choises", 1 },
		{ "é", "e", 1 }, { "缅北禁地", "缅北地", 1 },
		{ "kitten", "sitting", 3 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(text_distance(cases[i].one, cases[i].other),
		    cases[i].edits);
}

static void
blank_is_white_space_of_any_kind(void **state)
{
	(void)state;
	assert_true(text_is_blank(""));
	assert_true(text_is_blank(" \t\r\n\u00a0\u202f\u3000"));
	assert_false(text_is_blank(" ."));
	assert_false(text_is_blank(" \x06"));
	assert_false(text_is_blank("\xff"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_utf8_without_zero_bytes_is_text),
		TEST(control_characters_are_refused_in_names),
		TEST(a_name_of_ten_thousand_characters_is_too_long),
		TEST(old_encodings_are_recognised_or_refused),
		TEST(width_is_what_a_terminal_shows),
		TEST(cuts_fall_between_characters_as_people_see_them),
		TEST(stepping_forth_and_back_meets_the_same_cuts),
		TEST(what_a_terminal_must_not_get_is_shown_as_a_mark),
		TEST(a_cut_text_ends_with_an_ellipsis),
		TEST(searching_ignores_case_accents_and_ligatures),
		TEST(distance_counts_edits_of_characters),
		TEST(blank_is_white_space_of_any_kind),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return RUN_TESTS(tests);
}
