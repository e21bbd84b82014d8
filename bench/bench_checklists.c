/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the shipped checklist A: from its sheets, and from a vault. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "bench/bench.h"
#include "bench/world.h"
#include "checklists/form.h"
#include "checklists/reader.h"
#include "checklists/state.h"
#include "inspections/inspection.h"
#include "storage/identity.h"

enum { ROUNDS = 51 };

static double
read_workbook(void)
{
	struct problems problems = { 0 };
	struct buf sheets = BUF_INIT;
	struct err err = { 0 };
	const double start = bench_now();
	double took;

	if (reader_normalise("checklists/critical-infrastructure.xlsx", &sheets,
		&problems, &err) < 0)
		bench_die("workbook", err.msg);
	took = bench_now() - start;
	problems_release(&problems);
	buf_release(&sheets);
	return took;
}

static double
open_form(struct world *world)
{
	struct err err = { 0 };
	struct form *form;
	struct state *state;
	double start, took;

	inspection_forget(world->vault); /* as when it is opened first */
	start = bench_now();
	form = checklist_open(world->vault, &world->checklist, &err);
	if (!form)
		bench_die("form", err.msg);
	state = state_new(form, 0);
	state_start(state, true);
	took = bench_now() - start;
	state_free(state);
	form_free(form);
	return took;
}

static double
answer(struct state *state, int item, int number)
{
	char value[16];
	double start;

	snprintf(value, sizeof(value), "%d", number);
	start = bench_now();
	state_set(state, item, value);
	return bench_now() - start;
}

static double
median_answer(struct world *world)
{
	static double took[ROUNDS];
	struct err err = { 0 };
	struct form *form =
	    checklist_open(world->vault, &world->checklist, &err);
	const struct item *item =
	    form ? form_find(form, "a1/threat_level", &err) : NULL;
	struct state *state;

	if (!item)
		bench_die("form", err.msg);
	state = state_new(form, 0);
	state_start(state, true);
	for (int i = 0; i < ROUNDS; i++)
		took[i] = answer(state, item->index, 1 + i % 4);
	state_free(state);
	form_free(form);
	return bench_median(took, ROUNDS);
}

/* ---- rows of a repeat ---- */

enum { REPEAT_ROWS = 500, MIDDLE_ROW = REPEAT_ROWS / 2 };

/*
 * Twenty questions a row: choices, numbers, dates, texts, relevance on the
 * first, two calculations in the row, and sums over all rows outside.
 */
static const char row_form[] =
    "ronde-checklist,1\n"
    "survey,type,name,label,relevant,constraint,calculation\n"
    ",text,place,Place,,,\n"
    ",begin repeat,r,Row,,,\n"
    ",select_one yn,q1,Q1,,,\n"
    ",select_one yn,q2,Q2,${q1} = 'yes',,\n"
    ",select_multiple yn,q3,Q3,${q1} = 'yes',,\n"
    ",integer,q4,Q4,,. >= 0,\n"
    ",decimal,q5,Q5,,. >= 0,\n"
    ",date,q6,Q6,,,\n"
    ",text,q7,Q7,,,\n"
    ",text,q8,Q8,,,\n"
    ",select_one yn,q9,Q9,,,\n"
    ",select_one yn,q10,Q10,,,\n"
    ",integer,q11,Q11,,. >= 0,\n"
    ",integer,q12,Q12,,. >= 0,\n"
    ",decimal,q13,Q13,,,\n"
    ",date,q14,Q14,,,\n"
    ",time,q15,Q15,,,\n"
    ",text,q16,Q16,${q9} = 'yes',,\n"
    ",text,q17,Q17,${q9} = 'yes',,\n"
    ",select_multiple yn,q18,Q18,,,\n"
    ",integer,q19,Q19,,,\n"
    ",text,q20,Q20,,,\n"
    ",calculate,c1,,,,${q4} + ${q11}\n"
    ",calculate,c2,,,,position(..)\n"
    ",end repeat,,,,,\n"
    ",calculate,total,,,,sum(${c1})\n"
    ",calculate,rows,,,,count(${r})\n"
    "choices,list_name,name,label\n"
    ",yn,yes,Yes\n"
    ",yn,no,No\n";

static int
add_row(struct state *state, int repeat, int number)
{
	struct err err = { 0 };
	char key[16];
	int row;

	snprintf(key, sizeof(key), "R%05d", number);
	row = state_row_add(state, repeat, key, &err);
	if (row < 0)
		bench_die("row", err.msg);
	return row;
}

static void
measure_rows(const struct form *form)
{
	static double answers[ROUNDS], summed[ROUNDS], added[ROUNDS];
	struct state *state = state_new(form, 0);
	const int repeat = form_item_at(form, "r");
	const int *rows;
	size_t count;

	state_start(state, true);
	for (int i = 0; i < REPEAT_ROWS; i++) {
		const int row = add_row(state, repeat, i);

		state_set(state, row + 4, "3");
		state_set(state, row + 11, "1");
	}
	for (int i = 0; i < ROUNDS; i++) {
		double start;

		rows = state_rows(state, repeat, &count);
		/* q5, of which nothing outside depends; q4, which is summed. */
		answers[i] = answer(state, rows[MIDDLE_ROW] + 5, i);
		summed[i] = answer(state, rows[MIDDLE_ROW] + 4, i);
		start = bench_now();
		add_row(state, repeat, REPEAT_ROWS + i);
		added[i] = bench_now() - start;
	}
	/* 4 in each row but the middle one, and nothing in the new ones. */
	if (atoi(state_value(state, form_item_at(form, "total"))) !=
	    4 * (REPEAT_ROWS - 1) + 1 + ROUNDS - 1)
		bench_die("sum of the rows",
		    state_value(state, form_item_at(form, "total")));
	state_free(state);
	bench_print(
	    "rows_500_answer", bench_median(answers, ROUNDS) * 1e3, "ms", 0.2);
	bench_print("rows_500_answer_summed",
	    bench_median(summed, ROUNDS) * 1e3, "ms", 0.2);
	bench_print(
	    "rows_500_add", bench_median(added, ROUNDS) * 1e3, "ms", 0.2);
}

static void
bench_rows(void)
{
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form =
	    form_parse(row_form, sizeof(row_form) - 1, &problems, &err);

	if (!form)
		bench_die("form with rows", err.msg);
	measure_rows(form);
	form_free(form);
	problems_release(&problems);
}

int
main(void)
{
	static double workbook[ROUNDS], opened[ROUNDS];
	struct world world = { 0 };

	world_open(&world, bench_folder(), "inspector", ROLE_INSPECTOR);
	world_fill(&world);
	for (int i = 0; i < ROUNDS; i++) {
		workbook[i] = read_workbook();
		opened[i] = open_form(&world);
	}
	bench_print("checklist_a_read_xlsx",
	    bench_median(workbook, ROUNDS) * 1e3, "ms", 0);
	bench_print(
	    "checklist_a_open", bench_median(opened, ROUNDS) * 1e3, "ms", 15);
	bench_print(
	    "checklist_a_answer", median_answer(&world) * 1e3, "ms", 0.1);
	world_close(&world);
	bench_rows();
	return 0;
}
