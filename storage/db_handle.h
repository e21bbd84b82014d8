/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DB_HANDLE_H
#define STORAGE_DB_HANDLE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"
#include "storage/db_internal.h"

/*
 * What is inside of a database and its statements: for db.c, where the
 * invariants stand, db_error.c and db_value.c only.
 */

enum { DB_BUCKETS = 256 };

struct db_query {
	struct db *db;
	sqlite3_stmt *stmt;
	const char *sql; /* the literal */
	int bind_result; /* the first binding that failed */
	struct db_query *next;
};

struct db {
	sqlite3 *handle;
	char *vfs_name; /* NULL: SQLite's own */
	struct db_query *buckets[DB_BUCKETS];
	int depth;
	bool guarded; /* the setup is over */
	void (*committed)(void *arg);
	void *committed_arg;
	uint64_t rollbacks;
};

/* Says what SQLite's `code` means for the person; always -1. */
int db_fail(const struct db *db, int code, struct err *err);

#endif
