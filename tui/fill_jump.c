/* SPDX-License-Identifier: Apache-2.0 */
/* To another question: found by typing, unanswered, by section. */
#include <stdio.h>
#include <stdlib.h>

#include "tui/fill.h"
#include "tui/ui.h"
#include "tui/views.h"

static enum view_result
found(struct view *view, void *arg, int index, struct err *err)
{
	(void)err;
	fill_go_to(arg, atoi(pick_key(view, index)));
	return VIEW_CLOSE;
}

static const struct pick_spec find_spec = {
	.name = "find",
	.title = N_("Find a question"),
	.empty = N_("No question applies"),
	.picked = found,
};

void
fill_open_find(struct fill *fill, struct err *err)
{
	const struct state *state = fill_state(fill);
	struct view *view;
	struct buf label = BUF_INIT, path = BUF_INIT;
	char key[16];

	if (!fill_commit(fill, err))
		return;
	view = view_pick_new(&find_spec, fill);
	for (int i = state_next(state, -1); i >= 0; i = state_next(state, i)) {
		if (!fill_is_stop(fill, i))
			continue;
		buf_clear(&label);
		buf_clear(&path);
		state_add_text(state, i, STATE_LABEL, fill_lang(fill), &label);
		state_add_numbered(state, i, &path);
		snprintf(key, sizeof(key), "%d", i);
		pick_add(view, key, label.data, path.data);
	}
	buf_release(&label);
	buf_release(&path);
	ui_open(fill->view.ui, view);
}

void
fill_go_unanswered(struct fill *fill, struct err *err)
{
	int place;

	if (!fill_commit(fill, err))
		return;
	place = fill_next_unanswered(fill);
	if (place < 0)
		ui_tell(fill->view.ui, _("every question has an answer"));
	else
		fill_load(fill, place);
}

/* In a section: its first question without an answer, else its first. */
static void
go_section(struct fill *fill)
{
	const struct state *state = fill_state(fill);
	int count, first = -1;
	struct fill_line *lines = fill_lines(fill, &count);
	const struct fill_line line = lines[fill->map.cursor];
	const bool repeat = line.group && line.group->type == ITEM_REPEAT;

	for (int i = line.first; i >= 0 && state_item(state, i) < line.end;
	     i = state_next(state, i)) {
		if (!fill_is_stop(fill, i))
			continue;
		if (first < 0)
			first = i;
		if (repeat)
			break; /* its rows */
		if (state_is_unanswered(state, i)) {
			first = i;
			break;
		}
	}
	free(lines);
	if (first >= 0)
		fill_load(fill, first);
	else
		ui_tell(fill->view.ui, _("nothing in this section applies"));
}

void
fill_go_to(struct view *view, int place)
{
	struct fill *fill = (struct fill *)view;
	struct err err = { 0 };

	fill_follow(fill);
	if (place >= 0 && fill_is_stop(fill, place) && fill_commit(fill, &err))
		fill_load(fill, place);
	if (err.code)
		ui_fail(view->ui, &err);
}

enum view_result
fill_act_map(struct fill *fill, enum action action)
{
	if (action == ACT_PREVIOUS_ITEM || action == ACT_NEXT_ITEM)
		action =
		    action == ACT_PREVIOUS_ITEM ? ACT_PAGE_UP : ACT_PAGE_DOWN;
	if (list_act(&fill->map, action))
		return VIEW_STAY;
	switch (action) {
	case ACT_NEXT: go_section(fill); return VIEW_STAY;
	case ACT_BACK:
	case ACT_MAP: fill->focus = FILL_ANSWER; return VIEW_STAY;
	default: return VIEW_UNUSED;
	}
}

void
fill_toggle_map(struct fill *fill, struct err *err)
{
	if (fill->place >= 0 && fill_commit(fill, err)) {
		fill->focus = FILL_MAP;
		fill->map.cursor = fill_line_of(fill, fill->place);
	}
}
