/* SPDX-License-Identifier: Apache-2.0 */
/* Asking, moving, saving. */
#include "tui/fill.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/ui.h"

/* ---- asking ---- */

const struct item *
fill_item(const struct fill *fill)
{
	return fill->place < 0
	    ? NULL
	    : &fill->form->items[state_item(fill_state(fill), fill->place)];
}

const struct state *
fill_state(const struct fill *fill)
{
	return inspection_state(fill->inspection);
}

bool
fill_is_typed(const struct fill *fill)
{
	const struct item *item = fill_item(fill);

	if (!item || fill_is_locked(fill))
		return false;
	switch (item->type) {
	case ITEM_TEXT:
	case ITEM_INTEGER:
	case ITEM_DECIMAL:
	case ITEM_DATE:
	case ITEM_TIME:
	case ITEM_DATETIME:
	case ITEM_RANGE:
	case ITEM_BARCODE:
	case ITEM_GEOPOINT:
	case ITEM_GEOTRACE:
	case ITEM_GEOSHAPE: return true;
	default: return false;
	}
}

bool
fill_is_choice(const struct fill *fill)
{
	const struct item *item = fill_item(fill);

	return item &&
	    (item->type == ITEM_SELECT_ONE ||
		item->type == ITEM_SELECT_MULTIPLE);
}

bool
fill_is_locked(const struct fill *fill)
{
	const struct item *item = fill_item(fill);

	return !item || !item_is_question(item) ||
	    state_is_read_only(fill_state(fill), fill->place);
}

bool
fill_is_signed(const struct fill *fill, struct err *err)
{
	if (!inspection_is_signed(fill->inspection))
		return false;
	err_set(err, ERR_DENIED,
	    _("this inspection is signed: ^R (or F12, then o) opens it again, "
	      "with a reason"));
	return true;
}

bool
fill_is_stop(const struct fill *fill, int place)
{
	const struct state *state = fill_state(fill);
	const struct item *found = &fill->form->items[state_item(state, place)];
	size_t rows = 0;

	if (!state_is_relevant(state, place))
		return false;
	if (found->type == ITEM_REPEAT) {
		if (state_repeat(state, place) >= 0)
			return false; /* a row is a stop by what is in it */
		state_rows(state, place, &rows);
		return rows > 0 || !state_rows_are_counted(state, place);
	}
	return !item_has_members(found) && !item_is_heading(found) &&
	    (item_is_question(found) || found->label);
}

int
fill_stop_from(const struct fill *fill, int place, int step)
{
	const struct state *state = fill_state(fill);

	do
		place = step < 0 ? state_previous(state, place)
				 : state_next(state, place);
	while (place >= 0 && !fill_is_stop(fill, place));
	return place;
}

int
fill_first_stop(const struct fill *fill)
{
	return fill_stop_from(fill, -1, 1);
}

const struct choice *
fill_choice(const struct fill *fill, int index)
{
	const struct item *item = fill_item(fill);
	size_t count = 0;
	const int *offered;

	if (!fill_is_choice(fill) || index < 0)
		return NULL;
	offered = state_choices(fill_state(fill), fill->place, &count);
	return (size_t)index < count ? &item->list->choices[offered[index]]
				     : NULL;
}

/* Is `name` one of the words of `value`? */
static bool
has_word(const char *value, const char *name)
{
	const size_t len = strlen(name);

	while (*value) {
		const size_t word = strcspn(value, " ");

		if (word == len && strncmp(value, name, len) == 0)
			return true;
		value += word + strspn(value + word, " ");
	}
	return false;
}

bool
fill_is_chosen(const struct fill *fill, const struct choice *choice)
{
	const char *value = state_value(fill_state(fill), fill->place);

	return fill_item(fill)->type == ITEM_SELECT_ONE
	    ? strcmp(value, choice->name) == 0
	    : has_word(value, choice->name);
}

bool
fill_asks_reason(const struct fill *fill)
{
	const struct choice *choice;

	for (int i = 0; (choice = fill_choice(fill, i)); i++)
		if (choice->asks_reason && fill_is_chosen(fill, choice))
			return true;
	return false;
}

int
fill_next_unanswered(const struct fill *fill)
{
	const struct state *state = fill_state(fill);
	int place = fill->place;

	do {
		place = state_next(state, place);
		if (place >= 0 && state_is_unanswered(state, place) &&
		    fill_is_stop(fill, place))
			return place;
	} while (place != fill->place);
	return -1;
}

/* ---- moving ---- */

static void
forget_why(struct fill *fill)
{
	free(fill->why);
	fill->why = NULL;
}

static enum line_kind
line_kind_of(const struct item *item)
{
	switch (item->type) {
	case ITEM_TEXT:
		return item_looks(item, "multiline") ? LINE_MULTILINE
		    : item_looks(item, "numbers")    ? LINE_NUMBER
						     : LINE_TEXT;
	case ITEM_INTEGER:
	case ITEM_DECIMAL:
	case ITEM_RANGE: return LINE_NUMBER;
	case ITEM_GEOTRACE:
	case ITEM_GEOSHAPE: return LINE_MULTILINE;
	default: return LINE_TEXT;
	}
}

static void
note_place(struct fill *fill, int place)
{
	struct buf path = BUF_INIT;

	fill->place = place;
	fill->numbering = inspection_numbering(fill->inspection);
	if (place >= 0)
		state_add_path(fill_state(fill), place, &path);
	free(fill->path);
	fill->path = buf_detach(&path);
}

void
fill_load(struct fill *fill, int place)
{
	const struct choice *choice;

	note_place(fill, place);
	fill->focus = FILL_ANSWER;
	fill->choice = -1;
	fill->held = false;
	fill->scroll = 0;
	forget_why(fill);
	if (place < 0)
		return;
	line_release(&fill->answer);
	line_init(&fill->answer, line_kind_of(fill_item(fill)));
	line_set(&fill->answer, fill_written(fill));
	for (int i = 0; (choice = fill_choice(fill, i)); i++)
		if (fill->choice < 0 && fill_is_chosen(fill, choice))
			fill->choice = i;
	fill->map.cursor = fill_line_of(fill, place);
	if (fill_is_repeat(fill))
		fill_rows_start(fill);
	if (fill_is_sought(fill))
		fill_seek_start(fill);
}

void
fill_follow(struct fill *fill)
{
	struct err ignored = { 0 };
	char *path, *end;
	int place = -1;

	if (fill->numbering == inspection_numbering(fill->inspection) ||
	    fill->place < 0)
		return;
	path = xstrdup(fill->path);
	place = state_find(fill_state(fill), path, &ignored);
	if (place >= 0) {
		note_place(fill, place);
	} else {
		/* Its row went: to the list of those that are left. */
		while (place < 0 && (end = strrchr(path, '['))) {
			*end = '\0';
			place = state_find(fill_state(fill), path, &ignored);
		}
		if (place < 0 || !fill_is_stop(fill, place))
			place = fill_first_stop(fill);
		fill_load(fill, place);
	}
	free(path);
}

bool
fill_step(struct fill *fill, int step, struct err *err)
{
	if (!fill_commit(fill, err))
		return false;

	const int next =
	    fill->place < 0 ? -1 : fill_stop_from(fill, fill->place, step);

	if (next >= 0)
		fill_load(fill, next);
	return next >= 0;
}

/* ---- saving ---- */

static int
save(struct fill *fill, const struct answer_draft *draft, struct err *err)
{
	char *before = draft->value
	    ? xstrdup(state_value(fill_state(fill), fill->place))
	    : NULL;
	const int status = fill_is_signed(fill, err)
	    ? -1
	    : inspection_set(
		  fill->inspection, fill->place, draft, i18n_lang(), err);

	if (status == 0) {
		ui_saved(fill->view.ui);
		if (before)
			fill_remember(fill, fill->path, before);
	}
	fill_follow(fill);
	free(before);
	return status;
}

void
fill_set(struct fill *fill, const struct answer_draft *draft, struct err *err)
{
	if (fill->place >= 0)
		(void)save(fill, draft, err);
}

/* A refusal of the value belongs under its line, not to the messages. */
static void
take_refusal(struct fill *fill, const char *value, struct err *err)
{
	struct err own = { 0 };

	if (err->code != ERR_VALUE)
		return;
	/* The form's message, in the language that the form is read in. */
	if (fill->own_lang && value)
		(void)state_check(fill_state(fill), fill->place, value,
		    fill_lang(fill), &own);
	forget_why(fill);
	fill->why = xstrdup(own.code == ERR_VALUE ? own.msg : err->msg);
	*err = (struct err){ 0 };
}

static bool
commit_answer(struct fill *fill, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct buf value = BUF_INIT;
	int status = 0;
	char *typed;

	if (!fill_is_typed(fill) || !fill->answer.changed)
		return true;
	typed = fill_long_date(fill);
	if (fill->answer.len > 0)
		status = state_read_typed(fill_state(fill), fill->place, typed,
		    fill_lang(fill), &value, err);
	free(typed);
	draft.value = value.data;
	if (status == 0)
		status = save(fill, &draft, err);
	if (status == 0) {
		fill->answer.changed = false;
		line_set(&fill->answer, fill_written(fill));
		forget_why(fill);
	} else {
		take_refusal(fill, draft.value, err);
	}
	buf_release(&value);
	return status == 0;
}

static bool
commit_extra(struct fill *fill, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;

	if (fill->focus != FILL_NOTE && fill->focus != FILL_REASON)
		return true;
	if (fill->focus == FILL_NOTE)
		draft.note = fill->extra.text;
	else
		draft.reason = fill->extra.text;
	if (fill->extra.changed && save(fill, &draft, err) != 0)
		return false;
	fill->extra.changed = false;
	fill->focus = FILL_ANSWER;
	return true;
}

bool
fill_commit(struct fill *fill, struct err *err)
{
	return commit_extra(fill, err) && commit_answer(fill, err);
}

/* The value with `name` added, or taken out where it is; in list order. */
static char *
toggled(const struct fill *fill, const char *name)
{
	const struct item *item = fill_item(fill);
	const char *value = state_value(fill_state(fill), fill->place);
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < item->list->count; i++) {
		const char *one = item->list->choices[i].name;
		const bool had = has_word(value, one);

		if (had == (strcmp(one, name) == 0))
			continue;
		if (out.len > 0)
			buf_add_char(&out, ' ');
		buf_add_text(&out, one);
	}
	return buf_detach(&out);
}

void
fill_choose(struct fill *fill, int index, struct err *err)
{
	const struct choice *choice = fill_choice(fill, index);
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	char *value;

	if (!choice || fill_is_locked(fill))
		return;
	fill->choice = index;
	value = fill_item(fill)->type == ITEM_SELECT_ONE
	    ? xstrdup(choice->name)
	    : toggled(fill, choice->name);
	draft.value = value;
	if (strcmp(value, state_value(fill_state(fill), fill->place)) != 0) {
		if (save(fill, &draft, err) == 0)
			forget_why(fill);
		else
			take_refusal(fill, value, err);
	}
	free(value);
	/* At once, so that the words of the reason are never commands. */
	if (!err->code && !fill->why && choice->asks_reason &&
	    fill_is_chosen(fill, choice))
		fill_begin_extra(fill, FILL_REASON, err);
}
