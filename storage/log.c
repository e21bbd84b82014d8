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
 * Writing to the log: adding events, what was seen, judgements.  The head is
 * in log_head.c, reading in log_read.c, the projectors' turn in projection.c.
 */

static void
read_hash(struct db_query *query, int column, struct hash *hash)
{
	size_t len;
	const void *bytes = db_blob(query, column, &len);

	*hash = (struct hash){ 0 };
	if (len == sizeof(hash->bytes))
		memcpy(hash->bytes, bytes, len);
}

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

/* Is the own chain on `subject` known to its end, with nothing beside it? */
static bool
tail_is_of(struct vault *vault, const char *subject)
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

static int
insert(struct vault *vault, const struct event *event, struct err *err)
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
		added = insert(vault, event, err);
		if (added > 0)
			keep_recent(vault, event);
		return added;
	}
	if (db_begin(db, err) < 0)
		return -1;
	added = insert(vault, event, err);
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

/* Adds `"seen":{...},` with the heads that changed, or nothing. */
static int
write_seen(struct db *db, const char *subject, const char *own,
    struct buf *line, struct err *err)
{
	struct db_query *query = db_query(db,
	    "SELECT chain.device, chain.head FROM chain LEFT JOIN seen"
	    " ON seen.subject = chain.subject AND seen.device = chain.device"
	    " WHERE chain.subject = ?1 AND chain.device <> ?2"
	    " AND chain.effective > 0"
	    " AND (seen.hash IS NULL OR seen.hash <> chain.head)"
	    " ORDER BY chain.device LIMIT ?3",
	    err);
	const char *before = "\"seen\":{";
	char hex[HASH_HEX_MAX];
	struct hash head;
	int more;

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, own);
	db_bind_int(query, 3, EVENT_SEEN_MAX);
	while ((more = db_step(query, err)) > 0) {
		read_hash(query, 1, &head);
		hash_to_hex(&head, hex);
		buf_addf(
		    line, "%s\"%s\":\"%s\"", before, db_text(query, 0), hex);
		before = ",";
	}
	if (*before == ',')
		buf_add_text(line, "},");
	return more;
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
		read_hash(query, 1, hash);
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

/* Writes the next event of this device on `subject`, fields in their order. */
static int
write_event(struct vault *vault, const struct event *draft, const json_t *body,
    struct buf *line, struct err *err)
{
	char time[CLOCK_TEXT_MAX], hex[HASH_HEX_MAX];
	const bool known = tail_is_of(vault, draft->subject);
	struct hash prev = vault->tail.end;
	int64_t seq = vault->tail.seq;

	if (!known &&
	    log_end(vault, draft->subject, draft->device, &seq, &prev, err) < 0)
		return -1;
	buf_addf(line,
	    "{\"subject\":\"%s\",\"device\":\"%s\",\"seq\":%" PRId64 ",",
	    draft->subject, draft->device, seq + 1);
	if (seq > 0) {
		hash_to_hex(&prev, hex);
		buf_addf(line, "\"prev\":\"%s\",", hex);
	}
	if (!known &&
	    write_seen(vault->db, draft->subject, draft->device, line, err) < 0)
		return -1;
	clock_format(clock_now(), time);
	buf_addf(line, "\"time\":\"%s\",\"kind\":\"%s\",\"body\":", time,
	    draft->kind);
	json_write(line, body, 0);
	buf_add_char(line, '}');
	return buf_check(line, _("what is to be saved"), err);
}

static int
run_projectors(struct vault *vault, const struct event *event, struct err *err)
{
	const struct projector *const *turn = vault->projectors;

	for (; turn && *turn; turn++) {
		const int result = (*turn)->apply
		    ? (*turn)->apply(vault, event, err)
		    : (*turn)->project(vault, event->subject, err);

		if (result < 0)
			return -1;
	}
	return 0;
}

/* What is written where the rest was purged waits for the rest: 1, 0, -1. */
static int
hold_back(struct vault *vault, const struct event *event, struct err *err)
{
	struct chain chain = { .status = CHAIN_WAITING,
		.reason = CHAIN_PURGED };
	const int open =
	    tombstone_is_open(vault, event->subject, event->device, err);

	if (open <= 0)
		return open;
	memcpy(chain.subject, event->subject, sizeof(chain.subject));
	memcpy(chain.device, event->device, sizeof(chain.device));
	return log_judge(vault, &chain, err) < 0 ? -1 : 1;
}

/* The event that was written is on the disk as it stands in the log. */
static int
add_own(
    struct vault *vault, const struct event *event, bool known, struct err *err)
{
	int held = 0;

	if (insert(vault, event, err) < 0 ||
	    log_note_seen(vault->db, event, err) < 0)
		return -1;
	if (!known)
		held = hold_back(vault, event, err);
	if (held < 0)
		return -1;
	if (held == 0 && !event->seen) {
		memcpy(vault->tail.subject, event->subject,
		    sizeof(vault->tail.subject));
		vault->tail.seq = event->seq;
		vault->tail.end = event->hash;
	}
	return run_projectors(vault, event, err);
}

static int
append(struct vault *vault, const struct event *draft, const json_t *body,
    struct hash *hash, struct err *err)
{
	const bool known = tail_is_of(vault, draft->subject);
	struct buf line;
	struct event event = { 0 };
	int result = -1;

	buf_init(&line, EVENT_LINE_MAX);
	if (write_event(vault, draft, body, &line, err) < 0 ||
	    event_read(&event, line.data, line.len, _("what is to be saved"),
		err) < 0 ||
	    add_own(vault, &event, known, err) < 0)
		goto out;
	*hash = event.hash;
	result = 0;
out:
	event_release(&event);
	buf_release(&line);
	return result;
}

/* Events on other subjects may change what holds for all. */
static bool
is_of_one_subject(const char *subject)
{
	return subject[0] == ID_INSPECTION || subject[0] == ID_SITE;
}

/* append() as one change that log_version() does not see. */
static int
append_unseen(struct vault *vault, const struct event *draft,
    const json_t *body, struct hash *hash, struct err *err)
{
	const int64_t before = db_total_changes(vault->db);
	int result;

	vault->version_before = log_version(vault);
	vault->appending = true;
	result = append(vault, draft, body, hash, err);
	vault->appending = false;
	if (is_of_one_subject(draft->subject))
		vault->known_changes += db_total_changes(vault->db) - before;
	return result;
}

int
log_append(struct vault *vault, const char *subject, const char *kind,
    json_t *body, struct hash *hash, struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct event draft = { 0 };
	struct hash added;

	if (!self)
		return err_set(err, ERR_DENIED,
		    _("the vault has no person yet: nobody could have written "
		      "this"));
	if (watch_check(vault, err) < 0)
		return -1;
	if (strlen(subject) >= sizeof(draft.subject) ||
	    strlen(kind) >= sizeof(draft.kind))
		return err_set(err, ERR_LIMIT,
		    _("the identifier or kind of an event is too long"));
	snprintf(draft.subject, sizeof(draft.subject), "%s", subject);
	snprintf(draft.kind, sizeof(draft.kind), "%s", kind);
	snprintf(draft.device, sizeof(draft.device), "%s", self->device);
	if (db_begin(vault->db, err) < 0)
		return -1;
	if (append_unseen(vault, &draft, body, &added, err) < 0) {
		db_rollback(vault->db);
		return -1;
	}
	if (db_commit(vault->db, err) < 0)
		return -1;
	if (hash)
		*hash = added;
	return 0;
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
