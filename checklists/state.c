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
	if (type == ITEM_INTEGER || type == ITEM_DECIMAL)
		return VALUE_NUMBER;
	return type == ITEM_DATE ? VALUE_DATE : VALUE_TEXT;
}

/* Room for the filtered choices of each item that has a filter. */
static void
prepare_choices(struct state *state)
{
	const struct form *form = state->form;
	size_t longest = 0;

	for (int i = 0; i < form->item_count; i++) {
		const struct item *item = &form->items[i];

		if (!item->list)
			continue;
		if (item->list->count > longest)
			longest = item->list->count;
		if (item->choice_filter) {
			struct offered *offered = xcalloc(1, sizeof(*offered));

			offered->list = xcalloc(item->list->count, sizeof(int));
			state->slots[i].offered = offered;
		}
	}
	state->every_choice = xcalloc(longest, sizeof(int));
	for (size_t i = 0; i < longest; i++)
		state->every_choice[i] = (int)i;
}

struct state *
state_new(const struct form *form, int64_t when)
{
	struct state *state = xcalloc(1, sizeof(*state));
	const size_t count = (size_t)form->item_count;

	state->form = form;
	state->when = when;
	state->slots = xcalloc(count, sizeof(*state->slots));
	state->changed = xcalloc(count, sizeof(int));
	state->is_changed = xcalloc(count, sizeof(bool));
	for (size_t i = 0; i < count; i++) {
		state->slots[i].kind = kind_of_type(form->items[i].type);
		state->slots[i].relevant = true;
		state->slots[i].read_as_relevant = true;
	}
	prepare_choices(state);
	compute_init(state);
	return state;
}

void
state_free(struct state *state)
{
	if (!state)
		return;
	for (int i = 0; i < state->form->item_count; i++) {
		free(state->slots[i].value);
		if (state->slots[i].offered)
			free(state->slots[i].offered->list);
		free(state->slots[i].offered);
	}
	compute_release(state);
	free(state->every_choice);
	free(state->slots);
	free(state->changed);
	free(state->is_changed);
	free(state);
}

/* ---- changes ---- */

void
state_mark_changed(struct state *state, int item)
{
	if (state->is_changed[item])
		return;
	state->is_changed[item] = true;
	state->changed[state->changed_count++] = item;
}

static void
forget_changes(struct state *state)
{
	for (size_t i = 0; i < state->changed_count; i++)
		state->is_changed[state->changed[i]] = false;
	state->changed_count = 0;
}

void
state_load(struct state *state, int item, const char *value)
{
	slot_put(&state->slots[item], value);
	state->slots[item].loaded = true;
}

void
state_start(struct state *state, bool fresh)
{
	const struct form *form = state->form;

	for (int i = 0; fresh && i < form->item_count; i++)
		if (!state->slots[i].loaded && form->items[i].default_text)
			slot_put(&state->slots[i], form->items[i].default_text);
	compute_all(state);
	for (int i = 0; fresh && i < form->item_count; i++)
		if (!state->slots[i].loaded && !state->slots[i].value &&
		    form->items[i].dynamic_default)
			compute_default(state, i);
	forget_changes(state);
}

void
state_set(struct state *state, int item, const char *value)
{
	forget_changes(state);
	state->slots[item].loaded = true;
	slot_put(&state->slots[item], value);
	compute_after(state, item);
}

const int *
state_changed(const struct state *state, size_t *count)
{
	*count = state->changed_count;
	return state->changed;
}

/* ---- questions ---- */

const char *
state_value(const struct state *state, int item)
{
	return slot_text(&state->slots[item]);
}

bool
state_is_relevant(const struct state *state, int item)
{
	return state->slots[item].relevant;
}

bool
state_is_required(const struct state *state, int item)
{
	return state->slots[item].required;
}

bool
state_is_read_only(const struct state *state, int item)
{
	return state->slots[item].read_only;
}

bool
state_is_valid(const struct state *state, int item)
{
	return state->slots[item].refusal == REFUSE_NOTHING;
}

bool
state_is_unanswered(const struct state *state, int item)
{
	const struct slot *slot = &state->slots[item];

	return slot->relevant && !slot->value && !slot->read_only &&
	    item_is_question(&state->form->items[item]);
}

const int *
state_choices(const struct state *state, int item, size_t *count)
{
	const struct choice_list *list = state->form->items[item].list;
	const struct offered *offered =
	    compute_offered(state_cache(state), item);

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

struct state_counts
state_progress(const struct state *state, int first, int end)
{
	struct state_counts progress = { 0 };

	for (int i = first; i < end; i++) {
		const struct slot *slot = &state->slots[i];

		if (!slot->relevant ||
		    !item_is_question(&state->form->items[i]))
			continue;
		if (slot->read_only && !slot->value)
			continue;
		progress.relevant++;
		progress.answered += slot->value != NULL;
		progress.invalid += slot->refusal != REFUSE_NOTHING;
		progress.required_missing += slot->required && !slot->value;
	}
	return progress;
}

/* ---- checks ---- */

static void
add_refusal(const struct state *state, int item, enum refusal refusal,
    size_t lang, const struct err *why, struct buf *out)
{
	const struct form_text *message =
	    state->form->items[item].constraint_message;

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
			add_rendered(state, item, message, lang, out);
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
state_check(const struct state *state, int item, const char *value, size_t lang,
    struct err *err)
{
	const struct slot *slot = &state->slots[item];
	struct buf text = BUF_INIT;
	struct err why = { 0 };
	enum refusal refusal;

	if (!item_is_question(&state->form->items[item]))
		return err_set(err, ERR_VALUE, _("this is not a question"));
	if (!slot->relevant)
		return err_set(err, ERR_VALUE,
		    _("this question is not asked after the other answers"));
	if (slot->read_only)
		return err_set(
		    err, ERR_VALUE, _("this answer is fixed by the checklist"));
	refusal = refusal_of(state_cache(state), item, value, &why);
	if (refusal == REFUSE_NOTHING)
		return 0;
	add_refusal(state, item, refusal, lang, &why, &text);
	err_set(err, ERR_VALUE, "%s", text.data);
	buf_release(&text);
	return -1;
}

void
state_why_invalid(
    const struct state *state, int item, size_t lang, struct buf *out)
{
	struct err why = { 0 };
	enum refusal refusal = state->slots[item].refusal;

	if (refusal == REFUSE_NOTHING)
		return;
	refusal = refusal_of(
	    state_cache(state), item, state_value(state, item), &why);
	add_refusal(state, item, refusal, lang, &why, out);
}
