/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

/* What a choice filter asks of a column, so that an index can answer it. */

static void
find_column(const struct expr *expr, bool *found)
{
	if (expr->kind == NODE_COLUMN)
		*found = true;
	for (const struct expr *child = expr->args; child; child = child->next)
		find_column(child, found);
	for (const struct step *step = expr->steps; step; step = step->next)
		for (const struct predicate *p = step->predicates; p;
		     p = p->next)
			find_column(p->expr, found);
}

/* One value, the same for all choices. */
static bool
is_same_for_all(const struct expr *expr)
{
	bool reads_column = false;

	find_column(expr, &reads_column);
	return !reads_column && !expr_gives_nodes(expr) &&
	    expr_time(expr) != EXPR_MOMENT;
}

/* "column = value", or the other way round. */
static bool
read_key(const struct expr *expr, struct expr_key *key)
{
	const struct expr *left = expr->args, *right;

	if (expr->kind != NODE_CHAIN || expr->arg_count != 2 ||
	    left->next->op != OP_EQUAL)
		return false;
	right = left->next;
	if (left->kind != NODE_COLUMN) {
		right = left;
		left = left->next;
	}
	if (left->kind != NODE_COLUMN || !is_same_for_all(right))
		return false;
	*key = (struct expr_key){ left->item, right };
	return true;
}

int
expr_filter_keys(const struct expr *filter, struct expr_key keys[EXPR_KEYS_MAX])
{
	int count = 0;

	if (filter->kind != NODE_CHAIN || filter->args->next->op != OP_AND)
		return read_key(filter, keys);
	for (const struct expr *arg = filter->args;
	     arg && count < EXPR_KEYS_MAX; arg = arg->next)
		count += read_key(arg, &keys[count]);
	return count;
}
