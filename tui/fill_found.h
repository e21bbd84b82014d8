/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_FILL_FOUND_H
#define TUI_FILL_FOUND_H

#include "checklists/form.h"
#include "tui/line.h"

/*
 * Choices found by typing: their labels as people search them (small letters,
 * no accents) in one text, which is looked through at each key.
 */
enum { FOUND_MAX = 500 }; /* that a filter lists: nobody reads more */

struct found {
	struct line line;
	const struct choice_list *list; /* that the keys are of; NULL: none */
	size_t lang;
	char *keys;   /* "\nkey\nkey\n", by the choices of the list */
	size_t *at;   /* where the key of a choice begins */
	int *offered; /* by choice of the list: its place there; -1 */
	int *all;     /* the choices offered, in their order */
	int all_count;
	int matches[FOUND_MAX]; /* choices of the list */
	int count;              /* of what the line finds, or of all */
	bool more;              /* than FOUND_MAX */
	int cursor;             /* among them; -1: none */
	bool browsing;          /* by the arrows since the last letter */
};

void found_release(struct found *found);

/* Begins with nothing typed; `offered` are `count` choices of the list. */
void found_start(struct found *found, const struct form *form,
    const struct choice_list *list, size_t lang, const int *offered, int count);

/* After a key: finds again. */
void found_find(struct found *found);

/* The choice of the list on line `index`; -1 past the end. */
int found_at(const struct found *found, int index);
/* The one at the cursor, as its place among those offered; -1. */
int found_offered(const struct found *found);
void found_move(struct found *found, int step);

#endif
