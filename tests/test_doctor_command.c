/* SPDX-License-Identifier: Apache-2.0 */
/* ronde doctor, as people and scripts use it. */
#include "tests/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "tests/command.h"

#define CHECKLIST "checklists/critical-infrastructure.xlsx"

static char *folder;

/* A vault with some sites, a checklist, and an inspection of it. */
static char *
make_vault(const char *who)
{
	char *name = xasprintf("%s.ronde-vault", who), *path;
	char *site, *checklist;

	command_make_vault(folder, who, "inspector");
	site = command_expect(
	    folder, who, 0, "site add --name Nord --category infrastructure");
	for (int i = 0; i < 3; i++)
		free(command_expect(folder, who, 0,
		    "site add --name Site%d --category public-place", i));
	checklist = command_expect(
	    folder, who, 0, "checklist import %s", test_build(CHECKLIST));
	free(command_expect(folder, who, 0,
	    "inspection new --site %s --checklist %.16s", site, checklist));
	path = file_join(folder, name);
	free(site);
	free(checklist);
	free(name);
	return path;
}

static void
flip_byte(const char *path, off_t offset)
{
	const int fd = open(path, O_RDWR | O_CLOEXEC);
	unsigned char byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, offset), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, offset), 1);
	close(fd);
}

static json_t *
run_json(const char *who, int code, const char *words)
{
	struct outcome outcome;
	json_t *json;

	command_run(&outcome, folder, who, "%s", words);
	if (outcome.code != code)
		fail_msg("%s: exit code %d: %s", words, outcome.code,
		    outcome.err.data);
	json = json_loads(outcome.out.data, 0, NULL);
	assert_non_null(json);
	outcome_release(&outcome);
	return json;
}

static int64_t
number(const json_t *json, const char *part, const char *name)
{
	if (part)
		json = json_object_get(json, part);
	return json_integer_value(json_object_get(json, name));
}

static void
a_vault_that_is_well_exits_with_0(void **state)
{
	char *path = make_vault("well");
	json_t *json;

	(void)state;
	command_says(folder, "well", 0, "", "doctor");
	json = run_json("well", 0, "doctor --json");
	assert_true(json_is_true(json_object_get(json, "well")));
	assert_string_equal(json_opt_text(json, "state"), "as-left");
	assert_null(json_object_get(json, "notice"));
	assert_int_equal(number(json, NULL, "events"), 5);
	assert_int_equal(number(json, NULL, "subjects"), 5);
	assert_int_equal(number(json, NULL, "damaged_pages"), 0);
	assert_int_equal(number(json, NULL, "files"), 1);
	assert_true(json_array_size(json_object_get(json, "tables")) > 5);
	json_decref(json);
	json = run_json("well", 0, "doctor --rebuild --json");
	assert_true(json_is_true(json_object_get(json, "rebuilt")));
	json_decref(json);
	free(path);
}

static void
damage_exits_with_1_and_is_saved_into_a_new_vault(void **state)
{
	char *path = make_vault("hurt"), *saved, *head;
	struct outcome outcome;
	const json_t *finding;
	json_t *json;

	(void)state;
	flip_byte(path, 8192 + 300);
	command_says(folder, "hurt", 1,
	    "is damaged: restore a backup, or save what is left with ronde "
	    "doctor --salvage NEW",
	    "doctor");
	json = run_json("hurt", 1, "doctor --json");
	assert_true(json_is_false(json_object_get(json, "well")));
	assert_int_equal(number(json, NULL, "found"), 1);
	finding = json_array_get(json_object_get(json, "findings"), 0);
	assert_int_equal(number(finding, NULL, "page"), 1);
	assert_int_equal(number(finding, NULL, "byte"), 8192);
	assert_string_equal(json_opt_text(finding, "table"), "sqlite_schema");
	json_decref(json);

	json = run_json("hurt", 0,
	    "doctor --json --salvage kept.ronde-vault --recovery-file code");
	assert_null(json_object_get(json, "recovery"));
	assert_int_equal(
	    number(json_object_get(json, "saved"), "events", "saved"), 5);
	assert_int_equal(
	    number(json_object_get(json, "saved"), "events", "lost"), 0);
	json_decref(json);
	command_run(
	    &outcome, folder, "hurt", "doctor --vault kept.ronde-vault");
	assert_int_equal(outcome.code, 0);
	assert_non_null(strstr(outcome.out.data, "is well"));
	outcome_release(&outcome);
	head = command_expect(
	    folder, "hurt", 0, "site list --vault kept.ronde-vault");
	free(head);
	/* What is there is never written over. */
	command_says(folder, "hurt", 1, "exists already",
	    "doctor --salvage kept.ronde-vault");
	saved = file_join(folder, "code");
	assert_true(file_exists(saved));
	free(saved);
	free(path);
}

/* Page 2 has the events of a vault this small. */
static void
with_lost_events_the_vault_becomes_another_device(void **state)
{
	char *path = make_vault("gone");
	json_t *before = run_json("gone", 0, "identity --json"), *whole, *json;

	(void)state;
	flip_byte(path, 8192 + 4096 + 300);
	whole = run_json("gone", 0, "doctor --json --salvage rest.ronde-vault");
	assert_non_null(json_opt_text(whole, "recovery"));
	json = json_object_get(whole, "saved");
	assert_int_equal(number(json, "events", "saved"), 0);
	assert_int_equal(number(json, "events", "lost"), 5);
	assert_int_equal(number(json, "files", "saved"), 1);
	assert_true(json_is_true(json_object_get(json, "owner")));
	assert_true(json_is_true(json_object_get(json, "keys_renewed")));
	command_says(folder, "gone", 0, "", "doctor --vault rest.ronde-vault");
	json = run_json("gone", 0, "identity --json --vault rest.ronde-vault");
	assert_string_equal(
	    json_opt_text(json, "person"), json_opt_text(before, "person"));
	assert_string_not_equal(
	    json_opt_text(json, "device"), json_opt_text(before, "device"));
	json_decref(json);
	json_decref(whole);
	json_decref(before);
	free(path);
}

static void
the_header_is_repaired_while_one_copy_is_whole(void **state)
{
	char *path = make_vault("headless");

	(void)state;
	flip_byte(path, 700);
	/* Opening writes both copies anew. */
	command_says(folder, "headless", 1, "was repaired", "doctor");
	command_says(folder, "headless", 0, "", "doctor");
	flip_byte(path, 700);
	flip_byte(path, 4096 + 700);
	command_says(
	    folder, "headless", 1, "both copies of the header of ", "doctor");
	free(path);
}

static void
wrong_usage_is_told(void **state)
{
	(void)state;
	command_make_vault(folder, "usage", "inspector");
	command_says(folder, "usage", 2, "do not go together",
	    "doctor --rebuild --salvage new.ronde-vault");
	command_says(
	    folder, "usage", 2, "--salvage needs a value", "doctor --salvage");
	command_says(folder, "usage", 1, "a vault has that name",
	    "doctor --salvage x.ronde-vault --recovery-file "
	    "usage.ronde-vault");
}

static void
it_speaks_french(void **state)
{
	char *path = make_vault("awa");
	struct outcome outcome;

	(void)state;
	setenv("RONDE_LANG", "fr", 1);
	flip_byte(path, 8192 + 300);
	command_run(&outcome, folder, "awa", "doctor");
	setenv("RONDE_LANG", "en", 1);
	assert_int_equal(outcome.code, 1);
	assert_non_null(strstr(outcome.out.data,
	    "la page 1 est endommagée (octet 8192) : elle contenait des "
	    "enregistrements de sqlite_schema"));
	assert_non_null(strstr(outcome.out.data, "Peuvent être sauvés :"));
	assert_non_null(strstr(outcome.err.data, "restaurez une sauvegarde"));
	outcome_release(&outcome);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_vault_that_is_well_exits_with_0),
		TEST(damage_exits_with_1_and_is_saved_into_a_new_vault),
		TEST(with_lost_events_the_vault_becomes_another_device),
		TEST(the_header_is_repaired_while_one_copy_is_whole),
		TEST(wrong_usage_is_told),
		TEST(it_speaks_french),
	};

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_LANG", "en", 1);
	folder = test_folder();
	return RUN_TESTS(tests);
}
