/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DB_H
#define STORAGE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * The only door to SQLite, for storage/ and the projectors: statements are
 * prepared once and kept, every return code is checked, and a busy, full or
 * damaged database is an `err` that says so.
 */
struct db;
struct db_query;

/* Runs statements that give no rows. */
int db_exec(struct db *db, const char *sql, struct err *err);

/*
 * Gives the statement for `sql`, a literal (it is known by its address and
 * kept prepared), reset and without values.  Parameters are ?1, ?2, ..., NULL
 * until they are bound, as they are to NULL text.  An error while binding is
 * kept and given by the next db_step().  A query that is in use by an outer
 * loop must not be asked for again inside it.
 */
struct db_query *db_query(struct db *db, const char *sql, struct err *err);
void db_bind_text(struct db_query *query, int at, const char *text);
void db_bind_int(struct db_query *query, int at, int64_t number);
void db_bind_blob(
    struct db_query *query, int at, const void *bytes, size_t len);

/* 1 with a row, 0 at the end (then the query is reset), -1 with err. */
int db_step(struct db_query *query, struct err *err);

/* Columns from 0; texts and blobs are borrowed until the next step. */
const char *db_text(struct db_query *query, int column); /* NULL for NULL */
int64_t db_int(struct db_query *query, int column);
const void *db_blob(struct db_query *query, int column, size_t *len);
bool db_is_null(struct db_query *query, int column);
void db_reset(struct db_query *query); /* leaves a loop early */

/* Steps a statement that gives no rows to its end. */
int db_run(struct db_query *query, struct err *err);

/* The rows that the last db_run() changed. */
int64_t db_changes(struct db *db);

/*
 * Transactions nest: an inner one is a savepoint.  db_commit() of the outer
 * one returns only when the disk has it.  After a failure inside, call
 * db_rollback(), which cannot fail in a way that matters.  A db_commit() that
 * fails has rolled its own transaction back; a db_rollback() after it then
 * takes back the one around it, which fails with it, or does nothing.
 */
int db_begin(struct db *db, struct err *err);
int db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);

#endif
