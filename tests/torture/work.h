/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_WORK_H
#define TESTS_TORTURE_WORK_H

#include "tests/torture/memvault.h"

/*
 * A workload: transactions of one to three events, and between them pages
 * that come and go, spills, savepoints, VACUUM, checkpoints of each kind.
 * The same seed does the same.
 */
struct work {
	uint64_t random;
	long acknowledged; /* the last event whose commit was told */
	long under_way;    /* the last one of the transaction under way */
};

/* Few pages in memory, so they spill; short logs, which start over often. */
int work_begin(struct vault *vault, struct err *err);

/* One transaction with events, then perhaps something else. */
int work_step(struct work *work, struct vault *vault, struct err *err);

#endif
