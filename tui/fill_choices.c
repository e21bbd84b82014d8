/* SPDX-License-Identifier: Apache-2.0 */
/* A question whose choices are found by typing. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tui/fill.h"
#include "tui/grid.h"
#include "tui/ui.h"

enum {
	NUMBERED_MAX = 10, /* that digits choose */
	LISTED_MAX = 40, /* more are found by typing, whatever the form says */
	LINES = 7
};

bool
fill_is_sought(const struct fill *fill)
{
	static const char *const words[] = { "minimal", "autocomplete",
		"autocomplete_noedit", "search" };
	const struct item *item = fill_item(fill);
	size_t count;

	if (!fill_is_choice(fill) || fill_is_locked(fill))
		return false;
	state_choices(fill_state(fill), fill->place, &count);
	if (count > LISTED_MAX || strstr(item->appearance, "search("))
		return count > NUMBERED_MAX;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (item_looks(item, words[i]))
			return count > NUMBERED_MAX;
	return false;
}

void
fill_seek_start(struct fill *fill)
{
	size_t count;
	const int *offered =
	    state_choices(fill_state(fill), fill->place, &count);

	found_start(&fill->found, fill->form, fill_item(fill)->list,
	    fill_lang(fill), offered, (int)count);
}

/* In the language of the moment, with what was typed. */
static void
start_again(struct fill *fill)
{
	char *typed = xstrdup(fill->found.line.text);

	fill_seek_start(fill);
	line_set(&fill->found.line, typed);
	free(typed);
}

bool
fill_seek_key(struct fill *fill, int key)
{
	if (fill->found.lang != fill_lang(fill))
		start_again(fill);

	const bool used = line_key(&fill->found.line, key);

	if (used && fill->found.line.changed) {
		fill->found.line.changed = false;
		fill->found.browsing = false;
		found_find(&fill->found);
	}
	return used;
}

bool
fill_seek_take(struct fill *fill, struct err *err)
{
	const bool many = item_has_many(fill_item(fill));
	const int offered = found_offered(&fill->found);
	const struct choice *choice = fill_choice(fill, offered);

	if (!choice && !text_is_blank(fill->found.line.text)) {
		err_set(err, ERR_VALUE, _("no choice is called so"));
		return false;
	}
	if (!choice)
		return true;
	if (many || !fill_is_chosen(fill, choice))
		fill_choose(fill, offered, err);
	fill_seek_start(fill);
	return !many;
}

bool
fill_seek_clear(struct fill *fill)
{
	if (fill->found.line.len == 0)
		return false;
	fill_seek_start(fill);
	return true;
}

static void
draw_line(struct pen *pen, int index)
{
	const struct fill *fill = pen->fill;
	const int at = found_at(&fill->found, index);
	const struct choice *choice = &fill_item(fill)->list->choices[at];
	const bool here =
	    fill->focus == FILL_ANSWER && index == fill->found.cursor;
	const bool on = fill_is_chosen(fill, choice);

	if (pen->grid) {
		struct buf label = BUF_INIT;

		fill_add_choice(fill, choice, &label);
		grid_put(pen->grid, pen->row, 2, STYLE_PLAIN,
		    item_has_many(fill_item(fill)) ? "[%c]" : "(%c)",
		    on ? 'x' : ' ');
		grid_put_cut(pen->grid, pen->row, 6, pen->cols - 6,
		    on ? STYLE_KEY : STYLE_PLAIN, label.data);
		buf_release(&label);
		if (here)
			grid_put(pen->grid, pen->row, 0, STYLE_KEY, ">");
	}
	if (here && fill->found.browsing)
		pen_focus(pen, pen->row, 0);
	pen->row++;
}

void
fill_draw_sought(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	const struct found *found = &fill->found;
	const struct list list = { found->count,
		found->cursor < 0 ? 0 : found->cursor };
	const int top = list_top(&list, LINES);
	const struct grid_box box = {
		.row = pen->row, .col = 2, .rows = 1, .cols = pen->cols - 3
	};
	struct buf text = BUF_INIT;

	state_add_shown(fill_state(fill), fill->place, fill_lang(fill), &text);
	if (pen->grid && found->cursor < 0)
		grid_put(pen->grid, pen->row, 0, STYLE_KEY, ">");
	if (pen->grid)
		line_draw(&found->line, pen->grid, &box,
		    fill->focus == FILL_ANSWER, true);
	if (fill->focus == FILL_ANSWER)
		pen->focus_row = pen->row;
	pen->row++;
	if (text.len > 0)
		pen_put(pen, 2, STYLE_KEY, text.data);
	for (int i = top; i < top + LINES && i < found->count; i++)
		draw_line(pen, i);
	buf_clear(&text);
	if (found->more)
		buf_addf(&text, _("more than %d choices; type on to narrow"),
		    found->count);
	else if (found->count == 0)
		buf_add_text(&text, _("no choice is called so"));
	else
		buf_addf(&text, _("%d of %d choices; type to find one"),
		    found->count, found->all_count);
	pen_put(pen, 2, STYLE_DIM, text.data);
	buf_release(&text);
}
