/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/counter.h"
#include "bench/engine.h"

/*
 * The engines side by side.  Each round makes every file anew and does each
 * work with one engine after the other, so that a slow moment of the machine
 * meets all of them; a figure is the median of the rounds.
 */
enum {
	ROUNDS = 5,
	BATCH = 1000,         /* rows of a bulk transaction */
	COMMITS = 1000,       /* one-row transactions */
	COMMITS_IN_TURN = 50, /* of them by one engine after the other */
	LOOKUPS = 200000,
	SCAN_CACHE_KIB = 2048,
	LOOKUP_CACHE_KIB = 1024
};

enum work { BULK, COMMIT, SCAN, LOOKUP, WORKS };

struct measured {
	double wall[WORKS][ROUNDS], cpu[WORKS][ROUNDS];
	struct counts commits; /* of all rounds */
};

struct watch {
	double wall, cpu;
};

static struct watch
start(void)
{
	return (struct watch){ bench_now(), bench_cpu() };
}

static void
stop(struct measured *measured, enum work work, int round,
    const struct watch *since)
{
	measured->wall[work][round] += bench_now() - since->wall;
	measured->cpu[work][round] += bench_cpu() - since->cpu;
}

static void
bulk(struct engine *engine, long rows)
{
	for (long i = 1; i <= rows; i++) {
		if (i % BATCH == 1)
			engine_run(engine, "BEGIN IMMEDIATE");
		engine_insert(engine, i);
		if (i % BATCH == 0 || i == rows)
			engine_run(engine, "COMMIT");
	}
}

/*
 * Copies what the log holds into the file.  Without it, pages of the bulk
 * would be copied during the commits of one engine and not of another, as
 * their logs happen to be filled.
 */
static void
empty_log(struct engine *engine)
{
	engine_run(engine, "PRAGMA wal_checkpoint");
}

static void
count_since(struct measured *measured, const struct engine *engine,
    const struct counts *before)
{
	measured->commits.writes += engine->counts->writes - before->writes;
	measured->commits.bytes += engine->counts->bytes - before->bytes;
	measured->commits.syncs += engine->counts->syncs - before->syncs;
}

static void
commit_some(
    struct engine *engine, struct measured *measured, int round, long first)
{
	const struct counts before = *engine->counts;
	const struct watch since = start();

	for (long i = first; i < first + COMMITS_IN_TURN; i++) {
		engine_run(engine, "BEGIN IMMEDIATE");
		engine_insert(engine, i);
		engine_run(engine, "COMMIT");
	}
	stop(measured, COMMIT, round, &since);
	count_since(measured, engine, &before);
}

/* The commits pay for the copying of their own pages, all of it. */
static void
commit_rest(struct engine *engine, struct measured *measured, int round)
{
	const struct counts before = *engine->counts;
	const struct watch since = start();

	empty_log(engine);
	stop(measured, COMMIT, round, &since);
	count_since(measured, engine, &before);
}

static void
look_up(struct engine *engine, long rows)
{
	uint64_t state = 88172645463325252ULL;

	for (long i = 0; i < LOOKUPS; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		engine_find(engine, (int64_t)(state % (uint64_t)rows) + 1);
	}
}

static void
run_round(struct engine *engines, struct measured *measured, size_t count,
    int round, long rows)
{
	for (size_t i = 0; i < count; i++) {
		struct watch since;

		engine_make(&engines[i], SCAN_CACHE_KIB);
		since = start();
		bulk(&engines[i], rows);
		stop(&measured[i], BULK, round, &since);
		empty_log(&engines[i]);
	}
	for (long done = 0; done < COMMITS; done += COMMITS_IN_TURN)
		for (size_t i = 0; i < count; i++)
			commit_some(
			    &engines[i], &measured[i], round, rows + 1 + done);
	for (size_t i = 0; i < count; i++)
		commit_rest(&engines[i], &measured[i], round);
	for (size_t i = 0; i < count; i++) {
		struct watch since;

		engine_close(&engines[i]);
		engine_open(&engines[i], SCAN_CACHE_KIB);
		since = start();
		engine_scan(&engines[i]);
		stop(&measured[i], SCAN, round, &since);
		engine_close(&engines[i]);
	}
	for (size_t i = 0; i < count; i++) {
		struct watch since;

		engine_open(&engines[i], LOOKUP_CACHE_KIB);
		since = start();
		look_up(&engines[i], rows);
		stop(&measured[i], LOOKUP, round, &since);
		engine_close(&engines[i]);
	}
}

/* ---- the figures ---- */

/* What the issue asks for: times the peer's, and of SQLCipher's own ratio. */
static const struct {
	const char *name, *unit;
	double scale; /* from seconds of the whole to the unit */
	double bound, of_cipher;
} works[WORKS] = {
	[BULK] = { "bulk_insert", "s", 1, 1.20, 0 },
	[COMMIT] = { "commit", "ms", 1e3 / COMMITS, 0, 0 },
	[SCAN] = { "scan", "s", 1, 1.60, 0.9 },
	[LOOKUP] = { "lookup", "us", 1e6 / LOOKUPS, 2.8, 0.8 },
};

static void
print(const char *engine, const char *what, double value, const char *unit,
    double bound)
{
	char *name = xasprintf("%s_%s", engine, what);

	bench_print(name, value, unit, bound);
	free(name);
}

static double
median(const double *values)
{
	double sorted[ROUNDS];

	memcpy(sorted, values, sizeof(sorted));
	return bench_median(sorted, ROUNDS);
}

/* The median over the rounds of one engine's time by another's. */
static double
ratio(const double *values, const double *others)
{
	double ratios[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		ratios[i] = values[i] / others[i];
	return bench_median(ratios, ROUNDS);
}

static void
print_times(const struct engine *engine, const struct measured *measured,
    const struct measured *peer)
{
	const bool ours = engine->seal == SEAL_VAULT;

	for (int work = 0; work < WORKS; work++) {
		char *over = xasprintf("%s_over_plain", works[work].name);
		char *cpu = xasprintf("%s_cpu_over_plain", works[work].name);

		print(engine->name, works[work].name,
		    median(measured->wall[work]) * works[work].scale,
		    works[work].unit, 0);
		if (peer) {
			print(engine->name, over,
			    ratio(measured->wall[work], peer->wall[work]),
			    "ratio", ours ? works[work].bound : 0);
			print(engine->name, cpu,
			    ratio(measured->cpu[work], peer->cpu[work]),
			    "ratio", 0);
		}
		free(over);
		free(cpu);
	}
}

static double
each(uint64_t count)
{
	return (double)count / (ROUNDS * COMMITS);
}

static void
print_commits(const struct engine *engine, const struct measured *measured,
    const struct measured *peer)
{
	const bool ours = engine->seal == SEAL_VAULT;
	const struct counts *counts = &measured->commits;
	double more[ROUNDS];

	print(engine->name, "commit_fsyncs", each(counts->syncs), "1", 0);
	print(engine->name, "commit_writes", each(counts->writes), "1", 0);
	print(engine->name, "commit_bytes", each(counts->bytes), "B", 0);
	if (!peer)
		return;
	for (int i = 0; i < ROUNDS; i++)
		more[i] = (measured->cpu[COMMIT][i] - peer->cpu[COMMIT][i]) /
		    COMMITS * 1e6;
	print(engine->name, "commit_bytes_over_plain",
	    (double)counts->bytes / (double)peer->commits.bytes, "ratio",
	    ours ? 1.05 : 0);
	print(engine->name, "commit_cpu_more", bench_median(more, ROUNDS), "us",
	    ours ? 20 : 0);
}

/* Ours by SQLCipher's: the times, and the ratios each to its own plain. */
static void
print_against(const struct engine *cipher, const struct measured *ours,
    const struct measured *plain, const struct measured *theirs,
    const struct measured *their_plain)
{
	for (int work = 0; work < WORKS; work++) {
		char *times =
		    xasprintf("%s_over_%s", works[work].name, cipher->name);
		char *ratios = xasprintf(
		    "%s_ratio_over_%s_ratio", works[work].name, cipher->name);

		print("vault", times,
		    ratio(ours->wall[work], theirs->wall[work]), "ratio",
		    works[work].of_cipher > 0 ? 0 : 1);
		print("vault", ratios,
		    ratio(ours->wall[work], plain->wall[work]) /
			ratio(theirs->wall[work], their_plain->wall[work]),
		    "ratio", works[work].of_cipher);
		free(times);
		free(ratios);
	}
}

void
compare_engines(const char *folder, long rows)
{
	static struct engine engines[ENGINES_MAX];
	static struct measured measured[ENGINES_MAX];
	const size_t count = engines_find(engines, folder);

	for (int round = 0; round < ROUNDS; round++)
		run_round(engines, measured, count, round, rows);
	bench_print("rows", (double)rows, "1", 0);
	for (size_t i = 0; i < count; i++) {
		const struct measured *peer = engines[i].peer
		    ? &measured[engines[i].peer - engines]
		    : NULL;

		print_times(&engines[i], &measured[i], peer);
		print_commits(&engines[i], &measured[i], peer);
		if (engines[i].seal == SEAL_KEY)
			print_against(&engines[i], &measured[1], &measured[0],
			    &measured[i], peer);
		remove(engines[i].path);
	}
}
