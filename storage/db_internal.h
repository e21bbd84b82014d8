/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DB_INTERNAL_H
#define STORAGE_DB_INTERNAL_H

#include "base/error.h"
#include "storage/db.h"

/* What only storage/ may do with its database. */

/*
 * Opens the file at `path` (never a URI) through the VFS of that name and
 * runs `setup_sql` (PRAGMAs and the like; or NULL).  From then on ATTACH,
 * extensions and PRAGMAs that would undo the setup are refused.  ERR_FORMAT
 * for what is not a database, ERR_BUSY, ERR_IO, ERR_DENIED, ERR_FULL.
 *
 * SQLite is told SQLITE_OPEN_READWRITE only: vault.c has made the file.  Here
 * and later, where SQLite fails and the VFS knows why (vfs_explain() in
 * vfs.h, asked first), the message is the VFS's.  `vfs_name` NULL is SQLite's
 * own, for tests, and then a missing file is made.
 */
struct db *db_open(const char *path, const char *vfs_name,
    const char *setup_sql, struct err *err);

/* Rolls back what is open, frees all statements; NULL is allowed. */
void db_close(struct db *db);

/*
 * `hook` runs each time an outermost db_commit() has been made durable; NULL
 * takes it away.
 */
void db_on_commit(struct db *db, void (*hook)(void *arg), void *arg);

/* Rows changed, and transactions taken back, since it was opened. */
int64_t db_total_changes(struct db *db);
uint64_t db_rollbacks(const struct db *db);

/*
 * `hook` is called many times a second while SQLite works; when it returns
 * what is not 0, the work ends with ERR_CANCELLED.  NULL takes it away.
 */
void db_on_work(struct db *db, int (*hook)(void *arg), void *arg);

/*
 * As db_query(), but a statement that a loop further out is stepping is left
 * alone and a second one given: for the loops that call back.
 */
struct db_query *db_query_nested(
    struct db *db, const char *sql, struct err *err);

/* A statement for SQL that was put together; ended by db_query_free(). */
struct db_query *db_query_new(struct db *db, const char *sql, struct err *err);
void db_query_free(struct db_query *query); /* NULL is allowed */

/* Copies a blob that must have exactly `len` bytes; false when it has not. */
bool db_copy_blob(struct db_query *query, int column, void *to, size_t len);

/* Resets and gives the values up: for a statement that held a key. */
void db_forget(struct db_query *query);

bool db_in_transaction(const struct db *db);

enum db_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BLOB };

int db_columns(struct db_query *query);
enum db_type db_column_type(struct db_query *query, int column);
double db_real(struct db_query *query, int column);

#endif
