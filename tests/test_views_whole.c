/* SPDX-License-Identifier: Apache-2.0 */
/* Whole forms, filled by keys alone from the first question to the review. */
#include "tests/views_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inspections/inspection.h"
#include "tests/tui_support.h"
#include "tui/fill.h" /* to know what is asked; answers are keys */
#include "tui/keys.h"
#include "tui/ui.h"

enum { STEPS_MAX = 3000, TRIES_MAX = 6 };

/* What a person may type for a kind of question; the next where refused. */
static const char *const tries[ITEM_TYPE_COUNT][TRIES_MAX] = {
	[ITEM_TEXT] = { "x", "12345", "0123456789", "a@b.org" },
	[ITEM_INTEGER] = { "1", "0", "10", "50", "100", "2000" },
	[ITEM_DECIMAL] = { "1", "0", "10", "36.6", "100", "0.5" },
	[ITEM_RANGE] = { "1", "0", "5", "10" },
	[ITEM_DATE] = { "t", "t-", "t+", "1/1/1990", "1/1/2016", "1/1/2026" },
	[ITEM_TIME] = { "10:00" },
	[ITEM_DATETIME] = { "23/11/2026 10:00" },
	[ITEM_BARCODE] = { "x1" },
	[ITEM_GEOPOINT] = { "48.1 2.1" },
	[ITEM_GEOTRACE] = { "48.1 2.1" },
	[ITEM_GEOSHAPE] = { "48.1 2.1" },
};

static struct fill *
fill_on_top(struct person *person)
{
	struct view *top = person->ui.top;

	return strcmp(top->class->name, "fill") == 0 ? (struct fill *)top
						     : NULL;
}

/* Takes the first choice, or the one after what was refused. */
static void
choose(struct person *person, const struct fill *fill, int number)
{
	char digit[] = { (char)('1' + number), '\0' };

	if (state_value(fill_state(fill), fill->place)[0])
		return;
	if (!fill_is_sought(fill))
		ui_type(&person->ui, digit);
	for (int i = 0; fill_is_sought(fill) && i <= number; i++)
		ui_key(&person->ui, K_DOWN, "");
}

static void
answer(struct person *person, const struct fill *fill, int number)
{
	const struct item *item = fill_item(fill);
	const char *text = tries[item->type][number];

	if (fill_is_repeat(fill)) {
		ui_key(&person->ui, K_END, "");
	} else if (fill_is_choice(fill) && !fill_is_locked(fill)) {
		choose(person, fill, number);
	} else if (fill_is_typed(fill) && text) {
		ui_key(&person->ui, K_CTRL('u'), "");
		ui_type(&person->ui, text);
	}
}

/* One question; what is refused whatever is tried is left without answer. */
static void
answer_here(struct person *person)
{
	struct fill *fill = fill_on_top(person);
	char *path = xstrdup(fill->path);
	bool left = false;

	for (int i = 0; i < TRIES_MAX && !left; i++) {
		answer(person, fill, i);
		fill = fill_on_top(person);
		if (fill && strcmp(fill->path, path) == 0)
			ui_key(&person->ui, K_ENTER, "");
		if (fill && fill->focus == FILL_REASON)
			ui_type(&person->ui, "why\r");
		fill = fill_on_top(person);
		left = !fill || strcmp(fill->path, path) != 0;
	}
	if (!left) {
		print_message("nothing fits %s\n", path);
		ui_key(&person->ui, K_ESC, "");
		ui_key(&person->ui, K_PAGE_DOWN, "");
	}
	free(path);
}

/* Returns how many questions were stopped at. */
static int
fill_all(struct person *person)
{
	int steps = 0;

	while (fill_on_top(person) && steps < STEPS_MAX) {
		answer_here(person);
		steps++;
	}
	assert_true(steps < STEPS_MAX);
	assert_string_equal(person->ui.top->class->name, "review");
	return steps;
}

static void
assert_signs(struct person *person, const char *id)
{
	struct inspection_info info;

	ui_type(&person->ui, "s");
	assert_string_equal(person->ui.top->class->name, "sign");
	ui_key(&person->ui, K_F(10), "");
	assert_int_equal(
	    inspection_find(person->ui.vault, id, &info, &person->err), 1);
	assert_int_equal(info.stage, STAGE_SIGNED);
	inspection_info_release(&info);
}

static void
a_form_with_tables_and_lists_is_filled_and_signed(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	pager_new(&person, 60, id);
	open_fill(&person, id);
	assert_true(fill_all(&person) >= 10);
	assert_signs(&person, id);
	person_free(&person);
}

static void
a_form_of_530_questions_is_filled_and_signed(void **state)
{
	const char *form =
	    test_shared("forms/xlsform/getodk-web-forms--whova_form.xlsx");
	struct person person;
	char id[ID_MAX];
	int steps;

	(void)state;
	if (!form)
		return;
	inspector_with(&person, form, id);
	open_fill(&person, id);
	steps = fill_all(&person);
	print_message("%d stops\n", steps);
	assert_true(steps > 50);
	assert_signs(&person, id);
	person_free(&person);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(a_form_with_tables_and_lists_is_filled_and_signed),
		VIEW_TEST(a_form_of_530_questions_is_filled_and_signed),
	};

	return RUN_VIEWS(tests);
}
