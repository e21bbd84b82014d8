/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <string.h>

#include "checklists/form_internal.h"

/* Texts with answers in them. */

static void
add_choice(const struct form *form, const struct choice_list *list,
    const char *name, size_t len, size_t lang, struct buf *out)
{
	const struct choice *choice = choice_find(list, name, len);
	const char *label =
	    choice ? form_text(form, choice->label, lang, NULL) : "";

	if (label[0])
		buf_add_text(out, label);
	else
		buf_add(out, name, len);
}

void
form_add_shown(const struct form *form, const struct item *item,
    const char *value, size_t lang, struct buf *out)
{
	const char *between = item->type == ITEM_RANK ? " > " : ", ";

	switch (item->type) {
	case ITEM_SELECT_ONE:
		if (value[0])
			add_choice(
			    form, item->list, value, strlen(value), lang, out);
		break;
	case ITEM_SELECT_MULTIPLE:
	case ITEM_RANK:
		for (size_t len; *value; value += len + (value[len] == ' ')) {
			len = strcspn(value, " ");
			add_choice(form, item->list, value, len, lang, out);
			if (value[len])
				buf_add_text(out, between);
		}
		break;
	case ITEM_DATETIME: datetime_show(value, out); break;
	case ITEM_GEOPOINT:
	case ITEM_GEOTRACE:
	case ITEM_GEOSHAPE: geo_show(value, out); break;
	default: buf_add_text(out, value); break;
	}
}

void
state_add_shown(
    const struct state *state, int place, size_t lang, struct buf *out)
{
	form_add_shown(state->form, item_at(state, place),
	    state_value(state, place), lang, out);
}

/* The place that "${name}" means in a text of `place`; -1. */
static int
place_meant(const struct state *state, int place, const char *name, size_t len)
{
	const struct form *form = state->form;
	struct err err = { 0 };
	int row_of = -1, row;
	const int item = form_resolve(
	    full_of(form), state_item(state, place), name, len, &row_of, &err);

	if (item < 0 || form->items[item].repeat != row_of)
		return -1;
	row = row_of < 0 ? -1 : rows_find(state, place, row_of);
	return row_of >= 0 && row < 0 ? -1 : state_in_row(state, row, item);
}

void
add_rendered(const struct state *state, int place, const struct form_text *text,
    size_t lang, struct buf *out)
{
	const char *at = form_text(state->form, text, lang, NULL);
	const char *start, *end;

	while ((start = strstr(at, "${")) && (end = strchr(start, '}'))) {
		const int found =
		    place_meant(state, place, start, (size_t)(end + 1 - start));

		buf_add(out, at, (size_t)(start - at));
		if (found >= 0 && state_is_relevant(state, found))
			state_add_shown(state, found, lang, out);
		at = end + 1;
	}
	buf_add_text(out, at);
}

void
state_add_text(const struct state *state, int place, enum state_text which,
    size_t lang, struct buf *out)
{
	const struct item *asked = item_at(state, place);

	switch (which) {
	case STATE_LABEL:
		add_rendered(state, place, asked->label, lang, out);
		break;
	case STATE_HINT:
		add_rendered(state, place, asked->hint, lang, out);
		break;
	case STATE_GUIDANCE:
		add_rendered(state, place, asked->guidance, lang, out);
		break;
	}
}
