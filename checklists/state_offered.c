/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/form_internal.h"

/* Which choices are offered, and whether a value is one that may be given. */

/* In the order that the seed gives, or the state for all its life. */
static void
shuffle_offered(struct state *state, int place, struct offered *offered)
{
	const struct item *item = item_at(state, place);
	struct err err = { 0 };
	double seed = (double)state->shuffle + item->index + 1;

	if (item->seed &&
	    (expr_number(
		 item->seed, compute_source(state, place), &seed, &err) != 0 ||
		!(seed > -9e15 && seed < 9e15)))
		seed = 0;
	expr_shuffle(offered->list, offered->count, seed);
}

static void
add_offered(struct offered *offered, int choice)
{
	mem_grow(&offered->list, &offered->room, offered->count + 1,
	    sizeof(*offered->list));
	offered->list[offered->count++] = choice;
}

static void
filter_choices(struct state *state, int place, struct offered *offered)
{
	const struct item *item = item_at(state, place);
	const struct expr_source *source = compute_source(state, place);

	offered->count = 0;
	for (size_t i = 0; i < item->list->count; i++) {
		struct err err = { 0 };

		state->choice = &item->list->choices[i];
		if (!item->choice_filter ||
		    expr_truth(item->choice_filter, source, &err) == 1)
			add_offered(offered, (int)i);
	}
	state->choice = NULL;
}

const struct offered *
compute_offered(struct state *state, int place)
{
	struct offered *offered = state->slots[place].offered;
	const int before = state->at;

	if (!offered || offered->fresh)
		return offered;
	filter_choices(state, place, offered);
	if (item_at(state, place)->randomize)
		shuffle_offered(state, place, offered);
	compute_source(state, before);
	offered->fresh = true;
	return offered;
}

/* Takes chosen values away that are no longer offered. */
void
offered_run(struct state *state, int place)
{
	struct slot *slot = &state->slots[place];
	struct buf kept = BUF_INIT;
	const char *at = slot_text(slot);
	const bool many = item_has_many(item_at(state, place));

	if (!slot->offered)
		return;
	slot->offered->fresh = false;
	state_mark_changed(state, place);
	if (!slot->relevant || at[0] == '\0')
		return;
	while (*at) {
		const size_t len = many ? strcspn(at, " ") : strlen(at);

		if (len && is_offered(state, place, at, len)) {
			if (kept.len)
				buf_add_char(&kept, ' ');
			buf_add(&kept, at, len);
		}
		at += len;
		while (*at == ' ')
			at++;
	}
	if (slot_put(slot, kept.data))
		queue_readers(state, place);
	buf_release(&kept);
}

/* Each chosen one is offered, and of a rank each offered one is chosen. */
static bool
choices_fit(struct state *state, int place, const char *value, struct err *err)
{
	const struct item *item = item_at(state, place);
	size_t chosen = 0, count;

	for (const char *at = value; *at;) {
		const size_t len =
		    item_has_many(item) ? strcspn(at, " ") : strlen(at);

		if (len && !is_offered(state, place, at, len))
			return false;
		chosen++;
		at += len + (at[len] == ' ');
	}
	if (item->type != ITEM_RANK)
		return true;
	(void)state_choices(state, place, &count);
	if (chosen != count)
		err_set(err, ERR_VALUE,
		    _("all %zu choices are ranked, not %zu of them"), count,
		    chosen);
	return chosen == count;
}

enum refusal
refusal_of(struct state *state, int place, const char *value, struct err *err)
{
	const struct item *item = item_at(state, place);
	const int previous = state->candidate;
	struct err why = { 0 };
	int truth = 1;

	if (value[0] == '\0')
		return REFUSE_NOTHING;
	if (type_check(item, value, err) != 0)
		return item->list ? REFUSE_CHOICE : REFUSE_TYPE;
	if (item->list && !choices_fit(state, place, value, err))
		return REFUSE_CHOICE;
	if (!item->constraint)
		return REFUSE_NOTHING;
	state->candidate = place;
	state->candidate_value = value;
	truth =
	    expr_truth(item->constraint, compute_source(state, place), &why);
	state->candidate = previous;
	if (truth < 0)
		*err = why;
	return truth == 1 ? REFUSE_NOTHING : REFUSE_CONSTRAINT;
}
