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
	struct view *view;
	struct buf label = BUF_INIT;
	char key[16];

	if (!fill_commit(fill, err))
		return;
	view = view_pick_new(&find_spec, fill);
	for (int i = 0; i < fill->form->item_count; i++) {
		if (!fill_is_stop(fill, i))
			continue;
		buf_clear(&label);
		state_add_text(
		    fill_state(fill), i, STATE_LABEL, fill_lang(fill), &label);
		snprintf(key, sizeof(key), "%d", i);
		pick_add(view, key, label.data, fill->form->items[i].path);
	}
	buf_release(&label);
	ui_open(fill->view.ui, view);
}

void
fill_go_unanswered(struct fill *fill, struct err *err)
{
	int item;

	if (!fill_commit(fill, err))
		return;
	item = fill_next_unanswered(fill);
	if (item < 0)
		ui_tell(fill->view.ui, _("every question has an answer"));
	else
		fill_load(fill, item);
}

/* In a section: its first question without an answer, else its first. */
static void
go_section(struct fill *fill)
{
	size_t count = 0;
	const struct section *section =
	    &form_sections(fill->form, &count)[fill->map.cursor];
	int first = -1;

	for (int i = section->first; i < section->end; i++) {
		if (!fill_is_stop(fill, i))
			continue;
		if (first < 0)
			first = i;
		if (state_is_unanswered(fill_state(fill), i)) {
			first = i;
			break;
		}
	}
	if (first >= 0)
		fill_load(fill, first);
	else
		ui_tell(fill->view.ui, _("nothing in this section applies"));
}

void
fill_go_to(struct view *view, int item)
{
	struct fill *fill = (struct fill *)view;
	struct err err = { 0 };

	if (item >= 0 && fill_is_stop(fill, item) && fill_commit(fill, &err))
		fill_load(fill, item);
	if (err.code)
		ui_fail(view->ui, &err);
}

enum view_result
fill_act_map(struct fill *fill, enum action action)
{
	size_t count = 0;

	form_sections(fill->form, &count);
	fill->map.count = (int)count;
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
	if (fill->item >= 0 && fill_commit(fill, err)) {
		fill->focus = FILL_MAP;
		fill->map.cursor = fill_section_of(fill, fill->item);
	}
}
