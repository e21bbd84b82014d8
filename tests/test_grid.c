/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <locale.h>
#include <string.h>

#include "base/buf.h"
#include "tui/grid.h"

static void
assert_grid(const struct grid *grid, const char *text)
{
	struct buf out = BUF_INIT;

	grid_text(grid, &out);
	assert_string_equal(out.data, text);
	buf_release(&out);
}

static void
text_stands_where_it_was_put_and_is_clipped(void **state)
{
	struct grid *grid = grid_new(3, 8);

	(void)state;
	assert_int_equal(grid_put(grid, 0, 2, STYLE_PLAIN, "été %d", 7), 7);
	assert_int_equal(
	    grid_put(grid, 1, 5, STYLE_PLAIN, "%s", "too long"), 8);
	grid_put(grid, 7, 0, STYLE_PLAIN, "%s", "nowhere");
	assert_grid(grid, "  été 7\n     too\n");
	grid_free(grid);
}

static void
wide_characters_take_two_columns_and_are_never_halved(void **state)
{
	struct grid *grid = grid_new(2, 5);

	(void)state;
	assert_int_equal(
	    grid_put(grid, 0, 0, STYLE_PLAIN, "%s", "缅北禁地"), 4);
	assert_int_equal(grid_at(grid, 0, 1)->width, 0);
	assert_grid(grid, "缅北\n");
	grid_free(grid);
}

static void
combining_accents_share_the_cell_of_their_letter(void **state)
{
	struct grid *grid = grid_new(1, 4);

	(void)state;
	assert_int_equal(
	    grid_put(grid, 0, 0, STYLE_PLAIN, "%s", "e\xcc\x81x"), 2);
	assert_string_equal(grid_at(grid, 0, 0)->text, "e\xcc\x81");
	grid_free(grid);
}

static void
control_characters_never_reach_a_cell(void **state)
{
	static const char *const hostile[] = { "\033[31mred", "a\rb", "a\nb",
		"\xc2\x9b", "\xe2\x80\xae", "\x07" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct grid *grid = grid_new(1, 40);

		grid_put(grid, 0, 0, STYLE_PLAIN, "%s", hostile[i]);
		for (int col = 0; col < 40; col++)
			for (const char *c = grid_at(grid, 0, col)->text; *c;
			     c++) {
				assert_false((unsigned char)*c < ' ');
				assert_false((unsigned char)*c == 0xc2 &&
				    (unsigned char)c[1] < 0xa0);
				assert_int_not_equal(
				    strncmp(c, "\xe2\x80\xae", 3), 0);
			}
		grid_free(grid);
	}
}

static void
a_long_text_breaks_at_spaces(void **state)
{
	struct grid *grid = grid_new(4, 12);
	const struct grid_box box = {
		.row = 0, .col = 1, .rows = 4, .cols = 10
	};
	const char *text = "Mesurer du sol extérieur\nau sommet";

	(void)state;
	assert_int_equal(grid_put_wrapped(grid, &box, STYLE_PLAIN, text), 4);
	assert_int_equal(grid_rows_of(text, 10), 4);
	assert_grid(grid, " Mesurer du\n sol\n extérieur\n au sommet\n");
	grid_free(grid);
}

static void
no_row_begins_with_what_ends_a_french_question(void **state)
{
	struct grid *grid = grid_new(3, 13);
	const struct grid_box box = { .rows = 3, .cols = 13 };

	(void)state;
	assert_int_equal(grid_rows_of("un long écrit ?", 13), 2);
	grid_put_wrapped(grid, &box, STYLE_PLAIN, "un long écrit ?");
	assert_grid(grid, "un long\nécrit ?\n");
	grid_clear(grid);
	grid_put_wrapped(grid, &box, STYLE_PLAIN, "la réponse « oui »");
	assert_grid(grid, "la réponse\n« oui »\n");
	grid_free(grid);
}

static void
a_word_that_is_too_long_is_cut_and_ends(void **state)
{
	struct grid *grid = grid_new(3, 4);
	const struct grid_box box = { .rows = 3, .cols = 4 };

	(void)state;
	assert_int_equal(
	    grid_put_wrapped(grid, &box, STYLE_PLAIN, "abcdefghij"), 3);
	assert_grid(grid, "abcd\nefgh\nij\n");
	grid_free(grid);
}

static void
what_does_not_fit_ends_with_an_ellipsis(void **state)
{
	struct grid *grid = grid_new(1, 20);

	(void)state;
	grid_put_cut(grid, 0, 0, 6, STYLE_PLAIN, "périmètre");
	assert_grid(grid, "périm…\n");
	grid_free(grid);
}

static void
a_bar_is_full_only_at_a_hundred(void **state)
{
	static const struct {
		int percent;
		const char *text;
	} cases[] = {
		{ 0, "░░░░░░░░░░\n" },
		{ 71, "███████░░░\n" },
		{ 99, "█████████░\n" },
		{ 100, "██████████\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct grid *grid = grid_new(1, 10);

		grid_bar(grid, 0, 0, 10, cases[i].percent);
		assert_grid(grid, cases[i].text);
		grid_free(grid);
	}
}

static void
the_cursor_stays_inside(void **state)
{
	struct grid *grid = grid_new(2, 3);

	(void)state;
	grid_cursor(grid, 9, 9);
	assert_int_equal(grid->cursor_row, 1);
	assert_int_equal(grid->cursor_col, 2);
	grid_free(grid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(text_stands_where_it_was_put_and_is_clipped),
		TEST(wide_characters_take_two_columns_and_are_never_halved),
		TEST(combining_accents_share_the_cell_of_their_letter),
		TEST(control_characters_never_reach_a_cell),
		TEST(a_long_text_breaks_at_spaces),
		TEST(no_row_begins_with_what_ends_a_french_question),
		TEST(a_word_that_is_too_long_is_cut_and_ends),
		TEST(what_does_not_fit_ends_with_an_ellipsis),
		TEST(a_bar_is_full_only_at_a_hundred),
		TEST(the_cursor_stays_inside),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return RUN_TESTS(tests);
}
