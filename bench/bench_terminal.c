/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a key to the whole screen in memory: moving through checklist A, and a
 * digit that answers and is saved, beside a bare durable commit of plain
 * SQLite, since that is what the digit waits for.
 */
#include <stdlib.h>
#include <string.h>

#include "app/setup.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/peer.h"
#include "bench/world.h"
#include "inspections/inspection.h"
#include "storage/identity.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/ui.h"

enum { ROUNDS = 400, LINE_BYTES = 420 };

static double
press(struct ui *ui, int key, int rows, int cols)
{
	const double start = bench_now();
	struct grid *grid = grid_new(rows, cols);
	double took;

	ui_key(ui, key, "");
	ui_draw(ui, grid);
	took = bench_now() - start;
	grid_free(grid);
	if (ui->error.code)
		bench_die("key", ui->error.msg);
	return took;
}

static double
commit_row(struct peer *peer)
{
	static char line[LINE_BYTES];
	const double start = bench_now();

	peer_begin(peer);
	peer_insert(peer, line, sizeof(line));
	peer_commit(peer);
	return bench_now() - start;
}

/* Up and down through the questions, on a screen of that size. */
static double
median_move(struct ui *ui, int rows, int cols)
{
	static double took[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		took[i] = press(
		    ui, i % 100 < 50 ? K_PAGE_DOWN : K_PAGE_UP, rows, cols);
	return bench_median(took, ROUNDS);
}

static void
bench_digits(struct ui *ui, struct peer *peer)
{
	static double ours[ROUNDS], theirs[ROUNDS];

	/* The second question is a choice. */
	press(ui, K_HOME, 24, 80);
	press(ui, K_PAGE_DOWN, 24, 80);
	for (int i = 0; i < ROUNDS; i++) {
		ours[i] = press(ui, '1' + i % 5, 24, 80);
		theirs[i] = commit_row(peer);
	}
	bench_print(
	    "digit_to_saved_screen", bench_median(ours, ROUNDS) * 1e3, "ms", 0);
	bench_print("digit_to_saved_screen_p99", ours[ROUNDS * 99 / 100] * 1e3,
	    "ms", 0);
	bench_print("digit_over_sqlite_row",
	    bench_median(ours, ROUNDS) / bench_median(theirs, ROUNDS), "ratio",
	    0);
}

int
main(void)
{
	const char *folder = bench_folder();
	char *peer_path = xasprintf("%s/plain.db", folder), id[ID_MAX];
	struct world world = { 0 };
	const struct tui_options options = { .vault_path = "bench",
		.projectors = setup_vault_options()->projectors,
		.contents = setup_contents() };
	struct peer *peer = peer_open(peer_path);
	struct err err = { 0 };
	struct ui ui;
	double start;

	world_open(&world, folder, "inspector", ROLE_INSPECTOR);
	world_fill(&world);
	if (inspection_new(
		world.vault, world.site, &world.checklist, id, &err) < 0)
		bench_die("inspection", err.msg);
	ui_init(&ui, &options);
	ui_unlocked(&ui, world.vault);
	start = bench_now();
	press(&ui, K_ENTER, 24, 80);
	bench_print(
	    "inspection_to_first_screen", (bench_now() - start) * 1e3, "ms", 0);
	bench_print(
	    "key_to_screen_80x24", median_move(&ui, 24, 80) * 1e3, "ms", 0);
	bench_print(
	    "key_to_screen_200x60", median_move(&ui, 60, 200) * 1e3, "ms", 0);
	bench_digits(&ui, peer);
	ui_leave(&ui);
	ui_release(&ui);
	peer_close(peer);
	free(peer_path);
	return 0;
}
