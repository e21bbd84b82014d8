/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/vault_internal.h"

int
setting_put(
    struct vault *vault, const char *key, const char *value, struct err *err)
{
	struct db_query *query;

	if (db_begin(vault->db, err) < 0)
		return -1;
	query = db_query(vault->db,
	    value ? "INSERT INTO setting (key, value) VALUES (?1, ?2)"
		    " ON CONFLICT (key) DO UPDATE SET value = ?2"
		    " WHERE value <> ?2"
		  : "DELETE FROM setting WHERE key = ?1",
	    err);
	if (query) {
		db_bind_text(query, 1, key);
		if (value)
			db_bind_text(query, 2, value);
	}
	if (!query || db_run(query, err) < 0) {
		db_rollback(vault->db);
		return -1;
	}
	return db_commit(vault->db, err);
}

char *
setting_get(struct vault *vault, const char *key)
{
	struct err ignored = { 0 };
	struct db_query *query = db_query(
	    vault->db, "SELECT value FROM setting WHERE key = ?1", &ignored);
	char *value = NULL;

	if (!query)
		return NULL;
	db_bind_text(query, 1, key);
	if (db_step(query, &ignored) > 0)
		value = xstrdup(db_text(query, 0));
	db_reset(query);
	return value;
}
