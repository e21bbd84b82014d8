/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TERMINAL_SUPPORT_H
#define TESTS_TERMINAL_SUPPORT_H

#include "tests/vt.h"

/*
 * A vault with one inspection of the small checklist at "Poste Nord", made by
 * the command line, and the real program on it.  For tests on a
 * pseudo-terminal.
 */
#define ESC "\033"
#define F1 "\033OP"
#define F2 "\033OQ"
#define F3 "\033OR"
#define F4 "\033OS"
#define F5 "\033[15~"
#define F6 "\033[17~"
#define F7 "\033[18~"
#define F8 "\033[19~"
#define F9 "\033[20~"
#define F10 "\033[21~"
#define F12 "\033[24~"
#define DOWN "\033OB"

enum { LINE_ROOM = 4096 };

extern char *home_folder; /* of the whole run; also HOME */
extern char *form;        /* the small checklist */

/* Once, before all tests; `passphrase` opens the vault. */
void terminal_set_up(const char *passphrase, const char *site);

/* `environment` (or NULL) comes on top of what every start has, which is a
 * file with the passphrase unless `asks`. */
struct terminal {
	const char *const *environment;
	const char *term;
	int rows, cols;
	bool asks;
};

/* The command line on that vault: "site add --name Kolda". */
void terminal_run(const char *command);
struct vt *terminal_start(const struct terminal *terminal);
struct vt *start_plain(void); /* already unlocked, 24x80 */

/* From home: the first inspection, at the question found by `typed`. */
void open_question(struct vt *vt, const char *typed, const char *label);
void open_remarks(struct vt *vt);

#endif
