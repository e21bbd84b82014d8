/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/var/tmp/ronde-bench.XXXXXX";

double
bench_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double
bench_cpu(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

void
bench_print(const char *name, double value, const char *unit, double bound)
{
	if (bound > 0)
		printf("%s\t%.3f\t%s\t%.3f\n", name, value, unit, bound);
	else
		printf("%s\t%.3f\t%s\t-\n", name, value, unit);
	fflush(stdout);
}

static int
compare(const void *one, const void *other)
{
	const double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

double
bench_median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

static int
remove_one(const char *path, const struct stat *stat, int flag, struct FTW *ftw)
{
	(void)stat;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void
remove_folder(void)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
bench_folder(void)
{
	if (!mkdtemp(folder))
		bench_die(folder, "cannot be made");
	atexit(remove_folder);
	setenv("XDG_STATE_HOME", folder, 1); /* anchors are not for a home */
	return folder;
}

void
bench_die(const char *what, const char *why)
{
	fprintf(stderr, "bench: %s: %s\n", what, why);
	exit(1);
}
