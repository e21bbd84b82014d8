/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/saving.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/counter.h"
#include "bench/engine.h"
#include "bench/peer.h"
#include "bench/world.h"
#include "inspections/inspection.h"
#include "storage/identity.h"

enum { ROUNDS = 5, SAVES = 1000, WARM_UP = 50, LINE_BYTES = 420 };

/* Of all rounds: seconds of each save, and the medians of the rounds. */
struct side {
	double took[SAVES], medians[ROUNDS], slow[ROUNDS], cpu;
	struct counts counts;
};

static void
save_one(struct inspection *inspection, int item, int number)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct err err = { 0 };
	char value[16];

	snprintf(value, sizeof(value), "%d", number);
	draft.value = value;
	if (inspection_set(inspection, item, &draft, LANG_FR, &err) < 0)
		bench_die("answer", err.msg);
}

static void
commit_row(struct peer *plain)
{
	static char line[LINE_BYTES];

	peer_begin(plain);
	peer_insert(plain, line, sizeof(line));
	peer_commit(plain);
}

static void
note(struct side *side, int at, double wall, double cpu,
    const struct counts *before)
{
	const struct counts *now = engine_own_counts();

	if (at < 0)
		return;
	side->took[at] = bench_now() - wall;
	side->cpu += bench_cpu() - cpu;
	side->counts.bytes += now->bytes - before->bytes;
	side->counts.syncs += now->syncs - before->syncs;
	side->counts.writes += now->writes - before->writes;
}

static void
run_round(struct inspection *inspection, int item, struct peer *plain,
    struct side *ours, struct side *theirs)
{
	static int number;

	for (int i = -WARM_UP; i < SAVES; i++) {
		struct counts before = *engine_own_counts();
		double wall = bench_now(), cpu = bench_cpu();

		save_one(inspection, item, ++number % 10000);
		note(ours, i, wall, cpu, &before);
		before = *engine_own_counts();
		wall = bench_now();
		cpu = bench_cpu();
		commit_row(plain);
		note(theirs, i, wall, cpu, &before);
	}
}

static void
print(const struct side *ours, const struct side *theirs)
{
	const double all = ROUNDS * SAVES;
	double ratios[ROUNDS], mine[ROUNDS], slow[ROUNDS], others[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		ratios[i] = ours->medians[i] / theirs->medians[i];
		mine[i] = ours->medians[i];
		slow[i] = ours->slow[i];
		others[i] = theirs->medians[i];
	}
	bench_print("answer_saved", bench_median(mine, ROUNDS) * 1e3, "ms", 0);
	bench_print(
	    "answer_saved_p99", bench_median(slow, ROUNDS) * 1e3, "ms", 10);
	bench_print(
	    "sqlite_row_saved", bench_median(others, ROUNDS) * 1e3, "ms", 0);
	bench_print(
	    "answer_over_sqlite", bench_median(ratios, ROUNDS), "ratio", 1.3);
	bench_print("answer_saved_cpu", ours->cpu / all * 1e6, "us", 0);
	bench_print("sqlite_row_saved_cpu", theirs->cpu / all * 1e6, "us", 0);
	bench_print(
	    "answer_saved_fsyncs", (double)ours->counts.syncs / all, "1", 0);
	bench_print("sqlite_row_saved_fsyncs",
	    (double)theirs->counts.syncs / all, "1", 0);
	bench_print(
	    "answer_saved_bytes", (double)ours->counts.bytes / all, "B", 0);
	bench_print("sqlite_row_saved_bytes",
	    (double)theirs->counts.bytes / all, "B", 0);
}

void
save_answers(const char *folder)
{
	static struct side ours, theirs;
	char *plain_path = xasprintf("%s/plain.db", folder);
	struct peer *plain;
	struct world world = { 0 };
	struct err err = { 0 };
	struct inspection *inspection;
	const struct item *item;
	char id[ID_MAX];

	engine_own_counts(); /* from here on all is counted */
	plain = peer_open(plain_path);
	world_open(&world, folder, "saver", ROLE_INSPECTOR);
	world_fill(&world);
	for (int i = 0; i < ROUNDS; i++) {
		if (inspection_new(world.vault, world.site, &world.checklist,
			id, &err) < 0)
			bench_die("inspection", err.msg);
		inspection = inspection_open(world.vault, id, &err);
		if (!inspection)
			bench_die("inspection", err.msg);
		item = form_find(
		    inspection_form(inspection), "a1/people_served", &err);
		if (!item)
			bench_die("item", err.msg);
		run_round(inspection, item->index, plain, &ours, &theirs);
		ours.medians[i] = bench_median(ours.took, SAVES);
		ours.slow[i] = ours.took[SAVES * 99 / 100];
		theirs.medians[i] = bench_median(theirs.took, SAVES);
		inspection_close(inspection);
	}
	print(&ours, &theirs);
	world_close(&world);
	peer_close(plain);
	free(plain_path);
}
