/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_STATE_QUEUE_H
#define CHECKLISTS_STATE_QUEUE_H

#include "checklists/state_internal.h"

/*
 * The queue of what waits to be computed.  Internal to the state.
 *
 * A job is a key and a place.  Keys below 2n are relevances and values in the
 * form's order (form_order.h); then come the filters of n items, then their
 * checks.  The smallest key comes first, so each value is computed once per
 * change.  A job that waits already is not put there again.
 */
enum job_kind {
	JOB_RELEVANCE = 1,
	JOB_VALUE = 2,
	JOB_FILTER = 4,
	JOB_CHECK = 8
};

void queue_init(struct queue *queue, int key_count);
void queue_release(struct queue *queue);

/* The first job, taken out; false when none waits. */
bool queue_pop(struct state *state, struct job *job);

/* One job of a place, all of them; `arg` is the state (for rows_each()). */
void queue_relevance(void *arg, int place);
void queue_value(void *arg, int place);
void queue_filter(void *arg, int place);
void queue_check(void *arg, int place);
void queue_all(void *arg, int place);

/* The innermost row around `place` that may have `item` in it too; -1. */
int queue_shared_row(const struct state *state, int place, int item);

/* What is computed from a node (form_order.h) of this place, in its rows or in
 * all; `wide_only`: only what reads it in all rows. */
void queue_targets(struct state *state, int node, int place, bool wide_only);
/* Whose filters and checks read this place, alike. */
void queue_check_readers(struct state *state, int place, bool wide_only);
/* Everything that reads this place's value. */
void queue_readers(struct state *state, int place);

#endif
