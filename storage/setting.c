/* SPDX-License-Identifier: Apache-2.0 */
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/vault_internal.h"

int
setting_put(
    struct vault *vault, const char *key, const char *value, struct err *err)
{
	struct db_query *query;
	int64_t before;

	if (db_begin(vault->db, err) < 0)
		return -1;
	before = db_total_changes(vault->db);
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
	vault->known_changes += db_total_changes(vault->db) - before;
	return db_commit(vault->db, err);
}

int
setting_read(
    struct vault *vault, const char *key, char **value, struct err *err)
{
	struct db_query *query = db_query(
	    vault->db, "SELECT value FROM setting WHERE key = ?1", err);
	const char *text;
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, key);
	found = db_step(query, err);
	if (found <= 0)
		return found;
	text = db_text(query, 0);
	if (text)
		*value = xstrdup(text);
	db_reset(query);
	return text ? 1
		    : err_set(err, ERR_LIMIT, _("there is not enough memory"));
}

char *
setting_get(struct vault *vault, const char *key)
{
	struct err ignored = { 0 };
	char *value = NULL;

	(void)setting_read(vault, key, &value, &ignored);
	return value;
}
