/* SPDX-License-Identifier: Apache-2.0 */
/* The command line as scripts and people use it. */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "tests/command.h"

#define CHECKLIST "checklists/critical-infrastructure.xlsx"

static char *folder;

static void
wrong_usage_is_2_and_says_what_is_wrong(void **state)
{
	static const struct {
		const char *words, *says;
	} cases[] = {
		{ "nonsense", "unknown command: nonsense" },
		{ "site", "needs one of these commands" },
		{ "site paint", "has no command paint" },
		{ "site add --name", "--name needs a value" },
		{ "site add --colour red", "unknown option: --colour" },
		{ "site add", "--name is missing" },
		{ "site add --name X --category castle",
		    "infrastructure or public-place" },
		{ "init --name X --organisation Y --role king",
		    "authority, supervisor or inspector" },
		{ "init --name X --role inspector",
		    "--organisation is missing" },
		{ "inspection set I-1 path", "needs ID PATH VALUE" },
		{ "inspection set I-1 a b --basis guess", "the basis is" },
		{ "site list extra", "unexpected argument: extra" },
		{ "mission new --site S --checklist C", "--to is missing" },
		{ "mission new --site S --checklist C --to P --due tomorrow",
		    "is not a date" },
		{ "export out.ronde", "--to is missing" },
		{ "report I-1 --format pdf --output x", "text, html or csv" },
		{ "report I-1 --lang de --output x", "fr or en" },
	};

	(void)state;
	command_make_vault(folder, "usage", "inspector");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		/* Commands that need the vault first say so differently. */
		if (strstr(cases[i].words, "inspection set I-1 a b"))
			command_says(
			    folder, "usage", 1, "I-1", "%s", cases[i].words);
		else
			command_says(folder, "usage", 2, cases[i].says, "%s",
			    cases[i].words);
	}
}

static void
every_command_has_help_in_both_languages(void **state)
{
	static const char *const commands[] = { "init", "identity", "trust add",
		"trust list", "trust revoke", "site add", "site rename",
		"site list", "checklist check", "checklist import",
		"checklist list", "mission new", "inspection new",
		"inspection list", "inspection show", "inspection sign",
		"inspection reopen", "inspection set", "inspection resolve",
		"export", "verify", "import", "purge", "report", "doctor",
		"anchor", "backup", "restore", "key list", "key passphrase",
		"key recovery", "key programme", "key open", "key renew" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		struct outcome english, french;

		setenv("RONDE_LANG", "en", 1);
		command_run(
		    &english, folder, "nobody", "%s --help", commands[i]);
		setenv("RONDE_LANG", "fr", 1);
		command_run(
		    &french, folder, "nobody", "%s --help", commands[i]);
		setenv("RONDE_LANG", "en", 1);
		assert_int_equal(english.code, 0);
		assert_int_equal(french.code, 0);
		assert_non_null(strstr(english.out.data, commands[i]));
		assert_non_null(strstr(english.out.data, "Exit code"));
		assert_non_null(strstr(french.out.data, "Code de sortie"));
		assert_int_equal(english.err.len + french.err.len, 0);
		outcome_release(&english);
		outcome_release(&french);
	}
}

/* gettext has the header of the translation for what is empty. */
static void
the_commands_of_a_group_are_listed_in_both_languages(void **state)
{
	static const char *const langs[] = { "fr", "en" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(langs); i++) {
		struct outcome outcome;

		setenv("RONDE_LANG", langs[i], 1);
		command_run(&outcome, folder, "nobody", "key --help");
		assert_int_equal(outcome.code, 0);
		assert_non_null(
		    strstr(outcome.out.data, "  ronde key list\n      "));
		assert_null(strstr(outcome.out.data, "Content-Type"));
		outcome_release(&outcome);
	}
}

static void
a_wrong_passphrase_is_refused_in_the_users_language(void **state)
{
	struct err err = { 0 };
	char *file = file_join(folder, "wrong.pass");

	(void)state;
	command_make_vault(folder, "lock", "inspector");
	file_write(file, "open barley\n", 12, 0600, &err);
	assert_no_err(&err);
	command_says(folder, "lock", 1, "wrong passphrase",
	    "site list --passphrase-file wrong.pass");
	setenv("RONDE_LANG", "fr", 1);
	command_says(folder, "lock", 1, "phrase secrète",
	    "site list --passphrase-file wrong.pass");
	setenv("RONDE_LANG", "en", 1);
	free(command_expect(folder, "lock", 0, "site list"));
	free(file);
}

static void
names_come_out_as_they_went_in_and_bad_ones_are_refused(void **state)
{
	static const char *const good[] = { "缅北禁地", "مستشفى الشفاء",
		"Œuvre, Élise", "e\xcc\x81glise" };
	struct outcome outcome;
	char *long_name = xcalloc(10001, 1);

	(void)state;
	command_make_vault(folder, "names", "supervisor");
	memset(long_name, 'x', 10000);
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		char *id = command_expect(
		    folder, "names", 0, "site add --name '%s'", good[i]);

		assert_true(strncmp(id, "S-", 2) == 0);
		free(id);
	}
	command_run(&outcome, folder, "names", "site list");
	for (size_t i = 0; i < ARRAY_LEN(good) - 2; i++)
		assert_non_null(strstr(outcome.out.data, good[i]));
	outcome_release(&outcome);
	command_says(
	    folder, "names", 1, "control", "site add --name 'bad\x1b[31mname'");
	command_says(folder, "names", 1, "UTF-8",
	    "site add --name 'b\xff"
	    "d'");
	command_says(
	    folder, "names", 1, "1000", "site add --name %s", long_name);
	free(long_name);
}

static void
a_bad_workbook_names_sheet_row_and_column_and_changes_nothing(void **state)
{
	static const char survey[] = "type,name,label\n"
				     "text,a,A\n"
				     "integer,b,B ${nowhere}\n"
				     "colour,c,C\n"
				     "calculate,d,\n";
	char *forms = file_join(folder, "bad-form");
	char *path = file_join(folder, "bad-form/survey.csv");
	struct err err = { 0 };
	struct outcome outcome;

	(void)state;
	command_make_vault(folder, "forms", "supervisor");
	file_make_folders(forms, &err);
	file_write(path, survey, strlen(survey), 0600, &err);
	assert_no_err(&err);
	command_run(&outcome, folder, "forms", "checklist check bad-form");
	assert_int_equal(outcome.code, 1);
	assert_non_null(strstr(outcome.err.data, "survey"));
	assert_non_null(strstr(outcome.err.data, "4"));
	assert_non_null(strstr(outcome.err.data, "colour"));
	outcome_release(&outcome);
	command_says(folder, "forms", 1, "colour", "checklist import bad-form");
	command_run(&outcome, folder, "forms", "checklist list --json");
	assert_string_equal(outcome.out.data, "[]\n");
	outcome_release(&outcome);
	free(forms);
	free(path);
}

static void
missing_things_are_1_and_say_what_to_do(void **state)
{
	(void)state;
	command_says(folder, "nobody", 1, "ronde init", "site list");
	command_make_vault(folder, "lone", "inspector");
	command_says(folder, "lone", 1, "exists already",
	    "init --name X --organisation Y --role inspector");
	command_says(folder, "lone", 1, "I-NOPE", "inspection show I-NOPE");
	command_says(folder, "lone", 1, "none.ronde", "verify none.ronde");
	command_says(folder, "lone", 1, "none.card", "trust add none.card");
}

static void
a_limit_on_the_size_of_files_is_told_and_leaves_nothing(void **state)
{
	struct rlimit before, least;
	char *pass = file_join(folder, "limited.pass");
	char *vault = file_join(folder, "limited.ronde-vault");
	struct err err = { 0 };

	(void)state;
	file_write(pass, "open sesame\n", 12, 0600, &err);
	assert_no_err(&err);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	least = before;
	least.rlim_cur = 16 * 1024;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &least), 0);
	command_says(folder, "limited", 1, "could not be",
	    "init --name X --organisation Y --role inspector");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_false(file_exists(vault));
	free(pass);
	free(vault);
}

static char *
own_field(const char *who, const char *key)
{
	struct outcome outcome;
	struct err err = { 0 };
	json_t *json;
	char *text;

	command_run(&outcome, folder, who, "identity --json");
	json = json_parse(outcome.out.data, outcome.out.len, "identity", &err);
	assert_no_err(&err);
	text = xstrdup(json_string_value(json_object_get(json, key)));
	json_decref(json);
	outcome_release(&outcome);
	return text;
}

static void
what_follows_from_the_claims_of_a_card_is_said(void **state)
{
	char *person, *device, *further;

	(void)state;
	command_make_vault(folder, "claims", "inspector");
	command_make_vault(folder, "boss", "authority");
	command_says(folder, "claims", 0, "the role authority is what the card",
	    "trust add boss.card");
	person = own_field("boss", "person");
	device = own_field("boss", "device");
	further = xasprintf("inspector --person %s", person);
	command_make_vault(folder, "boss2", further);
	command_says(folder, "claims", 0, "is a person known here already",
	    "trust add boss2.card");
	/* A revoked device gets nothing, not by its card either. */
	free(command_expect(folder, "claims", 0,
	    "trust revoke %s --after 0 --reason lost", device));
	command_says(folder, "claims", 1, "was revoked",
	    "export --to boss.card boss.ronde");
	free(person);
	free(device);
	free(further);
}

static char *
read_state(const char *id)
{
	struct outcome outcome;
	char *text;

	command_run(&outcome, folder, "whole", "inspection show %s --json", id);
	assert_int_equal(outcome.code, 0);
	text = xstrdup(outcome.out.data);
	outcome_release(&outcome);
	return text;
}

static void
assert_state(const char *id, const char *expected)
{
	char *now = read_state(id);

	assert_string_equal(now, expected);
	free(now);
}

static void
an_answer_and_its_evidence_are_kept_together_or_not_at_all(void **state)
{
	char *before, *id;

	(void)state;
	command_make_vault(folder, "whole", "inspector");
	free(command_expect(folder, "whole", 0, "site add --name Port"));
	free(command_expect(
	    folder, "whole", 0, "checklist import %s", test_build(CHECKLIST)));
	id = command_expect(
	    folder, "whole", 0, "inspection new --site Port --checklist Infra");
	free(command_expect(
	    folder, "whole", 0, "inspection set %s a0/operator one", id));
	before = read_state(id);
	command_says(folder, "whole", 1, "no-photo",
	    "inspection set %s a0/operator two --evidence whole.card"
	    " --evidence no-photo",
	    id);
	assert_state(id, before);
	free(command_expect(folder, "whole", 0,
	    "inspection set %s a0/operator two --evidence whole.card", id));
	free(before);
	free(id);
}

static void
what_is_written_out_never_takes_the_place_of_a_vault(void **state)
{
	static const char *const words[] = {
		"export --to keeper.card keeper.ronde-vault",
		"export --to keeper.card other.ronde-vault",
		"export --to keeper.card other.ronde-vault-wal",
		"report I- --output keeper.ronde-vault",
		"identity --export-age-key other.ronde-vault",
	};
	char *other = file_join(folder, "other.ronde-vault");
	char *pass = file_join(folder, "third.pass");
	struct buf before = BUF_INIT, after = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	command_make_vault(folder, "keeper", "inspector");
	command_make_vault(folder, "other", "inspector");
	free(command_expect(folder, "keeper", 0, "site add --name Port"));
	free(command_expect(
	    folder, "keeper", 0, "checklist import %s", test_build(CHECKLIST)));
	free(command_expect(folder, "keeper", 0,
	    "inspection new --site Port --checklist Infra"));
	file_write(pass, "open sesame\n", 12, 0600, &err);
	file_read(other, &before, &err);
	assert_no_err(&err);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		command_says(folder, "keeper", 1, "a vault has that name", "%s",
		    words[i]);
	/* The code of a vault that is being made may not take its place. */
	command_says(folder, "third", 1, "a vault has that name",
	    "init --name X --organisation Y --role inspector"
	    " --recovery-file other.ronde-vault");
	file_read(other, &after, &err);
	assert_no_err(&err);
	assert_int_equal(after.len, before.len);
	assert_memory_equal(after.data, before.data, before.len);
	free(command_expect(folder, "keeper", 0, "site list"));
	buf_release(&before);
	buf_release(&after);
	free(pass);
	free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(wrong_usage_is_2_and_says_what_is_wrong),
		TEST(every_command_has_help_in_both_languages),
		TEST(the_commands_of_a_group_are_listed_in_both_languages),
		TEST(a_wrong_passphrase_is_refused_in_the_users_language),
		TEST(names_come_out_as_they_went_in_and_bad_ones_are_refused),
		TEST(
		    a_bad_workbook_names_sheet_row_and_column_and_changes_nothing),
		TEST(missing_things_are_1_and_say_what_to_do),
		TEST(a_limit_on_the_size_of_files_is_told_and_leaves_nothing),
		TEST(what_follows_from_the_claims_of_a_card_is_said),
		TEST(
		    an_answer_and_its_evidence_are_kept_together_or_not_at_all),
		TEST(what_is_written_out_never_takes_the_place_of_a_vault),
	};

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_LANG", "en", 1);
	folder = test_folder();
	return RUN_TESTS(tests);
}
