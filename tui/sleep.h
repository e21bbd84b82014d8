/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_SLEEP_H
#define TUI_SLEEP_H

#include <stdbool.h>

/*
 * Told by logind, over the system bus, that the machine goes to sleep: the one
 * place that knows libsystemd.  A delay lock is held meanwhile, so that there
 * is time to lock the vault; it ends when this image of the program does, or
 * with sleep_let().
 *
 * Nothing here waits.  Where there is no bus, no logind or no libsystemd,
 * sleep_fd() is -1 and nothing ever comes.
 */
void sleep_open(void);
void sleep_close(void);

/* For poll(): the descriptor (-1: none), its events, and how many
 * milliseconds to wait at most (-1: no limit). */
int sleep_fd(void);
short sleep_events(void);
int sleep_timeout(void);

/* After poll(), whatever came of it: true when the machine goes to sleep. */
bool sleep_comes(void);

/* Nothing more is to be done: it may sleep now. */
void sleep_let(void);

#endif
