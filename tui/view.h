/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "tui/action.h"
#include "tui/keymap.h"

/*
 * A view is one screen.  Each kind of view is a constant `struct view_class`
 * and a struct whose first member is a `struct view`.
 *
 * The flow is one way:  key -> action -> act() -> state -> draw() -> grid.
 * draw() cannot change the view, and act() does not draw.  The frame (where I
 * am, what is saved, messages, keys) is drawn by ui.c; a view draws the rows
 * from VIEW_TOP to grid->rows - VIEW_FOOT.
 */
struct grid;
struct ui;
struct view;

enum { VIEW_TOP = 2, VIEW_FOOT = 2 };

enum view_result {
	VIEW_STAY,  /* draw me again */
	VIEW_CLOSE, /* go back to the view below */
	VIEW_UNUSED /* not mine: let the common code handle the action */
};

/* What is NULL is not needed by that view. */
struct view_class {
	const char *name;           /* fixed: in tests */
	const struct binding *keys; /* tried before common_keys[] */
	const enum action *bar;     /* for the last line; ACT_NONE at the end */

	/* Adds where I am, for the first line. */
	void (*title)(const struct view *view, struct buf *out);

	/* Draws the view; must not do input or output. */
	void (*draw)(const struct view *view, struct grid *grid);

	/*
	 * Carries out `action`.  On trouble sets `err` and returns VIEW_STAY;
	 * the common code shows the message.
	 */
	enum view_result (*act)(
	    struct view *view, enum action action, struct err *err);

	/* True while printable keys are text. */
	bool (*typing)(const struct view *view);
	/* A key while typing, before the key tables; false: not used. */
	bool (*type)(struct view *view, int key);
	/* False when it does not fit: then nothing was added. */
	bool (*paste)(struct view *view, const char *text);

	/* A digit while nothing is typed, AZERTY's upper row included. */
	bool (*digit)(struct view *view, int digit, struct err *err);

	/* False for what makes no sense now: left out of help and bar. */
	bool (*can)(const struct view *view, enum action action);

	/* What it shows comes by itself: called every UI_LIVE_MS without a
	 * key, to read what came; must not wait. */
	void (*live)(struct view *view, struct err *err);

	/* The view is on top again; read again what may have changed. */
	void (*shown)(struct view *view, struct err *err);

	/*
	 * For the way back after a lock (place.h): adds to `place` what
	 * restore() needs, when the view was opened again, to stand where it
	 * stood, with what was typed.
	 */
	void (*keep)(const struct view *view, json_t *place);
	void (*restore)(struct view *view, const json_t *place);

	/* A form that is being filled: no letter is a command in it. */
	bool is_form;

	/* What it shows exists nowhere else: the vault is not locked now. */
	bool stays;

	/* What is typed differs from what is on disk. */
	bool (*unsaved)(const struct view *view);

	/* Saves what was typed but not yet saved; the program is leaving. */
	void (*flush)(struct view *view, struct err *err);

	/* Frees the view and all it owns. */
	void (*free)(struct view *view);
};

struct view {
	const struct view_class *class;
	struct ui *ui;
	struct view *below; /* the view this one was opened from; or NULL */
};

bool view_typing(const struct view *view);
/* No letter is a command now: text is typed, or a form is filled. */
bool view_keeps_letters(const struct view *view);

#endif
