/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/xml.h"
#include "checklists/form.h"
#include "checklists/form_diff.h"
#include "checklists/form_facts.h"
#include "checklists/script.h"
#include "checklists/submission.h"

/* Scripts of answers, and what is submitted of them. */

static const char form_csv[] =
    "survey,type,name,label::Français (fr),label::English (en),calculation,"
    "relevant,constraint,trigger,default\n"
    ",integer,a,Un,One,,,. < 100,,\n"
    ",calculate,b,,,${a} + 1,,,,\n"
    ",text,c,Trois,,,${a} > 5,,,\n"
    ",begin group,g,G,G,,${a} > 5,,,\n"
    ",text,g1,G1,G1,,,,,dflt\n"
    ",end group,,,,,,,,\n"
    ",text,t,T,T,,,,,\n"
    ",calculate,fired,,,\"concat('fired ', ${a})\",,,${t},\n"
    ",begin repeat,rep,R,R,,,,,\n"
    ",integer,x,X,X,,,,,\n"
    ",calculate,sum,,,sum(/visit/rep/x),,,,\n"
    ",end repeat,,,,,,,,\n"
    ",time,at,At,At,,,,,\n"
    ",username,who,,,,,,,\n"
    ",audit,audit,,,,,,,\n"
    ",note,said,Dit,Said,,,,,\n"
    "settings,form_id,version,instance_name,name\n"
    ",edge,7,\"concat('E ', ${a})\",visit\n";

struct opened {
	struct form *form;
	struct script script;
	int lines; /* that said something */
};

static int
count_line(
    struct script *script, const char *line, size_t number, struct err *err)
{
	(void)line;
	(void)number;
	(void)err;
	++*(int *)script->arg;
	return 0;
}

static struct form *
parse(const char *rows)
{
	struct problems problems = { 0 };
	struct buf csv = BUF_INIT;
	struct err err = { 0 };
	struct form *form;

	buf_addf(&csv, "ronde-checklist,1\n%s", rows);
	form = form_parse(csv.data, csv.len, &problems, &err);
	assert_no_err(&err);
	problems_release(&problems);
	buf_release(&csv);
	return form;
}

static void
open_form(struct opened *opened)
{
	*opened = (struct opened){ .form = parse(form_csv) };
	opened->script = (struct script){ .state = state_new(opened->form, 1),
		.after = count_line,
		.arg = &opened->lines };
	state_start(opened->script.state, true);
}

static void
close_form(struct opened *opened)
{
	state_free(opened->script.state);
	form_free(opened->form);
}

static const char *
value_at(const struct opened *opened, const char *path)
{
	struct err err = { 0 };
	const int place = state_find_typed(opened->script.state, path, &err);

	assert_no_err(&err);
	return state_value(opened->script.state, place);
}

static int
run(struct opened *opened, const char *text, struct err *err)
{
	return script_run(&opened->script, text, strlen(text), "answers", err);
}

static const char *
who_answers(void *arg, const char *kind)
{
	(void)arg;
	return strcmp(kind, "username") == 0 ? "Zoé & Cie" : NULL;
}

static void
submit(const struct opened *opened, struct buf *xml)
{
	const struct submission submission = { .instance_id = "uuid:1",
		.replaces = "uuid:0",
		.audit = "audit.csv",
		.meta = who_answers };

	submission_write(opened->script.state, &submission, xml);
}

static void
a_script_sets_answers_and_rows(void **state)
{
	struct opened opened;
	struct err err = { 0 };

	(void)state;
	open_form(&opened);
	assert_int_equal(run(&opened,
			     "# two rows\n\n a = 10 \r\nc = a\\nb \\\\ c\n"
			     "add rep\nrep[1]/x = 10\nadd rep\n"
			     "rep[2]/x = 20\nt=\nt = go\nlang English (en)",
			     &err),
	    0);
	assert_string_equal(value_at(&opened, "b"), "11");
	assert_string_equal(value_at(&opened, "c"), "a\nb \\ c");
	assert_string_equal(value_at(&opened, "rep[1]/sum"), "30");
	assert_string_equal(value_at(&opened, "fired"), "fired 10");
	assert_int_equal(opened.script.lang, 1);
	assert_int_equal(opened.lines, 9);
	assert_int_equal(run(&opened, "delete rep 1\n", &err), 0);
	assert_string_equal(value_at(&opened, "rep[1]/x"), "20");
	close_form(&opened);
}

static void
a_question_may_be_called_like_a_command(void **state)
{
	struct opened opened = { .form = parse("survey,type,name\n"
					       ",text,add\n,text,lang\n") };
	struct err err = { 0 };

	(void)state;
	opened.script.state = state_new(opened.form, 1);
	state_start(opened.script.state, true);
	assert_int_equal(run(&opened, "add = 1\nlang = fr\n", &err), 0);
	assert_string_equal(value_at(&opened, "add"), "1");
	assert_string_equal(value_at(&opened, "lang"), "fr");
	close_form(&opened);
}

static void
mistakes_in_a_script_are_reported_where_they_are(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "a = 1\nb",
		    "answers, line 2, column 2: PATH = VALUE, add "
		    "REPEAT, delete REPEAT N or lang NAME is "
		    "expected" },
		{ "  z = 1", "answers, line 1, column 3: " },
		{ "g = 1",
		    "answers, line 1, column 1: g is no question, "
		    "nothing can be answered" },
		{ "add a", "answers, line 1, column 5: a is no repeat" },
		{ "delete rep",
		    "answers, line 1, column 8: the number of the "
		    "row is missing: delete REPEAT N" },
		{ "delete rep 1",
		    "answers, line 1, column 8: rep has 0 rows, "
		    "there is no row 1" },
		{ "lang Kiswahili",
		    "answers, line 1, column 6: the form has "
		    "no language \"Kiswahili\"" },
		{ "a = \x01", "answers, line 1, column 5: " },
		{ "a = \xff", "answers, line 1, column 5: " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct opened opened;
		struct err err = { 0 };

		open_form(&opened);
		assert_int_equal(run(&opened, cases[i].text, &err), -1);
		if (strncmp(err.msg, cases[i].message,
			strlen(cases[i].message)) != 0)
			fail_msg("%s: %s", cases[i].text, err.msg);
		close_form(&opened);
	}
}

static void
a_submission_has_what_is_relevant_and_nothing_else(void **state)
{
	struct opened opened;
	struct buf xml = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	open_form(&opened);
	assert_int_equal(run(&opened,
			     "a = 10\nc = <x>\na = 1\nt = \"go\" & on\n"
			     "add rep\nrep[1]/x = 5\nadd rep\nat = 14:32\n",
			     &err),
	    0);
	submit(&opened, &xml);
	assert_string_equal(xml.data,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<visit id=\"edge\" version=\"7\""
	    " xmlns:orx=\"http://openrosa.org/xforms\""
	    " xmlns:jr=\"http://openrosa.org/javarosa\">"
	    "<a>1</a><b>2</b><t>&quot;go&quot; &amp; on</t>"
	    "<fired>fired 1</fired>"
	    "<rep><x>5</x><sum>5</sum></rep><rep><x/><sum>5</sum></rep>"
	    "<at>14:32:00.000</at><who>Zoé &amp; Cie</who><said/>"
	    "<meta><audit>audit.csv</audit><instanceID>uuid:1</instanceID>"
	    "<deprecatedID>uuid:0</deprecatedID>"
	    "<instanceName>E 1</instanceName></meta></visit>\n");
	buf_release(&xml);
	close_form(&opened);
}

/* What is kept while it is not relevant comes back, groups with all in it. */
static void
what_is_relevant_again_is_submitted_again(void **state)
{
	const struct xml_handler nothing = { 0 };
	struct opened opened;
	struct buf xml = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	open_form(&opened);
	assert_int_equal(
	    run(&opened, "a = 10\nc = <x>\na = 1\na = 11\n", &err), 0);
	submit(&opened, &xml);
	assert_non_null(strstr(xml.data, "<c>&lt;x&gt;</c>"));
	assert_non_null(strstr(xml.data, "<g><g1>dflt</g1></g>"));
	assert_int_equal(
	    xml_parse(xml.data, xml.len, "submission", &nothing, NULL, &err),
	    0);
	buf_release(&xml);
	close_form(&opened);
}

static void
an_identifier_follows_from_name_and_edition(void **state)
{
	char one[SUBMISSION_ID_MAX], same[SUBMISSION_ID_MAX],
	    next[SUBMISSION_ID_MAX], other[SUBMISSION_ID_MAX];

	(void)state;
	submission_id("I-1", 0, one);
	submission_id("I-1", 0, same);
	submission_id("I-1", 1, next);
	submission_id("I-2", 0, other);
	assert_string_equal(one, same);
	assert_string_not_equal(one, next);
	assert_string_not_equal(one, other);
	assert_int_equal(strlen(one), SUBMISSION_ID_MAX - 1);
	assert_int_equal(one[19], '8'); /* the version */
	assert_non_null(strchr("89ab", one[24]));
}

/* ---- facts and versions ---- */

static void
the_facts_of_a_form_are_counted(void **state)
{
	struct form *form = parse(form_csv);
	struct form_facts facts;

	(void)state;
	form_facts(form, &facts);
	assert_int_equal(facts.types[ITEM_REPEAT], 1);
	assert_int_equal(facts.types[ITEM_TEXT], 3);
	assert_int_equal(facts.relevant, 2);
	assert_int_equal(facts.constraint, 1);
	assert_int_equal(facts.function_count, 2);
	assert_string_equal(facts.functions[0], "concat");
	assert_string_equal(facts.functions[1], "sum");
	form_facts_release(&facts);
	form_free(form);
}

static void
note_missing(
    void *arg, const struct item *item, const char *column, size_t lang)
{
	buf_addf(arg, "%s %s %zu\n", item->name, column, lang);
}

static void
a_text_that_a_language_lacks_is_found(void **state)
{
	struct form *form = parse(form_csv);
	struct buf missing = BUF_INIT;

	(void)state;
	form_untranslated(form, note_missing, &missing);
	assert_string_equal(missing.data, "c label 1\n");
	buf_release(&missing);
	form_free(form);
}

static void
note_change(void *arg, enum item_change change, const struct item *old,
    const struct item *new)
{
	buf_addf(arg, "%s %s %s\n", item_change_code(change),
	    old ? old->path : "-", new ? new->path : "-");
}

static void
versions_are_compared_by_what_people_read(void **state)
{
	struct form *old = parse("survey,type,name,label\n"
				 ",text,a,A\n,text,b,B\n,text,c,C\n"
				 ",text,d,D\n");
	struct form *new = parse("survey,type,name,label,relevant\n"
				 ",text,a,A,true()\n,text,b,B?,\n"
				 ",begin group,g,G,\n,text,c,C,\n"
				 ",end group,,,\n,text,e,E,\n");
	struct buf changes = BUF_INIT;

	(void)state;
	form_diff(old, new, note_change, &changes);
	assert_string_equal(changes.data,
	    "same a a\nchanged b b\nmoved c g/c\nadded - e\nremoved d -\n");
	buf_release(&changes);
	form_free(old);
	form_free(new);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_script_sets_answers_and_rows),
		TEST(a_question_may_be_called_like_a_command),
		TEST(mistakes_in_a_script_are_reported_where_they_are),
		TEST(a_submission_has_what_is_relevant_and_nothing_else),
		TEST(what_is_relevant_again_is_submitted_again),
		TEST(an_identifier_follows_from_name_and_edition),
		TEST(the_facts_of_a_form_are_counted),
		TEST(a_text_that_a_language_lacks_is_found),
		TEST(versions_are_compared_by_what_people_read),
	};

	return RUN_TESTS(tests);
}
