/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening the shipped checklist A: from its sheets, and from a vault; forms of
 * thousands of questions (made.c); rows of a repeat; a filter of a long list.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/setup.h"
#include "base/buf.h"
#include "bench/bench.h"
#include "bench/forms.h"
#include "bench/made.h"
#include "bench/world.h"
#include "checklists/form.h"
#include "checklists/reader.h"
#include "checklists/state.h"
#include "inspections/inspection.h"
#include "storage/identity.h"
#include "tui/ui.h"

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
	    form_parse(forms_rows, strlen(forms_rows), &problems, &err);

	if (!form)
		bench_die("form with rows", err.msg);
	measure_rows(form);
	form_free(form);
	problems_release(&problems);
}

/* ---- a filter of a long list ---- */

enum { CHOICES = 50000 };

static void
bench_filter(void)
{
	static double took[ROUNDS];
	struct problems problems = { 0 };
	struct buf sheets = BUF_INIT;
	struct err err = { 0 };
	struct form *form;
	struct state *state;
	size_t count;

	forms_add_choices(CHOICES, &sheets);
	form = form_parse(sheets.data, sheets.len, &problems, &err);
	if (!form)
		bench_die("form with choices", err.msg);
	state = state_new(form, 0);
	state_start(state, true);
	for (int i = 0; i < ROUNDS; i++) {
		char district[16];
		double start;

		snprintf(district, sizeof(district), "%d", i * 7);
		start = bench_now();
		state_set(state, form_item_at(form, "district"), district);
		state_choices(state, form_item_at(form, "village"), &count);
		took[i] = bench_now() - start;
		if (count != 100)
			bench_die("filter", "offers other choices");
	}
	bench_print(
	    "choices_50000_filter", bench_median(took, ROUNDS) * 1e3, "ms", 1);
	state_free(state);
	form_free(form);
	problems_release(&problems);
	buf_release(&sheets);
}

int
main(void)
{
	static double workbook[ROUNDS], opened[ROUNDS];
	const char *folder = bench_folder();
	struct world world = { 0 };
	const struct tui_options options = { .vault_path = "bench",
		.projectors = setup_vault_options()->projectors,
		.contents = setup_contents() };
	struct ui ui;

	world_open(&world, folder, "inspector", ROLE_INSPECTOR);
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
	ui_init(&ui, &options);
	ui_unlocked(&ui, world.vault);
	bench_made(&world, &ui, folder);
	ui_leave(&ui);
	ui_release(&ui);
	bench_rows();
	bench_filter();
	return 0;
}
