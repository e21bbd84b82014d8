/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/form_internal.h"

/*
 * Computing what a change asks for: the queue, then the jobs.
 *
 * A job is a key.  Keys below 2n are relevances and values in the form's
 * order (form_order.h); then come the filters of n items, then their checks.
 * The queue gives the smallest key first, so each value is computed once per
 * change.  A filter can take a choice away and so send the queue back to an
 * earlier value; JOBS_MAX ends that in forms where it would not end.
 */

enum { JOBS_PER_ITEM_MAX = 64 };

/* ---- the queue: a heap of keys ---- */

static void
push(struct state *state, int key)
{
	struct queue *q = &state->queue;
	size_t at = q->count;

	if (key < 0 || q->waits[key])
		return;
	q->waits[key] = true;
	mem_grow(&q->heap, &q->room, q->count + 1, sizeof(*q->heap));
	q->count++;
	while (at > 0 && q->heap[(at - 1) / 2] > key) {
		q->heap[at] = q->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	q->heap[at] = key;
}

static int
pop(struct queue *q)
{
	const int key = q->heap[0];
	const int last = q->heap[--q->count];
	size_t at = 0;

	while (2 * at + 1 < q->count) {
		size_t child = 2 * at + 1;

		if (child + 1 < q->count && q->heap[child + 1] < q->heap[child])
			child++;
		if (q->heap[child] >= last)
			break;
		q->heap[at] = q->heap[child];
		at = child;
	}
	if (q->count)
		q->heap[at] = last;
	q->waits[key] = false;
	return key;
}

static void
push_filter(struct state *state, int item)
{
	push(state, 2 * state->form->item_count + item);
}

static void
push_check(struct state *state, int item)
{
	push(state, 3 * state->form->item_count + item);
}

static void
push_targets(struct state *state, int node)
{
	const struct order *order = &state->order;

	for (int i = order->start[node]; i < order->start[node + 1]; i++)
		push(state, order->rank[order->target[i]]);
}

/* What reads this item's value. */
static void
push_readers(struct state *state, int item)
{
	push_targets(state, node_of_value(item));
	push_check(state, item);
	for (int i = state->check_start[item]; i < state->check_start[item + 1];
	     i++) {
		push_filter(state, state->check_target[i]);
		push_check(state, state->check_target[i]);
	}
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

/* True when the slot then holds another value. */
static bool
compute_value(struct state *state, int index, const struct expr *expr)
{
	const struct item *item = &state->form->items[index];
	struct slot *slot = &state->slots[index];
	enum value_kind kind = VALUE_TEXT;
	struct err err = { 0 };
	bool other;
	char *text = expr_value(expr, &state->source, true, &kind, &err);

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

static void
run_relevance(struct state *state, int index)
{
	const struct item *item = &state->form->items[index];
	struct slot *slot = &state->slots[index];
	struct err err = { 0 };
	bool relevant = item->parent < 0 || state->slots[item->parent].relevant;

	if (relevant && item->relevant)
		relevant =
		    expr_truth(item->relevant, &state->source, &err) != 0;
	if (relevant == slot->relevant)
		return;
	slot->relevant = relevant;
	state_mark_changed(state, index);
	push_targets(state, node_of_relevance(index));
	push_filter(state, index);
	push_check(state, index);
}

static void
run_value(struct state *state, int index)
{
	const struct item *item = &state->form->items[index];
	struct slot *slot = &state->slots[index];
	bool other = false;

	if (item->calculation)
		other = compute_value(state, index, item->calculation);
	if (other)
		state_mark_changed(state, index);
	/* Readers see "" while it is not relevant. */
	if (slot->relevant != slot->read_as_relevant)
		other = true;
	slot->read_as_relevant = slot->relevant;
	if (other)
		push_readers(state, index);
}

const struct offered *
compute_offered(struct state *state, int index)
{
	const struct item *item = &state->form->items[index];
	struct offered *offered = state->slots[index].offered;
	struct err err = { 0 };

	if (!offered || offered->fresh)
		return offered;
	offered->count = 0;
	for (size_t i = 0; i < item->list->count; i++) {
		int truth;

		state->choice = &item->list->choices[i];
		err.code = ERR_NONE;
		truth = expr_truth(item->choice_filter, &state->source, &err);
		if (truth == 1)
			offered->list[offered->count++] = (int)i;
	}
	state->choice = NULL;
	offered->fresh = true;
	return offered;
}

/* Takes chosen values away that are no longer offered. */
static void
run_filter(struct state *state, int index)
{
	struct slot *slot = &state->slots[index];
	struct buf kept = BUF_INIT;
	const char *at = slot_text(slot);
	const bool many =
	    state->form->items[index].type == ITEM_SELECT_MULTIPLE;

	if (!slot->offered)
		return;
	slot->offered->fresh = false;
	state_mark_changed(state, index);
	if (!slot->relevant || at[0] == '\0')
		return;
	while (*at) {
		const size_t len = many ? strcspn(at, " ") : strlen(at);

		if (len && is_offered(state, index, at, len)) {
			if (kept.len)
				buf_add_char(&kept, ' ');
			buf_add(&kept, at, len);
		}
		at += len;
		while (*at == ' ')
			at++;
	}
	if (slot_put(slot, kept.data))
		push_readers(state, index);
	buf_release(&kept);
}

enum refusal
refusal_of(struct state *state, int index, const char *value, struct err *err)
{
	const struct item *item = &state->form->items[index];
	const int previous = state->candidate_item;
	struct err why = { 0 };
	int truth = 1;

	if (value[0] == '\0')
		return REFUSE_NOTHING;
	if (type_check(item, value, err) != 0)
		return item->list ? REFUSE_CHOICE : REFUSE_TYPE;
	for (const char *at = value; item->list && *at;) {
		const size_t len = item->type == ITEM_SELECT_MULTIPLE
		    ? strcspn(at, " ")
		    : strlen(at);

		if (len && !is_offered(state, index, at, len))
			return REFUSE_CHOICE;
		at += len + (at[len] == ' ');
	}
	if (!item->constraint)
		return REFUSE_NOTHING;
	state->candidate_item = index;
	state->candidate_value = value;
	truth = expr_truth(item->constraint, &state->source, &why);
	state->candidate_item = previous;
	if (truth < 0)
		*err = why;
	return truth == 1 ? REFUSE_NOTHING : REFUSE_CONSTRAINT;
}

static void
run_check(struct state *state, int index)
{
	const struct item *item = &state->form->items[index];
	struct slot *slot = &state->slots[index];
	const struct slot before = *slot;
	struct err err = { 0 };

	if (item->type == ITEM_GROUP)
		return;
	slot->read_only = item->read_only &&
	    expr_truth(item->read_only, &state->source, &err) == 1;
	slot->required = item->required && slot->relevant &&
	    expr_truth(item->required, &state->source, &err) == 1;
	slot->refusal = REFUSE_NOTHING;
	if (slot->relevant && item_is_question(item))
		slot->refusal = refusal_of(state, index, slot_text(slot), &err);
	if (slot->refusal != before.refusal ||
	    slot->required != before.required ||
	    slot->read_only != before.read_only)
		state_mark_changed(state, index);
}

static void
run(struct state *state)
{
	const int count = state->form->item_count;
	long left = (long)JOBS_PER_ITEM_MAX * (count + 1);

	while (state->queue.count > 0) {
		const int key = pop(&state->queue);

		if (left-- <= 0)
			continue; /* empties the queue */
		if (key >= 3 * count)
			run_check(state, key - 3 * count);
		else if (key >= 2 * count)
			run_filter(state, key - 2 * count);
		else if (state->node_at[key] % 2 == 0)
			run_relevance(state, state->node_at[key] / 2);
		else
			run_value(state, state->node_at[key] / 2);
	}
}

void
compute_all(struct state *state)
{
	const int count = state->form->item_count;

	/* In ascending order the heap needs no sorting. */
	for (int key = 0; key < 4 * count; key++)
		push(state, key);
	run(state);
}

void
compute_after(struct state *state, int item)
{
	state_mark_changed(state, item);
	push_readers(state, item);
	run(state);
}

void
compute_default(struct state *state, int index)
{
	const struct item *item = &state->form->items[index];

	if (compute_value(state, index, item->dynamic_default))
		compute_after(state, index);
}

/* ---- life ---- */

void
compute_init(struct state *state)
{
	const size_t count = (size_t)state->form->item_count;

	source_init(state);
	order_make(&state->order, state->form->items, state->form->item_count);
	state->node_at = xcalloc(2 * count + 1, sizeof(int));
	for (int n = 0; n < state->order.node_count; n++)
		if (state->order.rank[n] >= 0)
			state->node_at[state->order.rank[n]] = n;
	state->queue.waits = xcalloc(4 * count + 1, sizeof(bool));
	compute_find_readers(state);
}

void
compute_release(struct state *state)
{
	order_release(&state->order);
	free(state->node_at);
	free(state->check_start);
	free(state->check_target);
	free(state->queue.heap);
	free(state->queue.waits);
}
