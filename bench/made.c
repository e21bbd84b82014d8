/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/made.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/forms.h"
#include "checklists/form.h"
#include "checklists/reader.h"
#include "checklists/state.h"
#include "inspections/inspection.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/ui.h"
#include "tui/views.h"

enum { OPENINGS = 5, ANSWERS = 51 };

/* A form, what it may cost, and what others needed (reference figures). */
static const struct made {
	const char *name;
	struct made_form form;
	double open_ms, answer_ms, all_ms, memory_mb;
	struct {
		double open_ms, answer_ms, all_ms;
	} getodk, javarosa; /* answers: the middle of what was measured */
} forms[] = {
	{ "sections_1000", { 1000, false }, 15, 0.1, 1, 0, { 1561, 3.2, 49 },
	    { 563, 0.25, 20 } },
	{ "sections_5000", { 5000, false }, 60, 0.2, 3, 20, { 15768, 20, 568 },
	    { 2320, 0.75, 61 } },
	{ "flat_5000", { 5000, true }, 60, 0.2, 3, 20, { 28910, 22, 11 },
	    { 2958, 2.3, 1 } },
};

static void
print(const struct made *made, const char *figure, double value,
    const char *unit, double bound)
{
	char name[80];

	snprintf(name, sizeof(name), "%s_%s", made->name, figure);
	bench_print(name, value, unit, bound);
}

/* ---- opening ---- */

static void
run(const char *command, const char *what)
{
	if (system(command) != 0)
		bench_die(what, "failed");
}

/* The workbook of the form, in the bench's folder; the caller's to free. */
static char *
make_workbook(const struct made *made, const char *folder)
{
	char *sheets = xasprintf("%s/%s", folder, made->name);
	char *book = xasprintf("%s.xlsx", sheets);
	char *command =
	    xasprintf("checklists/library/pack %s %s", sheets, book);

	if (mkdir(sheets, 0700) != 0)
		bench_die(sheets, "cannot be made");
	forms_write_sheets(&made->form, sheets);
	run(command, "packing a workbook");
	free(command);
	free(sheets);
	return book;
}

static double
read_workbook(const char *book)
{
	struct problems problems = { 0 };
	struct buf sheets = BUF_INIT;
	struct err err = { 0 };
	const double start = bench_now();
	struct form *form = NULL;
	double took;

	if (reader_normalise(book, &sheets, &problems, &err) == 0)
		form = form_parse(sheets.data, sheets.len, &problems, &err);
	if (!form)
		bench_die(book, err.msg);
	took = bench_now() - start;
	form_free(form);
	problems_release(&problems);
	buf_release(&sheets);
	return took;
}

/* From the vault, with nothing kept, to the whole screen in memory. */
static double
open_screen(struct ui *ui, struct vault *vault, const char *id)
{
	struct grid *grid = grid_new(24, 80);
	struct err err = { 0 };
	struct view *view;
	double start, took;

	inspection_forget(vault);
	start = bench_now();
	view = view_fill_new(ui, id, &err);
	if (!view)
		bench_die("screen", err.msg);
	ui_open(ui, view);
	ui_draw(ui, grid);
	took = bench_now() - start;
	ui_key(ui, K_ESC, "");
	grid_free(grid);
	return took;
}

static void
measure_opening(const struct made *made, struct world *world, struct ui *ui,
    const char *folder)
{
	char *book = make_workbook(made, folder), id[ID_MAX];
	double opened[OPENINGS], read[OPENINGS];
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct hash identity;
	bool added;

	if (checklist_import(
		world->vault, book, &problems, &identity, &added, &err) < 0 ||
	    inspection_new(world->vault, world->site, &identity, id, &err) < 0)
		bench_die(made->name, err.msg);
	for (int i = 0; i < OPENINGS; i++) {
		opened[i] = open_screen(ui, world->vault, id);
		read[i] = read_workbook(book);
	}
	print(made, "open", bench_median(opened, OPENINGS) * 1e3, "ms",
	    made->open_ms);
	print(made, "read_xlsx_over_open",
	    bench_median(read, OPENINGS) / bench_median(opened, OPENINGS),
	    "ratio", 4);
	problems_release(&problems);
	free(book);
}

/* ---- answering ---- */

static double
set(struct state *state, int item, const char *value)
{
	const double start = bench_now();

	state_set(state, item, value);
	return bench_now() - start;
}

static void
measure_answers(const struct made *made, struct state *state)
{
	const struct form *form = state_form(state);
	const bool flat = made->form.flat;
	const int gate = form_item_at(form, flat ? "s1_q1" : "s1/s1_q1");
	const int count = form_item_at(form, flat ? "s2_q4" : "s2/s2_q4");
	static double answers[ANSWERS], shown[ANSWERS], hidden[ANSWERS];

	for (int i = 0; i < ANSWERS; i++) {
		char value[16];

		snprintf(value, sizeof(value), "%d", i + 1);
		shown[i] = set(state, gate, "yes");
		answers[i] = set(state, count, value);
		if (atoi(state_value(state, form_item_at(form, "total"))) !=
		    2 * (i + 1))
			bench_die(made->name, "the total is wrong");
		hidden[i] = set(state, gate, "no");
	}
	/* The answer is summed three times: in its section, twice, in all. */
	print(made, "answer", bench_median(answers, ANSWERS) * 1e3, "ms",
	    made->answer_ms);
	print(made, "show", bench_median(shown, ANSWERS) * 1e3, "ms",
	    made->all_ms);
	print(made, "hide", bench_median(hidden, ANSWERS) * 1e3, "ms",
	    made->all_ms);
}

static double
megabytes(void)
{
	const struct mallinfo2 info = mallinfo2();

	return (double)(info.uordblks + info.hblkhd) / 1e6;
}

static void
measure_engine(const struct made *made)
{
	struct problems problems = { 0 };
	struct buf sheets = BUF_INIT;
	struct err err = { 0 };
	struct form *form;
	struct state *state;
	double before;

	forms_add_sheets(&made->form, &sheets);
	before = megabytes();
	form = form_parse(sheets.data, sheets.len, &problems, &err);
	if (!form)
		bench_die(made->name, err.msg);
	state = state_new(form, 0);
	state_start(state, true);
	measure_answers(made, state);
	print(made, "memory", megabytes() - before, "MB", made->memory_mb);
	state_free(state);
	form_free(form);
	problems_release(&problems);
	buf_release(&sheets);
}

/* ---- others ---- */

static void
print_reference(const struct made *made)
{
	print(made, "getodk_reference_open", made->getodk.open_ms, "ms", 0);
	print(made, "getodk_reference_answer", made->getodk.answer_ms, "ms", 0);
	print(made, "getodk_reference_all", made->getodk.all_ms, "ms", 0);
}

static void
measure_getodk(const struct made *made, const char *engine, const char *folder)
{
	char *xform = xasprintf("%s/%s.xml", folder, made->name);
	char *command =
	    xasprintf("node '%s' '%s' '%s' %s %d", BENCH_SOURCES "/getodk.mjs",
		engine, xform, made->name, made->form.flat);

	forms_write_xform(&made->form, xform);
	run(command, "@getodk/xforms-engine");
	free(command);
	free(xform);
}

void
bench_made(struct world *world, struct ui *ui, const char *folder)
{
	const char *engine = getenv("RONDE_BENCH_XFORMS_ENGINE");

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const struct made *made = &forms[i];

		measure_opening(made, world, ui, folder);
		measure_engine(made);
		if (engine)
			measure_getodk(made, engine, folder);
		else
			print_reference(made);
		print(made, "javarosa_reference_open", made->javarosa.open_ms,
		    "ms", 0);
		print(made, "javarosa_reference_answer",
		    made->javarosa.answer_ms, "ms", 0);
		print(made, "javarosa_reference_all", made->javarosa.all_ms,
		    "ms", 0);
	}
}
