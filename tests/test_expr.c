/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "checklists/expr.h"

/* A small form: the items that expressions here may name. */
static const struct {
	const char *name, *text;
	enum value_kind kind;
} items[] = {
	{ "blank", "", VALUE_NUMBER },
	{ "n", "5", VALUE_NUMBER },
	{ "text5", "5.0", VALUE_TEXT },
	{ "day", "2024-03-01", VALUE_DATE },
	{ "earlier", "2024-02-28", VALUE_DATE },
	{ "tools", "water power", VALUE_TEXT },
	{ "yes", "1", VALUE_BOOLEAN },
	{ "no", "0", VALUE_BOOLEAN },
	{ "name", "缅北é", VALUE_TEXT },
	{ "stamp", "2024-03-01T10:20:30.456+00:00", VALUE_DATE },
	{ "kept", "first", VALUE_TEXT },
};

static const char *
item_text(void *arg, int item, int row_of, enum value_kind *kind)
{
	(void)row_of;
	(void)arg;
	*kind = items[item].kind;
	return items[item].text;
}

static const char *
column_text(void *arg, int column)
{
	(void)arg;
	return column == 0 ? "north" : "";
}

static const char *
choice_label(void *arg, int item, const char *name)
{
	(void)arg;
	if (strcmp(items[item].name, "tools") == 0 &&
	    strcmp(name, "water") == 0)
		return "Water supply";
	return NULL;
}

static int
find_item(void *arg, int self, const char *path, size_t len, int *row_of,
    struct err *err)
{
	const char *name = path;

	if (row_of)
		*row_of = -1;
	if (len == 1 && path[0] == '.')
		return self;
	if (arg && !memchr(path, '/', len) && path[0] != '$')
		return len == 6 && strncmp(path, "region", 6) == 0
		    ? EXPR_COLUMN
		    : err_set(
			  err, ERR_NOT_FOUND, "no column %.*s", (int)len, path);
	if (len > 3 && path[0] == '$') {
		name += 2;
		len -= 3;
	} else {
		for (const char *at = path; at < path + len; at++)
			if (*at == '/')
				name = at + 1;
		len -= (size_t)(name - path);
	}
	for (size_t i = 0; i < ARRAY_LEN(items); i++)
		if (strlen(items[i].name) == len &&
		    strncmp(items[i].name, name, len) == 0)
			return (int)i;
	return err_set(
	    err, ERR_NOT_FOUND, "there is no item %.*s", (int)len, name);
}

enum { SELF_KEPT = 10 };

static const struct expr_names plain = { .resolve = find_item, .self = 1 };
static const struct expr_names of_kept = { .resolve = find_item,
	.self = SELF_KEPT };
static int in_filter = 1;
static const struct expr_names filter = {
	.resolve = find_item, .arg = &in_filter, .self = 1, .in_filter = true
};

static struct expr_source
make_source(void)
{
	return (struct expr_source){ .text = item_text,
		.column = column_text,
		.choice_label = choice_label,
		.now = 1709288430456, /* 2024-03-01T10:20:30.456Z */
		.month_lang = "fr" };
}

/* The text of `text` evaluated; the message where it fails. */
static char *
result_of(const char *text, const struct expr_names *names, bool for_storage)
{
	const struct expr_source source = make_source();
	struct arena *arena = arena_new();
	struct err err = { 0 };
	const struct expr *expr = expr_parse(arena, text, names, &err);
	char *result = NULL;

	if (expr)
		result = expr_text(expr, &source, for_storage, &err);
	if (!result) {
		assert_true(err.code != ERR_NONE);
		result = xstrdup(err.msg);
	}
	arena_free(arena);
	return result;
}

struct expectation {
	const char *text, *result;
};

static void
check(const struct expectation *cases, size_t count,
    const struct expr_names *names, bool for_storage)
{
	for (size_t i = 0; i < count; i++) {
		char *result = result_of(cases[i].text, names, for_storage);

		if (strcmp(result, cases[i].result) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", cases[i].text,
			    result, cases[i].result);
		free(result);
	}
}

static void
operators_bind_as_in_xpath(void **state)
{
	static const struct expectation cases[] = {
		{ "1 + 2 * 3", "7" },
		{ "(1 + 2) * 3", "9" },
		{ "10 - 2 - 3", "5" },
		{ "8 div 2 div 2", "2" },
		{ "7 mod 4", "3" },
		{ "-7 mod 4", "-3" },
		{ "- - 2", "2" },
		{ "1 < 2 = true()", "true" },
		{ "-3 < 3 = 6 >= 6", "true" },
		{ "1 or 0 and 0", "true" },
		{ "3-2", "1" },
		{ "2mod2", "0" },
		{ "1 div 0", "Infinity" },
		{ "0 div 0", "NaN" },
		{ "'a' = \"a\"", "true" },
		{ "\n1\t+ 1 ", "2" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

static void
numbers_are_written_as_javarosa_writes_them(void **state)
{
	static const struct expectation cases[] = {
		{ "5", "5" },
		{ "5.0", "5" },
		{ "0.1 + 0.2", "0.30000000000000004" },
		{ "5000000000", "5.0E9" },
		{ "2147483647", "2147483647" },
		{ "15000000.5", "1.50000005E7" },
		{ "1234567.5", "1234567.5" },
		{ "0.001", "0.001" },
		{ "0.00012", "1.2E-4" },
		{ "-0.5", "-0.5" },
		{ "-0", "0" },
		{ "string(-0)", "0" },
		{ "1 div 3", "0.3333333333333333" },
	};
	static const struct expectation stored[] = {
		{ "5000000000", "5000000000" },
		{ "0 div 0", "" },
		{ "${blank} + 1", "" },
		{ "1 = 1", "1" },
		{ "1 = 2", "0" },
		{ "'true'", "true" },
		{ "2.50", "2.5" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
	check(stored, ARRAY_LEN(stored), &plain, true);
}

static void
blank_answers_compare_as_in_javarosa(void **state)
{
	static const struct expectation cases[] = {
		{ "${blank} = 0", "false" },
		{ "${blank} != 0", "true" },
		{ "${blank} > 0", "false" },
		{ "${blank} < 1", "false" },
		{ "not(${blank} > 3)", "true" },
		{ "${blank} = ''", "true" },
		{ "${n} = 5.0", "true" },
		{ "${n} = '5.0'", "true" },
		{ "${text5} = '5'", "false" },
		{ "${text5} = 5", "true" },
		{ "'a' < 'b'", "false" },
		{ "number('+5')", "NaN" },
		{ "number('1e3')", "NaN" },
		{ "number(' 5 ')", "5" },
		{ "sum(${n}, ${blank}, 3)", "8" },
		{ "max(${n}, ${blank})", "5" },
		{ "min(${blank})", "NaN" },
		{ "count(${n}, ${blank})", "2" },
		{ "child::n = 5", "true" },
		{ "count-non-empty(${n}, ${blank})", "1" },
		{ "coalesce(${blank}, 'x')", "x" },
		{ "if(${yes}, 'T', 'F')", "T" },
		{ "if(${no}, 'T', 'F')", "F" },
		{ "if('false', 'T', 'F')", "T" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

static void
if_and_or_do_not_compute_what_they_do_not_need(void **state)
{
	static const struct expectation cases[] = {
		{ "if(true(), 'a', date('x'))", "a" },
		{ "false() and date('x')", "false" },
		{ "true() or date('x')", "true" },
		{ "coalesce('a', date('x'))", "a" },
		{ "true() and date('x')",
		    "column 12: date(): \"x\" is no date such as 2026-11-23" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

static void
texts_count_characters_and_not_bytes(void **state)
{
	static const struct expectation cases[] = {
		{ "string-length(${name})", "3" },
		{ "substr(${name}, 1)", "北é" },
		{ "substr(${name}, -1)", "é" },
		{ "substr(${name}, 0, 1)", "缅" },
		{ "substring(${name}, 2, 1)", "北" },
		{ "translate(${name}, 'é北', 'e')", "缅e" },
		{ "substr('hello', 1, 3)", "el" },
		{ "substr('hello', 4, 2)", "" },
		{ "concat(1, 'a', true())", "1atrue" },
		{ "concat()", "" },
		{ "join(', ', 'a', 'b', 'c')", "a, b, c" },
		{ "substring-before('a-b', '-')", "a" },
		{ "substring-after('a-b', '-')", "b" },
		{ "substring-after('a', '-')", "" },
		{ "contains('abc', 'b')", "true" },
		{ "starts-with('abc', 'ab')", "true" },
		{ "ends-with('abc', 'bc')", "true" },
		{ "normalize-space('  a   b ')", "a b" },
		{ "string-length()", "1" },
		{ "string-length(uuid())", "36" },
		{ "string-length(uuid(8))", "8" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

static void
selects_are_names_between_spaces(void **state)
{
	static const struct expectation cases[] = {
		{ "selected(${tools}, 'water')", "true" },
		{ "selected(${tools}, 'wat')", "false" },
		{ "selected('a b', 'a b')", "true" },
		{ "selected(${blank}, 'water')", "false" },
		{ "count-selected(${tools})", "2" },
		{ "count-selected('')", "0" },
		{ "selected-at(${tools}, 0)", "water" },
		{ "selected-at(${tools}, 1)", "power" },
		{ "selected-at(${tools}, 2)", "" },
		{ "selected-at(${tools}, -1)", "" },
		{ "jr:choice-name('water', '${tools}')", "Water supply" },
		{ "jr:choice-name('fire', '${tools}')", "" },
		{ "boolean-from-string('TRUE')", "true" },
		{ "boolean-from-string(0)", "false" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

static void
dates_are_days_of_the_local_calendar(void **state)
{
	static const struct expectation cases[] = {
		{ "${day} > ${earlier}", "true" },
		{ "${day} - ${earlier}", "2" },
		{ "${day} + 1", "19784" },
		{ "date(${day} + 1)", "2024-03-02" },
		{ "${day} <= today()", "true" },
		{ "today()", "2024-03-01" },
		{ "now()", "2024-03-01T11:20:30.456+01:00" },
		{ "date('2024-02-30')",
		    "column 1: date(): \"2024-02-30\" is no date such as "
		    "2026-11-23" },
		{ "date('')", "" },
		{ "format-date('', '%Y')", "" },
		{ "format-date(${day}, '%e/%n/%y')", "1/3/24" },
		{ "format-date(${day}, '%a %d %b %Y')", "ven. 01 mars 2024" },
		{ "format-date-time(${stamp}, '%H:%M:%S.%3')", "11:20:30.456" },
		{ "format-date-time('14:05', '%h:%M')", "14:05" },
		{ "format-date(${day}, '%Q')",
		    "column 1: format-date(): \"%Q\" is no part of a date; "
		    "known are %Y %y %m %n %b %d %e %a %H %h %M %S %3" },
		{ "decimal-date-time('1970-01-02T00:00:00Z')", "1" },
		{ "decimal-time('06:00')", "0.25" },
		{ "number(${day})", "19783" },
		{ "'2024-03-01' < '2024-03-02'", "false" },
		{ "if(${blank} <= today(), 'past', 'blank')", "blank" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

static void
rounding_is_decimal(void **state)
{
	static const struct expectation cases[] = {
		{ "round(2.345, 2)", "2.35" },
		{ "round(1.2345, 2)", "1.23" },
		{ "round(-1.5)", "-1" },
		{ "round(-1.6)", "-2" },
		{ "round(1.5)", "2" },
		{ "round(0.5)", "1" },
		{ "round(0.4)", "0" },
		{ "round(9.99, 1)", "10" },
		{ "round(12350, -2)", "12400" },
		{ "round(33.33, -1)", "30" },
		{ "round(1, 31)", "NaN" },
		{ "int(-1.9)", "-1" },
		{ "abs(-2)", "2" },
		{ "pow(2, 10)", "1024" },
		{ "sqrt(-1)", "NaN" },
		{ "floor(-1.5)", "-2" },
		{ "random() < 1", "true" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

static void
a_pattern_must_match_the_whole_text(void **state)
{
	static const struct expectation cases[] = {
		{ "regex('12345', '[0-9]{5}')", "true" },
		{ "regex('a12345', '[0-9]{5}')", "false" },
		{ "regex('12', '1|12')", "true" },
		{ "regex('ab', '(?:a|b)+')", "true" },
		{ "regex('07 11', '\\d{2}\\s\\d{2}')", "true" },
		{ "regex('a', '[')",
		    "column 12: the pattern is wrong at its byte 2: missing "
		    "terminating ] for character class" },
		{ "regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+(b|c)')",
		    "column 1: regex(): the pattern takes too long on this "
		    "text" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

static void
once_keeps_what_is_there(void **state)
{
	static const struct expectation kept[] = {
		{ "once('second')", "first" },
		{ "once(random())", "first" },
	};
	static const struct expectation blank[] = {
		{ "once(${n} + 1)", "6" },
	};
	static const struct expr_names of_blank = { .resolve = find_item,
		.self = 0 };

	(void)state;
	check(kept, ARRAY_LEN(kept), &of_kept, false);
	check(blank, ARRAY_LEN(blank), &of_blank, false);
}

static void
paths_lead_to_the_same_items(void **state)
{
	static const struct expectation cases[] = {
		{ ".", "5" },
		{ ". > 4 and . < 6", "true" },
		{ "../n + 1", "6" },
		{ "/data/n", "5" },
		{ " / data / n", "5" },
		{ "current()/../n", "5" },
		{ "current()/.", "5" },
		{ "${ n }", "5" },
		{ "${n}*2", "10" },
		{ "-${n}", "-5" },
		{ "${n}div 5", "1" },
	};
	static const struct expectation filters[] = {
		{ "region = 'north'", "true" },
		{ "region = ${n}", "false" },
		{ "region = current()/../n", "false" },
		{ "region = ../n",
		    "column 10: in a choice filter \"../n\" means the choice; "
		    "write current()/../n" },
		{ "district = 'x'", "column 1: no column district" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
	check(filters, ARRAY_LEN(filters), &filter, false);
}

static void
mistakes_are_reported_where_they_are(void **state)
{
	static const struct expectation cases[] = {
		{ "", "column 1: expected a value" },
		{ "1 +", "column 4: expected a value" },
		{ "(1", "column 3: expected ')'" },
		{ "1 2", "column 3: expected an operator" },
		{ "1)", "column 2: ')' without '(' before it" },
		{ "é", "column 1: there is no item é" },
		{ "'缅北' = ${x}", "column 8: there is no item x" },
		{ "${age", "column 1: expected '}' after \"${\"" },
		{ "$age", "column 1: expected ${name} after \"$\"" },
		{ "'abc",
		    "column 1: the text that starts here has no closing '" },
		{ "selekted(${n}, 'a')",
		    "column 1: there is no function selekted(); is selected() "
		    "meant?" },
		{ "frobnicate()",
		    "column 1: there is no function frobnicate()" },
		{ "if(1, 2)", "column 1: if() takes 3 arguments, not 2" },
		{ "round()",
		    "column 1: round() takes 1 to 2 arguments, not 0" },
		{ "sum()",
		    "column 1: sum() takes at least 1 arguments, not 0" },
		{ "count(3)",
		    "column 7: count() wants items, such as ${name}" },
		{ "concat('a' 'b')", "column 12: expected ',' or ')'" },
		{ "1 & 2", "column 3: \"&\" has no meaning here" },
		{ "1 OR 1", "column 3: expected an operator" },
		{ "1 == 1", "column 4: expected a value" },
		{ "jr:choice-name('a', ${n})",
		    "column 21: jr:choice-name() wants the item in quotes, "
		    "such as '${name}'" },
		{ "date(true())",
		    "column 1: date(): true or false is no date" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

static void
what_this_version_lacks_is_named(void **state)
{
	static const struct expectation cases[] = {
		{ "position(..)",
		    "column 1: position() is not supported by this version" },
		{ "instance('x')/root/item", "" }, /* there is no file x */
		{ "indexed-repeat(${n}, ${n}, 1)",
		    "column 1: indexed-repeat() is not supported by this "
		    "version" },
		{ "1 + pulldata('a', 'b', 'c', 'd')", "NaN" }, /* likewise */
		{ "cht:difference-in-days(1)",
		    "column 1: cht:difference-in-days() belongs to the "
		    "Community Health Toolkit, not to XLSForm" },
		{ "/data/*",
		    "column 1: a path with \"*\" is not supported by this "
		    "version" },
		{ "//n",
		    "column 1: a path with \"//\" is not supported by this "
		    "version" },
		{ "/data/n[1]",
		    "column 1: a condition in [ ] after a path is not "
		    "supported by this version" },
		{ "../@id",
		    "column 1: a path with \"@\" is not supported by this "
		    "version" },
		{ "${n} | ${day}",
		    "column 1: a union of paths with | is not supported by "
		    "this version" },
		{ "ancestor::n",
		    "column 1: an axis or a node test is not supported by "
		    "this version" },
	};

	(void)state;
	check(cases, ARRAY_LEN(cases), &plain, false);
}

/* `text` repeated `count` times between `before` and `after`. */
static char *
repeated(const char *before, const char *text, int count, const char *after)
{
	struct buf out = BUF_INIT;

	buf_add_text(&out, before);
	for (int i = 0; i < count; i++)
		buf_add_text(&out, text);
	buf_add_text(&out, after);
	return buf_detach(&out);
}

static void
depth_is_counted_in_every_rule(void **state)
{
	static const struct {
		const char *before, *part, *after;
	} shapes[] = {
		{ "", "(", "1" },
		{ "", "-", "1" },
		{ "", "not(", "1" },
		{ "", "-(", "1" },
		{ "", "if(1,2,", "1" },
		{ "", "1+(", "1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		char *text = repeated(shapes[i].before, shapes[i].part,
		    EXPR_DEPTH_MAX + 1, shapes[i].after);
		char *result = result_of(text, &plain, false);

		assert_non_null(
		    strstr(result, "nested deeper than 256 levels"));
		free(result);
		free(text);
	}
}

static void
long_chains_are_not_deep(void **state)
{
	char *sum = repeated("0", " + 1", 5000, "");
	char *minus = repeated("", "-", EXPR_DEPTH_MAX, "1");
	char *parts = repeated("0", "+1", EXPR_NODES_MAX, "");
	char *bytes = repeated("'", "a", EXPR_TEXT_MAX, "'");
	char *result;

	(void)state;
	result = result_of(sum, &plain, false);
	assert_string_equal(result, "5000");
	free(result);
	result = result_of(minus, &plain, false);
	assert_string_equal(result, "1");
	free(result);
	result = result_of(parts, &plain, false);
	assert_non_null(strstr(result, "more than 20000 parts"));
	free(result);
	result = result_of(bytes, &plain, false);
	assert_non_null(strstr(result, "longer than 65536 bytes"));
	free(result);
	free(sum);
	free(minus);
	free(parts);
	free(bytes);
}

static void
collect(void *arg, int item, bool wide)
{
	(void)wide;
	int *seen = arg;

	seen[item]++;
}

static void
references_are_listed_for_the_graph(void **state)
{
	struct arena *arena = arena_new();
	struct err err = { 0 };
	int seen[ARRAY_LEN(items)] = { 0 };
	const struct expr *expr = expr_parse(arena,
	    "if(${n} > 1, ../day, concat(${tools}, .)) + string-length()",
	    &plain, &err);

	(void)state;
	assert_no_err(&err);
	expr_references(expr, collect, seen);
	assert_int_equal(seen[1], 3); /* ${n}, "." and string-length() */
	assert_int_equal(seen[3], 1);
	assert_int_equal(seen[5], 1);
	assert_int_equal(seen[0], 0);
	assert_false(expr_is_volatile(expr));
	expr = expr_parse(arena, "if(1, 2, concat(today()))", &plain, &err);
	assert_true(expr_is_volatile(expr));
	arena_free(arena);
}

static void
defaults_look_dynamic_by_the_rule_of_pyxform(void **state)
{
	static const struct {
		const char *text;
		bool is_date, dynamic;
	} cases[] = {
		{ "", false, false },
		{ "5", false, false },
		{ "-5", false, false },
		{ "yes", false, false },
		{ "not-known", false, false },
		{ "two words", false, false },
		{ "2026-11-23", true, false },
		{ "2026-11-23", false, false },
		{ "14:32", true, false },
		{ "'a + b'", false, false },
		{ "today()", true, true },
		{ "${a}", false, true },
		{ "1 + 1", false, true },
		{ "a - b", false, true },
		{ "a - b", true, false },
		{ "3 div 2", false, true },
		{ "/data/a[1]", false, true },
		{ "concat('a', 'b')", false, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (expr_looks_dynamic(cases[i].text, cases[i].is_date) !=
		    cases[i].dynamic)
			fail_msg("%s", cases[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(operators_bind_as_in_xpath),
		TEST(numbers_are_written_as_javarosa_writes_them),
		TEST(blank_answers_compare_as_in_javarosa),
		TEST(if_and_or_do_not_compute_what_they_do_not_need),
		TEST(texts_count_characters_and_not_bytes),
		TEST(selects_are_names_between_spaces),
		TEST(dates_are_days_of_the_local_calendar),
		TEST(rounding_is_decimal),
		TEST(a_pattern_must_match_the_whole_text),
		TEST(once_keeps_what_is_there),
		TEST(paths_lead_to_the_same_items),
		TEST(mistakes_are_reported_where_they_are),
		TEST(what_this_version_lacks_is_named),
		TEST(depth_is_counted_in_every_rule),
		TEST(long_chains_are_not_deep),
		TEST(references_are_listed_for_the_graph),
		TEST(defaults_look_dynamic_by_the_rule_of_pyxform),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return RUN_TESTS(tests);
}
