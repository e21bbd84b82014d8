/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_queue.h"

#include <stdlib.h>

#include "base/mem.h"

/*
 * What waits to be computed.  A place outside of rows is known by its job's
 * key, so that those wait as bits, in order by themselves; only what is in
 * rows needs a heap.
 */

enum { WORD = 64 }; /* bits */

void
queue_init(struct queue *queue, int key_count)
{
	const size_t words = (size_t)key_count / WORD + 1;

	queue->word_count = words;
	queue->bits = xcalloc(words, sizeof(*queue->bits));
	queue->busy = xcalloc(words / WORD + 1, sizeof(*queue->busy));
}

void
queue_release(struct queue *queue)
{
	free(queue->bits);
	free(queue->busy);
	free(queue->heap);
}

/* ---- places outside of rows ---- */

static void
push_bit(struct queue *queue, int key)
{
	const size_t word = (size_t)key / WORD;

	queue->bits[word] |= UINT64_C(1) << key % WORD;
	queue->busy[word / WORD] |= UINT64_C(1) << word % WORD;
}

/* The smallest key; -1 where none waits. */
static int
first_bit(const struct queue *queue)
{
	for (size_t i = 0; i <= queue->word_count / WORD; i++) {
		size_t word;

		if (queue->busy[i] == 0)
			continue;
		word = i * WORD + (size_t)__builtin_ctzll(queue->busy[i]);
		return (int)(word * WORD) + __builtin_ctzll(queue->bits[word]);
	}
	return -1;
}

static void
drop_bit(struct queue *queue, int key)
{
	const size_t word = (size_t)key / WORD;

	queue->bits[word] &= ~(UINT64_C(1) << key % WORD);
	if (queue->bits[word] == 0)
		queue->busy[word / WORD] &= ~(UINT64_C(1) << word % WORD);
}

/* ---- places in rows ---- */

static bool
comes_before(struct job one, struct job other)
{
	return one.key != other.key ? one.key < other.key
				    : one.place < other.place;
}

static void
push_heap(struct queue *q, struct job job)
{
	size_t at = q->count;

	mem_grow(&q->heap, &q->room, q->count + 1, sizeof(*q->heap));
	q->count++;
	while (at > 0 && comes_before(job, q->heap[(at - 1) / 2])) {
		q->heap[at] = q->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	q->heap[at] = job;
}

static struct job
pop_heap(struct queue *q)
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

/* ---- both ---- */

static void
push(struct state *state, int key, int place, enum job_kind kind)
{
	if (key < 0 || (state->slots[place].waits & kind))
		return;
	state->slots[place].waits |= (uint8_t)kind;
	if (place < state->form->item_count)
		push_bit(&state->queue, key);
	else
		push_heap(&state->queue, (struct job){ key, place });
}

static int
item_of_key(const struct state *state, int key)
{
	const int count = state->form->item_count;

	return key < 2 * count ? state->plan->node_at[key] / 2 : key % count;
}

bool
queue_pop(struct state *state, struct job *job)
{
	struct queue *queue = &state->queue;
	const int key = first_bit(queue);

	if (queue->count > 0 && (key < 0 || queue->heap[0].key < key)) {
		*job = pop_heap(queue);
		return true;
	}
	if (key < 0)
		return false;
	drop_bit(queue, key);
	*job = (struct job){ key, item_of_key(state, key) };
	return true;
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

	if (state->slots[place].offered)
		push(state,
		    2 * state->form->item_count + state->slots[place].item,
		    place, JOB_FILTER);
}

void
queue_check(void *arg, int place)
{
	struct state *state = arg;
	const struct item *item = item_at(state, place);
	const struct slot *slot = &state->slots[place];

	/* Of an empty one without conditions nothing can be wrong. */
	if (!slot->value && slot->refusal == REFUSE_NOTHING &&
	    !item->required && !item->read_only)
		return;
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
