/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "checklists/form_internal.h"

/*
 * Rows.  A row is a block of places: its own, then one for each member of the
 * repeat, so that the place of a member is its distance from the repeat.  The
 * block has a place for members of inner repeats too, which stand for nothing
 * (`absent`): an inner repeat has rows of its own for every outer row.
 */

int
state_item(const struct state *state, int place)
{
	return state->slots[place].item;
}

int
state_row(const struct state *state, int place)
{
	return state->slots[place].row;
}

int
state_repeat(const struct state *state, int place)
{
	return state->slots[place].repeat;
}

const char *
state_row_key(const struct state *state, int row)
{
	return state->slots[row].key;
}

int
state_in_row(const struct state *state, int row, int item)
{
	return row < 0 ? item : row + item - state->slots[row].item;
}

const int *
state_rows(const struct state *state, int repeat, size_t *count)
{
	const struct rows *rows = state->slots[repeat].rows;

	*count = rows ? rows->count : 0;
	return rows ? rows->list : NULL;
}

bool
state_rows_are_counted(const struct state *state, int repeat)
{
	return item_at(state, repeat)->repeat_count != NULL;
}

int
rows_find(const struct state *state, int place, int repeat)
{
	int row = state->slots[place].row;

	while (row >= 0 && state->slots[row].item != repeat)
		row = state->slots[state->slots[row].repeat].row;
	return row;
}

/* The outermost repeat around (or at) `item` that lies below `above`. */
static int
next_repeat(const struct form *form, int item, int above)
{
	int at = form->items[item].type == ITEM_REPEAT
	    ? item
	    : form->items[item].repeat;
	int found = -1;

	for (; at >= 0 && at != above; at = form->items[at].repeat)
		found = at;
	return found;
}

void
rows_each(struct state *state, int row, int item,
    void (*each)(void *arg, int place), void *arg)
{
	const int above = row < 0 ? -1 : state->slots[row].item;
	const int repeat = next_repeat(state->form, item, above);
	int place;

	if (repeat < 0) {
		each(arg, state_in_row(state, row, item));
		return;
	}
	place = state_in_row(state, row, repeat);
	if (repeat == item)
		each(arg, place);
	/* Rows may come while they are gone through. */
	for (size_t i = 0; i < state->slots[place].rows->count; i++) {
		const int inner = state->slots[place].rows->list[i];

		if (repeat == item)
			each(arg, inner);
		else
			rows_each(state, inner, item, each, arg);
	}
}

/* ---- keys ---- */

static bool
is_key(const char *key)
{
	const size_t len = strlen(key);

	return len > 0 && len <= STATE_KEY_MAX &&
	    strspn(key,
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"-") == len;
}

static bool
is_number(const char *key)
{
	return key[strspn(key, "0123456789")] == '\0';
}

/* Numbers first, shorter ones before longer ones; then texts. */
static int
compare_keys(const char *one, const char *other)
{
	const bool a = is_number(one), b = is_number(other);

	if (a != b)
		return a ? -1 : 1;
	if (a && strlen(one) != strlen(other))
		return strlen(one) < strlen(other) ? -1 : 1;
	return strcmp(one, other);
}

/* Where the key is or belongs; true when it is there. */
static bool
find_key(const struct state *state, const struct rows *rows, const char *key,
    size_t *at)
{
	size_t low = 0, high = rows->count;

	while (low < high) {
		const size_t middle = (low + high) / 2;
		const int order =
		    compare_keys(state->slots[rows->list[middle]].key, key);

		if (order == 0) {
			*at = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*at = low;
	return false;
}

/* ---- adding and removing ---- */

/* The block of places of a new row. */
static int
make_block(struct state *state, int repeat, const char *key)
{
	const int first = state->slots[repeat].item;
	const int end = state->form->items[first].end;
	const int row = state->place_count;

	for (int item = first; item < end; item++) {
		const int place = slot_new(state, item, row);

		if (item > first)
			state->slots[place].absent =
			    state->form->items[item].repeat != first;
	}
	state->slots[row].repeat = repeat;
	state->slots[row].key = xstrdup(key);
	free(state->slots[row].rows); /* those are its repeat's */
	state->slots[row].rows = NULL;
	return row;
}

static void
number_rows(struct state *state, const struct rows *rows, size_t from)
{
	for (size_t i = from; i < rows->count; i++)
		state->slots[rows->list[i]].number = (int)i;
	state->order_is_old = true;
}

int
state_row_add(struct state *state, int repeat, const char *key, struct err *err)
{
	const struct item *item = item_at(state, repeat);
	struct rows *rows = state->slots[repeat].rows;
	size_t at;
	int row;

	if (!is_key(key))
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is no name of a row: letters, digits and -, "
		      "at most %d"),
		    key, STATE_KEY_MAX);
	if (find_key(state, rows, key, &at))
		return rows->list[at];
	if (state->place_count > STATE_PLACES_MAX - (item->end - item->index))
		return err_set(err, ERR_LIMIT,
		    _("the answers have more than %d places: too many rows"),
		    STATE_PLACES_MAX);
	row = make_block(state, repeat, key);
	mem_grow(&rows->list, &rows->room, rows->count + 1, sizeof(int));
	memmove(&rows->list[at + 1], &rows->list[at],
	    (rows->count - at) * sizeof(int));
	rows->list[at] = row;
	rows->count++;
	number_rows(state, rows, at);
	if (!state->started && !state->running)
		return row;
	compute_begin(state);
	state_defaults(state, row);
	compute_row_added(state, row);
	if (state->started)
		state_dynamic_defaults(state, row);
	return row;
}

static void
forget_block(struct state *state, int row)
{
	const int first = state->slots[row].item;
	const int end = state->form->items[first].end;

	for (int i = 0; i < end - first; i++) {
		struct slot *slot = &state->slots[row + i];

		for (size_t n = 0; slot->rows && n < slot->rows->count; n++)
			forget_block(state, slot->rows->list[n]);
		slot_release(slot);
		slot->absent = true;
		slot->relevant = false;
	}
}

void
state_row_remove(struct state *state, int row)
{
	struct rows *rows = state->slots[state->slots[row].repeat].rows;
	const size_t at = (size_t)state->slots[row].number;

	rows->count--;
	memmove(&rows->list[at], &rows->list[at + 1],
	    (rows->count - at) * sizeof(int));
	number_rows(state, rows, at);
	compute_begin(state);
	compute_row_removed(state, row);
	forget_block(state, row);
}

void
rows_fill(struct state *state, int repeat, int count)
{
	struct err err = { 0 };
	char key[16];

	for (int i = 1; i <= count; i++) {
		snprintf(key, sizeof(key), "%d", i);
		if (state_row_add(state, repeat, key, &err) < 0)
			return;
	}
}

/* ---- paths ---- */

void
state_add_path(const struct state *state, int place, struct buf *out)
{
	const struct slot *slot = &state->slots[place];
	const struct form *form = state->form;
	const struct item *item = &form->items[slot->item];
	const int above =
	    slot->repeat >= 0 ? state->slots[slot->repeat].row : slot->row;
	const char *path = item->path;

	if (above >= 0) {
		state_add_path(state, above, out);
		path += strlen(form->items[state->slots[above].item].path);
	}
	buf_add_text(out, path);
	if (slot->key)
		buf_addf(out, "[%s]", slot->key);
}

static int
row_numbered(const struct rows *rows, const char *number)
{
	unsigned long at = 0;

	if (is_number(number) && strlen(number) < 9)
		at = strtoul(number, NULL, 10);
	return at > 0 && at <= rows->count ? rows->list[at - 1] : -1;
}

/* The row "[key]" of the repeat at `place`; moves past it. */
static int
find_row(const struct state *state, int place, const char **at, bool numbers)
{
	const struct rows *rows = state->slots[place].rows;
	const char *start = *at + 1, *end = strchr(start, ']');
	char key[STATE_KEY_MAX + 1];
	size_t found;

	if (!rows || !end || end - start > STATE_KEY_MAX)
		return -1;
	memcpy(key, start, (size_t)(end - start));
	key[end - start] = '\0';
	*at = end + 1;
	if (find_key(state, rows, key, &found))
		return rows->list[found];
	return numbers ? row_numbered(rows, key) : -1;
}

static int
find(const struct state *state, const char *path, bool numbers, struct err *err)
{
	const struct form_full *full = full_of(state->form);
	const char *at = path;
	int item = -1, row = -1;

	while (*at) {
		const size_t len = strcspn(at, "/[");

		item = form_member(full, item, at, len);
		at += len;
		if (item < 0)
			break;
		if (*at == '[') {
			row = find_row(state, state_in_row(state, row, item),
			    &at, numbers);
			if (row < 0) {
				item = -1;
				break;
			}
		} else if (state->form->items[item].type == ITEM_REPEAT &&
		    *at) {
			break;
		}
		if (*at == '/')
			at++;
		else if (*at)
			break;
		if (!*at && row >= 0 && state->slots[row].item == item)
			return row;
	}
	if (item < 0 || *at)
		return err_set(err, ERR_NOT_FOUND,
		    _("there is no place %.80s in these answers"), path);
	return state_in_row(state, row, item);
}

int
state_find(const struct state *state, const char *path, struct err *err)
{
	return find(state, path, false, err);
}

int
state_find_typed(const struct state *state, const char *path, struct err *err)
{
	return find(state, path, true, err);
}
