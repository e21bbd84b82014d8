/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/tombstone.h"
#include "storage/vault_internal.h"

/* What this device says next: its own events, written, chained, projected. */

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
		log_take_hash(query, 1, &head);
		hash_to_hex(&head, hex);
		buf_addf(
		    line, "%s\"%s\":\"%s\"", before, db_text(query, 0), hex);
		before = ",";
	}
	if (*before == ',')
		buf_add_text(line, "},");
	return more;
}

/* Writes the next event of this device on `subject`, fields in their order. */
static int
write_event(struct vault *vault, const struct event *draft, const json_t *body,
    struct buf *line, struct err *err)
{
	char time[CLOCK_TEXT_MAX], hex[HASH_HEX_MAX];
	const bool known = log_tail_is_of(vault, draft->subject);
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

	if (log_add(vault, event, err) < 0 ||
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
	const bool known = log_tail_is_of(vault, draft->subject);
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
