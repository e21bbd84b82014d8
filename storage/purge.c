/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/purge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/recent.h"
#include "storage/vault_header.h"
#include "storage/vault_internal.h"

/*
 * One subject, then the file.  The event that tells of it is added first, so
 * that the last event of the log is never one that goes.
 */
struct ending {
	char device[ID_MAX];
	int64_t seq, events;
	struct hash head;
};

struct deed {
	struct vault *vault;
	const struct purge_order *order;
	struct ending *endings;
	size_t count, room;
	uint64_t events;
	int64_t time;
	struct hash said;
};

static int
list_endings(struct deed *deed, struct err *err)
{
	struct db_query *query = db_query(deed->vault->db,
	    "SELECT e.device, max(e.seq), count(*),"
	    " (SELECT min(hash) FROM event WHERE subject = ?1"
	    "  AND device = e.device AND seq = max(e.seq))"
	    " FROM event AS e WHERE e.subject = ?1"
	    " GROUP BY e.device ORDER BY e.device",
	    err);
	int more;

	if (!query)
		return -1;
	db_bind_text(query, 1, deed->order->subject);
	while ((more = db_step(query, err)) > 0) {
		struct ending *ending;

		mem_grow(&deed->endings, &deed->room, deed->count + 1,
		    sizeof(*deed->endings));
		ending = &deed->endings[deed->count++];
		*ending = (struct ending){ .seq = db_int(query, 1),
			.events = db_int(query, 2) };
		snprintf(ending->device, sizeof(ending->device), "%s",
		    db_text(query, 0));
		deed->events += (uint64_t)ending->events;
		if (db_copy_blob(query, 3, ending->head.bytes, HASH_BYTES))
			continue;
		db_reset(query);
		return err_set(err, ERR_FORMAT,
		    _("the vault is damaged: a hash of %s"),
		    deed->order->subject);
	}
	return more;
}

static json_t *
text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *
write_body(const struct deed *deed)
{
	const struct purge_order *order = deed->order;
	json_t *body = json_object(), *chains = json_array();
	char hex[HASH_HEX_MAX];

	json_put_text(body, "subject", order->subject);
	json_object_set_new(body, "chains", chains);
	for (size_t i = 0; i < deed->count; i++) {
		const struct ending *ending = &deed->endings[i];

		hash_to_hex(&ending->head, hex);
		json_array_append_new(chains,
		    json_pack("[sIsI]", ending->device, (json_int_t)ending->seq,
			hex, (json_int_t)ending->events));
	}
	if (order->receipt)
		hash_to_hex(order->receipt, hex);
	json_object_set_new(
	    body, "receipt", text_or_null(order->receipt ? hex : NULL));
	json_object_set_new(body, "holder", text_or_null(order->holder));
	json_put_text(body, "reason", order->reason);
	return body;
}

static int
say(struct deed *deed, struct err *err)
{
	const struct identity *self = identity_get(deed->vault);
	json_t *body;
	int result;

	if (!self)
		return err_set(err, ERR_DENIED,
		    _("the vault has no person yet: nobody could have purged "
		      "anything"));
	body = write_body(deed);
	result = log_append(
	    deed->vault, self->device, PURGE_KIND, body, &deed->said, err);
	json_decref(body);
	return result;
}

static int
insert_stone(
    const struct deed *deed, const struct ending *ending, struct err *err)
{
	const struct purge_order *order = deed->order;
	struct db_query *query = db_query(deed->vault->db,
	    "INSERT INTO tombstone (subject, device, seq, head, events,"
	    " receipt, holder, reason, time, said)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, order->subject);
	db_bind_text(query, 2, ending->device);
	db_bind_int(query, 3, ending->seq);
	db_bind_blob(query, 4, ending->head.bytes, HASH_BYTES);
	db_bind_int(query, 5, ending->events);
	if (order->receipt)
		db_bind_blob(query, 6, order->receipt->bytes, HASH_BYTES);
	db_bind_text(query, 7, order->holder);
	db_bind_text(query, 8, order->reason);
	db_bind_int(query, 9, deed->time);
	db_bind_blob(query, 10, deed->said.bytes, HASH_BYTES);
	return db_run(query, err);
}

static int
keep_hashes(
    const struct deed *deed, const struct ending *ending, struct err *err)
{
	struct db_query *query = db_query(deed->vault->db,
	    "INSERT INTO purged (id, tombstone, seq, hash)"
	    " SELECT id, (SELECT max(id) FROM tombstone), seq, hash"
	    " FROM event WHERE subject = ?1 AND device = ?2",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, deed->order->subject);
	db_bind_text(query, 2, ending->device);
	return db_run(query, err);
}

static int
delete_all(const struct deed *deed, struct err *err)
{
	static const char *const sql[] = {
		"DELETE FROM event WHERE subject = ?1",
		"DELETE FROM chain WHERE subject = ?1",
		"DELETE FROM seen WHERE subject = ?1",
	};

	for (size_t i = 0; i < ARRAY_LEN(sql); i++) {
		struct db_query *query = db_query(deed->vault->db, sql[i], err);

		if (!query)
			return -1;
		db_bind_text(query, 1, deed->order->subject);
		if (db_run(query, err) < 0)
			return -1;
	}
	/* What was parsed of them is in memory. */
	recent_free(deed->vault->recent);
	deed->vault->recent = NULL;
	return 0;
}

static int
do_purge(struct deed *deed, struct err *err)
{
	const char *subject = deed->order->subject;

	if (list_endings(deed, err) < 0)
		return -1;
	if (deed->count == 0)
		return err_set(err, ERR_NOT_FOUND,
		    _("nothing of %s is held here"), subject);
	if (say(deed, err) < 0)
		return -1;
	for (size_t i = 0; i < deed->count; i++)
		if (insert_stone(deed, &deed->endings[i], err) < 0 ||
		    keep_hashes(deed, &deed->endings[i], err) < 0)
			return -1;
	if (delete_all(deed, err) < 0)
		return -1;
	return projection_run(deed->vault, subject, err);
}

int
purge_subject(struct vault *vault, const struct purge_order *order,
    struct purge_count *count, struct err *err)
{
	struct deed deed = {
		.vault = vault, .order = order, .time = clock_now()
	};
	int result = -1;

	if (order->subject[0] == ID_DEVICE)
		return err_set(err, ERR_DENIED,
		    _("%s is a device: what it says of purges stays"),
		    order->subject);
	if (db_begin(vault->db, err) < 0)
		return -1;
	if (do_purge(&deed, err) < 0)
		db_rollback(vault->db);
	else
		result = db_commit(vault->db, err);
	if (result == 0) {
		count->subjects++;
		count->chains += deed.count;
		count->events += deed.events;
	}
	free(deed.endings);
	return result;
}

/* ---- the file ---- */

static int
read_number(struct db *db, const char *sql, uint64_t *number, struct err *err)
{
	struct db_query *query = db_query_new(db, sql, err);
	int found = query ? db_step(query, err) : -1;

	if (found > 0)
		*number = (uint64_t)db_int(query, 0);
	db_query_free(query);
	return found < 0 ? -1 : 0;
}

static uint64_t
size_of_files(const char *path)
{
	char *wal = xasprintf("%s-wal", path);
	struct stat info;
	uint64_t size = 0;

	if (stat(path, &info) == 0)
		size += (uint64_t)info.st_size;
	if (stat(wal, &info) == 0)
		size += (uint64_t)info.st_size;
	free(wal);
	return size;
}

/* Free pages: at least so many, and at least one of so many. */
enum { UNUSED_PAGES_WORTH = 64, UNUSED_PART_WORTH = 8 };

/* What the file has, in pages, and how large a page is. */
struct extent {
	uint64_t pages, unused, page_bytes;
};

static int
measure(struct db *db, struct extent *extent, struct err *err)
{
	*extent = (struct extent){ 0 };
	if (read_number(db, "PRAGMA page_count", &extent->pages, err) < 0 ||
	    read_number(db, "PRAGMA freelist_count", &extent->unused, err) < 0)
		return -1;
	return read_number(db, "PRAGMA page_size", &extent->page_bytes, err);
}

static bool
is_too_large(const struct extent *extent)
{
	return (extent->pages - extent->unused) * extent->page_bytes >
	    PURGE_SHRINK_MAX_BYTES;
}

int
purge_wants_shrink(struct vault *vault, struct err *err)
{
	struct extent extent;

	if (measure(vault->db, &extent, err) < 0)
		return -1;
	return extent.unused >= UNUSED_PAGES_WORTH &&
	    extent.unused >= extent.pages / UNUSED_PART_WORTH &&
	    !is_too_large(&extent);
}

/*
 * The copy that VACUUM makes is in memory and its result goes through the WAL
 * as one transaction: a power cut leaves the file before or after it.
 */
int
purge_shrink(struct vault *vault, struct purge_shrink *shrink, struct err *err)
{
	struct db *db = vault->db;
	struct extent extent;
	uint64_t ignored;

	*shrink = (struct purge_shrink){ 0 };
	if (measure(db, &extent, err) < 0)
		return -1;
	/* Not the log, which holds the empty pages of the purge itself. */
	shrink->before = VAULT_HEADER_BYTES + extent.pages * VAULT_PAGE_BYTES;
	shrink->too_large = is_too_large(&extent);
	if (!shrink->too_large && db_exec(db, "VACUUM", err) < 0)
		return err_wrap(err,
		    _("what was purged is gone, but the file could not be "
		      "made smaller"));
	if (read_number(db, "PRAGMA wal_checkpoint(TRUNCATE)", &ignored, err) <
	    0)
		return -1;
	shrink->after = size_of_files(vault->path);
	return 0;
}
