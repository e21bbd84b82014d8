/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/db.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db_internal.h"
#include "storage/vfs.h"

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
 * The order of this file: errors, the guard, opening, statements, values,
 * transactions.
 */
enum { BUCKETS = 256 };

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
	struct db_query *buckets[BUCKETS];
	int depth;
	bool guarded; /* the setup is over */
	void (*committed)(void *arg);
	void *committed_arg;
};

static int
fail_io(sqlite3 *handle, int code, struct err *err)
{
	const int number = sqlite3_system_errno(handle);

	if (number == ENOSPC || number == EDQUOT)
		return err_set(err, ERR_FULL,
		    _("the disk is full: nothing was changed; free some space "
		      "and try again"));
	if (number == EROFS)
		return err_set(err, ERR_DENIED,
		    _("the disk can only be read: the vault needs one that can "
		      "be written"));
	if (code == SQLITE_IOERR_DATA || code == SQLITE_IOERR_CORRUPTFS)
		return err_set(err, ERR_FORMAT,
		    _("the vault is damaged: a page was altered or destroyed; "
		      "take a copy of the file and restore a backup"));
	if (number != 0)
		return err_set(err, ERR_IO,
		    _("the disk could not be read or written (%s): check the "
		      "disk, then open the vault again"),
		    strerror(number));
	return err_set(err, ERR_IO,
	    _("the disk could not be read or written: check the disk, then "
	      "open the vault again"));
}

static bool
is_of_file(int code)
{
	switch (code & 0xff) {
	case SQLITE_IOERR:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN: return true;
	default: return false;
	}
}

/* Says what SQLite's `code` means for the person. */
static int
fail(const struct db *db, int code, struct err *err)
{
	sqlite3 *handle = db->handle;

	if (is_of_file(code) && vfs_explain(db->vfs_name, err))
		return -1; /* it knows the page, the frame or the folder */
	switch (code & 0xff) {
	case SQLITE_FULL:
		return err_set(err, ERR_FULL,
		    _("the disk is full: nothing was changed; free some space "
		      "and try again"));
	case SQLITE_IOERR: return fail_io(handle, code, err);
	case SQLITE_CORRUPT:
		return err_set(err, ERR_FORMAT,
		    _("the vault is damaged (%s); take a copy of the file and "
		      "restore a backup"),
		    sqlite3_errmsg(handle));
	case SQLITE_NOTADB:
		return err_set(err, ERR_FORMAT,
		    _("this is not a vault, or it is damaged"));
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_BUSY,
		    _("the vault is used by another ronde: close that one "
		      "first"));
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(err, ERR_DENIED,
		    _("the vault can only be read: check the rights on the "
		      "file and its folder"));
	case SQLITE_AUTH:
		return err_set(err, ERR_DENIED,
		    _("the vault does not allow this statement (%s)"),
		    sqlite3_errmsg(handle));
	case SQLITE_CANTOPEN:
		return err_set(
		    err, ERR_IO, _("the file or its folder cannot be opened"));
	case SQLITE_TOOBIG:
		return err_set(
		    err, ERR_LIMIT, _("the value is too large for the vault"));
	case SQLITE_NOMEM:
		return err_set(err, ERR_LIMIT, _("there is not enough memory"));
	case SQLITE_CONSTRAINT:
		return err_set(err, ERR_CONFLICT,
		    _("the vault refuses this row (%s)"),
		    sqlite3_errmsg(handle));
	default:
		return err_set(err, ERR_IO, _("the vault failed: %s"),
		    sqlite3_errmsg(handle));
	}
}

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
			return fail(db, code, err);
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
		fail(db, code, err);
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
	for (size_t i = 0; i < BUCKETS; i++) {
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
	return code == SQLITE_OK ? 0 : fail(db, code, err);
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
		fail(db, code, err);
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
	const size_t bucket = ((uintptr_t)sql >> 3) % BUCKETS;
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

static void
bound(struct db_query *query, int code)
{
	if (query->bind_result == SQLITE_OK)
		query->bind_result = code;
}

void
db_bind_text(struct db_query *query, int at, const char *text)
{
	bound(query,
	    text
		? sqlite3_bind_text(query->stmt, at, text, -1, SQLITE_TRANSIENT)
		: sqlite3_bind_null(query->stmt, at));
}

void
db_bind_int(struct db_query *query, int at, int64_t number)
{
	bound(query, sqlite3_bind_int64(query->stmt, at, number));
}

void
db_bind_blob(struct db_query *query, int at, const void *bytes, size_t len)
{
	/* No bytes are an empty blob, not NULL. */
	bound(query,
	    len ? sqlite3_bind_blob64(
		      query->stmt, at, bytes, len, SQLITE_TRANSIENT)
		: sqlite3_bind_zeroblob(query->stmt, at, 0));
}

void
db_bind_null(struct db_query *query, int at)
{
	bound(query, sqlite3_bind_null(query->stmt, at));
}

int
db_step(struct db_query *query, struct err *err)
{
	int code = query->bind_result;

	if (code != SQLITE_OK)
		return fail(query->db, code, err);
	if (is_lost(query->db) && !sqlite3_stmt_readonly(query->stmt))
		return fail_lost(err);
	code = sqlite3_step(query->stmt);
	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		fail(query->db, code, err);
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

const char *
db_text(struct db_query *query, int column)
{
	return (const char *)sqlite3_column_text(query->stmt, column);
}

int64_t
db_int(struct db_query *query, int column)
{
	return sqlite3_column_int64(query->stmt, column);
}

double
db_real(struct db_query *query, int column)
{
	return sqlite3_column_double(query->stmt, column);
}

const void *
db_blob(struct db_query *query, int column, size_t *len)
{
	const void *bytes = sqlite3_column_blob(query->stmt, column);

	*len = (size_t)sqlite3_column_bytes(query->stmt, column);
	return bytes ? bytes : "";
}

bool
db_copy_blob(struct db_query *query, int column, void *to, size_t len)
{
	size_t found;
	const void *bytes = db_blob(query, column, &found);

	if (found != len)
		return false;
	memcpy(to, bytes, len);
	return true;
}

bool
db_is_null(struct db_query *query, int column)
{
	return sqlite3_column_type(query->stmt, column) == SQLITE_NULL;
}

int
db_columns(struct db_query *query)
{
	return sqlite3_column_count(query->stmt);
}

enum db_type
db_column_type(struct db_query *query, int column)
{
	switch (sqlite3_column_type(query->stmt, column)) {
	case SQLITE_INTEGER: return DB_INT;
	case SQLITE_FLOAT: return DB_REAL;
	case SQLITE_TEXT: return DB_TEXT;
	case SQLITE_BLOB: return DB_BLOB;
	default: return DB_NULL;
	}
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
