/* SPDX-License-Identifier: Apache-2.0 */
/* The languages of a form, of which there may be more than the screen has. */
#include "tests/views_support.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "tests/tui_support.h"
#include "tui/keys.h"
#include "tui/ui.h"

static const struct {
	const char *name, *text;
} sheets[] = {
	{ "survey.csv",
	    "type,name,label::English (en),label::Français (fr),"
	    "label::Português (pt),hint::English (en),hint::Français (fr),"
	    "hint::Português (pt),constraint,"
	    "constraint_message::English (en),"
	    "constraint_message::Français (fr),"
	    "constraint_message::Português (pt)\n"
	    "select_one water,water,Where is the water from?,"
	    "D'où vient l'eau ?,De onde vem a água?,The main source,,,,,,\n"
	    "integer,people,How many people?,Combien de personnes ?,"
	    "Quantas pessoas?,,,,. < 50,Fewer than 50,Moins de 50,"
	    "Menos de 50\n" },
	{ "choices.csv",
	    "list_name,name,label::English (en),label::Français (fr),"
	    "label::Português (pt)\n"
	    "water,well,A well,Un puits,Um poço\n"
	    "water,river,The river,,\n" },
	{ "settings.csv",
	    "form_title,form_id,version,default_language\n"
	    "Water,water,1,English (en)\n" },
};

static void
open_water(struct person *person, char id[ID_MAX])
{
	struct err err = { 0 };
	char *form = file_join(folder, "water");

	assert_int_equal(file_make_folders(form, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(sheets); i++) {
		char *path = file_join(form, sheets[i].name);

		assert_int_equal(file_write(path, sheets[i].text,
				     strlen(sheets[i].text), 0600, &err),
		    0);
		free(path);
	}
	inspector_with(person, form, id);
	open_fill(person, id);
	free(form);
}

static void
a_key_goes_round_the_languages_of_the_form(void **state)
{
	static const char *const questions[] = { "D'où vient l'eau ?",
		"De onde vem a água?", "Where is the water from?" };
	struct person person;
	char id[ID_MAX];

	(void)state;
	open_water(&person, id);
	assert_true(is_shown(&person, "Where is the water from?"));
	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		ui_type(&person.ui, "i");
		assert_true(is_shown(&person, questions[i]));
		assert_int_equal(i18n_lang(), LANG_EN);
	}
	ui_key(&person.ui, K_F(8), ""); /* and F8 means the form again */
	assert_true(is_shown(&person, questions[0]));
	person_free(&person);
}

static void
what_a_language_lacks_is_shown_in_another_and_marked(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	open_water(&person, id);
	assert_false(is_shown(&person, "[English]"));
	ui_key(&person.ui, K_DOWN, "");
	ui_type(&person.ui, "ii");
	ui_type(&person.ui, "2"); /* the message goes, the language stays */
	assert_true(is_shown(&person, "The main source [English]"));
	assert_true(is_shown(&person, "The river [English]"));
	assert_false(is_shown(&person, "Um poço [English]"));
	assert_answer(&person, id, "water", "river");
	assert_screens(&person.ui, "langs-portuguese");
	person_free(&person);
}

static void
what_is_typed_and_why_it_is_refused_stay(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	open_water(&person, id);
	ui_key(&person.ui, K_PAGE_DOWN, "");
	ui_type(&person.ui, "99\r");
	assert_true(is_shown(&person, "Fewer than 50"));
	ui_key(&person.ui, K_CTRL('y'), ""); /* letters are text here */
	assert_true(is_shown(&person, "Combien de personnes ?"));
	assert_true(is_shown(&person, "Moins de 50"));
	ui_key(&person.ui, K_CTRL('y'), "");
	assert_true(is_shown(&person, "Quantas pessoas?"));
	assert_true(is_shown(&person, "Menos de 50"));
	assert_true(is_shown(&person, "99"));
	ui_key(&person.ui, K_BACKSPACE, ""); /* the focus is where it was */
	ui_type(&person.ui, "\r");
	assert_answer(&person, id, "people", "9");
	person_free(&person);
}

static void
the_help_names_the_key(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	open_water(&person, id);
	ui_key(&person.ui, K_F(1), "");
	ui_type(&person.ui, "next language");
	assert_true(is_shown(&person, "next language of the checklist"));
	person_free(&person);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(a_key_goes_round_the_languages_of_the_form),
		VIEW_TEST(what_a_language_lacks_is_shown_in_another_and_marked),
		VIEW_TEST(what_is_typed_and_why_it_is_refused_stay),
		VIEW_TEST(the_help_names_the_key),
	};

	return RUN_VIEWS(tests);
}
