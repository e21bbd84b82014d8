/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include "base/buf.h"
#include "tui/keymap.h"
#include "tui/keys.h"

static const struct binding own[] = {
	{ 'n', ACT_NOTE },
	{ K_F(2), ACT_NOTE },
	{ 'q', ACT_QUIT },
	{ 0, ACT_NONE },
};

static void
a_view_decides_before_the_common_table(void **state)
{
	(void)state;
	assert_int_equal(keymap_action(own, 'n'), ACT_NOTE);
	assert_int_equal(keymap_action(own, 'q'), ACT_QUIT);
	assert_int_equal(keymap_action(NULL, 'q'), ACT_BACK);
	assert_int_equal(keymap_action(own, K_F(1)), ACT_HELP);
	assert_int_equal(keymap_action(own, K_CTRL('y')), ACT_NONE);
}

static void
while_typing_a_letter_is_no_key(void **state)
{
	(void)state;
	assert_int_equal(keymap_key(own, ACT_NOTE, false), 'n');
	assert_int_equal(keymap_key(own, ACT_NOTE, true), K_F(2));
	assert_int_equal(keymap_key(own, ACT_QUIT, true), K_CTRL('q'));
	assert_int_equal(keymap_key(own, ACT_TOGGLE, true), 0);
}

static void
the_help_names_every_live_key(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	i18n_init();
	i18n_set(LANG_EN);
	keymap_add_keys(own, ACT_NOTE, false, &out);
	assert_string_equal(out.data, "n, F2");
	buf_clear(&out);
	/* q is quit here, so going back has one key less. */
	keymap_add_keys(own, ACT_BACK, false, &out);
	assert_string_equal(out.data, "Esc, ^C");
	buf_release(&out);
}

static void
the_upper_row_of_azerty_counts_without_shift(void **state)
{
	static const struct {
		int key, digit;
	} cases[] = {
		{ '1', 1 },
		{ '&', 1 },
		{ 0xe9, 2 },
		{ '"', 3 },
		{ '\'', 4 },
		{ '(', 5 },
		{ '-', 6 },
		{ 0xe8, 7 },
		{ '_', 8 },
		{ 0xe7, 9 },
		{ 0xe0, 0 },
		{ '0', 0 },
		{ 'a', -1 },
		{ K_F(1), -1 },
		{ ')', -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(key_digit(cases[i].key), cases[i].digit);
}

static void
characters_become_utf8(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	key_add_text('a', &out);
	key_add_text(0xe9, &out);
	key_add_text(0x7f05, &out);
	key_add_text(0x1f600, &out);
	assert_string_equal(out.data, "aé缅😀");
	buf_release(&out);
}

static void
every_action_has_a_word_and_a_help(void **state)
{
	(void)state;
	for (int action = ACT_NONE + 1; action < ACTION_COUNT; action++) {
		assert_true(action_word((enum action)action)[0]);
		assert_true(action_help((enum action)action)[0]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_view_decides_before_the_common_table),
		TEST(while_typing_a_letter_is_no_key),
		TEST(the_help_names_every_live_key),
		TEST(the_upper_row_of_azerty_counts_without_shift),
		TEST(characters_become_utf8),
		TEST(every_action_has_a_word_and_a_help),
	};

	return RUN_TESTS(tests);
}
