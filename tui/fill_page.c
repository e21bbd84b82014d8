/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several questions on one screen: a field-list, a table.  One of them has the
 * focus and is the place of the fill screen, as if it were alone; so those
 * that come and go around it do not move it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/fill.h"

enum { GRID_CHOICES_MAX = 10, PAGE_STOPS_MAX = 1000 };

static bool
is_select(const struct item *item)
{
	return item->type == ITEM_SELECT_ONE ||
	    item->type == ITEM_SELECT_MULTIPLE;
}

static const struct item *
item_of(const struct fill *fill, int place)
{
	return &fill->form->items[state_item(fill_state(fill), place)];
}

static const struct item *
parent_of(const struct fill *fill, const struct item *item)
{
	return item->parent < 0 ? NULL : &fill->form->items[item->parent];
}

/* A table without a list around it is a page for its rows. */
static bool
holds_table(const struct fill *fill, const struct item *group)
{
	for (int i = group->index + 1; i < group->end; i++) {
		const struct item *item = &fill->form->items[i];

		if (item->parent == group->index &&
		    item_looks(item, "list-nolabel"))
			return true;
	}
	return false;
}

/* The outermost one around `item` in the row that it is in; NULL: none. */
static const struct item *
page_group(const struct fill *fill, const struct item *item)
{
	const int repeat = item->repeat;
	const struct item *found = NULL;

	for (item = parent_of(fill, item); item; item = parent_of(fill, item)) {
		if (item_looks(item, "field-list") ||
		    item_looks(item, "table-list") ||
		    (item->type == ITEM_GROUP && holds_table(fill, item)))
			found = item;
		if (item->index == repeat)
			break; /* what is around is another page */
	}
	return found;
}

int *
fill_page(const struct fill *fill, int *count)
{
	const struct state *state = fill_state(fill);
	const struct item *group;
	int at, end, row;
	int *stops;

	*count = 0;
	if (fill->place < 0)
		return NULL;
	group = page_group(fill, fill_item(fill));
	if (!group)
		return NULL;
	row = state_row(state, fill->place);
	at = state_in_row(state, row, group->index);
	if (group->type == ITEM_REPEAT)
		at = row;
	end = state_after(state, at);
	stops = xcalloc(PAGE_STOPS_MAX, sizeof(*stops));
	while ((at = state_next(state, at)) >= 0 && at != end &&
	    *count < PAGE_STOPS_MAX)
		if (state_row(state, at) == row && fill_is_stop(fill, at))
			stops[(*count)++] = at;
	return stops;
}

bool
fill_is_on_page(const struct fill *fill)
{
	return fill->place >= 0 && page_group(fill, fill_item(fill));
}

/* ---- tables ---- */

static bool
is_grid_row(const struct fill *fill, const struct item *item)
{
	const struct item *group = parent_of(fill, item);

	return is_select(item) && item->list && !item->choice_filter &&
	    !item->randomize && item->list->count <= GRID_CHOICES_MAX &&
	    (item_looks(item, "list-nolabel") || item_looks(item, "likert") ||
		(group && item_looks(group, "table-list")));
}

int
fill_grid_rows(const struct fill *fill, const int *stops, int count)
{
	const struct item *first = count > 0 ? item_of(fill, stops[0]) : NULL;
	int rows = 0;

	if (!first || !is_grid_row(fill, first))
		return 0;
	while (rows < count) {
		const struct item *item = item_of(fill, stops[rows]);

		if (item->parent != first->parent ||
		    item->list != first->list || !is_grid_row(fill, item))
			break;
		rows++;
	}
	/* One likert alone has its choices beside one another. */
	return rows == 1 && item_looks(first, "likert") ? 0 : rows;
}

bool
fill_is_in_grid(const struct fill *fill)
{
	const struct item *item = fill_item(fill);
	bool found = false;
	int *stops, count, rows;

	if (!item || !is_grid_row(fill, item))
		return false;
	stops = fill_page(fill, &count);
	for (int i = 0; i < count && !found; i += rows > 0 ? rows : 1) {
		rows = fill_grid_rows(fill, stops + i, count - i);
		for (int j = i; j < i + rows; j++)
			found = found || stops[j] == fill->place;
	}
	free(stops);
	return found;
}

bool
fill_is_inline(const struct fill *fill)
{
	static const char *const words[] = { "likert", "horizontal",
		"horizontal-compact", "compact", "quickcompact", "columns",
		"columns-pack", "list" };
	const struct item *item = fill_item(fill);

	if (!fill_is_choice(fill))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (item_looks(item, words[i]))
			return true;
	return strstr(item->appearance, "columns-") != NULL;
}

/* ---- moving ---- */

static int
neighbour(const struct fill *fill, int step)
{
	int count, found = -1;
	int *stops = fill_page(fill, &count);

	for (int i = 0; i < count; i++)
		if (stops[i] == fill->place && i + step >= 0 &&
		    i + step < count)
			found = stops[i + step];
	free(stops);
	return found;
}

bool
fill_page_step(struct fill *fill, int step, struct err *err)
{
	const int column = fill_is_in_grid(fill) ? fill->choice : -1;
	int to;

	if (!fill_commit(fill, err))
		return false;
	to = neighbour(fill, step);
	if (to < 0)
		return false;
	fill_load(fill, to);
	if (fill->choice < 0 && fill_is_in_grid(fill))
		fill->choice = column;
	return true;
}

/* The first stop of the page that `place` is on. */
static int
page_start(struct fill *fill, int place)
{
	int count, first = place;
	int *stops;

	fill_load(fill, place);
	stops = fill_page(fill, &count);
	if (count > 0)
		first = stops[0];
	free(stops);
	return first;
}

void
fill_page_leave(struct fill *fill, int step, struct err *err)
{
	int count, to;
	int *stops;

	if (!fill_commit(fill, err) || fill->place < 0)
		return;
	stops = fill_page(fill, &count);
	to = fill_stop_from(fill,
	    count == 0     ? fill->place
		: step < 0 ? stops[0]
			   : stops[count - 1],
	    step);
	free(stops);
	if (to >= 0)
		fill_load(fill, step < 0 ? page_start(fill, to) : to);
}
