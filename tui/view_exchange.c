/* SPDX-License-Identifier: Apache-2.0 */
/* The folder, then what will be taken and sent, then what was done. */
#include <stdlib.h>

#include "base/mem.h"
#include "bundles/exchange.h"
#include "storage/blob.h"
#include "tui/ask.h"
#include "tui/exchange_text.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/paths.h"
#include "tui/ui.h"
#include "tui/views.h"

struct plan {
	struct view view;
	struct exchange exchange;
	int skip; /* rows scrolled past */
};

static const struct binding keys[] = {
	{ K_ENTER, ACT_START },
	{ K_F(10), ACT_START },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_START, ACT_BACK, ACT_NONE };

static void
title(const struct view *view, struct buf *out)
{
	buf_addf(out, _("Exchange with %s"),
	    ((const struct plan *)view)->exchange.folder);
}

/* ---- the plan ---- */

static void
draw(const struct view *view, struct grid *grid)
{
	const struct plan *plan = (const struct plan *)view;
	struct buf text = BUF_INIT;
	const struct grid_box box = { .row = VIEW_TOP + 1,
		.col = 2,
		.rows = grid->rows - VIEW_FOOT - VIEW_TOP - 1,
		.cols = grid->cols - 4,
		.skip = plan->skip };

	exchange_plan_text(&plan->exchange, &text);
	grid_put_wrapped(grid, &box, STYLE_PLAIN, text.data);
	grid_cursor(grid, VIEW_TOP + 1, 0);
	buf_release(&text);
}

/* ---- doing ---- */

struct telling {
	struct ui *ui;
	const char *what;
};

static int
tell(void *arg, uint64_t done, uint64_t total)
{
	const struct telling *telling = arg;
	const int percent = total ? (int)(done * 100 / total) : 0;

	return telling->ui->busy &&
		telling->ui->busy(
		    telling->ui, telling->what, percent > 100 ? 100 : percent)
	    ? -1
	    : 0;
}

static enum view_result
start(struct plan *plan)
{
	struct ui *ui = plan->view.ui;
	struct telling telling = { .ui = ui, .what = _("Exchanging") };
	const struct progress_report progress = { tell, &telling };
	struct buf result = BUF_INIT;
	struct err err = { 0 };
	const int status = exchange_run(
	    ui->vault, ui->options.contents, &progress, &plan->exchange, &err);

	exchange_result_text(&plan->exchange, &result);
	if (status != 0 && err.code == ERR_CANCELLED)
		buf_addf(&result, "%s\n",
		    _("Stopped; what was taken and written stays"));
	else if (status != 0)
		buf_addf(&result, _("Not finished: %s\n"), err.msg);
	ui_open(
	    ui, view_text_new(N_("What was exchanged"), buf_detach(&result)));
	return VIEW_CLOSE;
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct plan *plan = (struct plan *)view;

	(void)err;
	switch (action) {
	case ACT_START: return start(plan);
	case ACT_UP:
	case ACT_PAGE_UP: plan->skip -= plan->skip > 0; return VIEW_STAY;
	case ACT_DOWN:
	case ACT_PAGE_DOWN: plan->skip++; return VIEW_STAY;
	default: return VIEW_UNUSED;
	}
}

static void
free_view(struct view *view)
{
	exchange_release(&((struct plan *)view)->exchange);
	free(view);
}

static const struct view_class plan_class = {
	.name = "exchange",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.free = free_view,
};

/* ---- the folder ---- */

static enum ask_done
plan(struct view *view, void *arg, struct err *err)
{
	struct ui *ui = view->ui;
	struct telling telling = { .ui = ui, .what = _("Looking") };
	const struct progress_report progress = { tell, &telling };
	struct plan *made = xcalloc(1, sizeof(*made));
	char *folder = ask_path(view, 0);
	struct err ignored = { 0 }; /* only a convenience */
	enum ask_done done = ASK_FAILED;

	(void)arg;
	made->view.class = &plan_class;
	if (exchange_look(ui->vault, folder, ui->options.contents, &progress,
		&made->exchange, err) == 0) {
		(void)setting_put(
		    ui->vault, "exchange-folder", folder, &ignored);
		ui_set_folder(ui, folder);
		ui_open(ui, &made->view);
		done = ASK_CLOSE;
	} else {
		free(made);
	}
	free(folder);
	return done;
}

static const struct ask_spec folder_spec = {
	.name = "exchange-folder",
	.title = N_("exchange"),
	.text = N_("A USB stick or a folder: what others left for you is "
		   "taken, what is for them is written. You see all of it "
		   "before it is done."),
	.fields = { { .kind = ASK_FOLDER,
	    .label = N_("Folder"),
	    .hint = N_("Tab completes") } },
	.done = plan,
};

struct view *
view_exchange_new(struct ui *ui, struct err *err)
{
	struct view *view = view_ask_new(&folder_spec, NULL);
	char *folder = path_removable();

	(void)err;
	if (!folder)
		folder = setting_get(ui->vault, "exchange-folder");
	ask_set_text(view, 0, folder ? folder : "~/");
	free(folder);
	return view;
}
