/* SPDX-License-Identifier: Apache-2.0 */
#include <sqlite3.h>
#include <string.h>

#include "storage/db_handle.h"

/* Values into statements and out of rows. */

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
