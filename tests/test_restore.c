/* SPDX-License-Identifier: Apache-2.0 */
/* A laptop is lost; its backup goes on as another device of the person. */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "tests/command.h"
#include "tests/tui_support.h"

static char *folder;

static int
set_up(void **state)
{
	char *form, *state_folder;

	(void)state;
	folder = test_folder();
	state_folder = file_join(folder, "state");
	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_LANG", "en", 1);
	setenv("XDG_STATE_HOME", state_folder, 1);
	form = small_checklist(folder);
	free(form);
	free(state_folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(folder);
	return 0;
}

/* ---- words ---- */

static void
does(const char *who, const char *words)
{
	free(command_expect(folder, who, 0, "%s", words));
}

static void
set(const char *who, const char *id, const char *path, const char *value)
{
	free(command_expect(
	    folder, who, 0, "inspection set %s %s %s", id, path, value));
}

static json_t *
ask(const char *who, const char *fmt, const char *word)
{
	char *words = xasprintf("%s %s --json", fmt, word);
	struct outcome outcome;
	struct err err = { 0 };
	json_t *json;

	command_run(&outcome, folder, who, "%s", words);
	if (outcome.code != 0)
		fail_msg("%s: %s: %s", who, words, outcome.err.data);
	json = json_parse(outcome.out.data, outcome.out.len, words, &err);
	assert_no_err(&err);
	outcome_release(&outcome);
	free(words);
	return json;
}

static char *
field(const char *who, const char *fmt, const char *word, const char *key)
{
	json_t *json = ask(who, fmt, word);
	const char *found = json_opt_text(json, key);
	char *value;

	assert_non_null(found);
	value = xstrdup(found);
	json_decref(json);
	return value;
}

static void
assert_stage(const char *who, const char *id, const char *stage)
{
	char *found = field(who, "inspection show", id, "stage");

	assert_string_equal(found, stage);
	free(found);
}

/* The card of `who` to a file of that name. */
static void
write_card(const char *who)
{
	char *path = xasprintf("%s/%s.card", folder, who);
	struct outcome outcome;
	struct err err = { 0 };

	command_run(&outcome, folder, who, "identity");
	assert_int_equal(outcome.code, 0);
	file_write(path, outcome.out.data, outcome.out.len, 0600, &err);
	assert_no_err(&err);
	outcome_release(&outcome);
	free(path);
}

static char *
begin(void)
{
	char *id;

	command_make_vault(folder, "boss", "supervisor");
	command_make_vault(folder, "awa", "inspector");
	does("boss", "trust add awa.card");
	does("awa", "trust add boss.card");
	does("awa", "site add --name Port");
	does("awa", "checklist import form");
	id = command_expect(
	    folder, "awa", 0, "inspection new --site Port --checklist small");
	id[strcspn(id, " ")] = '\0';
	return id;
}

static void
restored_answers_are_finished_and_sent_by_the_new_device(void **state)
{
	char *id = begin(), *former, *device;

	(void)state;
	set("awa", id, "a/fence", "yes");
	set("awa", id, "a/height", "210");
	does("awa", "backup awa.backup");
	former = field("awa", "identity", "", "device");
	does("awa", "restore awa.backup --replace");
	device = field("awa", "identity", "", "device");
	assert_string_not_equal(device, former);
	assert_stage("awa", id, "under-way");
	set("awa", id, "a/height", "180"); /* another answer, same person */
	set("awa", id, "g/guards", "no");
	does("awa", "trust list");
	free(command_expect(folder, "awa", 0, "inspection sign %s", id));
	assert_stage("awa", id, "signed");
	command_says(folder, "awa", 1, "reopen it first",
	    "inspection set %s a/height 190", id);
	write_card("awa");
	does("awa", "export --to boss.card one.ronde");
	command_says(folder, "boss", 1, "", "import one.ronde");
	does("boss", "trust add awa.card");
	does("boss", "import one.ronde");
	assert_stage("boss", id, "exported");
	free(former);
	free(device);
	free(id);
}

static void
what_was_sent_before_comes_back_and_what_was_sent_to_it_opens(void **state)
{
	char *id = begin(), *boss_saw, *here;

	(void)state;
	set("awa", id, "a/fence", "yes");
	does("awa", "backup awa.backup");
	set("awa", id, "a/height", "210"); /* not in the backup */
	does("awa", "export --to boss.card one.ronde");
	does("boss", "import one.ronde");
	does("boss", "export --to awa.card two.ronde"); /* to the old key */
	does("awa", "restore awa.backup --replace");
	does("awa", "import two.ronde");
	write_card("awa");
	does("boss", "trust add awa.card");
	does("boss", "export --full --to awa.card three.ronde");
	does("awa", "import three.ronde");
	set("awa", id, "g/guards", "no");
	free(command_expect(folder, "awa", 0, "inspection sign %s", id));
	does("awa", "export --to boss.card four.ronde");
	does("boss", "import four.ronde");
	assert_stage("boss", id, "exported");
	boss_saw = field("boss", "inspection show", id, "stage");
	here = field("awa", "inspection show", id, "stage");
	assert_string_equal(here, boss_saw);
	free(boss_saw);
	free(here);
	free(id);
}

static void
what_was_signed_before_stays_signed_until_it_is_reopened(void **state)
{
	char *id = begin();

	(void)state;
	set("awa", id, "a/fence", "yes");
	free(command_expect(folder, "awa", 0, "inspection sign %s", id));
	does("awa", "backup awa.backup");
	assert_stage("awa", id, "signed"); /* a backup sends nothing */
	does("awa", "restore awa.backup --replace");
	assert_stage("awa", id, "signed");
	command_says(folder, "awa", 1, "reopen it first",
	    "inspection set %s a/fence no", id);
	free(command_expect(
	    folder, "awa", 0, "inspection reopen %s --reason again", id));
	assert_stage("awa", id, "under-way");
	set("awa", id, "a/fence", "no");
	free(command_expect(folder, "awa", 0, "inspection sign %s", id));
	assert_stage("awa", id, "signed");
	does("awa", "export --to boss.card one.ronde");
	assert_stage("awa", id, "exported");
	free(id);
}

/* Whoever enrolled others goes on doing so. */
static void
whom_the_old_device_trusted_the_new_one_trusts(void **state)
{
	char *id = begin();
	json_t *list;
	size_t trusted = 0, revoked = 0;

	(void)state;
	command_make_vault(folder, "koffi", "inspector");
	does("boss", "trust add koffi.card");
	free(command_expect(
	    folder, "boss", 0, "trust revoke koffi --after 0 --reason lost"));
	does("boss", "backup boss.backup");
	does("boss", "restore boss.backup --replace");
	list = ask("boss", "trust list", "");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *trust =
		    json_opt_text(json_array_get(list, i), "trust");

		trusted += strcmp(trust, "trusted") == 0;
		revoked += strcmp(trust, "revoked") == 0;
	}
	assert_int_equal(trusted, 2); /* Awa, and the former device */
	assert_int_equal(revoked, 1);
	json_decref(list);
	set("awa", id, "a/fence", "yes");
	does("awa", "export --to boss.card one.ronde"); /* to the old card */
	does("boss", "import one.ronde");
	assert_stage("boss", id, "under-way");
	free(id);
}

static void
a_vault_that_is_there_keeps_its_place_or_a_dated_name(void **state)
{
	char *id = begin(), *replaced, *words, *link_name, *known;

	(void)state;
	does("awa", "backup awa.backup");
	set("awa", id, "a/fence", "yes");
	command_says(folder, "awa", 1, "--replace", "restore awa.backup");
	/* One that comes to nothing changes nothing of what is known here. */
	link_name = file_join(folder, "taken.ronde-vault");
	assert_int_equal(symlink("nowhere", link_name), 0);
	command_says(folder, "awa", 1, "exists already",
	    "restore awa.backup --vault taken.ronde-vault");
	known = field("awa", "anchor", "", "state");
	assert_string_equal(known, "as-left");
	free(known);
	free(link_name);
	replaced = field("awa", "restore awa.backup --replace", "", "replaced");
	words = xasprintf("inspection show %s --vault %s", id, replaced);
	does("awa", words);
	command_says(folder, "awa", 2, "missing", "restore");
	command_says(
	    folder, "awa", 2, "stands alone", "restore awa.backup --here");
	command_says(folder, "other", 1, "", "restore none.backup");
	command_says(folder, "awa", 1, "cannot restore none.backup",
	    "restore none.backup --replace");
	free(words);
	free(replaced);
	free(id);
}

static void
what_a_backup_lacks_is_said(void **state)
{
	char *id = begin();

	(void)state;
	does("awa", "backup awa.backup");
	set("awa", id, "a/fence", "yes");
	set("awa", id, "a/height", "210");
	command_says(folder, "awa", 0, "2 events are missing",
	    "restore awa.backup --replace");
	free(id);
}

static void
new_keys_can_be_made_where_the_vault_stands(void **state)
{
	char *id = begin();
	char *former = field("awa", "identity", "", "device");
	char *device;
	json_t *json;

	(void)state;
	set("awa", id, "a/fence", "yes");
	json = ask("awa", "restore --here", "");
	assert_string_equal(json_opt_text(json, "former"), former);
	assert_int_equal(json_opt_int(json, "uncovered", -1), 0);
	device = xstrdup(json_opt_text(json, "device"));
	json_decref(json);
	write_card("awa");
	does("awa", "export --to boss.card one.ronde");
	does("boss", "trust add awa.card");
	does("boss", "import one.ronde");
	assert_stage("boss", id, "under-way");
	free(former);
	free(device);
	free(id);
}

/* An older state of the vault is put back by cp. */
static void
an_older_vault_goes_on_with_new_keys_alone(void **state)
{
	char *id = begin();
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };
	char *vault = file_join(folder, "awa.ronde-vault");
	json_t *json;

	(void)state;
	bytes.max = 64 << 20;
	does("awa", "export --to boss.card none.ronde");
	assert_int_equal(file_read(vault, &bytes, &err), 0);
	set("awa", id, "a/fence", "yes");
	does("awa", "export --to boss.card one.ronde");
	does("boss", "import one.ronde");
	assert_int_equal(
	    file_write(vault, bytes.data, bytes.len, 0600, &err), 0);
	command_says(folder, "awa", 1, "restore --here", "site list");
	json = ask("awa", "restore --here", "");
	json_decref(json);
	assert_stage("awa", id, "to-do");
	set("awa", id, "a/height", "150");
	write_card("awa");
	does("boss", "trust add awa.card");
	does("boss", "export --full --to awa.card two.ronde");
	does("awa", "import two.ronde"); /* what it lost comes back */
	assert_stage("awa", id, "under-way");
	free(command_expect(folder, "awa", 0, "inspection sign %s", id));
	does("awa", "export --to boss.card three.ronde");
	does("boss", "import three.ronde");
	assert_stage("boss", id, "exported");
	buf_release(&bytes);
	free(vault);
	free(id);
}

/* A copy made by cp: no statement covers its last answers. */
static void
what_nothing_covers_stays_and_hinders_nothing(void **state)
{
	char *id = begin();
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };
	char *vault = file_join(folder, "awa.ronde-vault");
	char *copy = file_join(folder, "copy");
	json_t *json;

	(void)state;
	does("awa", "export --to boss.card one.ronde");
	set("awa", id, "a/fence", "yes");
	bytes.max = 64 << 20;
	assert_int_equal(file_read(vault, &bytes, &err), 0);
	assert_int_equal(
	    file_write(copy, bytes.data, bytes.len, 0600, &err), 0);
	json = ask("awa", "restore copy --replace", "");
	assert_int_equal(json_opt_int(json, "uncovered", -1), 1);
	json_decref(json);
	assert_stage("awa", id, "under-way");
	write_card("awa");
	does("boss", "trust add awa.card");
	does("awa", "export --to boss.card two.ronde");
	does("boss", "import two.ronde");
	assert_stage("boss", id, "to-do");
	buf_release(&bytes);
	free(vault);
	free(copy);
	free(id);
}

int
main(void)
{
#define RESTORE_TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		RESTORE_TEST(
		    restored_answers_are_finished_and_sent_by_the_new_device),
		RESTORE_TEST(
		    what_was_sent_before_comes_back_and_what_was_sent_to_it_opens),
		RESTORE_TEST(
		    what_was_signed_before_stays_signed_until_it_is_reopened),
		RESTORE_TEST(whom_the_old_device_trusted_the_new_one_trusts),
		RESTORE_TEST(
		    a_vault_that_is_there_keeps_its_place_or_a_dated_name),
		RESTORE_TEST(what_a_backup_lacks_is_said),
		RESTORE_TEST(new_keys_can_be_made_where_the_vault_stands),
		RESTORE_TEST(an_older_vault_goes_on_with_new_keys_alone),
		RESTORE_TEST(what_nothing_covers_stays_and_hinders_nothing),
	};

	return RUN_TESTS(tests);
}
