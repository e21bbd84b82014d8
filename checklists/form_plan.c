/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct readers {
	struct state *state;
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
		r->state->check_target[r->fill[item]++] =
		    (struct reader){ r->to, wide };
	else
		r->state->check_start[item + 1]++;
}

static void
go_through(struct readers *r)
{
	const struct form *form = r->state->form;

	for (int i = 0; i < form->item_count; i++) {
		const struct item *item = &form->items[i];

		r->to = i;
		expr_references(item->constraint, add_reader, r);
		expr_references(item->required, add_reader, r);
		expr_references(item->read_only, add_reader, r);
		expr_references(item->choice_filter, add_reader, r);
	}
}

void
compute_find_readers(struct state *state)
{
	const size_t count = (size_t)state->form->item_count;
	struct readers r = { .state = state };

	state->check_start = xcalloc(count + 1, sizeof(int));
	go_through(&r);
	for (size_t i = 0; i < count; i++)
		state->check_start[i + 1] += state->check_start[i];
	state->check_target = xcalloc((size_t)state->check_start[count] + 1,
	    sizeof(*state->check_target));
	r.fill = xcalloc(count + 1, sizeof(int));
	memcpy(r.fill, state->check_start, (count + 1) * sizeof(int));
	r.writing = true;
	go_through(&r);
	free(r.fill);
}
