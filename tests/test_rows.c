/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checklists/form.h"
#include "checklists/state.h"

/* Repeats: rows that come and go, and what is computed in and over them. */

struct opened {
	struct form *form;
	struct state *state;
};

static struct opened
open_form(const char *rows)
{
	struct problems problems = { 0 };
	struct buf csv = BUF_INIT;
	struct err err = { 0 };
	struct opened opened;

	buf_add_text(&csv, "ronde-checklist,1\n");
	buf_add_text(&csv, rows);
	opened.form = form_parse(csv.data, csv.len, &problems, &err);
	assert_no_err(&err);
	opened.state = state_new(opened.form, INT64_C(1709287200000));
	state_start(opened.state, true);
	problems_release(&problems);
	buf_release(&csv);
	return opened;
}

static void
close_form(struct opened *opened)
{
	state_free(opened->state);
	form_free(opened->form);
}

static int
place_of(const struct opened *opened, const char *path)
{
	struct err err = { 0 };
	const int place = state_find(opened->state, path, &err);

	if (place < 0)
		fail_msg("%s", err.msg);
	return place;
}

static int
add_row(struct opened *opened, const char *repeat, const char *key)
{
	struct err err = { 0 };
	const int row =
	    state_row_add(opened->state, place_of(opened, repeat), key, &err);

	assert_no_err(&err);
	return row;
}

static void
set(struct opened *opened, const char *path, const char *value)
{
	state_set(opened->state, place_of(opened, path), value);
}

struct expectation {
	const char *path, *value;
};

static void
check(const struct opened *opened, const struct expectation *expected,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = state_value(
		    opened->state, place_of(opened, expected[i].path));

		if (strcmp(value, expected[i].value) != 0)
			fail_msg("%s is \"%s\", not \"%s\"", expected[i].path,
			    value, expected[i].value);
	}
}

/* The form that both reference engines were run with. */
static const char edge[] =
    "survey,type,name,calculation\n"
    ",begin repeat,rep,\n"
    ",integer,x,\n"
    ",calculate,y,/data/rep/x\n"
    ",calculate,z,../x\n"
    ",calculate,s,sum(/data/rep/x)\n"
    ",calculate,p,position(..)\n"
    ",calculate,cnt,count(/data/rep)\n"
    ",calculate,cnt2,count(../../rep)\n"
    ",calculate,prev,/data/rep[position() = position(current()/..) - 1]/x\n"
    ",calculate,ir,\"indexed-repeat(/data/rep/x, /data/rep, 1)\"\n"
    ",end repeat,,\n"
    ",calculate,out1,/data/rep[position()=2]/x\n"
    ",calculate,outsum,sum(/data/rep/x)\n"
    ",calculate,outlist,\"join(',', /data/rep/x)\"\n"
    ",calculate,outcount,count(${rep})\n";

static void
rows_are_computed_as_javarosa_computes_them(void **state)
{
	static const struct expectation expected[] = {
		{ "rep[1]/y", "10" },
		{ "rep[1]/z", "10" },
		{ "rep[1]/s", "60" },
		{ "rep[1]/p", "1" },
		{ "rep[1]/cnt", "1" },
		{ "rep[1]/cnt2", "3" },
		{ "rep[1]/prev", "" },
		{ "rep[1]/ir", "10" },
		{ "rep[2]/y", "20" },
		{ "rep[2]/s", "60" },
		{ "rep[2]/p", "2" },
		{ "rep[2]/prev", "10" },
		{ "rep[3]/z", "30" },
		{ "rep[3]/cnt2", "3" },
		{ "rep[3]/prev", "20" },
		{ "rep[3]/ir", "10" },
		{ "out1", "20" },
		{ "outsum", "60" },
		{ "outlist", "10,20,30" },
		{ "outcount", "3" },
	};
	struct opened opened = open_form(edge);

	(void)state;
	add_row(&opened, "rep", "1");
	set(&opened, "rep[1]/x", "10");
	add_row(&opened, "rep", "2");
	add_row(&opened, "rep", "3");
	set(&opened, "rep[3]/x", "30");
	set(&opened, "rep[2]/x", "20");
	check(&opened, expected, ARRAY_LEN(expected));
	close_form(&opened);
}

static void
what_stands_behind_a_row_that_goes_moves_up(void **state)
{
	static const struct expectation expected[] = {
		{ "rep[1]/p", "1" },
		{ "rep[1]/s", "40" },
		{ "rep[1]/cnt2", "2" },
		{ "rep[3]/p", "2" },
		{ "rep[3]/prev", "10" },
		{ "out1", "30" },
		{ "outsum", "40" },
		{ "outlist", "10,30" },
		{ "outcount", "2" },
	};
	struct opened opened = open_form(edge);
	struct err err = { 0 };

	(void)state;
	for (int i = 1; i <= 3; i++) {
		char key[16], path[32], value[16];

		snprintf(key, sizeof(key), "%d", i);
		snprintf(path, sizeof(path), "rep[%d]/x", i);
		snprintf(value, sizeof(value), "%d", i * 10);
		add_row(&opened, "rep", key);
		set(&opened, path, value);
	}
	state_row_remove(opened.state, place_of(&opened, "rep[2]"));
	check(&opened, expected, ARRAY_LEN(expected));
	assert_int_equal(state_find(opened.state, "rep[2]/x", &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	/* It may come again, empty. */
	add_row(&opened, "rep", "2");
	check(&opened, &(const struct expectation){ "outlist", "10,,30" }, 1);
	close_form(&opened);
}

static void
rows_stand_in_the_order_of_their_keys(void **state)
{
	static const char *const keys[] = { "b", "10", "2", "a", "1" };
	static const char *const ordered[] = { "1", "2", "10", "a", "b" };
	struct opened opened = open_form(edge);
	const int repeat = place_of(&opened, "rep");
	struct err err = { 0 };
	const int *rows;
	size_t count;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		add_row(&opened, "rep", keys[i]);
	rows = state_rows(opened.state, repeat, &count);
	assert_int_equal(count, ARRAY_LEN(ordered));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(
		    state_row_key(opened.state, rows[i]), ordered[i]);
	/* The same key is the same row. */
	assert_int_equal(add_row(&opened, "rep", "a"), rows[3]);
	assert_int_equal(state_row_add(opened.state, repeat, "a/b", &err), -1);
	assert_int_equal(err.code, ERR_VALUE);
	close_form(&opened);
}

static const char nested[] =
    "survey,type,name,calculation,relevant,default\n"
    ",text,site,,,\n"
    ",begin repeat,house,,,\n"
    ",text,name,,,unnamed\n"
    ",calculate,label,\"concat(${site}, '/', ${name})\",,\n"
    ",begin group,people,,,\n"
    ",begin repeat,person,,,\n"
    ",integer,age,,,\n"
    ",text,school,,${age} < 18,\n"
    ",calculate,where,${label},,\n"
    ",calculate,older,\"count(../../person[age > current()/../age])\",,\n"
    ",end repeat,,,,\n"
    ",end group,,,,\n"
    ",calculate,total,sum(${age}),,\n"
    ",end repeat,,,,\n"
    ",calculate,all,sum(${age}),,\n"
    ",calculate,everybody,count(${person}),,\n";

static void
inner_rows_belong_to_their_outer_row(void **state)
{
	static const struct expectation expected[] = {
		{ "house[1]/people/person[1]/where", "Nord/Diallo" },
		{ "house[2]/people/person[1]/where", "Nord/unnamed" },
		{ "house[1]/total", "50" },
		{ "house[2]/total", "7" },
		{ "house[1]/people/person[1]/older", "0" },
		{ "house[1]/people/person[2]/older", "1" },
		{ "house[2]/people/person[1]/older", "0" },
		{ "all", "57" },
		{ "everybody", "3" },
	};
	struct opened opened = open_form(nested);
	const struct state *answers = opened.state;
	struct buf path = BUF_INIT;

	(void)state;
	set(&opened, "site", "Nord");
	add_row(&opened, "house", "1");
	add_row(&opened, "house", "2");
	set(&opened, "house[1]/name", "Diallo");
	add_row(&opened, "house[1]/people/person", "1");
	add_row(&opened, "house[1]/people/person", "2");
	add_row(&opened, "house[2]/people/person", "1");
	set(&opened, "house[1]/people/person[1]/age", "40");
	set(&opened, "house[1]/people/person[2]/age", "10");
	set(&opened, "house[2]/people/person[1]/age", "7");
	check(&opened, expected, ARRAY_LEN(expected));
	assert_false(state_is_relevant(
	    answers, place_of(&opened, "house[1]/people/person[1]/school")));
	assert_true(state_is_relevant(
	    answers, place_of(&opened, "house[1]/people/person[2]/school")));
	state_add_path(
	    answers, place_of(&opened, "house[2]/people/person[1]/age"), &path);
	assert_string_equal(path.data, "house[2]/people/person[1]/age");
	state_row_remove(opened.state, place_of(&opened, "house[1]"));
	check(&opened, &(const struct expectation){ "all", "7" }, 1);
	check(&opened, &(const struct expectation){ "everybody", "1" }, 1);
	buf_release(&path);
	close_form(&opened);
}

static void
the_form_may_count_the_rows(void **state)
{
	struct opened opened =
	    open_form("survey,type,name,repeat_count,calculation\n"
		      ",integer,n,,\n"
		      ",begin repeat,gate,${n},\n"
		      ",text,guard,,\n"
		      ",end repeat,,,\n"
		      ",calculate,gates,,count(${gate})\n");
	const int repeat = place_of(&opened, "gate");
	size_t count;

	(void)state;
	assert_true(state_rows_are_counted(opened.state, repeat));
	state_rows(opened.state, repeat, &count);
	assert_int_equal(count, 0);
	set(&opened, "n", "3");
	set(&opened, "gate[3]/guard", "Koffi");
	check(&opened, &(const struct expectation){ "gates", "3" }, 1);
	/* Fewer are asked for: what was answered is not thrown away. */
	set(&opened, "n", "1");
	check(&opened, &(const struct expectation){ "gate[3]/guard", "Koffi" },
	    1);
	close_form(&opened);
}

static void
a_running_total_reads_the_row_before(void **state)
{
	struct opened opened =
	    open_form("survey,type,name,calculation\n"
		      ",begin repeat,r,\n"
		      ",integer,x,\n"
		      ",calculate,total,\"coalesce(/data/r[position() = "
		      "position(current()/..) - 1]/total, 0) + ${x}\"\n"
		      ",end repeat,,\n");

	(void)state;
	for (int i = 1; i <= 5; i++) {
		char key[16], path[32];

		snprintf(key, sizeof(key), "%d", i);
		snprintf(path, sizeof(path), "r[%d]/x", i);
		add_row(&opened, "r", key);
		set(&opened, path, "1");
	}
	check(&opened, &(const struct expectation){ "r[5]/total", "5" }, 1);
	set(&opened, "r[1]/x", "11");
	check(&opened, &(const struct expectation){ "r[5]/total", "15" }, 1);
	close_form(&opened);
}

static void
a_row_may_be_relevant_by_itself(void **state)
{
	struct opened opened =
	    open_form("survey,type,name,relevant,calculation\n"
		      ",integer,n,,\n"
		      ",begin repeat,r,position(.) <= ${n},\n"
		      ",text,x,,\n"
		      ",end repeat,,,\n"
		      ",calculate,shown,,count(${r})\n");

	(void)state;
	set(&opened, "n", "2");
	for (int i = 1; i <= 3; i++) {
		char key[16];

		snprintf(key, sizeof(key), "%d", i);
		add_row(&opened, "r", key);
	}
	assert_true(
	    state_is_relevant(opened.state, place_of(&opened, "r[2]/x")));
	assert_false(
	    state_is_relevant(opened.state, place_of(&opened, "r[3]/x")));
	check(&opened, &(const struct expectation){ "shown", "2" }, 1);
	set(&opened, "n", "3");
	assert_true(
	    state_is_relevant(opened.state, place_of(&opened, "r[3]/x")));
	check(&opened, &(const struct expectation){ "shown", "3" }, 1);
	close_form(&opened);
}

static void
progress_counts_what_is_in_rows(void **state)
{
	struct opened opened = open_form(nested);
	struct state_counts counts;

	(void)state;
	counts = state_progress(opened.state, 0, opened.form->item_count);
	assert_int_equal(counts.relevant, 1); /* site */
	add_row(&opened, "house", "1");
	add_row(&opened, "house[1]/people/person", "1");
	set(&opened, "house[1]/people/person[1]/age", "30");
	counts = state_progress(opened.state, 0, opened.form->item_count);
	assert_int_equal(counts.relevant, 3); /* and name, age */
	assert_int_equal(counts.answered, 2); /* the default name, age */
	close_form(&opened);
}

/* Forth to the end and back again, each place once. */
static void
one_goes_through_all_rows_in_both_directions(void **state)
{
	static const char *const paths[] = { "site", "house", "house[1]",
		"house[1]/name", "house[1]/label", "house[1]/people",
		"house[1]/people/person", "house[1]/people/person[1]",
		"house[1]/people/person[1]/age" };
	struct opened opened = open_form(nested);
	const struct state *answers = opened.state;
	int seen[64], count = 0, place = -1;

	(void)state;
	add_row(&opened, "house", "1");
	add_row(&opened, "house[1]/people/person", "1");
	add_row(&opened, "house", "2");
	while ((place = state_next(answers, place)) >= 0) {
		assert_true(count < (int)ARRAY_LEN(seen));
		seen[count++] = place;
	}
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		assert_int_equal(seen[i], place_of(&opened, paths[i]));
	for (place = seen[count - 1]; place >= 0;
	     place = state_previous(answers, place))
		assert_int_equal(place, seen[--count]);
	assert_int_equal(count, 0);
	assert_int_equal(state_after(answers, place_of(&opened, "house[1]")),
	    place_of(&opened, "house[2]"));
	assert_int_equal(state_after(answers, place_of(&opened, "house")),
	    place_of(&opened, "all"));
	close_form(&opened);
}

static void
a_number_names_a_row_only_for_people(void **state)
{
	struct opened opened = open_form(edge);
	struct err err = { 0 };
	int row;

	(void)state;
	row = add_row(&opened, "rep", "B");
	add_row(&opened, "rep", "C");
	assert_int_equal(state_find_typed(opened.state, "rep[1]", &err), row);
	assert_int_equal(state_find(opened.state, "rep[1]", &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_int_equal(state_find(opened.state, "rep[1]/x", &err), -1);
	assert_int_equal(state_find_typed(opened.state, "rep[3]", &err), -1);
	assert_int_equal(state_find_typed(opened.state, "rep[0]", &err), -1);
	close_form(&opened);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_are_computed_as_javarosa_computes_them),
		TEST(what_stands_behind_a_row_that_goes_moves_up),
		TEST(rows_stand_in_the_order_of_their_keys),
		TEST(inner_rows_belong_to_their_outer_row),
		TEST(the_form_may_count_the_rows),
		TEST(a_running_total_reads_the_row_before),
		TEST(a_row_may_be_relevant_by_itself),
		TEST(progress_counts_what_is_in_rows),
		TEST(one_goes_through_all_rows_in_both_directions),
		TEST(a_number_names_a_row_only_for_people),
	};

	return RUN_TESTS(tests);
}
