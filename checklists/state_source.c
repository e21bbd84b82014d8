/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <string.h>

#include "checklists/form_files.h"
#include "checklists/form_index.h"

/* Where expressions get answers, columns of choices and labels. */

/* The row of `repeat` around the place at hand: 0, or -1 for none. */
static int
find_row(const struct state *state, int repeat, int *row)
{
	*row = repeat < 0 ? -1 : rows_find(state, state->at, repeat);
	return repeat >= 0 && *row < 0 ? -1 : 0;
}

static const char *
source_text(void *arg, int item, int row_of, enum value_kind *kind)
{
	const struct state *state = arg;
	const struct slot *slot;
	int row, place;

	if (find_row(state, row_of, &row) != 0)
		return "";
	place = state_in_row(state, row, item);
	slot = &state->slots[place];
	*kind = slot->kind;
	if (place == state->candidate)
		return state->candidate_value;
	return slot->relevant ? slot_text(slot) : "";
}

struct adding {
	struct state *state;
	int (*add)(void *to, struct tree_node node);
	void *to;
	int result;
};

static void
add_place(void *arg, int place)
{
	struct adding *adding = arg;
	const struct slot *slot = &adding->state->slots[place];

	if (adding->result == 0 && slot->relevant && !slot->rows)
		adding->result = adding->add(
		    adding->to, state_tree_node(adding->state, place));
}

static int
source_nodes(void *arg, int item, int row_of,
    int (*add)(void *to, struct tree_node node), void *to)
{
	struct adding adding = { arg, add, to, 0 };
	int row;

	if (find_row(arg, row_of, &row) != 0)
		return 0;
	rows_each(arg, row, item, add_place, &adding);
	return adding.result;
}

static const char *
source_column(void *arg, int column)
{
	const struct state *state = arg;
	const struct choice *choice = state->choice;

	if (!choice)
		return "";
	return form_choice_cell(state->form, choice, column);
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

static struct table *
source_table(void *arg, const char *name)
{
	const struct state *state = arg;

	return form_table(full_of(state->form), name);
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
		.nodes = source_nodes,
		.tree = &state->tree.tree,
		.column = source_column,
		.choice_label = source_choice_label,
		.table = source_table,
		.arg = state,
		.steps_left = &state->steps_left,
		.now = state->when,
		.month_lang = lang_code(month_lang(state->form)),
	};
	state->candidate = -1;
}
