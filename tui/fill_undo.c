/* SPDX-License-Identifier: Apache-2.0 */
/* What answers were before they were changed. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/fill.h"
#include "tui/ui.h"

void
fill_remember(struct fill *fill, const char *path, const char *value)
{
	if (fill->undo_count == FILL_UNDO_MAX) {
		free(fill->undo[0].path);
		free(fill->undo[0].value);
		memmove(&fill->undo[0], &fill->undo[1],
		    sizeof(fill->undo) - sizeof(fill->undo[0]));
		fill->undo_count--;
	}
	fill->undo[fill->undo_count++] =
	    (struct fill_undo){ .path = xstrdup(path),
		    .value = xstrdup(value) };
}

static void
tell_undone(struct fill *fill, int place)
{
	struct buf value = BUF_INIT, path = BUF_INIT;

	state_add_numbered(fill_state(fill), place, &path);
	state_add_shown(fill_state(fill), place, fill_lang(fill), &value);
	if (state_repeat(fill_state(fill), place) >= 0)
		ui_tell(fill->view.ui, _("undone: %s is back"), path.data);
	else if (value.len > 0)
		ui_tell(fill->view.ui, _("undone: %s, \"%s\" again"), path.data,
		    value.data);
	else
		ui_tell(fill->view.ui, _("undone: %s, without answer again"),
		    path.data);
	buf_release(&value);
	buf_release(&path);
}

/* A row that came goes again, or comes back. */
static int
undo_row(struct fill *fill, const struct fill_undo *last, struct err *err)
{
	struct err ignored = { 0 };
	int row;

	if (*last->value)
		return inspection_row_restore(
		    fill->inspection, last->path, err);
	row = state_find(fill_state(fill), last->path, &ignored);
	if (row >= 0 && inspection_row_remove(fill->inspection, row, err) < 0)
		return -1;
	ui_tell(fill->view.ui, _("undone: the row is taken away again"));
	return 0;
}

static int
undo_answer(struct fill *fill, const struct fill_undo *last, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	const int place = state_find(fill_state(fill), last->path, err);

	draft.value = last->value;
	return place < 0
	    ? -1
	    : inspection_set(fill->inspection, place, &draft, i18n_lang(), err);
}

static void
show_undone(struct fill *fill, const char *path)
{
	struct err gone = { 0 };
	const int place = state_find(fill_state(fill), path, &gone);
	int stop = place;

	fill_follow(fill);
	if (place < 0)
		return;
	tell_undone(fill, place);
	if (state_repeat(fill_state(fill), place) >= 0)
		stop = state_repeat(fill_state(fill), place);
	if (fill_is_stop(fill, stop))
		fill_load(fill, stop);
}

void
fill_undo(struct fill *fill, struct err *err)
{
	struct fill_undo last;
	size_t len;
	int status;

	if (fill->undo_count == 0) {
		ui_tell(fill->view.ui, _("nothing to undo"));
		return;
	}
	if (fill_is_signed(fill, err))
		return;
	last = fill->undo[--fill->undo_count];
	len = strlen(last.path);
	status = last.path[len - 1] == ']' ? undo_row(fill, &last, err)
					   : undo_answer(fill, &last, err);
	if (status == 0) {
		ui_saved(fill->view.ui);
		show_undone(fill, last.path);
	}
	fill_follow(fill);
	free(last.path);
	free(last.value);
}
