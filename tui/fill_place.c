/* SPDX-License-Identifier: Apache-2.0 */
/* What a lock keeps of the fill screen, and the way back. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/fill.h"
#include "tui/ui.h"

/* ---- keeping ---- */

/*
 * `over` is what the disk had when it was typed: the text is only put back
 * over the same.
 */
static void
keep_line(json_t *place, const struct line *line, const char *over)
{
	json_put_int(place, "at", (int64_t)line->at);
	if (!line->changed)
		return;
	json_put_text(place, "text", line->text);
	json_put_text(place, "over", over);
}

static const char *
extra_on_disk(const struct fill *fill)
{
	struct annotation beside;

	inspection_annotation(fill->inspection, fill->item, &beside);
	return fill->focus == FILL_NOTE ? beside.note : beside.reason;
}

static json_t *
undo_list(const struct fill *fill)
{
	json_t *list = json_array();

	for (size_t i = 0; i < fill->undo_count; i++) {
		const struct fill_undo *undo = &fill->undo[i];
		json_t *one = json_object();

		json_put_text(one, "item", fill->form->items[undo->item].path);
		json_put_text(one, "value", undo->value);
		json_array_append_new(list, one);
	}
	return list;
}

void
fill_keep(const struct view *view, json_t *place)
{
	const struct fill *fill = (const struct fill *)view;

	json_put_text(
	    place, "inspection", inspection_info(fill->inspection)->id);
	json_object_set_new(place, "undo", undo_list(fill));
	if (fill->item < 0)
		return;
	json_put_text(place, "item", fill_item(fill)->path);
	json_put_int(place, "focus", fill->focus);
	json_put_int(place, "choice", fill->choice);
	json_put_int(place, "basis", fill->basis);
	json_put_int(place, "scroll", fill->scroll);
	json_put_int(place, "section", fill->map.cursor);
	json_put_text(place, "why", fill->why);
	if (fill->focus == FILL_NOTE || fill->focus == FILL_REASON)
		keep_line(place, &fill->extra, extra_on_disk(fill));
	else if (fill_is_typed(fill))
		keep_line(place, &fill->answer,
		    state_value(fill_state(fill), fill->item));
}

/* ---- the way back ---- */

static void
restore_line(struct line *line, const json_t *place, const char *on_disk)
{
	const char *text = json_opt_text(place, "text");
	const char *over = json_opt_text(place, "over");
	const size_t at = (size_t)json_opt_int(place, "at", 0);

	if (text && over && strcmp(over, on_disk) == 0) {
		line_restore(line, text, at);
	} else if (!text) {
		line_restore(line, on_disk, at);
		line->changed = false;
	}
}

static void
restore_extra(struct fill *fill, enum fill_focus focus, const json_t *place)
{
	struct err ignored = { 0 }; /* signed since: nothing is typed */

	fill_begin_extra(fill, focus, &ignored);
	if (fill->focus == focus)
		restore_line(&fill->extra, place, extra_on_disk(fill));
}

static void
restore_answer(struct fill *fill, const json_t *place)
{
	const char *why = json_opt_text(place, "why");

	if (!fill_is_typed(fill))
		return;
	restore_line(
	    &fill->answer, place, state_value(fill_state(fill), fill->item));
	if (why && fill->answer.changed)
		fill->why = xstrdup(why);
}

static void
restore_undo(struct fill *fill, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *path = json_opt_text(one, "item");
		const char *value = json_opt_text(one, "value");
		struct err ignored = { 0 };
		const struct item *item =
		    path ? form_find(fill->form, path, &ignored) : NULL;

		if (item && value)
			fill_remember(fill, item->index, value);
	}
}

static void
restore_focus(struct fill *fill, const json_t *place)
{
	const int64_t focus = json_opt_int(place, "focus", FILL_ANSWER);
	const int64_t basis = json_opt_int(place, "basis", 0);

	switch (focus) {
	case FILL_NOTE:
	case FILL_REASON:
		restore_extra(fill, (enum fill_focus)focus, place);
		break;
	case FILL_BASIS:
		if (basis >= 0 && basis < BASIS_COUNT)
			fill->basis = (int)basis;
		fill->focus = FILL_BASIS;
		break;
	case FILL_MAP: fill->focus = FILL_MAP; break;
	default: restore_answer(fill, place);
	}
}

void
fill_restore(struct view *view, const json_t *place)
{
	struct fill *fill = (struct fill *)view;
	const char *path = json_opt_text(place, "item");
	struct err ignored = { 0 };
	const struct item *item =
	    path ? form_find(fill->form, path, &ignored) : NULL;
	const int64_t choice = json_opt_int(place, "choice", -1);
	const int64_t section = json_opt_int(place, "section", 0);
	size_t sections = 0;

	restore_undo(fill, json_object_get(place, "undo"));
	if (!item || !fill_is_stop(fill, item->index))
		return;
	fill_load(fill, item->index);
	if (choice >= 0 && choice < INT_MAX && fill_choice(fill, (int)choice))
		fill->choice = (int)choice;
	fill->scroll = (int)json_opt_int(place, "scroll", 0);
	form_sections(fill->form, &sections);
	if (section >= 0 && section < (int64_t)sections)
		fill->map.cursor = (int)section;
	restore_focus(fill, place);
}
