/* SPDX-License-Identifier: Apache-2.0 */
/* A repeat: the list of its rows, one more, one less, in and out of them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/ask.h"
#include "tui/fill.h"
#include "tui/ui.h"

enum { CAPTION_ANSWERS = 3 };

bool
fill_is_repeat(const struct fill *fill)
{
	return fill->place >= 0 && fill_item(fill)->type == ITEM_REPEAT;
}

int
fill_repeat_around(const struct fill *fill)
{
	const struct state *state = fill_state(fill);
	int row;

	if (fill->place < 0)
		return -1;
	if (fill_is_repeat(fill))
		return fill->place;
	row = state_row(state, fill->place);
	return row < 0 ? -1 : state_repeat(state, row);
}

/* ---- the list ---- */

static bool
may_add(const struct fill *fill, int repeat)
{
	return repeat >= 0 && !state_rows_are_counted(fill_state(fill), repeat);
}

enum fill_row_line
fill_row_line(const struct fill *fill, int index)
{
	const bool add = may_add(fill, fill->place);
	size_t count;

	state_rows(fill_state(fill), fill->place, &count);
	if (index < 0)
		return FILL_ROW_NONE;
	if (index < (int)count)
		return FILL_ROW;
	index -= (int)count;
	if (add && index == 0)
		return FILL_ROW_ADD;
	return index == add ? FILL_ROW_ON : FILL_ROW_NONE;
}

int
fill_row_lines(const struct fill *fill)
{
	size_t count;

	state_rows(fill_state(fill), fill->place, &count);
	return (int)count + may_add(fill, fill->place) + 1;
}

static bool
is_complete(const struct fill *fill, int row)
{
	const struct state_counts counts =
	    state_row_progress(fill_state(fill), row);

	return counts.invalid == 0 && counts.answered == counts.relevant;
}

void
fill_rows_start(struct fill *fill)
{
	size_t count, at = 0;
	const int *rows = state_rows(fill_state(fill), fill->place, &count);

	while (at < count && is_complete(fill, rows[at]))
		at++;
	fill->rows.count = fill_row_lines(fill);
	fill->rows.cursor = (int)at;
}

/* An answer of the row itself: those of inner repeats are in their lists. */
static bool
is_telling(const struct state *state, int row, int place)
{
	return state_row(state, place) == row &&
	    state_repeat(state, place) < 0 && state_is_relevant(state, place) &&
	    *state_value(state, place);
}

void
fill_add_caption(const struct fill *fill, int row, struct buf *out)
{
	const struct state *state = fill_state(fill);
	const int after = state_after(state, row);
	int found = 0;

	for (int i = state_next(state, row);
	     i >= 0 && i != after && found < CAPTION_ANSWERS;
	     i = state_next(state, i)) {
		if (!is_telling(state, row, i) ||
		    !item_is_question(&fill->form->items[state_item(state, i)]))
			continue;
		if (found++ > 0)
			buf_add_text(out, " · ");
		state_add_shown(state, i, fill_lang(fill), out);
	}
	if (inspection_row_was_removed(fill->inspection, row))
		buf_addf(out, "%s(%s)", out->len > 0 ? "  " : "",
		    _("taken away elsewhere, answered since"));
}

/* ---- going ---- */

static bool
is_inside(const struct state *state, int row, int place)
{
	int at = place < 0 ? -1 : state_row(state, place);

	while (at >= 0 && at != row)
		at = state_row(state, state_repeat(state, at));
	return at == row;
}

/* To the list that `row` is in when it is the last one and people add. */
static bool
leave(struct fill *fill, int row, int next)
{
	const struct state *state = fill_state(fill);
	int repeat;
	size_t count;

	if (row < 0 || is_inside(state, row, next))
		return false;
	repeat = state_repeat(state, row);
	state_rows(state, repeat, &count);
	if (!may_add(fill, repeat) ||
	    state_row_number(state, row) != (int)count ||
	    inspection_is_signed(fill->inspection))
		return false;
	fill_load(fill, repeat);
	fill->rows.cursor = (int)count;
	return true;
}

bool
fill_leave_row(struct fill *fill)
{
	if (fill->place < 0)
		return false;
	return leave(fill, state_row(fill_state(fill), fill->place),
	    fill_stop_from(fill, fill->place, 1));
}

/* Past the repeat with all its rows. */
static void
go_on(struct fill *fill, struct err *err)
{
	const struct state *state = fill_state(fill);
	int next = state_after(state, fill->place);

	if (next >= 0 && !fill_is_stop(fill, next))
		next = fill_stop_from(fill, next, 1);
	if (leave(fill, state_row(state, fill->place), next))
		return;
	if (next >= 0)
		fill_load(fill, next);
	else
		(void)fill_open_review(fill, err);
}

/* Into a row: its first stop. */
static void
enter(struct fill *fill, int row)
{
	const int first = fill_stop_from(fill, row, 1);

	if (is_inside(fill_state(fill), row, first))
		fill_load(fill, first);
	else
		ui_tell(fill->view.ui, _("nothing in it applies"));
}

void
fill_row_open(struct fill *fill, int index, struct err *err)
{
	size_t count;
	const int *rows = state_rows(fill_state(fill), fill->place, &count);

	switch (fill_row_line(fill, index)) {
	case FILL_ROW: enter(fill, rows[index]); break;
	case FILL_ROW_ADD: fill_row_add(fill, err); break;
	case FILL_ROW_ON: go_on(fill, err); break;
	case FILL_ROW_NONE: break;
	}
}

/* From inside to the list; from the list to the one around it. */
void
fill_go_rows(struct fill *fill, struct err *err)
{
	const struct state *state = fill_state(fill);
	int row;

	if (fill->place < 0 || !fill_commit(fill, err))
		return;
	row = state_row(state, fill->place);
	if (row < 0)
		return;
	fill_load(fill, state_repeat(state, row));
	fill->rows.cursor = state_row_number(state, row) - 1;
}

/* ---- one more, one less ---- */

void
fill_row_add(struct fill *fill, struct err *err)
{
	struct buf path = BUF_INIT;
	int repeat, row;

	if (fill_repeat_around(fill) < 0 || !fill_commit(fill, err) ||
	    fill_is_signed(fill, err))
		return;
	repeat = fill_repeat_around(fill);
	if (inspection_row_add(fill->inspection, repeat, &row, err) < 0)
		return;
	ui_saved(fill->view.ui);
	fill_follow(fill);
	state_add_path(fill_state(fill), row, &path);
	fill_remember(fill, path.data, "");
	buf_release(&path);
	enter(fill, row);
}

static const char *const deleting[] = { N_("no"), N_("yes, take it away"),
	NULL };

static int
row_at_cursor(const struct fill *fill)
{
	size_t count;
	const int *rows;

	if (!fill_is_repeat(fill) ||
	    fill_row_line(fill, fill->rows.cursor) != FILL_ROW)
		return -1;
	rows = state_rows(fill_state(fill), fill->place, &count);
	return rows[fill->rows.cursor];
}

static void
delete_text(const struct view *view, void *arg, struct buf *out)
{
	const struct fill *fill = arg;
	const int row = row_at_cursor(fill);

	(void)view;
	if (row < 0)
		return;
	state_add_crumbs(fill_state(fill), row, fill_lang(fill), out);
	buf_add_char(out, '\n');
	fill_add_caption(fill, row, out);
}

static enum ask_done delete (struct view *view, void *arg, struct err *err) {
	struct fill *fill = arg;
	const int row = row_at_cursor(fill), cursor = fill->rows.cursor;
	struct buf path = BUF_INIT; int status;

	if (ask_choice(view, 0) == 0 || row < 0) return ASK_CLOSE;
	state_add_path(fill_state(fill), row, &path);
	status = inspection_row_remove(fill->inspection, row, err);
	if (status == 0){
	    fill_remember(fill, path.data, "1"); fill_follow(fill);
	    fill_load(fill, fill->place); fill->rows.cursor = cursor;
	    ui_saved(view->ui);
	    ui_tell(view->ui, _("It is taken away; undo with z or ^_")); }
buf_release(&path);
return status == 0 ? ASK_CLOSE : ASK_FAILED;
}

static const struct ask_spec delete_spec = {
	.name = "delete-row",
	.title = N_("take a row away"),
	.text = N_("All answers in it go with it. What was recorded stays in "
		   "the log."),
	.fields = { { .kind = ASK_CHOICE,
	    .label = N_("Take it away?"),
	    .options = deleting } },
	.done = delete,
	.add_text = delete_text,
};

void
fill_row_delete(struct fill *fill, struct err *err)
{
	if (row_at_cursor(fill) < 0 || fill_is_signed(fill, err))
		return;
	if (may_add(fill, fill->place))
		ui_open(fill->view.ui, view_ask_new(&delete_spec, fill));
	else
		ui_tell(fill->view.ui,
		    _("the checklist says how many rows there are"));
}
