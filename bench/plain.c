/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/plain.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"

struct plain {
	sqlite3 *db;
	sqlite3_stmt *insert;
};

static void
run(struct plain *plain, const char *sql)
{
	if (sqlite3_exec(plain->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_die("plain SQLite", sqlite3_errmsg(plain->db));
}

struct plain *
plain_open(const char *path)
{
	struct plain *plain = xcalloc(1, sizeof(*plain));

	if (sqlite3_open(path, &plain->db) != SQLITE_OK)
		bench_die(path, "cannot be opened");
	run(plain,
	    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
	    "PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
	    "CREATE TABLE line (id INTEGER PRIMARY KEY, line TEXT)");
	if (sqlite3_prepare_v2(plain->db, "INSERT INTO line(line) VALUES(?1)",
		-1, &plain->insert, NULL) != SQLITE_OK)
		bench_die("plain SQLite", sqlite3_errmsg(plain->db));
	return plain;
}

void
plain_close(struct plain *plain)
{
	sqlite3_finalize(plain->insert);
	sqlite3_close(plain->db);
	free(plain);
}

void
plain_begin(struct plain *plain)
{
	run(plain, "BEGIN");
}

void
plain_commit(struct plain *plain)
{
	run(plain, "COMMIT");
}

void
plain_insert(struct plain *plain, const void *line, size_t len)
{
	if (sqlite3_bind_text(
		plain->insert, 1, line, (int)len, SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_step(plain->insert) != SQLITE_DONE ||
	    sqlite3_reset(plain->insert) != SQLITE_OK)
		bench_die("plain SQLite", sqlite3_errmsg(plain->db));
}
