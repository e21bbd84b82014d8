/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_SCRIPT_H
#define CHECKLISTS_SCRIPT_H

#include <stddef.h>

#include "base/error.h"
#include "checklists/state.h"

/*
 * Scripts of answers, for tests and for authors of forms.  A line is one of
 *
 *     PATH = VALUE        household[2]/age = 31; nothing after = takes it back
 *     add REPEAT          one more row behind the others
 *     delete REPEAT N     the row at N, from 1
 *     lang NAME           texts in this language of the form from here on
 *
 * PATH as state_find_typed() takes it; VALUE in the form's own writing, to the
 * end of the line without white space around it ("\n" in it is a new line,
 * "\\" a backslash).  Blank lines and those that begin with # say nothing.
 * The value is set whether the form accepts it or not: state_is_valid() then
 * tells.
 */
struct script {
	struct state *state;
	size_t lang; /* of the form; `lang` changes it */

	/* After each line that says something; -1 with err ends the run. */
	int (*after)(struct script *script, const char *line, size_t number,
	    struct err *err);
	void *arg;
};

enum { SCRIPT_BYTES_MAX = 16 * 1024 * 1024, SCRIPT_LINE_MAX = 1024 * 1024 };

/*
 * Runs the lines of `text` in turn.  -1 with ERR_FORMAT, ERR_NOT_FOUND or
 * ERR_VALUE that names `what`, line and column; what was set before stays.
 */
int script_run(struct script *script, const char *text, size_t len,
    const char *what, struct err *err);

#endif
