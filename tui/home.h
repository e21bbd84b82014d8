/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_HOME_H
#define TUI_HOME_H

#include "crypto/ids.h"
#include "inspections/inspection.h"
#include "tui/grid.h"
#include "tui/line.h"
#include "tui/list.h"
#include "tui/view.h"

/*
 * The home screen: home_rows.c reads, home_draw.c draws, view_home.c says
 * which key does what.  Nothing else includes this.
 */
struct home_row {
	char id[ID_MAX], site[ID_MAX]; /* id "" for a site alone */
	char *name, *checklist, *due;
	struct inspection_info info; /* its texts are taken out */
};

struct home {
	struct view view;
	struct home_row *rows;
	size_t count, room;
	struct list list; /* over the rows that are found */
	struct line find;
	bool finding;
	struct buf last; /* the last event of the vault, in words */
};

/* Reads all anew, and finds again what was searched. */
int home_read_rows(struct home *home, struct ui *ui, struct err *err);
void home_release_rows(struct home *home);

void home_find(struct home *home);
/* Of what was found; NULL past the end. */
struct home_row *home_row_at(const struct home *home, int index);

void home_draw(const struct view *view, struct grid *grid);

#endif
