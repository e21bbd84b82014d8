/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TUI_SUPPORT_H
#define TESTS_TUI_SUPPORT_H

#include "tests/support.h"

/* Help for the tests of tui/: a small checklist and goldens of screens. */

/*
 * Writes a checklist into FOLDER/form: every kind of question, a condition
 * (guards -> their number), a constraint (height), a reason.  Returns the
 * path of the folder; the caller's to free.
 */
char *small_checklist(const char *folder);
/* One with people in households: repeats in repeats. */
char *household_checklist(const char *folder);
/* One question of each kind that is answered in a way of its own. */
char *kinds_checklist(const char *folder);

/* Pages, tables and `towns` choices to find one among. */
char *pages_checklist(const char *folder, int towns);

struct ui;

/*
 * Draws what is on top on a grid of rows x cols and compares the text with
 * tests/screens/NAME.screen.  With UPDATE_SCREENS=1 in the environment the
 * file is written instead: look at the change with git diff.  Where digits
 * are random (a control code) or a path is the test's own, they are shown as
 * "0000" and "FOLDER".
 */
void assert_screen(struct ui *ui, int rows, int cols, const char *name);

/* In both languages: NAME-en and NAME-fr. */
void assert_screens(struct ui *ui, const char *name);

/* What assert_screen() shows as "FOLDER". */
void screens_folder(const char *folder);

/* Types text and keys: "\r" is Enter, "\033" Esc, "\t" Tab. */
void ui_type(struct ui *ui, const char *keys);

#endif
