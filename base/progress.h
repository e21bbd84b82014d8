/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

#include "base/error.h"

/*
 * How long work tells how far it is, and asks whether to go on.
 *
 * Work takes a `const struct progress *`, NULL where nobody wants to know.
 * `done` of `total` are of any one unit (bytes, pages, events); total 0 means
 * that the end is not known.  step() is called at least some ten times a
 * second and may be called far more often; it is cheap and does not change
 * what is being worked on.
 */
struct progress {
	int (*step)(void *arg, uint64_t done, uint64_t total); /* not 0: stop */
	void *arg;
};

/* 0, or -1 with ERR_CANCELLED when it is to stop; `progress` may be NULL. */
int progress_step(const struct progress *progress, uint64_t done,
    uint64_t total, struct err *err);

#endif
