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

	inspection_annotation(fill->inspection, fill->place, &beside);
	return fill->focus == FILL_NOTE ? beside.note : beside.reason;
}

static json_t *
undo_list(const struct fill *fill)
{
	json_t *list = json_array();

	for (size_t i = 0; i < fill->undo_count; i++) {
		const struct fill_undo *undo = &fill->undo[i];
		json_t *one = json_object();

		json_put_text(one, "item", undo->path);
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
	if (fill->place < 0)
		return;
	json_put_text(place, "item", fill->path);
	if (fill->own_lang)
		json_put_text(place, "language", fill->form->langs[fill->lang]);
	json_put_int(place, "focus", fill->focus);
	json_put_int(place, "choice", fill->choice);
	json_put_int(place, "basis", fill->basis);
	json_put_int(place, "scroll", fill->scroll);
	json_put_int(place, "section", fill->map.cursor);
	if (fill_is_repeat(fill))
		json_put_int(place, "row", fill->rows.cursor);
	json_put_text(place, "why", fill->why);
	if (fill->focus == FILL_NOTE || fill->focus == FILL_REASON)
		keep_line(place, &fill->extra, extra_on_disk(fill));
	else if (fill_is_typed(fill))
		keep_line(place, &fill->answer,
		    fill_written((struct fill *)(uintptr_t)fill));
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
	restore_line(&fill->answer, place, fill_written(fill));
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

		if (path && *path && value)
			fill_remember(fill, path, value);
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
	const int at = path ? state_find(fill_state(fill), path, &ignored) : -1;
	const int64_t choice = json_opt_int(place, "choice", -1);
	const int64_t section = json_opt_int(place, "section", 0);
	const int64_t row = json_opt_int(place, "row", -1);

	restore_undo(fill, json_object_get(place, "undo"));
	if (json_opt_text(place, "language"))
		fill_set_lang(fill, json_opt_text(place, "language"));
	if (at < 0 || !fill_is_stop(fill, at))
		return;
	fill_load(fill, at);
	if (row >= 0 && row < fill->rows.count)
		fill->rows.cursor = (int)row;
	if (choice >= 0 && choice < INT_MAX && fill_choice(fill, (int)choice))
		fill->choice = (int)choice;
	fill->scroll = (int)json_opt_int(place, "scroll", 0);
	if (section >= 0 && section < fill->map.count)
		fill->map.cursor = (int)section;
	restore_focus(fill, place);
}
