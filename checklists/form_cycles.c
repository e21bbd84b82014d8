/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "checklists/form_order.h"

/* Circles in what is computed from what: named item by item. */

enum { SHOWN_MAX = 12 };

/*
 * From any node without a rank, going backwards along nodes without a rank
 * must come round again; the part that is walked twice is a circle.
 */
struct walk {
	const struct order *order;
	int *from; /* of a node without rank: another one that it waits for */
	int *seen; /* in which walk */
};

static void
find_waited_for(struct walk *walk)
{
	const struct order *order = walk->order;

	for (int n = 0; n < order->node_count; n++) {
		if (order->rank[n] >= 0)
			continue;
		for (int i = order->start[n]; i < order->start[n + 1]; i++)
			walk->from[order->target[i]] = n;
	}
}

/* The node of the circle whose item comes first in the sheet. */
static int
first_in_circle(const struct walk *walk, int start)
{
	int first = start;

	for (int n = walk->from[start]; n != start; n = walk->from[n])
		if (n / 2 < first / 2)
			first = n;
	return first;
}

/* "a → b → a": each needs the one after it. */
static void
name_circle(struct builder *b, const struct walk *walk, int start)
{
	const int first = first_in_circle(walk, start);
	const struct item *item = &b->items[first / 2];
	struct buf names = BUF_INIT;
	int n = first, shown = 0, last = -1;

	do {
		if (n / 2 != last && ++shown <= SHOWN_MAX)
			buf_addf(&names, "%s%s", shown > 1 ? " → " : "",
			    b->items[n / 2].name);
		last = n / 2;
		n = walk->from[n];
	} while (n != first);
	if (shown > SHOWN_MAX)
		buf_add_text(&names, " → …");
	if (last != item->index || shown == 1)
		buf_addf(&names, " → %s", item->name);
	problem_here(b, &b->survey, b->item_rows[item->index],
	    item->calculation ? COL_CALCULATION : COL_RELEVANT,
	    _("these items depend on each other in a circle: %s"), names.data);
	buf_release(&names);
}

void
form_check_cycles(struct builder *b)
{
	struct order order;
	struct walk walk = { .order = &order };
	size_t count;

	order_make(&order, b->items, b->full->form.item_count);
	count = (size_t)order.node_count + 1;
	walk.from = xcalloc(count, sizeof(*walk.from));
	walk.seen = xcalloc(count, sizeof(*walk.seen));
	find_waited_for(&walk);
	for (int n = 0; n < order.node_count; n++) {
		int at = n;

		if (order.rank[n] >= 0 || walk.seen[n])
			continue;
		while (!walk.seen[at]) {
			walk.seen[at] = n + 1;
			at = walk.from[at];
		}
		if (walk.seen[at] == n + 1)
			name_circle(b, &walk, at);
	}
	free(walk.from);
	free(walk.seen);
	order_release(&order);
}
