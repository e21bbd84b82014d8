/* SPDX-License-Identifier: Apache-2.0 */
/* The fill screen: which key does what, and its life. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inspections/inspection.h"
#include "storage/blob.h"
#include "tui/fill.h"
#include "tui/keys.h"
#include "tui/shown.h"
#include "tui/ui.h"
#include "tui/views.h"

static const struct binding keys[] = {
	{ K_ENTER, ACT_NEXT },
	{ K_F(2), ACT_NOTE },
	{ 'n', ACT_NOTE },
	{ K_F(3), ACT_BASIS },
	{ 's', ACT_BASIS },
	{ K_F(4), ACT_EVIDENCE },
	{ 'e', ACT_EVIDENCE },
	{ 'p', ACT_EVIDENCE },
	{ K_F(5), ACT_FLAG },
	{ 'u', ACT_FLAG },
	{ K_F(6), ACT_UNANSWERED },
	{ 'a', ACT_UNANSWERED },
	{ K_F(7), ACT_SEARCH },
	{ 'f', ACT_SEARCH },
	{ '/', ACT_SEARCH },
	{ K_TAB, ACT_FIELD },
	{ K_BACKTAB, ACT_FIELD_BACK },
	{ K_CTRL('g'), ACT_GPS },
	{ K_CTRL('t'), ACT_MAP },
	{ 'c', ACT_MAP },
	{ K_PAGE_UP, ACT_PREVIOUS_ITEM },
	{ K_PAGE_DOWN, ACT_NEXT_ITEM },
	{ ' ', ACT_TOGGLE },
	{ K_DELETE, ACT_CLEAR },
	{ 'x', ACT_CLEAR },
	{ 'm', ACT_REASON },
	{ K_CTRL('_'), ACT_UNDO },
	{ 'z', ACT_UNDO },
	{ 'r', ACT_REVIEW },
	{ K_F(12), ACT_REVIEW },
	{ 'd', ACT_CONFLICTS },
	{ 'w', ACT_REPORT },
	{ 't', ACT_DETACH },
	{ 'o', ACT_REOPEN },
	{ K_CTRL('r'), ACT_REOPEN },
	{ K_CTRL('p'), ACT_SCROLL_UP },
	{ K_CTRL('n'), ACT_SCROLL_DOWN },
	{ '+', ACT_ADD_ROW },
	{ K_CTRL('y'), ACT_FORM_LANG },
	{ 'i', ACT_FORM_LANG },
	{ K_F(10), ACT_ROWS },
	{ 'g', ACT_ROWS },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_NEXT, ACT_GPS, ACT_ROWS, ACT_NOTE,
	ACT_BASIS, ACT_EVIDENCE, ACT_FLAG, ACT_UNANSWERED, ACT_REVIEW,
	ACT_NONE };

static void
title(const struct view *view, struct buf *out)
{
	const struct fill *fill = (const struct fill *)view;
	const struct inspection_info *info = inspection_info(fill->inspection);
	const struct state_counts progress =
	    state_progress(fill_state(fill), 0, fill->form->item_count);

	/* In a row it is the row that must not be cut. */
	if (fill->place >= 0 && state_row(fill_state(fill), fill->place) >= 0) {
		state_add_crumbs(
		    fill_state(fill), fill->place, fill_lang(fill), out);
		buf_addf(out, "   %d %%   %s",
		    shown_percent(progress.answered, progress.relevant),
		    info->site_name);
		return;
	}
	buf_addf(out, "%s   %d %%   %s", info->site_name,
	    shown_percent(progress.answered, progress.relevant),
	    info->checklist_title);
}

/* ---- typing ---- */

static struct line *
typed_line(struct fill *fill)
{
	switch (fill->focus) {
	case FILL_NOTE:
	case FILL_REASON: return &fill->extra;
	case FILL_ANSWER:
		return fill_is_sought(fill) ? &fill->found.line
		    : fill_is_typed(fill)   ? &fill->answer
					    : NULL;
	default: return NULL;
	}
}

static bool
typing(const struct view *view)
{
	const struct fill *fill = (const struct fill *)view;

	return fill->focus == FILL_NOTE || fill->focus == FILL_REASON ||
	    (fill->focus == FILL_ANSWER &&
		(fill_is_typed(fill) || fill_is_sought(fill)));
}

/* What is typed into a signed inspection goes nowhere, and says so at once. */
static void
refuse_signed(struct fill *fill)
{
	struct err err = { 0 };

	if (fill->answer.changed && fill_is_signed(fill, &err)) {
		fill_load(fill, fill->place);
		ui_fail(fill->view.ui, &err);
	}
}

static bool
type(struct view *view, int key)
{
	struct fill *fill = (struct fill *)view;
	const bool nudged = (key == K_LEFT || key == K_RIGHT) &&
	    fill->focus == FILL_ANSWER &&
	    fill_nudge(fill, key == K_LEFT ? -1 : 1);
	const bool sought = fill->focus == FILL_ANSWER && fill_is_sought(fill);
	const bool used = nudged || fill_date_key(fill, key) ||
	    (sought ? fill_seek_key(fill, key)
		    : line_key(typed_line(fill), key));

	refuse_signed(fill);
	return used;
}

static bool
paste(struct view *view, const char *text)
{
	struct fill *fill = (struct fill *)view;
	const bool fits = line_insert(typed_line(fill), text);

	if (fill->focus == FILL_ANSWER && fill_is_sought(fill))
		found_find(&fill->found);
	refuse_signed(fill);
	return fits;
}

/* ---- the keys ---- */

/* Up and down go through the choices, else through the questions. */
static void
move_choice(struct fill *fill, int step, struct err *err)
{
	if (fill_choice(fill, fill->choice + step))
		fill->choice += step;
	else if (fill_is_on_page(fill))
		(void)fill_page_step(fill, step, err);
}

static void
move(struct fill *fill, int step, struct err *err)
{
	if (fill->focus == FILL_ANSWER && fill_is_repeat(fill)) {
		const int to = fill->rows.cursor + step;

		if (to >= 0 && to < fill_row_lines(fill))
			fill->rows.cursor = to;
	} else if (fill->focus == FILL_ANSWER && fill_is_in_grid(fill)) {
		(void)fill_page_step(fill, step, err);
	} else if (fill->focus == FILL_ANSWER && fill_is_sought(fill)) {
		found_move(&fill->found, step);
	} else if (fill->focus == FILL_ANSWER && fill_is_choice(fill) &&
	    !fill_is_locked(fill)) {
		move_choice(fill, step, err);
	} else if (fill->focus == FILL_ANSWER && fill_is_rank(fill)) {
		fill_rank_move(fill, step, err);
	} else {
		(void)fill_step(fill, step, err);
	}
}

/* Left and right go through what stands side by side, else through the
 * questions. */
static void
move_aside(struct fill *fill, int step, struct err *err)
{
	if (fill->focus != FILL_ANSWER || fill_is_locked(fill) ||
	    (!fill_is_in_grid(fill) && !fill_is_inline(fill)))
		(void)fill_step(fill, step, err);
	else if (fill_choice(fill, fill->choice + step))
		fill->choice += step;
}

static void
move_field(struct fill *fill, int step, struct err *err)
{
	if (fill->focus == FILL_MAP || !fill_is_on_page(fill) ||
	    (!fill_page_step(fill, step, err) && !err->code && !fill->why))
		fill_toggle_map(fill, err);
}

static enum view_result
back(struct fill *fill, struct err *err)
{
	if (fill->focus == FILL_NOTE || fill->focus == FILL_REASON) {
		(void)fill_commit(fill, err);
		return VIEW_STAY;
	}
	if (fill->focus == FILL_ANSWER && fill_is_sought(fill) &&
	    fill_seek_clear(fill))
		return VIEW_STAY;
	if (fill->why || fill->held) {
		fill_load(fill, fill->place);
		return VIEW_STAY;
	}
	return fill_commit(fill, err) ? VIEW_CLOSE : VIEW_STAY;
}

static enum view_result
open_other(struct fill *fill, enum action action, struct err *err)
{
	struct ui *ui = fill->view.ui;

	if (!fill_commit(fill, err))
		return VIEW_STAY;
	if (action == ACT_CONFLICTS)
		ui_open(ui, view_conflicts_new(fill->inspection, fill->place));
	else if (action == ACT_REOPEN)
		ui_open(ui, view_reopen_new(fill->inspection));
	else
		ui_open(ui, view_report_new(fill->inspection));
	return VIEW_STAY;
}

/* What has the focus beside the question has the first word. */
static enum view_result
act_beside(struct fill *fill, enum action action, struct err *err)
{
	static const enum action as_item[ACTION_COUNT] = {
		[ACT_LEFT] = ACT_PREVIOUS_ITEM, [ACT_RIGHT] = ACT_NEXT_ITEM
	};

	if (as_item[action])
		action = as_item[action];
	if (fill->focus == FILL_MAP)
		return fill_act_map(fill, action);
	if (fill->focus == FILL_BASIS)
		return fill_act_basis(fill, action, err);
	return VIEW_UNUSED;
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct fill *fill = (struct fill *)view;
	const enum view_result result = act_beside(fill, action, err);

	if (result != VIEW_UNUSED)
		return result;
	if (fill->focus == FILL_ANSWER && fill_is_repeat(fill) &&
	    (action == ACT_FIRST || action == ACT_LAST)) {
		fill->rows.count = fill_row_lines(fill);
		(void)list_act(&fill->rows, action);
		return VIEW_STAY;
	}
	switch (action) {
	case ACT_NEXT: return fill_next(fill, err);
	case ACT_UP: move(fill, -1, err); return VIEW_STAY;
	case ACT_DOWN: move(fill, 1, err); return VIEW_STAY;
	case ACT_LEFT: move_aside(fill, -1, err); return VIEW_STAY;
	case ACT_RIGHT: move_aside(fill, 1, err); return VIEW_STAY;
	case ACT_FIELD: move_field(fill, 1, err); return VIEW_STAY;
	case ACT_FIELD_BACK: move_field(fill, -1, err); return VIEW_STAY;
	case ACT_PREVIOUS_ITEM:
		fill_page_leave(fill, -1, err);
		return VIEW_STAY;
	case ACT_NEXT_ITEM: fill_page_leave(fill, 1, err); return VIEW_STAY;
	case ACT_TOGGLE: fill_toggle(fill, err); return VIEW_STAY;
	case ACT_CLEAR: fill_clear(fill, err); return VIEW_STAY;
	case ACT_ADD_ROW: fill_row_add(fill, err); return VIEW_STAY;
	case ACT_ROWS: fill_go_rows(fill, err); return VIEW_STAY;
	case ACT_NOTE: fill_begin_extra(fill, FILL_NOTE, err); return VIEW_STAY;
	case ACT_REASON:
		fill_begin_extra(fill, FILL_REASON, err);
		return VIEW_STAY;
	case ACT_BASIS: fill_start_basis(fill, err); return VIEW_STAY;
	case ACT_FLAG: fill_flag(fill, err); return VIEW_STAY;
	case ACT_EVIDENCE: fill_open_attach(fill, err); return VIEW_STAY;
	case ACT_GPS: fill_open_gps(fill, err); return VIEW_STAY;
	case ACT_DETACH: fill_detach(fill, err); return VIEW_STAY;
	case ACT_UNANSWERED: fill_go_unanswered(fill, err); return VIEW_STAY;
	case ACT_SEARCH: fill_open_find(fill, err); return VIEW_STAY;
	case ACT_MAP: fill_toggle_map(fill, err); return VIEW_STAY;
	case ACT_UNDO: fill_undo(fill, err); return VIEW_STAY;
	case ACT_FORM_LANG: fill_next_lang(fill); return VIEW_STAY;
	case ACT_SCROLL_UP: fill->scroll--; return VIEW_STAY;
	case ACT_SCROLL_DOWN: fill->scroll++; return VIEW_STAY;
	case ACT_REVIEW: return fill_open_review(fill, err);
	case ACT_CONFLICTS:
	case ACT_REOPEN:
	case ACT_REPORT: return open_other(fill, action, err);
	case ACT_BACK: return back(fill, err);
	default: return VIEW_UNUSED;
	}
}

static bool
can(const struct view *view, enum action action)
{
	const struct fill *fill = (const struct fill *)view;
	size_t conflicts = 0;

	switch (action) {
	case ACT_REOPEN: return inspection_is_signed(fill->inspection);
	case ACT_FORM_LANG: return fill->form->lang_count > 1;
	case ACT_GPS: return fill_takes_position(fill);
	case ACT_ADD_ROW: return fill_repeat_around(fill) >= 0;
	case ACT_ROWS:
		return fill->place >= 0 &&
		    state_row(fill_state(fill), fill->place) >= 0;
	case ACT_CONFLICTS:
		inspection_conflicts(fill->inspection, &conflicts);
		return conflicts > 0;
	default: return true;
	}
}

/* ---- life ---- */

static char *
place_key(const struct fill *fill)
{
	return xasprintf("at:%s", inspection_info(fill->inspection)->id);
}

/* Where one left off, else the first question without an answer. */
static int
start_place(struct fill *fill)
{
	char *key = place_key(fill);
	char *path = setting_get(fill->view.ui->vault, key);
	struct err err = { 0 };
	const int place = path ? state_find(fill_state(fill), path, &err) : -1;

	free(path);
	free(key);
	return place >= 0 && fill_is_stop(fill, place) ? place
						       : fill_first_stop(fill);
}

static bool
unsaved(const struct view *view)
{
	const struct fill *fill = (const struct fill *)view;
	struct annotation beside;

	if (fill->place < 0)
		return false;
	if (fill_is_typed(fill) && fill->answer.changed &&
	    strcmp(fill->answer.text,
		fill_written((struct fill *)(uintptr_t)fill)) != 0)
		return true;
	if ((fill->focus != FILL_NOTE && fill->focus != FILL_REASON) ||
	    !fill->extra.changed)
		return false;
	inspection_annotation(fill->inspection, fill->place, &beside);
	return strcmp(fill->extra.text,
		   fill->focus == FILL_NOTE ? beside.note : beside.reason) != 0;
}

static void
flush(struct view *view, struct err *err)
{
	struct fill *fill = (struct fill *)view;
	char *key = place_key(fill);

	(void)fill_commit(fill, err);
	if (fill->place >= 0)
		(void)setting_put(view->ui->vault, key, fill->path, err);
	free(key);
}

static void
shown(struct view *view, struct err *err)
{
	struct fill *fill = (struct fill *)view;

	(void)err;
	fill_follow(fill);
	if (fill->place >= 0 && !fill_is_stop(fill, fill->place))
		fill_load(fill, start_place(fill));
	else if (fill_is_sought(fill))
		fill_seek_start(fill);
	else if (fill_is_typed(fill) && !fill->answer.changed &&
	    strcmp(fill->answer.text, fill_written(fill)) != 0)
		line_set(&fill->answer, fill_written(fill));
}

static void
free_view(struct view *view)
{
	struct fill *fill = (struct fill *)view;
	struct err ignored = { 0 }; /* only where one left off */

	if (view->ui->vault && !view->ui->locked)
		flush(view, &ignored);
	inspection_close(fill->inspection);
	line_release(&fill->answer);
	line_release(&fill->extra);
	found_release(&fill->found);
	for (size_t i = 0; i < fill->undo_count; i++) {
		free(fill->undo[i].path);
		free(fill->undo[i].value);
	}
	free(fill->path);
	free(fill->why);
	free(fill->written);
	free(fill);
}

static const struct view_class fill_class = {
	.name = "fill",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = fill_draw,
	.act = act,
	.typing = typing,
	.type = type,
	.paste = paste,
	.digit = fill_digit,
	.can = can,
	.shown = shown,
	.keep = fill_keep,
	.restore = fill_restore,
	.unsaved = unsaved,
	.flush = flush,
	.free = free_view,
};

struct view *
view_fill_new(struct ui *ui, const char *id, struct err *err)
{
	struct inspection *inspection = inspection_open(ui->vault, id, err);
	struct fill *fill;

	if (!inspection)
		return NULL;
	fill = xcalloc(1, sizeof(*fill));
	fill->view.class = &fill_class;
	fill->view.ui = ui;
	fill->inspection = inspection;
	fill->form = inspection_form(inspection);
	line_init(&fill->answer, LINE_TEXT);
	line_init(&fill->extra, LINE_TEXT);
	free(fill_lines(fill, &fill->map.count));
	fill_load(fill, start_place(fill));
	return &fill->view;
}
