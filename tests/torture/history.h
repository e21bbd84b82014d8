/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_HISTORY_H
#define TESTS_TORTURE_HISTORY_H

#include "tests/torture/work.h"

/*
 * What the files of one vault were after each step of a workload over several
 * sessions: what someone who copies them now and then has at hand.
 */
enum { HISTORY_MAX = 40 };

struct history {
	struct memdisk *states[HISTORY_MAX];
	long events[HISTORY_MAX]; /* that were acknowledged then */
	size_t count;

	/*
	 * The last one: closed; and as it was before that, with a log whose
	 * last transaction, of the last event, begins at `last_at`.
	 */
	struct memdisk *closed, *killed;
	long all, carried; /* the last: into the file */
	size_t last_at;
};

/* Fills it; ends the program on failure. */
void history_make(struct history *history, uint64_t seed);
void history_release(struct history *history);

#endif
