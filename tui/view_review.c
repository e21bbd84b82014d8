/* SPDX-License-Identifier: Apache-2.0 */
/* What is missing or wants a look, then the way to signing. */
#include <stdlib.h>

#include "base/mem.h"
#include "inspections/inspection.h"
#include "tui/ask.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/list.h"
#include "tui/shown.h"
#include "tui/ui.h"
#include "tui/views.h"

struct entry {
	int place;           /* -1: a heading */
	const char *heading; /* N_() */
	size_t count;
	bool conflict;
};

struct review_view {
	struct view view;
	struct view *fill;
	struct inspection *inspection;
	struct review review;
	struct entry *entries;
	size_t count, room;
	struct list list;
};

static const struct binding keys[] = {
	{ K_ENTER, ACT_OPEN },
	{ 's', ACT_SIGN },
	{ K_F(10), ACT_SIGN },
	{ 'o', ACT_REOPEN },
	{ K_F(5), ACT_REOPEN },
	{ 'd', ACT_CONFLICTS },
	{ K_F(6), ACT_CONFLICTS },
	{ 'w', ACT_REPORT },
	{ K_F(4), ACT_REPORT },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_OPEN, ACT_SIGN, ACT_REOPEN,
	ACT_CONFLICTS, ACT_REPORT, ACT_BACK, ACT_NONE };

/* ---- reading ---- */

static struct entry *
add(struct review_view *view)
{
	mem_grow(&view->entries, &view->room, view->count + 1,
	    sizeof(*view->entries));
	return &view->entries[view->count++];
}

static void
add_items(struct review_view *view, const char *heading, const int *items,
    size_t count)
{
	*add(view) =
	    (struct entry){ .place = -1, .heading = heading, .count = count };
	for (size_t i = 0; i < count; i++)
		*add(view) = (struct entry){ .place = items[i] };
}

static void
add_conflicts(struct review_view *view)
{
	size_t count = 0;
	const struct conflict *conflicts =
	    inspection_conflicts(view->inspection, &count);

	*add(view) = (struct entry){ .place = -1,
		.heading = N_("Answers that differ"),
		.count = count };
	for (size_t i = 0; i < count; i++)
		*add(view) = (struct entry){ .place = conflicts[i].place,
			.conflict = true };
}

static void
read_review(struct review_view *view)
{
	struct review *review = &view->review;

	review_release(review);
	*review = (struct review){ 0 };
	view->count = 0;
	inspection_review(view->inspection, review);
	add_items(view, N_("Required, without answer"),
	    review->missing_required, review->missing_required_count);
	add_items(view, N_("Refused by the checklist"), review->invalid,
	    review->invalid_count);
	add_conflicts(view);
	add_items(view, N_("Urgent"), review->flagged, review->flagged_count);
	add_items(view, N_("Without the reason asked for"), review->no_reason,
	    review->no_reason_count);
	add_items(
	    view, N_("Without answer"), review->missing, review->missing_count);
	list_resize(&view->list, (int)view->count);
}

/* ---- drawing ---- */

static void
title(const struct view *view, struct buf *out)
{
	const struct review_view *review = (const struct review_view *)view;

	buf_addf(out, "%s   %s", inspection_info(review->inspection)->site_name,
	    inspection_is_signed(review->inspection)
		? _("signed; reopen to change")
		: _("review before signing"));
}

/* In a row after the rows that it is in. */
static void
add_label(const struct state *state, const struct form *form, int place,
    struct buf *label)
{
	const size_t lang = form_lang(form, i18n_lang());

	state_add_crumbs(state, place, lang, label);
	if (label->len > 0 && state_repeat(state, place) < 0)
		buf_add_text(label, " › ");
	if (state_repeat(state, place) < 0)
		state_add_text(state, place, STATE_LABEL, lang, label);
}

static void
draw_entry(
    const struct review_view *view, struct grid *grid, int row, int index)
{
	const struct entry *entry = &view->entries[index];
	const struct form *form = inspection_form(view->inspection);
	const struct state *state = inspection_state(view->inspection);
	const struct item *item = entry->place < 0
	    ? NULL
	    : &form->items[state_item(state, entry->place)];
	struct buf label = BUF_INIT;

	list_mark(&view->list, grid, row, index);
	if (entry->place < 0) {
		const int col = grid_put(grid, row, 2,
		    entry->count ? STYLE_KEY : STYLE_PLAIN, "%s",
		    _(entry->heading));

		grid_put(grid, row, col < 40 ? 40 : col + 2,
		    entry->count ? STYLE_KEY : STYLE_PLAIN, "%zu",
		    entry->count);
	} else {
		add_label(state, form, entry->place, &label);
		grid_put_cut(grid, row, 4, 18, STYLE_DIM,
		    state_row(state, entry->place) < 0 ? item->path
						       : item->name);
		grid_put_cut(
		    grid, row, 23, grid->cols - 24, STYLE_PLAIN, label.data);
	}
	list_highlight(&view->list, grid, row, index);
	buf_release(&label);
}

static void
draw_totals(const struct review_view *view, struct grid *grid, int row)
{
	const struct state_counts all =
	    state_progress(inspection_state(view->inspection), 0,
		inspection_form(view->inspection)->item_count);
	const size_t files = view->review.evidence_count;
	const size_t events = view->review.event_count;
	struct buf text = BUF_INIT;

	buf_addf(&text,
	    ngettext("%d answer to %d questions", "%d answers to %d questions",
		(unsigned long)all.answered),
	    all.answered, all.relevant);
	buf_addf(&text,
	    ngettext(", %zu attached file", ", %zu attached files", files),
	    files);
	buf_add_text(&text, " (");
	shown_size(view->review.evidence_bytes, &text);
	buf_addf(
	    &text, ngettext("), %zu event", "), %zu events", events), events);
	grid_put_cut(grid, row, 2, grid->cols - 4, STYLE_PLAIN, text.data);
	buf_release(&text);
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct review_view *review = (const struct review_view *)view;
	const int first = VIEW_TOP + 2;
	const int rows = grid->rows - VIEW_FOOT - first;
	const int top = list_top(&review->list, rows);

	draw_totals(review, grid, VIEW_TOP);
	for (int i = 0; i < rows && top + i < review->list.count; i++)
		draw_entry(review, grid, first + i, top + i);
}

/* ---- keys ---- */

static enum view_result
open_entry(struct review_view *view)
{
	const size_t at = (size_t)view->list.cursor;
	const struct entry *entry = &view->entries[at];
	struct ui *ui = view->view.ui;

	if (view->count == 0)
		return VIEW_STAY;
	if (entry->place < 0) {
		if (entry->count == 0)
			return VIEW_STAY;
		entry++;
	}
	if (entry->conflict) {
		ui_open(ui, view_conflicts_new(view->inspection, entry->place));
		return VIEW_STAY;
	}
	fill_go_to(view->fill, entry->place);
	return VIEW_CLOSE;
}

static void
open_sign(struct review_view *view, struct err *err)
{
	struct view *sign = view_sign_new(view->inspection, err);

	if (sign)
		ui_open(view->view.ui, sign);
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct review_view *review = (struct review_view *)view;
	struct ui *ui = view->ui;

	if (list_act(&review->list, action))
		return VIEW_STAY;
	switch (action) {
	case ACT_OPEN: return open_entry(review);
	case ACT_SIGN: open_sign(review, err); return VIEW_STAY;
	case ACT_REOPEN:
		ui_open(ui, view_reopen_new(review->inspection));
		return VIEW_STAY;
	case ACT_CONFLICTS:
		ui_open(ui, view_conflicts_new(review->inspection, -1));
		return VIEW_STAY;
	case ACT_REPORT:
		ui_open(ui, view_report_new(review->inspection));
		return VIEW_STAY;
	default: return VIEW_UNUSED;
	}
}

static bool
can(const struct view *view, enum action action)
{
	const struct review_view *review = (const struct review_view *)view;

	switch (action) {
	case ACT_SIGN: return !inspection_is_signed(review->inspection);
	case ACT_REOPEN: return inspection_is_signed(review->inspection);
	case ACT_CONFLICTS: return review->review.conflict_count > 0;
	default: return true;
	}
}

static void
shown(struct view *view, struct err *err)
{
	(void)err;
	read_review((struct review_view *)view);
}

static void
keep(const struct view *view, json_t *place)
{
	json_put_int(
	    place, "row", ((const struct review_view *)view)->list.cursor);
}

static void
restore(struct view *view, const json_t *place)
{
	struct review_view *review = (struct review_view *)view;

	review->list.cursor = (int)json_opt_int(place, "row", 0);
	list_resize(&review->list, review->list.count);
}

static void
free_view(struct view *view)
{
	struct review_view *review = (struct review_view *)view;

	review_release(&review->review);
	free(review->entries);
	free(review);
}

static const struct view_class review_class = {
	.name = "review",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.can = can,
	.shown = shown,
	.keep = keep,
	.restore = restore,
	.free = free_view,
};

struct view *
view_review_new(struct view *fill, struct inspection *inspection)
{
	struct review_view *view = xcalloc(1, sizeof(*view));

	view->view.class = &review_class;
	view->fill = fill;
	view->inspection = inspection;
	read_review(view);
	return &view->view;
}
