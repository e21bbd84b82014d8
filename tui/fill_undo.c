/* SPDX-License-Identifier: Apache-2.0 */
/* What answers were before they were changed. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/fill.h"
#include "tui/ui.h"

void
fill_remember(struct fill *fill, int item, const char *value)
{
	if (fill->undo_count == FILL_UNDO_MAX) {
		free(fill->undo[0].value);
		memmove(&fill->undo[0], &fill->undo[1],
		    sizeof(fill->undo) - sizeof(fill->undo[0]));
		fill->undo_count--;
	}
	fill->undo[fill->undo_count++] =
	    (struct fill_undo){ .item = item, .value = xstrdup(value) };
}

static void
tell_undone(struct fill *fill, int item)
{
	struct buf value = BUF_INIT;

	state_add_shown(fill_state(fill), item, fill_lang(fill), &value);
	if (value.len > 0)
		ui_tell(fill->view.ui, _("undone: %s, \"%s\" again"),
		    fill->form->items[item].path, value.data);
	else
		ui_tell(fill->view.ui, _("undone: %s, without answer again"),
		    fill->form->items[item].path);
	buf_release(&value);
}

void
fill_undo(struct fill *fill, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct fill_undo last;

	if (fill->undo_count == 0) {
		ui_tell(fill->view.ui, _("nothing to undo"));
		return;
	}
	if (fill_is_signed(fill, err))
		return;
	last = fill->undo[--fill->undo_count];
	draft.value = last.value;
	if (inspection_set(
		fill->inspection, last.item, &draft, i18n_lang(), err) == 0) {
		ui_saved(fill->view.ui);
		tell_undone(fill, last.item);
		if (fill_is_stop(fill, last.item))
			fill_load(fill, last.item);
	}
	free(last.value);
}
