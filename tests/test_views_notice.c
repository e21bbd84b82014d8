/* SPDX-License-Identifier: Apache-2.0 */
/* What unlocking asks of a vault that was put back, copied, used elsewhere. */
#include "tests/views_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "inspections/site.h"
#include "storage/identity.h"
#include "storage/vault.h"
#include "tests/tui_support.h"
#include "tui/keys.h"
#include "tui/ui.h"

struct desk {
	struct person person;
	char *state, *other, *aside;
};

static void
copy(const char *from, const char *to)
{
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };

	file_read(from, &bytes, &err);
	assert_no_err(&err);
	file_write(to, bytes.data, bytes.len, 0600, &err);
	assert_no_err(&err);
	buf_release(&bytes);
}

static void
add_site(struct desk *desk, const char *name)
{
	char id[ID_MAX];

	site_add(desk->person.ui.vault, name, "eau", "Eau",
	    CATEGORY_INFRASTRUCTURE, id, &desk->person.err);
	assert_no_err(&desk->person.err);
}

static void
lock(struct desk *desk)
{
	assert_true(ui_lock(&desk->person.ui, LOCK_KEY));
}

static void
unlock(struct desk *desk)
{
	ui_type(&desk->person.ui, "correct horse\r");
	assert_non_null(desk->person.ui.vault);
}

static bool
is_top(struct desk *desk, const char *name)
{
	return strcmp(desk->person.ui.top->class->name, name) == 0;
}

/* A vault with one event and an anchor, locked; a copy of it aside. */
static void
desk_new(struct desk *desk)
{
	static int count;

	person_new(&desk->person, "Koffi A.", ROLE_INSPECTOR);
	count++;
	desk->state = xasprintf("%s/state-%d", folder, count);
	desk->other = xasprintf("%s/other-%d", folder, count);
	desk->aside = xasprintf("%s/aside-%d", folder, count);
	desk->person.ui.options.state_folder = desk->state;
	add_site(desk, "Nord");
	lock(desk);
	unlock(desk);
	lock(desk);
	copy(desk->person.ui.vault_path, desk->aside);
}

static void
desk_free(struct desk *desk)
{
	person_free(&desk->person);
	free(desk->state);
	free(desk->other);
	free(desk->aside);
}

/* Two events more, then the copy is put back. */
static void
put_back(struct desk *desk)
{
	unlock(desk);
	assert_true(is_top(desk, "home"));
	clock_set(morning + 3600000);
	add_site(desk, "Sud");
	add_site(desk, "Est");
	lock(desk);
	copy(desk->aside, desk->person.ui.vault_path);
}

static void
a_first_use_on_this_computer_is_said(void **state)
{
	struct desk desk;

	(void)state;
	desk_new(&desk);
	desk.person.ui.options.state_folder = desk.other;
	unlock(&desk);
	assert_true(is_top(&desk, "home"));
	assert_screen(&desk.person.ui, 24, 80, "home-first-here");
	lock(&desk);
	unlock(&desk);
	assert_false(is_shown(&desk.person, "First time"));
	desk_free(&desk);
}

static void
an_older_vault_is_stopped_unless_decided_otherwise(void **state)
{
	struct desk desk;

	(void)state;
	desk_new(&desk);
	put_back(&desk);
	unlock(&desk);
	assert_true(is_top(&desk, "held"));
	assert_screens(&desk.person.ui, "held");
	ui_type(&desk.person.ui, "\r\r");
	assert_null(desk.person.ui.vault);
	assert_true(is_top(&desk, "unlock"));
	assert_true(is_shown(&desk.person, "nothing was added"));
	unlock(&desk); /* and again */
	assert_true(is_top(&desk, "held"));
	lock(&desk); /* nothing of it is kept as a place */
	unlock(&desk);
	assert_true(is_top(&desk, "held"));
	desk_free(&desk);
}

static void
going_on_with_an_older_vault_takes_typed_words_and_new_keys(void **state)
{
	struct desk desk;
	struct ui *ui = &desk.person.ui;
	char before[ID_MAX];

	(void)state;
	desk_new(&desk);
	put_back(&desk);
	unlock(&desk);
	snprintf(before, sizeof(before), "%s", identity_get(ui->vault)->device);
	ui_type(ui, "2\r\r"); /* the words are missing */
	assert_int_equal(ui->error.code, ERR_VALUE);
	assert_screens(ui, "held-words");
	ui_type(ui, "yes\r");
	assert_true(is_top(&desk, "held"));
	ui_key(ui, K_CTRL('u'), "");
	ui_type(ui, "New keys\r");
	assert_true(is_top(&desk, "home"));
	assert_true(is_shown(&desk.person, "another device now"));
	assert_string_not_equal(before, identity_get(ui->vault)->device);
	add_site(&desk, "Ouest");
	lock(&desk);
	unlock(&desk);
	assert_true(is_top(&desk, "home"));
	desk_free(&desk);
}

static void
a_vault_used_elsewhere_asks_until_somebody_knows_why(void **state)
{
	struct desk desk;
	struct ui *ui = &desk.person.ui;

	(void)state;
	desk_new(&desk);
	ui->options.state_folder = desk.other;
	unlock(&desk);
	add_site(&desk, "Sud");
	lock(&desk);
	ui->options.state_folder = desk.state;
	unlock(&desk);
	assert_true(is_top(&desk, "elsewhere"));
	assert_screens(ui, "elsewhere");
	ui_type(ui, "\r"); /* stop */
	assert_null(ui->vault);
	unlock(&desk);
	assert_true(is_top(&desk, "elsewhere"));
	ui_type(ui, "2\r");
	assert_true(is_top(&desk, "home"));
	lock(&desk);
	unlock(&desk);
	assert_true(is_top(&desk, "home"));
	desk_free(&desk);
}

static void
a_state_folder_that_takes_nothing_is_a_message(void **state)
{
	struct desk desk;
	struct err err = { 0 };

	(void)state;
	desk_new(&desk);
	file_write(desk.other, "", 0, 0600, &err);
	assert_no_err(&err);
	desk.person.ui.options.state_folder = desk.other;
	unlock(&desk);
	assert_true(is_top(&desk, "home"));
	add_site(&desk, "Sud");
	lock(&desk);
	unlock(&desk);
	assert_true(is_top(&desk, "home"));
	assert_non_null(vault_notice(desk.person.ui.vault)->trouble);
	desk_free(&desk);
}

static void
an_anchor_that_waits_to_be_synced_wakes_the_terminal(void **state)
{
	struct desk desk;

	(void)state;
	desk_new(&desk);
	unlock(&desk);
	desk.person.ui.idle = 0; /* it is never locked by itself */
	add_site(&desk, "Sud");
	assert_true(vault_tick_waits(desk.person.ui.vault));
	assert_int_equal(ui_idle_wait(&desk.person.ui), UI_IDLE_LOOK_MS);
	ui_idle(&desk.person.ui); /* not yet */
	assert_true(vault_tick_waits(desk.person.ui.vault));
	clock_set(clock_now() + 60000);
	ui_idle(&desk.person.ui);
	assert_false(vault_tick_waits(desk.person.ui.vault));
	assert_int_equal(ui_idle_wait(&desk.person.ui), -1);
	desk_free(&desk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW_TEST(a_first_use_on_this_computer_is_said),
		VIEW_TEST(an_older_vault_is_stopped_unless_decided_otherwise),
		VIEW_TEST(
		    going_on_with_an_older_vault_takes_typed_words_and_new_keys),
		VIEW_TEST(a_vault_used_elsewhere_asks_until_somebody_knows_why),
		VIEW_TEST(a_state_folder_that_takes_nothing_is_a_message),
		VIEW_TEST(an_anchor_that_waits_to_be_synced_wakes_the_terminal),
	};

	return RUN_VIEWS(tests);
}
