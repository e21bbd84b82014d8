/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <string.h>

#include "base/i18n.h"

/*
 * Places one after another, as a person goes through them: a repeat, then each
 * of its rows with what is in it, then what comes after the repeat.
 */

int
state_places(const struct state *state)
{
	return state->place_count;
}

int
state_row_number(const struct state *state, int row)
{
	return state->slots[row].number + 1;
}

/* The place of `item` in `row`; past its end, what comes behind the row. */
static int
in_row_at(const struct state *state, int row, int item)
{
	const struct form *form = state->form;

	while (true) {
		const int end = row < 0
		    ? form->item_count
		    : form->items[state->slots[row].item].end;
		int repeat;
		size_t next;

		if (item < end)
			return state_in_row(state, row, item);
		if (row < 0)
			return -1;
		repeat = state->slots[row].repeat;
		next = (size_t)state->slots[row].number + 1;
		if (next < state->slots[repeat].rows->count)
			return state->slots[repeat].rows->list[next];
		item = form->items[state->slots[repeat].item].end;
		row = state->slots[repeat].row;
	}
}

int
state_next(const struct state *state, int place)
{
	const struct slot *slot;

	if (place < 0)
		return state->form->item_count > 0 ? 0 : -1;
	slot = &state->slots[place];
	if (slot->rows && slot->rows->count > 0)
		return slot->rows->list[0];
	return in_row_at(state, slot->row,
	    slot->rows ? state->form->items[slot->item].end : slot->item + 1);
}

int
state_after(const struct state *state, int place)
{
	const struct slot *slot = &state->slots[place];

	if (slot->repeat >= 0) /* of a row: the next one, or past the repeat */
		return in_row_at(
		    state, place, state->form->items[slot->item].end);
	return in_row_at(state, slot->row, state->form->items[slot->item].end);
}

/* The last place of all that is in the items of `row` up to `item`. */
static int
last_at(const struct state *state, int row, int item)
{
	const struct form *form = state->form;

	while (true) {
		const int above = row < 0 ? -1 : state->slots[row].item;
		int repeat = -1, place;
		const struct rows *rows;

		if (item == above)
			return row;
		for (int at = form->items[item].type == ITEM_REPEAT
			 ? item
			 : form->items[item].repeat;
		     at >= 0 && at != above; at = form->items[at].repeat)
			repeat = at;
		if (repeat < 0)
			return state_in_row(state, row, item);
		place = state_in_row(state, row, repeat);
		rows = state->slots[place].rows;
		if (rows->count == 0)
			return place;
		row = rows->list[rows->count - 1];
		item = form->items[repeat].end - 1;
	}
}

int
state_previous(const struct state *state, int place)
{
	const struct slot *slot = &state->slots[place];

	if (slot->repeat >= 0) {
		const struct rows *rows = state->slots[slot->repeat].rows;

		if (slot->number == 0)
			return slot->repeat;
		return last_at(state, rows->list[slot->number - 1],
		    state->form->items[slot->item].end - 1);
	}
	if (slot->item == 0)
		return -1;
	return last_at(state, slot->row, slot->item - 1);
}

/* ---- paths with numbers ---- */

void
state_add_numbered(const struct state *state, int place, struct buf *out)
{
	const struct slot *slot = &state->slots[place];
	const struct form *form = state->form;
	const int above =
	    slot->repeat >= 0 ? state->slots[slot->repeat].row : slot->row;
	const char *path = form->items[slot->item].path;

	if (above >= 0) {
		state_add_numbered(state, above, out);
		path += strlen(form->items[state->slots[above].item].path);
	}
	buf_add_text(out, path);
	if (slot->repeat >= 0)
		buf_addf(out, "[%d]", slot->number + 1);
}

static void
add_row_name(const struct state *state, int row, size_t lang, struct buf *out)
{
	const struct slot *slot = &state->slots[row];
	const struct item *item = item_at(state, row);
	const size_t before = out->len;

	if (item->label)
		state_add_text(state, row, STATE_LABEL, lang, out);
	if (out->len == before)
		buf_add_text(out, item->name);
	buf_add_char(out, ' ');
	buf_addf(out, _("%d of %zu"), slot->number + 1,
	    state->slots[slot->repeat].rows->count);
}

void
state_add_crumbs(
    const struct state *state, int place, size_t lang, struct buf *out)
{
	const int row = state->slots[place].row;
	const int above =
	    row < 0 ? -1 : state->slots[state->slots[row].repeat].row;

	if (row < 0)
		return;
	if (above >= 0) {
		state_add_crumbs(state, above, lang, out);
		buf_add_text(out, " › ");
	}
	add_row_name(state, row, lang, out);
}
