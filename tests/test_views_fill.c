/* SPDX-License-Identifier: Apache-2.0 */
/* Answering, reviewing, signing, the report. */
#include "tests/views_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "inspections/inspection.h"
#include "storage/identity.h"
#include "tests/tui_support.h"
#include "tui/keys.h"
#include "tui/ui.h"
#include "tui/views.h"

/* ---- fill ---- */

static void
a_choice_is_seen_and_saved_by_its_digit(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	assert_screens(&person.ui, "fill-choice");
	assert_int_equal(person.ui.saved, 0);
	ui_type(&person.ui, "é"); /* AZERTY's 2 */
	assert_int_equal(person.ui.saved, morning);
	assert_screens(&person.ui, "fill-chosen");
	assert_screen(&person.ui, 40, 120, "fill-large");
	person_free(&person);
}

static void
a_choice_that_asks_why_asks_before_going_on(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "4");
	assert_screens(&person.ui, "fill-reason");
	ui_type(&person.ui, "qtu\033"); /* Esc leaves it for later */
	assert_true(is_shown(&person, "(x) does not apply"));
	assert_true(is_shown(&person, "Reason     qtu"));
	ui_type(&person.ui, "4");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, "pas de clôture\r");
	assert_screen(&person.ui, 24, 80, "fill-number");
	person_free(&person);
}

static void
a_wrong_value_stays_with_its_reason(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "1\r9999\r");
	assert_screens(&person.ui, "fill-wrong");
	ui_key(&person.ui, K_DOWN, "");
	assert_screen(&person.ui, 24, 80, "fill-wrong-en");
	ui_key(&person.ui, K_ESC, ""); /* nothing was saved here */
	assert_false(is_shown(&person, "9999"));
	ui_key(&person.ui, K_F(6), "");
	assert_true(is_shown(&person, "Widest gap"));
	ui_key(&person.ui, K_PAGE_UP, "");
	ui_type(&person.ui, "9999\r");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, "&èà\r"); /* 170 without Shift */
	ui_key(&person.ui, K_UP, "");
	assert_screen(&person.ui, 24, 80, "fill-corrected");
	person_free(&person);
}

static void
a_wrong_date_is_quoted_as_it_was_typed(void **state)
{
	static const char *const wrong[] = {
		"\"31/02/2026\" is not a date such as",
		"« 31/02/2026 » n'est pas une date comme",
	};
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_key(&person.ui, K_F(7), "");
	ui_type(&person.ui, "drill\r");
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		i18n_set((enum lang)lang);
		ui_type(&person.ui, "31/02/2026\r");
		assert_true(is_shown(&person, wrong[lang]));
		assert_true(is_shown(&person, "23/11/2026"));
		ui_key(&person.ui, K_ESC, "");
		assert_false(is_shown(&person, "31/02/2026"));
	}
	person_free(&person);
}

static void
saved_is_said_only_while_all_is_on_disk(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "1");
	assert_true(is_shown(&person, "saved 09:00:00"));
	ui_type(&person.ui, "n");
	assert_true(is_shown(&person, "saved 09:00:00"));
	ui_type(&person.ui, "a note");
	assert_true(is_shown(&person, "not saved yet"));
	assert_false(is_shown(&person, "saved 09:00:00"));
	ui_type(&person.ui, "\r\r");
	assert_true(is_shown(&person, "saved 09:00:00"));
	ui_type(&person.ui, "18");
	assert_true(is_shown(&person, "not saved yet"));
	ui_key(&person.ui, K_BACKSPACE, "");
	ui_key(&person.ui, K_BACKSPACE, "");
	assert_false(is_shown(&person, "not saved yet"));
	person_free(&person);
}

static void
no_letter_leaves_a_form(void **state)
{
	struct person person;

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	ui_type(&person.ui, "sPoste\tqhlev?2");
	assert_string_equal(person.ui.top->class->name, "site");
	assert_true(is_shown(&person, "Poste"));
	assert_true(is_shown(&person, "2  (x) public place"));
	ui_key(&person.ui, K_ESC, "");
	assert_string_equal(person.ui.top->class->name, "home");
	ui_key(&person.ui, K_F(10), ""); /* finishes forms, never a language */
	assert_int_equal(i18n_lang(), LANG_EN);
	person_free(&person);
}

static void
conditional_questions_come_and_go_under_a_still_focus(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "1\r180\r\r");
	assert_screen(&person.ui, 24, 80, "fill-guards");
	ui_type(&person.ui, "1");
	assert_screen(&person.ui, 24, 80, "fill-guards-yes");
	ui_type(&person.ui, "\r4\r12");
	assert_screens(&person.ui, "fill-several");
	person_free(&person);
}

static void
what_stands_beside_an_answer_is_shown(void **state)
{
	struct person person;
	char id[ID_MAX];
	char *photo = file_join(folder, "IMG_2231.jpg");

	(void)state;
	inspector_new(&person, id);
	assert_int_equal(
	    file_write(photo, "not a photo", 11, 0600, &person.err), 0);
	open_fill(&person, id);
	ui_type(&person.ui, "1");
	ui_key(&person.ui, K_F(3), "");
	assert_screens(&person.ui, "fill-basis");
	ui_type(&person.ui, "2");
	ui_key(&person.ui, K_F(2), "");
	ui_type(&person.ui, "Affaissement côté est");
	ui_key(&person.ui, K_F(1), ""); /* a look at the help loses nothing */
	ui_key(&person.ui, K_ESC, "");
	assert_screens(&person.ui, "fill-note");
	ui_type(&person.ui, "\r");
	ui_key(&person.ui, K_F(5), "");
	ui_key(&person.ui, K_F(4), "");
	assert_screens(&person.ui, "attach");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, photo);
	ui_type(&person.ui, "\r");
	assert_screens(&person.ui, "fill-beside");
	free(photo);
	person_free(&person);
}

static void
the_map_jumps_and_the_search_finds(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_key(&person.ui, K_TAB, "");
	ui_key(&person.ui, K_DOWN, "");
	assert_screens(&person.ui, "fill-map");
	ui_key(&person.ui, K_F(7), "");
	ui_type(&person.ui, "breche");
	i18n_set(LANG_FR);
	assert_screen(&person.ui, 24, 80, "find-english-labels");
	person_free(&person);
}

static void
a_file_is_detached_only_when_confirmed(void **state)
{
	struct person person;
	char id[ID_MAX];
	char *plan = file_join(folder, "plan.txt");

	(void)state;
	inspector_new(&person, id);
	assert_int_equal(file_write(plan, "plan", 4, 0600, &person.err), 0);
	open_fill(&person, id);
	ui_type(&person.ui, "te");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, plan);
	ui_type(&person.ui, "\rt");
	assert_screens(&person.ui, "detach");
	ui_type(&person.ui, "\r");
	assert_true(is_shown(&person, "plan.txt"));
	ui_type(&person.ui, "t2\r");
	assert_false(is_shown(&person, "plan.txt"));
	assert_true(is_shown(&person, "The file is detached"));
	free(plan);
	person_free(&person);
}

static void
a_signed_inspection_says_how_it_is_opened_again(void **state)
{
	struct person person;
	struct ui *ui = &person.ui;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_type(ui, "3rs");
	ui_key(ui, K_F(10), "");
	assert_int_equal(ui->error.code, ERR_NONE);
	ui_key(ui, K_ESC, "");
	ui_type(ui, "1");
	assert_int_equal(ui->error.code, ERR_DENIED);
	assert_true(is_shown(&person, "(x) no"));
	assert_screens(ui, "fill-signed");
	ui_type(ui, "\r");
	ui_key(ui, K_PAGE_DOWN, "");
	ui_type(ui, "1"); /* typed: refused at the first character */
	assert_int_equal(ui->error.code, ERR_DENIED);
	assert_false(is_shown(&person, "not saved yet"));
	ui_type(ui, "\r");
	ui_key(ui, K_F(1), "");
	ui_type(ui, "reopen\r");
	assert_string_equal(ui->top->class->name, "reopen");
	ui_type(ui, "a mistake\r");
	assert_int_equal(ui->error.code, ERR_NONE);
	ui_type(ui, "1");
	assert_int_equal(ui->error.code, ERR_NONE);
	person_free(&person);
}

static void
undo_brings_the_answer_before_back(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "12z");
	assert_screen(&person.ui, 24, 80, "fill-undone");
	ui_type(&person.ui, "z");
	assert_true(is_shown(&person, "undone: a/fence, without answer"));
	ui_type(&person.ui, "z");
	assert_true(is_shown(&person, "nothing to undo"));
	person_free(&person);
}

/* ---- review, sign, report ---- */

static void
review_lists_what_is_missing_and_leads_there(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "4\033ur");
	assert_screens(&person.ui, "review");
	ui_type(&person.ui, "s");
	assert_screens(&person.ui, "sign");
	ui_type(&person.ui, "Mme Traoré\rdirectrice\r");
	assert_string_equal(person.ui.top->class->name, "sign");
	ui_key(&person.ui, K_F(10), "");
	ui_type(&person.ui, "\r");
	person_free(&person);
}

static void
a_report_says_that_it_is_in_clear(void **state)
{
	struct person person;
	char id[ID_MAX];
	char *path = file_join(folder, "report");
	struct buf text = BUF_INIT;

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "w");
	ui_key(&person.ui, K_BACKTAB, "");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, path);
	assert_screens(&person.ui, "report");
	ui_key(&person.ui, K_F(10), "");
	assert_int_equal(person.ui.error.code, ERR_NONE);
	free(path);
	path = file_join(folder, "report.html");
	assert_int_equal(file_read(path, &text, &person.err), 0);
	assert_non_null(strstr(text.data, "Poste"));
	assert_int_equal(file_write(path, "mine", 4, 0600, &person.err), 0);
	ui_type(&person.ui, "w");
	ui_key(&person.ui, K_BACKTAB, "");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, path);
	ui_key(&person.ui, K_F(10), "");
	assert_int_equal(person.ui.error.code, ERR_EXISTS);
	assert_string_equal(person.ui.top->class->name, "report");
	buf_clear(&text);
	assert_int_equal(file_read(path, &text, &person.err), 0);
	assert_string_equal(text.data, "mine");
	buf_release(&text);
	free(path);
	person_free(&person);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(a_choice_is_seen_and_saved_by_its_digit),
		VIEW_TEST(a_choice_that_asks_why_asks_before_going_on),
		VIEW_TEST(a_wrong_value_stays_with_its_reason),
		VIEW_TEST(a_wrong_date_is_quoted_as_it_was_typed),
		VIEW_TEST(saved_is_said_only_while_all_is_on_disk),
		VIEW_TEST(no_letter_leaves_a_form),
		VIEW_TEST(
		    conditional_questions_come_and_go_under_a_still_focus),
		VIEW_TEST(what_stands_beside_an_answer_is_shown),
		VIEW_TEST(the_map_jumps_and_the_search_finds),
		VIEW_TEST(a_file_is_detached_only_when_confirmed),
		VIEW_TEST(a_signed_inspection_says_how_it_is_opened_again),
		VIEW_TEST(undo_brings_the_answer_before_back),
		VIEW_TEST(review_lists_what_is_missing_and_leads_there),
		VIEW_TEST(a_report_says_that_it_is_in_clear),
	};

	return RUN_VIEWS(tests);
}
