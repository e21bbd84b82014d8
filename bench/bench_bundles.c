/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging 100 bundles of 200 answers, verified, into one vault, against
 * inserting the same lines into plain SQLite, one transaction a bundle; in
 * turns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/setup.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/peer.h"
#include "bench/world.h"
#include "bundles/bundle.h"
#include "inspections/inspection.h"
#include "storage/db.h"
#include "storage/event.h"
#include "storage/identity.h"
#include "storage/log.h"

enum { BUNDLES = 100, ANSWERS = 200, LINES_MAX = BUNDLES * (ANSWERS + 4) };
enum { FEW = 10 }; /* the first and the last, for what growing costs */

struct lines {
	char **list;
	size_t *lens, count;
};

static void
must(int result, const char *what, const struct err *err)
{
	if (result < 0)
		bench_die(what, err->msg);
}

static void
answer_many(struct world *world, const char *id)
{
	struct err err = { 0 };
	struct inspection *inspection = inspection_open(world->vault, id, &err);
	const struct item *item;

	if (!inspection)
		bench_die(id, err.msg);
	item = form_find(inspection_form(inspection), "a1/people_served", &err);
	must(item ? 0 : -1, "item", &err);
	must(db_begin(vault_db(world->vault), &err), "begin", &err);
	for (int i = 0; i < ANSWERS; i++) {
		struct answer_draft draft = ANSWER_DRAFT_INIT;
		char value[16];

		snprintf(value, sizeof(value), "%d", i);
		draft.value = value;
		must(inspection_set(
			 inspection, item->index, &draft, LANG_EN, &err),
		    "answer", &err);
	}
	must(db_commit(vault_db(world->vault), &err), "commit", &err);
	inspection_close(inspection);
}

static int
keep_line(void *arg, const struct event *event, struct err *err)
{
	struct lines *lines = arg;

	(void)err;
	if (lines->count < LINES_MAX) {
		lines->list[lines->count] = xstrndup(event->line, event->len);
		lines->lens[lines->count++] = event->len;
	}
	return 0;
}

static char *
write_bundle(struct world *inspector, struct world *supervisor,
    const char *folder, int number, struct lines *lines)
{
	const struct identity *to = identity_get(supervisor->vault);
	const char *const devices[] = { to->device };
	struct export_summary summary = { 0 };
	struct err err = { 0 };
	char id[ID_MAX];
	const char *const subjects[] = { id };
	const struct export_request request = {
		.recipients = &to->age_recipient,
		.recipient_count = 1,
		.devices = devices,
		.device_count = 1,
		.subjects = subjects,
		.subject_count = 1,
	};
	char *path = xasprintf("%s/%d.ronde", folder, number);

	must(inspection_new(inspector->vault, inspector->site,
		 &inspector->checklist, id, &err),
	    "inspection", &err);
	answer_many(inspector, id);
	must(bundle_export(inspector->vault, path, &request, setup_contents(),
		 &summary, &err),
	    path, &err);
	must(log_read(inspector->vault, id, LOG_ALL, keep_line, lines, &err),
	    id, &err);
	return path;
}

static double
merge(struct world *supervisor, const char *path)
{
	struct import_summary summary = { 0 };
	struct err err = { 0 };
	const double start = bench_now();

	must(
	    bundle_import(supervisor->vault, path, false, NULL, &summary, &err),
	    path, &err);
	import_summary_release(&summary);
	return bench_now() - start;
}

static double
insert(struct peer *plain, const struct lines *lines, size_t from, size_t to)
{
	const double start = bench_now();

	peer_begin(plain);
	for (size_t i = from; i < to; i++)
		peer_insert(plain, lines->list[i], lines->lens[i]);
	peer_commit(plain);
	return bench_now() - start;
}

int
main(void)
{
	const char *folder = bench_folder();
	char *plain_path = xasprintf("%s/plain.db", folder), *paths[BUNDLES];
	struct peer *plain = peer_open(plain_path);
	struct world inspector = { 0 }, supervisor = { 0 };
	struct lines lines = { xcalloc(LINES_MAX, sizeof(char *)),
		xcalloc(LINES_MAX, sizeof(size_t)), 0 };
	size_t ends[BUNDLES];
	double ours = 0, theirs = 0, cpu = 0, first = 0, last = 0;

	world_open(&supervisor, folder, "supervisor", ROLE_AUTHORITY);
	world_open(&inspector, folder, "inspector", ROLE_INSPECTOR);
	world_trust(&supervisor, &inspector);
	world_trust(&inspector, &supervisor);
	world_fill(&inspector);
	for (int i = 0; i < BUNDLES; i++) {
		paths[i] =
		    write_bundle(&inspector, &supervisor, folder, i, &lines);
		ends[i] = lines.count;
	}
	for (int i = 0; i < BUNDLES; i++) {
		const double before = bench_cpu();
		double used;

		ours += merge(&supervisor, paths[i]);
		used = bench_cpu() - before;
		cpu += used;
		first += i < FEW ? used : 0;
		last += i >= BUNDLES - FEW ? used : 0;
		theirs += insert(plain, &lines, i ? ends[i - 1] : 0, ends[i]);
		free(paths[i]);
	}
	bench_print("bundles_merged", ours * 1e3, "ms", 0);
	bench_print(
	    "events_merged_per_second", (double)lines.count / ours, "1/s", 0);
	bench_print("bundles_merged_cpu", cpu * 1e3, "ms", 0);
	bench_print("merge_cpu_last_over_first", last / first, "ratio", 0);
	bench_print("sqlite_lines_inserted", theirs * 1e3, "ms", 0);
	bench_print("merge_over_sqlite", ours / theirs, "ratio", 0);
	for (size_t i = 0; i < lines.count; i++)
		free(lines.list[i]);
	free(lines.list);
	free(lines.lens);
	world_close(&inspector);
	world_close(&supervisor);
	peer_close(plain);
	free(plain_path);
	return 0;
}
