/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/form_internal.h"

/*
 * Computing what a change asks for: the queue, then the jobs.
 *
 * A job is a key and a place.  Keys below 2n are relevances and values in the
 * form's order (form_order.h); then come the filters of n items, then their
 * checks.  The queue gives the smallest key first, so each value is computed
 * once per change.  A filter can take a choice away and so send the queue back
 * to an earlier value; JOBS_PER_PLACE_MAX ends that in forms where it would
 * not end.
 */

enum { JOBS_PER_PLACE_MAX = 64, ROWS_COUNTED_MAX = 10000 };

enum job_kind {
	JOB_RELEVANCE = 1,
	JOB_VALUE = 2,
	JOB_FILTER = 4,
	JOB_CHECK = 8
};

/* ---- the queue: a heap of jobs ---- */

static bool
comes_before(struct job one, struct job other)
{
	return one.key != other.key ? one.key < other.key
				    : one.place < other.place;
}

static void
push(struct state *state, int key, int place, enum job_kind kind)
{
	struct queue *q = &state->queue;
	const struct job job = { key, place };
	size_t at = q->count;

	if (key < 0 || (state->slots[place].waits & kind))
		return;
	state->slots[place].waits |= (uint8_t)kind;
	mem_grow(&q->heap, &q->room, q->count + 1, sizeof(*q->heap));
	q->count++;
	while (at > 0 && comes_before(job, q->heap[(at - 1) / 2])) {
		q->heap[at] = q->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	q->heap[at] = job;
}

static struct job
pop(struct queue *q)
{
	const struct job job = q->heap[0];
	const struct job last = q->heap[--q->count];
	size_t at = 0;

	while (2 * at + 1 < q->count) {
		size_t child = 2 * at + 1;

		if (child + 1 < q->count &&
		    comes_before(q->heap[child + 1], q->heap[child]))
			child++;
		if (!comes_before(q->heap[child], last))
			break;
		q->heap[at] = q->heap[child];
		at = child;
	}
	if (q->count)
		q->heap[at] = last;
	return job;
}

static void
push_relevance(void *arg, int place)
{
	struct state *state = arg;
	const int item = state->slots[place].item;

	push(state, state->plan->order.rank[node_of_relevance(item)], place,
	    JOB_RELEVANCE);
}

static void
push_value(void *arg, int place)
{
	struct state *state = arg;
	const int item = state->slots[place].item;

	push(state, state->plan->order.rank[node_of_value(item)], place,
	    JOB_VALUE);
}

static void
push_filter(void *arg, int place)
{
	struct state *state = arg;

	push(state, 2 * state->form->item_count + state->slots[place].item,
	    place, JOB_FILTER);
}

static void
push_check(void *arg, int place)
{
	struct state *state = arg;

	push(state, 3 * state->form->item_count + state->slots[place].item,
	    place, JOB_CHECK);
}

static void
push_all(void *arg, int place)
{
	push_relevance(arg, place);
	push_value(arg, place);
	push_filter(arg, place);
	push_check(arg, place);
}

/* The innermost row around `place` that may have `item` in it too; -1. */
static int
shared_row(const struct state *state, int place, int item)
{
	int row = state->slots[place].row;

	while (row >= 0) {
		const int repeat = state->slots[row].item;

		if (repeat <= item && item < state->form->items[repeat].end)
			break;
		row = state->slots[state->slots[row].repeat].row;
	}
	return row;
}

/* What is computed from a node of this place, in its rows or in all. */
static void
push_targets(struct state *state, int node, int place, bool wide_only)
{
	const struct order *order = &state->plan->order;

	for (int i = order->start[node]; i < order->start[node + 1]; i++) {
		const int target = order->target[i], item = target / 2;
		const bool wide = order->wide[i];

		if (wide_only && !wide)
			continue;
		rows_each(state, wide ? -1 : shared_row(state, place, item),
		    item, target % 2 ? push_value : push_relevance, state);
	}
}

static void
push_check_readers(struct state *state, int place, bool wide_only)
{
	const int item = state->slots[place].item;

	for (int i = state->plan->check_start[item];
	     i < state->plan->check_start[item + 1]; i++) {
		const struct reader *reader = &state->plan->check_target[i];
		const int row =
		    reader->wide ? -1 : shared_row(state, place, reader->item);

		if (wide_only && !reader->wide)
			continue;
		rows_each(state, row, reader->item, push_filter, state);
		rows_each(state, row, reader->item, push_check, state);
	}
}

/* What reads this place's value. */
static void
push_readers(struct state *state, int place)
{
	push_targets(
	    state, node_of_value(state->slots[place].item), place, false);
	push_check(state, place);
	push_check_readers(state, place, false);
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
static const struct expr_source *
source_at(struct state *state, int place)
{
	state->at = place;
	state->source.context = state_tree_node(state, place).id;
	return &state->source;
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
	    expr_value(expr, source_at(state, place), true, &kind, &err);

	/* A calculation that fails has no value, as in ODK Collect. */
	if (text)
		fit_to_type(item, kind, text);
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
		relevant = expr_truth(item->relevant, source_at(state, place),
			       &err) != 0;
	if (relevant == slot->relevant)
		return;
	slot->relevant = relevant;
	state->order_is_old = true;
	state_mark_changed(state, place);
	push_targets(state, node_of_relevance(item->index), place, false);
	if (item->type == ITEM_REPEAT)
		push_value(state, place);
	push_filter(state, place);
	push_check(state, place);
}

/* The rows that the form asks for. */
static void
run_count(struct state *state, int place, const struct expr *count)
{
	struct err err = { 0 };
	double number = 0;

	if (state->slots[place].relevant &&
	    expr_number(count, source_at(state, place), &number, &err) == 0 &&
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
		push_readers(state, place);
}

/* In the order that the seed gives, or the state for all its life. */
static void
shuffle_offered(struct state *state, int place, struct offered *offered)
{
	const struct item *item = item_at(state, place);
	struct err err = { 0 };
	double seed = (double)state->shuffle + item->index + 1;

	if (item->seed &&
	    (expr_number(item->seed, source_at(state, place), &seed, &err) !=
		    0 ||
		!(seed > -9e15 && seed < 9e15)))
		seed = 0;
	expr_shuffle(offered->list, offered->count, seed);
}

static void
filter_choices(struct state *state, int place, struct offered *offered)
{
	const struct item *item = item_at(state, place);
	const struct expr_source *source = source_at(state, place);

	offered->count = 0;
	for (size_t i = 0; i < item->list->count; i++) {
		struct err err = { 0 };

		state->choice = &item->list->choices[i];
		if (!item->choice_filter ||
		    expr_truth(item->choice_filter, source, &err) == 1)
			offered->list[offered->count++] = (int)i;
	}
	state->choice = NULL;
}

const struct offered *
compute_offered(struct state *state, int place)
{
	struct offered *offered = state->slots[place].offered;
	const int before = state->at;

	if (!offered || offered->fresh)
		return offered;
	filter_choices(state, place, offered);
	if (item_at(state, place)->randomize)
		shuffle_offered(state, place, offered);
	source_at(state, before);
	offered->fresh = true;
	return offered;
}

/* Takes chosen values away that are no longer offered. */
static void
run_filter(struct state *state, int place)
{
	struct slot *slot = &state->slots[place];
	struct buf kept = BUF_INIT;
	const char *at = slot_text(slot);
	const bool many = item_has_many(item_at(state, place));

	if (!slot->offered)
		return;
	slot->offered->fresh = false;
	state_mark_changed(state, place);
	if (!slot->relevant || at[0] == '\0')
		return;
	while (*at) {
		const size_t len = many ? strcspn(at, " ") : strlen(at);

		if (len && is_offered(state, place, at, len)) {
			if (kept.len)
				buf_add_char(&kept, ' ');
			buf_add(&kept, at, len);
		}
		at += len;
		while (*at == ' ')
			at++;
	}
	if (slot_put(slot, kept.data))
		push_readers(state, place);
	buf_release(&kept);
}

/* Each chosen one is offered, and of a rank each offered one is chosen. */
static bool
choices_fit(struct state *state, int place, const char *value, struct err *err)
{
	const struct item *item = item_at(state, place);
	size_t chosen = 0, count;

	for (const char *at = value; *at;) {
		const size_t len =
		    item_has_many(item) ? strcspn(at, " ") : strlen(at);

		if (len && !is_offered(state, place, at, len))
			return false;
		chosen++;
		at += len + (at[len] == ' ');
	}
	if (item->type != ITEM_RANK)
		return true;
	(void)state_choices(state, place, &count);
	if (chosen != count)
		err_set(err, ERR_VALUE,
		    _("all %zu choices are ranked, not %zu of them"), count,
		    chosen);
	return chosen == count;
}

enum refusal
refusal_of(struct state *state, int place, const char *value, struct err *err)
{
	const struct item *item = item_at(state, place);
	const int previous = state->candidate;
	struct err why = { 0 };
	int truth = 1;

	if (value[0] == '\0')
		return REFUSE_NOTHING;
	if (type_check(item, value, err) != 0)
		return item->list ? REFUSE_CHOICE : REFUSE_TYPE;
	if (item->list && !choices_fit(state, place, value, err))
		return REFUSE_CHOICE;
	if (!item->constraint)
		return REFUSE_NOTHING;
	state->candidate = place;
	state->candidate_value = value;
	truth = expr_truth(item->constraint, source_at(state, place), &why);
	state->candidate = previous;
	if (truth < 0)
		*err = why;
	return truth == 1 ? REFUSE_NOTHING : REFUSE_CONSTRAINT;
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
	    expr_truth(item->read_only, source_at(state, place), &err) == 1;
	slot->required = item->required && slot->relevant &&
	    expr_truth(item->required, source_at(state, place), &err) == 1;
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
	case JOB_FILTER: run_filter(state, job.place); break;
	case JOB_CHECK: run_check(state, job.place); break;
	}
}

static void
run(struct state *state)
{
	long done = 0;

	state->running = true;
	while (state->queue.count > 0) {
		const struct job job = pop(&state->queue);

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

	/* In ascending order the heap needs no sorting. */
	for (int key = 0; key < state->plan->order.node_count; key++) {
		const int node = state->plan->node_at[key];

		rows_each(state, -1, node / 2,
		    node % 2 ? push_value : push_relevance, state);
	}
	for (int item = 0; item < count; item++)
		rows_each(state, -1, item, push_filter, state);
	for (int item = 0; item < count; item++)
		rows_each(state, -1, item, push_check, state);
	run(state);
}

void
compute_after(struct state *state, int place)
{
	state_mark_changed(state, place);
	push_readers(state, place);
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
			rows_each(state, shared_row(state, place, item), item,
			    run_triggered, &off);
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
	push_relevance(state, repeat);
	push_targets(state, node_of_value(item->index), repeat, true);
	push_check_readers(state, repeat, true);
	/* The rows behind it stand elsewhere now. */
	for (size_t i = (size_t)state->slots[row].number; i < rows->count;
	     i++) {
		push_relevance(state, rows->list[i]);
		push_targets(
		    state, node_of_value(item->index), rows->list[i], false);
	}
	for (int member = item->index + 1; member < item->end; member++) {
		const int place = state_in_row(state, row, member);

		push_targets(state, node_of_value(member), place, true);
		push_check_readers(state, place, true);
	}
}

void
compute_row_added(struct state *state, int row)
{
	const struct item *item = item_at(state, row);

	push_relevance(state, row);
	for (int i = 1; i < item->end - item->index; i++)
		if (!state->slots[row + i].absent)
			push_all(state, row + i);
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
}

void
compute_release(struct state *state)
{
	free(state->queue.heap);
}
