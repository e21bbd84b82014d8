/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_UI_H
#define TUI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "tui/tui.h"
#include "tui/view.h"

/*
 * What all screens share: the stack of views, the vault, messages.  There is
 * no terminal here: ui_key() takes a key, ui_draw() makes a grid.
 */
struct vault;

/* Why the vault was locked. */
enum lock_reason {
	LOCK_NONE,
	LOCK_KEY,
	LOCK_IDLE,
	LOCK_SLEEP, /* the machine goes to sleep */
	LOCK_STOP,  /* the program stops, as by the shell's Ctrl-Z */
	LOCK_COUNT
};

enum {
	UI_MESSAGES_MAX = 100,
	UI_ROWS_MIN = 24,
	UI_COLS_MIN = 80,
	UI_IDLE_WARNING_MS = 30 * 1000, /* the countdown before the lock */
	UI_LIVE_MS = 500,                   /* between looks at what is live */
	UI_IDLE_LOOK_MS = 10 * 1000     /* the longest wait: clocks jump */
};

struct ui_message {
	int64_t time;
	bool is_error;
	char *text;
};

struct ui {
	struct tui_options options;
	char *vault_path;    /* owned */
	char *folder;        /* of the last file used, or NULL; owned */
	struct vault *vault; /* NULL while locked */
	struct view *top;
	struct err error;    /* stays on the screen until acknowledged */
	bool error_answered; /* something was typed since then */
	char *message;       /* goes with the next key; NULL: none */
	int64_t saved;       /* when an answer was last saved; 0: not yet */
	int64_t idle;        /* locks after so many milliseconds; 0: never */
	int64_t last_key;    /* when one was pressed */
	bool too_small; /* as last drawn: one sees nothing of what keys do */
	bool sun, quit, redraw, suspend;
	bool entered;            /* the home was shown since unlocking */
	bool sleeps;             /* the machine goes to sleep: lock at once */
	bool place_kept;         /* in the vault; see place.h */
	enum lock_reason locked; /* the program is to execute itself anew */
	struct ui_message log[UI_MESSAGES_MAX];
	size_t log_count;

	/* Told during long work: draws; true when the person wants to stop. */
	bool (*busy)(struct ui *ui, const char *what, int percent);
};

void ui_init(struct ui *ui, const struct tui_options *options);
void ui_release(struct ui *ui);

/* Puts a view on top; the ui owns it. */
void ui_open(struct ui *ui, struct view *view);
/* Takes a view off the stack and frees it; the one then on top is shown. */
void ui_close(struct ui *ui, struct view *view);
void ui_close_all(struct ui *ui);
/* Closes all, then opens `view`. */
void ui_restart(struct ui *ui, struct view *view);

/* A message that goes with the next key, and stays in the list. */
void ui_tell(struct ui *ui, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* An error stays until Enter or Esc; see acknowledges(). */
void ui_fail(struct ui *ui, const struct err *err);
/* They name people and sites: gone, with the error, when the vault locks. */
void ui_forget_messages(struct ui *ui);
/* An answer is on disk: called where inspection_set() returned 0. */
void ui_saved(struct ui *ui);

/* Something typed is not on disk yet. */
bool ui_is_unsaved(const struct ui *ui);

/* Where the next list of files begins; the vault keeps nothing of it. */
void ui_set_folder(struct ui *ui, const char *folder);

/* One key, or the pasted text with K_PASTE; NULL: it is too long. */
void ui_key(struct ui *ui, int key, const char *paste);
/* What a key or a line of the help asks for. */
void ui_act(struct ui *ui, enum action action);

void ui_draw(struct ui *ui, struct grid *grid);

/* Keeps what is typed, closes the vault. */
void ui_leave(struct ui *ui);

/*
 * The vault is closed and the keys wiped; the unlock screen comes, in a new
 * image of the program where there is one (`locked`).  The vault keeps where
 * one was (place.h), and unlocking comes back to it.  False where it may not
 * be locked now, with a message (ui_may_lock()), or there is none yet.
 */
bool ui_lock(struct ui *ui, enum lock_reason reason);
bool ui_may_lock(const struct ui *ui);

/*
 * The lock of who went away.  ui_idle_wait() says how many milliseconds to
 * wait for a key before ui_idle(), which locks when the time is up; -1: for
 * ever.  ui_idle_left() is what the countdown shows; -1 while there is none.
 * During the countdown a key prolongs and does nothing else.
 */
int ui_idle_wait(const struct ui *ui);
void ui_idle(struct ui *ui);
int ui_idle_left(const struct ui *ui); /* seconds */
/* The vault was opened or made: what the screens remember is read, and home
 * comes. */
void ui_unlocked(struct ui *ui, struct vault *vault);
/* Where nothing is left to be decided of it: home, and where one was. */
void ui_enter(struct ui *ui);
/* The language, kept in the vault when one is open. */
void ui_set_lang(struct ui *ui, enum lang lang);

#endif
