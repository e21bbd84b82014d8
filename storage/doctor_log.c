/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <stdio.h>

#include "base/i18n.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/doctor_internal.h"
#include "storage/event.h"
#include "storage/identity.h"
#include "storage/vault_internal.h"

/*
 * The log of an open vault: SQLite's own check of its trees, then every event
 * from the first on, the running hash over them, and how chains hang together.
 */

int
check_structure(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	struct db_query *query;
	int more;

	doctor_stage(options, _("Checking the structure"));
	query = db_query(vault->db, "PRAGMA integrity_check(100)", err);
	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0)
		if (strcmp(db_text(query, 0), "ok") != 0)
			doctor_find(report,
			    &(struct doctor_finding){
				.part = "structure", .byte = -1 },
			    _("the structure of the database is damaged: %s"),
			    db_text(query, 0));
	return more;
}

/* ---- events ---- */

struct reading {
	struct doctor_report *report;
	struct hash head; /* as it must be after the last event */
	int64_t last;     /* its number */
};

/* The columns of EVENTS. */
enum {
	EVENT_ID,
	EVENT_IS_PURGED,
	EVENT_SUBJECT,
	EVENT_DEVICE,
	EVENT_SEQ,
	EVENT_HASH,
	EVENT_PREV,
	EVENT_KIND,
	EVENT_HEAD,
	EVENT_LINE
};

#define EVENTS                                                              \
	"SELECT id, 0, subject, device, seq, hash, prev, kind, head, line"  \
	" FROM event"                                                       \
	" UNION ALL SELECT id, 1, NULL, NULL, seq, hash, NULL, NULL, NULL," \
	" NULL FROM purged ORDER BY 1"

static void
say_event(struct reading *reading, struct db_query *query, const char *what)
{
	const char *subject = db_text(query, EVENT_SUBJECT);
	const char *device = db_text(query, EVENT_DEVICE);

	doctor_find(reading->report,
	    &(struct doctor_finding){ .part = "event",
		.byte = -1,
		.table = "event",
		.subject = subject,
		.number = db_int(query, EVENT_ID) },
	    _("event %lld (seq %lld of %s on %s): %s"),
	    (long long)db_int(query, EVENT_ID),
	    (long long)db_int(query, EVENT_SEQ), device ? device : "?",
	    subject ? subject : "?", what);
}

static bool
same_hash(struct db_query *query, int column, const struct hash *hash)
{
	size_t len;
	const void *bytes;

	if (db_is_null(query, column))
		return hash_is_zero(hash);
	bytes = db_blob(query, column, &len);
	return len == HASH_BYTES && memcmp(bytes, hash->bytes, len) == 0;
}

static bool
same_text(struct db_query *query, int column, const char *text)
{
	const char *found = db_text(query, column);

	return found && strcmp(found, text) == 0;
}

/* The line against its hash, itself, and the columns made of it. */
static void
check_line(struct reading *reading, struct db_query *query)
{
	struct err why = { 0 };
	struct event event;
	size_t len;
	const char *line = db_blob(query, EVENT_LINE, &len);
	const struct hash hash = hash_of(line, len);

	if (!same_hash(query, EVENT_HASH, &hash)) {
		say_event(reading, query,
		    _("its line was altered: it does not have its hash"));
		return;
	}
	if (event_read_hashed(&event, line, len, &hash, _("the line"), &why) <
	    0) {
		say_event(reading, query, why.msg);
		return;
	}
	if (!same_text(query, EVENT_SUBJECT, event.subject) ||
	    !same_text(query, EVENT_DEVICE, event.device) ||
	    !same_text(query, EVENT_KIND, event.kind) ||
	    db_int(query, EVENT_SEQ) != event.seq ||
	    !same_hash(query, EVENT_PREV, &event.prev))
		say_event(reading, query,
		    _("its row was altered: it does not say what its line "
		      "says"));
	event_release(&event);
}

/* The running hash; one that is wrong is told of once. */
static void
check_head(struct reading *reading, struct db_query *query)
{
	struct hasher hasher;
	size_t len;
	const void *bytes = db_blob(query, EVENT_HASH, &len);

	hasher_begin(&hasher);
	hasher_add(&hasher, reading->head.bytes, HASH_BYTES);
	hasher_add(&hasher, bytes, len);
	reading->head = hasher_end_hash(&hasher);
	if (db_int(query, EVENT_IS_PURGED) ||
	    same_hash(query, EVENT_HEAD, &reading->head))
		return;
	doctor_find(reading->report,
	    &(struct doctor_finding){ .part = "head",
		.byte = -1,
		.table = "event",
		.number = db_int(query, EVENT_ID) },
	    _("event %lld: the running hash over all events is not the one "
	      "that follows from those before it"),
	    (long long)db_int(query, EVENT_ID));
	bytes = db_blob(query, EVENT_HEAD, &len);
	if (len == HASH_BYTES)
		memcpy(reading->head.bytes, bytes, len);
}

static void
check_number(struct reading *reading, int64_t number)
{
	if (number == reading->last) {
		doctor_find(reading->report,
		    &(struct doctor_finding){
			.part = "event", .byte = -1, .number = number },
		    _("event %lld is there though it was purged"),
		    (long long)number);
		return;
	}
	if (number != reading->last + 1)
		doctor_find(reading->report,
		    &(struct doctor_finding){ .part = "event",
			.byte = -1,
			.table = "event",
			.number = reading->last + 1 },
		    _("events %lld to %lld are missing"),
		    (long long)reading->last + 1, (long long)number - 1);
	reading->last = number;
}

static int
read_events(struct vault *vault, const struct doctor_options *options,
    struct reading *reading, struct err *err)
{
	const uint64_t total = reading->report->head.count;
	struct db_query *query = db_query(vault->db, EVENTS, err);
	int more;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0) {
		const int64_t number = db_int(query, EVENT_ID);

		check_number(reading, number);
		if (db_int(query, EVENT_IS_PURGED))
			reading->report->purged++;
		else
			check_line(reading, query);
		check_head(reading, query);
		if (progress_step(
			options->progress, (uint64_t)number, total, err) < 0) {
			db_reset(query);
			return -1;
		}
	}
	return more;
}

/* ---- chains ---- */

static int
count(struct db *db, const char *sql, uint64_t *number, struct err *err)
{
	struct db_query *query = db_query(db, sql, err);

	if (!query || db_step(query, err) < 0)
		return -1;
	*number = (uint64_t)db_int(query, 0);
	db_reset(query);
	return 0;
}

static void
say_chain(
    struct doctor_report *report, struct db_query *query, const char *what)
{
	doctor_find(report,
	    &(struct doctor_finding){ .part = "chain",
		.byte = -1,
		.table = "event",
		.subject = db_text(query, 0) },
	    _("the chain of %s on %s: %s (seq %lld)"), db_text(query, 1),
	    db_text(query, 0), what, (long long)db_int(query, 2));
}

/*
 * Events without the one before them: others' chains may wait for it, our own
 * never do.  By subject and device, so that chains can be counted.
 */
static int
check_links(struct vault *vault, const char *own, struct doctor_report *report,
    struct err *err)
{
	char subject[ID_MAX] = "", device[ID_MAX] = "";
	struct db_query *query = db_query(vault->db,
	    "SELECT e.subject, e.device, e.seq FROM event AS e"
	    " WHERE e.seq > 1 AND NOT EXISTS (SELECT 1 FROM event AS p"
	    "  WHERE p.subject = e.subject AND p.device = e.device"
	    "  AND p.seq = e.seq - 1 AND p.hash = e.prev)"
	    " AND NOT EXISTS (SELECT 1 FROM tombstone AS t JOIN purged AS p"
	    "  ON p.tombstone = t.id WHERE t.subject = e.subject"
	    "  AND t.device = e.device AND p.seq = e.seq - 1"
	    "  AND p.hash = e.prev)"
	    " ORDER BY e.subject, e.device, e.seq",
	    err);
	int more;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0) {
		if (strcmp(db_text(query, 1), own) == 0) {
			say_chain(report, query,
			    _("the event before this one is missing"));
			continue;
		}
		if (!same_text(query, 0, subject) ||
		    !same_text(query, 1, device))
			report->waiting++;
		snprintf(subject, sizeof(subject), "%s", db_text(query, 0));
		snprintf(device, sizeof(device), "%s", db_text(query, 1));
	}
	return more;
}

static int
check_forks(struct vault *vault, const char *own, struct doctor_report *report,
    struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT subject, device, seq FROM event WHERE device = ?1"
	    " GROUP BY subject, device, seq HAVING count(*) > 1",
	    err);
	int more;

	if (!query)
		return -1;
	db_bind_text(query, 1, own);
	while ((more = db_step(query, err)) > 0)
		say_chain(report, query,
		    _("this device wrote two events with one number"));
	return more;
}

int
check_events(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	const struct identity *self = identity_get(vault);
	const char *own = self ? self->device : "";
	struct reading reading = { .report = report };

	doctor_stage(options, _("Checking events"));
	if (read_events(vault, options, &reading, err) < 0)
		return -1;
	doctor_stage(options, _("Checking chains"));
	if (count(vault->db,
		"SELECT count(*) FROM"
		" (SELECT DISTINCT subject, device FROM event)",
		&report->chains, err) < 0 ||
	    count(vault->db,
		"SELECT count(*) FROM (SELECT DISTINCT subject FROM event)",
		&report->subjects, err) < 0 ||
	    check_links(vault, own, report, err) < 0)
		return -1;
	return check_forks(vault, own, report, err);
}
