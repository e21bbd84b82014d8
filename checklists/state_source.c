/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <string.h>

#include "checklists/form_internal.h"

/* Where expressions get answers, columns of choices and labels. */

static const char *
source_text(void *arg, int item, enum value_kind *kind)
{
	const struct state *state = arg;
	const struct slot *slot = &state->slots[item];

	*kind = slot->kind;
	if (item == state->candidate_item)
		return state->candidate_value;
	return slot->relevant ? slot_text(slot) : "";
}

static bool
source_relevant(void *arg, int item)
{
	const struct state *state = arg;

	return state->slots[item].relevant;
}

static const char *
source_column(void *arg, int column)
{
	const struct state *state = arg;
	const struct choice *choice = state->choice;

	if (!choice)
		return "";
	if (column == COLUMN_NAME)
		return choice->name;
	if (column == COLUMN_LABEL)
		return form_text(state->form, choice->label,
		    state->form->default_lang, NULL);
	return choice->extra[column - COLUMN_EXTRA];
}

static const char *
source_choice_label(void *arg, int item, const char *name)
{
	const struct state *state = arg;
	const struct choice_list *list = state->form->items[item].list;
	const struct choice *choice =
	    list ? choice_find(list, name, strlen(name)) : NULL;

	if (!choice)
		return NULL;
	if (!choice->label)
		return choice->name;
	return form_text(
	    state->form, choice->label, state->form->default_lang, NULL);
}

/* The language of names of months: that of the form's default texts. */
static enum lang
month_lang(const struct form *form)
{
	const size_t lang = form->default_lang;

	if (form_lang(form, LANG_FR) == lang &&
	    form_lang(form, LANG_EN) != lang)
		return LANG_FR;
	return LANG_EN;
}

void
source_init(struct state *state)
{
	state->source = (struct expr_source){
		.text = source_text,
		.relevant = source_relevant,
		.column = source_column,
		.choice_label = source_choice_label,
		.arg = state,
		.now = state->when,
		.month_lang = lang_code(month_lang(state->form)),
	};
	state->candidate_item = -1;
}
