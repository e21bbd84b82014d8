/* SPDX-License-Identifier: Apache-2.0 */
/* Home, lists, messages. */
#include "tests/views_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "inspections/inspection.h"
#include "inspections/site.h"
#include "storage/identity.h"
#include "tests/tui_support.h"
#include "tui/keys.h"
#include "tui/shipped.h"
#include "tui/ui.h"
#include "tui/views.h"

/* ---- home ---- */

static void
home_shows_state_in_words_and_finds_without_accents(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	assert_screens(&person.ui, "home-empty");
	person_free(&person);
	inspector_new(&person, id);
	site_add(person.ui.vault, "Marché de la Vieille Ville", "", "",
	    CATEGORY_PUBLIC_PLACE, id, &person.err);
	assert_no_err(&person.err);
	ui_open(&person.ui, view_log_new());
	ui_key(&person.ui, K_ESC, ""); /* home reads again */
	assert_screens(&person.ui, "home");
	assert_screen(&person.ui, 40, 120, "home-large");
	ui_type(&person.ui, "/electri");
	assert_screens(&person.ui, "home-find");
	ui_key(&person.ui, K_ESC, "");
	ui_key(&person.ui, K_F(1), "");
	assert_screens(&person.ui, "help");
	person_free(&person);
}

static void
below_80x24_a_screen_says_what_it_needs(void **state)
{
	struct person person;

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	assert_screen(&person.ui, 20, 70, "too-small");
	ui_type(&person.ui, "sv\033q"); /* whoever sees nothing does nothing */
	assert_string_equal(person.ui.top->class->name, "home");
	assert_false(person.ui.quit);
	ui_key(&person.ui, K_CTRL('q'), "");
	assert_true(person.ui.quit);
	assert_false(is_shown(&person, "Make the window larger"));
	ui_type(&person.ui, "s");
	assert_string_equal(person.ui.top->class->name, "site");
	person_free(&person);
}

static void
a_new_inspection_is_made_step_by_step(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	ui_type(&person.ui, "n");
	assert_screens(&person.ui, "pick-site");
	ui_key(&person.ui, K_F(2), "");
	assert_screens(&person.ui, "site");
	ui_key(&person.ui, K_ESC, "");
	ui_type(&person.ui, "\r");
	assert_screens(&person.ui, "pick-checklist");
	ui_type(&person.ui, "\r");
	assert_string_equal(person.ui.top->class->name, "fill");
	person_free(&person);
}

static void
checklists_and_people_are_listed(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	ui_type(&person.ui, "c");
	assert_screens(&person.ui, "checklists");
	ui_type(&person.ui, "i");
	assert_screens(&person.ui, "import");
	ui_key(&person.ui, K_ESC, "");
	ui_key(&person.ui, K_ESC, "");
	ui_type(&person.ui, "p");
	assert_screens(&person.ui, "people");
	person_free(&person);
}

static void
shipped_checklists_are_offered_first(void **state)
{
	struct person person;

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	shipped_set_folder(test_build("checklists"));
	ui_type(&person.ui, "ci");
	assert_screens(&person.ui, "shipped");
	ui_type(&person.ui, "\r");
	assert_int_equal(person.ui.error.code, ERR_NONE);
	assert_string_equal(person.ui.top->class->name, "checklists");
	assert_screens(&person.ui, "shipped-imported");
	ui_type(&person.ui, "ianother\r");
	assert_string_equal(person.ui.top->class->name, "import");
	shipped_set_folder(folder);
	person_free(&person);
}

static void
a_checklist_with_faults_says_where_they_are(void **state)
{
	static const char survey[] = "type,name,label,relevant\n"
				     "integer,a,How many?,\n"
				     "text,a,Again,\n"
				     "wheel,b,What is it?,\n"
				     "text,c,Why?,${nobody} = 1\n";
	struct person person;
	char *form = file_join(folder, "faulty");
	char *path = file_join(form, "survey.csv");

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	assert_int_equal(file_make_folders(form, &person.err), 0);
	assert_int_equal(
	    file_write(path, survey, strlen(survey), 0600, &person.err), 0);
	ui_type(&person.ui, "ci");
	ui_type(&person.ui, form);
	ui_type(&person.ui, "\r");
	assert_int_not_equal(person.ui.error.code, ERR_NONE);
	assert_screen(&person.ui, 24, 80, "problems-en");
	ui_key(&person.ui, K_ESC, ""); /* the error */
	ui_key(&person.ui, K_ESC, ""); /* the list */
	assert_string_equal(person.ui.top->class->name, "import");
	i18n_set(LANG_FR); /* what was typed is still there */
	ui_type(&person.ui, "\r");
	assert_screen(&person.ui, 24, 80, "problems-fr");
	free(path);
	free(form);
	person_free(&person);
}

static void
the_list_of_files_begins_where_one_was_last(void **state)
{
	struct person person;
	char *stick = file_join(folder, "picking");
	char *file = file_join(stick, "one.card");
	char *typed = file_join(folder, "picking/");

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	assert_int_equal(file_make_folders(stick, &person.err), 0);
	assert_int_equal(file_write(file, "x", 1, 0600, &person.err), 0);
	ui_type(&person.ui, "pa");
	ui_key(&person.ui, K_F(4), "");
	assert_string_equal(person.ui.top->class->name, "files");
	assert_false(is_shown(&person, "one.card"));
	ui_key(&person.ui, K_ESC, "");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, typed);
	ui_key(&person.ui, K_F(4), "");
	ui_type(&person.ui, "one\r"); /* picked from there */
	ui_key(&person.ui, K_ESC, "");
	assert_string_equal(person.ui.folder, stick);
	ui_type(&person.ui, "a");
	ui_key(&person.ui, K_F(4), "");
	assert_true(is_shown(&person, "one.card"));
	free(typed);
	free(file);
	free(stick);
	person_free(&person);
}

static void
a_paste_that_is_too_long_is_refused_whole(void **state)
{
	struct person person;
	char id[ID_MAX];
	char *text = xcalloc(40001, 1);

	(void)state;
	memset(text, 'x', 40000);
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_key(&person.ui, K_F(2), "");
	ui_type(&person.ui, "before");
	ui_key(&person.ui, K_PASTE, text);
	assert_int_equal(person.ui.error.code, ERR_LIMIT);
	assert_screens(&person.ui, "paste-long");
	ui_key(&person.ui, K_ESC, "");
	ui_key(&person.ui, K_PASTE, NULL); /* longer than the terminal takes */
	assert_int_equal(person.ui.error.code, ERR_LIMIT);
	free(text);
	person_free(&person);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(home_shows_state_in_words_and_finds_without_accents),
		VIEW_TEST(below_80x24_a_screen_says_what_it_needs),
		VIEW_TEST(a_new_inspection_is_made_step_by_step),
		VIEW_TEST(checklists_and_people_are_listed),
		VIEW_TEST(shipped_checklists_are_offered_first),
		VIEW_TEST(a_checklist_with_faults_says_where_they_are),
		VIEW_TEST(the_list_of_files_begins_where_one_was_last),
		VIEW_TEST(a_paste_that_is_too_long_is_refused_whole),
	};

	return RUN_VIEWS(tests);
}
