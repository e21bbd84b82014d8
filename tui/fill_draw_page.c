/* SPDX-License-Identifier: Apache-2.0 */
/* Several questions on one screen, tables, and choices side by side. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tui/fill.h"
#include "tui/grid.h"

enum {
	CELL_COLS = 5, /* "(x) " and room around it */
	CELL_COLS_MAX = 14,
	LABEL_COLS = 24, /* what a table leaves at least for its items */
	CHOICE_COLS = 10 /* "> 1  (x) " beside a label */
};

static const struct item *
item_of(const struct pen *pen, int place)
{
	return &pen->fill->form
		    ->items[state_item(fill_state(pen->fill), place)];
}

static const char *
label_of(const struct pen *pen, const struct choice *choice)
{
	const struct fill *fill = pen->fill;

	return choice->label
	    ? form_text(fill->form, choice->label, fill_lang(fill), NULL)
	    : choice->name;
}

static int
cols_of(const char *text)
{
	return (int)text_width(text, strlen(text));
}

/* ---- tables ---- */

struct table {
	const struct choice_list *list;
	int label_cols, cell_cols;
	bool short_heads; /* the digits alone; a legend says what they mean */
};

static struct table
measure(const struct pen *pen, const struct item *first)
{
	struct table table = { .list = first->list };
	const int count = first->list->count > 0 ? (int)first->list->count : 1;
	int widest = CELL_COLS;

	for (int i = 0; i < (int)first->list->count; i++) {
		const int cols =
		    cols_of(label_of(pen, &first->list->choices[i])) + 4;

		widest = cols > widest ? cols : widest;
	}
	table.short_heads =
	    widest > CELL_COLS_MAX || widest * count > pen->cols - LABEL_COLS;
	table.cell_cols = table.short_heads ? CELL_COLS : widest;
	table.label_cols = pen->cols - table.cell_cols * count;
	return table;
}

static void
draw_heads(struct pen *pen, const struct table *table)
{
	struct buf legend = BUF_INIT;

	for (size_t i = 0; i < table->list->count; i++)
		buf_addf(&legend, "%s%zu %s", i ? "   " : "", (i + 1) % 10,
		    label_of(pen, &table->list->choices[i]));
	if (table->short_heads)
		pen_put(pen, 0, STYLE_DIM, legend.data);
	for (size_t i = 0; i < table->list->count && pen->grid; i++)
		grid_put(pen->grid, pen->row,
		    table->label_cols + (int)i * table->cell_cols, STYLE_KEY,
		    table->short_heads ? " %zu" : "%zu %s", (i + 1) % 10,
		    label_of(pen, &table->list->choices[i]));
	pen->row++;
	buf_release(&legend);
}

static bool
is_value(const char *value, const char *name, bool one)
{
	const size_t len = strlen(name);

	if (one)
		return strcmp(value, name) == 0;
	while (*value) {
		const size_t word = strcspn(value, " ");

		if (word == len && strncmp(value, name, len) == 0)
			return true;
		value += word + strspn(value + word, " ");
	}
	return false;
}

static void
draw_cells(struct pen *pen, const struct table *table, int place, bool focus)
{
	const struct fill *fill = pen->fill;
	const bool one = item_of(pen, place)->type == ITEM_SELECT_ONE;
	const char *value = state_value(fill_state(fill), place);

	for (int i = 0; i < (int)table->list->count; i++) {
		const bool on =
		    is_value(value, table->list->choices[i].name, one);
		const int col = table->label_cols + i * table->cell_cols;
		const bool here = focus && fill->choice == i;

		grid_put(pen->grid, pen->row, col,
		    here     ? STYLE_CURSOR
			: on ? STYLE_KEY
			     : STYLE_PLAIN,
		    one ? "(%c)" : "[%c]", on ? 'x' : ' ');
		if (here)
			pen_focus(pen, pen->row, col + 1);
	}
}

static void
add_item_label(const struct pen *pen, int place, struct buf *out)
{
	const struct fill *fill = pen->fill;

	fill_add_text(fill, place, STATE_LABEL, out);
	if (out->len == 0)
		buf_add_text(out, item_of(pen, place)->name);
	if (item_is_question(item_of(pen, place)) &&
	    state_is_required(fill_state(fill), place))
		buf_addf(out, "  (%s)", _("required"));
}

static void
draw_table_row(struct pen *pen, const struct table *table, int place)
{
	const struct fill *fill = pen->fill;
	const bool focus = fill->place == place && fill->focus == FILL_ANSWER;
	struct pen label = *pen;
	struct buf text = BUF_INIT, why = BUF_INIT;

	add_item_label(pen, place, &text);
	label.cols = table->label_cols - 1;
	pen_put(&label, 2, focus ? STYLE_KEY : STYLE_PLAIN, text.data);
	if (focus)
		pen_focus(pen, pen->row, 0);
	if (pen->grid) {
		if (focus)
			grid_put(pen->grid, pen->row, 0, STYLE_KEY, ">");
		draw_cells(pen, table, place, focus);
	}
	pen->row = label.row;
	if (fill->place == place && fill->why)
		buf_add_text(&why, fill->why);
	else if (!state_is_valid(fill_state(fill), place))
		state_why_invalid(
		    fill_state(fill), place, fill_lang(fill), &why);
	if (why.len > 0)
		pen_put(pen, 4, STYLE_URGENT, why.data);
	buf_release(&text);
	buf_release(&why);
}

/* What the line over the table says, where the form has one. */
static void
draw_caption(struct pen *pen, int place)
{
	const struct fill *fill = pen->fill;
	const struct item *first = item_of(pen, place);
	const struct item *heading =
	    first->index > 0 ? &fill->form->items[first->index - 1] : NULL;
	struct buf text = BUF_INIT;

	if (!heading || !item_is_heading(heading))
		return;
	fill_add_text(fill,
	    state_in_row(fill_state(fill), state_row(fill_state(fill), place),
		heading->index),
	    STATE_LABEL, &text);
	if (text.len > 0)
		pen_put(pen, 0, STYLE_TITLE, text.data);
	buf_release(&text);
}

static void
draw_table(struct pen *pen, const int *stops, int rows)
{
	const struct table table = measure(pen, item_of(pen, stops[0]));

	draw_caption(pen, stops[0]);
	draw_heads(pen, &table);
	for (int i = 0; i < rows; i++)
		draw_table_row(pen, &table, stops[i]);
	pen->row++;
}

/* ---- the page ---- */

/* A question that has not the focus: what is asked, what was answered. */
static void
draw_other(struct pen *pen, int place)
{
	const struct fill *fill = pen->fill;
	struct buf label = BUF_INIT, value = BUF_INIT;
	size_t rows;

	add_item_label(pen, place, &label);
	if (item_of(pen, place)->type == ITEM_REPEAT) {
		state_rows(fill_state(fill), place, &rows);
		buf_addf(&value, "× %zu", rows);
	} else if (!item_looks(item_of(pen, place), "masked")) {
		state_add_shown(
		    fill_state(fill), place, fill_lang(fill), &value);
	} else if (state_value(fill_state(fill), place)[0]) {
		buf_add_text(&value, "****");
	}
	if (value.len == 0 && item_is_question(item_of(pen, place)))
		buf_add_text(&value, "-");
	pen_put(pen, 2, STYLE_PLAIN, label.data);
	if (value.len > 0)
		pen_put(pen, 6, STYLE_KEY, value.data);
	buf_clear(&value);
	if (!state_is_valid(fill_state(fill), place))
		state_why_invalid(
		    fill_state(fill), place, fill_lang(fill), &value);
	if (value.len > 0)
		pen_put(pen, 6, STYLE_URGENT, value.data);
	buf_release(&label);
	buf_release(&value);
}

static void
draw_group_label(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	const int parent = fill_item(fill)->parent;
	const struct item *group =
	    parent < 0 ? NULL : &fill->form->items[parent];
	const char *label = group && group->label
	    ? form_text(fill->form, group->label, fill_lang(fill), NULL)
	    : "";

	if (!label[0])
		return;
	pen_put(pen, 0, STYLE_TITLE, label);
	pen->row++;
}

void
fill_draw_page(struct pen *pen)
{
	int count, rows;
	int *stops = fill_page(pen->fill, &count);

	if (count == 0)
		fill_draw_question(pen);
	else
		draw_group_label(pen);
	for (int i = 0; i<count; i += rows> 0 ? rows : 1) {
		rows = fill_grid_rows(pen->fill, stops + i, count - i);
		if (rows > 0) {
			draw_table(pen, stops + i, rows);
		} else if (stops[i] == pen->fill->place) {
			fill_draw_question(pen);
			pen->row++;
		} else {
			draw_other(pen, stops[i]);
		}
	}
	free(stops);
}

/* ---- choices side by side ---- */

static int
choices_a_row(const struct pen *pen, int widest)
{
	const char *columns =
	    strstr(fill_item(pen->fill)->appearance, "columns-");
	const int fit = pen->cols / widest > 0 ? pen->cols / widest : 1;
	const int asked =
	    columns ? (int)strtol(columns + strlen("columns-"), NULL, 10) : 0;

	return asked > 0 && asked < fit ? asked : fit;
}

void
fill_draw_inline(struct pen *pen)
{
	const struct fill *fill = pen->fill;
	const bool one = fill_item(fill)->type == ITEM_SELECT_ONE;
	const struct choice *choice;
	int widest = 1, a_row, i;

	for (i = 0; (choice = fill_choice(fill, i)); i++) {
		const int cols = cols_of(label_of(pen, choice)) + CHOICE_COLS;

		widest = cols > widest ? cols : widest;
	}
	if (widest > pen->cols)
		widest = pen->cols;
	a_row = choices_a_row(pen, widest);
	for (i = 0; (choice = fill_choice(fill, i)); i++) {
		const int row = pen->row + i / a_row;
		const int col = i % a_row * (pen->cols / a_row);
		const bool on = fill_is_chosen(fill, choice);
		const bool here =
		    fill->focus == FILL_ANSWER && fill->choice == i;
		char digit[] = " ";

		if (i < 10)
			digit[0] = (char)('0' + (i + 1) % 10);
		if (pen->grid)
			grid_put(pen->grid, row, col,
			    on ? STYLE_KEY : STYLE_PLAIN,
			    one ? "%c %s (%c) " : "%c %s [%c] ",
			    here ? '>' : ' ', digit, on ? 'x' : ' ');
		if (pen->grid)
			grid_put_cut(pen->grid, row, col + CHOICE_COLS - 2,
			    pen->cols / a_row - CHOICE_COLS + 1,
			    on ? STYLE_KEY : STYLE_PLAIN,
			    label_of(pen, choice));
		if (here ||
		    (fill->focus == FILL_ANSWER && fill->choice < 0 && i == 0))
			pen_focus(pen, row, col);
	}
	pen->row += (i + a_row - 1) / a_row;
}
