/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "tui/home.h"
#include "tui/shown.h"

/* At 80 columns; the last has room for "pour le 18 sept. 2027". */
enum { COL_BAR = 29, BAR = 7, COL_STATE = 43, COL_LAST = 59, LAST = 21 };

static void
draw_counts(const struct home *home, struct grid *grid)
{
	int counts[STAGE_EXPORTED + 1] = { 0 };
	int all = 0, faults = 0, col = 1;

	for (size_t i = 0; i < home->count; i++) {
		const struct home_row *row = &home->rows[i];

		if (!row->id[0])
			continue;
		all++;
		counts[row->info.stage]++;
		faults += row->info.conflicts + row->info.invalid > 0;
	}
	col = 3 + grid_put(grid, VIEW_TOP, col, STYLE_KEY, _("All %d"), all);
	for (int stage = 0; stage <= STAGE_EXPORTED; stage++)
		col = 3 +
		    grid_put(grid, VIEW_TOP, col, STYLE_PLAIN, "%s %d",
			stage_title((enum inspection_stage)stage),
			counts[stage]);
	grid_put(grid, VIEW_TOP, col, faults ? STYLE_URGENT : STYLE_PLAIN,
	    _("to correct %d"), faults);
}

static void
draw_find(const struct home *home, struct grid *grid)
{
	const struct grid_box box = { .row = VIEW_TOP + 1,
		.col = grid_put(
		    grid, VIEW_TOP + 1, 1, STYLE_PLAIN, "%s > ", _("Find")),
		.rows = 1,
		.cols = 40 };

	line_draw(&home->find, grid, &box, home->finding, true);
}

static void
last_words(const struct home_row *row, struct buf *out)
{
	if (row->info.flagged > 0) {
		buf_addf(out, _("%d urgent"), row->info.flagged);
	} else if (row->due[0] && row->info.stage < STAGE_SIGNED) {
		struct buf due = BUF_INIT;

		shown_date(row->due, &due);
		buf_addf(out, _("by %s"), due.data);
		buf_release(&due);
	} else if (row->info.changed) {
		shown_lately(row->info.changed, out);
	}
}

static void
draw_row(const struct home *home, struct grid *grid, int at, int index)
{
	const struct home_row *row = home_row_at(home, index);
	const int extra = grid->cols - 80;
	const int percent =
	    shown_percent(row->info.answered, row->info.relevant);
	struct buf text = BUF_INIT;
	int shift = extra > 0 ? extra / 2 : 0;

	grid_put_cut(grid, at, 2, COL_BAR - 3 + shift, STYLE_PLAIN, row->name);
	if (!row->id[0]) {
		grid_put(grid, at, COL_BAR + shift, STYLE_DIM, "%s",
		    _("site without an inspection"));
	} else {
		grid_bar(grid, at, COL_BAR + shift, BAR, percent);
		grid_put(grid, at, COL_BAR + BAR + 1 + shift, STYLE_PLAIN,
		    "%3d %%", percent);
		shown_stage(&row->info, &text);
		grid_put_cut(grid, at, COL_STATE + shift, 15,
		    row->info.conflicts + row->info.invalid ? STYLE_URGENT
							    : STYLE_PLAIN,
		    text.data);
		buf_clear(&text);
		last_words(row, &text);
		grid_put_cut(
		    grid, at, COL_LAST + shift, LAST, STYLE_PLAIN, text.data);
		if (extra > 30)
			grid_put_cut(grid, at, COL_LAST + LAST + 1 + shift,
			    extra - shift - 2, STYLE_DIM, row->checklist);
	}
	if (index == home->list.cursor)
		grid_put(grid, at, 0, STYLE_KEY, ">");
	list_highlight(&home->list, grid, at, index);
	buf_release(&text);
}

static void
add_details(const struct home_row *row, struct buf *out)
{
	if (row->id[0])
		buf_addf(out, _("   %d of %d answered"), row->info.answered,
		    row->info.relevant);
	if (row->info.conflicts)
		buf_addf(out, _("   %d differing"), row->info.conflicts);
	if (row->info.waiting + row->info.disputed)
		buf_addf(out,
		    ngettext("   %d event waits, %d disputed",
			"   %d events wait, %d disputed",
			(unsigned long)row->info.waiting),
		    row->info.waiting, row->info.disputed);
	if (row->info.newer)
		buf_addf(out, "   %s", _("needs a newer ronde"));
	if (row->info.changed) {
		struct buf time = BUF_INIT;

		shown_near_time(row->info.changed, &time);
		buf_addf(out, _("   changed %s"), time.data);
		buf_release(&time);
	}
}

/* The line under the list says more of the selected one; where it is too long
 * the checklist's title is cut, not what follows. */
static void
draw_detail(const struct home *home, struct grid *grid)
{
	const struct home_row *row = home_row_at(home, home->list.cursor);
	const int at = grid->rows - VIEW_FOOT - 1, all = grid->cols - 4;
	struct buf text = BUF_INIT;
	int left, col;

	if (!row)
		return;
	add_details(row, &text);
	left = all - (int)text_width(text.data, text.len);
	col = 2 + (int)text_width(row->checklist, strlen(row->checklist));
	if (left < 0)
		left = 0;
	if (col > 2 + left)
		col = 2 + left;
	grid_put_cut(grid, at, 2, left, STYLE_DIM, row->checklist);
	grid_put_cut(grid, at, col, all + 2 - col, STYLE_DIM, text.data);
	buf_release(&text);
}

void
home_draw(const struct view *view, struct grid *grid)
{
	const struct home *home = (const struct home *)view;
	const int first = VIEW_TOP + 2;
	const int rows = grid->rows - VIEW_FOOT - 2 - first;
	const int top = list_top(&home->list, rows);

	draw_counts(home, grid);
	grid_put_cut(grid, grid->rows - VIEW_FOOT - 2, 2, grid->cols - 4,
	    STYLE_DIM, home->last.data);
	grid_rule(grid, VIEW_TOP + 1);
	for (int i = 0; i < rows && top + i < home->list.count; i++) {
		if (top + i == home->list.cursor)
			grid_cursor(grid, first + i, 0);
		draw_row(home, grid, first + i, top + i);
	}
	if (home->count == 0) {
		const struct grid_box box = { .row = first + 1,
			.col = 2,
			.rows = 6,
			.cols = grid->cols - 4 };

		grid_cursor(grid, first + 1, 2);
		grid_put_wrapped(grid, &box, STYLE_PLAIN,
		    _("Nothing here yet.\nn starts an inspection, c imports "
		      "a checklist, e takes missions from a USB stick."));
	}
	draw_detail(home, grid);
	if (home->finding || home->find.len > 0) {
		grid_fill(grid, VIEW_TOP + 1, 0, grid->cols, ' ', STYLE_PLAIN);
		draw_find(home, grid);
	}
}
