/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>

#include "tui/action.h"
#include "tui/grid.h"

/*
 * A cursor in a list that may be longer than the screen.  Who draws asks for
 * the first line that shows; what the lines are is the view's own matter.
 */
struct list {
	int count, cursor;
};

void list_resize(struct list *list, int count); /* cursor stays inside */

/* Up, down, pages, first, last; false for any other action. */
bool list_act(struct list *list, enum action action);

/* The first line to draw in `rows` rows. */
int list_top(const struct list *list, int rows);

/* Draws ">" and puts the hardware cursor there on the cursor's line, else
 * two spaces.  Returns the column after it. */
int list_mark(const struct list *list, struct grid *grid, int row, int index);

/* Marks the line `row` as the cursor's when it is. */
void list_highlight(
    const struct list *list, struct grid *grid, int row, int index);

#endif
