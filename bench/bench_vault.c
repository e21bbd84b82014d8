/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saving one answer, durably, against a bare one-row durable commit of plain
 * SQLite that writes a line of the same length; in turns.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/peer.h"
#include "bench/world.h"
#include "inspections/inspection.h"
#include "storage/identity.h"

enum { ROUNDS = 1000, WARM_UP = 50, LINE_BYTES = 420 };

static double
save_answer(struct inspection *inspection, int item, int number)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct err err = { 0 };
	char value[16];
	double start;

	snprintf(value, sizeof(value), "%d", number);
	draft.value = value;
	start = bench_now();
	if (inspection_set(inspection, item, &draft, LANG_FR, &err) < 0)
		bench_die("answer", err.msg);
	return bench_now() - start;
}

static double
commit_row(struct peer *plain)
{
	static char line[LINE_BYTES];
	const double start = bench_now();

	peer_begin(plain);
	peer_insert(plain, line, sizeof(line));
	peer_commit(plain);
	return bench_now() - start;
}

int
main(void)
{
	static double ours[ROUNDS], theirs[ROUNDS];
	const char *folder = bench_folder();
	char *plain_path = xasprintf("%s/plain.db", folder);
	struct peer *plain = peer_open(plain_path);
	struct world world = { 0 };
	struct err err = { 0 };
	struct inspection *inspection;
	const struct item *item;
	char id[ID_MAX];

	world_open(&world, folder, "inspector", ROLE_INSPECTOR);
	world_fill(&world);
	if (inspection_new(
		world.vault, world.site, &world.checklist, id, &err) < 0)
		bench_die("inspection", err.msg);
	inspection = inspection_open(world.vault, id, &err);
	if (!inspection)
		bench_die("inspection", err.msg);
	item = form_find(inspection_form(inspection), "a1/people_served", &err);
	if (!item)
		bench_die("item", err.msg);
	for (int i = -WARM_UP; i < ROUNDS; i++) {
		const double mine =
		    save_answer(inspection, item->index, i + WARM_UP);
		const double other = commit_row(plain);

		if (i >= 0) {
			ours[i] = mine;
			theirs[i] = other;
		}
	}
	const double our_median = bench_median(ours, ROUNDS);
	const double their_median = bench_median(theirs, ROUNDS);

	bench_print("answer_saved", our_median * 1e3, "ms", 0);
	bench_print(
	    "answer_saved_p99", ours[ROUNDS * 99 / 100] * 1e3, "ms", 10);
	bench_print("sqlite_row_saved", their_median * 1e3, "ms", 0);
	bench_print(
	    "answer_over_sqlite", our_median / their_median, "ratio", 0);
	inspection_close(inspection);
	world_close(&world);
	peer_close(plain);
	free(plain_path);
	return 0;
}
