/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_TTY_H
#define TUI_TTY_H

#include <stdbool.h>

/*
 * The settings of the terminal's line, for when the program executes itself
 * anew: what is typed between the two must not be written on the screen, and
 * may be a passphrase.
 */

/* Before anything changes them; `silent`: tty_silence() came before. */
void tty_remember(bool silent);

/* Sane, but nothing that is typed shows. */
void tty_silence(void);

/* As they were at the very first start. */
void tty_put_back(void);

#endif
