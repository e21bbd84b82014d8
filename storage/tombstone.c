/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/tombstone.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/vault_internal.h"

/* Asking tombstones, and ending them; purge.c sets them. */

static int
copy_hash(
    struct db_query *query, int column, struct hash *hash, struct err *err)
{
	*hash = (struct hash){ 0 };
	if (db_is_null(query, column) ||
	    db_copy_blob(query, column, hash->bytes, sizeof(hash->bytes)))
		return 0;
	return err_set(
	    err, ERR_FORMAT, _("the vault is damaged: a hash of a tombstone"));
}

static void
copy_text(struct db_query *query, int column, char id[ID_MAX])
{
	const char *text = db_text(query, column);

	snprintf(id, ID_MAX, "%s", text ? text : "");
}

static int
read_stone(struct db_query *query, struct tombstone *stone, struct err *err)
{
	*stone = (struct tombstone){ .seq = db_int(query, 2),
		.events = db_int(query, 4),
		.reason = db_text(query, 7),
		.time = db_int(query, 8),
		.ended = db_int(query, 10) };
	copy_text(query, 0, stone->subject);
	copy_text(query, 1, stone->device);
	copy_text(query, 6, stone->holder);
	if (copy_hash(query, 3, &stone->head, err) < 0 ||
	    copy_hash(query, 5, &stone->receipt, err) < 0)
		return -1;
	return copy_hash(query, 9, &stone->said, err);
}

int
tombstone_each(struct vault *vault, const char *subject,
    int (*each)(void *arg, const struct tombstone *stone, struct err *err),
    void *arg, struct err *err)
{
	struct db_query *query = db_query_nested(vault->db,
	    "SELECT subject, device, seq, head, events, receipt, holder,"
	    " reason, time, said, ended FROM tombstone"
	    " WHERE ?1 IS NULL OR subject = ?1 ORDER BY id",
	    err);
	struct tombstone stone;
	int more;

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	while ((more = db_step(query, err)) > 0)
		if (read_stone(query, &stone, err) < 0 ||
		    each(arg, &stone, err) < 0) {
			db_reset(query);
			return -1;
		}
	return more;
}

int
tombstone_end(struct vault *vault, const char *subject, const char *device,
    int64_t *seq, struct hash *head, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT seq, head FROM tombstone WHERE subject = ?1"
	    " AND device = ?2 ORDER BY seq DESC LIMIT 1",
	    err);
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	found = db_step(query, err);
	if (found <= 0)
		return found;
	*seq = db_int(query, 0);
	if (copy_hash(query, 1, head, err) < 0)
		found = -1;
	db_reset(query);
	return found;
}

int
tombstone_each_end(struct vault *vault, const char *device,
    int (*each)(void *arg, const char *subject, int64_t seq,
	const struct hash *head, struct err *err),
    void *arg, struct err *err)
{
	/* Of an aggregate with max() SQLite takes the other columns from the
	 * row that has it. */
	struct db_query *query = db_query_nested(vault->db,
	    "SELECT subject, max(seq), head FROM tombstone AS t"
	    " WHERE device = ?1 AND NOT EXISTS (SELECT 1 FROM event AS e"
	    "  WHERE e.subject = t.subject AND e.device = ?1)"
	    " GROUP BY subject"
	    " ORDER BY subject",
	    err);
	struct hash head;
	int more;

	if (!query)
		return -1;
	db_bind_text(query, 1, device);
	while ((more = db_step(query, err)) > 0)
		if (copy_hash(query, 2, &head, err) < 0 ||
		    each(arg, db_text(query, 0), db_int(query, 1), &head, err) <
			0) {
			db_reset(query);
			return -1;
		}
	return more;
}

int
tombstone_is_open(struct vault *vault, const char *subject, const char *device,
    struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT 1 FROM tombstone WHERE subject = ?1"
	    " AND (?2 IS NULL OR device = ?2) AND ended IS NULL LIMIT 1",
	    err);
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	found = db_step(query, err);
	db_reset(query);
	return found;
}

int
tombstone_had(struct vault *vault, const char *subject, const char *device,
    int64_t seq, const struct hash *hash, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT 1 FROM tombstone AS t JOIN purged AS p"
	    " ON p.tombstone = t.id AND p.seq = ?3"
	    " WHERE t.subject = ?1 AND t.device = ?2 AND p.hash = ?4 LIMIT 1",
	    err);
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	db_bind_int(query, 3, seq);
	db_bind_blob(query, 4, hash->bytes, sizeof(hash->bytes));
	found = db_step(query, err);
	db_reset(query);
	return found;
}

/* ---- what came back ---- */

static int
last_purge(
    struct vault *vault, const char *subject, int64_t *purged, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT max(time) FROM tombstone WHERE subject = ?1", err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	if (db_step(query, err) < 0)
		return -1;
	*purged = db_int(query, 0);
	db_reset(query);
	return 0;
}

static int
end_whole(struct vault *vault, const char *subject, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "UPDATE tombstone SET ended = ?2 WHERE subject = ?1"
	    " AND ended IS NULL AND NOT EXISTS (SELECT 1 FROM purged AS p"
	    "  WHERE p.tombstone = tombstone.id AND NOT EXISTS ("
	    "  SELECT 1 FROM event AS e WHERE e.subject = tombstone.subject"
	    "  AND e.device = tombstone.device AND e.seq = p.seq"
	    "  AND e.hash = p.hash))",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_int(query, 2, clock_now());
	return db_run(query, err);
}

int
tombstone_settle(
    struct vault *vault, const char *subject, int64_t *purged, struct err *err)
{
	int open = tombstone_is_open(vault, subject, NULL, err);

	if (open <= 0)
		return open;
	if (end_whole(vault, subject, err) < 0)
		return -1;
	open = tombstone_is_open(vault, subject, NULL, err);
	if (open != 0)
		return open < 0 ? -1 : 0;
	return last_purge(vault, subject, purged, err) < 0 ? -1 : 1;
}

int
tombstone_find(struct vault *vault, const char *typed, char subject[ID_MAX],
    int64_t *purged, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT subject, max(time) FROM tombstone WHERE ended IS NULL"
	    " GROUP BY subject ORDER BY subject",
	    err);
	int more, found = 0;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0)
		if (id_starts(db_text(query, 0), typed)) {
			copy_text(query, 0, subject);
			*purged = db_int(query, 1);
			found++;
		}
	return more < 0 ? -1 : found == 1;
}
