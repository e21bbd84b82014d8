/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <signal.h>
#include <stdbool.h>

#include "base/progress.h"

/*
 * Progress of a command: one line on standard error when that is a terminal,
 * drawn over itself and gone at the end.  From begin to end Ctrl-C (SIGINT,
 * SIGTERM, SIGHUP too) asks the work to stop cleanly, terminal or not.
 *
 *	struct progress_line line;
 *
 *	progress_line_begin(&line, _("Copying the vault"));
 *	result = vault_backup(vault, path, &line.progress, err);
 *	progress_line_end(&line);
 *
 * One at a time.
 */
struct progress_line {
	struct progress progress; /* what the work is given */
	const char *title;        /* borrowed until the end */
	bool begun;               /* the signals are ours */
	bool shown;               /* a line stands on the terminal */
	int percent;              /* the last one drawn */
	struct sigaction before[3];
};

void progress_line_begin(struct progress_line *line, const char *title);

/* For work that mostly takes no time: it begins with the first step, and
 * before that Ctrl-C ends the program as ever. */
void progress_line_prepare(struct progress_line *line, const char *title);

void progress_line_end(struct progress_line *line);

#endif
