/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_FORM_ORDER_H
#define CHECKLISTS_FORM_ORDER_H

#include "checklists/form.h"

/*
 * What is computed before what.  Each item has two nodes: its relevance and
 * its value as others read it.  A value needs its own relevance and what its
 * calculation reads; a relevance needs that of the group and what its
 * expression reads.
 */
static inline int
node_of_relevance(int item)
{
	return 2 * item;
}

static inline int
node_of_value(int item)
{
	return 2 * item + 1;
}

struct order {
	int node_count;
	int *start;  /* of node n: targets[start[n]] to before start[n + 1] */
	int *target; /* nodes to compute again when n changes */
	bool *wide;  /* beside each: in all rows, not only in those of n */
	int *rank;   /* of a node in the order of computing; -1: in a cycle */
	int in_order;
};

/* The graph, and the order; in_order < node_count where there are cycles. */
void order_make(struct order *order, const struct item *items, int item_count);
void order_release(struct order *order);

#endif
