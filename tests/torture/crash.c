/* SPDX-License-Identifier: Apache-2.0 */
#include "base/compiler.h"
#include "tests/torture/memvault.h"
#include "tests/torture/torture.h"
#include "tests/torture/work.h"

/*
 * After every single write, truncation, sync and deletion of a workload: what
 * a kill -9 leaves, and some of what a power cut may leave.  Each such disk
 * must open, be whole, hold every event that was acknowledged and no half of
 * a transaction, and take a new one; every fourth is opened again to find it.
 *
 * A cut that leaves the same disk as another of the same moment is not
 * counted and not looked at.
 */
enum { PER_POINT = 3, TRIES = 6, SESSIONS = 3, STEPS = 7, REOPEN_EVERY = 4 };

struct crash {
	struct memdisk *disk, *image;
	struct work work;
	const struct torture_plan *plan;
	struct figures *figures;
	long images;
};

static bool
is_done(const struct crash *crash)
{
	return crash->images >= crash->plan->count ||
	    (crash->plan->limit > 0 &&
		crash->figures->failures >= crash->plan->limit);
}

static void
report(struct crash *crash, const char *kind, const char *what,
    const struct err *err)
{
	figure_add(crash->figures, kind, 1);
	figure_fail(crash->figures,
	    "seed %llu, image %ld, events %ld to %ld: %s: %s",
	    (unsigned long long)crash->plan->seed, crash->images,
	    crash->work.acknowledged, crash->work.under_way, what, err->msg);
}

/* Looks at an open image and adds to it; the events it then has, or -1. */
static long
check_open(struct crash *crash, struct vault *vault)
{
	struct err err = { 0 };
	const long events = memvault_check(vault, &err);

	if (events < 0) {
		report(crash, "crash_broken", "is not whole", &err);
		return -1;
	}
	if (events != crash->work.acknowledged &&
	    events != crash->work.under_way) {
		err_set(&err, ERR_CONFLICT, "%ld events", events);
		report(crash, "crash_lost", "other events", &err);
		return -1;
	}
	if (memvault_append(vault, events + 1, events + 1, &err) != 0) {
		report(crash, "crash_broken", "takes no new event", &err);
		return -1;
	}
	return events + 1;
}

static void
check_image(struct crash *crash)
{
	struct err err = { 0 };
	struct vault *vault = memvault_open(crash->image, &err);
	long events;

	crash->images++;
	if (!vault) {
		report(crash, "crash_unopenable", "does not open", &err);
		return;
	}
	events = check_open(crash, vault);
	vault_close(vault);
	if (events < 0 || crash->images % REOPEN_EVERY != 0)
		return;
	vault = memvault_open(crash->image, &err);
	if (!vault)
		report(crash, "crash_unopenable", "does not open again", &err);
	else if (vault_head(vault).count != (uint64_t)events)
		report(crash, "crash_lost", "lost what was added", &err);
	vault_close(vault);
}

/* A cut that no other of this moment was like. */
static bool
make_new_cut(struct crash *crash, uint64_t *marks, size_t count)
{
	const uint64_t mark =
	    memdisk_crash(crash->image, crash->disk, &crash->work.random);

	for (size_t i = 0; i < count; i++)
		if (marks[i] == mark)
			return false;
	marks[count] = mark;
	return true;
}

static void
at_each_point(void *arg)
{
	struct crash *crash = arg;
	uint64_t marks[PER_POINT];
	size_t cuts = 0;

	if (is_done(crash))
		return;
	figure_add(crash->figures, "crash_points", 1);
	memdisk_copy(crash->image, crash->disk);
	check_image(crash);
	for (int i = 0; i < TRIES && cuts < PER_POINT; i++) {
		if (!make_new_cut(crash, marks, cuts))
			continue;
		cuts++;
		check_image(crash);
	}
	memdisk_use(crash->disk);
}

/* The vault under test refused something: only a mutant of it may. */
static void
refused(struct crash *crash, const struct err *err)
{
	report(crash, "crash_broken", "refuses without a cut", err);
}

static void
run_session(struct crash *crash)
{
	struct err err = { 0 };
	struct vault *vault = memvault_open(crash->disk, &err);

	if (!vault) {
		refused(crash, &err);
		return;
	}
	if (work_begin(vault, &err) != 0)
		refused(crash, &err);
	for (int i = 0; i < STEPS && !is_done(crash); i++) {
		if (work_step(&crash->work, vault, &err) != 0) {
			refused(crash, &err);
			break;
		}
	}
	vault_close(vault);
}

void
torture_crash(const struct torture_plan *plan, struct figures *figures)
{
	struct crash crash = {
		.work.random = plan->seed, .plan = plan, .figures = figures
	};
	struct memdisk *start = memdisk_new("start");

	memvault_make(start);
	while (!is_done(&crash)) {
		crash.disk = memdisk_new("disk");
		crash.image = memdisk_new("image");
		memdisk_copy(crash.disk, start);
		crash.work.acknowledged = crash.work.under_way = 0;
		memdisk_watch(crash.disk, at_each_point, &crash);
		for (int i = 0; i < SESSIONS && !is_done(&crash); i++)
			run_session(&crash);
		memdisk_free(crash.disk);
		memdisk_free(crash.image);
		figure_add(figures, "crash_workloads", 1);
	}
	memdisk_free(start);
	figure_add(figures, "crash_images", crash.images);
	figure_add(figures, "crash_lost", 0);
	figure_add(figures, "crash_unopenable", 0);
	figure_add(figures, "crash_broken", 0);
}
