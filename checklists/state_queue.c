/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_queue.h"

#include "base/mem.h"

/* What waits to be computed: a heap of jobs, and what a change puts there. */

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

struct job
queue_pop(struct queue *q)
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

void
queue_relevance(void *arg, int place)
{
	struct state *state = arg;
	const int item = state->slots[place].item;

	push(state, state->plan->order.rank[node_of_relevance(item)], place,
	    JOB_RELEVANCE);
}

void
queue_value(void *arg, int place)
{
	struct state *state = arg;
	const int item = state->slots[place].item;

	push(state, state->plan->order.rank[node_of_value(item)], place,
	    JOB_VALUE);
}

void
queue_filter(void *arg, int place)
{
	struct state *state = arg;

	push(state, 2 * state->form->item_count + state->slots[place].item,
	    place, JOB_FILTER);
}

void
queue_check(void *arg, int place)
{
	struct state *state = arg;

	push(state, 3 * state->form->item_count + state->slots[place].item,
	    place, JOB_CHECK);
}

void
queue_all(void *arg, int place)
{
	queue_relevance(arg, place);
	queue_value(arg, place);
	queue_filter(arg, place);
	queue_check(arg, place);
}

/* The innermost row around `place` that may have `item` in it too; -1. */
int
queue_shared_row(const struct state *state, int place, int item)
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
void
queue_targets(struct state *state, int node, int place, bool wide_only)
{
	const struct order *order = &state->plan->order;

	for (int i = order->start[node]; i < order->start[node + 1]; i++) {
		const int target = order->target[i], item = target / 2;
		const bool wide = order->wide[i];

		if (wide_only && !wide)
			continue;
		rows_each(state,
		    wide ? -1 : queue_shared_row(state, place, item), item,
		    target % 2 ? queue_value : queue_relevance, state);
	}
}

void
queue_check_readers(struct state *state, int place, bool wide_only)
{
	const int item = state->slots[place].item;

	for (int i = state->plan->check_start[item];
	     i < state->plan->check_start[item + 1]; i++) {
		const struct reader *reader = &state->plan->check_target[i];
		const int row = reader->wide
		    ? -1
		    : queue_shared_row(state, place, reader->item);

		if (wide_only && !reader->wide)
			continue;
		rows_each(state, row, reader->item, queue_filter, state);
		rows_each(state, row, reader->item, queue_check, state);
	}
}

/* What reads this place's value. */
void
queue_readers(struct state *state, int place)
{
	queue_targets(
	    state, node_of_value(state->slots[place].item), place, false);
	queue_check(state, place);
	queue_check_readers(state, place, false);
}
