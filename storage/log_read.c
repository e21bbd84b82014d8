/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/recent.h"
#include "storage/vault_internal.h"

/*
 * Reading the log: chains with their judgements, events by part, subjects.
 * A loop here may be inside another of its kind, since `each` is free to ask.
 */

static const char *
own_device(struct vault *vault)
{
	const struct identity *self = identity_get(vault);

	return self ? self->device : "";
}

static int
copy_hash(
    struct db_query *query, int column, struct hash *hash, struct err *err)
{
	size_t len;
	const void *bytes = db_blob(query, column, &len);

	if (len != sizeof(hash->bytes))
		return err_set(err, ERR_FORMAT,
		    _("the vault is damaged: a hash in it has %zu bytes"), len);
	memcpy(hash->bytes, bytes, len);
	return 0;
}

/* The row is subject, device, last, its hash, then the judgement or NULL. */
static int
read_chain(struct db_query *query, const char *own, struct chain *chain,
    struct err *err)
{
	*chain = (struct chain){ .last = db_int(query, 2) };
	snprintf(
	    chain->subject, sizeof(chain->subject), "%s", db_text(query, 0));
	snprintf(chain->device, sizeof(chain->device), "%s", db_text(query, 1));
	const bool judged = !db_is_null(query, 4);
	const bool good = judged && db_int(query, 6) == CHAIN_GOOD;

	if (strcmp(chain->device, own) == 0 && (!judged || good)) {
		chain->effective = chain->last;
		chain->status = CHAIN_GOOD;
		return copy_hash(query, 3, &chain->head, err);
	}
	if (!judged) {
		chain->status = CHAIN_WAITING;
		snprintf(chain->reason, sizeof(chain->reason), "untrusted");
		return 0;
	}
	chain->effective = db_int(query, 4);
	chain->status = (enum chain_status)db_int(query, 6);
	snprintf(chain->reason, sizeof(chain->reason), "%s", db_text(query, 7));
	return copy_hash(query, 5, &chain->head, err);
}

/* The device of `subject` after `device`, in its place; "" for none. */
static int
next_device(
    struct vault *vault, const char *subject, char *device, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT min(device) FROM event WHERE subject = ?1"
	    " AND device > ?2",
	    err);
	const char *next;

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	if (db_step(query, err) < 0)
		return -1;
	next = db_text(query, 0);
	snprintf(device, ID_MAX, "%s", next ? next : "");
	db_reset(query);
	return 0;
}

static int
find_chain(struct vault *vault, const char *subject, const char *device,
    struct chain *chain, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT ?1, ?2, e.last,"
	    " (SELECT min(hash) FROM event WHERE subject = ?1"
	    "  AND device = ?2 AND seq = e.last),"
	    " c.effective, c.head, c.status, c.reason"
	    " FROM (SELECT max(seq) AS last FROM event"
	    "  WHERE subject = ?1 AND device = ?2) AS e"
	    " LEFT JOIN chain AS c ON c.subject = ?1 AND c.device = ?2",
	    err);
	int result;

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	if (db_step(query, err) < 0)
		return -1;
	result = read_chain(query, own_device(vault), chain, err);
	db_reset(query);
	return result;
}

/*
 * The devices of a subject are found by one step of the index each, and so
 * is the end of each chain, however long it is.  No statement is open while
 * `each` runs.
 */
static int
chains_of(struct vault *vault, const char *subject,
    int (*each)(void *arg, const struct chain *chain, struct err *err),
    void *arg, struct err *err)
{
	char device[ID_MAX] = "";
	struct chain chain;

	for (;;) {
		if (next_device(vault, subject, device, err) < 0)
			return -1;
		if (!*device)
			return 0;
		if (find_chain(vault, subject, device, &chain, err) < 0 ||
		    each(arg, &chain, err) < 0)
			return -1;
	}
}

struct all_chains {
	struct vault *vault;
	int (*each)(void *arg, const struct chain *chain, struct err *err);
	void *arg;
};

static int
chains_of_next(void *arg, const char *subject, struct err *err)
{
	const struct all_chains *all = arg;

	return chains_of(all->vault, subject, all->each, all->arg, err);
}

int
log_chains(struct vault *vault, const char *subject,
    int (*each)(void *arg, const struct chain *chain, struct err *err),
    void *arg, struct err *err)
{
	struct all_chains all = { vault, each, arg };

	return subject ? chains_of(vault, subject, each, arg, err)
		       : log_subjects(vault, chains_of_next, &all, err);
}

int
log_links(struct vault *vault, const char *subject, const char *device,
    struct chain_link **links, size_t *count, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT seq, hash, prev FROM event"
	    " WHERE subject = ?1 AND device = ?2 ORDER BY seq, hash",
	    err);
	size_t room = 0;
	int more;

	if (!query)
		return -1;
	*links = NULL;
	*count = 0;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	while ((more = db_step(query, err)) > 0) {
		struct chain_link link = { .seq = db_int(query, 0) };

		if (copy_hash(query, 1, &link.hash, err) < 0 ||
		    (!db_is_null(query, 2) &&
			copy_hash(query, 2, &link.prev, err) < 0)) {
			db_reset(query);
			more = -1;
			break;
		}
		mem_grow(links, &room, *count + 1, sizeof(**links));
		(*links)[(*count)++] = link;
	}
	if (more < 0) {
		free(*links);
		*links = NULL;
	}
	return more;
}

int
log_has(struct vault *vault, const char *subject, const char *device,
    int64_t seq, const struct hash *hash, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT 1 FROM event WHERE subject = ?1 AND device = ?2"
	    " AND seq = ?3 AND hash = ?4",
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

int
log_seq_until(struct vault *vault, const char *subject, const char *device,
    int64_t until, int64_t *seq, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT coalesce(max(seq), 0) FROM event"
	    " WHERE subject = ?1 AND device = ?2 AND id <= ?3",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	db_bind_int(query, 3, until);
	if (db_step(query, err) < 0)
		return -1;
	*seq = db_int(query, 0);
	db_reset(query);
	return 0;
}

/* The row is line and hash; a line must still have its hash. */
static int
read_row(struct vault *vault, struct db_query *query, struct event *event,
    struct err *err)
{
	struct hash hash, found;
	size_t len;
	const char *line = db_blob(query, 0, &len);

	if (copy_hash(query, 1, &hash, err) < 0)
		return -1;
	found = hash_of(line, len);
	if (!hash_equal(&hash, &found))
		return err_set(err, ERR_FORMAT,
		    _("the vault is damaged: event %lld of %s on %s was "
		      "altered"),
		    (long long)db_int(query, 2), db_text(query, 3),
		    db_text(query, 4));
	if (vault->recent &&
	    recent_take(vault->recent, &hash, line, len, event))
		return 0;
	return event_read_hashed(event, line, len, &hash, _("the vault"), err);
}

static int
each_event(struct vault *vault, struct db_query *query,
    int (*each)(void *arg, const struct event *event, struct err *err),
    void *arg, struct err *err)
{
	struct event event = { 0 };
	int more, result = 0;

	while (result == 0 && (more = db_step(query, err)) != 0) {
		if (more < 0 || read_row(vault, query, &event, err) < 0) {
			result = -1;
			break;
		}
		result = each(arg, &event, err) < 0 ? -1 : 0;
		event_release(&event);
	}
	db_reset(query);
	return result;
}

int
log_read(struct vault *vault, const char *subject, enum log_part part,
    int (*each)(void *arg, const struct event *event, struct err *err),
    void *arg, struct err *err)
{
/* 1 where an event has effect: as read_chain() says of its chain. */
#define EFFECT                                      \
	"coalesce((c.status = 0 AND e.device = ?2)" \
	" OR e.seq <= c.effective, e.device = ?2)"
#define EVENTS(and)                                         \
	"SELECT e.line, e.hash, e.seq, e.device, e.subject" \
	" FROM event AS e LEFT JOIN chain AS c"             \
	" ON c.subject = e.subject AND c.device = e.device" \
	" WHERE e.subject = ?1 " and                        \
	    " ORDER BY e.device, e.seq, e.hash"
	static const char *const sql[] = {
		[LOG_EFFECTIVE] = EVENTS("AND " EFFECT),
		[LOG_IDLE] = EVENTS("AND NOT " EFFECT),
		[LOG_ALL] = EVENTS(""),
	};
#undef EVENTS
#undef EFFECT
	struct db_query *query = db_query_nested(vault->db, sql[part], err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	if (part != LOG_ALL)
		db_bind_text(query, 2, own_device(vault));
	return each_event(vault, query, each, arg, err);
}

int
log_read_chain(struct vault *vault, const char *subject, const char *device,
    int64_t from,
    int (*each)(void *arg, const struct event *event, struct err *err),
    void *arg, struct err *err)
{
	struct db_query *query = db_query_nested(vault->db,
	    "SELECT line, hash, seq, device, subject FROM event"
	    " WHERE subject = ?1 AND device = ?2 AND seq >= ?3"
	    " ORDER BY seq, hash",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, device);
	db_bind_int(query, 3, from);
	return each_event(vault, query, each, arg, err);
}

int
log_subjects(struct vault *vault,
    int (*each)(void *arg, const char *subject, struct err *err), void *arg,
    struct err *err)
{
	char subject[ID_MAX] = "";
	struct db_query *query;
	const char *next;

	/* One step of the index for each: fast, and `each` may write. */
	for (;;) {
		query = db_query(vault->db,
		    "SELECT min(subject) FROM event WHERE subject > ?1", err);
		if (!query)
			return -1;
		db_bind_text(query, 1, subject);
		if (db_step(query, err) < 0)
			return -1;
		next = db_text(query, 0);
		snprintf(subject, sizeof(subject), "%s", next ? next : "");
		db_reset(query);
		if (!*subject)
			return 0;
		if (each(arg, subject, err) < 0)
			return -1;
	}
}
