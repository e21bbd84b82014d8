/* SPDX-License-Identifier: Apache-2.0 */
#include <sqlite3.h>
#include <limits.h>
#include <stdio.h>

#include "base/compiler.h"
#include "storage/vault_internal.h"
#include "tests/torture/torture.h"
#include "tests/torture/work.h"

/*
 * The n-th call fails, once or from then on: of the disk's, of its writes, or
 * of SQLite's for memory.  What is refused is refused with a reason, the
 * session goes on as far as it can, and afterwards everything acknowledged is
 * there, nothing by halves, and the vault takes more.
 *
 * A workload is a row of sessions; each begins where the one before it ended
 * when nothing failed, and is tried again with each of its calls failing.  So
 * the n-th call of the whole is met without running all before it again.
 */
enum { STEPS = 4, EVENTS_MAX = 40 };

struct fault {
	const struct torture_plan *plan;
	struct figures *figures;
	struct memdisk *start, *disk;
	struct work work;   /* as the session begins */
	unsigned long ends; /* bit n: acknowledged + n may be there */
	long n;             /* of the whole workload */

	/* What counts calls and makes them fail; at 0: none does. */
	void (*arm)(struct memdisk *disk, long at, bool persistent);
	long (*calls)(const struct memdisk *disk);
	const char *runs_name, *calls_name, *refused_name;
};

static sqlite3_mem_methods system_memory;
static long malloc_calls, malloc_at;
static bool malloc_persistent;

static bool
memory_fails(void)
{
	malloc_calls++;
	return malloc_at > 0 &&
	    (malloc_calls == malloc_at ||
		(malloc_calls > malloc_at && malloc_persistent));
}

static void *
counted_malloc(int size)
{
	return memory_fails() ? NULL : system_memory.xMalloc(size);
}

static void *
counted_realloc(void *old, int size)
{
	return memory_fails() ? NULL : system_memory.xRealloc(old, size);
}

/* Without lookaside more is asked of the allocator, so more can fail. */
void
torture_malloc_install(void)
{
	static sqlite3_mem_methods counted;

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory);
	counted = system_memory;
	counted.xMalloc = counted_malloc;
	counted.xRealloc = counted_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &counted);
	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}

static void
arm_malloc(struct memdisk *disk, long at, bool persistent)
{
	(void)disk;
	malloc_calls = 0;
	malloc_at = at;
	malloc_persistent = persistent;
}

static long
calls_of_malloc(const struct memdisk *disk)
{
	(void)disk;
	return malloc_calls;
}

static void
arm_io(struct memdisk *disk, long at, bool persistent)
{
	memdisk_fail(disk, FAULT_ANY, at > 0 ? at : LONG_MAX, persistent);
}

static void
arm_full(struct memdisk *disk, long at, bool persistent)
{
	memdisk_fail(disk, FAULT_FULL, at > 0 ? at : LONG_MAX, persistent);
}

static void
report(
    struct fault *fault, const char *what, long number, const struct err *err)
{
	figure_fail(fault->figures, "seed %llu, call %ld, %s: %s (%ld): %s",
	    (unsigned long long)fault->plan->seed, fault->n, fault->calls_name,
	    what, number, err->msg);
}

static void
refused(struct fault *fault, const struct err *err)
{
	figure_add(fault->figures, fault->refused_name, 1);
	if (err->code == ERR_FORMAT || err->code == ERR_CONFLICT ||
	    err->code == ERR_AUTH || err->code == ERR_NONE)
		report(fault, "refused for another reason", err->code, err);
}

/* The session, as far as it goes; it may still be open. */
static struct vault *
run_session(struct fault *fault, struct work *work)
{
	struct err err = { 0 };
	struct vault *vault = memvault_open(fault->disk, &err);

	fault->ends = 1;
	if (!vault || work_begin(vault, &err) != 0)
		refused(fault, &err);
	for (int i = 0; vault && i < STEPS; i++) {
		const long before = work->acknowledged;

		err = (struct err){ 0 };
		if (work_step(work, vault, &err) != 0)
			refused(fault, &err);
		if (work->acknowledged != before)
			fault->ends = 1;
		else
			fault->ends |= 1UL << (work->under_way - before);
	}
	return vault;
}

/* The fault is over: what the session that met it now sees. */
static void
look_again(struct fault *fault, struct vault *vault, const struct work *work)
{
	struct err err = { 0 };
	const long events = memvault_check(vault, &err);

	if (events < 0 && err.code == ERR_CONFLICT)
		report(fault, "sees wrong data", events, &err);
	else if (events >= 0 && events != work->acknowledged)
		report(fault, "sees other events", events, &err);
}

static void
check_after(struct fault *fault, const struct work *work)
{
	struct err err = { 0 };
	struct vault *vault = memvault_open(fault->disk, &err);
	long events;

	if (!vault) {
		report(fault, "does not open", 0, &err);
		return;
	}
	events = memvault_check(vault, &err);
	if (events < work->acknowledged ||
	    !(fault->ends >> (events - work->acknowledged) & 1))
		report(fault, "other events", events, &err);
	else if (memvault_append(vault, events + 1, events + 1, &err) != 0)
		report(fault, "takes no more", events, &err);
	vault_close(vault);
}

static void
try_at(struct fault *fault, long at, bool persistent)
{
	struct work work = fault->work;
	struct vault *vault;

	memdisk_copy(fault->disk, fault->start);
	fault->arm(fault->disk, at, persistent);
	vault = run_session(fault, &work);
	if (vault && at % 2) { /* the other half ends while it lasts */
		fault->arm(fault->disk, 0, false);
		look_again(fault, vault, &work);
	}
	vault_close(vault);
	fault->arm(fault->disk, 0, false);
	check_after(fault, &work);
	figure_add(fault->figures, fault->runs_name, 1);
}

static bool
is_done(const struct fault *fault)
{
	return fault->n >= fault->plan->count ||
	    (fault->plan->limit > 0 &&
		fault->figures->failures >= fault->plan->limit);
}

/* One session: without failure, to count its calls; then with each. */
static void
try_session(struct fault *fault)
{
	struct memdisk *after = memdisk_new("after");
	struct work work = fault->work;
	long calls;

	memdisk_copy(fault->disk, fault->start);
	fault->arm(fault->disk, 0, false);
	vault_close(run_session(fault, &work));
	calls = fault->calls(fault->disk);
	memdisk_copy(after, fault->disk);
	for (long at = 1; at <= calls && !is_done(fault); at++) {
		fault->n++;
		if (fault->n % fault->plan->every != 0)
			continue;
		try_at(fault, at, false);
		try_at(fault, at, true);
	}
	fault->work = work;
	memdisk_copy(fault->start, after);
	memdisk_free(after);
}

static void
run(struct fault *fault)
{
	struct memdisk *empty = memdisk_new("empty");

	memvault_make(empty);
	fault->start = memdisk_new("start");
	fault->disk = memdisk_new("disk");
	fault->work.random = fault->plan->seed;
	fault->work.acknowledged = EVENTS_MAX;
	while (!is_done(fault)) {
		if (fault->work.acknowledged >= EVENTS_MAX) {
			memdisk_copy(fault->start, empty);
			fault->work.acknowledged = 0;
		}
		try_session(fault);
	}
	figure_add(fault->figures, fault->calls_name, fault->n);
	memdisk_free(fault->start);
	memdisk_free(fault->disk);
	memdisk_free(empty);
}

void
torture_io(const struct torture_plan *plan, struct figures *figures)
{
	struct fault fault = { .plan = plan,
		.figures = figures,
		.arm = arm_io,
		.calls = memdisk_calls,
		.runs_name = "io_runs",
		.calls_name = "io_calls",
		.refused_name = "io_refused" };

	run(&fault);
}

void
torture_full(const struct torture_plan *plan, struct figures *figures)
{
	struct fault fault = { .plan = plan,
		.figures = figures,
		.arm = arm_full,
		.calls = memdisk_calls,
		.runs_name = "full_runs",
		.calls_name = "full_writes",
		.refused_name = "full_refused" };

	run(&fault);
}

void
torture_malloc(const struct torture_plan *plan, struct figures *figures)
{
	struct fault fault = { .plan = plan,
		.figures = figures,
		.arm = arm_malloc,
		.calls = calls_of_malloc,
		.runs_name = "malloc_runs",
		.calls_name = "malloc_calls",
		.refused_name = "malloc_refused" };

	run(&fault);
}
