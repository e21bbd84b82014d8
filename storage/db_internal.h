/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DB_INTERNAL_H
#define STORAGE_DB_INTERNAL_H

#include "base/error.h"
#include "storage/db.h"

struct sqlite3;

/*
 * Opens the database at `path` through the VFS of that name (NULL: SQLite's
 * own, and the file is made when missing: for tests), read-write, never as a
 * URI, and runs `setup_sql`, which may give rows.  When SQLite fails and the
 * VFS knows why (vfs_explain() in vfs.h) the message is the VFS's.
 */
struct db *db_open(const char *path, const char *vfs_name,
    const char *setup_sql, struct err *err);

/* Ends every statement, then the database; NULL is allowed. */
void db_close(struct db *db);

/* SQLite's own handle, for the guard of the VFS; borrowed. */
struct sqlite3 *db_handle(struct db *db);

/*
 * Calls `hook` after each outermost db_commit() (and each statement outside
 * a transaction need not be reported) that the disk has.
 */
void db_on_commit(struct db *db, void (*hook)(void *arg), void *arg);

#endif
