/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_ASK_INTERNAL_H
#define TUI_ASK_INTERNAL_H

#include "tui/ask.h"
#include "tui/grid.h"
#include "tui/line.h"

/*
 * The screen that asks: view_ask.c has the keys and its life, ask_draw.c
 * draws, ask_values.c is what others read of it.  Nothing else includes this.
 */
struct ask {
	struct view view;
	struct view_class class; /* its bar depends on the spec */
	enum action bar[7];
	const struct ask_spec *spec;
	void *arg;
	struct line lines[ASK_FIELDS_MAX];
	int choices[ASK_FIELDS_MAX];
	int count, focus;
	bool shown; /* secrets */
};

const struct ask *ask_of(const struct view *view);
const struct ask_field *ask_field_at(const struct ask *ask, int field);
bool ask_is_choice(const struct ask *ask, int field);
int ask_option_count(const struct ask_field *field);

void ask_keep(const struct view *view, json_t *place);
void ask_restore(struct view *view, const json_t *place);

void ask_draw(const struct view *view, struct grid *grid);

#endif
