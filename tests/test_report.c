/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <ctype.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tests/report_support.h"

/*
 * What reports say, against whole reports in tests/fixtures/.  With
 * RONDE_TEST_UPDATE=1 the files are written anew: read the difference.
 */

/* The digits or capitals that follow, at most `max`. */
static size_t
run_of(const char *text, size_t max)
{
	size_t len = 0;

	while (len < max &&
	    (isdigit((unsigned char)text[len]) ||
		isupper((unsigned char)text[len])))
		len++;
	return len;
}

/* "0412 2207 ...": six groups of four digits. */
static bool
is_code(const char *text)
{
	for (int i = 0; i < 29; i++)
		if (i % 5 == 4 ? text[i] != ' '
			       : !isdigit((unsigned char)text[i]))
			return false;
	return true;
}

/* Identifiers and control codes are of this run: X and 0 in their place. */
static void
hide_identifiers(char *text)
{
	for (; *text; text++) {
		if (strchr("ISD", *text) && text[1] == '-' &&
		    run_of(text + 2, 26) >= 16) {
			memset(text + 2, 'X', run_of(text + 2, 26));
		} else if (is_code(text)) {
			for (int i = 0; i < 29; i++)
				if (text[i] != ' ')
					text[i] = '0';
		}
	}
}

static void
assert_golden(const char *name, const char *text)
{
	const char *path = test_source(name);
	struct buf wanted = BUF_INIT;
	struct err err = { 0 };

	if (getenv("RONDE_TEST_UPDATE"))
		file_write(path, text, strlen(text), 0644, &err);
	assert_no_err(&err);
	file_read(path, &wanted, &err);
	assert_no_err(&err);
	assert_string_equal(text, wanted.data);
	buf_release(&wanted);
}

static void
reports_read_as_the_fixtures_do(void **state)
{
	static const struct {
		enum report_format format;
		enum lang lang;
		const char *name;
	} cases[] = {
		{ REPORT_TEXT, LANG_FR, "tests/fixtures/report.fr.text" },
		{ REPORT_TEXT, LANG_EN, "tests/fixtures/report.en.text" },
		{ REPORT_HTML, LANG_FR, "tests/fixtures/report.fr.html" },
		{ REPORT_HTML, LANG_EN, "tests/fixtures/report.en.html" },
		{ REPORT_CSV, LANG_FR, "tests/fixtures/report.fr.csv" },
		{ REPORT_CSV, LANG_EN, "tests/fixtures/report.en.csv" },
	};
	struct round round;

	(void)state;
	round_begin(&round, &plain_words);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *text =
		    round_report(&round, cases[i].format, cases[i].lang);

		hide_identifiers(text);
		assert_golden(cases[i].name, text);
		free(text);
	}
	round_end(&round);
}

static void
the_same_inspection_gives_the_same_bytes(void **state)
{
	struct round round;

	(void)state;
	round_begin(&round, &plain_words);
	for (int format = REPORT_TEXT; format <= REPORT_CSV; format++) {
		char *first =
		    round_report(&round, (enum report_format)format, LANG_FR);
		struct err err = { 0 };
		char *second;

		i18n_set(LANG_EN);
		inspection_reload(round.inspection, &err);
		assert_no_err(&err);
		second =
		    round_report(&round, (enum report_format)format, LANG_FR);
		assert_string_equal(first, second);
		assert_int_equal(i18n_lang(), LANG_EN);
		free(first);
		free(second);
	}
	round_end(&round);
}

/* Both sides of the open disagreement, and who settled the other. */
static void
every_format_names_who_differed_and_who_decided(void **state)
{
	static const char *const needed[] = { "Awa Sow", "Ben", "Chef",
		"partly", "Awa stood at the gate at night", "lamps are out" };
	struct round round;

	(void)state;
	round_begin(&round, &plain_words);
	assert_int_equal(inspection_info(round.inspection)->conflicts, 1);
	for (int format = REPORT_TEXT; format <= REPORT_CSV; format++) {
		char *text =
		    round_report(&round, (enum report_format)format, LANG_EN);

		for (size_t i = 0; i < ARRAY_LEN(needed); i++)
			assert_non_null(strstr(text, needed[i]));
		free(text);
	}
	round_end(&round);
}

static void
no_line_of_the_text_is_wider_than_78_columns(void **state)
{
	struct words words = plain_words;
	struct round round;

	(void)state;
	words.site = words.awa = words.label =
	    "缅北禁地缅北禁地缅北禁地缅北禁地缅北禁地缅北禁地缅北禁地"
	    "缅北禁地缅北禁地缅北禁地缅北禁地缅北禁地缅北禁地缅北禁地";
	round_begin(&round, &words);
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		char *text = round_report(&round, REPORT_TEXT, (enum lang)lang);

		for (const char *line = text; *line;
		     line += strcspn(line, "\n") + 1)
			if (text_width(line, strcspn(line, "\n")) > 78)
				fail_msg("too wide: %.*s",
				    (int)strcspn(line, "\n"), line);
		free(text);
	}
	round_end(&round);
}

static void
a_report_is_for_its_owner_alone(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "r.html");
	struct err err = { 0 };
	struct round round;
	struct stat st;
	mode_t mask;

	(void)state;
	round_begin(&round, &plain_words);
	mask = umask(0);
	assert_int_equal(
	    report_save(round.inspection, REPORT_HTML, LANG_FR, path, &err), 0);
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	round_end(&round);
	free(path);
	free(folder);
}

/* Names what lies in a folder; root may write everywhere, so not as root. */
static void
a_folder_that_is_read_only_stays_empty(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "r.csv");
	const bool root = geteuid() == 0;
	struct err err = { 0 };
	struct round round;
	int result;

	(void)state;
	round_begin(&round, &plain_words);
	chmod(folder, 0555);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	result = report_save(round.inspection, REPORT_CSV, LANG_FR, path, &err);
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(result, -1);
	assert_int_equal(err.code, ERR_DENIED);
	assert_non_null(strstr(err.msg, "r.csv"));
	chmod(folder, 0755);
	assert_int_equal(rmdir(folder), 0); /* which an empty one allows */
	round_end(&round);
	free(path);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reports_read_as_the_fixtures_do),
		TEST(the_same_inspection_gives_the_same_bytes),
		TEST(every_format_names_who_differed_and_who_decided),
		TEST(no_line_of_the_text_is_wider_than_78_columns),
		TEST(a_report_is_for_its_owner_alone),
		TEST(a_folder_that_is_read_only_stays_empty),
	};

	setenv("TZ", "Africa/Dakar", 1);
	setenv("RONDE_LANG", "en", 1);
	tzset();
	i18n_init();
	bindtextdomain("ronde", test_build("locale"));
	return RUN_TESTS(tests);
}
