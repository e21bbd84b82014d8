/* SPDX-License-Identifier: Apache-2.0 */
/* Answering: a choice, a source, a note, a reason, urgent; and going on. */
#include <stdlib.h>

#include "tui/fill.h"
#include "tui/ui.h"
#include "tui/views.h"

void
fill_begin_extra(struct fill *fill, enum fill_focus focus, struct err *err)
{
	struct annotation beside;

	if (fill->place < 0 || !item_is_question(fill_item(fill)) ||
	    (fill->focus == focus && fill_commit(fill, err)) ||
	    !fill_commit(fill, err))
		return;
	if (fill_is_signed(fill, err))
		return;
	inspection_annotation(fill->inspection, fill->place, &beside);
	line_release(&fill->extra);
	line_init(
	    &fill->extra, focus == FILL_NOTE ? LINE_MULTILINE : LINE_TEXT);
	line_set(
	    &fill->extra, focus == FILL_NOTE ? beside.note : beside.reason);
	fill->focus = focus;
}

static void
set_basis(struct fill *fill, int basis, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;

	draft.basis = basis;
	fill_set(fill, &draft, err);
	fill->focus = FILL_ANSWER;
}

static void
acknowledge(struct fill *fill, bool toggle, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	const bool done = state_value(fill_state(fill), fill->place)[0] != '\0';

	if (done && !toggle)
		return;
	draft.value = done ? "" : "OK";
	fill_set(fill, &draft, err);
}

static bool
is_acknowledge(const struct fill *fill)
{
	return fill_item(fill) && fill_item(fill)->type == ITEM_ACKNOWLEDGE &&
	    !fill_is_locked(fill);
}

static void go_on(struct fill *fill, struct err *err);

/* In a table the next row comes, and a question that is quick is left. */
static void
follow_choice(struct fill *fill, struct err *err)
{
	const struct item *item = fill_item(fill);

	if (err->code || fill->why || fill->focus != FILL_ANSWER ||
	    item->type != ITEM_SELECT_ONE)
		return;
	if (fill_is_in_grid(fill))
		(void)fill_page_step(fill, 1, err);
	else if (item_looks(item, "quick") || item_looks(item, "quickcompact"))
		go_on(fill, err);
}

bool
fill_digit(struct view *view, int number, struct err *err)
{
	struct fill *fill = (struct fill *)view;
	const int index = number == 0 ? 9 : number - 1;

	if (fill->focus == FILL_BASIS) {
		if (number < BASIS_COUNT)
			set_basis(fill, number, err);
		return true;
	}
	if (fill->focus != FILL_ANSWER)
		return false;
	if (fill_is_repeat(fill)) {
		if (fill_row_line(fill, index) != FILL_ROW)
			return false;
		fill_row_open(fill, index, err);
		return true;
	}
	if (is_acknowledge(fill) && number == 1) {
		acknowledge(fill, true, err);
		return true;
	}
	if (fill_is_rank(fill)) {
		size_t count;

		free(fill_rank_order(fill, &count));
		if ((size_t)index >= count)
			return false;
		fill->choice = index;
		fill->held = true;
		return true;
	}
	if (!fill_choice(fill, index))
		return false;
	fill_choose(fill, index, err);
	follow_choice(fill, err);
	return true;
}

/* What the arrows came to is taken by Enter; nothing by accident. */
static void
take_choice(struct fill *fill, struct err *err)
{
	const struct choice *choice = fill_choice(fill, fill->choice);

	if (fill_item(fill)->type == ITEM_SELECT_ONE && choice &&
	    !fill_is_chosen(fill, choice))
		fill_choose(fill, fill->choice, err);
}

enum view_result
fill_open_review(struct fill *fill, struct err *err)
{
	if (fill_commit(fill, err))
		ui_open(fill->view.ui,
		    view_review_new(&fill->view, fill->inspection));
	return VIEW_STAY;
}

static void
go_on(struct fill *fill, struct err *err)
{
	struct annotation beside;

	if (!fill_commit(fill, err) || err->code || fill->why)
		return;
	inspection_annotation(fill->inspection, fill->place, &beside);
	if (fill_asks_reason(fill) && !beside.reason[0])
		fill_begin_extra(fill, FILL_REASON, err);
	else if (!fill_leave_row(fill) && !fill_step(fill, 1, err) &&
	    !err->code && !fill->why)
		(void)fill_open_review(fill, err);
}

enum view_result
fill_next(struct fill *fill, struct err *err)
{
	bool done = true;

	if (fill->place < 0)
		return VIEW_STAY;
	switch (fill->focus) {
	case FILL_MAP: return VIEW_UNUSED;
	case FILL_BASIS: set_basis(fill, fill->basis, err); return VIEW_STAY;
	case FILL_NOTE: (void)fill_commit(fill, err); return VIEW_STAY;
	case FILL_REASON:
		if (fill_commit(fill, err) && !fill_leave_row(fill) &&
		    !fill_step(fill, 1, err) && !err->code)
			return fill_open_review(fill, err);
		return VIEW_STAY;
	default: break;
	}
	if (fill_is_repeat(fill)) {
		fill_row_open(fill, fill->rows.cursor, err);
		return VIEW_STAY;
	}
	if (is_acknowledge(fill))
		acknowledge(fill, false, err);
	else if (fill_is_rank(fill))
		fill_rank_take(fill, err);
	else if (fill_is_sought(fill))
		done = fill_seek_take(fill, err);
	else if (fill_is_choice(fill))
		take_choice(fill, err);
	if (!err->code && done)
		go_on(fill, err);
	return VIEW_STAY;
}

void
fill_clear(struct fill *fill, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;

	if (fill_is_repeat(fill)) {
		fill_row_delete(fill, err);
		return;
	}
	if (fill->place < 0 || fill_is_locked(fill) ||
	    !state_value(fill_state(fill), fill->place)[0])
		return;
	/* The name goes with its file. */
	if (item_takes_file(fill_item(fill))) {
		fill_detach(fill, err);
		return;
	}
	draft.value = "";
	fill_set(fill, &draft, err);
	if (err->code)
		return;
	fill_load(fill, fill->place);
	ui_tell(
	    fill->view.ui, _("The answer is taken back; undo with z or ^_"));
}

void
fill_flag(struct fill *fill, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct annotation beside;

	if (fill->place < 0 || !item_is_question(fill_item(fill)))
		return;
	inspection_annotation(fill->inspection, fill->place, &beside);
	draft.flag = beside.flag ? 0 : 1;
	fill_set(fill, &draft, err);
}

static void
move_basis(struct fill *fill, int step)
{
	fill->basis = (fill->basis + step + BASIS_COUNT) % BASIS_COUNT;
}

void
fill_start_basis(struct fill *fill, struct err *err)
{
	struct annotation beside;

	if (fill->place < 0 || !item_is_question(fill_item(fill)))
		return;
	if (fill->focus == FILL_BASIS) {
		move_basis(fill, 1);
	} else if (fill_commit(fill, err)) {
		inspection_annotation(fill->inspection, fill->place, &beside);
		fill->basis = beside.basis ? (int)beside.basis : BASIS_SEEN;
		fill->focus = FILL_BASIS;
	}
}

enum view_result
fill_act_basis(struct fill *fill, enum action action, struct err *err)
{
	switch (action) {
	case ACT_UP:
	case ACT_PREVIOUS_ITEM: move_basis(fill, -1); return VIEW_STAY;
	case ACT_BASIS:
	case ACT_TOGGLE:
	case ACT_DOWN:
	case ACT_NEXT_ITEM: move_basis(fill, 1); return VIEW_STAY;
	case ACT_NEXT: return fill_next(fill, err);
	case ACT_BACK: fill->focus = FILL_ANSWER; return VIEW_STAY;
	case ACT_LOCK:
	case ACT_SUSPEND: return VIEW_UNUSED; /* it comes back here */
	default: fill->focus = FILL_ANSWER; return VIEW_UNUSED;
	}
}

void
fill_toggle(struct fill *fill, struct err *err)
{
	if (is_acknowledge(fill))
		acknowledge(fill, true, err);
	else if (fill_is_rank(fill))
		fill->held = !fill->held;
	else if (fill_choice(fill, fill->choice))
		fill_choose(fill, fill->choice, err);
}
