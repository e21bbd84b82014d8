/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/form_index.h"
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
try_choice(struct state *state, int place, int choice, struct offered *offered)
{
	const struct item *item = item_at(state, place);
	struct err err = { 0 };

	state->jobs_done++;
	state->choice = &item->list->choices[choice];
	if (expr_truth(item->choice_filter, &state->source, &err) == 1)
		add_offered(offered, choice);
	state->choice = NULL;
}

/* The choices that may satisfy one key; false where that is not known. */
static bool
find_by_key(struct state *state, const struct choice_list *list,
    const struct expr_key *key, struct choice_span *found)
{
	enum value_kind kind = VALUE_TEXT;
	struct err err = { 0 };
	double number;
	char *text = expr_value(key->value, &state->source, false, &kind, &err);
	bool known = kind != VALUE_BOOLEAN;

	/* What fails for each choice offers none. */
	*found = (struct choice_span){ NULL, 0 };
	if (!text)
		return true;
	if (kind == VALUE_NUMBER)
		known = expr_number(
			    key->value, &state->source, &number, &err) == 0 &&
		    form_choices_with_number(
			state->form, list, key->column, number, found);
	else if (known)
		*found = form_choices_with_text(
		    state->form, list, key->column, text);
	free(text);
	return known;
}

/* By the key that leaves the fewest. */
static bool
find_candidates(struct state *state, int place, struct choice_span *fewest)
{
	const struct item *item = item_at(state, place);
	struct expr_key keys[EXPR_KEYS_MAX];
	struct choice_span found;
	bool any = false;
	int count;

	if (item->list->count < FORM_INDEX_MIN)
		return false;
	count = expr_filter_keys(item->choice_filter, keys);
	for (int i = 0; i < count; i++) {
		if (!find_by_key(state, item->list, &keys[i], &found) ||
		    (any && found.count >= fewest->count))
			continue;
		*fewest = found;
		any = true;
	}
	return any;
}

/* The whole filter decides, also on what the index gives. */
static void
filter_choices(struct state *state, int place, struct offered *offered)
{
	const struct item *item = item_at(state, place);
	struct choice_span candidates;

	compute_source(state, place);
	offered->count = 0;
	if (!item->choice_filter)
		for (size_t i = 0; i < item->list->count; i++)
			add_offered(offered, (int)i);
	else if (find_candidates(state, place, &candidates))
		for (size_t i = 0; i < candidates.count; i++)
			try_choice(
			    state, place, candidates.choices[i], offered);
	else
		for (size_t i = 0; i < item->list->count; i++)
			try_choice(state, place, (int)i, offered);
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
