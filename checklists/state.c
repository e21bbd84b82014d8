/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "checklists/state_internal.h"

/* Life, changes, questions. */

const char *
slot_text(const struct slot *slot)
{
	return slot->value ? slot->value : "";
}

static enum value_kind
kind_of_type(enum item_type type)
{
	switch (type) {
	case ITEM_INTEGER:
	case ITEM_DECIMAL:
	case ITEM_RANGE: return VALUE_NUMBER;
	case ITEM_DATE:
	case ITEM_DATETIME: return VALUE_DATE;
	default: return VALUE_TEXT;
	}
}

int
slot_new(struct state *state, int item, int row)
{
	const struct item *of = &state->form->items[item];
	const int place = state->place_count;
	struct slot *slot;

	mem_grow(&state->slots, &state->place_room, (size_t)place + 1,
	    sizeof(*state->slots));
	slot = &state->slots[place];
	*slot = (struct slot){ .kind = kind_of_type(of->type),
		.relevant = true,
		.read_as_relevant = true,
		.item = item,
		.row = row,
		.repeat = -1 };
	if ((of->choice_filter || of->randomize) && of->list)
		slot->offered = xcalloc(1, sizeof(*slot->offered));
	if (of->type == ITEM_REPEAT)
		slot->rows = xcalloc(1, sizeof(*slot->rows));
	state->place_count++;
	return place;
}

void
slot_release(struct slot *slot)
{
	free(slot->value);
	slot->value = NULL;
	free(slot->key);
	slot->key = NULL;
	if (slot->offered)
		free(slot->offered->list);
	free(slot->offered);
	slot->offered = NULL;
	if (slot->rows)
		free(slot->rows->list);
	free(slot->rows);
	slot->rows = NULL;
}

/* 0, 1, 2, ... as long as the longest list. */
static void
prepare_choices(struct state *state)
{
	const struct form *form = state->form;
	size_t longest = 0;

	for (int i = 0; i < form->item_count; i++)
		if (form->items[i].list && form->items[i].list->count > longest)
			longest = form->items[i].list->count;
	state->every_choice = xcalloc(longest, sizeof(int));
	for (size_t i = 0; i < longest; i++)
		state->every_choice[i] = (int)i;
}

struct state *
state_new(const struct form *form, int64_t when)
{
	struct state *state = xcalloc(1, sizeof(*state));

	state->form = form;
	state->when = when;
	for (int i = 0; i < form->item_count; i++) {
		const int place = slot_new(state, i, -1);

		/* Only in rows are members of a repeat anything. */
		if (form->items[i].repeat >= 0) {
			state->slots[place].absent = true;
			state->slots[place].relevant = false;
		}
	}
	prepare_choices(state);
	compute_init(state);
	return state;
}

const struct form *
state_form(const struct state *state)
{
	return state->form;
}

void
state_shuffle(struct state *state, uint32_t seed)
{
	state->shuffle = seed;
}

void
state_free(struct state *state)
{
	if (!state)
		return;
	for (int i = 0; i < state->place_count; i++)
		slot_release(&state->slots[i]);
	compute_release(state);
	free(state->every_choice);
	free(state->slots);
	free(state->changed);
	free(state);
}

/* ---- changes ---- */

void
state_mark_changed(struct state *state, int place)
{
	if (state->slots[place].changed)
		return;
	state->slots[place].changed = true;
	mem_grow(&state->changed, &state->changed_room,
	    state->changed_count + 1, sizeof(int));
	state->changed[state->changed_count++] = place;
}

static void
forget_changes(struct state *state)
{
	for (size_t i = 0; i < state->changed_count; i++)
		state->slots[state->changed[i]].changed = false;
	state->changed_count = 0;
}

void
state_load(struct state *state, int place, const char *value)
{
	slot_put(&state->slots[place], value);
	state->slots[place].loaded = true;
}

/* A fixed default is there before anything is computed. */
static void
put_default(struct state *state, int place)
{
	const struct item *item = item_at(state, place);
	struct slot *slot = &state->slots[place];

	if (!slot->loaded && !slot->absent && item->default_text)
		slot_put(slot, item->default_text);
}

void
state_defaults(struct state *state, int row)
{
	const struct item *item = item_at(state, row);

	for (int i = 1; i < item->end - item->index; i++)
		put_default(state, row + i);
}

static void
put_dynamic_default(struct state *state, int place)
{
	const struct slot *slot = &state->slots[place];

	if (!slot->loaded && !slot->absent && !slot->value &&
	    item_at(state, place)->dynamic_default)
		compute_default(state, place);
}

void
state_start(struct state *state, bool fresh)
{
	const int loaded = state->place_count;

	compute_begin(state);
	for (int i = 0; fresh && i < loaded; i++)
		put_default(state, i);
	compute_all(state);
	/* Rows that the form counted came meanwhile. */
	for (int i = 0; fresh && i < state->place_count; i++)
		put_dynamic_default(state, i);
	state->started = true;
	forget_changes(state);
}

void
state_dynamic_defaults(struct state *state, int row)
{
	const struct item *item = item_at(state, row);

	for (int i = 1; i < item->end - item->index; i++)
		put_dynamic_default(state, row + i);
}

static bool
put_answer(struct state *state, int place, const char *value)
{
	bool other;

	forget_changes(state);
	compute_begin(state);
	state->slots[place].loaded = true;
	other = slot_put(&state->slots[place], value);
	compute_after(state, place);
	return other;
}

void
state_put(struct state *state, int place, const char *value)
{
	(void)put_answer(state, place, value);
}

void
state_trigger(struct state *state, int place)
{
	compute_begin(state);
	compute_triggered(state, place);
}

void
state_set(struct state *state, int place, const char *value)
{
	if (put_answer(state, place, value))
		compute_triggered(state, place);
}

const int *
state_changed(const struct state *state, size_t *count)
{
	*count = state->changed_count;
	return state->changed;
}

unsigned long
state_work(const struct state *state)
{
	return state->jobs_done;
}

/* ---- questions ---- */

const char *
state_value(const struct state *state, int place)
{
	return slot_text(&state->slots[place]);
}

bool
state_is_relevant(const struct state *state, int place)
{
	return state->slots[place].relevant;
}

bool
state_is_required(const struct state *state, int place)
{
	return state->slots[place].required;
}

bool
state_is_read_only(const struct state *state, int place)
{
	return state->slots[place].read_only;
}

bool
state_is_valid(const struct state *state, int place)
{
	return state->slots[place].refusal == REFUSE_NOTHING;
}

bool
state_is_unanswered(const struct state *state, int place)
{
	const struct slot *slot = &state->slots[place];

	return slot->relevant && !slot->value && !slot->read_only &&
	    item_is_question(item_at(state, place));
}

const int *
state_choices(const struct state *state, int place, size_t *count)
{
	const struct choice_list *list = item_at(state, place)->list;
	const struct offered *offered;

	compute_begin(state_cache(state));
	offered = compute_offered(state_cache(state), place);
	*count = 0;
	if (!list)
		return state->every_choice;
	if (!offered) {
		*count = list->count;
		return state->every_choice;
	}
	*count = offered->count;
	return offered->list;
}

static void
count_place(const struct state *state, int place, struct state_counts *counts)
{
	const struct slot *slot = &state->slots[place];

	if (!slot->relevant || !item_is_question(item_at(state, place)))
		return;
	if (slot->read_only && !slot->value)
		return;
	counts->relevant++;
	counts->answered += slot->value != NULL;
	counts->invalid += slot->refusal != REFUSE_NOTHING;
	counts->required_missing += slot->required && !slot->value;
}

/* The items from `first` to before `end`, in `row`, with the rows below. */
static void
count_items(const struct state *state, int row, int first, int end,
    struct state_counts *counts)
{
	for (int i = first; i < end; i++) {
		const struct item *item = &state->form->items[i];
		const int place = state_in_row(state, row, i);
		const struct rows *rows = state->slots[place].rows;

		count_place(state, place, counts);
		if (item->type != ITEM_REPEAT)
			continue;
		for (size_t n = 0; rows && n < rows->count; n++)
			count_items(
			    state, rows->list[n], i + 1, item->end, counts);
		i = item->end - 1;
	}
}

struct state_counts
state_progress(const struct state *state, int first, int end)
{
	struct state_counts counts = { 0 };

	count_items(state, -1, first, end, &counts);
	return counts;
}

struct state_counts
state_row_progress(const struct state *state, int row)
{
	const struct item *item = item_at(state, row);
	struct state_counts counts = { 0 };

	count_items(state, row, item->index + 1, item->end, &counts);
	return counts;
}

/* ---- checks ---- */

static void
add_refusal(const struct state *state, int place, enum refusal refusal,
    size_t lang, const struct err *why, struct buf *out)
{
	const struct form_text *message =
	    item_at(state, place)->constraint_message;

	switch (refusal) {
	case REFUSE_NOTHING: break;
	case REFUSE_TYPE: buf_add_text(out, why->msg); break;
	case REFUSE_CHOICE:
		buf_add_text(out,
		    why->code != ERR_NONE
			? why->msg
			: _("this choice is not offered here"));
		break;
	case REFUSE_CONSTRAINT:
		if (message)
			add_rendered(state, place, message, lang, out);
		else if (why->code != ERR_NONE)
			buf_addf(out,
			    _("the condition for this value cannot be "
			      "computed: %s"),
			    why->msg);
		else
			buf_add_text(
			    out, _("the checklist does not allow this value"));
		break;
	}
}

int
state_check(const struct state *state, int place, const char *value,
    size_t lang, struct err *err)
{
	const struct slot *slot = &state->slots[place];
	struct buf text = BUF_INIT;
	struct err why = { 0 };
	enum refusal refusal;

	if (!item_is_question(item_at(state, place)))
		return err_set(err, ERR_VALUE, _("this is not a question"));
	if (!slot->relevant)
		return err_set(err, ERR_VALUE,
		    _("this question is not asked after the other answers"));
	if (slot->read_only)
		return err_set(
		    err, ERR_VALUE, _("this answer is fixed by the checklist"));
	compute_begin(state_cache(state));
	refusal = refusal_of(state_cache(state), place, value, &why);
	if (refusal == REFUSE_NOTHING)
		return 0;
	add_refusal(state, place, refusal, lang, &why, &text);
	err_set(err, ERR_VALUE, "%s", text.data);
	buf_release(&text);
	return -1;
}

void
state_why_invalid(
    const struct state *state, int place, size_t lang, struct buf *out)
{
	struct err why = { 0 };
	enum refusal refusal = state->slots[place].refusal;

	if (refusal == REFUSE_NOTHING)
		return;
	compute_begin(state_cache(state));
	refusal = refusal_of(
	    state_cache(state), place, state_value(state, place), &why);
	add_refusal(state, place, refusal, lang, &why, out);
}
