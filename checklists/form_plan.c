/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/expr_internal.h"
#include "checklists/form_internal.h"

/* ---- who reads whom in filters and checks ---- */

struct readers {
	const struct form *form;
	struct form_plan *plan;
	int to;
	bool writing;
	int *fill;
};

static void
add_reader(void *arg, int item, bool wide)
{
	struct readers *r = arg;

	if (item == r->to && !wide)
		return; /* its own value is checked with it anyway */
	if (r->writing)
		r->plan->check_target[r->fill[item]++] =
		    (struct reader){ r->to, wide };
	else
		r->plan->check_start[item + 1]++;
}

static void
go_through(struct readers *r)
{
	for (int i = 0; i < r->form->item_count; i++) {
		const struct item *item = &r->form->items[i];

		r->to = i;
		expr_references(item->constraint, add_reader, r);
		expr_references(item->required, add_reader, r);
		expr_references(item->read_only, add_reader, r);
		expr_references(item->choice_filter, add_reader, r);
		expr_references(item->seed, add_reader, r);
	}
}

static void
find_readers(const struct form *form, struct form_plan *plan)
{
	const size_t count = (size_t)form->item_count;
	struct readers r = { .form = form, .plan = plan };

	plan->check_start = xcalloc(count + 1, sizeof(int));
	go_through(&r);
	for (size_t i = 0; i < count; i++)
		plan->check_start[i + 1] += plan->check_start[i];
	plan->check_target = xcalloc(
	    (size_t)plan->check_start[count] + 1, sizeof(*plan->check_target));
	r.fill = xcalloc(count + 1, sizeof(int));
	memcpy(r.fill, plan->check_start, (count + 1) * sizeof(int));
	r.writing = true;
	go_through(&r);
	free(r.fill);
}

static void
find_triggered(const struct form *form, struct form_plan *plan)
{
	plan->triggered = xcalloc((size_t)form->item_count + 1, sizeof(int));
	for (int i = 0; i < form->item_count; i++)
		if (form->items[i].trigger_count > 0)
			plan->triggered[plan->triggered_count++] = i;
}

/* ---- paths, time ---- */

static int
compare_paths(const void *one, const void *other)
{
	const struct item *const *a = one, *const *b = other;

	return strcmp((*a)->path, (*b)->path);
}

static void
index_paths(const struct form *form, struct form_plan *plan)
{
	const size_t count = (size_t)form->item_count;

	plan->by_path = xcalloc(count + 1, sizeof(struct item *));
	for (size_t i = 0; i < count; i++)
		plan->by_path[i] = &form->items[i];
	qsort(plan->by_path, count, sizeof(struct item *), compare_paths);
}

int
form_item_at(const struct form *form, const char *path)
{
	const struct item **by_path = form_plan(form)->by_path;
	size_t low = 0, high = (size_t)form->item_count;

	while (low < high) {
		const size_t mid = (low + high) / 2;
		const int order = strcmp(by_path[mid]->path, path);

		if (order == 0)
			return by_path[mid]->index;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

static enum expr_time
item_time(const struct item *item)
{
	const struct expr *const logic[] = { item->relevant, item->required,
		item->constraint, item->calculation, item->choice_filter,
		item->read_only, item->dynamic_default, item->triggered,
		item->seed };
	enum expr_time shortest = EXPR_TIMELESS;

	for (size_t i = 0; i < ARRAY_LEN(logic); i++)
		if (expr_time(logic[i]) > shortest)
			shortest = expr_time(logic[i]);
	return shortest;
}

bool
form_is_same_at(const struct form *form, int64_t one, int64_t other)
{
	switch (form_plan(form)->time) {
	case EXPR_TIMELESS: return true;
	case EXPR_DAY: /* a state takes 0 for the clock */
		return one != 0 && other != 0 &&
		    (int64_t)date_days(one) == (int64_t)date_days(other);
	default: return false;
	}
}

/* ---- the whole ---- */

static struct form_plan *
make(const struct form *form)
{
	struct form_plan *plan = xcalloc(1, sizeof(*plan));

	order_make(&plan->order, form->items, form->item_count);
	plan->node_at = xcalloc(2 * (size_t)form->item_count + 1, sizeof(int));
	for (int n = 0; n < plan->order.node_count; n++)
		if (plan->order.rank[n] >= 0)
			plan->node_at[plan->order.rank[n]] = n;
	find_readers(form, plan);
	find_triggered(form, plan);
	index_paths(form, plan);
	for (int i = 0; i < form->item_count; i++)
		if (item_time(&form->items[i]) > plan->time)
			plan->time = item_time(&form->items[i]);
	return plan;
}

const struct form_plan *
form_plan(const struct form *form)
{
	struct form_full *full = (struct form_full *)(uintptr_t)form;

	if (!full->plan)
		full->plan = make(form);
	return full->plan;
}

void
form_plan_free(struct form_plan *plan)
{
	if (!plan)
		return;
	order_release(&plan->order);
	free(plan->node_at);
	free(plan->check_start);
	free(plan->check_target);
	free(plan->triggered);
	free(plan->by_path);
	free(plan);
}
