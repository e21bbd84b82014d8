/* SPDX-License-Identifier: Apache-2.0 */
/* People, missions, exchange, disagreement. */
#include "tests/views_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/card.h"
#include "bundles/trust.h"
#include "storage/identity.h"
#include "tests/tui_support.h"
#include "tui/keys.h"
#include "tui/paths.h"
#include "tui/ui.h"
#include "tui/views.h"

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

static void
the_vault_is_backed_up_by_b(void **state)
{
	struct person person;
	struct err err = { 0 };
	char *path = file_join(folder, "ronde-2026-11-23.backup");

	(void)state;
	person_new(&person, "Awa B.", ROLE_INSPECTOR);
	ui_type(&person.ui, "b");
	assert_string_equal(person.ui.top->class->name, "backup");
	assert_screens(&person.ui, "backup");
	ui_type(&person.ui, "\r");
	assert_int_equal(person.ui.error.code, ERR_NONE);
	assert_non_null(strstr(person.ui.message, "every page was read back"));
	assert_true(file_exists(path));
	assert_int_equal(vault_spare(path, &err), -1); /* it is a vault */
	ui_type(&person.ui, "b");
	assert_true(is_shown(&person, "~/ronde-2026-11-23-2.backup"));
	free(path);
	person_free(&person);
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
a_backup_that_is_stopped_leaves_no_file(void **state)
{
	struct person person;
	char *path = file_join(folder, "stopped.backup");

	(void)state;
	person_new(&person, "Awa B.", ROLE_INSPECTOR);
	person.ui.busy = stop;
	ui_type(&person.ui, "b");
	ui_key(&person.ui, K_CTRL('u'), "");
	ui_type(&person.ui, path);
	ui_type(&person.ui, "\r");
	assert_int_equal(person.ui.error.code, ERR_CANCELLED);
	assert_false(file_exists(path));
	free(path);
	person_free(&person);
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
	const struct CMUnitTest tests[] = {
		VIEW_TEST(a_card_never_takes_the_place_of_a_file),
		VIEW_TEST(who_gives_missions_is_told_how),
		VIEW_TEST(a_mission_goes_round_and_its_disagreement_is_settled),
		VIEW_TEST(an_exchange_says_what_it_will_do),
		VIEW_TEST(an_exchange_counts_what_is_not_new),
		VIEW_TEST(a_card_is_trusted_after_its_fingerprint_was_compared),
		VIEW_TEST(the_vault_is_backed_up_by_b),
		VIEW_TEST(a_backup_that_is_stopped_leaves_no_file),
		VIEW_TEST(an_exchange_that_is_stopped_leaves_no_file),
		VIEW_TEST(
		    names_come_out_as_they_went_in_and_bad_ones_are_refused),
		VIEW_TEST(messages_stay_in_a_list),
	};

	return RUN_VIEWS(tests);
}
