/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_LINE_H
#define TUI_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/grid.h"

struct secret;

/*
 * Text that is being typed.  The cursor moves by characters as people see
 * them.  Keys: ^A ^E ^B ^F ^U ^K ^W ^H ^D, Alt-b Alt-f, arrows, Home, End,
 * Backspace, Del; in several lines also Alt-Enter or ^O for a new one, Up and
 * Down.
 */
enum line_kind {
	LINE_TEXT,
	LINE_NUMBER, /* the AZERTY upper row counts without Shift */
	LINE_SECRET, /* guarded memory; stars unless shown */
	LINE_MULTILINE
};

enum { LINE_BYTES_MAX = 32768, LINE_SECRET_MAX = 1024 };

struct line {
	enum line_kind kind;
	char *text;            /* NUL-ended; owned, or inside `secret` */
	size_t len, room, at;  /* bytes; `at` is the cursor */
	struct secret *secret; /* holds the text of a LINE_SECRET */
	bool changed;          /* since line_set() */
	bool full;             /* something did not fit */
};

void line_init(struct line *line, enum line_kind kind);
void line_release(struct line *line); /* wiped; a zeroed one is allowed */
void line_set(struct line *line, const char *text); /* cursor at the end */

/* As it stood before: `changed`, and the cursor where it was. */
void line_restore(struct line *line, const char *text, size_t at);

/* Does what a key means here; false when it means nothing here. */
bool line_key(struct line *line, int key);

/* Adds at the cursor; newlines become spaces where there is one line.  False
 * when it does not fit: then nothing is added. */
bool line_insert(struct line *line, const char *text);

/* A copy of what was typed in guarded memory; the caller's to free. */
struct secret *line_secret(const struct line *line);

/*
 * Draws it in `box`, scrolled so that the cursor shows, and puts the cursor
 * of the grid there when `focus`.
 */
void line_draw(const struct line *line, struct grid *grid,
    const struct grid_box *box, bool focus, bool shown);

#endif
