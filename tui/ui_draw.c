/* SPDX-License-Identifier: Apache-2.0 */
/* The frame around every screen: first line, messages, keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/ui.h"

bool
ui_is_unsaved(const struct ui *ui)
{
	for (const struct view *view = ui->top; view; view = view->below)
		if (view->class->unsaved && view->class->unsaved(view))
			return true;
	return false;
}

static void
draw_first_line(struct ui *ui, struct grid *grid)
{
	struct buf title = BUF_INIT, right = BUF_INIT;
	char time[CLOCK_SHOWN_MAX];
	int width;

	if (ui->top->class->title)
		ui->top->class->title(ui->top, &title);
	if (ui_is_unsaved(ui)) {
		buf_addf(&right, "%s  ", _("not saved yet"));
	} else if (ui->saved) {
		clock_show_time(ui->saved, true, time);
		buf_addf(&right, _("saved %s"), time);
		buf_add_text(&right, "  ");
	}
	buf_addf(&right, "%s ", i18n_lang() == LANG_FR ? "FR" : "EN");
	width = (int)text_width(right.data, right.len);
	grid_put_cut(
	    grid, 0, 1, grid->cols - width - 2, STYLE_TITLE, title.data);
	grid_put_right(grid, 0, grid->cols, STYLE_PLAIN, right.data);
	buf_release(&title);
	buf_release(&right);
}

static bool
can(const struct view *view, enum action action)
{
	return !view->class->can || view->class->can(view, action);
}

/* "Up" needs no "up" after it. */
static bool
names_itself(const char *key, const char *word)
{
	char *one = text_search_key(key), *other = text_search_key(word);
	const bool same = strcmp(one, other) == 0;

	free(one);
	free(other);
	return same;
}

/* Puts "F2 note" when it ends before `end`; returns the column after it. */
static int
draw_bar_item(const struct view *view, struct grid *grid, int col, int end,
    enum action action)
{
	struct buf text = BUF_INIT;
	const int key =
	    keymap_key(view->class->keys, action, view_keeps_letters(view));
	const int row = grid->rows - 1;
	size_t name_len;

	if (key && can(view, action)) {
		key_add_name(key, &text);
		name_len = text.len;
		if (!names_itself(text.data, action_word(action)))
			buf_addf(&text, " %s", action_word(action));
		if (col + (int)text_width(text.data, text.len) <= end) {
			const int start = col;

			col = grid_put(
			    grid, row, col, STYLE_PLAIN, "%s", text.data);
			grid_restyle(grid, row, start,
			    (int)text_width(text.data, name_len), STYLE_KEY);
			col += 2;
		}
	}
	buf_release(&text);
	return col;
}

/* The key of the help always has its place, at the end. */
static void
draw_bar(const struct view *view, struct grid *grid)
{
	const char *help = action_word(ACT_HELP);
	const int end = grid->cols - (int)text_width(help, strlen(help)) - 5;
	int col = 1;

	for (const enum action *action = view->class->bar;
	     action && *action != ACT_NONE; action++)
		col = draw_bar_item(view, grid, col, end, *action);
	draw_bar_item(view, grid, col, grid->cols, ACT_HELP);
}

/* A waiting error covers as many rows above the keys as it needs. */
static void
draw_error(const struct ui *ui, struct grid *grid)
{
	struct buf text = BUF_INIT;
	const int most = grid->rows / 2;
	int rows;

	buf_addf(&text, "%s  [%s]", ui->error.msg, _("Enter: understood"));
	rows = grid_rows_of(text.data, grid->cols - 2);
	if (rows > 1) { /* never broken in two */
		buf_clear(&text);
		buf_addf(
		    &text, "%s\n[%s]", ui->error.msg, _("Enter: understood"));
		rows = grid_rows_of(text.data, grid->cols - 2);
	}
	if (rows > most)
		rows = most;
	const struct grid_box box = { .row = grid->rows - 1 - rows,
		.col = 1,
		.rows = rows,
		.cols = grid->cols - 2 };

	for (int i = 0; i < rows; i++)
		grid_fill(grid, box.row + i, 0, grid->cols, ' ', STYLE_ERROR);
	grid_put_wrapped(grid, &box, STYLE_ERROR, text.data);
	buf_release(&text);
}

static void
draw_message(const struct ui *ui, struct grid *grid)
{
	const int row = grid->rows - 2, left = ui_idle_left(ui);

	if (left >= 0) {
		grid_fill(grid, row, 0, grid->cols, ' ', STYLE_ERROR);
		grid_put(grid, row, 1, STYLE_ERROR,
		    _("The vault locks in %d s; any key prolongs"), left);
	} else if (ui->error.code) {
		draw_error(ui, grid);
	} else if (ui->message) {
		grid_fill(grid, row, 0, grid->cols, ' ', STYLE_TITLE);
		grid_put_cut(
		    grid, row, 1, grid->cols - 2, STYLE_TITLE, ui->message);
	}
}

static void
draw_too_small(struct grid *grid)
{
	char need[32];

	snprintf(need, sizeof(need), "%dx%d", UI_COLS_MIN, UI_ROWS_MIN);
	grid_put(grid, 0, 0, STYLE_PLAIN, _("%s needed, this is %dx%d"), need,
	    grid->cols, grid->rows);
	if (grid->rows > 1)
		grid_put(grid, 1, 0, STYLE_PLAIN, "%s",
		    _("Make the window larger; keys do nothing until then"));
	if (grid->rows > 2)
		grid_put(grid, 2, 0, STYLE_PLAIN, "%s", _("^Q quits"));
	grid_cursor(grid, 0, 0);
}

void
ui_draw(struct ui *ui, struct grid *grid)
{
	grid_clear(grid);
	if (!ui->top)
		return;
	ui->too_small = grid->rows < UI_ROWS_MIN || grid->cols < UI_COLS_MIN;
	if (ui->too_small) {
		draw_too_small(grid);
		return;
	}
	grid_rule(grid, 1);
	grid_rule(grid, grid->rows - 2);
	draw_first_line(ui, grid);
	draw_bar(ui->top, grid);
	ui->top->class->draw(ui->top, grid);
	draw_message(ui, grid);
}
