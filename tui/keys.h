/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Keys, whatever the terminal calls them: a printable key is its Unicode
 * character, Ctrl with a letter is 1 to 26, and the others are below.
 */
enum key {
	K_TAB = 9,
	K_ENTER = 13,
	K_ESC = 27,
	K_SPECIAL = 0x200000, /* past every character */
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PAGE_UP,
	K_PAGE_DOWN,
	K_DELETE,
	K_BACKSPACE,
	K_BACKTAB,
	K_F0, /* K_F(1) to K_F(12) follow */
	K_ALT_B = K_F0 + 13,
	K_ALT_F,
	K_ALT_ENTER,

	/* Not keys, but they come the same way. */
	K_PASTE,   /* the text is with it */
	K_RESIZE,  /* the terminal has another size */
	K_SUSPEND, /* the program is to stop, as by the shell's Ctrl-Z */
	K_SLEEP,   /* the machine goes to sleep */
	K_SYNC,    /* a test wants to know that all before it was done */
	K_HANGUP,  /* the terminal is gone, or the program is to end */
	K_NONE     /* nothing came in time */
};

#define K_F(number) (K_F0 + (number))
#define K_CTRL(letter) ((letter)&0x1f)

/* True for what is text where text is typed. */
bool key_is_text(int key);

/*
 * The digit of a key, 0 to 9, or -1.  The keys of the upper row of an AZERTY
 * keyboard count without Shift as well: & é " ' ( - è _ ç à.
 */
int key_digit(int key);

/* Adds the character of a printable key. */
void key_add_text(int key, struct buf *out);

/* Adds the name for people: "F1", "Enter" in the language of the moment. */
void key_add_name(int key, struct buf *out);

#endif
