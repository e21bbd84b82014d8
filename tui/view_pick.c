/* SPDX-License-Identifier: Apache-2.0 */
/* A list to pick one line from, or to check several of; found by typing. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/line.h"
#include "tui/list.h"
#include "tui/ui.h"
#include "tui/views.h"

struct entry {
	char *key, *text, *detail;
	bool checked, hidden;
};

struct pick {
	struct view view;
	const struct pick_spec *spec;
	void *arg;
	struct entry *entries;
	size_t count, room;
	struct list list; /* over the lines that are not hidden */
	struct line line;
	struct view_class class; /* its keys depend on the spec */
	struct binding keys[6];
	enum action bar[5];
};

static const struct pick *
pick_of(const struct view *view)
{
	return (const struct pick *)view;
}

/* The entry of the list's line `index`; -1 past the end. */
static int
entry_at(const struct pick *pick, int index)
{
	for (size_t i = 0; i < pick->count; i++)
		if (!pick->entries[i].hidden && index-- == 0)
			return (int)i;
	return -1;
}

static void
find(struct pick *pick)
{
	int count = 0;

	for (size_t i = 0; i < pick->count; i++) {
		struct entry *entry = &pick->entries[i];

		entry->hidden = pick->line.len > 0 &&
		    !text_matches(entry->text, pick->line.text) &&
		    !text_matches(entry->detail, pick->line.text);
		count += entry->hidden ? 0 : 1;
	}
	list_resize(&pick->list, count);
}

static void
title(const struct view *view, struct buf *out)
{
	buf_add_text(out, _(pick_of(view)->spec->title));
}

static void
draw_entry(const struct pick *pick, struct grid *grid, int row, int index)
{
	const struct entry *entry = &pick->entries[entry_at(pick, index)];
	const int detail = grid->cols * 3 / 5;
	int col;

	if (pick->spec->several)
		grid_put(grid, row, 2, STYLE_PLAIN, "[%c]",
		    entry->checked ? 'x' : ' ');
	col = pick->spec->several ? 6 : 2;
	grid_put_cut(
	    grid, row, col, detail - col - 1, STYLE_PLAIN, entry->text);
	grid_put_cut(
	    grid, row, detail, grid->cols - detail, STYLE_DIM, entry->detail);
	if (index == pick->list.cursor) {
		grid_put(grid, row, 0, STYLE_KEY, ">");
		list_highlight(&pick->list, grid, row, index);
	}
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct pick *pick = pick_of(view);
	const int first = VIEW_TOP + 2;
	const int rows = grid->rows - VIEW_FOOT - first;
	const int top = list_top(&pick->list, rows);
	const struct grid_box box = { .row = VIEW_TOP,
		.col = grid_put(
		    grid, VIEW_TOP, 1, STYLE_PLAIN, "%s > ", _("Find")),
		.rows = 1,
		.cols = 40 };

	for (int i = 0; i < rows && top + i < pick->list.count; i++)
		draw_entry(pick, grid, first + i, top + i);
	if (pick->count == 0) {
		const struct grid_box empty = { .row = first,
			.col = 2,
			.rows = 4,
			.cols = grid->cols - 4 };

		grid_put_wrapped(
		    grid, &empty, STYLE_PLAIN, _(pick->spec->empty));
	} else if (pick->list.count == 0) {
		grid_put(grid, first, 2, STYLE_PLAIN, "%s",
		    _("Nothing is called so here"));
	}
	line_draw(&pick->line, grid, &box, true, true);
}

static bool
typing(const struct view *view)
{
	(void)view;
	return true;
}

static void
toggle(struct pick *pick)
{
	const int index = entry_at(pick, pick->list.cursor);

	if (index >= 0)
		pick->entries[index].checked = !pick->entries[index].checked;
}

/* In a list of several, Space checks; names are found without it. */
static bool
type(struct view *view, int key)
{
	struct pick *pick = (struct pick *)view;

	if (key == ' ' && pick->spec->several) {
		toggle(pick);
		return true;
	}
	if (!line_key(&pick->line, key))
		return false;
	find(pick);
	return true;
}

static bool
paste(struct view *view, const char *text)
{
	const bool fits = line_insert(&((struct pick *)view)->line, text);

	find((struct pick *)view);
	return fits;
}

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct pick *pick = (struct pick *)view;
	int index;

	if (list_act(&pick->list, action))
		return VIEW_STAY;
	if (action == pick->spec->extra && action != ACT_NONE)
		return pick->spec->picked(view, pick->arg, PICK_EXTRA, err);
	switch (action) {
	case ACT_TOGGLE: toggle(pick); return VIEW_STAY;
	case ACT_CHOOSE:
		index = pick->spec->several ? PICK_CHECKED
					    : entry_at(pick, pick->list.cursor);
		if (index == -1)
			return VIEW_STAY;
		return pick->spec->picked(view, pick->arg, index, err);
	default: return VIEW_UNUSED;
	}
}

static void
keep(const struct view *view, json_t *place)
{
	const struct pick *pick = pick_of(view);

	json_put_text(place, "find", pick->line.text);
	json_put_int(place, "at", (int64_t)pick->line.at);
	json_put_int(place, "row", pick->list.cursor);
}

static void
restore(struct view *view, const json_t *place)
{
	struct pick *pick = (struct pick *)view;
	const char *text = json_opt_text(place, "find");

	if (text)
		line_restore(
		    &pick->line, text, (size_t)json_opt_int(place, "at", 0));
	find(pick);
	pick->list.cursor = (int)json_opt_int(place, "row", 0);
	list_resize(&pick->list, pick->list.count);
}

static void
free_view(struct view *view)
{
	struct pick *pick = (struct pick *)view;

	for (size_t i = 0; i < pick->count; i++) {
		free(pick->entries[i].key);
		free(pick->entries[i].text);
		free(pick->entries[i].detail);
	}
	free(pick->entries);
	line_release(&pick->line);
	if (pick->spec->free_arg)
		pick->spec->free_arg(pick->arg);
	free(pick);
}

static const struct view_class pick_class = {
	.title = title,
	.draw = draw,
	.act = act,
	.typing = typing,
	.type = type,
	.paste = paste,
	.keep = keep,
	.restore = restore,
	.free = free_view,
};

static void
set_keys(struct pick *pick)
{
	int keys = 0, bar = 0;

	pick->keys[keys++] = (struct binding){ K_ENTER, ACT_CHOOSE };
	pick->bar[bar++] = ACT_CHOOSE;
	if (pick->spec->several) {
		pick->keys[keys++] = (struct binding){ K_TAB, ACT_TOGGLE };
		pick->bar[bar++] = ACT_TOGGLE;
	}
	if (pick->spec->extra) {
		pick->keys[keys++] =
		    (struct binding){ K_F(2), pick->spec->extra };
		pick->bar[bar++] = pick->spec->extra;
	}
	pick->bar[bar] = ACT_BACK;
}

struct view *
view_pick_new(const struct pick_spec *spec, void *arg)
{
	struct pick *pick = xcalloc(1, sizeof(*pick));

	pick->spec = spec;
	pick->arg = arg;
	set_keys(pick);
	pick->class = pick_class;
	pick->class.name = spec->name;
	pick->class.keys = pick->keys;
	pick->class.bar = pick->bar;
	pick->view.class = &pick->class;
	line_init(&pick->line, LINE_TEXT);
	return &pick->view;
}

void
pick_add(
    struct view *view, const char *key, const char *text, const char *detail)
{
	struct pick *pick = (struct pick *)view;

	mem_grow(&pick->entries, &pick->room, pick->count + 1,
	    sizeof(*pick->entries));
	pick->entries[pick->count++] = (struct entry){ .key = xstrdup(key),
		.text = xstrdup(text),
		.detail = xstrdup(detail) };
	pick->list.count++; /* nothing is typed yet */
}

const char *
pick_key(const struct view *view, int index)
{
	return pick_of(view)->entries[index].key;
}

const char *
pick_text(const struct view *view, int index)
{
	return pick_of(view)->entries[index].text;
}

bool
pick_is_checked(const struct view *view, int index)
{
	return pick_of(view)->entries[index].checked;
}

int
pick_count(const struct view *view)
{
	return (int)pick_of(view)->count;
}
