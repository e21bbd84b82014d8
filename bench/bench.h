/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>

/*
 * Help for benches.  A figure is a line `name value unit bound`, separated by
 * tabs; the bound is the figure's limit, `-` where it has none.  What is
 * compared is run in turns in one process, so that a slow moment of the
 * machine meets both.
 */
double bench_now(void); /* seconds, monotonic */
double bench_cpu(void); /* seconds that this process has worked */

/* Prints one figure; `bound` 0 is none. */
void bench_print(
    const char *name, double value, const char *unit, double bound);

/* The middle of `count` values; sorts them. */
double bench_median(double *values, size_t count);

/* An empty folder that is taken away at exit; static. */
const char *bench_folder(void);

/* Ends the bench with a message. */
void bench_die(const char *what, const char *why);

#endif
