/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "checklists/expr.h"

/*
 * What the engines of Enketo and ODK Collect answered, compared with ours.
 *
 * The rows that are used need no document: outside of quotes they have none
 * of / @ [ | $ and ::, no "." but in numbers, no "*" but as an operator, no
 * bare names, and no function that reads the node it stands at when it has no
 * argument.  Rows whose function this version lacks are counted apart.
 */

/* Differences that are meant; an expression, and why our side is right. */
static const struct {
	const char *source; /* the beginning of its name */
	const char *expr;
	const char *why;
} chosen[] = {
#include "tests/oracle_chosen.h"
};

static const char *const reads_context[] = { "string()", "number()",
	"string-length()", "normalize-space()", "last()", "position()",
	"name()", "local-name()", "namespace-uri()", "node()", "text()",
	"comment()", "processing-instruction()", "current()" };

struct row {
	char *source, *type, *expr, *expected;
};

struct tally {
	int rows, used, agreed, meant, lacking, wrong;
	bool listed[512]; /* by row of chosen[] */
};

static void
unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text != '\\' || !text[1]) {
			*to++ = *text;
			continue;
		}
		text++;
		*to++ = *text == 't' ? '\t'
		    : *text == 'n'   ? '\n'
		    : *text == 'r'   ? '\r'
				     : *text;
	}
	*to = '\0';
}

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
	    c == '_' || (c >= '0' && c <= '9');
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The expression without its texts and white space at the ends of names. */
static char *
bare(const char *expr)
{
	char *out = xcalloc(strlen(expr) + 3, 1), *to = out;

	while (*expr) {
		if (*expr == '\'' || *expr == '"') {
			const char *close = strchr(expr + 1, *expr);

			*to++ = '1';
			expr = close ? close + 1 : expr + strlen(expr);
		} else {
			*to++ = *expr++;
		}
	}
	return out;
}

static bool
word_is_operator(const char *word, size_t len)
{
	return (len == 2 && strncmp(word, "or", 2) == 0) ||
	    (len == 3 &&
		(strncmp(word, "and", 3) == 0 || strncmp(word, "div", 3) == 0 ||
		    strncmp(word, "mod", 3) == 0));
}

static bool
names_are_functions(const char *text)
{
	for (const char *at = text; *at; at++) {
		const char *word = at;
		size_t len;

		if (!is_letter(*at) ||
		    (at > text && is_name_char(at[-1]) && at[-1] != '-'))
			continue;
		while (is_name_char(*at))
			at++;
		len = (size_t)(at - word);
		while (*at == ' ')
			at++;
		if (*at != '(' && !word_is_operator(word, len) &&
		    !(len == 4 && word[1] == 'o' && word[2] == 'd'))
			return false;
		at--;
	}
	return true;
}

static bool
stars_are_operators(const char *text)
{
	char before = '(';

	for (; *text; text++) {
		if (*text == '*' &&
		    !(before == ')' || (before >= '0' && before <= '9')))
			return false;
		if (*text != ' ')
			before = *text;
	}
	return true;
}

static bool
dots_are_numbers(const char *text)
{
	for (const char *at = text; *at; at++)
		if (*at == '.' && !(at[1] >= '0' && at[1] <= '9') &&
		    !(at > text && at[-1] >= '0' && at[-1] <= '9'))
			return false;
	return true;
}

static bool
needs_no_document(const char *expr)
{
	char *text = bare(expr);
	bool usable = !strpbrk(text, "/@[|$") && !strstr(text, "::") &&
	    dots_are_numbers(text) && stars_are_operators(text) &&
	    names_are_functions(text);

	for (size_t i = 0; usable && i < ARRAY_LEN(reads_context); i++) {
		const char *found = strstr(text, reads_context[i]);

		if (found && (found == text || !is_name_char(found[-1])))
			usable = false;
	}
	free(text);
	return usable;
}

static const char *
no_text(void *arg, int item, enum value_kind *kind)
{
	(void)arg;
	(void)item;
	*kind = VALUE_TEXT;
	return "";
}

static bool
same_number(double ours, const char *expected)
{
	const double theirs = strtod(expected, NULL);

	if (isnan(ours) || isnan(theirs))
		return isnan(ours) && isnan(theirs);
	if (isinf(ours) || isinf(theirs))
		return ours == theirs;
	return fabs(ours - theirs) <= 1e-12 * fmax(1, fabs(theirs));
}

/* 1 the same, 0 not (what ours was in `got`), -1 a function is lacking. */
static int
compare(const struct row *row, struct buf *got)
{
	const struct expr_source source = { .text = no_text };
	struct arena *arena = arena_new();
	struct err err = { 0 };
	const struct expr *expr = expr_parse(arena, row->expr, NULL, &err);
	double number = NAN;
	char *text = NULL;
	int same = 0, truth;

	if (expr)
		text = expr_text(expr, &source, false, &err);
	buf_add_text(got, text ? text : err.msg);
	if (!text && err.code == ERR_UNSUPPORTED) {
		same = -1;
	} else if (strcmp(row->type, "error") == 0) {
		same = !text;
	} else if (text && strcmp(row->type, "string") == 0) {
		same = strcmp(text, row->expected) == 0;
	} else if (text && strcmp(row->type, "number") == 0) {
		same = expr_number(expr, &source, &number, &err) == 0 &&
		    same_number(number, row->expected);
	} else if (text && strcmp(row->type, "boolean") == 0) {
		truth = expr_truth(expr, &source, &err);
		same = truth == (strcmp(row->expected, "true") == 0);
	}
	free(text);
	arena_free(arena);
	return same;
}

static bool
is_meant(const struct row *row, struct tally *tally)
{
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(chosen); i++)
		if (strncmp(chosen[i].source, row->source,
			strlen(chosen[i].source)) == 0 &&
		    strcmp(chosen[i].expr, row->expr) == 0)
			found = tally->listed[i] = true;
	return found;
}

static void
use_row(const struct row *row, struct tally *tally)
{
	struct buf got = BUF_INIT;
	int same;

	tally->rows++;
	if (strncmp(row->type, "node", 4) == 0 || !needs_no_document(row->expr))
		return;
	setenv("TZ",
	    strstr(row->source, "rxeval") ? "America/Sao_Paulo"
					  : "America/Phoenix",
	    1);
	tzset();
	same = compare(row, &got);
	if (same < 0) {
		tally->lacking++;
	} else {
		tally->used++;
		tally->agreed += same;
		if (!same && is_meant(row, tally)) {
			tally->meant++;
		} else if (!same) {
			tally->wrong++;
			printf("%s: %s: recorded %s \"%s\", ours \"%s\"\n",
			    row->source, row->expr, row->type, row->expected,
			    got.data);
		}
	}
	buf_release(&got);
}

static void
use_file(char *text, struct tally *tally)
{
	char *save = NULL;

	strtok_r(text, "\n", &save); /* the header */
	for (char *line; (line = strtok_r(NULL, "\n", &save));) {
		char *cells[6] = { NULL };
		size_t count = 0;

		while (count < 6 && (cells[count] = strsep(&line, "\t")))
			unescape(cells[count++]);
		if (count == 6)
			use_row(&(struct row){ cells[0], cells[3], cells[4],
				    cells[5] },
			    tally);
	}
}

static void
recorded_answers_of_both_engines_are_ours_too(void **state)
{
	const char *path = test_shared("oracle/cases.tsv");
	struct tally tally = { 0 };
	struct buf file = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	if (!path)
		skip();
	assert_int_equal(file_read(path, &file, &err), 0);
	use_file(file.data, &tally);
	printf("oracle: %d rows, %d need no document, %d agree, %d differ as "
	       "meant, %d need a function of later versions\n",
	    tally.rows, tally.used, tally.agreed, tally.meant, tally.lacking);
	for (size_t i = 0; i < ARRAY_LEN(chosen); i++)
		if (!tally.listed[i])
			fail_msg("no longer differs: %s", chosen[i].expr);
	assert_int_equal(tally.wrong, 0);
	assert_true(tally.used > 400);
	buf_release(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(recorded_answers_of_both_engines_are_ours_too),
	};

	return RUN_TESTS(tests);
}
