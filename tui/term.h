/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "tui/grid.h"

/*
 * The terminal: the one place that knows ncurses.  Brings grids to the screen
 * and keys from the keyboard, and puts the terminal back on every way out:
 * exit(), abort(), out of memory, SIGHUP, SIGTERM, being stopped.
 *
 * RONDE_TEST_SYNC in the environment makes term_sync() answer the questions
 * (K_SYNC) of tests that wait for a screen (tests/vt.h).  NO_COLOR and
 * ESCDELAY are honoured.
 */

/* ERR_UNSUPPORTED where TERM is unset or unknown, or there is no terminal. */
int term_open(struct err *err);

/*
 * The same for an image that takes over from another: its first screen has no
 * mark of its own.  `silent`: the other ended with term_leave_anew().
 */
int term_open_anew(bool silent, struct err *err);
void term_close(void); /* once too often does no harm */

/*
 * Puts the terminal back for the image of the program that comes next;
 * `silent`: it takes over at once, and what is typed in between does not show.
 */
void term_leave_anew(bool silent);

int term_rows(void);
int term_cols(void);

/* Brings the grid to the screen, `sun`: black on white. */
void term_show(const struct grid *grid, bool sun);

/* Forgets what the screen is believed to hold: the next show draws all. */
void term_redraw(void);

/* Empties the screen and what the terminal keeps above it. */
void term_erase(void);

/*
 * The next key, K_PASTE (the text is in `paste`), K_RESIZE, K_SUSPEND,
 * K_SLEEP or K_HANGUP; K_NONE after `timeout` milliseconds (-1: waits for ever).
 */
int term_key(int timeout, struct buf *paste);

/* True when a key waits already. */
bool term_key_waits(void);

/* Stops the program as the shell's Ctrl-Z would; returns when it goes on. */
void term_suspend(void);

/* Writes the mark when nothing waits to be read. */
void term_sync(void);

#endif
