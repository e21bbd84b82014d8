/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "checklists/form.h"
#include "checklists/state.h"

enum { NOON = 1709287200 }; /* 2024-03-01T10:00:00Z */

/* A form with its state; both end with close_form(). */
struct opened {
	struct form *form;
	struct state *state;
};

static struct opened
open_unstarted(const char *rows)
{
	struct problems problems = { 0 };
	struct buf csv = BUF_INIT;
	struct err err = { 0 };
	struct opened opened;

	buf_add_text(&csv, "ronde-checklist,1\n");
	buf_add_text(&csv, rows);
	opened.form = form_parse(csv.data, csv.len, &problems, &err);
	assert_no_err(&err);
	opened.state = state_new(opened.form, NOON * INT64_C(1000));
	problems_release(&problems);
	buf_release(&csv);
	return opened;
}

static struct opened
open_form(const char *rows)
{
	struct opened opened = open_unstarted(rows);

	state_start(opened.state, true);
	return opened;
}

static void
close_form(struct opened *opened)
{
	state_free(opened->state);
	form_free(opened->form);
}

static int
item_of(const struct opened *opened, const char *path)
{
	struct err err = { 0 };
	const struct item *item = form_find(opened->form, path, &err);

	assert_no_err(&err);
	return item->index;
}

static void
set(struct opened *opened, const char *path, const char *value)
{
	state_set(opened->state, item_of(opened, path), value);
}

static const char *
value_of(const struct opened *opened, const char *path)
{
	return state_value(opened->state, item_of(opened, path));
}

static bool
shows(const struct opened *opened, const char *path)
{
	return state_is_relevant(opened->state, item_of(opened, path));
}

static bool
was_changed(const struct opened *opened, const char *path)
{
	size_t count;
	const int *changed = state_changed(opened->state, &count);

	for (size_t i = 0; i < count; i++)
		if (changed[i] == item_of(opened, path))
			return true;
	return false;
}

/* The script that both reference engines were run with. */
static const char edge[] =
    "survey,type,name,relevant,calculation,default\n"
    ",integer,a,,,\n"
    ",calculate,b,,${a} + 1,\n"
    ",text,c,${a} > 5,,\n"
    ",calculate,d,,\"concat('c=', ${c})\",\n"
    ",calculate,c0,,\"if(${c} = '', 'blank', 'set')\",\n"
    ",calculate,o,,once(${a}),\n"
    ",date,dt,,,\n"
    ",calculate,cmp,,\"if(${dt} <= today(), 'past', 'future-or-blank')\",\n"
    ",begin group,g,${a} > 5,,\n"
    ",text,g1,,,dflt\n"
    ",calculate,g2,,\"concat(${g1}, '!')\",\n"
    ",end group,,,,\n"
    ",calculate,bool,,${a} > 5,\n"
    ",calculate,boolif,,\"if(${bool}, 'T', 'F')\",\n"
    ",calculate,outsum,,sum(${a}),\n";

static void
the_script_of_the_reference_engines_gives_their_values(void **state)
{
	struct opened form = open_form(edge);

	(void)state;
	assert_string_equal(value_of(&form, "b"), "");
	assert_string_equal(value_of(&form, "d"), "c=");
	assert_string_equal(value_of(&form, "c0"), "blank");
	assert_string_equal(value_of(&form, "o"), "");
	assert_string_equal(value_of(&form, "cmp"), "future-or-blank");
	assert_string_equal(value_of(&form, "bool"), "0");
	assert_string_equal(value_of(&form, "boolif"), "F");
	assert_string_equal(value_of(&form, "outsum"), "0");
	assert_false(shows(&form, "g/g2"));

	set(&form, "a", "10");
	set(&form, "c", "hello");
	assert_string_equal(value_of(&form, "b"), "11");
	assert_string_equal(value_of(&form, "d"), "c=hello");
	assert_string_equal(value_of(&form, "c0"), "set");
	assert_string_equal(value_of(&form, "o"), "10");
	assert_string_equal(value_of(&form, "g/g2"), "dflt!");
	assert_string_equal(value_of(&form, "boolif"), "T");

	set(&form, "a", "1");
	assert_false(shows(&form, "c"));
	assert_string_equal(value_of(&form, "c"), "hello"); /* kept */
	assert_string_equal(value_of(&form, "d"), "c=");
	assert_string_equal(value_of(&form, "c0"), "blank");
	assert_string_equal(value_of(&form, "o"), "10");
	assert_false(shows(&form, "g"));
	assert_false(shows(&form, "g/g1"));
	assert_string_equal(value_of(&form, "boolif"), "F");

	set(&form, "a", "10");
	assert_string_equal(value_of(&form, "d"), "c=hello");
	set(&form, "dt", "2001-01-01");
	assert_string_equal(value_of(&form, "cmp"), "past");
	set(&form, "dt", "");
	assert_string_equal(value_of(&form, "cmp"), "future-or-blank");
	close_form(&form);
}

static void
what_changed_is_told_and_nothing_else(void **state)
{
	struct opened form = open_form(edge);
	size_t count;

	(void)state;
	set(&form, "a", "10");
	assert_true(was_changed(&form, "a"));
	assert_true(was_changed(&form, "c"));
	assert_true(was_changed(&form, "g"));
	assert_true(was_changed(&form, "g/g1"));
	assert_true(was_changed(&form, "b"));
	assert_false(was_changed(&form, "dt"));
	assert_false(was_changed(&form, "cmp"));
	set(&form, "c", "x");
	assert_true(was_changed(&form, "d"));
	assert_false(was_changed(&form, "a"));
	set(&form, "g/g1", "y");
	state_changed(form.state, &count);
	assert_int_equal(count, 2); /* g1 and g2 */
	close_form(&form);
}

static void
a_hidden_group_hides_what_is_in_it(void **state)
{
	struct opened form =
	    open_form("survey,type,name,relevant\n"
		      ",select_one yn,ask,\n"
		      ",begin group,outer,${ask} = 'yes'\n"
		      ",begin group,inner,\n,text,deep,\n,end group,\n"
		      ",text,other,${deep} = 'x'\n,end group,\n"
		      "choices,list_name,name\n,yn,yes\n,yn,no\n");

	(void)state;
	assert_false(shows(&form, "deep"));
	set(&form, "ask", "yes");
	assert_true(shows(&form, "deep"));
	assert_false(shows(&form, "other"));
	set(&form, "deep", "x");
	assert_true(shows(&form, "other"));
	set(&form, "ask", "no");
	assert_false(shows(&form, "inner"));
	assert_false(shows(&form, "other"));
	assert_string_equal(value_of(&form, "deep"), "x");
	set(&form, "ask", "yes");
	assert_true(shows(&form, "other"));
	close_form(&form);
}

static void
a_constraint_speaks_only_of_answers(void **state)
{
	struct opened form =
	    open_form("survey,type,name,constraint,constraint_message::en,"
		      "constraint_message::fr,required,relevant\n"
		      ",integer,max,,,,,\n"
		      ",integer,n,. > 0 and . <= ${max},At most ${max},"
		      "Au plus ${max},yes,\n"
		      ",text,t,false(),,,,\n");
	const int n = item_of(&form, "n"), t = item_of(&form, "t");
	struct buf why = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	assert_true(state_is_valid(form.state, n));
	assert_true(state_is_required(form.state, n));
	set(&form, "max", "5");
	assert_int_equal(state_check(form.state, n, "", 0, &err), 0);
	assert_int_equal(state_check(form.state, n, "5", 0, &err), 0);
	assert_int_equal(state_check(form.state, n, "6", 0, &err), -1);
	assert_int_equal(err.code, ERR_VALUE);
	assert_string_equal(err.msg, "At most 5");
	assert_int_equal(state_check(form.state, n, "6", 1, &err), -1);
	assert_string_equal(err.msg, "Au plus 5");
	assert_int_equal(state_check(form.state, n, "x", 1, &err), -1);
	assert_string_equal(err.msg, "\"x\" is not a whole number");
	/* What was typed is quoted, not what was read out of it. */
	assert_int_equal(
	    state_read_typed(form.state, n, "12,5", 0, &why, &err), -1);
	assert_string_equal(
	    err.msg, "\"12,5\" is not a whole number such as 12");
	assert_int_equal(state_check(form.state, t, "x", 1, &err), -1);
	assert_string_equal(err.msg, "the checklist does not allow this value");
	/* Another answer can make one wrong that was right. */
	set(&form, "n", "4");
	assert_true(state_is_valid(form.state, n));
	set(&form, "max", "3");
	assert_true(was_changed(&form, "n"));
	assert_false(state_is_valid(form.state, n));
	state_why_invalid(form.state, n, 0, &why);
	assert_string_equal(why.data, "At most 3");
	assert_int_equal(state_progress(form.state, 0, 3).invalid, 1);
	buf_release(&why);
	close_form(&form);
}

static void
a_choice_that_is_no_longer_offered_is_taken_away(void **state)
{
	struct opened form = open_form(
	    "survey,type,name,choice_filter,calculation,relevant\n"
	    ",select_one region,r,,,\n"
	    ",select_one town,t,region = ${r},,\n"
	    ",select_multiple town,many,region = ${r} or name = 'c',,\n"
	    ",calculate,echo,,concat(${t}),\n"
	    ",text,x,,,${t} = 'b'\n"
	    "choices,list_name,name,region,label\n"
	    ",region,n,,North\n,region,s,,South\n"
	    ",town,a,n,A\n,town,b,s,B\n,town,c,n,C\n");
	size_t count;
	const int *choices;
	struct err err = { 0 };

	(void)state;
	choices = state_choices(form.state, item_of(&form, "t"), &count);
	assert_int_equal(count, 0);
	set(&form, "r", "n");
	assert_true(was_changed(&form, "t"));
	choices = state_choices(form.state, item_of(&form, "t"), &count);
	assert_int_equal(count, 2);
	assert_int_equal(choices[1], 2);
	set(&form, "t", "c");
	set(&form, "many", "a c");
	assert_string_equal(value_of(&form, "echo"), "c");
	assert_int_equal(
	    state_check(form.state, item_of(&form, "t"), "b", 0, &err), -1);
	assert_string_equal(err.msg, "this choice is not offered here");
	err.code = ERR_NONE;
	assert_int_equal(
	    state_check(form.state, item_of(&form, "t"), "z", 0, &err), -1);
	assert_string_equal(err.msg, "\"z\" is none of the choices");
	set(&form, "r", "s");
	assert_string_equal(value_of(&form, "t"), "");
	assert_string_equal(value_of(&form, "many"), "c");
	assert_string_equal(value_of(&form, "echo"), "");
	set(&form, "t", "b");
	assert_true(shows(&form, "x"));
	set(&form, "r", "");
	assert_false(shows(&form, "x"));
	close_form(&form);
}

static void
defaults_are_given_once_and_only_to_a_fresh_form(void **state)
{
	static const char rows[] = "survey,type,name,default,calculation\n"
				   ",text,fixed,hello,\n"
				   ",date,day,today(),\n"
				   ",integer,n,${seed} + 1,\n"
				   ",calculate,seed,,20 * 2\n"
				   ",text,kept,other,\n"
				   ",start,began,,\n";
	struct opened form = open_unstarted(rows);

	(void)state;
	state_load(form.state, item_of(&form, "kept"), "mine");
	state_start(form.state, true);
	assert_string_equal(value_of(&form, "fixed"), "hello");
	assert_string_equal(value_of(&form, "day"), "2024-03-01");
	assert_string_equal(value_of(&form, "n"), "41");
	assert_string_equal(value_of(&form, "kept"), "mine");
	assert_string_equal(
	    value_of(&form, "began"), "2024-03-01T11:00:00.000+01:00");
	close_form(&form);

	form = open_unstarted(rows);
	state_start(form.state, false);
	assert_string_equal(value_of(&form, "fixed"), "");
	assert_string_equal(value_of(&form, "day"), "");
	assert_string_equal(value_of(&form, "seed"), "40");
	close_form(&form);
}

static void
once_survives_a_draft_that_is_opened_again(void **state)
{
	static const char rows[] = "survey,type,name,calculation\n"
				   ",calculate,id,once(uuid())\n";
	struct opened form = open_form(rows);
	char *id = strdup(value_of(&form, "id"));

	(void)state;
	assert_int_equal(strlen(id), 36);
	close_form(&form);
	form = open_unstarted(rows);
	state_load(form.state, 0, id);
	state_start(form.state, false);
	assert_string_equal(value_of(&form, "id"), id);
	close_form(&form);
	free(id);
}

static void
an_answer_over_a_calculation_stays_until_that_changes(void **state)
{
	struct opened form = open_form("survey,type,name,calculation\n"
				       ",integer,a,\n"
				       ",integer,half,${a} div 2\n");

	(void)state;
	set(&form, "a", "9");
	assert_string_equal(value_of(&form, "half"), "4"); /* an integer */
	set(&form, "half", "7");
	assert_string_equal(value_of(&form, "half"), "7");
	set(&form, "a", "10");
	assert_string_equal(value_of(&form, "half"), "5");
	close_form(&form);
}

static void
read_only_and_required_follow_the_other_answers(void **state)
{
	struct opened form =
	    open_form("survey,type,name,required,read_only,relevant\n"
		      ",select_one yn,a,,,\n"
		      ",text,b,${a} = 'yes',${a} = 'no',${a} != ''\n"
		      "choices,list_name,name\n,yn,yes\n,yn,no\n");
	const int b = item_of(&form, "b");
	struct err err = { 0 };

	(void)state;
	assert_false(state_is_required(form.state, b));
	assert_int_equal(state_check(form.state, b, "x", 0, &err), -1);
	assert_string_equal(
	    err.msg, "this question is not asked after the other answers");
	set(&form, "a", "yes");
	assert_true(state_is_required(form.state, b));
	assert_true(state_is_unanswered(form.state, b));
	assert_int_equal(state_progress(form.state, 0, 2).required_missing, 1);
	assert_int_equal(state_check(form.state, b, "x", 0, &err), 0);
	set(&form, "a", "no");
	assert_false(state_is_required(form.state, b));
	assert_true(state_is_read_only(form.state, b));
	assert_false(state_is_unanswered(form.state, b));
	assert_int_equal(state_check(form.state, b, "x", 0, &err), -1);
	close_form(&form);
}

static void
progress_counts_what_is_asked(void **state)
{
	struct opened form = open_form("survey,type,name,relevant\n"
				       ",note,hello,\n,text,a,\n"
				       ",text,b,${a} = 'x'\n,text,c,\n");
	struct state_counts progress = state_progress(form.state, 0, 4);

	(void)state;
	assert_int_equal(progress.relevant, 2);
	assert_int_equal(progress.answered, 0);
	set(&form, "a", "x");
	progress = state_progress(form.state, 0, 4);
	assert_int_equal(progress.relevant, 3);
	assert_int_equal(progress.answered, 1);
	close_form(&form);
}

static void
labels_show_the_answers_they_name(void **state)
{
	struct opened form = open_form(
	    "survey,type,name,label::en,label::fr,hint::en\n"
	    ",select_one yn,a,A,A,\n"
	    ",select_multiple yn,m,M,M,\n"
	    ",text,b,You said ${a} (${m}),Vous avez dit ${a},As ${ a }\n"
	    "choices,list_name,name,label::en,label::fr\n"
	    ",yn,yes,Yes,Oui\n,yn,no,No,Non\n");
	struct buf out = BUF_INIT;
	const int b = item_of(&form, "b");

	(void)state;
	set(&form, "a", "yes");
	set(&form, "m", "yes no");
	state_add_text(form.state, b, STATE_LABEL, 0, &out);
	assert_string_equal(out.data, "You said Yes (Yes, No)");
	buf_clear(&out);
	state_add_text(form.state, b, STATE_LABEL, 1, &out);
	assert_string_equal(out.data, "Vous avez dit Oui");
	buf_clear(&out);
	state_add_shown(form.state, item_of(&form, "m"), 1, &out);
	assert_string_equal(out.data, "Oui, Non");
	buf_release(&out);
	close_form(&form);
}

/* What is typed for an item of that type, and what it becomes. */
static const struct {
	const char *item, *typed, *value; /* NULL: refused */
} typed[] = {
	{ "i", " 007 ", "7" },
	{ "i", "-5", "-5" },
	{ "i", "+5", "5" },
	{ "i", "1 234", "1234" },
	{ "i", "5.5", NULL },
	{ "i", "five", NULL },
	{ "i", "1234567890123456", NULL },
	{ "d", "2,5", "2.5" },
	{ "d", "1 000,25", "1000.25" },
	{ "d", ".5", ".5" },
	{ "d", "1,2,3", NULL },
	{ "date", "23/11/2026", "2026-11-23" },
	{ "date", "23.11.2026", "2026-11-23" },
	{ "date", "3-2-26", "2026-02-03" },
	{ "date", "2026-11-23", "2026-11-23" },
	{ "date", "2026/11/23", "2026-11-23" },
	{ "date", "29/02/2025", NULL },
	{ "date", "29/02/2024", "2024-02-29" },
	{ "date", "23/11-2026", NULL },
	{ "date", "tomorrow", NULL },
	{ "time", "14h32", "14:32" },
	{ "time", "14h", "14:00" },
	{ "time", "9:05", "09:05" },
	{ "time", "1432", "14:32" },
	{ "time", "14:32:05", "14:32:05" },
	{ "time", "25:00", NULL },
	{ "time", "noon", NULL },
	{ "one", "2", "wall" },
	{ "one", "wall", "wall" },
	{ "one", "Ditch and water", "ditch" },
	{ "one", "MUR", NULL },
	{ "one", "4", NULL },
	{ "many", "1 3", "fence ditch" },
	{ "many", "3,1", "fence ditch" },
	{ "many", "wall; Ditch and water", "wall ditch" },
	{ "many", "Ditch and water", "ditch" },
	{ "many", "1 9", NULL },
	{ "ack", "ok", "OK" },
	{ "ack", "oui", "OK" },
	{ "ack", "no", NULL },
	{ "text", "  two words ", "two words" },
	{ "text", "bell\a", NULL },
	{ "one", "  ", "" },
};

static void
typed_answers_become_the_forms_writing(void **state)
{
	struct opened form = open_form(
	    "survey,type,name\n,integer,i\n,decimal,d\n,date,date\n,time,time\n"
	    ",select_one l,one\n,select_multiple l,many\n,acknowledge,ack\n"
	    ",text,text\n"
	    "choices,list_name,name,label\n,l,fence,Fence\n,l,wall,Wall\n"
	    ",l,ditch,Ditch and water\n");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		struct buf out = BUF_INIT;
		struct err err = { 0 };
		const int result =
		    state_read_typed(form.state, item_of(&form, typed[i].item),
			typed[i].typed, 0, &out, &err);

		if (!typed[i].value && result == 0)
			fail_msg("%s took \"%s\" as \"%s\"", typed[i].item,
			    typed[i].typed, out.data);
		if (typed[i].value && strcmp(out.data, typed[i].value) != 0)
			fail_msg("%s read \"%s\" as \"%s\": %s", typed[i].item,
			    typed[i].typed, out.data, err.msg);
		if (!typed[i].value)
			assert_int_equal(err.code, ERR_VALUE);
		buf_release(&out);
	}
	close_form(&form);
}

static void
a_saved_value_of_the_wrong_type_is_kept_and_invalid(void **state)
{
	struct opened form = open_unstarted("survey,type,name\n,integer,n\n"
					    ",select_one l,s\n"
					    "choices,list_name,name\n,l,a\n");
	struct buf why = BUF_INIT;

	(void)state;
	state_load(form.state, 0, "many");
	state_load(form.state, 1, "gone");
	state_start(form.state, false);
	assert_string_equal(state_value(form.state, 0), "many");
	assert_false(state_is_valid(form.state, 0));
	assert_false(state_is_valid(form.state, 1));
	state_why_invalid(form.state, 1, 0, &why);
	assert_string_equal(why.data, "\"gone\" is none of the choices");
	buf_release(&why);
	close_form(&form);
}

/* Sections of ten questions, each relevant by the first question. */
static char *
large_form(int questions)
{
	struct buf csv = BUF_INIT;

	buf_add_text(&csv,
	    "survey,type,name,label,relevant,calculation,constraint\n"
	    ",select_one yn,q0,Ask?,,,\n");
	for (int i = 1; i < questions; i += 10) {
		buf_addf(&csv, ",begin group,s%d,Section,${q0} = 'yes',,\n", i);
		for (int j = i; j < i + 8; j++)
			buf_addf(
			    &csv, ",integer,q%d,Question %d,,,. >= 0\n", j, j);
		buf_addf(
		    &csv, ",calculate,c%d,,,${q%d} + ${q%d},\n", i, i, i + 1);
		buf_addf(&csv, ",text,t%d,Text,${c%d} > 3,,\n,end group,,,,,\n",
		    i, i);
	}
	buf_add_text(&csv, "choices,list_name,name\n,yn,yes\n,yn,no\n");
	return buf_detach(&csv);
}

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Figures are printed, the bound is ten times what they should be. */
static void
five_thousand_questions_open_and_answer_at_once(void **state)
{
	char *rows = large_form(5000);
	double start = milliseconds(), parsed, one, all;
	struct opened form = open_form(rows);
	size_t count;

	(void)state;
	parsed = milliseconds() - start;
	set(&form, "q0", "yes");
	set(&form, "q2", "1");
	start = milliseconds();
	for (int i = 0; i < 1000; i++)
		set(&form, "q1", i % 2 ? "1" : "9");
	one = (milliseconds() - start) / 1000;
	assert_true(was_changed(&form, "c1"));
	start = milliseconds();
	set(&form, "q0", "no");
	all = milliseconds() - start;
	state_changed(form.state, &count);
	assert_true(count > 5000);
	printf("5,000 questions: open %.1f ms, one answer %.4f ms, all "
	       "sections hidden %.1f ms\n",
	    parsed, one, all);
	assert_true(parsed < 600);
	assert_true(one < 2);
	close_form(&form);
	free(rows);
}

/* What it costs to set an answer. */
static unsigned long
cost_of(struct opened *form, const char *path, const char *value)
{
	const unsigned long before = state_work(form->state);

	set(form, path, value);
	return state_work(form->state) - before;
}

static void
an_answer_costs_what_depends_on_it_however_large_the_form(void **state)
{
	unsigned long one[2], shown[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		char *rows = large_form(i ? 5000 : 100);
		struct opened form = open_form(rows);

		shown[i] = cost_of(&form, "q0", "yes");
		set(&form, "q2", "1");
		one[i] = cost_of(&form, "q1", "9");
		close_form(&form);
		free(rows);
	}
	/* The check of q1, its sum, what the sum shows, the check of that. */
	assert_true(one[0] > 0 && one[0] <= 6);
	assert_int_equal(one[1], one[0]);
	/* Relevance and value of each, never more. */
	assert_true(shown[0] <= 2 * 120 + 10);
	assert_true(shown[1] > 2 * 5000 && shown[1] <= 2 * 5600 + 10);
}

/* Rows with a sum in each, and what stands outside of them. */
static const char counted_rows[] =
    "survey,type,name,label,calculation,relevant\n"
    ",begin repeat,r,Row,,\n,integer,a,A,,\n,integer,b,B,,\n"
    ",calculate,c,,${a} + ${b},\n,text,t,T,,${c} > 3\n"
    ",end repeat,,,,\n,calculate,total,,sum(${c}),\n";

static unsigned long
cost_in_rows(int rows, unsigned long *added)
{
	struct opened form = open_form(counted_rows);
	const int repeat = item_of(&form, "r");
	struct err err = { 0 };
	unsigned long before;
	char key[16];
	int first = -1;

	for (int i = 1; i <= rows; i++) {
		snprintf(key, sizeof(key), "%d", i);
		before = state_work(form.state);
		first = state_row_add(form.state, repeat, key, &err);
		assert_no_err(&err);
		*added = state_work(form.state) - before;
	}
	before = state_work(form.state);
	state_set(form.state, first + 1, "5");
	before = state_work(form.state) - before;
	close_form(&form);
	return before;
}

static void
a_row_costs_the_same_beside_five_hundred_others(void **state)
{
	unsigned long few, many;

	(void)state;
	assert_int_equal(cost_in_rows(500, &many), cost_in_rows(3, &few));
	assert_int_equal(many, few);
}

/*
 * Each filter twice: as it is, and as "not(not(...))", which no index helps.
 * Cells and answers are drawn from writings that are equal as numbers, as
 * texts, as both or as neither.
 */
static const char *const filters[] = {
	"c = ${text}",
	"${number} = c",
	"c = ${decimal}",
	"c = ${date}",
	"c = ${number} + 0.5",
	"c = ${number} div 0",
	"c = -${number}",
	"c = (${number} = 5)",
	"c = concat('0', ${number})",
	"c = '5'",
	"c = 5",
	"c = ''",
	"c = d",
	"c = ${text} and d = ${number}",
	"d != 'a' and c = ${number} and starts-with(name, 'n1')",
	"c = ${text} or d = 'a'",
	"label = ${text}",
	"name = concat('n', ${number})",
};

static const char *const cells[] = { "", "5", "5.0", "05", "-5", "0", "-0",
	"5.5", "5,5", "4.9999999999999", "a", "A", "5a", " 5", "true", "1",
	"2024-03-01", "NaN", "Infinity", "1e3", "1000000000000000000", "x y" };

static struct opened
open_filters(unsigned *seed)
{
	struct opened form;
	struct buf rows = BUF_INIT;

	buf_add_text(&rows,
	    "survey,type,name,choice_filter\n"
	    ",text,text,\n,integer,number,\n"
	    ",decimal,decimal,\n,date,date,\n");
	for (size_t i = 0; i < ARRAY_LEN(filters); i++)
		buf_addf(&rows,
		    ",select_one l,a%zu,\"%s\"\n"
		    ",select_one l,b%zu,\"not(not(%s))\"\n",
		    i, filters[i], i, filters[i]);
	buf_add_text(&rows, "choices,list_name,name,label,c,d\n");
	for (int i = 0; i < 200; i++) {
		const int c = rand_r(seed) % (int)ARRAY_LEN(cells);
		const int d = rand_r(seed) % (int)ARRAY_LEN(cells);

		buf_addf(&rows, ",l,n%d,L%d,\"%s\",\"%s\"\n", i, i % 7,
		    cells[c], cells[d]);
	}
	form = open_form(rows.data);
	buf_release(&rows);
	return form;
}

static void
assert_same_choices(struct opened *form, size_t filter)
{
	char one[16], other[16];
	const int *a, *b;
	size_t count, expected;

	snprintf(one, sizeof(one), "a%zu", filter);
	snprintf(other, sizeof(other), "b%zu", filter);
	a = state_choices(form->state, item_of(form, one), &count);
	b = state_choices(form->state, item_of(form, other), &expected);
	if (count != expected)
		print_error(
		    "%s: %zu, not %zu\n", filters[filter], count, expected);
	assert_int_equal(count, expected);
	if (count)
		assert_memory_equal(a, b, count * sizeof(*a));
}

static void
an_index_offers_what_trying_every_choice_offers(void **state)
{
	static const char *const numbers[] = { "", "5", "0", "-5", "1",
		"1000" };
	static const char *const decimals[] = { "", "5.5", "5", "-0.5", "0.5",
		"1e20" };
	static const char *const dates[] = { "", "2024-03-01", "1970-01-06" };
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 8; round++) {
		struct opened form = open_filters(&seed);

		for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
			set(&form, "text", cells[i]);
			set(&form, "number", numbers[i % ARRAY_LEN(numbers)]);
			set(&form, "decimal",
			    decimals[i % ARRAY_LEN(decimals)]);
			set(&form, "date", dates[i % ARRAY_LEN(dates)]);
			for (size_t f = 0; f < ARRAY_LEN(filters); f++)
				assert_same_choices(&form, f);
		}
		close_form(&form);
	}
}

/* How much is computed for an answer that a filter reads. */
static unsigned long
cost_of_filter(int choices)
{
	struct opened form;
	struct buf rows = BUF_INIT;
	unsigned long before;
	size_t count;

	buf_add_text(&rows,
	    "survey,type,name,choice_filter\n,integer,district,\n"
	    ",select_one v,village,district = ${district} and name != ''\n"
	    "choices,list_name,name,label,district\n");
	for (int i = 0; i < choices; i++)
		buf_addf(&rows, ",v,v%d,V,%d\n", i, i / 100);
	form = open_form(rows.data);
	before = state_work(form.state);
	set(&form, "district", "3");
	(void)state_choices(form.state, item_of(&form, "village"), &count);
	assert_int_equal(count, 100);
	before = state_work(form.state) - before;
	close_form(&form);
	buf_release(&rows);
	return before;
}

static void
a_filter_tries_few_of_fifty_thousand_choices(void **state)
{
	(void)state;
	assert_true(cost_of_filter(50000) <= 110);
	assert_true(cost_of_filter(50000) <= cost_of_filter(1000) + 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_script_of_the_reference_engines_gives_their_values),
		TEST(what_changed_is_told_and_nothing_else),
		TEST(a_hidden_group_hides_what_is_in_it),
		TEST(a_constraint_speaks_only_of_answers),
		TEST(a_choice_that_is_no_longer_offered_is_taken_away),
		TEST(defaults_are_given_once_and_only_to_a_fresh_form),
		TEST(once_survives_a_draft_that_is_opened_again),
		TEST(an_answer_over_a_calculation_stays_until_that_changes),
		TEST(read_only_and_required_follow_the_other_answers),
		TEST(progress_counts_what_is_asked),
		TEST(labels_show_the_answers_they_name),
		TEST(typed_answers_become_the_forms_writing),
		TEST(a_saved_value_of_the_wrong_type_is_kept_and_invalid),
		TEST(five_thousand_questions_open_and_answer_at_once),
		TEST(an_answer_costs_what_depends_on_it_however_large_the_form),
		TEST(a_row_costs_the_same_beside_five_hundred_others),
		TEST(an_index_offers_what_trying_every_choice_offers),
		TEST(a_filter_tries_few_of_fifty_thousand_choices),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return RUN_TESTS(tests);
}
