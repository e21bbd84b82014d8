/* SPDX-License-Identifier: Apache-2.0 */
/* Repeats on the fill screen: their lists, rows that come and go. */
#include "tests/views_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "inspections/inspection.h"
#include "tests/tui_support.h"
#include "tui/keys.h"
#include "tui/ui.h"
#include "tui/views.h"

/* Two households, of which the first has two people. */
static void
fill_two(struct person *person)
{
	ui_type(&person->ui, "Kolda\r"); /* then: the list, on "add one" */
	ui_type(&person->ui, "\rDiallo\r1\r");
	ui_type(&person->ui, "\rAwa\r40\r"); /* the last row: back to add */
	ui_type(&person->ui, "\rIssa\r9\rJules Ferry\r");
	ui_key(&person->ui, K_DOWN, "");
	ui_type(&person->ui, "\r"); /* go on: out of the household too */
	ui_type(&person->ui, "\rBa\r2\r");
}

static void
rows_are_added_filled_and_listed(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	visitor_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "Kolda\r");
	assert_screens(&person.ui, "rows-none");
	ui_key(&person.ui, K_ESC, "");
	open_fill(&person, id);
	ui_key(&person.ui, K_PAGE_UP, "");
	ui_key(&person.ui, K_CTRL('u'), "");
	fill_two(&person);
	assert_screens(&person.ui, "rows-inner-none");
	ui_type(&person.ui, "g"); /* to the households */
	assert_screens(&person.ui, "rows-two");
	ui_type(&person.ui, "1");
	ui_key(&person.ui, K_PAGE_DOWN, "");
	ui_key(&person.ui, K_PAGE_DOWN, "");
	assert_true(is_shown(&person, "Household 1 of 2"));
	assert_screens(&person.ui, "rows-inner");
	ui_type(&person.ui, "2");
	assert_screens(&person.ui, "rows-inside");
	person_free(&person);
}

static void
pages_go_through_all_rows_and_on(void **state)
{
	static const char *const forth[] = { "add one", "Head of", "Water",
		"add one", "First name", "Age", "First name", "Age",
		"Which school?", "Head of", "Water", "add one", "Remarks" };
	struct person person;
	char id[ID_MAX];

	(void)state;
	visitor_new(&person, id);
	open_fill(&person, id);
	fill_two(&person);
	ui_key(&person.ui, K_F(7), "");
	ui_type(&person.ui, "village\r");
	for (size_t i = 0; i < ARRAY_LEN(forth); i++) {
		ui_key(&person.ui, K_PAGE_DOWN, "");
		if (!is_shown(&person, forth[i]))
			fail_msg("step %zu: no %s", i, forth[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(forth); i++)
		ui_key(&person.ui, K_PAGE_UP, "");
	assert_true(is_shown(&person, "Name of the village"));
	person_free(&person);
}

static void
a_row_goes_only_when_confirmed_and_comes_back(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	visitor_new(&person, id);
	open_fill(&person, id);
	fill_two(&person);
	ui_type(&person.ui, "g");
	ui_key(&person.ui, K_UP, "");
	ui_type(&person.ui, "x");
	assert_screens(&person.ui, "rows-delete");
	ui_key(&person.ui, K_F(10), ""); /* as it is: no */
	assert_true(is_shown(&person, "Diallo"));
	ui_type(&person.ui, "x2");
	ui_key(&person.ui, K_F(10), "");
	assert_false(is_shown(&person, "Diallo"));
	assert_true(is_shown(&person, "Ba"));
	ui_type(&person.ui, "z");
	assert_true(is_shown(&person, "Diallo"));
	person_free(&person);
}

static void
adding_is_undone(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	visitor_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "Kolda\r\r");
	assert_true(is_shown(&person, "Household 1 of 1"));
	ui_key(&person.ui, K_CTRL('_'), "");
	assert_false(is_shown(&person, "1 of 1"));
	assert_true(is_shown(&person, "× 0"));
	person_free(&person);
}

static void
what_is_missing_in_a_row_is_found_in_review(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	visitor_new(&person, id);
	open_fill(&person, id);
	fill_two(&person);
	ui_type(&person.ui, "+"); /* a person without a name */
	ui_key(&person.ui, K_F(12), "");
	assert_screens(&person.ui, "rows-review");
	ui_key(&person.ui, K_DOWN, "");
	ui_type(&person.ui, "\r");
	assert_true(is_shown(&person, "Household 2 of 2 › Person 1 of 1"));
	person_free(&person);
}

static void
many_rows_scroll_under_the_cursor(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	visitor_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "Kolda\r");
	for (int i = 1; i <= 30; i++) {
		char typed[32];

		snprintf(typed, sizeof(typed), "\rName %d\r", i);
		ui_type(&person.ui, typed);
		ui_key(&person.ui, K_F(10), "");
		ui_key(&person.ui, K_END, "");
		ui_key(&person.ui, K_UP, "");
	}
	assert_screen(&person.ui, 24, 80, "rows-many");
	ui_key(&person.ui, K_HOME, "");
	assert_true(is_shown(&person, "Name 1 "));
	person_free(&person);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(rows_are_added_filled_and_listed),
		VIEW_TEST(pages_go_through_all_rows_and_on),
		VIEW_TEST(a_row_goes_only_when_confirmed_and_comes_back),
		VIEW_TEST(adding_is_undone),
		VIEW_TEST(what_is_missing_in_a_row_is_found_in_review),
		VIEW_TEST(many_rows_scroll_under_the_cursor),
	};

	return RUN_VIEWS(tests);
}
