/* SPDX-License-Identifier: Apache-2.0 */
/* The messages of this session, the newest first. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/list.h"
#include "tui/ui.h"
#include "tui/views.h"

struct log_view {
	struct view view;
	struct list list;
};

static const enum action bar[] = { ACT_BACK, ACT_NONE };

static void
title(const struct view *view, struct buf *out)
{
	(void)view;
	buf_add_text(out, _("Messages of this session"));
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct ui *ui = view->ui;
	struct list list = ((const struct log_view *)view)->list;
	const int bottom = grid->rows - VIEW_FOOT;
	int row = VIEW_TOP;

	if (ui->log_count == 0)
		grid_put(grid, row, 2, STYLE_PLAIN, "%s", _("No message yet"));
	for (int i = list.cursor; i < (int)ui->log_count && row < bottom; i++) {
		const struct ui_message *message =
		    &ui->log[ui->log_count - 1 - (size_t)i];
		const struct grid_box box = { .row = row,
			.col = 13,
			.rows = bottom - row,
			.cols = grid->cols - 14 };
		char time[CLOCK_SHOWN_MAX];

		list_mark(&list, grid, row, i);
		clock_show_time(message->time, true, time);
		grid_put(grid, row, 2, STYLE_DIM, "%s %s", time,
		    message->is_error ? "!" : " ");
		row += grid_put_wrapped(grid, &box,
		    message->is_error ? STYLE_TITLE : STYLE_PLAIN,
		    message->text);
	}
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct log_view *log = (struct log_view *)view;

	(void)err;
	list_resize(&log->list, (int)view->ui->log_count);
	if (list_act(&log->list, action))
		return VIEW_STAY;
	return action == ACT_OPEN ? VIEW_CLOSE : VIEW_UNUSED;
}

static const struct view_class log_class = {
	.name = "log",
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
};

struct view *
view_log_new(void)
{
	struct log_view *log = xcalloc(1, sizeof(*log));

	log->view.class = &log_class;
	return &log->view;
}
