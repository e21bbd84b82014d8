/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/doctor_internal.h"
#include "storage/event.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"

/*
 * Events of a damaged vault in the order of their numbers, and what is left
 * of those that were purged.  They get new numbers, without gaps, and a new
 * running hash.
 */

enum { BATCH = 4096 }; /* rows in one transaction */

static void
advance_head(struct rescue *rescue, const struct hash *hash)
{
	rescue->head.hash = log_head_after(&rescue->head.hash, hash);
	rescue->head.count++;
}

static int
put_event(struct rescue *rescue, const struct event *event, struct err *err)
{
	struct db_query *query = db_query(rescue->to->db,
	    "INSERT INTO event"
	    " (id, subject, device, seq, hash, kind, head, line, prev)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	    err);

	if (!query)
		return -1;
	advance_head(rescue, &event->hash);
	db_bind_int(query, 1, (int64_t)rescue->head.count);
	db_bind_text(query, 2, event->subject);
	db_bind_text(query, 3, event->device);
	db_bind_int(query, 4, event->seq);
	db_bind_blob(query, 5, event->hash.bytes, HASH_BYTES);
	db_bind_text(query, 6, event->kind);
	db_bind_blob(query, 7, rescue->head.hash.bytes, HASH_BYTES);
	db_bind_blob(query, 8, event->line, event->len);
	if (!hash_is_zero(&event->prev))
		db_bind_blob(query, 9, event->prev.bytes, HASH_BYTES);
	return db_run(query, err);
}

/* 1 taken, 0 not to be believed, -1. */
static int
take_event(struct rescue *rescue, const struct row *record, struct err *err)
{
	const struct column *line = &record->columns[8];
	struct err ignored = { 0 };
	struct event event;
	struct hash hash;
	int result = 0;

	if (record->count != 9 || line->type != COLUMN_BLOB ||
	    !rescue_hash(rescue, record, 4, &hash) ||
	    event_read(&event, rescue->payload.data + line->at, line->len,
		_("the vault"), &ignored) < 0)
		return 0;
	if (hash_equal(&event.hash, &hash))
		result =
		    !rescue->to || put_event(rescue, &event, err) == 0 ? 1 : -1;
	event_release(&event);
	return result;
}

/* The number that an old number has now is its place in the list. */
static void
note_number(struct rescue *rescue, int64_t number)
{
	mem_grow(&rescue->numbers, &rescue->number_room,
	    rescue->number_count + 1, sizeof(*rescue->numbers));
	rescue->numbers[rescue->number_count++] = number;
}

static bool
is_saved(const struct rescue *rescue, int64_t number)
{
	return rescue->number_count > 0 &&
	    rescue->numbers[rescue->number_count - 1] == number;
}

/* One event by its number; a second row of one number is passed over. */
static int
rescue_event(struct rescue *rescue, size_t i, struct err *err)
{
	const int64_t number = rescue->all->rows[ROW_EVENT].refs[i].key;
	struct row row;
	int got;

	if (is_saved(rescue, number))
		return 0;
	got = rescue_row(rescue, ROW_EVENT, i, &row, err);
	if (got > 0)
		got = take_event(rescue, &row, err);
	if (got > 0) {
		note_number(rescue, number);
		rescue->report->saved.events.saved++;
	}
	return got < 0 ? -1 : 0;
}

/* ---- purged events ---- */

static int
put_purged(struct rescue *rescue, const struct row *row,
    const struct hash *hash, struct err *err)
{
	struct db_query *query = db_query(rescue->to->db,
	    "INSERT INTO purged (id, tombstone, seq, hash)"
	    " VALUES (?1, ?2, ?3, ?4)",
	    err);

	if (!query)
		return -1;
	advance_head(rescue, hash);
	db_bind_int(query, 1, (int64_t)rescue->head.count);
	db_bind_int(query, 2, row->columns[1].number);
	db_bind_int(query, 3, row->columns[2].number);
	db_bind_blob(query, 4, hash->bytes, HASH_BYTES);
	return db_run(query, err);
}

static int
rescue_purged(struct rescue *rescue, size_t i, struct err *err)
{
	const int64_t number = rescue->all->rows[ROW_PURGED].refs[i].key;
	struct hash hash;
	struct row row;
	int got;

	if (is_saved(rescue, number))
		return 0;
	got = rescue_row(rescue, ROW_PURGED, i, &row, err);
	if (got <= 0 || row.count != 4 || !rescue_hash(rescue, &row, 3, &hash))
		return got < 0 ? -1 : 0;
	if (rescue->to && put_purged(rescue, &row, &hash, err) < 0)
		return -1;
	note_number(rescue, number);
	rescue->report->saved.purged.saved++;
	return 0;
}

/* Binds the columns from `first` on, as they are, to ?2 and so on. */
static void
bind_columns(const struct rescue *rescue, const struct row *row,
    struct db_query *query, unsigned first)
{
	for (unsigned i = first; i < row->count; i++) {
		const struct column *column = &row->columns[i];
		const char *bytes = rescue->payload.data + column->at;
		const int at = (int)(i - first) + 2;

		if (column->type == COLUMN_INT)
			db_bind_int(query, at, column->number);
		if (column->type == COLUMN_BLOB)
			db_bind_blob(query, at, bytes, column->len);
		if (column->type == COLUMN_TEXT) {
			char *text = xstrndup(bytes, column->len);

			db_bind_text(query, at, text);
			free(text);
		}
	}
}

static int
put_tombstone(struct rescue *rescue, const struct row *row, int64_t number,
    struct err *err)
{
	struct db_query *query = db_query(rescue->to->db,
	    "INSERT INTO tombstone (id, subject, device, seq, head, events,"
	    " receipt, holder, reason, time, said, ended) VALUES"
	    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
	    " ON CONFLICT (id) DO NOTHING",
	    err);

	if (!query)
		return -1;
	db_bind_int(query, 1, number);
	bind_columns(rescue, row, query, 1);
	return db_run(query, err);
}

static int
rescue_tombstones(struct rescue *rescue, struct err *err)
{
	const struct row_list *list = &rescue->all->rows[ROW_TOMBSTONE];
	struct row row;

	for (size_t i = 0; i < list->count; i++) {
		const int got = rescue_row(rescue, ROW_TOMBSTONE, i, &row, err);

		if (got < 0)
			return -1;
		if (got > 0 && rescue->to &&
		    put_tombstone(rescue, &row, list->refs[i].key, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- former devices ---- */

/* How many of the saved events had a number up to `until`. */
static int64_t
number_now(const struct rescue *rescue, int64_t until)
{
	size_t low = 0, high = rescue->number_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (rescue->numbers[middle] <= until)
			low = middle + 1;
		else
			high = middle;
	}
	return (int64_t)low;
}

int
rescue_former(struct rescue *rescue, struct err *err)
{
	const size_t count = rescue->all->rows[ROW_FORMER].count;
	struct row row;

	for (size_t i = 0; i < count; i++) {
		struct db_query *query;
		int got = rescue_row(rescue, ROW_FORMER, i, &row, err);

		if (got < 0)
			return -1;
		if (got == 0 || !rescue->to)
			continue;
		query = db_query(rescue->to->db,
		    "INSERT OR IGNORE INTO former"
		    " (device, until, retired, age_identity)"
		    " VALUES (?2, ?1, ?4, ?5)",
		    err);
		if (!query)
			return -1;
		bind_columns(rescue, &row, query, 0);
		db_bind_int(
		    query, 1, number_now(rescue, row.columns[1].number));
		got = db_run(query, err);
		db_forget(query);
		if (got < 0)
			return -1;
	}
	return 0;
}

/* ---- all, by their numbers ---- */

static int64_t
key_at(const struct row_list *list, size_t i)
{
	return i < list->count ? list->refs[i].key : INT64_MAX;
}

int
rescue_events(struct rescue *rescue, struct err *err)
{
	const struct row_list *events = &rescue->all->rows[ROW_EVENT];
	const struct row_list *purged = &rescue->all->rows[ROW_PURGED];
	size_t event = 0, gone = 0;

	if (rescue_tombstones(rescue, err) < 0)
		return -1;
	while (event < events->count || gone < purged->count) {
		const bool is_gone = event == events->count ||
		    (gone < purged->count &&
			key_at(purged, gone) < key_at(events, event));
		const int result = is_gone ? rescue_purged(rescue, gone++, err)
					   : rescue_event(rescue, event++, err);

		if (result < 0 ||
		    rescue_step(rescue, event, events->count, err) < 0 ||
		    ((event + gone) % BATCH == 0 &&
			rescue_commit(rescue, err) < 0))
			return -1;
	}
	return 0;
}
