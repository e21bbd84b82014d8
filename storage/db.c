/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/db.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db_handle.h"

/*
 * Invariants:
 *
 *  (1) `depth` counts db_begin() without its end; at depth n > 0 there are
 *      n - 1 savepoints inside one transaction.
 *  (2) SQLite may end a transaction by itself (full disk, input or output
 *      error).  Then the file is in autocommit mode while depth > 0, and
 *      nothing may be written until db_rollback() brought depth to 0.
 *  (3) A statement of `buckets` is known by the address of its SQL.
 *
 * The order of this file: the guard, opening, statements, transactions.
 */

enum { WORK_STEPS = 20000 }; /* of SQLite's machine: some milliseconds */

/* PRAGMAs with a value that would undo what the vault relies on. */
static bool
undoes_setup(const char *name)
{
	static const char *const refused[] = { "journal_mode", "synchronous",
		"temp_store", "temp_store_directory", "locking_mode",
		"mmap_size", "writable_schema", "trusted_schema", "page_size",
		"fullfsync", "checkpoint_fullfsync", "ignore_check_constraints",
		"cell_size_check", "secure_delete" };

	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (sqlite3_stricmp(name, refused[i]) == 0)
			return true;
	return false;
}

/*
 * ATTACH would open a file that the encryption does not cover; '' is what
 * VACUUM attaches, in memory.
 */
static int
authorize(void *arg, int action, const char *first, const char *second,
    const char *schema, const char *trigger)
{
	const struct db *db = arg;

	(void)schema;
	(void)trigger;
	switch (action) {
	case SQLITE_ATTACH: return first && *first ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA:
		return db->guarded && second && undoes_setup(first)
		    ? SQLITE_DENY
		    : SQLITE_OK;
	case SQLITE_FUNCTION:
		return second && strcmp(second, "load_extension") == 0
		    ? SQLITE_DENY
		    : SQLITE_OK;
	default: return SQLITE_OK;
	}
}

static int
guard(struct db *db, struct err *err)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	sqlite3_extended_result_codes(db->handle, 1);
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		const int code = sqlite3_db_config(
		    db->handle, options[i].option, options[i].value, NULL);

		if (code != SQLITE_OK)
			return db_fail(db, code, err);
	}
	sqlite3_set_authorizer(db->handle, authorize, db);
	return 0;
}

struct db *
db_open(const char *path, const char *vfs_name, const char *setup_sql,
    struct err *err)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_PRIVATECACHE | (vfs_name ? 0 : SQLITE_OPEN_CREATE);
	struct db *db = xcalloc(1, sizeof(*db));
	char *name;
	int code;

	db->vfs_name = vfs_name ? xstrdup(vfs_name) : NULL;
	/* Some builds of SQLite take "file:..." for a URI without being asked. */
	name =
	    xasprintf("%s%s", strncmp(path, "file:", 5) == 0 ? "./" : "", path);
	code = sqlite3_open_v2(name, &db->handle, flags, vfs_name);
	free(name);
	if (code != SQLITE_OK) {
		db_fail(db, code, err);
		goto fail;
	}
	if (guard(db, err) < 0 ||
	    (setup_sql && db_exec(db, setup_sql, err) < 0))
		goto fail;
	db->guarded = true;
	return db;
fail:
	db_close(db);
	return NULL;
}

void
db_close(struct db *db)
{
	if (!db)
		return;
	while (db->depth > 0)
		db_rollback(db);
	for (size_t i = 0; i < DB_BUCKETS; i++) {
		struct db_query *query = db->buckets[i], *next;

		for (; query; query = next) {
			next = query->next;
			db_query_free(query);
		}
	}
	sqlite3_close_v2(db->handle);
	free(db->vfs_name);
	free(db);
}

void
db_on_commit(struct db *db, void (*hook)(void *arg), void *arg)
{
	db->committed = hook;
	db->committed_arg = arg;
}

void
db_on_work(struct db *db, int (*hook)(void *arg), void *arg)
{
	sqlite3_progress_handler(db->handle, hook ? WORK_STEPS : 0, hook, arg);
}

int64_t
db_total_changes(struct db *db)
{
	return sqlite3_total_changes64(db->handle);
}

uint64_t
db_rollbacks(const struct db *db)
{
	return db->rollbacks;
}

/* The transaction that is meant to be open was ended by SQLite. */
static bool
is_lost(const struct db *db)
{
	return db->depth > 0 && sqlite3_get_autocommit(db->handle);
}

static int
fail_lost(struct err *err)
{
	return err_set(err, ERR_IO,
	    _("the change was taken back after a failure of the disk: try "
	      "again"));
}

int
db_exec(struct db *db, const char *sql, struct err *err)
{
	int code;

	if (is_lost(db))
		return fail_lost(err);
	code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? 0 : db_fail(db, code, err);
}

static struct db_query *
prepare(struct db *db, const char *sql, unsigned flags, struct err *err)
{
	struct db_query *query = xcalloc(1, sizeof(*query));
	int code;

	query->db = db;
	query->sql = sql;
	code =
	    sqlite3_prepare_v3(db->handle, sql, -1, flags, &query->stmt, NULL);
	if (code != SQLITE_OK) {
		db_fail(db, code, err);
		free(query);
		return NULL;
	}
	return query;
}

struct db_query *
db_query_new(struct db *db, const char *sql, struct err *err)
{
	return prepare(db, sql, 0, err);
}

void
db_query_free(struct db_query *query)
{
	if (!query)
		return;
	sqlite3_finalize(query->stmt);
	free(query);
}

static struct db_query *
find(struct db *db, const char *sql, bool nested, struct err *err)
{
	const size_t bucket = ((uintptr_t)sql >> 3) % DB_BUCKETS;
	struct db_query *query;

	for (query = db->buckets[bucket]; query; query = query->next) {
		if (query->sql != sql)
			continue;
		assert(strcmp(sqlite3_sql(query->stmt), sql) == 0);
		if (!nested || !sqlite3_stmt_busy(query->stmt))
			break;
	}
	if (!query) {
		query = prepare(db, sql, SQLITE_PREPARE_PERSISTENT, err);
		if (!query)
			return NULL;
		query->next = db->buckets[bucket];
		db->buckets[bucket] = query;
	}
	sqlite3_reset(query->stmt);
	sqlite3_clear_bindings(query->stmt);
	query->bind_result = SQLITE_OK;
	return query;
}

struct db_query *
db_query(struct db *db, const char *sql, struct err *err)
{
	return find(db, sql, false, err);
}

struct db_query *
db_query_nested(struct db *db, const char *sql, struct err *err)
{
	return find(db, sql, true, err);
}

int
db_step(struct db_query *query, struct err *err)
{
	int code = query->bind_result;

	if (code != SQLITE_OK)
		return db_fail(query->db, code, err);
	if (is_lost(query->db) && !sqlite3_stmt_readonly(query->stmt))
		return fail_lost(err);
	code = sqlite3_step(query->stmt);
	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		db_fail(query->db, code, err);
	sqlite3_reset(query->stmt);
	return code == SQLITE_DONE ? 0 : -1;
}

int
db_run(struct db_query *query, struct err *err)
{
	int more;

	do
		more = db_step(query, err);
	while (more > 0);
	return more;
}

void
db_reset(struct db_query *query)
{
	sqlite3_reset(query->stmt);
}

void
db_forget(struct db_query *query)
{
	sqlite3_reset(query->stmt);
	sqlite3_clear_bindings(query->stmt);
}

int64_t
db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

bool
db_in_transaction(const struct db *db)
{
	return db->depth > 0;
}

static int
run(struct db *db, const char *sql, struct err *err)
{
	struct db_query *query = db_query(db, sql, err);

	return query ? db_run(query, err) : -1;
}

int
db_begin(struct db *db, struct err *err)
{
	if (is_lost(db))
		return fail_lost(err);
	if (run(db, db->depth ? "SAVEPOINT inner" : "BEGIN IMMEDIATE", err) < 0)
		return -1;
	db->depth++;
	return 0;
}

int
db_commit(struct db *db, struct err *err)
{
	int result;

	if (db->depth == 0 || is_lost(db)) {
		db_rollback(db);
		return fail_lost(err);
	}
	result = run(db, db->depth > 1 ? "RELEASE inner" : "COMMIT", err);
	if (result < 0) {
		db_rollback(db);
		return -1;
	}
	if (--db->depth == 0 && db->committed)
		db->committed(db->committed_arg);
	return 0;
}

void
db_rollback(struct db *db)
{
	struct err ignored = { 0 };

	db->rollbacks++;
	if (db->depth == 0)
		return;
	if (!is_lost(db) && db->depth > 1) {
		run(db, "ROLLBACK TO inner", &ignored);
		run(db, "RELEASE inner", &ignored);
	} else if (!is_lost(db)) {
		run(db, "ROLLBACK", &ignored);
	}
	db->depth--;
}
