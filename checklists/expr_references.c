/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

/* Which items a tree reads, and whether it changes without them. */

void
expr_references(
    const struct expr *expr, void (*each)(void *arg, int item), void *arg)
{
	if (!expr)
		return;
	if (expr->kind == NODE_ITEM)
		each(arg, expr->item);
	if (expr->kind == NODE_CALL &&
	    (expr->function->flags & FUNCTION_SELF) && expr->arg_count == 0)
		each(arg, expr->item);
	for (const struct expr *child = expr->args; child; child = child->next)
		expr_references(child, each, arg);
}

bool
expr_is_volatile(const struct expr *expr)
{
	if (!expr)
		return false;
	if (expr->kind == NODE_CALL &&
	    (expr->function->flags & FUNCTION_VOLATILE))
		return true;
	for (const struct expr *child = expr->args; child; child = child->next)
		if (expr_is_volatile(child))
			return true;
	return false;
}
