/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "checklists/form.h"
#include "checklists/state.h"

/* Each type of question: what is typed, what is kept, what is shown. */

struct opened {
	struct form *form;
	struct state *state;
	struct problems problems;
};

static struct opened
open_form(const char *rows)
{
	struct buf csv = BUF_INIT;
	struct err err = { 0 };
	struct opened opened = { 0 };

	buf_add_text(&csv, "ronde-checklist,1\n");
	buf_add_text(&csv, rows);
	opened.form = form_parse(csv.data, csv.len, &opened.problems, &err);
	assert_no_err(&err);
	opened.state = state_new(opened.form, 0);
	state_start(opened.state, true);
	buf_release(&csv);
	return opened;
}

static void
close_form(struct opened *opened)
{
	state_free(opened->state);
	form_free(opened->form);
	problems_release(&opened->problems);
}

static int
place_of(const struct opened *opened, const char *path)
{
	struct err err = { 0 };
	const int place = state_find(opened->state, path, &err);

	assert_no_err(&err);
	return place;
}

static const char *
value_of(const struct opened *opened, const char *path)
{
	return state_value(opened->state, place_of(opened, path));
}

static void
set(struct opened *opened, const char *path, const char *value)
{
	struct err err = { 0 };
	const int place = place_of(opened, path);

	assert_int_equal(state_check(opened->state, place, value, 0, &err), 0);
	state_set(opened->state, place, value);
}

static int
type_in(struct opened *opened, int place, const char *typed, struct buf *out,
    struct err *err)
{
	buf_clear(out);
	memset(err, 0, sizeof(*err));
	if (state_read_typed(opened->state, place, typed, 0, out, err) != 0)
		return -1;
	return state_check(opened->state, place, out->data, 0, err);
}

/* The first question; NULL is refused with `problem`. */
static const struct typed {
	const char *rows, *typed, *value, *shown; /* shown NULL: the value */
	const char *problem;
} typed[] = {
#define ONE(type) "survey,type,name\n," type ",q\n"
	{ ONE("barcode"), " 4006381333931 ", "4006381333931", NULL, NULL },
	{ ONE("percentage"), "100", "100", NULL, NULL },
	{ ONE("percentage"), "101", NULL, NULL, "does not allow" },
	{ ONE("phone number"), "0612345678", "0612345678", NULL, NULL },
	{ ONE("phone number"), "06 12", NULL, NULL, "does not allow" },
	{ ONE("dateTime"), "23/11/2026 14h32", "2026-11-23T14:32:00.000-03:00",
	    "2026-11-23 14:32", NULL },
	{ ONE("datetime"), "2026-11-23T14:32", "2026-11-23T14:32:00.000-03:00",
	    "2026-11-23 14:32", NULL },
	{ ONE("date time"), "23.11.26   9:05", "2026-11-23T09:05:00.000-03:00",
	    "2026-11-23 09:05", NULL },
	{ ONE("dateTime"), "23/11/2026", NULL, NULL,
	    "\"23/11/2026\" is not a date with a time such as" },
	{ ONE("dateTime"), "31/02/2026 10h", NULL, NULL, "not a date with" },
	{ ONE("dateTime"), "T", NULL, NULL, "not a date with" },
	{ ONE("range"), "7", "7", NULL, NULL },
	{ ONE("range"), "07,0", "7", NULL, NULL },
	{ ONE("range"), "0", NULL, NULL,
	    "\"0\" is not on the scale: 1 … 10, +1" },
	{ ONE("range"), "11", NULL, NULL, "not on the scale" },
	{ ONE("range"), "7.5", NULL, NULL, "not on the scale" },
	{ ONE("range"), "seven", NULL, NULL, "not on the scale" },
	{ ONE("range"), "99999999999999999999", NULL, NULL, "on the scale" },
#define RANGE(parameters)                        \
	"survey,type,name,parameters\n,range,q," \
	"\"" parameters "\"\n"
	{ RANGE("start=1.5 end=5.5 step=0.5"), "2,5", "2.5", NULL, NULL },
	{ RANGE("start=1.5;end=5.5;step=0.5"), "2", "2", NULL, NULL },
	{ RANGE("start=1.5, end=5.5, step=0.5"), "2.25", NULL, NULL,
	    "1.5 … 5.5, +0.5" },
	{ RANGE("start=0 end=100 step=5"), "0", "0", NULL, NULL },
	{ RANGE("start=10 end=-10 step=5"), "-5", "-5", NULL, NULL },
	{ RANGE("start=10 end=-10 step=5"), "-6", NULL, NULL, "not on" },
	{ ONE("geopoint"), "48.8566 2.3522", "48.8566 2.3522 0 0",
	    "48.8566, 2.3522", NULL },
	{ ONE("gps"), "48.8566,2.3522", "48.8566 2.3522 0 0", "48.8566, 2.3522",
	    NULL },
	{ ONE("location"), "48,8566 2,3522", "48.8566 2.3522 0 0",
	    "48.8566, 2.3522", NULL },
	{ ONE("geopoint"), "48,8566; -2,3522", "48.8566 -2.3522 0 0",
	    "48.8566, -2.3522", NULL },
	{ ONE("geopoint"), "48.8566, 2.3522, 35, 4.5", "48.8566 2.3522 35 4.5",
	    "48.8566, 2.3522, 35 m (± 4.5 m)", NULL },
	{ ONE("geopoint"), "48°51'24\"\"N 2°21'8\"\"E", NULL, NULL,
	    "is not a position" },
	{ ONE("geopoint"), "48°51'24\"N 2°21'8\"E", "48.8566667 2.3522222 0 0",
	    "48.8566667, 2.3522222", NULL },
	{ ONE("geopoint"), "2° 21′ 8″ O, 48° 51′ 24″ N",
	    "48.8566667 -2.3522222 0 0", "48.8566667, -2.3522222", NULL },
	{ ONE("geopoint"), "N 48.8566 W 2.3522", "48.8566 -2.3522 0 0",
	    "48.8566, -2.3522", NULL },
	{ ONE("geopoint"), "48°51.4' N, 2°21' E", "48.8566667 2.35 0 0",
	    "48.8566667, 2.35", NULL },
	{ ONE("geopoint"), "91 2", NULL, NULL, "\"91 2\" is not a position" },
	{ ONE("geopoint"), "48 181", NULL, NULL, "is not a position" },
	{ ONE("geopoint"), "48N 2", NULL, NULL, "is not a position" },
	{ ONE("geopoint"), "48N 2S", NULL, NULL, "is not a position" },
	{ ONE("geopoint"), "-48N 2E", NULL, NULL, "is not a position" },
	{ ONE("geopoint"), "48°60' 2", NULL, NULL, "is not a position" },
	{ ONE("geopoint"), "48.8.8 2", NULL, NULL, "is not a position" },
	{ ONE("geopoint"), "48 2 0 0 7", NULL, NULL, "is not a position" },
	{ ONE("geopoint"), "48", NULL, NULL, "is not a position" },
	{ ONE("geotrace"), "48.1 2.1\n48.2 2.2\n", "48.1 2.1 0 0; 48.2 2.2 0 0",
	    "48.1, 2.1; 48.2, 2.2", NULL },
	{ ONE("geotrace"), "48.1 2.1;48.2 2.2", "48.1 2.1 0 0; 48.2 2.2 0 0",
	    "48.1, 2.1; 48.2, 2.2", NULL },
	{ ONE("geotrace"), "48.1 2.1", NULL, NULL, "at least 2 positions" },
	{ ONE("geoshape"), "0 0\n0 1\n1 1",
	    "0 0 0 0; 0 1 0 0; 1 1 0 0; 0 0 0 0", "0, 0; 0, 1; 1, 1; 0, 0",
	    NULL },
	{ ONE("geoshape"), "0 0\n0 1", NULL, NULL, "at least 3 positions" },
	{ ONE("image"), "photo.jpg", NULL, NULL, "the answer is a file" },
#define LIST                                        \
	"choices,list_name,name,label\n,l,a,Roof\n" \
	",l,b,Cold room\n,l,c,Gate\n"
	{ ONE("rank l") LIST, "3 1 2", "c a b", "Gate > Roof > Cold room",
	    NULL },
	{ ONE("rank l") LIST, "gate, cold room, roof", "c b a",
	    "Gate > Cold room > Roof", NULL },
	{ ONE("rank l") LIST, "3 1", NULL, NULL,
	    "all 3 choices are ranked, not 2 of them" },
	{ ONE("rank l") LIST, "3 3 1", NULL, NULL, "ranked twice" },
	{ ONE("rank l") LIST, "3 1 4", NULL, NULL, "none of the 3 choices" },
	{ ONE("select_one l or_other") LIST, "Other", "other", "Other", NULL },
};

static void
answers_are_read_as_people_type_them(void **state)
{
	struct buf out = BUF_INIT, shown = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		struct opened opened = open_form(typed[i].rows);
		struct err err;

		if (type_in(&opened, 0, typed[i].typed, &out, &err) != 0) {
			if (typed[i].value)
				fail_msg("%s: %s", typed[i].typed, err.msg);
			assert_int_equal(err.code, ERR_VALUE);
			if (!strstr(err.msg, typed[i].problem))
				fail_msg("%s: %s", typed[i].typed, err.msg);
		} else {
			if (!typed[i].value)
				fail_msg("%s is taken", typed[i].typed);
			assert_string_equal(out.data, typed[i].value);
			state_set(opened.state, 0, out.data);
			assert_true(state_is_valid(opened.state, 0));
			buf_clear(&shown);
			state_add_shown(opened.state, 0, 0, &shown);
			assert_string_equal(shown.data,
			    typed[i].shown ? typed[i].shown : typed[i].value);
		}
		close_form(&opened);
	}
	buf_release(&out);
	buf_release(&shown);
}

/* What a saved answer may be: the first question; refused where it is not. */
static void
values_that_a_type_cannot_have_are_invalid(void **state)
{
	static const struct {
		const char *rows, *value;
		bool good;
	} cases[] = {
		{ ONE("dateTime"), "2026-11-23T14:32:00.000+01:00", true },
		{ ONE("dateTime"), "2026-11-23", false },
		{ ONE("dateTime"), "14:32", false },
		{ ONE("geopoint"), "48.8 2.3", true },
		{ ONE("geopoint"), "48.8 2.3 35", true },
		{ ONE("geopoint"), "48.8  2.3", false },
		{ ONE("geopoint"), "48.8 2.3; 48 2", false },
		{ ONE("geopoint"), "48.8 x", false },
		{ ONE("geotrace"), "48.8 2.3 0 0; 48 2 0 0;", true },
		{ ONE("geotrace"), ";", false },
		{ ONE("geoshape"), "0 0; 0 1; 1 1; 0 0", true },
		{ ONE("geoshape"), "0 0; 0 1; 1 1; 1 0", false },
		{ ONE("image"), "photo 1.jpg", true },
		{ ONE("image"), "../photo.jpg", false },
		{ ONE("rank l") LIST, "c b a", true },
		{ ONE("rank l") LIST, "c b", false },
		{ ONE("rank l") LIST, "c c b", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct opened opened = open_form(cases[i].rows);

		state_put(opened.state, 0, cases[i].value);
		if (state_is_valid(opened.state, 0) != cases[i].good)
			fail_msg("%s", cases[i].value);
		close_form(&opened);
	}
}

static void
a_moment_counts_as_a_date_in_expressions(void **state)
{
	struct opened opened = open_form(
	    "survey,type,name,calculation\n,dateTime,a,\n,dateTime,b,\n"
	    ",calculate,c,decimal-date-time(${b}) > "
	    "decimal-date-time(${a})\n"
	    ",calculate,d,\"format-date-time(${a}, '%H:%M')\"\n");

	(void)state;
	set(&opened, "a", "2026-11-23T14:32:00.000-03:00");
	set(&opened, "b", "2026-11-23T18:40:00.000+01:00"); /* 8 min later */
	assert_string_equal(value_of(&opened, "c"), "1");
	assert_string_equal(value_of(&opened, "d"), "14:32");
	close_form(&opened);
}

static void
other_asks_what_it_is(void **state)
{
	struct opened opened = open_form(
	    "survey,type,name,label::English (en),label::Français (fr)\n"
	    ",select_multiple l or other,q,Which?,Lesquels ?\n"
	    "choices,list_name,name,label::English (en),label::Français (fr)\n"
	    ",l,a,A,A\n");
	struct buf label = BUF_INIT;
	int other;

	(void)state;
	other = place_of(&opened, "q_other");
	assert_false(state_is_relevant(opened.state, other));
	set(&opened, "q", "a other");
	assert_true(state_is_relevant(opened.state, other));
	state_add_text(opened.state, other, STATE_LABEL, 1, &label);
	assert_string_equal(label.data, "Précisez");
	assert_int_equal((int)opened.problems.count, 1);
	assert_non_null(strstr(
	    opened.problems.list[0].text, "or_other has no translations"));
	set(&opened, "q", "a");
	assert_false(state_is_relevant(opened.state, other));
	buf_release(&label);
	close_form(&opened);
}

static void
a_trigger_computes_once_for_each_change(void **state)
{
	struct opened opened =
	    open_form("survey,type,name,calculation,trigger\n"
		      ",integer,a,,\n,integer,n,,\n,text,b,,\n"
		      ",calculate,fired,\"concat('fired ', ${n})\",${a}\n"
		      ",text,copy,${fired},\"${a}, ${b}\"\n"
		      ",text,emptied,,${b}\n"
		      ",calculate,then,${fired},${copy}\n");

	(void)state;
	assert_string_equal(value_of(&opened, "fired"), "");
	set(&opened, "n", "10");
	assert_string_equal(value_of(&opened, "fired"), "");
	set(&opened, "a", "1");
	assert_string_equal(value_of(&opened, "fired"), "fired 10");
	assert_string_equal(value_of(&opened, "copy"), "fired 10");
	assert_string_equal(value_of(&opened, "then"), "fired 10");
	set(&opened, "n", "11");
	assert_string_equal(value_of(&opened, "fired"), "fired 10");
	set(&opened, "copy", "mine"); /* what a person writes stays */
	set(&opened, "a", "1");       /* no change */
	assert_string_equal(value_of(&opened, "copy"), "mine");
	set(&opened, "emptied", "x");
	set(&opened, "b", "y");
	assert_string_equal(value_of(&opened, "emptied"), "");
	assert_string_equal(value_of(&opened, "copy"), "fired 10");
	close_form(&opened);
}

static void
what_was_saved_sets_nothing_off(void **state)
{
	struct opened opened =
	    open_form("survey,type,name,calculation,trigger\n"
		      ",integer,a,,\n,calculate,c,${a} + 1,${a}\n");

	(void)state;
	state_put(opened.state, 0, "1");
	assert_string_equal(value_of(&opened, "c"), "");
	state_trigger(opened.state, 0);
	assert_string_equal(value_of(&opened, "c"), "2");
	close_form(&opened);
}

/* JavaRosa's order for seed 42; without one each state has its own. */
static void
choices_come_in_random_order(void **state)
{
	struct opened opened = open_form(
	    "survey,type,name,parameters\n,integer,s,\n"
	    ",select_one l,q,randomize=true seed=${s}\n"
	    ",select_one l,r,randomize=true\n"
	    ",select_one l,t,randomize=false\n"
	    "choices,list_name,name\n,l,A\n,l,B\n,l,C\n,l,D\n,l,E\n,l,F\n");
	const struct choice_list *list = opened.form->items[1].list;
	char order[2][8] = { { 0 } };
	size_t count;
	int places[] = { 1, 3 };

	(void)state;
	set(&opened, "s", "42");
	for (size_t p = 0; p < ARRAY_LEN(places); p++) {
		const int *offered =
		    state_choices(opened.state, places[p], &count);

		assert_int_equal(count, 6);
		for (size_t i = 0; i < count; i++)
			order[p][i] = list->choices[offered[i]].name[0];
	}
	assert_string_equal(order[0], "AFCBDE");
	assert_string_equal(order[1], "ABCDEF");
	set(&opened, "q", "D");
	set(&opened, "s", "-42");
	assert_string_equal(value_of(&opened, "q"), "D");
	close_form(&opened);
}

static void
external_choices_are_filtered_by_their_own_columns(void **state)
{
	struct opened opened = open_form(
	    "survey,type,name,choice_filter\n,select_one state,s,\n"
	    ",select_one_external city,c,\"state=${s}\"\n"
	    "choices,list_name,name,label\n,state,tx,Texas\n,state,wa,W\n"
	    "external_choices,list name,name,label,state\n"
	    ",city,a,Austin,tx\n,city,b,Bonn,wa\n,city,a,Aberdeen,wa\n");
	size_t count;

	(void)state;
	set(&opened, "s", "tx");
	state_choices(opened.state, 1, &count);
	assert_int_equal(count, 1);
	set(&opened, "c", "a");
	set(&opened, "s", "wa");
	state_choices(opened.state, 1, &count);
	assert_int_equal(count, 2);
	close_form(&opened);
}

static void
a_loop_asks_for_each_choice(void **state)
{
	struct opened opened = open_form(
	    "survey,type,name,label::English,label::French\n"
	    ",begin loop over l,all,,\n"
	    ",integer,n_%(name)s,How many %(label)s?,Combien de %(label)s ?\n"
	    ",begin group,g,,\n,text,t,100 %,\n,end group,,,\n"
	    ",end loop,,,\n"
	    "choices,list_name,name,label::English,label::French\n"
	    ",l,bus,buses,bus\n,l,none,None,Aucun\n,l,car,cars,voitures\n");
	struct buf label = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	assert_string_equal(
	    opened.form->items[place_of(&opened, "all/car/g/t")].path,
	    "all/car/g/t");
	state_add_text(opened.state, place_of(&opened, "all/car/n_car"),
	    STATE_LABEL, 0, &label);
	assert_string_equal(label.data, "How many cars?");
	buf_clear(&label);
	state_add_text(opened.state, place_of(&opened, "all/car/n_car"),
	    STATE_LABEL, 1, &label);
	assert_string_equal(label.data, "Combien de voitures ?");
	assert_null(form_find(opened.form, "all/none", &err));
	buf_release(&label);
	close_form(&opened);
}

static void
a_counted_rank_follows_its_filter(void **state)
{
	struct opened opened =
	    open_form("survey,type,name,choice_filter\n,integer,n,\n"
		      ",rank l,q,size < ${n}\n"
		      "choices,list_name,name,size\n,l,a,1\n,l,b,2\n,l,c,3\n");

	(void)state;
	set(&opened, "n", "4");
	set(&opened, "q", "c a b");
	set(&opened, "n", "3"); /* c is taken out */
	assert_string_equal(value_of(&opened, "q"), "a b");
	assert_true(state_is_valid(opened.state, place_of(&opened, "q")));
	set(&opened, "n", "4"); /* and is missing now */
	assert_false(state_is_valid(opened.state, place_of(&opened, "q")));
	close_form(&opened);
}

static void
metas_without_a_value_read_as_empty(void **state)
{
	struct opened opened =
	    open_form("survey,type,name,calculation\n,uri:deviceid,d,\n,start-"
		      "geopoint,g,\n"
		      ",background-audio,s,\n,audit,,\n"
		      ",calculate,c,\"concat('[', ${d}, ${g}, ']')\"\n");

	(void)state;
	assert_string_equal(value_of(&opened, "c"), "[]");
	assert_int_equal((int)opened.problems.count, 4);
	assert_non_null(
	    strstr(opened.problems.list[2].text, "ronde records no sound"));
	close_form(&opened);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_are_read_as_people_type_them),
		TEST(values_that_a_type_cannot_have_are_invalid),
		TEST(a_moment_counts_as_a_date_in_expressions),
		TEST(other_asks_what_it_is),
		TEST(a_trigger_computes_once_for_each_change),
		TEST(what_was_saved_sets_nothing_off),
		TEST(choices_come_in_random_order),
		TEST(external_choices_are_filtered_by_their_own_columns),
		TEST(a_loop_asks_for_each_choice),
		TEST(a_counted_rank_follows_its_filter),
		TEST(metas_without_a_value_read_as_empty),
	};

	setenv("TZ", "America/Sao_Paulo", 1);
	tzset();
	return RUN_TESTS(tests);
}
