/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_UI_BUSY_H
#define TUI_UI_BUSY_H

#include "base/progress.h"

struct ui;

/* The progress of long work on the screen, drawn when the percentage moves;
 * Esc stops it. */
struct ui_busy {
	struct ui *ui;
	const char *what; /* borrowed */
	int percent;
};

/* `busy` is borrowed for the work. */
struct progress ui_busy_progress(
    struct ui_busy *busy, struct ui *ui, const char *what);

#endif
