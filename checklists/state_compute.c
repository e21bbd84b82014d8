/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/form_internal.h"
#include "checklists/state_queue.h"

/*
 * Computing what a change asks for: values, then the jobs of the queue.  A
 * filter can take a choice away and so send the queue back to an earlier
 * value; JOBS_PER_PLACE_MAX ends that in forms where it would not end.
 */
enum { JOBS_PER_PLACE_MAX = 64, ROWS_COUNTED_MAX = 10000 };

/*
 * A form is foreign: all evaluations of one change together may take this
 * many steps (about a second) and all computed values this much memory.  What
 * is beyond has no value, like a calculation that fails.
 */
enum { STATE_STEPS_MAX = 20000000, COMPUTED_BYTES_MAX = 64 * 1024 * 1024 };

void
compute_begin(struct state *state)
{
	if (!state->running)
		state->steps_left = STATE_STEPS_MAX;
}

/* ---- values ---- */

bool
slot_put(struct slot *slot, const char *value)
{
	if (strcmp(slot_text(slot), value) == 0)
		return false;
	free(slot->value);
	slot->value = value[0] ? xstrdup(value) : NULL;
	return true;
}

/* What JavaRosa makes of a computed value in an item of this type. */
static void
fit_to_type(const struct item *item, enum value_kind kind, char *value)
{
	char *cut = NULL;

	if (item->type == ITEM_INTEGER && kind == VALUE_NUMBER &&
	    !strchr(value, 'E'))
		cut = strchr(value, '.');
	if (item->type == ITEM_DATE && kind == VALUE_DATE)
		cut = strchr(value, 'T');
	if (cut)
		*cut = '\0';
}

/* Where the expression that is evaluated next belongs. */
const struct expr_source *
compute_source(struct state *state, int place)
{
	state->at = place;
	state->source.context = state_tree_node(state, place).id;
	return &state->source;
}

/* Is there memory for this in place of the slot's value?  Then it is taken. */
static bool
make_room(struct state *state, const struct slot *slot, const char *text)
{
	const size_t len = strlen(text), before = strlen(slot_text(slot));

	if (len > before &&
	    state->computed_bytes + len - before > COMPUTED_BYTES_MAX)
		return false;
	state->computed_bytes += len;
	state->computed_bytes -=
	    before < state->computed_bytes ? before : state->computed_bytes;
	return true;
}

/* True when the slot then holds another value. */
static bool
compute_value(struct state *state, int place, const struct expr *expr)
{
	const struct item *item = item_at(state, place);
	struct slot *slot = &state->slots[place];
	enum value_kind kind = VALUE_TEXT;
	struct err err = { 0 };
	bool other;
	char *text =
	    expr_value(expr, compute_source(state, place), true, &kind, &err);

	/* A calculation that fails has no value, as in ODK Collect. */
	if (text)
		fit_to_type(item, kind, text);
	if (text && !make_room(state, slot, text))
		text[0] = '\0';
	other = slot_put(slot, text ? text : "");
	if (item->type == ITEM_CALCULATE || item->type == ITEM_TEXT) {
		other = other || slot->kind != kind;
		slot->kind = kind;
	}
	free(text);
	return other;
}

/* ---- jobs ---- */

static bool
parent_is_relevant(const struct state *state, int place)
{
	const struct slot *slot = &state->slots[place];
	const int parent = state->form->items[slot->item].parent;
	const int row =
	    slot->repeat >= 0 ? state->slots[slot->repeat].row : slot->row;

	return parent < 0 ||
	    state->slots[state_in_row(state, row, parent)].relevant;
}

static void
run_relevance(struct state *state, int place)
{
	const struct item *item = item_at(state, place);
	struct slot *slot = &state->slots[place];
	const bool has_rows = slot->rows && slot->rows->count > 0;
	struct err err = { 0 };
	bool relevant = parent_is_relevant(state, place);

	/* Each row decides for itself; a repeat without one for all. */
	if (relevant && item->relevant && !has_rows)
		relevant = expr_truth(item->relevant,
			       compute_source(state, place), &err) != 0;
	if (relevant == slot->relevant)
		return;
	slot->relevant = relevant;
	state->order_is_old = true;
	state_mark_changed(state, place);
	queue_targets(state, node_of_relevance(item->index), place, false);
	if (item->type == ITEM_REPEAT)
		queue_value(state, place);
	queue_filter(state, place);
	queue_check(state, place);
}

/* The rows that the form asks for. */
static void
run_count(struct state *state, int place, const struct expr *count)
{
	struct err err = { 0 };
	double number = 0;

	if (state->slots[place].relevant &&
	    expr_number(count, compute_source(state, place), &number, &err) ==
		0 &&
	    number >= 1)
		rows_fill(state, place,
		    number < ROWS_COUNTED_MAX ? (int)number : ROWS_COUNTED_MAX);
}

static void
run_value(struct state *state, int place)
{
	const struct item *item = item_at(state, place);
	struct slot *slot;
	bool other = false;

	if (item->calculation)
		other = compute_value(state, place, item->calculation);
	if (item->repeat_count && state->slots[place].rows)
		run_count(state, place, item->repeat_count);
	slot = &state->slots[place];
	if (other)
		state_mark_changed(state, place);
	/* Readers see "" while it is not relevant. */
	if (slot->relevant != slot->read_as_relevant)
		other = true;
	slot->read_as_relevant = slot->relevant;
	if (other)
		queue_readers(state, place);
}

static void
run_check(struct state *state, int place)
{
	const struct item *item = item_at(state, place);
	struct slot *slot = &state->slots[place];
	const struct slot before = *slot;
	struct err err = { 0 };

	if (item_has_members(item))
		return;
	slot->read_only = item->read_only &&
	    expr_truth(item->read_only, compute_source(state, place), &err) ==
		1;
	slot->required = item->required && slot->relevant &&
	    expr_truth(item->required, compute_source(state, place), &err) == 1;
	slot->refusal = REFUSE_NOTHING;
	if (slot->relevant && item_is_question(item))
		slot->refusal = refusal_of(state, place, slot_text(slot), &err);
	if (slot->refusal != before.refusal ||
	    slot->required != before.required ||
	    slot->read_only != before.read_only)
		state_mark_changed(state, place);
}

static void
run_job(struct state *state, struct job job)
{
	const int count = state->form->item_count;
	struct slot *slot = &state->slots[job.place];
	const enum job_kind kind = job.key >= 3 * count ? JOB_CHECK
	    : job.key >= 2 * count                      ? JOB_FILTER
	    : state->plan->node_at[job.key] % 2 == 0    ? JOB_RELEVANCE
							: JOB_VALUE;

	slot->waits &= (uint8_t)~kind;
	if (slot->absent)
		return;
	switch (kind) {
	case JOB_RELEVANCE: run_relevance(state, job.place); break;
	case JOB_VALUE: run_value(state, job.place); break;
	case JOB_FILTER: offered_run(state, job.place); break;
	case JOB_CHECK: run_check(state, job.place); break;
	}
}

static void
run(struct state *state)
{
	struct job job;
	long done = 0;

	state->running = true;
	while (queue_pop(state, &job)) {
		state->jobs_done++;
		if (done++ >
		    (long)JOBS_PER_PLACE_MAX * (state->place_count + 1))
			state->slots[job.place].waits = 0; /* empties it */
		else
			run_job(state, job);
	}
	state->running = false;
}

void
compute_all(struct state *state)
{
	const int count = state->form->item_count;

	/* In ascending order the heap of rows needs no sorting. */
	for (int key = 0; key < state->plan->order.node_count; key++) {
		const int node = state->plan->node_at[key];

		rows_each(state, -1, node / 2,
		    node % 2 ? queue_value : queue_relevance, state);
	}
	for (int item = 0; item < count; item++)
		rows_each(state, -1, item, queue_filter, state);
	for (int item = 0; item < count; item++)
		rows_each(state, -1, item, queue_check, state);
	run(state);
}

void
compute_after(struct state *state, int place)
{
	state_mark_changed(state, place);
	queue_readers(state, place);
	run(state);
}

void
compute_default(struct state *state, int place)
{
	const struct item *item = item_at(state, place);

	if (compute_value(state, place, item->dynamic_default))
		compute_after(state, place);
}

/* ---- what a change sets off ---- */

enum { TRIGGER_DEPTH_MAX = 32 }; /* of triggers that set off others */

struct setting_off {
	struct state *state;
	int depth;
};

static void set_off(struct state *state, int place, int depth);

static void
run_triggered(void *arg, int place)
{
	struct setting_off *off = arg;
	struct state *state = off->state;

	if (state->slots[place].absent)
		return;
	state->slots[place].loaded = true;
	if (!compute_value(state, place, item_at(state, place)->triggered))
		return;
	compute_after(state, place);
	set_off(state, place, off->depth + 1);
}

static bool
is_trigger_of(const struct item *item, int trigger)
{
	for (int t = 0; t < item->trigger_count; t++)
		if (item->triggers[t] == trigger)
			return true;
	return false;
}

static void
set_off(struct state *state, int place, int depth)
{
	const struct form_plan *plan = state->plan;
	struct setting_off off = { state, depth };

	for (int i = 0; depth < TRIGGER_DEPTH_MAX && i < plan->triggered_count;
	     i++) {
		const int item = plan->triggered[i];

		if (is_trigger_of(
			&state->form->items[item], state->slots[place].item))
			rows_each(state, queue_shared_row(state, place, item),
			    item, run_triggered, &off);
	}
}

void
compute_triggered(struct state *state, int place)
{
	set_off(state, place, 0);
}

/* ---- rows ---- */

/* What depends on how many rows there are, or on where one stands. */
static void
push_row_readers(struct state *state, int repeat, int row)
{
	const struct item *item = item_at(state, repeat);
	const struct rows *rows = state->slots[repeat].rows;

	state_mark_changed(state, repeat);
	queue_relevance(state, repeat);
	queue_targets(state, node_of_value(item->index), repeat, true);
	queue_check_readers(state, repeat, true);
	/* The rows behind it stand elsewhere now. */
	for (size_t i = (size_t)state->slots[row].number; i < rows->count;
	     i++) {
		queue_relevance(state, rows->list[i]);
		queue_targets(
		    state, node_of_value(item->index), rows->list[i], false);
	}
	for (int member = item->index + 1; member < item->end; member++) {
		const int place = state_in_row(state, row, member);

		queue_targets(state, node_of_value(member), place, true);
		queue_check_readers(state, place, true);
	}
}

void
compute_row_added(struct state *state, int row)
{
	const struct item *item = item_at(state, row);

	queue_relevance(state, row);
	for (int i = 1; i < item->end - item->index; i++)
		if (!state->slots[row + i].absent)
			queue_all(state, row + i);
	push_row_readers(state, state->slots[row].repeat, row);
	if (!state->running) /* else who runs will come to it */
		run(state);
}

void
compute_row_removed(struct state *state, int row)
{
	const struct item *item = item_at(state, row);

	for (int i = 0; i < item->end - item->index; i++)
		state->slots[row + i].absent = true;
	push_row_readers(state, state->slots[row].repeat, row);
	run(state);
}

/* ---- life ---- */

void
compute_init(struct state *state)
{
	state_tree_init(state);
	source_init(state);
	state->plan = form_plan(state->form);
	queue_init(&state->queue, 4 * state->form->item_count);
}

void
compute_release(struct state *state)
{
	queue_release(&state->queue);
}
