/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the shipped checklist A: from its sheets, and from a vault. */
#include <stdio.h>

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
	return 0;
}
