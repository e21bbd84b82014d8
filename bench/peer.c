/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/peer.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"

struct peer {
	sqlite3 *db;
	sqlite3_stmt *insert;
};

static void
run(struct peer *plain, const char *sql)
{
	if (sqlite3_exec(plain->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_die("plain SQLite", sqlite3_errmsg(plain->db));
}

struct peer *
peer_open(const char *path)
{
	struct peer *plain = xcalloc(1, sizeof(*plain));

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
peer_close(struct peer *plain)
{
	sqlite3_finalize(plain->insert);
	sqlite3_close(plain->db);
	free(plain);
}

void
peer_begin(struct peer *plain)
{
	run(plain, "BEGIN");
}

void
peer_commit(struct peer *plain)
{
	run(plain, "COMMIT");
}

void
peer_insert(struct peer *plain, const void *line, size_t len)
{
	if (sqlite3_bind_text(
		plain->insert, 1, line, (int)len, SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_step(plain->insert) != SQLITE_DONE ||
	    sqlite3_reset(plain->insert) != SQLITE_OK)
		bench_die("plain SQLite", sqlite3_errmsg(plain->db));
}
