/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

/* Which items an expression reads, which functions it calls, and whether it
 * changes without them. */

/* Calls `each` with what is directly below, steps' conditions too. */
static void
each_child(const struct expr *expr,
    void (*each)(void *arg, const struct expr *child), void *arg)
{
	for (const struct expr *child = expr->args; child; child = child->next)
		each(arg, child);
	for (const struct step *step = expr->steps; step; step = step->next)
		for (const struct predicate *p = step->predicates; p;
		     p = p->next)
			each(arg, p->expr);
}

struct readers {
	void (*each)(void *arg, int item, bool wide);
	void *arg;
};

static void
find_references(void *arg, const struct expr *expr)
{
	const struct readers *to = arg;

	if (expr->kind == NODE_ITEM)
		to->each(to->arg, expr->item, expr->many);
	if (expr->kind == NODE_PATH && expr->item >= 0) {
		to->each(to->arg, expr->item, true);
		if (expr->target >= 0 && expr->target != expr->item)
			to->each(to->arg, expr->target, true);
	}
	if (expr->kind == NODE_CALL &&
	    (expr->function->flags & FUNCTION_SELF) && expr->arg_count == 0)
		to->each(to->arg, expr->item, false);
	each_child(expr, find_references, arg);
}

void
expr_references(const struct expr *expr,
    void (*each)(void *arg, int item, bool wide), void *arg)
{
	struct readers to = { each, arg };

	if (expr)
		find_references(&to, expr);
}

struct callers {
	void (*each)(void *arg, const char *name);
	void *arg;
};

static void
find_functions(void *arg, const struct expr *expr)
{
	const struct callers *to = arg;

	if (expr->kind == NODE_CALL)
		to->each(to->arg, expr->function->name);
	each_child(expr, find_functions, arg);
}

void
expr_functions(const struct expr *expr,
    void (*each)(void *arg, const char *name), void *arg)
{
	struct callers to = { each, arg };

	if (expr)
		find_functions(&to, expr);
}

static void
find_volatile(void *arg, const struct expr *expr)
{
	enum expr_time *found = arg;
	const unsigned flags =
	    expr->kind == NODE_CALL ? (unsigned)expr->function->flags : 0;

	if (flags & FUNCTION_VOLATILE && !(flags & FUNCTION_DAILY))
		*found = EXPR_MOMENT;
	else if (flags & FUNCTION_VOLATILE && *found == EXPR_TIMELESS)
		*found = EXPR_DAY;
	each_child(expr, find_volatile, arg);
}

enum expr_time
expr_time(const struct expr *expr)
{
	enum expr_time found = EXPR_TIMELESS;

	if (expr)
		find_volatile(&found, expr);
	return found;
}

bool
expr_is_volatile(const struct expr *expr)
{
	return expr_time(expr) != EXPR_TIMELESS;
}
