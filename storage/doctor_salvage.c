/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "crypto/ids.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/doctor_internal.h"
#include "storage/identity.h"
#include "storage/statement.h"
#include "storage/vault_internal.h"

/*
 * Rows of a damaged vault, read and proved one by one.  An event and a
 * statement are what their hash says, a file what its digest says, the owner
 * what the name of his device says; nothing else is believed.  Numbers of
 * events are given anew, without gaps, and with them the running hash.
 *
 * The order of this file: help, the owner, statements, settings, all.
 */

enum { ROW_BYTES_MAX = STATEMENT_LINE_MAX + 4096 };

int
rescue_step(
    const struct rescue *rescue, size_t done, size_t total, struct err *err)
{
	return progress_step(rescue->options->progress, done, total, err);
}

bool
rescue_hash(const struct rescue *rescue, const struct row *record, unsigned at,
    struct hash *hash)
{
	const struct column *column = &record->columns[at];

	if (at >= record->count || column->type != COLUMN_BLOB ||
	    column->len != sizeof(hash->bytes))
		return false;
	memcpy(hash->bytes, rescue->payload.data + column->at, column->len);
	return true;
}

bool
rescue_text(const struct rescue *rescue, const struct row *record, unsigned at,
    char *text, size_t room)
{
	const struct column *column = &record->columns[at];

	if (at >= record->count || column->type != COLUMN_TEXT ||
	    column->len >= room)
		return false;
	memcpy(text, rescue->payload.data + column->at, column->len);
	text[column->len] = '\0';
	return strlen(text) == column->len;
}

static int
compare_hashes(const void *one, const void *other)
{
	return hash_compare(one, other);
}

void
rescue_sort(struct hash *list, size_t count)
{
	if (count)
		qsort(list, count, sizeof(*list), compare_hashes);
}

bool
rescue_has(const struct hash *list, size_t count, const struct hash *hash)
{
	return count &&
	    bsearch(hash, list, count, sizeof(*list), compare_hashes);
}

int
rescue_row(struct rescue *rescue, enum row_kind kind, size_t i,
    struct row *record, struct err *err)
{
	return gathered_read(rescue->all, &rescue->all->rows[kind].refs[i],
	    ROW_BYTES_MAX, &rescue->payload, record, err);
}

/* ---- the owner ---- */

enum {
	ID_DEVICE_AT = 2, /* columns of the row, with its number */
	ID_SIGN_PUBLIC_AT = 7,
	ID_MINISIGN_PUBLIC_AT = 10,
	ID_AGE_AT = 11,
	ID_COLUMNS = 12
};

/* The device is named by its public keys; the age one follows. */
static bool
proves_owner(
    const struct rescue *rescue, const struct row *record, char device[ID_MAX])
{
	const char *bytes = rescue->payload.data;
	const struct column *columns = record->columns;
	struct age_recipient recipient;
	struct hash sign, minisign;
	struct secret *age;
	char named[ID_MAX];

	if (record->count != ID_COLUMNS ||
	    !rescue_text(rescue, record, ID_DEVICE_AT, device, ID_MAX) ||
	    !rescue_hash(rescue, record, ID_SIGN_PUBLIC_AT, &sign) ||
	    !rescue_hash(rescue, record, ID_MINISIGN_PUBLIC_AT, &minisign) ||
	    columns[ID_AGE_AT].type != COLUMN_BLOB ||
	    columns[ID_AGE_AT].len != AGE_KEY_BYTES)
		return false;
	age = secret_new(AGE_KEY_BYTES);
	memcpy(age->data, bytes + columns[ID_AGE_AT].at, AGE_KEY_BYTES);
	age_recipient_of(age, &recipient);
	secret_free(age);
	id_device(sign.bytes, minisign.bytes, recipient.key, named);
	return strcmp(named, device) == 0;
}

static int
put_owner(struct rescue *rescue, const struct row *record, struct err *err)
{
	struct db_query *query = db_query(rescue->to->db,
	    "INSERT INTO identity (id, person, device, name, organisation,"
	    " role, sign_key, sign_public, minisign_number, minisign_key,"
	    " minisign_public, age_identity) VALUES"
	    " (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	    err);
	int result;

	if (!query)
		return -1;
	for (int i = 1; i < ID_COLUMNS; i++) {
		const struct column *column = &record->columns[i];
		char *text;

		if (column->type == COLUMN_BLOB) {
			db_bind_blob(query, i,
			    rescue->payload.data + column->at, column->len);
			continue;
		}
		text = xstrndup(rescue->payload.data + column->at, column->len);
		db_bind_text(query, i, text);
		free(text);
	}
	result = db_run(query, err);
	db_forget(query);
	return result < 0 ? -1 : identity_load(rescue->to, err);
}

static int
rescue_owner(struct rescue *rescue, struct err *err)
{
	const size_t count = rescue->all->rows[ROW_IDENTITY].count;
	struct row record;
	char device[ID_MAX];
	int got, result = 0;

	for (size_t i = 0; i < count && !*rescue->own; i++) {
		got = rescue_row(rescue, ROW_IDENTITY, i, &record, err);
		if (got < 0)
			return -1;
		if (got == 0 || !proves_owner(rescue, &record, device))
			continue;
		snprintf(rescue->own, sizeof(rescue->own), "%s", device);
		rescue->report->saved.owner = true;
		if (rescue->to && put_owner(rescue, &record, err) < 0)
			result = -1;
	}
	buf_wipe_release(&rescue->payload);
	return result;
}

/* ---- statements ---- */

static int
take_statement(struct rescue *rescue, const struct row *record, struct err *err)
{
	const struct column *line = &record->columns[4];
	struct statement statement;
	struct err ignored = { 0 };
	struct hash hash;
	int result = 0;

	if (record->count != 5 || line->type != COLUMN_BLOB ||
	    !rescue_hash(rescue, record, 0, &hash) ||
	    statement_read(&statement, rescue->payload.data + line->at,
		line->len, _("the vault"), &ignored) < 0)
		return 0;
	if (hash_equal(&statement.hash, &hash)) {
		mem_grow(&rescue->statements, &rescue->statement_room,
		    rescue->statement_count + 1, sizeof(hash));
		rescue->statements[rescue->statement_count++] = hash;
		if (rescue->to)
			result = statement_insert(rescue->to, &statement, err);
	}
	statement_release(&statement);
	return result < 0 ? -1 : 0;
}

static size_t
drop_twins(struct hash *list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (kept == 0 || !hash_equal(&list[kept - 1], &list[i]))
			list[kept++] = list[i];
	return kept;
}

static int
rescue_statements(struct rescue *rescue, struct err *err)
{
	const size_t count = rescue->all->rows[ROW_STATEMENT].count;
	struct row record;

	for (size_t i = 0; i < count; i++) {
		const int got =
		    rescue_row(rescue, ROW_STATEMENT, i, &record, err);

		if (got < 0 || rescue_step(rescue, i, count, err) < 0 ||
		    (got > 0 && take_statement(rescue, &record, err) < 0))
			return -1;
	}
	rescue_sort(rescue->statements, rescue->statement_count);
	rescue->statement_count =
	    drop_twins(rescue->statements, rescue->statement_count);
	rescue->report->saved.statements.saved = rescue->statement_count;
	return 0;
}

/* ---- settings ---- */

/* 1 taken, 0 not to be read, -1. */
static int
take_setting(struct rescue *rescue, const struct row *row, struct err *err)
{
	const struct column *text = &row->columns[1];
	char key[256], *value;
	int result = 1;

	if (row->count != 2 || text->type != COLUMN_TEXT ||
	    !rescue_text(rescue, row, 0, key, sizeof(key)))
		return 0;
	if (!rescue->to)
		return 1;
	value = xstrndup(rescue->payload.data + text->at, text->len);
	if (setting_put(rescue->to, key, value, err) < 0)
		result = -1;
	free(value);
	return result;
}

static int
rescue_settings(struct rescue *rescue, struct err *err)
{
	const size_t count = rescue->all->rows[ROW_SETTING].count;
	struct row row;

	for (size_t i = 0; i < count; i++) {
		int got = rescue_row(rescue, ROW_SETTING, i, &row, err);

		if (got > 0)
			got = take_setting(rescue, &row, err);
		if (got < 0)
			return -1;
		if (got > 0)
			rescue->report->saved.settings.saved++;
		else
			rescue->report->saved.settings.lost++;
	}
	return 0;
}

/* ---- all ---- */

int
rescue_commit(struct rescue *rescue, struct err *err)
{
	if (!rescue->to)
		return 0;
	if (db_commit(rescue->to->db, err) < 0)
		return -1;
	return db_begin(rescue->to->db, err);
}

static int
rescue_all(struct rescue *rescue, struct err *err)
{
	const struct doctor_options *options = rescue->options;

	doctor_stage(options, _("Reading statements"));
	if (rescue_owner(rescue, err) < 0 || rescue_statements(rescue, err) < 0)
		return -1;
	doctor_stage(options, _("Reading events"));
	if (rescue_events(rescue, err) < 0 || rescue_former(rescue, err) < 0)
		return -1;
	doctor_stage(options, _("Reading files"));
	if (rescue_commit(rescue, err) < 0 || rescue_files(rescue, err) < 0)
		return -1;
	return rescue_settings(rescue, err);
}

int
rescue_run(struct rescue *rescue, struct err *err)
{
	buf_init(&rescue->payload, ROW_BYTES_MAX);
	if (!rescue->to)
		return rescue_all(rescue, err);
	if (db_begin(rescue->to->db, err) < 0)
		return -1;
	if (rescue_all(rescue, err) < 0) {
		db_rollback(rescue->to->db);
		return -1;
	}
	return db_commit(rescue->to->db, err);
}

void
rescue_release(struct rescue *rescue)
{
	free(rescue->numbers);
	free(rescue->statements);
	free(rescue->files);
	buf_wipe_release(&rescue->payload);
}
