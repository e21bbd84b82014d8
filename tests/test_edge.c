/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "checklists/form.h"
#include "checklists/reader.h"
#include "checklists/script.h"
#include "checklists/submission.h"

/*
 * The form of edge semantics, as XForms XML, answered step by step: each value
 * that JavaRosa has after a step, and its submission at the end, are ours.
 * Both lie in ../shared/oracle.
 */

/* What JavaRosa's record calls a step, and what is done for it here. */
static const struct {
	const char *label, *script;
} steps[] = {
	{ "load", "" },
	{ "a=10 c=hello", "a = 10\nc = hello\n" },
	{ "a=1", "a = 1\n" },
	{ "a=10 again", "a = 10\n" },
	{ "dt=2001", "dt = 2001-01-01\n" },
	{ "dt cleared", "dt =\n" },
	{ "trig", "trig = go\n" },
	{ "a=11", "a = 11\n" },
	{ "rep1",
	    "add rep\nadd rep\nadd rep\nrep[1]/x = 10\nrep[2]/x = 20\n"
	    "rep[3]/x = 30\n" },
	{ "rep2", "" },
	{ "rep3", "" },
	{ "out", "a = 1\n" },
};

static char *
shared_text(const char *name)
{
	const char *path = test_shared(name);
	struct buf text = BUF_INIT;
	struct err err = { 0 };

	assert_non_null(path);
	file_read(path, &text, &err);
	assert_no_err(&err);
	return buf_detach(&text);
}

static struct form *
open_edge(void)
{
	char *xml = shared_text("oracle/edge.xml");
	struct problems problems = { 0 };
	struct buf sheets = BUF_INIT;
	struct err err = { 0 };
	struct form *form;

	reader_take_apart(
	    "xform", xml, strlen(xml), &sheets, NULL, &problems, &err);
	assert_no_err(&err);
	form = form_parse(sheets.data, sheets.len, &problems, &err);
	assert_no_err(&err);
	problems_release(&problems);
	buf_release(&sheets);
	free(xml);
	return form;
}

/* "/data/a=(irrelevant)1": the node has the value and is not relevant. */
static void
check_value(const struct state *state, const char *label, const char *pair)
{
	static const char mark[] = "(irrelevant)";
	const char *equals = strchr(pair, '='), *value = equals + 1;
	char *path = xstrndup(pair + strlen("/data/"),
	    (size_t)(equals - pair) - strlen("/data/"));
	struct err err = { 0 };
	const int place = state_find_typed(state, path, &err);
	bool relevant = true;

	assert_no_err(&err);
	if (strncmp(value, mark, strlen(mark)) == 0) {
		value += strlen(mark);
		relevant = false;
	}
	if (strcmp(value, "<null>") == 0)
		value = "";
	/* A boolean that is stored: 1 and 0 in the submission. */
	if (strcmp(value, "True") == 0)
		value = "1";
	if (strcmp(value, "False") == 0)
		value = "0";
	if (strcmp(state_value(state, place), value) != 0 ||
	    state_is_relevant(state, place) != relevant)
		fail_msg("%s: %s is \"%s\"%s", label, pair,
		    state_value(state, place),
		    state_is_relevant(state, place) ? "" : ", not relevant");
	free(path);
}

/* "label  /data/a=1  /data/b=2": returns how many values there were. */
static int
check_line(const struct state *state, const char *label, const char *line)
{
	char *copy = xstrdup(line), *at = copy + strlen(label);
	int count = 0;

	while ((at = strstr(at, "  /data/"))) {
		char *pair = at + 2, *next = strstr(pair, "  /data/");

		if (next)
			*next = '\0';
		check_value(state, label, pair);
		count++;
		if (!next)
			break;
		*next = ' ';
		at = next;
	}
	free(copy);
	return count;
}

/* The element of the form, without name spaces and the identifier. */
static char *
plain(const char *xml)
{
	const char *start = strstr(xml, "<a>"), *end = strstr(xml, "<meta>");
	struct buf out = BUF_INIT;

	assert_non_null(start);
	for (; start < end; start++)
		if (strncmp(start, " />", 3) != 0)
			buf_add_char(&out, *start);
	return buf_detach(&out);
}

static void
the_form_of_edges_gives_javarosas_answers(void **state)
{
	const struct submission about = { .instance_id = "uuid:0" };
	struct script script = { 0 };
	struct buf xml = BUF_INIT;
	struct err err = { 0 };
	struct form *form;
	char *record, *line, *ours, *theirs;
	int values = 0;

	(void)state;
	if (!test_shared("oracle/edge.xml"))
		skip();
	form = open_edge();
	record = shared_text("oracle/edge-javarosa.out");
	line = record;
	script.state = state_new(form, 0);
	state_start(script.state, true);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		char *end = strchr(line, '\n');

		*end = '\0';
		assert_int_equal(
		    strncmp(line, steps[i].label, strlen(steps[i].label)), 0);
		script_run(&script, steps[i].script, strlen(steps[i].script),
		    "steps", &err);
		assert_no_err(&err);
		values += check_line(script.state, steps[i].label, line);
		line = end + 1;
	}
	assert_int_equal(values, 61);
	submission_write(script.state, &about, &xml);
	ours = plain(xml.data);
	theirs = plain(line);
	assert_string_equal(ours, theirs);
	free(ours);
	free(theirs);
	free(record);
	buf_release(&xml);
	state_free(script.state);
	form_free(form);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_form_of_edges_gives_javarosas_answers),
	};

	return RUN_TESTS(tests);
}
