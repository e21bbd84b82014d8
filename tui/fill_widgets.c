/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks, scales and counters; how answers look on the line they are typed on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/fill.h"
#include "tui/ui.h"
#include "tui/views.h"

/* ---- ranks ---- */

bool
fill_is_rank(const struct fill *fill)
{
	const struct item *item = fill_item(fill);

	return item && item->type == ITEM_RANK && item->list &&
	    !fill_is_locked(fill);
}

/* Takes the choice `name` out of `left` and puts it at the end of `order`. */
static void
take_ranked(const struct choice_list *list, const char *name, size_t len,
    bool *left, int *order, size_t *count)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!left[i] || strlen(list->choices[i].name) != len ||
		    strncmp(list->choices[i].name, name, len) != 0)
			continue;
		left[i] = false;
		order[(*count)++] = (int)i;
		return;
	}
}

int *
fill_rank_order(const struct fill *fill, size_t *count)
{
	const struct choice_list *list = fill_item(fill)->list;
	const char *value = state_value(fill_state(fill), fill->place);
	bool *left = xcalloc(list->count + 1, sizeof(bool));
	int *order = xcalloc(list->count + 1, sizeof(int));
	size_t offered_count;
	const int *offered =
	    state_choices(fill_state(fill), fill->place, &offered_count);

	*count = 0;
	for (size_t i = 0; i < offered_count; i++)
		left[offered[i]] = true;
	while (*value) {
		const size_t len = strcspn(value, " ");

		take_ranked(list, value, len, left, order, count);
		value += len + (value[len] == ' ');
	}
	/* What is offered since, or all while there is no answer. */
	for (size_t i = 0; i < offered_count; i++)
		if (left[offered[i]])
			order[(*count)++] = offered[i];
	free(left);
	return order;
}

static void
save_order(struct fill *fill, const int *order, size_t count, struct err *err)
{
	const struct choice_list *list = fill_item(fill)->list;
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct buf value = BUF_INIT;

	for (size_t i = 0; i < count; i++)
		buf_addf(
		    &value, "%s%s", i ? " " : "", list->choices[order[i]].name);
	draft.value = value.data;
	fill_set(fill, &draft, err);
	buf_release(&value);
}

void
fill_rank_move(struct fill *fill, int step, struct err *err)
{
	size_t count;
	int *order = fill_rank_order(fill, &count);
	const int at = fill->choice, to = at + step;

	if (at < 0 && count > 0) {
		fill->choice = 0;
	} else if (to >= 0 && (size_t)to < count) {
		if (fill->held) {
			const int one = order[at];

			order[at] = order[to];
			order[to] = one;
			save_order(fill, order, count, err);
		}
		if (!err->code)
			fill->choice = to;
	}
	free(order);
}

void
fill_rank_take(struct fill *fill, struct err *err)
{
	size_t count;
	int *order;

	fill->held = false;
	if (state_value(fill_state(fill), fill->place)[0])
		return;
	order = fill_rank_order(fill, &count);
	save_order(fill, order, count, err);
	free(order);
}

/* ---- scales and counters ---- */

static bool
is_counter(const struct item *item)
{
	return item->type == ITEM_INTEGER &&
	    strstr(item->appearance, "counter") != NULL;
}

/* The number on the line, in units; the start where there is none. */
static bool
typed_units(const struct fill *fill, int64_t *units)
{
	char *end;
	const double number = strtod(fill->answer.text, &end);

	if (fill->answer.len == 0 || *end || number < -1e9 || number > 1e9)
		return false;
	*units = (int64_t)(number * RANGE_UNIT + (number < 0 ? -0.5 : 0.5));
	return true;
}

static void
put_units(struct fill *fill, int64_t units)
{
	const int64_t size = llabs(units);
	char text[40];
	size_t len;

	snprintf(text, sizeof(text), "%s%lld.%06lld", units < 0 ? "-" : "",
	    (long long)(size / RANGE_UNIT), (long long)(size % RANGE_UNIT));
	for (len = strlen(text); text[len - 1] == '0';)
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[len - 1] = '\0';
	line_set(&fill->answer, text);
	fill->answer.changed = true;
}

bool
fill_nudge(struct fill *fill, int step)
{
	static const struct item_range counting = { 0, INT64_MAX / 4,
		RANGE_UNIT };
	const struct item *item = fill_item(fill);
	const struct item_range *range;
	int64_t units, low, high;

	if (!item || !fill_is_typed(fill) ||
	    (item->type != ITEM_RANGE && !is_counter(item)))
		return false;
	range = item->range ? item->range : &counting;
	low = range->start < range->end ? range->start : range->end;
	high = range->start < range->end ? range->end : range->start;
	if (!typed_units(fill, &units)) {
		put_units(fill, range->start);
		return true;
	}
	units += step * (range->end < range->start ? -1 : 1) * range->step;
	if (units >= low && units <= high)
		put_units(fill, units);
	return true;
}

/* ---- the line ---- */

/* "48.8566 2.3522 0 0" without the height and accuracy that nobody gave. */
static void
add_place(const char *place, size_t len, struct buf *out)
{
	while (len > 2 && strncmp(place + len - 2, " 0", 2) == 0)
		len -= 2;
	buf_add(out, place, len);
}

static void
add_places(const char *value, struct buf *out)
{
	while (*value) {
		const size_t len = strcspn(value, ";");

		if (out->len)
			buf_add_char(out, '\n');
		add_place(value, len, out);
		value += len;
		value += strspn(value, "; ");
	}
}

const char *
fill_written(struct fill *fill)
{
	const struct item *item = fill_item(fill);
	const char *value = state_value(fill_state(fill), fill->place);
	struct buf out = BUF_INIT;

	switch (item->type) {
	case ITEM_GEOPOINT:
	case ITEM_GEOTRACE:
	case ITEM_GEOSHAPE: add_places(value, &out); break;
	case ITEM_DATETIME:
		form_add_shown(fill->form, item, value, fill_lang(fill), &out);
		break;
	default: buf_add_text(&out, value); break;
	}
	free(fill->written);
	fill->written = buf_detach(&out);
	return fill->written;
}

/* ---- positions ---- */

bool
fill_takes_position(const struct fill *fill)
{
	const struct item *item = fill_item(fill);

	return fill_is_typed(fill) && fill->focus == FILL_ANSWER &&
	    (item->type == ITEM_GEOPOINT || item->type == ITEM_GEOTRACE ||
		item->type == ITEM_GEOSHAPE);
}

void
fill_open_gps(struct fill *fill, struct err *err)
{
	struct view *view;

	if (!fill_takes_position(fill) || fill_is_signed(fill, err))
		return;
	view = view_gps_new(&fill->view, err);
	if (view)
		ui_open(fill->view.ui, view);
}

void
fill_take_position(struct view *view, const char *text)
{
	struct fill *fill = (struct fill *)view;
	const bool many = fill->answer.kind == LINE_MULTILINE;

	if (!fill_takes_position(fill))
		return;
	if (!many)
		line_set(&fill->answer, "");
	else if (fill->answer.len > 0)
		(void)line_insert(&fill->answer, "\n");
	(void)line_insert(&fill->answer, text);
	fill->answer.changed = true;
}
