/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/big_lookup.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "crypto/ids.h"
#include "storage/db_handle.h"
#include "storage/vault.h"
#include "storage/vfs.h"

enum { ROUNDS = 5, LOOKUPS = 100000 };

static const char inspection_row[] = "SELECT * FROM inspection WHERE id = ?1";
static const char answer_rows[] = "SELECT * FROM answer WHERE inspection = ?1";

struct ids {
	char (*list)[ID_MAX];
	size_t count, room;
};

static void
run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_die(sql, sqlite3_errmsg(db));
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		bench_die(sql, sqlite3_errmsg(db));
	return stmt;
}

/* The schema as it stands in the vault. */
static void
copy_schema(sqlite3 *from, sqlite3 *to)
{
	sqlite3_stmt *tables = prepare(from,
	    "SELECT sql FROM sqlite_schema WHERE tbl_name IN"
	    " ('inspection', 'answer') AND sql IS NOT NULL ORDER BY rootpage");

	while (sqlite3_step(tables) == SQLITE_ROW)
		run(to, (const char *)sqlite3_column_text(tables, 0));
	sqlite3_finalize(tables);
}

static void
copy_rows(sqlite3 *from, sqlite3 *to, const char *table)
{
	char *all = xasprintf("SELECT * FROM %s", table);
	sqlite3_stmt *rows = prepare(from, all), *insert;
	const int columns = sqlite3_column_count(rows);
	char marks[64] = "?";
	char *sql;

	for (int i = 1; i < columns; i++)
		strcat(marks, ",?");
	sql = xasprintf("INSERT INTO %s VALUES (%s)", table, marks);
	insert = prepare(to, sql);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		for (int i = 0; i < columns; i++)
			sqlite3_bind_value(
			    insert, i + 1, sqlite3_column_value(rows, i));
		if (sqlite3_step(insert) != SQLITE_DONE)
			bench_die(table, sqlite3_errmsg(to));
		sqlite3_reset(insert);
	}
	sqlite3_finalize(rows);
	sqlite3_finalize(insert);
	free(all);
	free(sql);
}

static sqlite3 *
open_plain(const char *path, const char *setup)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		bench_die(path, "cannot be opened");
	run(db, setup);
	return db;
}

static void
list_ids(sqlite3 *db, struct ids *ids)
{
	sqlite3_stmt *rows = prepare(db, "SELECT id FROM inspection");

	while (sqlite3_step(rows) == SQLITE_ROW) {
		mem_grow(&ids->list, &ids->room, ids->count + 1, ID_MAX);
		memcpy(ids->list[ids->count++], sqlite3_column_text(rows, 0),
		    (size_t)sqlite3_column_bytes(rows, 0) + 1);
	}
	sqlite3_finalize(rows);
}

static double
look_up(sqlite3 *db, const char *sql, const struct ids *ids, uint64_t state)
{
	sqlite3_stmt *find = prepare(db, sql);
	const double start = bench_now();
	long rows = 0;

	for (long i = 0; i < LOOKUPS; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		sqlite3_bind_text(
		    find, 1, ids->list[state % ids->count], -1, SQLITE_STATIC);
		while (sqlite3_step(find) == SQLITE_ROW)
			rows++;
		sqlite3_reset(find);
	}
	const double took = bench_now() - start;

	if (rows < LOOKUPS)
		bench_die(sql, "finds too little");
	sqlite3_finalize(find);
	return took;
}

static void
compare(const char *name, const char *what, const char *sql, double bound,
    sqlite3 *vault, sqlite3 *plain, const struct ids *ids)
{
	double ours[ROUNDS], theirs[ROUNDS], ratios[ROUNDS];
	char *figure;

	/* The first fills the caches. */
	look_up(vault, sql, ids, 88172645463325252ULL);
	look_up(plain, sql, ids, 88172645463325252ULL);
	for (int i = 0; i < ROUNDS; i++) {
		const uint64_t seed = 2463534242ULL + (uint64_t)i;

		ours[i] = look_up(vault, sql, ids, seed);
		theirs[i] = look_up(plain, sql, ids, seed);
		ratios[i] = ours[i] / theirs[i];
	}
	figure = xasprintf("%s_%s", name, what);
	bench_print(
	    figure, bench_median(ours, ROUNDS) * 1e6 / LOOKUPS, "us", 0);
	free(figure);
	figure = xasprintf("%s_%s_plain", name, what);
	bench_print(
	    figure, bench_median(theirs, ROUNDS) * 1e6 / LOOKUPS, "us", 0);
	free(figure);
	figure = xasprintf("%s_%s_over_plain", name, what);
	bench_print(figure, bench_median(ratios, ROUNDS), "ratio", bound);
	free(figure);
}

void
look_up_inspections(const char *folder, const char *name, struct vault *vault)
{
	char *path = xasprintf("%s/%s-plain.db", folder, name);
	sqlite3 *own = vault_db(vault)->handle, *plain;
	struct ids ids = { 0 };

	plain = open_plain(path, vfs_setup_new);
	copy_schema(own, plain);
	run(plain, "BEGIN");
	copy_rows(own, plain, "inspection");
	copy_rows(own, plain, "answer");
	run(plain, "COMMIT");
	sqlite3_close(plain);
	plain = open_plain(path, vfs_setup_open);
	list_ids(own, &ids);
	compare(
	    name, "inspection_lookup", inspection_row, 1.3, own, plain, &ids);
	compare(name, "answers_lookup", answer_rows, 0, own, plain, &ids);
	sqlite3_close(plain);
	unlink(path);
	free(path);
	free(ids.list);
}
