/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that are answered in a way of their own. */
#include "tests/views_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "inspections/inspection.h"
#include "tests/tui_support.h"
#include "tui/keys.h"
#include "tui/ui.h"
#include "tui/views.h"

/* Goes to a question by the search for its name. */
static void
go_to(struct person *person, int questions)
{
	for (int i = 0; i < questions; i++)
		ui_key(&person->ui, K_PAGE_DOWN, "");
}

static void
a_moment_is_typed_as_people_write_it(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	surveyor_new(&person, id);
	open_fill(&person, id);
	assert_screens(&person.ui, "kinds-moment");
	ui_type(&person.ui, "23/11/2026 25h\r");
	assert_true(is_shown(&person, "is not a date with a time"));
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, "23/11/2026 14h32\r");
	assert_answer(&person, id, "seen_at", "2026-11-23T14:32:00.000+00:00");
	ui_key(&person.ui, K_PAGE_UP, "");
	assert_true(is_shown(&person, "2026-11-23 14:32"));
	ui_key(&person.ui, K_PAGE_DOWN, ""); /* nothing was changed */
	assert_answer(&person, id, "seen_at", "2026-11-23T14:32:00.000+00:00");
	person_free(&person);
}

static void
a_scale_goes_by_its_steps(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	surveyor_new(&person, id);
	open_fill(&person, id);
	go_to(&person, 1);
	assert_screens(&person.ui, "kinds-scale");
	ui_key(&person.ui, K_LEFT, ""); /* its start */
	ui_key(&person.ui, K_LEFT, ""); /* no further */
	for (int i = 0; i < 7; i++)
		ui_key(&person.ui, K_RIGHT, "");
	assert_screens(&person.ui, "kinds-scale-set");
	ui_key(&person.ui, K_ENTER, "");
	assert_answer(&person, id, "trust", "3.5");
	ui_key(&person.ui, K_PAGE_UP, "");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, "3,2\r");
	assert_true(is_shown(&person, "is not on the scale"));
	person_free(&person);
}

static void
what_is_held_moves_in_a_rank(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	surveyor_new(&person, id);
	open_fill(&person, id);
	go_to(&person, 2);
	assert_screens(&person.ui, "kinds-rank");
	assert_answer(&person, id, "order", "");
	ui_type(&person.ui, "3"); /* takes the third up */
	assert_screens(&person.ui, "kinds-rank-held");
	ui_key(&person.ui, K_UP, "");
	ui_key(&person.ui, K_UP, "");
	ui_key(&person.ui, K_UP, ""); /* no further */
	assert_answer(&person, id, "order", "guard light fence");
	ui_type(&person.ui, " ");
	ui_key(&person.ui, K_DOWN, ""); /* only the cursor */
	assert_answer(&person, id, "order", "guard light fence");
	assert_screens(&person.ui, "kinds-rank-set");
	ui_key(&person.ui, K_CTRL('_'), "");
	assert_answer(&person, id, "order", "light guard fence");
	person_free(&person);
}

static void
enter_takes_the_order_that_is_shown(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	surveyor_new(&person, id);
	open_fill(&person, id);
	go_to(&person, 2);
	ui_key(&person.ui, K_ENTER, "");
	assert_answer(&person, id, "order", "light fence guard");
	assert_true(is_shown(&person, "Where is it?"));
	person_free(&person);
}

static void
positions_are_typed_one_a_line(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	surveyor_new(&person, id);
	open_fill(&person, id);
	go_to(&person, 3);
	assert_screens(&person.ui, "kinds-position");
	ui_type(&person.ui, "48,8566 2,3522\r");
	assert_answer(&person, id, "place", "48.8566 2.3522 0 0");
	ui_type(&person.ui, "48.1 2.1");
	ui_key(&person.ui, K_CTRL('o'), "");
	ui_type(&person.ui, "48.2 2.2");
	assert_screens(&person.ui, "kinds-line");
	ui_key(&person.ui, K_ENTER, "");
	assert_answer(&person, id, "fence", "48.1 2.1 0 0; 48.2 2.2 0 0");
	person_free(&person);
}

static void
a_file_that_is_attached_is_the_answer(void **state)
{
	struct person person;
	char id[ID_MAX];
	char *path = file_join(folder, "gate.jpg");

	(void)state;
	surveyor_new(&person, id);
	assert_int_equal(file_write(path, "x", 1, 0600, &person.err), 0);
	open_fill(&person, id);
	go_to(&person, 5);
	assert_screens(&person.ui, "kinds-file");
	ui_key(&person.ui, K_F(4), "");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, path);
	ui_key(&person.ui, K_ENTER, "");
	assert_answer(&person, id, "photo", "gate.jpg");
	assert_screens(&person.ui, "kinds-file-set");
	ui_key(&person.ui, K_DELETE, "");
	assert_true(is_shown(&person, "Detach it?"));
	ui_type(&person.ui, "2\r");
	assert_answer(&person, id, "photo", "");
	free(path);
	person_free(&person);
}

static void
a_counter_counts_up_and_down(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	surveyor_new(&person, id);
	open_fill(&person, id);
	go_to(&person, 6);
	for (int i = 0; i < 4; i++)
		ui_key(&person.ui, K_RIGHT, "");
	ui_key(&person.ui, K_LEFT, "");
	ui_key(&person.ui, K_ENTER, "");
	assert_answer(&person, id, "cars", "2");
	person_free(&person);
}

static void
a_date_is_today_or_days_from_it(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	surveyor_new(&person, id);
	open_fill(&person, id);
	go_to(&person, 7);
	assert_screens(&person.ui, "kinds-date");
	ui_type(&person.ui, "t--\r");
	assert_answer(&person, id, "day", "2026-11-21");
	ui_key(&person.ui, K_PAGE_UP, "");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, "28/2/2026+\r"); /* over the end of a month */
	assert_answer(&person, id, "day", "2026-03-01");
	ui_type(&person.ui, "11/2026\r");
	assert_answer(&person, id, "month", "2026-11-01");
	ui_key(&person.ui, K_PAGE_UP, "");
	ui_type(&person.ui, "++\r");
	assert_answer(&person, id, "month", "2027-01-01");
	person_free(&person);
}

static void
a_text_may_be_hidden_or_have_several_lines(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	surveyor_new(&person, id);
	open_fill(&person, id);
	go_to(&person, 9);
	ui_type(&person.ui, "4711");
	assert_false(is_shown(&person, "4711"));
	ui_key(&person.ui, K_ENTER, "");
	assert_answer(&person, id, "code", "4711");
	ui_type(&person.ui, "First this.");
	ui_key(&person.ui, K_CTRL('o'), "");
	ui_type(&person.ui, "Then that.");
	assert_screens(&person.ui, "kinds-story");
	ui_key(&person.ui, K_ENTER, "");
	assert_answer(&person, id, "story", "First this.\nThen that.");
	person_free(&person);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(a_moment_is_typed_as_people_write_it),
		VIEW_TEST(a_scale_goes_by_its_steps),
		VIEW_TEST(what_is_held_moves_in_a_rank),
		VIEW_TEST(enter_takes_the_order_that_is_shown),
		VIEW_TEST(positions_are_typed_one_a_line),
		VIEW_TEST(a_file_that_is_attached_is_the_answer),
		VIEW_TEST(a_counter_counts_up_and_down),
		VIEW_TEST(a_date_is_today_or_days_from_it),
		VIEW_TEST(a_text_may_be_hidden_or_have_several_lines),
	};

	return RUN_VIEWS(tests);
}
