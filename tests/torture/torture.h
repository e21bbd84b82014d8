/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_TORTURE_H
#define TESTS_TORTURE_TORTURE_H

#include <stddef.h>
#include <stdint.h>

/*
 * What is done to the vault, each as a function that goes on until `plan` is
 * fulfilled and counts what it saw.  The same functions run shortly in the
 * ordinary tests and long in `make torture`.
 */
struct figures {
	struct {
		const char *name; /* a literal */
		long value;
	} list[32];
	size_t count;
	long failures; /* what must be 0; told on stderr as they come */
};

/* Adds to the figure of that name. */
void figure_add(struct figures *figures, const char *name, long value);

/* What failed, where it was met, for a person; counts it. */
void figure_fail(struct figures *figures, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

struct torture_plan {
	long count;    /* images, calls or cases to reach */
	uint64_t seed; /* of the workload and all chances; not 0 */
	long every;    /* of n calls, each, or every so many */
	long limit;    /* failures after which to stop; 0: none */
};

/* Crash images after each point; see crash.c. */
void torture_crash(const struct torture_plan *plan, struct figures *figures);

/* The n-th call fails, once and from then on; see fault.c. */
void torture_io(const struct torture_plan *plan, struct figures *figures);
void torture_full(const struct torture_plan *plan, struct figures *figures);
void torture_malloc(const struct torture_plan *plan, struct figures *figures);

/* Bits flipped, pages swapped, old states put back; see flip.c, swap.c. */
void torture_flip(const struct torture_plan *plan, struct figures *figures);
void torture_swap(const struct torture_plan *plan, struct figures *figures);

/*
 * Before anything of SQLite runs: its memory passes through a counter that
 * torture_malloc() makes fail.
 */
void torture_malloc_install(void);

#endif
