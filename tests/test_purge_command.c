/* SPDX-License-Identifier: Apache-2.0 */
/* ronde purge, as scripts and people use it. */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/vault.h"
#include "tests/command.h"

#define CHECKLIST "checklists/critical-infrastructure.xlsx"

static char *folder;

/* The answers that a signature asks for, by the script of the demo. */
static void
answer_all(const char *id)
{
	char *command =
	    xasprintf("'%s' zoe", test_source("scripts/demo-answers"));
	FILE *answers = popen(command, "r");
	char line[1024];
	int count = 0;

	assert_non_null(answers);
	while (fgets(line, sizeof(line), answers)) {
		struct outcome outcome;
		char *value = strchr(line, '\t');
		char *quote;

		assert_non_null(value);
		*value++ = '\0';
		value[strcspn(value, "\n")] = '\0';
		while ((quote = strchr(value, '\'')))
			*quote = ' '; /* words here have no quotes inside */
		command_run(&outcome, folder, "zoe",
		    "inspection set %s %s '%s' --basis seen", id, line, value);
		assert_int_equal(outcome.code, 0);
		outcome_release(&outcome);
		count++;
	}
	pclose(answers);
	free(command);
	assert_true(count > 0);
}

static void
make_people(void)
{
	command_make_vault(folder, "zoe", "inspector");
	command_make_vault(folder, "amina", "supervisor");
	free(command_expect(folder, "zoe", 0, "trust add amina.card"));
	free(command_expect(folder, "amina", 0, "trust add zoe.card"));
	free(command_expect(folder, "zoe", 0, "site add --name Poste"));
	free(command_expect(
	    folder, "zoe", 0, "checklist import %s", test_build(CHECKLIST)));
}

static char *
new_inspection(void)
{
	return command_expect(
	    folder, "zoe", 0, "inspection new --site Poste --checklist Infra");
}

static void
hand_over(const char *from, const char *to, const char *options)
{
	free(command_expect(
	    folder, from, 0, "export --to %s.card %s b.ronde", to, options));
	free(command_expect(folder, to, 0, "import b.ronde"));
}

static json_t *
json_of(const char *who, const char *command)
{
	struct outcome outcome;
	struct err err = { 0 };
	json_t *json;

	command_run(&outcome, folder, who, "%s --json", command);
	assert_int_equal(outcome.code, 0);
	json = json_parse(
	    outcome.out.data, outcome.out.len, "what it printed", &err);
	assert_no_err(&err);
	outcome_release(&outcome);
	return json;
}

static void
assert_shown(const char *who, const char *command, const char *text, bool shown)
{
	struct outcome outcome;

	command_run(&outcome, folder, who, "%s", command);
	if ((strstr(outcome.out.data, text) != NULL) != shown)
		fail_msg("%s: \"%s\" in: %s", command, text, outcome.out.data);
	outcome_release(&outcome);
}

static void
what_makes_no_sense_is_refused(const char *id)
{
	const struct {
		int code;
		const char *words, *says;
	} cases[] = {
		{ 2, "purge", "name inspections, or say --received" },
		{ 2, "purge --received I-1", "name inspections" },
		{ 2, "purge --received --even-unreceived --reason x",
		    "for inspections that are named" },
		{ 2, "purge I-1 --even-unreceived", "--reason must say why" },
		{ 2, "purge I-1 --even-unreceived --reason '  '",
		    "--reason must say why" },
		{ 2, "purge I-1 --older-than 3", "is for --received" },
		{ 2, "purge --received --older-than three", "number of days" },
		{ 1, "purge I-1 --yes", "I-1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		command_says(folder, "zoe", cases[i].code, cases[i].says, "%s",
		    cases[i].words);
	assert_shown("zoe", "inspection list", id, true);
}

/* Under way, then signed, then handed over, then confirmed. */
static void
it_stays_until_a_receipt_covers_it(const char *id)
{
	command_says(folder, "zoe", 1, "under way", "purge %s --yes", id);
	free(command_expect(folder, "zoe", 0, "inspection sign %s", id));
	command_says(
	    folder, "zoe", 1, "not handed over yet", "purge %s --yes", id);
	hand_over("zoe", "amina", "");
	command_says(folder, "zoe", 1, "no receipt", "purge %s --yes", id);
	assert_shown(
	    "zoe", "purge --received --dry-run", "0 inspections", true);
	hand_over("amina", "zoe", "");
	assert_shown("zoe", "purge --received --dry-run --older-than 1",
	    "changed too lately", true);
	command_says(folder, "zoe", 2, "--yes", "purge --received");
	assert_shown("zoe", "inspection list", id, true);
}

static void
it_goes_and_that_is_said(const char *id, const char *other)
{
	json_t *json = json_of("zoe", "purge --received --yes");
	const json_t *purged = json_object_get(json, "purged");

	assert_int_equal(json_array_size(purged), 1);
	assert_string_equal(json_opt_text(json_array_get(purged, 0), "id"), id);
	assert_int_equal(json_array_size(json_object_get(json, "stays")), 1);
	assert_true(json_opt_int(json, "events", 0) > 10);
	assert_true(json_opt_int(json, "bytes_after", 0) <
	    json_opt_int(json, "bytes_before", 0));
	json_decref(json);
	assert_shown("zoe", "inspection list", id, false);
	assert_shown("zoe", "inspection list", other, true);
	assert_shown("zoe", "site list", "Poste", true);
	assert_shown("zoe", "purge --list", id, true);
	/* The head is followed over it, and the tables follow. */
	free(command_expect(folder, "zoe", 0, "doctor"));
	command_says(folder, "zoe", 1, "was purged here",
	    "export --to amina.card --inspection %s c.ronde", id);
	command_says(
	    folder, "zoe", 1, "was purged here", "inspection show %s", id);
}

static void
others_go_on_and_hear_of_it(const char *id, const char *other)
{
	struct outcome outcome;

	free(command_expect(folder, "zoe", 0,
	    "inspection set %s a0/operator Eneo --basis seen", other));
	free(
	    command_expect(folder, "zoe", 0, "export --to amina.card b.ronde"));
	command_run(&outcome, folder, "amina", "import b.ronde");
	assert_int_equal(outcome.code, 0);
	assert_null(strstr(outcome.out.data, "disputed"));
	assert_null(strstr(outcome.out.data, "wait"));
	outcome_release(&outcome);
	assert_shown("amina", "inspection list", id, true);
	assert_shown("amina", "purge --list", id, true);
	assert_shown("amina", "purge --list", "WITHOUT", false);
}

static void
it_comes_back_and_that_is_said(const char *id)
{
	struct outcome outcome;

	free(command_expect(
	    folder, "amina", 0, "export --to zoe.card --full b.ronde"));
	command_run(&outcome, folder, "zoe", "import b.ronde");
	assert_int_equal(outcome.code, 0);
	assert_non_null(
	    strstr(outcome.out.data, "1 inspection is back that was purged"));
	outcome_release(&outcome);
	assert_shown("zoe", "inspection list", id, true);
	assert_shown("zoe", "purge --list", "back since", true);
	free(command_expect(folder, "zoe", 0, "doctor"));
}

static void
what_nobody_holds_goes_with_a_reason_that_travels(const char *other)
{
	command_says(folder, "zoe", 1, "under way", "purge %s --yes", other);
	free(command_expect(folder, "zoe", 0,
	    "purge %s --even-unreceived --reason 'a checkpoint' --yes", other));
	assert_shown("zoe", "inspection list", other, false);
	hand_over("zoe", "amina", "");
	assert_shown(
	    "amina", "purge --list", "WITHOUT A RECEIPT: a checkpoint", true);
}

/* Evidence whose events are gone, as between two steps of a purge. */
static void
leave_a_file(void)
{
	char *path = file_join(folder, "zoe.ronde-vault");
	char *words = file_join(folder, "zoe.pass");
	char *photo = file_join(folder, "photo");
	const struct vault_options options = { 0 };
	struct err err = { 0 };
	struct secret *phrase = secret_read_file(words, &err);
	struct vault *vault;
	struct hash digest;
	uint64_t size;

	assert_no_err(&err);
	vault = vault_open(path, phrase, &options, &err);
	assert_no_err(&err);
	assert_int_equal(file_write(photo, "photo", 5, 0600, &err), 0);
	assert_int_equal(blob_add_file(vault, photo, &digest, &size, &err), 0);
	vault_close(vault);
	secret_free(phrase);
	free(path);
	free(words);
	free(photo);
}

static void
what_an_interrupted_purge_left_goes_with_the_next(void)
{
	json_t *json;

	leave_a_file();
	assert_shown("zoe", "purge --received --dry-run",
	    "a purge was cut off before", true);
	json = json_of("zoe", "purge --received");
	assert_int_equal(json_opt_int(json, "files", 0), 1);
	assert_int_equal(json_array_size(json_object_get(json, "purged")), 0);
	json_decref(json);
	assert_shown("zoe", "purge --received", "files of evidence: 0", true);
	free(command_expect(folder, "zoe", 0, "anchor --accept"));
}

static void
a_round_with_purges(void **state)
{
	char *id, *other;

	(void)state;
	make_people();
	id = new_inspection();
	other = new_inspection();
	answer_all(id);
	what_makes_no_sense_is_refused(id);
	what_an_interrupted_purge_left_goes_with_the_next();
	it_stays_until_a_receipt_covers_it(id);
	it_goes_and_that_is_said(id, other);
	others_go_on_and_hear_of_it(id, other);
	it_comes_back_and_that_is_said(id);
	what_nobody_holds_goes_with_a_reason_that_travels(other);
	free(id);
	free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { TEST(a_round_with_purges) };

	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		return 1;
	folder = test_folder();
	setenv("RONDE_LANG", "en", 1);
	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	return RUN_TESTS(tests);
}
