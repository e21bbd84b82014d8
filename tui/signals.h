/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Signals only set a flag and write a byte to a pipe; all work is done where
 * keys are read.  SIGHUP, SIGTERM and SIGINT end the program, SIGTSTP stops
 * it, SIGWINCH tells of another size.
 */
enum signal_word { SIGNAL_NONE, SIGNAL_END, SIGNAL_STOP, SIGNAL_RESIZE };

/* `on_abort` puts the terminal back before the message of abort(). */
int signals_open(void (*on_abort)(void), struct err *err);

/* What came, the gravest first; an end stays, the others are told once. */
enum signal_word signals_next(void);

/* Whether the program is to end; takes nothing away. */
bool signals_ended(void);

/* Readable when something came; then signals_drain(). */
int signals_fd(void);
void signals_drain(void);

/*
 * Before the program executes itself anew: what comes from now on waits for
 * the signals_open() of the new image.  False when an end came already.
 */
bool signals_hold(void);

/* Stops this program and what it started; returns when it goes on. */
void signals_stop(void);

#endif
