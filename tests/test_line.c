/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/secret.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/line.h"

/* Types: "\x01" and the like are Ctrl keys, the rest is text. */
static void
type(struct line *line, const char *keys)
{
	for (; *keys; keys++) {
		if ((unsigned char)*keys < ' ') {
			line_key(line, *keys);
		} else {
			char one[8] = { *keys };

			while (((unsigned char)keys[1] & 0xc0) == 0x80) {
				one[strlen(one)] = keys[1];
				keys++;
			}
			line_insert(line, one);
		}
	}
}

static void
keys_do_what_readline_does(void **state)
{
	static const struct {
		const char *keys, *text;
	} cases[] = {
		{ "abc", "abc" },
		{ "abc\x01x", "xabc" },         /* ^A */
		{ "abc\x01\x05x", "abcx" },     /* ^E */
		{ "abc\x02x", "abxc" },         /* ^B */
		{ "abc\x01\x06x", "axbc" },     /* ^F */
		{ "abc def\x02\x15", "f" },     /* ^U */
		{ "abc def\x01\x06\x0b", "a" }, /* ^K */
		{ "abc def\x17x", "abc x" },    /* ^W */
		{ "abc  \x17", "" },            /* ^W over spaces */
		{ "abé\x08", "ab" },            /* ^H */
		{ "abc\x01\x04", "bc" },        /* ^D */
		{ "e\xcc\x81x\x02\x08", "x" },  /* a letter with its mark */
		{ "缅北\x02\x08", "北" },
		{ "\x08\x04\x02\x06\x17\x15\x0b", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct line line;

		line_init(&line, LINE_TEXT);
		type(&line, cases[i].keys);
		assert_string_equal(line.text, cases[i].text);
		assert_int_equal(line.len, strlen(line.text));
		line_release(&line);
	}
}

static void
keys_that_mean_nothing_here_are_not_used(void **state)
{
	static const int keys[] = { K_F(1), K_ENTER, K_ESC, K_TAB, K_UP,
		K_CTRL('z'), K_CTRL('g') };
	struct line line;

	(void)state;
	line_init(&line, LINE_TEXT);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		assert_false(line_key(&line, keys[i]));
	assert_string_equal(line.text, "");
	assert_false(line.changed);
	line_release(&line);
}

static void
in_a_number_the_azerty_row_is_digits(void **state)
{
	static const int keys[] = { '&', 0xe9, '-', 0xe0, ',', '5' };
	struct line line;

	(void)state;
	line_init(&line, LINE_NUMBER);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		line_key(&line, keys[i]);
	assert_string_equal(line.text, "1260,5");
	line_set(&line, "");
	line_key(&line, '-'); /* at the very start it is a minus */
	line_key(&line, '7');
	assert_string_equal(line.text, "-7");
	line_release(&line);
}

static void
a_paste_that_does_not_fit_adds_nothing(void **state)
{
	struct line line;
	char *text = xcalloc(LINE_BYTES_MAX, 1);

	(void)state;
	memset(text, 'x', LINE_BYTES_MAX - 1);
	line_init(&line, LINE_TEXT);
	line_set(&line, "a");
	assert_false(line_insert(&line, text));
	assert_string_equal(line.text, "a");
	assert_true(line_insert(&line, text + 1)); /* exactly full */
	assert_int_equal(line.len, LINE_BYTES_MAX - 1);
	assert_false(line_insert(&line, "b"));
	assert_int_equal(line.len, LINE_BYTES_MAX - 1);
	line_release(&line);
	free(text);
}

static void
a_paste_is_text_and_one_line_stays_one(void **state)
{
	struct line line;

	(void)state;
	line_init(&line, LINE_TEXT);
	line_insert(&line, "a\nb\tc\033d\x7f");
	assert_string_equal(line.text, "a b cd");
	line_release(&line);
	line_init(&line, LINE_MULTILINE);
	line_insert(&line, "a\nb");
	assert_string_equal(line.text, "a\nb");
	line_release(&line);
}

static void
several_lines_have_up_and_down(void **state)
{
	struct line line;

	(void)state;
	line_init(&line, LINE_MULTILINE);
	line_insert(&line, "abcd");
	assert_true(line_key(&line, K_ALT_ENTER));
	line_insert(&line, "xy");
	line_key(&line, K_UP);
	line_insert(&line, "1");
	line_key(&line, K_DOWN);
	line_insert(&line, "2");
	assert_string_equal(line.text, "ab1cd\nxy2");
	assert_false(line_key(&line, K_ENTER));
	line_release(&line);
}

static void
several_lines_are_drawn_around_the_cursor(void **state)
{
	struct line line;
	struct grid *grid = grid_new(2, 6);
	const struct grid_box box = { .rows = 2, .cols = 6 };
	struct buf out = BUF_INIT;

	(void)state;
	line_init(&line, LINE_MULTILINE);
	line_insert(&line, "abcdefg\n\nxy");
	line_draw(&line, grid, &box, true, true);
	grid_text(grid, &out);
	assert_string_equal(out.data, "\nxy\n");
	assert_int_equal(grid->cursor_row, 1);
	assert_int_equal(grid->cursor_col, 2);
	buf_clear(&out);
	line.at = 0;
	grid_clear(grid);
	line_draw(&line, grid, &box, true, true);
	grid_text(grid, &out);
	assert_string_equal(out.data, "abcde\nfg\n");
	assert_int_equal(grid->cursor_row, 0);
	buf_release(&out);
	grid_free(grid);
	line_release(&line);
}

static void
a_secret_shows_stars_until_it_may_be_seen(void **state)
{
	struct line line;
	struct grid *grid = grid_new(1, 12);
	const struct grid_box box = { .rows = 1, .cols = 12 };
	struct buf out = BUF_INIT;
	struct secret *copy;

	(void)state;
	line_init(&line, LINE_SECRET);
	type(&line, "pässe");
	line_draw(&line, grid, &box, true, false);
	grid_text(grid, &out);
	assert_string_equal(out.data, "*****\n");
	assert_int_equal(grid->cursor_col, 5);
	buf_clear(&out);
	line_draw(&line, grid, &box, true, true);
	grid_text(grid, &out);
	assert_string_equal(out.data, "pässe\n");
	copy = line_secret(&line);
	assert_int_equal(copy->len, 6);
	assert_memory_equal(copy->data, "pässe", 6);
	secret_free(copy);
	buf_release(&out);
	grid_free(grid);
	line_release(&line);
}

static void
there_is_a_limit_and_it_is_not_passed(void **state)
{
	struct line line;

	(void)state;
	line_init(&line, LINE_SECRET);
	for (int i = 0; i < 2 * LINE_SECRET_MAX; i++)
		line_key(&line, 'x');
	assert_int_equal(line.len, LINE_SECRET_MAX - 1);
	assert_true(line.full);
	line_release(&line);
}

static void
a_long_line_scrolls_so_that_the_cursor_shows(void **state)
{
	struct line line;
	struct grid *grid = grid_new(1, 6);
	const struct grid_box box = { .rows = 1, .cols = 6 };
	struct buf out = BUF_INIT;

	(void)state;
	line_init(&line, LINE_TEXT);
	line_insert(&line, "0123456789");
	line_draw(&line, grid, &box, true, true);
	grid_text(grid, &out);
	assert_string_equal(out.data, "56789\n");
	assert_int_equal(grid->cursor_col, 5);
	buf_release(&out);
	grid_free(grid);
	line_release(&line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keys_do_what_readline_does),
		TEST(keys_that_mean_nothing_here_are_not_used),
		TEST(in_a_number_the_azerty_row_is_digits),
		TEST(a_paste_is_text_and_one_line_stays_one),
		TEST(a_paste_that_does_not_fit_adds_nothing),
		TEST(several_lines_have_up_and_down),
		TEST(several_lines_are_drawn_around_the_cursor),
		TEST(a_secret_shows_stars_until_it_may_be_seen),
		TEST(there_is_a_limit_and_it_is_not_passed),
		TEST(a_long_line_scrolls_so_that_the_cursor_shows),
	};
	struct err err = { 0 };

	setlocale(LC_ALL, "C.UTF-8");
	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}
