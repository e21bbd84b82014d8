/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that differ, side by side.  A digit chooses one, a reason is typed,
 * Enter saves the decision; all answers stay in the history.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "inspections/inspection.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/line.h"
#include "tui/shown.h"
#include "tui/ui.h"
#include "tui/views.h"

struct conflicts {
	struct view view;
	struct inspection *inspection;
	size_t index; /* which conflict */
	int chosen;   /* which branch; -1 */
	struct line reason;
};

enum { COLUMN_COLS_MIN = 25, REASON_ROWS = 4 };

static const struct binding keys[] = {
	{ K_ENTER, ACT_OK },
	{ K_PAGE_UP, ACT_PREVIOUS_ITEM },
	{ K_PAGE_DOWN, ACT_NEXT_ITEM },
	{ K_TAB, ACT_NEXT_ITEM },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_OK, ACT_NEXT_ITEM, ACT_BACK, ACT_NONE };

static const struct conflict *
current(const struct conflicts *view, size_t *count)
{
	const struct conflict *list =
	    inspection_conflicts(view->inspection, count);

	return view->index < *count ? &list[view->index] : NULL;
}

static void
title(const struct view *view, struct buf *out)
{
	const struct conflicts *conflicts = (const struct conflicts *)view;
	size_t count = 0;

	(void)current(conflicts, &count);
	buf_addf(out, _("%s   answers that differ, %zu of %zu"),
	    inspection_info(conflicts->inspection)->site_name,
	    count ? conflicts->index + 1 : 0, count);
}

/* ---- drawing ---- */

static void
add_evidence(const struct conflicts *view, const struct conflict *conflict,
    const struct branch *branch, struct buf *out)
{
	struct annotation beside;

	inspection_annotation(view->inspection, conflict->place, &beside);
	for (size_t i = 0; i < beside.evidence_count; i++)
		if (strcmp(beside.evidence[i].device, branch->device) == 0)
			buf_addf(out, "%s\n", beside.evidence[i].name);
}

static void
branch_text(const struct conflicts *view, const struct conflict *conflict,
    const struct branch *branch, struct buf *out)
{
	char time[CLOCK_SHOWN_MAX];

	shown_person(branch->person, branch->organisation, out);
	clock_show(branch->time, i18n_lang(), time);
	buf_addf(out, "\n%s", time);
	if (branch->basis)
		buf_addf(out, ", %s", basis_title(branch->basis));
	if (branch->flag)
		buf_addf(out, ", %s", _("urgent"));
	buf_add_char(out, '\n');
	if (branch->note && branch->note[0])
		buf_addf(out, "\"%s\"\n", branch->note);
	if (branch->reason && branch->reason[0])
		buf_addf(out, _("Reason: %s\n"), branch->reason);
	add_evidence(view, conflict, branch, out);
}

/* Of a row: whether it is there. */
static void
branch_value(const struct conflicts *view, const struct conflict *conflict,
    const struct branch *branch, struct buf *out)
{
	const struct state *state = inspection_state(view->inspection);

	if (state_repeat(state, conflict->place) >= 0)
		buf_add_text(
		    out, *branch->value ? _("it is there") : _("taken away"));
	else
		shown_value(inspection_form(view->inspection),
		    state_item(state, conflict->place), branch->value, out);
}

static void
draw_branch(const struct conflicts *view, struct grid *grid,
    const struct conflict *conflict, int index, struct grid_box box)
{
	const struct branch *branch = &conflict->branches[index];
	const bool chosen = view->chosen == index;
	struct buf text = BUF_INIT;

	if (index < 10)
		grid_put(grid, box.row, box.col, STYLE_KEY, "%c %d",
		    chosen ? '>' : ' ', (index + 1) % 10);
	box.col += 5;
	box.cols -= 6;
	branch_value(view, conflict, branch, &text);
	if (chosen)
		buf_addf(&text, "  (%s)", _("chosen"));
	else if (branch->used)
		buf_addf(&text, "  (%s)", _("counts meanwhile"));
	box.row += grid_put_wrapped(
	    grid, &box, chosen ? STYLE_CURSOR : STYLE_TITLE, text.data);
	buf_clear(&text);
	branch_text(view, conflict, branch, &text);
	box.rows = grid->rows - VIEW_FOOT - REASON_ROWS - box.row;
	grid_put_wrapped(grid, &box, STYLE_PLAIN, text.data);
	buf_release(&text);
}

static void
draw_branches(const struct conflicts *view, struct grid *grid,
    const struct conflict *conflict, int row)
{
	const int most = grid->cols / COLUMN_COLS_MIN;
	const int count = (int)conflict->count;
	const int shown = count < most ? count : most;
	const int cols = (grid->cols - 2) / (shown ? shown : 1);
	int first = view->chosen >= shown ? view->chosen - shown + 1 : 0;

	for (int i = 0; i < shown; i++)
		draw_branch(view, grid, conflict, first + i,
		    (struct grid_box){ .row = row,
			.col = 1 + i * cols,
			.rows = 4,
			.cols = cols });
	if (count > shown)
		grid_put(grid, grid->rows - VIEW_FOOT - REASON_ROWS, 2,
		    STYLE_DIM, _("%d to %d of %d"), first + 1, first + shown,
		    count);
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct conflicts *conflicts = (const struct conflicts *)view;
	size_t count = 0;
	const struct conflict *conflict = current(conflicts, &count);
	const struct state *state = inspection_state(conflicts->inspection);
	const size_t lang =
	    form_lang(inspection_form(conflicts->inspection), i18n_lang());
	const int row = grid->rows - VIEW_FOOT - REASON_ROWS + 1;
	struct grid_box box = {
		.row = VIEW_TOP, .col = 1, .rows = 5, .cols = grid->cols - 2
	};
	struct buf text = BUF_INIT;

	if (!conflict) {
		grid_put(grid, VIEW_TOP + 1, 2, STYLE_PLAIN, "%s",
		    _("No answers differ"));
		return;
	}
	state_add_crumbs(state, conflict->place, lang, &text);
	if (text.len > 0)
		buf_add_char(&text, '\n');
	if (state_repeat(state, conflict->place) < 0)
		state_add_text(
		    state, conflict->place, STATE_LABEL, lang, &text);
	box.row += grid_put_wrapped(grid, &box, STYLE_TITLE, text.data);
	draw_branches(conflicts, grid, conflict, box.row + 1);
	box = (struct grid_box){ .row = row,
		.col = grid_put(grid, row, 1, STYLE_KEY, "%s ",
		    _("Reason of the decision")),
		.rows = 1 };
	box.cols = grid->cols - box.col - 2;
	line_draw(&conflicts->reason, grid, &box, conflicts->chosen >= 0, true);
	if (conflicts->chosen < 0)
		grid_cursor(grid, VIEW_TOP, 0);
	grid_put_cut(grid, row + 2, 1, grid->cols - 2, STYLE_DIM,
	    conflicts->chosen < 0
		? _("A digit chooses the answer that counts")
		: _("All answers stay in the history, with the decision and "
		    "its reason"));
	buf_release(&text);
}

/* ---- keys ---- */

static bool
typing(const struct view *view)
{
	return ((const struct conflicts *)view)->chosen >= 0;
}

static bool
type(struct view *view, int key)
{
	return line_key(&((struct conflicts *)view)->reason, key);
}

static bool
paste(struct view *view, const char *text)
{
	return line_insert(&((struct conflicts *)view)->reason, text);
}

static bool
digit(struct view *view, int number, struct err *err)
{
	struct conflicts *conflicts = (struct conflicts *)view;
	const int index = number == 0 ? 9 : number - 1;
	size_t count = 0;
	const struct conflict *conflict = current(conflicts, &count);

	(void)err;
	if (!conflict || (size_t)index >= conflict->count)
		return false;
	conflicts->chosen = index;
	return true;
}

static void
start_anew(struct conflicts *view)
{
	view->chosen = -1;
	line_set(&view->reason, "");
}

static enum view_result
decide(struct conflicts *view, struct err *err)
{
	size_t count = 0;
	const struct conflict *conflict = current(view, &count);

	if (!conflict)
		return VIEW_CLOSE;
	if (view->chosen < 0) {
		ui_tell(view->view.ui, _("a digit chooses one of the answers"));
		return VIEW_STAY;
	}
	if (text_is_blank(view->reason.text)) {
		ui_tell(view->view.ui, _("a decision needs its reason"));
		return VIEW_STAY;
	}
	if (inspection_resolve(view->inspection, conflict->place,
		conflict->branches[view->chosen].device, view->reason.text,
		err) != 0)
		return VIEW_STAY;
	ui_saved(view->view.ui);
	start_anew(view);
	inspection_conflicts(view->inspection, &count);
	if (view->index >= count)
		view->index = count ? count - 1 : 0;
	ui_tell(view->view.ui, _("The decision is saved"));
	return count ? VIEW_STAY : VIEW_CLOSE;
}

static void
go(struct conflicts *view, bool next)
{
	size_t count = 0;

	if (!current(view, &count))
		return;
	start_anew(view);
	view->index = (view->index + (next ? 1 : count - 1)) % count;
}

/* Arrows choose as digits do. */
static void
move(struct conflicts *view, int step)
{
	size_t count = 0;
	const struct conflict *conflict = current(view, &count);
	const int next = view->chosen + step;

	if (conflict && next >= 0 && (size_t)next < conflict->count)
		view->chosen = next;
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct conflicts *conflicts = (struct conflicts *)view;

	switch (action) {
	case ACT_OK: return decide(conflicts, err);
	case ACT_PREVIOUS_ITEM: go(conflicts, false); return VIEW_STAY;
	case ACT_NEXT_ITEM: go(conflicts, true); return VIEW_STAY;
	case ACT_UP:
	case ACT_LEFT: move(conflicts, -1); return VIEW_STAY;
	case ACT_DOWN:
	case ACT_RIGHT: move(conflicts, 1); return VIEW_STAY;
	case ACT_BACK:
		if (conflicts->chosen < 0)
			return VIEW_CLOSE;
		conflicts->chosen = -1;
		return VIEW_STAY;
	default: return VIEW_UNUSED;
	}
}

static void
keep(const struct view *view, json_t *place)
{
	const struct conflicts *conflicts = (const struct conflicts *)view;
	size_t count = 0;
	const struct conflict *conflict = current(conflicts, &count);

	if (conflict) {
		struct buf path = BUF_INIT;

		state_add_path(inspection_state(conflicts->inspection),
		    conflict->place, &path);
		json_put_text(place, "item", path.data);
		buf_release(&path);
	}
	json_put_int(place, "chosen", conflicts->chosen);
	json_put_text(place, "reason", conflicts->reason.text);
	json_put_int(place, "at", (int64_t)conflicts->reason.at);
}

/* What differs may have been settled since. */
static void
restore(struct view *view, const json_t *place)
{
	struct conflicts *conflicts = (struct conflicts *)view;
	const char *path = json_opt_text(place, "item");
	struct err gone = { 0 };
	const int item = path
	    ? state_find(inspection_state(conflicts->inspection), path, &gone)
	    : -1;
	const int64_t chosen = json_opt_int(place, "chosen", -1);
	const char *reason = json_opt_text(place, "reason");
	size_t count = 0;
	const struct conflict *list =
	    inspection_conflicts(conflicts->inspection, &count);

	for (size_t i = 0; i < count; i++) {
		if (list[i].place != item)
			continue;
		conflicts->index = i;
		if (chosen < (int64_t)list[i].count)
			conflicts->chosen = (int)chosen;
		if (reason)
			line_restore(&conflicts->reason, reason,
			    (size_t)json_opt_int(place, "at", 0));
	}
}

static void
free_view(struct view *view)
{
	line_release(&((struct conflicts *)view)->reason);
	free(view);
}

static const struct view_class conflicts_class = {
	.name = "conflicts",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.typing = typing,
	.type = type,
	.paste = paste,
	.digit = digit,
	.keep = keep,
	.restore = restore,
	.free = free_view,
};

struct view *
view_conflicts_new(struct inspection *inspection, int place)
{
	struct conflicts *view = xcalloc(1, sizeof(*view));
	size_t count = 0;
	const struct conflict *list = inspection_conflicts(inspection, &count);

	view->view.class = &conflicts_class;
	view->inspection = inspection;
	view->chosen = -1;
	line_init(&view->reason, LINE_TEXT);
	for (size_t i = 0; i < count; i++)
		if (list[i].place == place)
			view->index = i;
	return &view->view;
}
