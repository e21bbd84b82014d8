/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inspections/inspection_internal.h"

/*
 * Where answers stand: the record has them by path, the form's state by place.
 * Rows of repeats come and go by claims on their own path ("house[7K3F]").
 */

/* ---- which rows are there ---- */

/* Did one who took the row away know of this event? */
static bool
was_known(
    const struct record *record, const struct slot *row, int chain, int64_t seq)
{
	for (size_t i = 0; row && i < row->alive_count; i++)
		if (history_saw(&record->history, row->alive[i]->chain,
			row->alive[i]->seq, chain, seq))
			return true;
	return false;
}

static bool
says_something(const struct claim *claim)
{
	return *claim->value || *claim->note || *claim->reason || claim->flag;
}

static bool
is_there(const struct slot *slot, const struct exhibit *exhibit)
{
	if (exhibit->removal)
		return false;
	for (size_t i = 0; i < slot->evidence_count; i++)
		if (hash_equal(&slot->evidence[i].digest, &exhibit->digest))
			return true;
	return false;
}

/* Does something stand at `slot` that no removal of its row had seen? */
static bool
holds_row(const struct record *record, const struct slot *row,
    const struct slot *slot)
{
	for (size_t i = 0; i < slot->alive_count; i++) {
		const struct claim *claim = slot->alive[i];

		if (says_something(claim) &&
		    !was_known(record, row, claim->chain, claim->seq))
			return true;
	}
	for (size_t i = 0; i < slot->exhibit_count; i++) {
		const struct exhibit *exhibit = &slot->exhibits[i];

		if (is_there(slot, exhibit) &&
		    !was_known(record, row, exhibit->chain, exhibit->seq))
			return true;
	}
	return false;
}

static bool
is_claimed(const struct slot *row)
{
	for (size_t i = 0; row && i < row->alive_count; i++)
		if (*row->alive[i]->value)
			return true;
	return false;
}

static bool
row_stands(const struct record *record, const char *path)
{
	const struct slot *row = record_find_slot(record, path);
	char *below;
	size_t len;
	bool held = false;

	if (is_claimed(row))
		return true;
	below = xasprintf("%s/", path);
	len = strlen(below);
	for (size_t i = record_slot_from(record, below);
	     i < record->slot_count && !held &&
	     strncmp(record->slots[i]->path, below, len) == 0;
	     i++)
		held = holds_row(record, row, record->slots[i]);
	free(below);
	return held;
}

/* ---- places of paths ---- */

int
inspection_place_at(const struct inspection *inspection, const char *path)
{
	struct err ignored = { 0 };

	return inspection->form ? state_find(inspection->state, path, &ignored)
				: -1;
}

/* The row at `path`, which ends in "[key]": made where it stands; -1. */
static int
make_row(struct inspection *inspection, char *path)
{
	char *open = strrchr(path, '['), *close = strrchr(path, ']');
	struct err ignored = { 0 };
	int repeat, row = inspection_place_at(inspection, path);

	if (row >= 0 || !open || !row_stands(inspection->record, path))
		return row;
	*open = '\0';
	repeat = inspection_place_at(inspection, path);
	*open = '[';
	if (repeat < 0 || state_repeat(inspection->state, repeat) >= 0 ||
	    inspection->form->items[state_item(inspection->state, repeat)]
		    .type != ITEM_REPEAT)
		return -1;
	*close = '\0';
	row = state_row_add(inspection->state, repeat, open + 1, &ignored);
	*close = ']';
	return row;
}

/* The place at `path`, its rows made where they stand; -1 where none is. */
static int
make_place(struct inspection *inspection, const char *path)
{
	int place = inspection_place_at(inspection, path);
	char *rows;

	if (place >= 0 || !strchr(path, '['))
		return place;
	rows = xstrdup(path);
	place = 0;
	for (char *at = strchr(rows, ']'); at && place >= 0;
	     at = strchr(at + 1, ']')) {
		const char after = at[1];

		at[1] = '\0';
		place = make_row(inspection, rows);
		at[1] = after;
	}
	free(rows);
	return place < 0 ? -1 : inspection_place_at(inspection, path);
}

struct slot *
inspection_slot_at(const struct inspection *inspection, int place)
{
	return place >= 0 && (size_t)place < inspection->slot_room
	    ? inspection->slots[place]
	    : NULL;
}

static void
put_slot(struct inspection *inspection, int place, struct slot *slot)
{
	const size_t before = inspection->slot_room;

	mem_grow(&inspection->slots, &inspection->slot_room, (size_t)place + 1,
	    sizeof(struct slot *));
	for (size_t i = before; i < inspection->slot_room; i++)
		inspection->slots[i] = NULL;
	inspection->slots[place] = slot;
}

static bool
is_valued(const struct inspection *inspection, int place)
{
	const int item = state_item(inspection->state, place);

	return !item_has_members(&inspection->form->items[item]);
}

static uint32_t
shuffle_of(const char *id)
{
	const struct hash hash = hash_of(id, strlen(id));

	return load_le32(hash.bytes) >> 1;
}

/* ---- all of them ---- */

static void
make_state(struct inspection *inspection)
{
	const struct record *record = inspection->record;

	if (inspection->by_last_event)
		inspection->when = record->changed;
	inspection->state = state_new(inspection->form, inspection->when);
	/* The same each time that this inspection is opened. */
	state_shuffle(inspection->state, shuffle_of(inspection->id));
	for (size_t i = 0; i < record->slot_count; i++) {
		struct slot *slot = record->slots[i];
		const int place = make_place(inspection, slot->path);
		const struct claim *used = slot_used(slot);

		if (place < 0)
			continue;
		put_slot(inspection, place, slot);
		if (used && is_valued(inspection, place))
			state_load(inspection->state, place, used->value);
	}
	state_start(inspection->state, true);
}

void
inspection_make_places(struct inspection *inspection, int64_t when)
{
	inspection->by_last_event = when == WHEN_LAST_EVENT;
	inspection->when = when;
	make_state(inspection);
}

void
inspection_restate(struct inspection *inspection)
{
	state_free(inspection->state);
	free(inspection->slots);
	inspection->slots = NULL;
	inspection->slot_room = 0;
	make_state(inspection);
	inspection->numbering++;
	inspection_refresh(inspection);
}

/* ---- after one event ---- */

/* A row that only answers in it, or the form, hold may have gone with them. */
static bool
rows_are_sure(const struct inspection *inspection, int place)
{
	const struct state *state = inspection->state;

	for (int row = state_row(state, place); row >= 0;
	     row = state_row(state, state_repeat(state, row)))
		if (!is_claimed(inspection_slot_at(inspection, row)))
			return false;
	return true;
}

static bool
is_row_path(const char *path)
{
	const size_t len = strlen(path);

	return len > 0 && path[len - 1] == ']';
}

/* A row that comes, with nothing in it yet. */
static bool
take_new_row(struct inspection *inspection, struct slot *slot)
{
	const struct record *record = inspection->record;
	char *below = xasprintf("%s/", slot->path);
	const size_t next = record_slot_from(record, below);
	const bool empty = next == record->slot_count ||
	    strncmp(record->slots[next]->path, below, strlen(below)) != 0;
	int row;

	free(below);
	if (!empty || !is_claimed(slot))
		return false;
	row = make_place(inspection, slot->path);
	if (row >= 0)
		put_slot(inspection, row, slot);
	return true;
}

void
inspection_take_slot(struct inspection *inspection, struct slot *slot)
{
	const struct claim *used = slot_used(slot);
	const int place = inspection_place_at(inspection, slot->path);
	const bool in_rows = strchr(slot->path, '[') != NULL;

	if (is_row_path(slot->path)) {
		if (place >= 0 && is_claimed(slot))
			put_slot(inspection, place, slot);
		else if (place >= 0 || !take_new_row(inspection, slot))
			inspection_restate(inspection);
		return;
	}
	if (in_rows && (place < 0 || !rows_are_sure(inspection, place))) {
		inspection_restate(inspection);
		return;
	}
	if (place < 0)
		return;
	put_slot(inspection, place, slot);
	if (used && is_valued(inspection, place) &&
	    strcmp(state_value(inspection->state, place), used->value) != 0)
		state_put(inspection->state, place, used->value);
}
