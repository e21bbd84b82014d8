/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/command.h"

/* What the command line does with a vault that was put back or copied. */

static char *folder;

static void
copy(const char *from, const char *to)
{
	char *source = file_join(folder, from), *target = file_join(folder, to);
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };

	file_read(source, &bytes, &err);
	assert_no_err(&err);
	file_write(target, bytes.data, bytes.len, 0600, &err);
	assert_no_err(&err);
	buf_release(&bytes);
	free(source);
	free(target);
}

static void
use_computer(const char *name)
{
	char *state = file_join(folder, name);

	setenv("XDG_STATE_HOME", state, 1);
	free(state);
}

static void
add_site(const char *name)
{
	free(command_expect(folder, "awa", 0,
	    "site add --name '%s' --sector eau "
	    "--organisation Eau --category infrastructure",
	    name));
}

static int
set_up(void **state)
{
	(void)state;
	folder = test_folder();
	use_computer("laptop");
	command_make_vault(folder, "awa", "inspector");
	add_site("Nord");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(folder);
	return 0;
}

static json_t *
anchor_json(void)
{
	struct outcome outcome;
	json_t *json;

	command_run(&outcome, folder, "awa", "anchor --json");
	assert_int_equal(outcome.code, 0);
	json = json_loads(outcome.out.data, 0, NULL);
	assert_non_null(json);
	outcome_release(&outcome);
	return json;
}

static void
assert_state(const char *expected, int events)
{
	json_t *json = anchor_json();

	assert_string_equal(
	    json_string_value(json_object_get(json, "state")), expected);
	assert_int_equal(
	    json_integer_value(json_object_get(json, "events")), events);
	json_decref(json);
}

static void
assert_silent(void)
{
	struct outcome outcome;

	command_run(&outcome, folder, "awa", "site list");
	assert_int_equal(outcome.code, 0);
	assert_string_equal(outcome.err.data, "");
	outcome_release(&outcome);
}

static void
a_vault_as_it_was_left_is_not_spoken_of(void **state)
{
	char *line;

	(void)state;
	assert_state("as-left", 1);
	assert_silent();
	line = command_expect(folder, "awa", 0, "anchor");
	assert_non_null(strstr(line, "Last event 1 "));
	free(line);
	line = xasprintf("%s/laptop/awa/ronde", folder);
	assert_int_equal(access(line, F_OK), 0);
	free(line);
}

static void
an_older_vault_is_refused_and_can_only_be_looked_at(void **state)
{
	(void)state;
	copy("awa.ronde-vault", "aside");
	add_site("Sud");
	add_site("Est");
	copy("aside", "awa.ronde-vault");
	for (int i = 0; i < 2; i++) {
		command_says(
		    folder, "awa", 1, "2 events are missing", "site list");
		command_says(folder, "awa", 1, "restore --here",
		    "site add --name Ouest --sector eau --organisation Eau "
		    "--category infrastructure");
	}
	assert_state("older", 1);
	command_says(folder, "awa", 1, "new device keys", "anchor --accept");
	assert_state("older", 1);
	command_says(
	    folder, "awa", 0, "2 events are missing", "backup older.backup");
}

static void
the_newest_backup_ends_it(void **state)
{
	(void)state;
	copy("awa.ronde-vault", "aside");
	add_site("Sud");
	copy("awa.ronde-vault", "newest");
	copy("aside", "awa.ronde-vault");
	command_says(folder, "awa", 1, "1 event is missing", "site list");
	copy("newest", "awa.ronde-vault");
	assert_silent();
	assert_state("as-left", 2);
}

static void
a_copy_that_went_another_way_is_refused(void **state)
{
	(void)state;
	copy("awa.ronde-vault", "aside");
	add_site("Sud");
	copy("aside", "awa.ronde-vault");
	use_computer("thief");
	add_site("Est");
	add_site("Ouest");
	use_computer("laptop");
	command_says(folder, "awa", 1, "went another way", "site list");
	assert_state("forked", 3);
}

static void
use_elsewhere_is_warned_of_until_accepted(void **state)
{
	(void)state;
	use_computer("desk");
	command_says(folder, "awa", 0, "First time", "site list");
	add_site("Sud");
	use_computer("laptop");
	for (int i = 0; i < 3; i++)
		command_says(folder, "awa", 0, "used elsewhere after event 1,",
		    "site list");
	assert_state("used-elsewhere", 2);
	free(command_expect(folder, "awa", 0, "anchor --accept"));
	assert_silent();
	assert_state("as-left", 2);
}

static void
a_damaged_anchor_is_warned_of_until_accepted(void **state)
{
	json_t *json = anchor_json();
	struct err err = { 0 };

	(void)state;
	file_write(json_string_value(json_object_get(json, "anchor")), "x", 1,
	    0600, &err);
	assert_no_err(&err);
	json_decref(json);
	for (int i = 0; i < 2; i++)
		command_says(
		    folder, "awa", 0, "damaged or was altered", "site list");
	free(command_expect(folder, "awa", 0, "anchor --accept"));
	assert_silent();
}

static void
a_state_folder_that_takes_nothing_is_a_warning(void **state)
{
	struct err err = { 0 };
	char *path = file_join(folder, "file");

	(void)state;
	file_write(path, "", 0, 0600, &err);
	assert_no_err(&err);
	setenv("XDG_STATE_HOME", path, 1);
	command_says(folder, "awa", 0, "would not be noticed",
	    "site add --name Sud --sector eau --organisation Eau "
	    "--category infrastructure");
	free(path);
}

static void
a_new_data_key_keeps_the_anchor(void **state)
{
	(void)state;
	free(
	    command_expect(folder, "awa", 0, "key renew --recovery-file code"));
	assert_silent();
	assert_state("as-left", 1);
	copy("awa.ronde-vault", "aside");
	add_site("Sud");
	copy("aside", "awa.ronde-vault");
	assert_state("older", 1);
}

static json_t *
doctor_json(int code)
{
	struct outcome outcome;
	json_t *json;

	command_run(&outcome, folder, "awa", "doctor --json");
	assert_int_equal(outcome.code, code);
	json = json_loads(outcome.out.data, 0, NULL);
	assert_non_null(json);
	outcome_release(&outcome);
	return json;
}

#define assert_text(json, key, expected) \
	assert_string_equal(             \
	    json_string_value(json_object_get(json, key)), expected)

static void
the_doctor_says_it_to_programs_too(void **state)
{
	json_t *json;

	(void)state;
	copy("awa.ronde-vault", "aside");
	add_site("Sud");
	add_site("Est");
	copy("awa.ronde-vault", "newest");
	copy("aside", "awa.ronde-vault");
	json = doctor_json(1);
	assert_text(json, "state", "older");
	assert_int_equal(
	    json_integer_value(json_object_get(json, "missing")), 2);
	assert_int_equal(json_integer_value(json_object_get(json, "known")), 3);
	assert_non_null(json_object_get(json, "notice"));
	assert_null(json_object_get(json, "trouble"));
	json_decref(json);
	copy("newest", "awa.ronde-vault");
	json = doctor_json(0);
	assert_text(json, "state", "as-left");
	assert_null(json_object_get(json, "notice"));
	json_decref(json);
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	json = doctor_json(0);
	assert_non_null(json_object_get(json, "trouble"));
	json_decref(json);
}

/* It opens with its own words, and nothing here is under its key any more. */
static void
a_vault_from_before_a_new_data_key_is_refused(void **state)
{
	(void)state;
	copy("awa.ronde-vault", "aside");
	free(command_expect(folder, "awa", 0, "key renew --recovery-file one"));
	assert_silent();
	copy("awa.ronde-vault", "between");
	free(command_expect(folder, "awa", 0, "key renew --recovery-file two"));
	add_site("Sud");
	add_site("Est");
	copy("awa.ronde-vault", "newest");
	copy("aside", "awa.ronde-vault");
	for (int i = 0; i < 2; i++)
		command_says(
		    folder, "awa", 1, "new data key here", "site list");
	assert_state("renewed", 1);
	command_says(folder, "awa", 1, "new device keys", "anchor --accept");
	copy("between", "awa.ronde-vault");
	assert_state("renewed", 1);
	copy("newest", "awa.ronde-vault");
	assert_silent();
	assert_state("as-left", 3);
	/* Who goes on with the old one does so as another device. */
	copy("aside", "awa.ronde-vault");
	free(command_expect(folder, "awa", 0, "restore --here"));
	assert_silent();
	assert_state("as-left", 1);
}

/* A renewal that was cut off before the vault had its new key. */
static void
a_vault_whose_renewal_was_cut_off_is_as_it_was_left(void **state)
{
	(void)state;
	copy("awa.ronde-vault", "aside");
	free(
	    command_expect(folder, "awa", 0, "key renew --recovery-file code"));
	copy("aside", "awa.ronde-vault");
	assert_state("as-left", 1);
	add_site("Sud");
	assert_state("as-left", 2);
}

int
main(void)
{
#define ANCHOR_TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		ANCHOR_TEST(a_vault_as_it_was_left_is_not_spoken_of),
		ANCHOR_TEST(
		    an_older_vault_is_refused_and_can_only_be_looked_at),
		ANCHOR_TEST(the_newest_backup_ends_it),
		ANCHOR_TEST(a_copy_that_went_another_way_is_refused),
		ANCHOR_TEST(use_elsewhere_is_warned_of_until_accepted),
		ANCHOR_TEST(a_damaged_anchor_is_warned_of_until_accepted),
		ANCHOR_TEST(a_state_folder_that_takes_nothing_is_a_warning),
		ANCHOR_TEST(a_new_data_key_keeps_the_anchor),
		ANCHOR_TEST(a_vault_from_before_a_new_data_key_is_refused),
		ANCHOR_TEST(the_doctor_says_it_to_programs_too),
		ANCHOR_TEST(
		    a_vault_whose_renewal_was_cut_off_is_as_it_was_left),
	};

	setenv("RONDE_LANG", "en", 1);
	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	return RUN_TESTS(tests);
}
