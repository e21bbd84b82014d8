/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/expr.h"

/*
 * The edges are gone through twice: to count them, then to write them down.
 * The order is Kahn's: what waits for nothing, then what waited for that.
 */
struct edges {
	struct order *order;
	const struct item *items;
	int to;       /* the node whose expression is gone through */
	bool writing; /* else counting */
	int *fill;
};

static void
add_edge(struct edges *edges, int from, bool wide)
{
	if (edges->writing) {
		edges->order->wide[edges->fill[from]] = wide;
		edges->order->target[edges->fill[from]++] = edges->to;
	} else {
		edges->order->start[from + 1]++;
	}
}

static void
add_reference(void *arg, int item, bool wide)
{
	struct edges *edges = arg;

	/* Whether a row is shown may depend on where it stands. */
	if (edges->items[item].type != ITEM_REPEAT ||
	    edges->to != node_of_relevance(item))
		add_edge(edges, node_of_value(item), wide);
}

static void
go_through(struct edges *edges, const struct item *items, int item_count)
{
	for (int i = 0; i < item_count; i++) {
		const struct item *item = &items[i];

		edges->to = node_of_relevance(i);
		if (item->parent >= 0)
			add_edge(edges, node_of_relevance(item->parent), false);
		expr_references(item->relevant, add_reference, edges);
		edges->to = node_of_value(i);
		add_edge(edges, node_of_relevance(i), false);
		expr_references(item->calculation, add_reference, edges);
		expr_references(item->repeat_count, add_reference, edges);
	}
}

/*
 * A value that reads itself in other rows (a running total) waits for nothing:
 * rows are computed one after the other.
 */
static bool
reads_other_row(const struct order *order, int from, int edge)
{
	return order->wide[edge] && order->target[edge] == from;
}

static void
rank(struct order *order)
{
	const int count = order->node_count;
	int *waits = xcalloc((size_t)count + 1, sizeof(*waits));
	int *queue = xcalloc((size_t)count + 1, sizeof(*queue));
	int head = 0, tail = 0;

	for (int n = 0; n < count; n++)
		for (int i = order->start[n]; i < order->start[n + 1]; i++)
			waits[order->target[i]] +=
			    !reads_other_row(order, n, i);
	for (int n = 0; n < count; n++) {
		order->rank[n] = -1;
		if (waits[n] == 0)
			queue[tail++] = n;
	}
	while (head < tail) {
		const int n = queue[head];

		order->rank[n] = head++;
		for (int i = order->start[n]; i < order->start[n + 1]; i++)
			if (!reads_other_row(order, n, i) &&
			    --waits[order->target[i]] == 0)
				queue[tail++] = order->target[i];
	}
	order->in_order = tail;
	free(queue);
	free(waits);
}

void
order_make(struct order *order, const struct item *items, int item_count)
{
	struct edges edges = { .order = order, .items = items };
	const size_t count = 2 * (size_t)item_count;

	*order = (struct order){ .node_count = (int)count };
	order->start = xcalloc(count + 1, sizeof(*order->start));
	order->rank = xcalloc(count + 1, sizeof(*order->rank));
	go_through(&edges, items, item_count);
	for (size_t n = 0; n < count; n++)
		order->start[n + 1] += order->start[n];
	order->target =
	    xcalloc((size_t)order->start[count] + 1, sizeof(*order->target));
	order->wide =
	    xcalloc((size_t)order->start[count] + 1, sizeof(*order->wide));
	edges.fill = xcalloc(count + 1, sizeof(*edges.fill));
	memcpy(edges.fill, order->start, (count + 1) * sizeof(*edges.fill));
	edges.writing = true;
	go_through(&edges, items, item_count);
	free(edges.fill);
	rank(order);
}

void
order_release(struct order *order)
{
	free(order->start);
	free(order->target);
	free(order->wide);
	free(order->rank);
	*order = (struct order){ 0 };
}
