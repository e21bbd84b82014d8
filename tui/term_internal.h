/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_TERM_INTERNAL_H
#define TUI_TERM_INTERNAL_H

#include <stdbool.h>

/*
 * The terminal's two files: term.c opens, closes and shows, term_keys.c reads.
 * Nothing else includes this, and nothing else knows ncurses.
 */
void term_write(const char *text); /* past ncurses */

/* ncurses is there; `anew` as for term_open_anew(). */
void term_keys_open(bool anew);
/* Before the next image: what a test was promised goes with it. */
void term_keys_leave(void);

#endif
