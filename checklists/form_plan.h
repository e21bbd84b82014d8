/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_FORM_PLAN_H
#define CHECKLISTS_FORM_PLAN_H

#include <stdbool.h>

#include "checklists/expr.h"
#include "checklists/form_order.h"

/* What reads an item: the other item, and whether in any row. */
struct reader {
	int item;
	bool wide;
};

/*
 * What follows from a form alone and every state of it needs: the order of
 * computing, and which items are checked again when another changes.  It is
 * made when it is first asked for and belongs to the form.
 */
struct form_plan {
	struct order order;
	int *node_at;     /* by rank */
	int *check_start; /* items whose filter or checks read item x */
	struct reader *check_target;
	int *triggered; /* items that a change of another sets off */
	int triggered_count;
	const struct item **by_path; /* the items, by path */
	enum expr_time time;         /* the shortest of its expressions */
};

const struct form_plan *form_plan(const struct form *form);
void form_plan_free(struct form_plan *plan); /* NULL is allowed */

#endif
