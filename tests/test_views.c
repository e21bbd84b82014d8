/* SPDX-License-Identifier: Apache-2.0 */
/* Every screen, drawn in memory, in both languages. */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/bundle.h"
#include "bundles/card.h"
#include "bundles/trust.h"
#include "checklists/reader.h"
#include "crypto/secret.h"
#include "inspections/contents.h"
#include "inspections/inspection.h"
#include "inspections/site.h"
#include "storage/blob.h"
#include "storage/identity.h"
#include "storage/vault.h"
#include "tests/tui_support.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/paths.h"
#include "tui/shipped.h"
#include "tui/ui.h"
#include "tui/views.h"

enum { PROJECTORS_MAX = 8 };

static const int64_t morning = 1795424400000; /* 2026-11-23 09:00 UTC */
static const struct projector *projectors[PROJECTORS_MAX];
static char *folder;

static int
of_subject(struct vault *vault, const char *subject,
    const struct bundle_needs *needs, struct err *err)
{
	const struct contents_sink sink = { .form = needs->form,
		.blob = needs->blob,
		.subject = needs->subject,
		.arg = needs->arg };

	return contents_of_subject(vault, subject, &sink, err);
}

static const struct bundle_contents contents = { of_subject,
	contents_concerns };

/* ---- people with a vault and screens ---- */

struct person {
	struct ui ui;
	struct err err;
	struct card card;
};

static struct secret *
phrase(void)
{
	char text[] = "correct horse";

	return secret_take(text, sizeof(text) - 1, true);
}

static void
person_new(struct person *person, const char *name, enum role role)
{
	char *path = xasprintf("%s/%s.ronde-vault", folder, name);
	const struct tui_options options = { .vault_path = path,
		.projectors = projectors,
		.contents = &contents,
		.cost = kdf_cost_least };
	const struct vault_options vault_options = { .projectors = projectors,
		.cost = kdf_cost_least };
	struct secret *passphrase = phrase(), *recovery = NULL;
	struct vault *vault;

	*person = (struct person){ 0 };
	remove(path);
	ui_init(&person->ui, &options);
	vault = vault_create(
	    path, passphrase, &vault_options, &recovery, &person->err);
	assert_no_err(&person->err);
	secret_free(passphrase);
	secret_free(recovery);
	identity_create(vault, name, "Eau", role, NULL, &person->err);
	assert_no_err(&person->err);
	card_own(vault, &person->card, &person->err);
	assert_no_err(&person->err);
	ui_unlocked(&person->ui, vault);
	free(path);
}

static void
person_free(struct person *person)
{
	card_release(&person->card);
	ui_leave(&person->ui);
	ui_release(&person->ui);
}

/* A person with one site and the small checklist. */
static void
inspector_new(struct person *person, char id[ID_MAX])
{
	char site[ID_MAX];
	struct problems problems = { 0 };
	struct hash checklist;
	bool added;
	char *form = small_checklist(folder);

	person_new(person, "Zoé Œuvré", ROLE_INSPECTOR);
	site_add(person->ui.vault, "Poste électrique Nord", "énergie", "Eau",
	    CATEGORY_INFRASTRUCTURE, site, &person->err);
	assert_no_err(&person->err);
	checklist_import(person->ui.vault, form, &problems, &checklist, &added,
	    &person->err);
	assert_no_err(&person->err);
	inspection_new(person->ui.vault, site, &checklist, id, &person->err);
	assert_no_err(&person->err);
	problems_release(&problems);
	free(form);
}

static void
open_fill(struct person *person, const char *id)
{
	struct view *fill = view_fill_new(&person->ui, id, &person->err);

	assert_no_err(&person->err);
	ui_open(&person->ui, fill);
}

static bool
is_shown(struct person *person, const char *text)
{
	struct grid *grid = grid_new(24, 80);
	struct buf drawn = BUF_INIT;
	bool found;

	ui_draw(&person->ui, grid);
	grid_text(grid, &drawn);
	found = strstr(drawn.data, text) != NULL;
	buf_release(&drawn);
	grid_free(grid);
	return found;
}

static int
set_up(void **state)
{
	(void)state;
	clock_set(morning);
	i18n_set(LANG_EN);
	return 0;
}

/* ---- the way in ---- */

static void
the_first_start_asks_for_the_language_then_for_the_owner(void **state)
{
	struct ui ui;
	char *path = file_join(folder, "none.ronde-vault");
	const struct tui_options options = { .vault_path = path };

	(void)state;
	ui_init(&ui, &options);
	ui_open(&ui, view_start_new());
	assert_screens(&ui, "start");
	ui_open(&ui, view_create_new());
	assert_screens(&ui, "create");
	ui_release(&ui);
	free(path);
}

static void
the_recovery_code_is_shown_and_asked_back(void **state)
{
	struct person person;
	char code[] = "3PX58-EDK7V-HSS3K-KT2WB-QVWVS-RE67P-PGRNG-8S078";

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	ui_open(&person.ui,
	    view_recovery_new(
		phrase(), secret_take(code, sizeof(code) - 1, false)));
	assert_screens(&person.ui, "recovery");
	ui_type(&person.ui, "wrong\r");
	assert_screen(&person.ui, 24, 80, "recovery-wrong");
	person_free(&person);
}

static void
a_locked_vault_shows_nothing_and_a_wrong_passphrase_says_so(void **state)
{
	struct person person;

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	ui_tell(&person.ui, "Awa B. is trusted now");
	ui_lock(&person.ui);
	assert_null(person.ui.vault);
	ui_key(&person.ui, K_F(11), ""); /* nor do the messages */
	assert_string_equal(person.ui.top->class->name, "log");
	assert_false(is_shown(&person, "Awa"));
	ui_key(&person.ui, K_ESC, "");
	ui_tell(&person.ui, "The vault is locked");
	assert_screens(&person.ui, "unlock");
	ui_type(&person.ui, "wrong phrase\r");
	assert_screen(&person.ui, 24, 80, "unlock-wrong");
	ui_key(&person.ui, 'x', ""); /* it stays */
	assert_int_equal(person.ui.error.code, ERR_AUTH);
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, "correct horse\r"); /* until Enter means more */
	assert_int_equal(person.ui.error.code, ERR_NONE);
	assert_non_null(person.ui.vault);
	person_free(&person);
}

static void
unlocking_comes_back_to_the_question(void **state)
{
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	ui_type(&person.ui, "1\r18"); /* half a height */
	assert_true(ui_lock(&person.ui));
	assert_false(is_shown(&person, "fence"));
	ui_type(&person.ui, "correct horse\r");
	assert_string_equal(person.ui.top->class->name, "fill");
	assert_screens(&person.ui, "fill-unlocked");
	ui_key(&person.ui, K_ESC, "");
	ui_type(&person.ui, "v"); /* from home it comes back to home */
	ui_type(&person.ui, "correct horse\r");
	assert_string_equal(person.ui.top->class->name, "home");
	person_free(&person);
}

static void
who_goes_away_finds_the_vault_locked(void **state)
{
	const int64_t minute = 60000;
	struct person person;
	char id[ID_MAX];

	(void)state;
	inspector_new(&person, id);
	open_fill(&person, id);
	assert_int_equal(ui_idle_wait(&person.ui), -1); /* 0: never */
	person.ui.idle = 10 * minute;
	clock_set(morning + 9 * minute);
	assert_int_equal(ui_idle_left(&person.ui), -1);
	assert_int_equal(ui_idle_wait(&person.ui), UI_IDLE_LOOK_MS);
	clock_set(morning + 9 * minute + 48500);
	assert_int_equal(ui_idle_wait(&person.ui), 500); /* to the second */
	assert_screens(&person.ui, "idle");
	ui_type(&person.ui, "1"); /* prolongs and answers nothing */
	assert_int_equal(person.ui.saved, 0);
	assert_int_equal(ui_idle_left(&person.ui), -1);
	ui_type(&person.ui, "1");
	assert_int_not_equal(person.ui.saved, 0);
	clock_set(morning + 19 * minute + 48000);
	ui_idle(&person.ui);
	assert_non_null(person.ui.vault);
	clock_set(morning + 19 * minute + 48500);
	ui_idle(&person.ui);
	assert_null(person.ui.vault);
	assert_false(is_shown(&person, "fence"));
	assert_int_equal(ui_idle_wait(&person.ui), -1);
	ui_type(&person.ui, "correct horse\r");
	assert_true(is_shown(&person, "(x) yes"));
	clock_set(
	    morning + 600 * minute); /* the laptop slept: a key wakes it */
	ui_type(&person.ui, "2");
	assert_null(person.ui.vault);
	person_free(&person);
}

static void
nothing_locks_while_the_recovery_code_is_shown(void **state)
{
	struct person person;
	char code[] = "3PX58-EDK7V-HSS3K-KT2WB-QVWVS-RE67P-PGRNG-8S078";

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	person.ui.idle = 1000;
	ui_open(&person.ui,
	    view_recovery_new(
		phrase(), secret_take(code, sizeof(code) - 1, false)));
	clock_set(morning + 2000);
	ui_idle(&person.ui);
	assert_int_equal(ui_idle_wait(&person.ui), -1);
	assert_false(ui_lock(&person.ui));
	assert_non_null(person.ui.vault);
	assert_screens(&person.ui, "recovery-stays");
	person_free(&person);
}

static void
leaving_without_the_code_removes_the_vault_when_confirmed(void **state)
{
	struct person person;
	struct ui *ui = &person.ui;
	char code[] = "3PX58-EDK7V-HSS3K-KT2WB-QVWVS-RE67P-PGRNG-8S078";

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	ui_restart(ui,
	    view_recovery_new(
		phrase(), secret_take(code, sizeof(code) - 1, false)));
	ui_key(ui, K_CTRL('q'), "");
	assert_false(ui->quit);
	assert_screens(ui, "leave-recovery");
	assert_false(ui_lock(ui));
	ui_key(ui, K_CTRL('q'), ""); /* the answer was no */
	assert_false(ui->quit);
	assert_string_equal(ui->top->class->name, "recovery");
	ui_key(ui, K_CTRL('q'), "");
	ui_type(ui, "\r"); /* no */
	assert_string_equal(ui->top->class->name, "recovery");
	assert_true(file_exists(ui->vault_path));
	ui_key(ui, K_CTRL('q'), "");
	ui_type(ui, "2\r");
	assert_string_equal(ui->top->class->name, "start");
	assert_true(is_shown(&person, "The vault was removed"));
	assert_null(ui->vault);
	assert_false(file_exists(ui->vault_path));
	ui_key(ui, K_CTRL('q'), "");
	assert_true(ui->quit);
	person_free(&person);
}

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

/* ---- people, missions, exchange, disagreement ---- */

static void
trust(struct person *person, const struct person *other)
{
	trust_add(person->ui.vault, &other->card, -1, &person->err);
	assert_no_err(&person->err);
}

static void
exchange(struct person *person, const char *stick, const char *golden)
{
	struct ui *ui = &person->ui;

	ui_type(ui, "e");
	ui_key(ui, K_CTRL('u'), "");
	ui_type(ui, stick);
	ui_type(ui, "\r");
	assert_string_equal(ui->top->class->name, "exchange");
	if (golden)
		assert_screens(ui, golden);
	ui_type(ui, "\r");
	assert_int_equal(ui->error.code, ERR_NONE);
	assert_string_equal(ui->top->class->name, "text");
	ui_key(ui, K_ESC, "");
	assert_string_equal(ui->top->class->name, "home");
}

/* By the screens alone: site, checklist, both inspectors, a date. */
static void
give_mission(struct person *boss)
{
	struct ui *ui = &boss->ui;
	char *form = small_checklist(folder);

	ui_type(ui, "ci");
	ui_type(ui, form);
	ui_type(ui, "\r");
	assert_int_equal(ui->error.code, ERR_NONE);
	ui_key(ui, K_ESC, "");
	ui_type(ui, "m");
	ui_key(ui, K_F(2), "");
	ui_type(ui, "Poste Nord");
	ui_key(ui, K_F(10), "");
	assert_string_equal(ui->top->class->name, "pick-checklist");
	ui_type(ui, "\r");
	assert_string_equal(ui->top->class->name, "pick-people");
	for (int i = 0; i < 3; i++) { /* all but oneself */
		const char *name = pick_text(ui->top, i);

		if (strcmp(name, "Boss") != 0)
			ui_type(ui, " ");
		ui_key(ui, K_DOWN, "");
	}
	ui_type(ui, "\r30/11/2026\r");
	assert_int_equal(ui->error.code, ERR_NONE);
	assert_string_equal(ui->top->class->name, "home");
	free(form);
}

static void
answer_and_sign(struct person *person, const char *digit, const char *note)
{
	struct ui *ui = &person->ui;

	ui_type(ui, "\r");
	assert_string_equal(ui->top->class->name, "fill");
	ui_type(ui, digit);
	ui_type(ui, "s1n");
	ui_type(ui, note);
	ui_type(ui, "\rrs");
	assert_string_equal(ui->top->class->name, "sign");
	ui_key(ui, K_F(10), "");
	assert_int_equal(ui->error.code, ERR_NONE);
	ui_key(ui, K_ESC, "");
	ui_key(ui, K_ESC, "");
}

static void
settle(struct person *boss)
{
	struct ui *ui = &boss->ui;

	ui_type(ui, "\rrd");
	assert_string_equal(ui->top->class->name, "conflicts");
	assert_screens(ui, "conflicts");
	ui_type(ui, "2");
	assert_screens(ui, "conflicts-chosen");
	ui_type(ui, "\r"); /* no reason yet: nothing happens */
	assert_string_equal(ui->top->class->name, "conflicts");
	ui_type(ui, "I went there myself\r");
	assert_int_equal(ui->error.code, ERR_NONE);
	assert_string_equal(ui->top->class->name, "review");
	ui_key(ui, K_ESC, "");
	ui_key(ui, K_ESC, "");
}

static int
conflicts_of(struct person *person)
{
	return is_shown(person, "to correct (1)") ? 1 : 0;
}

static void
an_exchange_says_what_it_will_do(void **state)
{
	struct person boss, one;
	char *stick = file_join(folder, "empty");
	char id[ID_MAX];

	(void)state;
	person_new(&boss, "Boss", ROLE_SUPERVISOR);
	inspector_new(&one, id);
	assert_int_equal(file_make_folders(stick, &boss.err), 0);
	exchange(&one, stick, "exchange-nobody");
	trust(&one, &boss);
	exchange(&one, stick, "exchange-plan");
	ui_type(&one.ui, "p");
	assert_int_equal(one.ui.error.code, ERR_NONE);
	assert_string_equal(one.ui.top->class->name, "people");
	ui_type(&one.ui, "w");
	assert_screens(&one.ui, "save-card");
	free(stick);
	person_free(&boss);
	person_free(&one);
}

static void
write_card(struct person *person, const char *path)
{
	struct buf text = BUF_INIT;

	card_write(&person->card, &text);
	file_write(path, text.data, text.len, 0644, &person->err);
	assert_no_err(&person->err);
	buf_release(&text);
}

/*
 * On the stick: what is new, what was taken, what is for others, what is no
 * bundle, a card.
 */
static void
an_exchange_counts_what_is_not_new(void **state)
{
	struct person boss, one, other;
	char *stick = file_join(folder, "shared");
	char *card = file_join(stick, "zoe.card");
	char *broken = file_join(stick, "broken.ronde");
	char id[ID_MAX];

	(void)state;
	person_new(&boss, "Boss", ROLE_SUPERVISOR);
	person_new(&other, "Koffi A.", ROLE_INSPECTOR);
	inspector_new(&one, id);
	assert_int_equal(file_make_folders(stick, &boss.err), 0);
	trust(&boss, &one);
	trust(&one, &boss);
	trust(&other, &boss);
	exchange(&one, stick, NULL);
	exchange(&boss, stick, NULL); /* takes it, leaves the receipt */
	exchange(&one, stick, "exchange-receipt");
	open_fill(&one, id);
	ui_type(&one.ui, "1");
	ui_key(&one.ui, K_ESC, "");
	exchange(&one, stick, NULL);
	write_card(&one, card);
	assert_int_equal(file_write(broken, "no bundle", 9, 0600, &one.err), 0);
	exchange(&boss, stick, "exchange-incoming");
	i18n_set(LANG_FR);
	ui_type(&boss.ui, "e\r\r");
	assert_screen(&boss.ui, 24, 80, "exchange-done-fr");
	i18n_set(LANG_EN);
	ui_key(&boss.ui, K_ESC, "");
	exchange(&other, stick, "exchange-others");
	remove(broken);
	free(stick);
	free(card);
	free(broken);
	person_free(&boss);
	person_free(&other);
	person_free(&one);
}

/* A card goes by file, as people do it. */
static void
a_card_is_trusted_after_its_fingerprint_was_compared(void **state)
{
	struct person boss, one;
	char *path = file_join(folder, "awa.card");

	(void)state;
	person_new(&boss, "Boss", ROLE_SUPERVISOR);
	person_new(&one, "Awa B.", ROLE_INSPECTOR);
	ui_type(&one.ui, "pw");
	ui_key(&one.ui, K_CTRL('u'), "");
	ui_type(&one.ui, path);
	ui_type(&one.ui, "\r");
	assert_int_equal(one.ui.error.code, ERR_NONE);
	ui_type(&boss.ui, "pa");
	ui_type(&boss.ui, path);
	ui_type(&boss.ui, "\r");
	assert_screens(&boss.ui, "trust");
	ui_type(&boss.ui, "\r"); /* the first answer is no */
	assert_string_equal(boss.ui.top->class->name, "people");
	assert_screens(&boss.ui, "trust-no");
	ui_type(&boss.ui, "a");
	ui_type(&boss.ui, path);
	ui_type(&boss.ui, "\r2\r");
	assert_int_equal(boss.ui.error.code, ERR_NONE);
	assert_non_null(strstr(boss.ui.message, "Awa B. is trusted now"));
	free(path);
	person_free(&boss);
	person_free(&one);
}

static void
a_card_never_takes_the_place_of_a_file(void **state)
{
	struct person person;
	char *path = file_join(folder, "awa-b.card");

	(void)state;
	person_new(&person, "Awa B.", ROLE_INSPECTOR);
	ui_type(&person.ui, "pw");
	assert_true(is_shown(&person, "~/awa-b.card"));
	assert_int_equal(file_write(path, "x", 1, 0600, &person.err), 0);
	ui_type(&person.ui, "\r");
	assert_int_equal(person.ui.error.code, ERR_EXISTS);
	ui_type(&person.ui, "\r\033w");
	assert_true(is_shown(&person, "~/awa-b-2.card"));
	ui_type(&person.ui, "\r");
	assert_int_equal(person.ui.error.code, ERR_NONE);
	free(path);
	person_free(&person);
}

static void
who_gives_missions_is_told_how(void **state)
{
	static const enum role roles[] = { ROLE_SUPERVISOR, ROLE_AUTHORITY };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		struct person boss;

		person_new(&boss, "Boss", roles[i]);
		assert_true(is_shown(&boss, "m mission"));
		ui_type(&boss.ui, "n");
		assert_true(is_shown(&boss, "m gives a mission to others"));
		ui_type(&boss.ui, "\033m");
		assert_string_equal(boss.ui.top->class->name, "pick-site");
		person_free(&boss);
	}
}

static void
a_mission_goes_round_and_its_disagreement_is_settled(void **state)
{
	struct person boss, one, other;
	char *stick = file_join(folder, "stick");

	(void)state;
	person_new(&boss, "Boss", ROLE_SUPERVISOR);
	person_new(&one, "Awa B.", ROLE_INSPECTOR);
	person_new(&other, "Koffi A.", ROLE_INSPECTOR);
	/* Branches stand in the order of devices, which are random. */
	while (strcmp(one.card.device, other.card.device) > 0) {
		person_free(&other);
		person_new(&other, "Koffi A.", ROLE_INSPECTOR);
	}
	assert_int_equal(file_make_folders(stick, &boss.err), 0);
	trust(&boss, &one);
	trust(&boss, &other);
	trust(&one, &boss);
	trust(&other, &boss);
	give_mission(&boss);
	assert_screens(&boss.ui, "home-mission");
	exchange(&boss, stick, NULL);
	exchange(&one, stick, NULL);
	exchange(&other, stick, NULL);
	answer_and_sign(&one, "1", "the register is kept");
	clock_set(morning + 60000);
	answer_and_sign(&other, "3", "not at night");
	exchange(&one, stick, NULL);
	exchange(&other, stick, NULL);
	clock_set(morning + 120000);
	exchange(&boss, stick, NULL);
	assert_int_equal(conflicts_of(&boss), 1);
	settle(&boss);
	assert_int_equal(conflicts_of(&boss), 0);
	free(stick);
	person_free(&one);
	person_free(&other);
	person_free(&boss);
}

static bool
stop(struct ui *ui, const char *what, int percent)
{
	(void)ui;
	(void)what;
	(void)percent;
	return true;
}

static void
an_exchange_that_is_stopped_leaves_no_file(void **state)
{
	struct person boss, one;
	char *stick = file_join(folder, "stopped");
	struct path_list list;
	char id[ID_MAX];

	(void)state;
	person_new(&boss, "Boss", ROLE_SUPERVISOR);
	inspector_new(&one, id);
	assert_int_equal(file_make_folders(stick, &boss.err), 0);
	trust(&one, &boss);
	one.ui.busy = stop;
	exchange(&one, stick, NULL);
	assert_int_equal(path_list_read(&list, stick, &one.err), 0);
	assert_int_equal(list.count, 1); /* ".." */
	path_list_release(&list);
	free(stick);
	person_free(&boss);
	person_free(&one);
}

static void
names_come_out_as_they_went_in_and_bad_ones_are_refused(void **state)
{
	static const char name[] = "缅北禁地 e\xcc\x81"
				   "cole محطة";
	struct person person;
	char *longer = xcalloc(10001, 1);

	(void)state;
	memset(longer, 'x', 10000);
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	ui_type(&person.ui, "s");
	ui_key(&person.ui, K_PASTE, name);
	ui_key(&person.ui, K_F(10), "");
	assert_int_equal(person.ui.error.code, ERR_NONE);
	assert_screen(&person.ui, 24, 80, "home-names");
	ui_type(&person.ui, "s");
	ui_key(&person.ui, K_PASTE, longer);
	ui_key(&person.ui, K_F(10), "");
	assert_int_not_equal(person.ui.error.code, ERR_NONE);
	assert_string_equal(person.ui.top->class->name, "site");
	free(longer);
	person_free(&person);
}

static void
messages_stay_in_a_list(void **state)
{
	struct person person;

	(void)state;
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	ui_tell(&person.ui, "one");
	err_set(&person.err, ERR_IO, "two");
	ui_fail(&person.ui, &person.err);
	person.ui.error = (struct err){ 0 };
	ui_key(&person.ui, K_F(11), "");
	assert_screens(&person.ui, "log");
	person_free(&person);
}

int
main(void)
{
#define VIEW_TEST(name) cmocka_unit_test_setup(name, set_up)
	const struct CMUnitTest tests[] = {
		VIEW_TEST(
		    the_first_start_asks_for_the_language_then_for_the_owner),
		VIEW_TEST(the_recovery_code_is_shown_and_asked_back),
		VIEW_TEST(
		    a_locked_vault_shows_nothing_and_a_wrong_passphrase_says_so),
		VIEW_TEST(unlocking_comes_back_to_the_question),
		VIEW_TEST(who_goes_away_finds_the_vault_locked),
		VIEW_TEST(nothing_locks_while_the_recovery_code_is_shown),
		VIEW_TEST(
		    leaving_without_the_code_removes_the_vault_when_confirmed),
		VIEW_TEST(home_shows_state_in_words_and_finds_without_accents),
		VIEW_TEST(below_80x24_a_screen_says_what_it_needs),
		VIEW_TEST(a_new_inspection_is_made_step_by_step),
		VIEW_TEST(checklists_and_people_are_listed),
		VIEW_TEST(shipped_checklists_are_offered_first),
		VIEW_TEST(a_checklist_with_faults_says_where_they_are),
		VIEW_TEST(the_list_of_files_begins_where_one_was_last),
		VIEW_TEST(a_paste_that_is_too_long_is_refused_whole),
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
		VIEW_TEST(a_card_never_takes_the_place_of_a_file),
		VIEW_TEST(who_gives_missions_is_told_how),
		VIEW_TEST(a_mission_goes_round_and_its_disagreement_is_settled),
		VIEW_TEST(an_exchange_says_what_it_will_do),
		VIEW_TEST(an_exchange_counts_what_is_not_new),
		VIEW_TEST(a_card_is_trusted_after_its_fingerprint_was_compared),
		VIEW_TEST(an_exchange_that_is_stopped_leaves_no_file),
		VIEW_TEST(
		    names_come_out_as_they_went_in_and_bad_ones_are_refused),
		VIEW_TEST(messages_stay_in_a_list),
	};
	struct err err = { 0 };
	size_t count = 0;

	setenv("TZ", "UTC", 1);
	setenv("RONDE_LANG", "en", 1);
	i18n_init();
	bindtextdomain("ronde", test_build("locale"));
	if (crypto_init(&err) != 0)
		return 1;
	projectors[count++] = &trust_projector;
	for (size_t i = 0;
	     inspection_projectors[i] && count + 1 < PROJECTORS_MAX; i++)
		projectors[count++] = inspection_projectors[i];
	folder = test_folder();
	screens_folder(folder);
	setenv("HOME", folder, 1);
	shipped_set_folder(folder); /* which has none */
	reader_set_program(xstrdup(test_build("ronde-reader")));
	return RUN_TESTS(tests);
}
