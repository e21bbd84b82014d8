/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that share a screen, tables, and choices found by typing. */
#include "tests/views_support.h"

#include <stdio.h>
#include <time.h>

#include "tests/tui_support.h"
#include "tui/keys.h"

static void
press(struct person *person, int key, int times)
{
	for (int i = 0; i < times; i++)
		ui_key(&person->ui, key, "");
}

static void
a_table_is_answered_by_digits_from_row_to_row(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	pager_new(&person, 60, id);
	open_fill(&person, id);
	assert_screens(&person.ui, "pages-table");
	ui_type(&person.ui, "13");
	assert_screens(&person.ui, "pages-table-half");
	assert_answer(&person, id, "doors/front", "sound");
	assert_answer(&person, id, "doors/back", "broken");
	ui_type(&person.ui, "2"); /* the last row stays */
	assert_answer(&person, id, "doors/roof", "worn");
	press(&person, K_UP, 1);
	press(&person, K_LEFT, 1);
	ui_type(&person.ui, " ");
	assert_answer(&person, id, "doors/back", "worn");
	press(&person, K_PAGE_DOWN, 1); /* behind the whole table */
	assert_true(is_shown(&person, "Who is in charge?"));
	person_free(&person);
}

static void
headings_that_do_not_fit_have_a_legend(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	pager_new(&person, 60, id);
	open_fill(&person, id);
	press(&person, K_PAGE_DOWN, 2);
	ui_type(&person.ui, "13");
	assert_screens(&person.ui, "pages-legend");
	assert_answer(&person, id, "means/lamp", "day never");
	press(&person, K_DOWN, 1);
	ui_type(&person.ui, "2");
	assert_answer(&person, id, "means/dog", "week");
	person_free(&person);
}

static void
questions_of_one_screen_come_and_go_around_the_focus(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	pager_new(&person, 60, id);
	open_fill(&person, id);
	press(&person, K_PAGE_DOWN, 1);
	ui_type(&person.ui, "Awa");
	press(&person, K_TAB, 1);
	assert_answer(&person, id, "watch/chief", "Awa");
	assert_screens(&person.ui, "pages-list");
	assert_false(is_shown(&person, "How many men?"));
	ui_type(&person.ui, "1");
	assert_screens(&person.ui, "pages-list-more");
	ui_type(&person.ui, "2"); /* the focus has not moved */
	assert_answer(&person, id, "watch/night", "no");
	assert_false(is_shown(&person, "How many men?"));
	press(&person, K_RIGHT, 1);
	press(&person, K_DOWN, 1);
	ui_type(&person.ui, "VHF");
	press(&person, K_BACKTAB, 1);
	assert_answer(&person, id, "watch/radio", "VHF");
	press(&person, K_BACKTAB, 2); /* before the first: the sections */
	assert_screens(&person.ui, "pages-sections");
	person_free(&person);
}

static void
a_quick_question_goes_on_at_once(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	pager_new(&person, 60, id);
	open_fill(&person, id);
	press(&person, K_PAGE_DOWN, 3);
	ui_type(&person.ui, "2");
	assert_answer(&person, id, "done", "no");
	assert_true(is_shown(&person, "Which town?"));
	person_free(&person);
}

static void
a_choice_is_found_by_typing(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	pager_new(&person, 60, id);
	open_fill(&person, id);
	press(&person, K_PAGE_DOWN, 4);
	assert_screens(&person.ui, "pages-seek");
	ui_type(&person.ui, "mer oeuvre");
	assert_screens(&person.ui, "pages-found");
	press(&person, K_ENTER, 1);
	assert_answer(&person, id, "town", "oeuvre");
	ui_type(&person.ui, "town 5");
	press(&person, K_DOWN, 1);
	press(&person, K_ENTER, 1); /* one more may follow */
	ui_type(&person.ui, "town 12\r");
	assert_answer(&person, id, "towns", "t12 t15");
	ui_type(&person.ui, "nowhere\r");
	assert_true(is_shown(&person, "no choice is called so"));
	press(&person, K_ESC, 2);
	assert_screens(&person.ui, "pages-found-several");
	press(&person, K_ENTER, 1);
	assert_true(is_shown(&person, "A last word"));
	person_free(&person);
}

/* Ten times what it takes, so that a busy machine does not fail it. */
static void
a_key_among_50000_choices_is_cheap(void **state)
{
	enum { KEYS = 100, MS_A_KEY = 10 };
	struct person person;
	char id[ID_MAX];
	clock_t start;
	double ms;

	(void)state;
	pager_new(&person, 50000, id);
	open_fill(&person, id);
	press(&person, K_PAGE_DOWN, 4);
	start = clock();
	for (int i = 0; i < KEYS / 10; i++) {
		ui_type(&person.ui, "town 49");
		press(&person, K_BACKSPACE, 7);
	}
	ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC / KEYS;
	print_message("%.3f ms a key\n", ms);
	assert_true(ms < MS_A_KEY);
	person_free(&person);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(a_table_is_answered_by_digits_from_row_to_row),
		VIEW_TEST(headings_that_do_not_fit_have_a_legend),
		VIEW_TEST(questions_of_one_screen_come_and_go_around_the_focus),
		VIEW_TEST(a_quick_question_goes_on_at_once),
		VIEW_TEST(a_choice_is_found_by_typing),
		VIEW_TEST(a_key_among_50000_choices_is_cheap),
	};

	return RUN_VIEWS(tests);
}
