/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/html.h"
#include "storage/log.h"
#include "tests/report_support.h"

/* Texts that want to be more than text, wherever a person can write one. */

enum { CSV_COLUMNS = 18, TAG_MAX = 32, DEPTH_MAX = 32 };

static const struct words hostile = {
	.site = "</title></style><script>alert(1)</script>\"' }]]>-->",
	.label =
	    "<img src=http://x.invalid/a onerror=alert(2)> \"q\" ${'\xe2\x80"
	    "\xae"
	    "desrever",
	.choice = "=HYPERLINK(\"http://x.invalid\",\"yes\")",
	.note = "=cmd|' /C calc'!A0\n<script>alert(3)</script> ]]> &amp; \"",
	.reason = "+1+1 <b onclick='alert(4)'>because</b>",
	.awa = "@SUM(1) <i>Awa</i> 'x' \"y\"",
};

/* ---- HTML: a reader that knows no tag but those of reports ---- */

static bool
is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool
is_void(const char *name)
{
	static const char *const names[] = { "!DOCTYPE", "meta", "br", "rect" };

	return is_one_of(name, names, ARRAY_LEN(names));
}

static bool
is_known(const char *name)
{
	static const char *const names[] = { "html", "head", "title", "style",
		"body", "h1", "h2", "h3", "p", "div", "strong", "table",
		"thead", "tbody", "tr", "th", "td", "svg" };

	return is_void(name) || is_one_of(name, names, ARRAY_LEN(names));
}

struct nest {
	char open[DEPTH_MAX][TAG_MAX];
	size_t depth;
};

static const char *
read_tag(struct nest *nest, const char *at)
{
	const bool closing = *at == '/';
	const char *end = strchr(at, '>');
	char name[TAG_MAX];

	assert_non_null(end);
	at += closing;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, " />"), at);
	if (!is_known(name))
		fail_msg("a tag of no report: <%.60s", at);
	/* No attribute that runs or loads something. */
	assert_null(memmem(at, (size_t)(end - at), " on", 3));
	assert_null(memmem(at, (size_t)(end - at), " src", 4));
	assert_null(memmem(at, (size_t)(end - at), " href", 5));
	if (closing) {
		assert_true(nest->depth > 0);
		assert_string_equal(nest->open[--nest->depth], name);
	} else if (!is_void(name)) {
		assert_true(nest->depth < DEPTH_MAX);
		strcpy(nest->open[nest->depth++], name);
	}
	return end + 1;
}

/* An "&" must begin one of the few names that reports use. */
static void
check_entity(const char *at)
{
	static const char *const names[] = { "&amp;", "&lt;", "&gt;", "&quot;",
		"&#39;", "&nbsp;" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strncmp(at, names[i], strlen(names[i])) == 0)
			return;
	fail_msg("a bare &: %.60s", at);
}

static void
assert_well_formed(const char *html)
{
	struct nest nest = { .depth = 0 };

	for (const char *at = html; *at;) {
		assert_true(*at != '>' && *at != '\r');
		if (*at == '<') {
			at = read_tag(&nest, at + 1);
			continue;
		}
		if (*at == '&')
			check_entity(at);
		at++;
	}
	assert_int_equal(nest.depth, 0);
}

static size_t
occurrences(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

/* Leaves the page to test-report-html.sh, which shows it to a browser. */
static void
keep(const char *html)
{
	const char *path = getenv("RONDE_TEST_HTML");
	struct err err = { 0 };

	if (path)
		file_write(path, html, strlen(html), 0600, &err);
	assert_no_err(&err);
}

static void
no_text_becomes_markup(void **state)
{
	struct round round;

	(void)state;
	round_begin(&round, &hostile);
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		char *html = round_report(&round, REPORT_HTML, (enum lang)lang);

		keep(html);
		assert_well_formed(html);
		assert_int_equal(occurrences(html, "</style>"), 1);
		assert_non_null(strstr(html, "&lt;script&gt;alert(1)"));
		assert_non_null(strstr(html, "&lt;img src=http"));
		assert_non_null(strstr(html, "&amp;amp;"));
		assert_non_null(strstr(html, "default-src 'none'"));
		free(html);
	}
	round_end(&round);
}

static void
a_string_of_a_style_sheet_stays_one(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	html_add_css_string(&out, "a\"}</style>\\\n缅");
	assert_string_equal(
	    out.data, "\"a\\22 \\7d \\3c \\2f style\\3e \\5c  缅\"");
	buf_clear(&out);
	html_add_attribute(&out, "\" onload='x'\n&<");
	assert_string_equal(out.data, "&quot; onload=&#39;x&#39; &amp;&lt;");
	buf_release(&out);
}

static void
nothing_turns_the_direction_of_what_follows(void **state)
{
	struct round round;

	(void)state;
	round_begin(&round, &hostile);
	for (int format = REPORT_TEXT; format <= REPORT_CSV; format++) {
		char *text =
		    round_report(&round, (enum report_format)format, LANG_EN);

		assert_null(strstr(text, "\xe2\x80\xae"));
		assert_non_null(strstr(text, "202E"));
		free(text);
	}
	round_end(&round);
}

/* ---- CSV: a strict reader of RFC 4180 ---- */

struct table {
	char *cells[4096];
	size_t count, rows;
};

static const char *
read_cell(struct table *table, const char *at)
{
	struct buf cell = BUF_INIT;

	assert_int_equal(*at, '"');
	for (at++; *at != '"' || at[1] == '"'; at++) {
		assert_int_not_equal(*at, '\0');
		at += *at == '"';
		buf_add_char(&cell, *at);
	}
	assert_true(table->count < ARRAY_LEN(table->cells));
	table->cells[table->count++] = buf_detach(&cell);
	return at + 1;
}

static struct table *
read_table(const char *csv)
{
	struct table *table = xcalloc(1, sizeof(*table));

	assert_int_equal(strncmp(csv, "\xef\xbb\xbf", 3), 0);
	for (csv += 3; *csv; csv += 2) {
		csv = read_cell(table, csv);
		while (*csv == ',')
			csv = read_cell(table, csv + 1);
		assert_int_equal(strncmp(csv, "\r\n", 2), 0);
		assert_int_equal(table->count, ++table->rows * CSV_COLUMNS);
	}
	return table;
}

static void
free_table(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table);
}

static bool
has_cell(const struct table *table, const char *text)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->cells[i], text) == 0)
			return true;
	return false;
}

static void
no_cell_of_the_csv_is_a_formula(void **state)
{
	struct round round;
	struct table *table;
	char *csv, *note;

	(void)state;
	round_begin(&round, &hostile);
	csv = round_report(&round, REPORT_CSV, LANG_FR);
	table = read_table(csv);
	for (size_t i = 0; i < table->count; i++) {
		const char *cell = table->cells[i];

		if (strcmp(cell, "-12") != 0 && strcmp(cell, "-24") != 0)
			assert_false(*cell && strchr("=+-@\t\r", *cell));
	}
	note = xasprintf("'%s", hostile.note);
	assert_true(has_cell(table, note)); /* whole, after the apostrophe */
	assert_true(has_cell(table, "-12"));
	assert_true(has_cell(table, "-24"));
	free(note);
	free_table(table);
	free(csv);
	round_end(&round);
}

static void
formulas_in_disguise_are_found_and_numbers_left(void **state)
{
	static const struct {
		const char *note, *cell;
	} cases[] = {
		{ "-5", "-5" },
		{ "-5.25", "-5.25" },
		{ "12", "12" },
		{ "-5-2", "'-5-2" },
		{ "-", "'-" },
		{ "-1.2.3", "'-1.2.3" },
		{ "+33 1 23", "'+33 1 23" },
		{ "  =1", "'  =1" },
		{ "\n=1", "'\n=1" },
		{ "\t@x", "' @x" },
		{ "\xef\xbc\x9d"
		  "1",
		    "'\xef\xbc\x9d"
		    "1" },
		{ "a=1", "a=1" },
		{ "Acc\xc3\xa8s \"nord\"", "Acc\xc3\xa8s \"nord\"" },
	};
	struct round round;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct words words = plain_words;
		struct table *table;
		char *csv;

		words.note = cases[i].note;
		round_begin(&round, &words);
		csv = round_report(&round, REPORT_CSV, LANG_EN);
		table = read_table(csv);
		assert_true(has_cell(table, cases[i].cell));
		free_table(table);
		free(csv);
		round_end(&round);
	}
}

/* A peer whose program checks nothing: control characters in an event. */
static void
what_another_program_wrote_is_made_harmless_too(void **state)
{
	struct round round;
	struct err err = { 0 };

	(void)state;
	round_begin(&round, &plain_words);
	write_event(round.chief, round.id, "answer",
	    "{\"path\":\"a1/guards\",\"value\":\"no\",\"basis\":\"seen\","
	    "\"note\":\"\\u001b[2J\\u202eevil\",\"reason\":\"\","
	    "\"flag\":true}");
	inspection_reload(round.inspection, &err);
	assert_no_err(&err);
	for (int format = REPORT_TEXT; format <= REPORT_CSV; format++) {
		char *text =
		    round_report(&round, (enum report_format)format, LANG_EN);

		assert_non_null(strstr(text, "evil"));
		assert_null(strchr(text, '\x1b'));
		assert_null(strstr(text, "\xe2\x80\xae"));
		free(text);
	}
	round_end(&round);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_text_becomes_markup),
		TEST(a_string_of_a_style_sheet_stays_one),
		TEST(nothing_turns_the_direction_of_what_follows),
		TEST(no_cell_of_the_csv_is_a_formula),
		TEST(formulas_in_disguise_are_found_and_numbers_left),
		TEST(what_another_program_wrote_is_made_harmless_too),
	};

	i18n_init();
	return RUN_TESTS(tests);
}
