/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/command.h"

/* Rows of repeats on the command line and in the reports. */

static char *folder;

static const char sheets[] = "survey,type,name,label,required\n"
			     ",text,village,Village,\n"
			     ",begin repeat,house,House,\n"
			     ",text,head,Head,yes\n"
			     ",begin repeat,person,Person,\n"
			     ",text,first,First name,\n"
			     ",end repeat,,,\n"
			     ",end repeat,,,\n"
			     "settings,form_title,form_id\n"
			     ",Houses,houses\n";

static char *
begin(const char *who)
{
	char *path = file_join(folder, "houses.csv"), *id;
	struct err err = { 0 };

	file_write(path, sheets, strlen(sheets), 0600, &err);
	assert_no_err(&err);
	free(path);
	command_make_vault(folder, who, "inspector");
	free(command_expect(folder, who, 0, "checklist import houses.csv"));
	free(command_expect(folder, who, 0, "site add --name Kolda"));
	id = command_expect(
	    folder, who, 0, "inspection new --site Kolda --checklist houses");
	return id;
}

/* What a command prints has all of these, in this order. */
static void
assert_prints(const char *who, const char *words, const char *const *texts)
{
	struct outcome outcome;
	const char *at;

	command_run(&outcome, folder, who, "%s", words);
	assert_int_equal(outcome.code, 0);
	at = outcome.out.data;
	for (; *texts; texts++) {
		const char *found = strstr(at, *texts);

		if (!found)
			fail_msg("no %s in\n%s", *texts, outcome.out.data);
		at = found + strlen(*texts);
	}
	outcome_release(&outcome);
}

static void
fill(const char *who, const char *id)
{
	char *first =
	    command_expect(folder, who, 0, "inspection row add %s house", id);

	free(command_expect(folder, who, 0, "inspection row add %s house", id));
	free(command_expect(
	    folder, who, 0, "inspection set %s %s/head Diallo", id, first));
	free(command_expect(
	    folder, who, 0, "inspection set %s house[2]/head Ba", id));
	free(command_expect(
	    folder, who, 0, "inspection row add %s house[1]/person", id));
	free(command_expect(folder, who, 0,
	    "inspection set %s house[1]/person[1]/first Awa --flag", id));
	free(first);
}

static void
rows_are_shown_and_reported_with_their_numbers(void **state)
{
	static const char *const shown[] = { "House 1 of 2", "house[1]/head",
		"Diallo", "House 1 of 2 › Person 1 of 1",
		"house[1]/person[1]/first", "Awa", "House 2 of 2", "Ba", NULL };
	static const char *const text[] = { "House 1 of 2 › Person 1 of 1 › ",
		"# House 1 of 2", "Diallo", "# House 1 of 2 › Person 1 of 1",
		"Awa", "# House 2 of 2", "Ba", NULL };
	static const char *const csv[] = { "\"row\"",
		"/head\",\"Head\",\"Diallo\"", "\"House 1 of 2\"",
		"/first\",\"First name\",\"Awa\"",
		"\"House 1 of 2 › Person 1 of 1\"", NULL };
	static const char *const html[] = { "House 1 of 2", "Diallo", NULL };
	const struct {
		const char *words;
		const char *const *texts;
	} cases[] = {
		{ "inspection show %s", shown },
		{ "report %s --format text --output -", text },
		{ "report %s --format csv --output -", csv },
		{ "report %s --format html --output -", html },
	};
	char *id = begin("shower");

	(void)state;
	fill("shower", id);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *mark = strstr(cases[i].words, "%s");
		char *words = xasprintf("%.*s%s%s",
		    (int)(mark - cases[i].words), cases[i].words, id, mark + 2);

		assert_prints("shower", words, cases[i].texts);
		free(words);
	}
	free(command_expect(
	    folder, "shower", 0, "inspection row remove %s house[1]", id));
	command_says(folder, "shower", 1, "no place",
	    "inspection set %s house[2]/head X", id);
	free(command_expect(folder, "shower", 0, "inspection sign %s", id));
	command_says(folder, "shower", 1, "is signed",
	    "inspection row add %s house", id);
	free(id);
}

static void
what_is_no_row_is_refused_by_name(void **state)
{
	static const struct {
		int code;
		const char *words, *says;
	} cases[] = {
		{ 1, "inspection set %s head X",
		    "name the row, as in house[1]" },
		{ 1, "inspection set %s house[1]/head X", "house[1]/head" },
		{ 1, "inspection row add %s village", "no rows to add" },
		{ 1, "inspection row remove %s village", "no row of a repeat" },
		{ 1, "inspection row remove %s house", "no row of a repeat" },
		{ 2, "inspection row take %s house", "not take" },
	};
	char *id = begin("refused");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *mark = strstr(cases[i].words, "%s");

		command_says(folder, "refused", cases[i].code, cases[i].says,
		    "%.*s%s%s", (int)(mark - cases[i].words), cases[i].words,
		    id, mark + 2);
	}
	free(id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_are_shown_and_reported_with_their_numbers),
		TEST(what_is_no_row_is_refused_by_name),
	};

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_LANG", "en", 1);
	folder = test_folder();
	return RUN_TESTS(tests);
}
