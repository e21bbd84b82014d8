/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_ASK_H
#define TUI_ASK_H

#include <stdbool.h>

#include "base/error.h"
#include "tui/view.h"

/*
 * A screen that asks for a few things at once: texts, secrets, paths, one of
 * several choices.  Who opens it gives the fields and what happens when they
 * are complete; what was typed stays while that fails.
 */
struct secret;

enum ask_kind { ASK_TEXT, ASK_SECRET, ASK_PATH, ASK_FOLDER, ASK_CHOICE };

enum { ASK_FIELDS_MAX = 8, ASK_OPTIONS_MAX = 9 };

struct ask_field {
	enum ask_kind kind;
	const char *label;          /* N_() */
	const char *hint;           /* N_(), under the field; NULL */
	const char *const *options; /* ASK_CHOICE: N_(), NULL at the end */
};

enum ask_done {
	ASK_FAILED = -1, /* err is set, the screen stays */
	ASK_CLOSE,       /* the screen closes */
	ASK_GONE         /* the screen was closed already */
};

struct ask_spec {
	const char *name;  /* of the view, for tests */
	const char *title; /* N_() */
	const char *text;  /* N_(), above the fields; NULL */
	struct ask_field fields[ASK_FIELDS_MAX]; /* label NULL at the end */
	bool careful;       /* Enter never finishes it: F10 (or ^S) does */
	bool stays;         /* see struct view_class */
	enum action submit; /* the word for it; ACT_NONE: "continue" */
	enum action other;  /* another way out of this screen; ACT_NONE */
	enum ask_done (*done)(struct view *view, void *arg, struct err *err);
	/* For `other`. */
	enum ask_done (*done_other)(
	    struct view *view, void *arg, struct err *err);
	/* Adds lines above the fields that are known only now; or NULL. */
	void (*add_text)(const struct view *view, void *arg, struct buf *out);
	void (*free_arg)(void *arg); /* or NULL */
};

/* `spec` is borrowed for the view's life, `arg` becomes the view's. */
struct view *view_ask_new(const struct ask_spec *spec, void *arg);

/* Before it is opened, or while it is. */
void ask_set_text(struct view *view, int field, const char *text);
void ask_set_choice(struct view *view, int field, int choice);

const char *ask_text(const struct view *view, int field); /* borrowed */
int ask_choice(const struct view *view, int field);
struct secret *ask_secret(const struct view *view, int field); /* owned */
char *ask_path(const struct view *view, int field); /* expanded; owned */
void ask_focus(struct view *view, int field);

#endif
