/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "crypto/ids.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log_internal.h"
#include "storage/recent.h"
#include "storage/tombstone.h"
#include "storage/vault_internal.h"

/*
 * Adding events, what was seen, judgements.  Own events are written in
 * log_append.c; the head is in log_head.c, reading in log_read.c, the
 * projectors' turn in projection.c.
 */

/* ---- what the log is like without asking it ---- */

uint64_t
log_version(struct vault *vault)
{
	if (vault->appending)
		return vault->version_before;
	return (uint64_t)(db_total_changes(vault->db) - vault->known_changes) +
	    (db_rollbacks(vault->db) << 40);
}

static bool
tail_is_known(struct vault *vault)
{
	return vault->tail.is_known &&
	    vault->tail.version == log_version(vault);
}

bool
log_tail_is_of(struct vault *vault, const char *subject)
{
	return tail_is_known(vault) &&
	    strcmp(vault->tail.subject, subject) == 0;
}

int
log_known_head(struct vault *vault, struct vault_head *head, struct err *err)
{
	if (!tail_is_known(vault))
		return log_head(vault->db, head, err);
	*head = vault->tail.head;
	return 0;
}

/* What is known of the log is that it ends with this head. */
static void
keep_head(struct vault *vault, const struct vault_head *head)
{
	vault->tail = (struct log_tail){
		.is_known = true, .version = log_version(vault), .head = *head
	};
}

/* ---- adding ---- */

int
log_add(struct vault *vault, const struct event *event, struct err *err)
{
	struct db *db = vault->db;
	struct vault_head head;
	struct db_query *query;

	if (log_known_head(vault, &head, err) < 0)
		return -1;
	head.hash = log_head_after(&head.hash, &event->hash);
	head.count++;
	query = db_query(db,
	    "INSERT INTO event"
	    " (id, subject, device, seq, hash, kind, head, line, prev)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
	    " ON CONFLICT (subject, device, seq, hash) DO NOTHING",
	    err);
	if (!query)
		return -1;
	db_bind_int(query, 1, (int64_t)head.count);
	db_bind_text(query, 2, event->subject);
	db_bind_text(query, 3, event->device);
	db_bind_int(query, 4, event->seq);
	db_bind_blob(query, 5, event->hash.bytes, sizeof(event->hash.bytes));
	db_bind_text(query, 6, event->kind);
	db_bind_blob(query, 7, head.hash.bytes, sizeof(head.hash.bytes));
	db_bind_blob(query, 8, event->line, event->len);
	if (!hash_is_zero(&event->prev))
		db_bind_blob(
		    query, 9, event->prev.bytes, sizeof(event->prev.bytes));
	if (db_run(query, err) < 0)
		return -1;
	if (db_changes(db) == 0)
		return 0;
	keep_head(vault, &head);
	return 1;
}

static void
keep_recent(struct vault *vault, const struct event *event)
{
	if (!vault->recent)
		vault->recent = recent_new();
	recent_put(vault->recent, event);
}

int
log_insert(struct vault *vault, const struct event *event, struct err *err)
{
	struct db *db = vault->db;
	int added;

	/* A savepoint for each of many events would cost more than they do. */
	if (db_in_transaction(db)) {
		added = log_add(vault, event, err);
		if (added > 0)
			keep_recent(vault, event);
		return added;
	}
	if (db_begin(db, err) < 0)
		return -1;
	added = log_add(vault, event, err);
	if (added < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, err) < 0 ? -1 : added;
}

int
log_note_seen(struct db *db, const struct event *event, struct err *err)
{
	const char *device;
	json_t *value;
	struct hash hash;

	if (!event->seen)
		return 0;
	json_object_foreach(json_object_get(event->json, "seen"), device, value)
	{
		struct db_query *query = db_query(db,
		    "INSERT OR REPLACE INTO seen (subject, device, hash)"
		    " VALUES (?1, ?2, ?3)",
		    err);

		if (!query || !hash_from_hex(json_string_value(value), &hash))
			return -1;
		db_bind_text(query, 1, event->subject);
		db_bind_text(query, 2, device);
		db_bind_blob(query, 3, hash.bytes, sizeof(hash.bytes));
		if (db_run(query, err) < 0)
			return -1;
	}
	return 0;
}

/* The end of a chain as it is held; seq 0 when there is none. */
static int
read_held(struct db *db, const char *subject, const char *device, int64_t *seq,
    struct hash *hash, struct err *err)
{
	struct db_query *query = db_query(db,
	    "SELECT seq, hash FROM event WHERE subject = ?1 AND device = ?2"
	    " ORDER BY seq DESC, hash DESC LIMIT 1",
	    err);
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	found = db_step(query, err);
	if (found < 0)
		return -1;
	*seq = 0;
	*hash = (struct hash){ 0 };
	if (found) {
		*seq = db_int(query, 0);
		log_take_hash(query, 1, hash);
		db_reset(query);
	}
	return 0;
}

int
log_end(struct vault *vault, const char *subject, const char *device,
    int64_t *seq, struct hash *head, struct err *err)
{
	int64_t purged_seq;
	struct hash purged;
	int found;

	if (read_held(vault->db, subject, device, seq, head, err) < 0)
		return -1;
	found =
	    tombstone_end(vault, subject, device, &purged_seq, &purged, err);
	if (found > 0 && purged_seq > *seq) {
		*seq = purged_seq;
		*head = purged;
	}
	return found < 0 ? -1 : 0;
}

int
log_judge(struct vault *vault, const struct chain *chain, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "INSERT INTO chain"
	    " (subject, device, effective, head, status, reason)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
	    " ON CONFLICT (subject, device) DO UPDATE SET"
	    " effective = ?3, head = ?4, status = ?5, reason = ?6"
	    " WHERE effective <> ?3 OR head <> ?4 OR status <> ?5"
	    " OR reason <> ?6",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, chain->subject);
	db_bind_text(query, 2, chain->device);
	db_bind_int(query, 3, chain->effective);
	db_bind_blob(query, 4, chain->head.bytes, sizeof(chain->head.bytes));
	db_bind_int(query, 5, chain->status);
	db_bind_text(query, 6, chain->reason);
	return db_run(query, err);
}

int
log_unjudge(struct vault *vault, const char *subject, const char *device,
    struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "DELETE FROM chain WHERE subject = ?1 AND device = ?2", err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	return db_run(query, err);
}
