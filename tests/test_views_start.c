/* SPDX-License-Identifier: Apache-2.0 */
/* The way in: language, a new vault, the code, locking. */
#include "tests/views_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "storage/identity.h"
#include "storage/vault.h"
#include "tests/tui_support.h"
#include "tui/keys.h"
#include "tui/ui.h"
#include "tui/views.h"

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
	ui_lock(&person.ui, LOCK_KEY);
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
	assert_true(ui_lock(&person.ui, LOCK_KEY));
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
make_file(const char *root, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", root, name);
	char *above = xstrndup(path, (size_t)(file_name(path) - path - 1));
	struct err err = { 0 };

	if (!file_exists(above))
		file_make_folders(above, &err);
	file_write(path, text, strlen(text), 0600, &err);
	assert_no_err(&err);
	free(above);
	free(path);
}

static void
what_the_computer_does_with_memory_is_told_at_unlocking(void **state)
{
	struct person person;
	char *root = test_folder();

	(void)state;
	make_file(root, "proc/swaps",
	    "Filename Type Size Used Priority\n/dev/sda2 partition 9 0 -2\n");
	make_file(root, "sys/power/state", "freeze mem disk\n");
	make_file(root, "sys/power/resume", "8:2\n");
	person_new(&person, "Koffi A.", ROLE_INSPECTOR);
	ui_type(&person.ui, "/abc");
	for (int i = 0; i < 2; i++) { /* at each unlocking, once */
		ui_lock(&person.ui, LOCK_KEY);
		i18n_set(i ? LANG_FR : LANG_EN);
		setenv("RONDE_TEST_HOST", root, 1);
		ui_type(&person.ui, "correct horse\r");
		setenv("RONDE_TEST_HOST", "/nonexistent", 1);
		assert_string_equal(person.ui.top->class->name, "text");
		assert_screen(&person.ui, 24, 80, i ? "risks-fr" : "risks-en");
		ui_type(&person.ui, "\r");
		assert_true(is_shown(&person, "abc"));
	}
	person_free(&person);
	free(root);
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
	assert_false(ui_lock(&person.ui, LOCK_KEY));
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
	assert_false(ui_lock(ui, LOCK_KEY));
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(
		    the_first_start_asks_for_the_language_then_for_the_owner),
		VIEW_TEST(the_recovery_code_is_shown_and_asked_back),
		VIEW_TEST(
		    a_locked_vault_shows_nothing_and_a_wrong_passphrase_says_so),
		VIEW_TEST(unlocking_comes_back_to_the_question),
		VIEW_TEST(who_goes_away_finds_the_vault_locked),
		VIEW_TEST(
		    what_the_computer_does_with_memory_is_told_at_unlocking),
		VIEW_TEST(nothing_locks_while_the_recovery_code_is_shown),
		VIEW_TEST(
		    leaving_without_the_code_removes_the_vault_when_confirmed),
	};

	return RUN_VIEWS(tests);
}
