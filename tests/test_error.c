/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/text.h"

static void
an_error_keeps_its_code_and_text(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_set(&err, ERR_LIMIT, "%s has %d", "a", 3), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "a has 3");
	assert_string_equal(err_code_name(err.code), "ERR_LIMIT");
}

static void
wrapping_puts_context_in_front_and_keeps_the_code(void **state)
{
	struct err err = { 0 };

	(void)state;
	err_set(&err, ERR_FORMAT, "no such table");
	assert_int_equal(err_wrap(&err, "cannot open %s", "a.db"), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_string_equal(err.msg, "cannot open a.db: no such table");
	/* Twice would tell nothing more; a longer name is another one. */
	err_wrap(&err, "cannot open %s", "a.db");
	assert_string_equal(err.msg, "cannot open a.db: no such table");
	err_wrap(&err, "%s", "c");
	assert_string_equal(err.msg, "c: cannot open a.db: no such table");
}

static void
what_a_person_can_do_about_the_system_s_errors_is_said(void **state)
{
	static const struct {
		int number;
		const char *text;
	} cases[] = {
		{ ENOSPC, "try: No space left on device; free some space" },
		{ EROFS, "try: Read-only file system; choose a place" },
		{ EACCES, "try: Permission denied; choose a place" },
		{ ENOENT, "try: No such file or directory; check the name" },
		{ ENAMETOOLONG, "try: File name too long; choose a shorter" },
		{ EIO, "try: Input/output error; check the disk" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		errno = cases[i].number;
		err_errno(&err, "try");
		assert_ptr_equal(strstr(err.msg, cases[i].text), err.msg);
	}
}

static void
the_system_s_errors_have_their_codes(void **state)
{
	static const struct {
		int number;
		enum err_code code;
	} cases[] = { { ENOSPC, ERR_FULL }, { EDQUOT, ERR_FULL },
		{ EACCES, ERR_DENIED }, { EPERM, ERR_DENIED },
		{ EROFS, ERR_DENIED }, { ENOENT, ERR_NOT_FOUND },
		{ EEXIST, ERR_EXISTS }, { EIO, ERR_IO } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		errno = cases[i].number;
		assert_int_equal(err_errno(&err, "cannot %s", "try"), -1);
		assert_int_equal(err.code, cases[i].code);
		assert_non_null(strstr(err.msg, "cannot try: "));
		assert_non_null(strstr(err.msg, strerror(cases[i].number)));
	}
}

/* Every length of the first byte's offset, so that each cut happens. */
static void
a_long_text_is_cut_between_characters(void **state)
{
	static const char *const characters[] = { "é", "禁", "😀" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(characters) * 4; i++) {
		struct buf text = BUF_INIT;
		struct err err = { 0 }, ignored = { 0 };

		for (size_t j = 0; j < i % 4; j++)
			buf_add_char(&text, '.');
		while (text.len < 2 * (size_t)ERR_MSG_MAX)
			buf_add_text(&text, characters[i / 4]);
		err_set(&err, ERR_IO, "%s", text.data);
		assert_int_equal(
		    text_check(err.msg, strlen(err.msg), "m", &ignored), 0);
		assert_in_range(
		    strlen(err.msg), ERR_MSG_MAX - 5, ERR_MSG_MAX - 1);
		err_wrap(&err, "%s", text.data);
		assert_int_equal(
		    text_check(err.msg, strlen(err.msg), "m", &ignored), 0);
		buf_release(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_error_keeps_its_code_and_text),
		TEST(wrapping_puts_context_in_front_and_keeps_the_code),
		TEST(the_system_s_errors_have_their_codes),
		TEST(what_a_person_can_do_about_the_system_s_errors_is_said),
		TEST(a_long_text_is_cut_between_characters),
	};

	return RUN_TESTS(tests);
}
