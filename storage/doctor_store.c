/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/i18n.h"
#include "crypto/ids.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/doctor_internal.h"
#include "storage/identity.h"
#include "storage/statement.h"
#include "storage/vault_internal.h"

/* Of an open vault: statements, files, checklists. */

/* ---- statements ---- */

static void
say_statement(
    struct doctor_report *report, struct db_query *query, const char *what)
{
	char hex[HASH_HEX_MAX] = "";
	struct hash hash;

	if (db_copy_blob(query, 0, hash.bytes, sizeof(hash.bytes)))
		hash_to_hex(&hash, hex);
	doctor_find(report,
	    &(struct doctor_finding){ .part = "statement",
		.byte = -1,
		.table = "statement",
		.subject = hex },
	    _("statement %.16s (%s of %s): %s"), hex, db_text(query, 1),
	    db_text(query, 2), what);
}

/*
 * The key of this device, or of another as the roster has it, believed because the device is
 * named by its keys: 1, 0 where it is not known, -1.
 */
static int
find_key(
    struct vault *vault, const char *device, uint8_t key[32], struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct roster_entry entry = { 0 };
	char named[ID_MAX];
	int found;

	if (self && strcmp(self->device, device) == 0) {
		memcpy(key, self->sign_public, 32);
		return 1;
	}
	found = roster_find(vault, device, &entry, err);
	if (found <= 0)
		return found;
	id_device(entry.sign_public, entry.minisign_public.key,
	    entry.age_recipient.key, named);
	memcpy(key, entry.sign_public, 32);
	roster_entry_release(&entry);
	return strcmp(named, device) == 0;
}

static bool
has_columns(struct db_query *query, const struct statement *statement)
{
	struct hash hash;

	return db_copy_blob(query, 0, hash.bytes, sizeof(hash.bytes)) &&
	    hash_equal(&hash, &statement->hash) &&
	    strcmp(db_text(query, 1), statement->type) == 0 &&
	    strcmp(db_text(query, 2), statement->device) == 0;
}

static int
check_statement(struct vault *vault, struct db_query *query,
    struct doctor_report *report, struct err *err)
{
	struct statement statement;
	struct err why = { 0 };
	uint8_t key[32];
	size_t len;
	const char *line = db_blob(query, 3, &len);
	int known;

	if (statement_read(&statement, line, len, _("the line"), &why) < 0) {
		say_statement(report, query, why.msg);
		return 0;
	}
	known = find_key(vault, statement.device, key, err);
	if (!has_columns(query, &statement))
		say_statement(report, query,
		    _("its row was altered: its line has another hash, type "
		      "or device"));
	else if (known > 0 && !statement_is_signed_by(&statement, key))
		say_statement(report, query, _("its signature is not right"));
	else if (known == 0)
		report->unchecked++;
	statement_release(&statement);
	return known < 0 ? -1 : 0;
}

int
check_statements(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	struct db_query *query;
	int more;

	doctor_stage(options, _("Checking statements"));
	query = db_query(
	    vault->db, "SELECT hash, type, device, line FROM statement", err);
	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0) {
		report->statements++;
		if (check_statement(vault, query, report, err) < 0 ||
		    progress_step(
			options->progress, report->statements, 0, err) < 0) {
			db_reset(query);
			return -1;
		}
	}
	return more;
}

/* ---- files ---- */

static void
say_file(
    struct doctor_report *report, const struct hash *digest, const char *what)
{
	char hex[HASH_HEX_MAX];

	hash_to_hex(digest, hex);
	doctor_find(report,
	    &(struct doctor_finding){
		.part = "file", .byte = -1, .table = "blob", .subject = hex },
	    _("the file %.16s: %s"), hex, what);
}

/* Hashes the pieces; their sizes go to `*size`, -1 where one is missing. */
static int
hash_file(struct db *db, int64_t number, int64_t *size, struct hash *digest,
    struct err *err)
{
	struct db_query *query = db_query(db,
	    "SELECT n, bytes FROM blob_chunk WHERE blob = ?1 ORDER BY n", err);
	struct hasher hasher;
	int64_t next = 0;
	bool gap = false;
	int more;

	if (!query)
		return -1;
	db_bind_int(query, 1, number);
	hasher_begin(&hasher);
	*size = 0;
	while ((more = db_step(query, err)) > 0) {
		size_t len;
		const void *bytes = db_blob(query, 1, &len);

		hasher_add(&hasher, bytes, len);
		*size += (int64_t)len;
		gap |= db_int(query, 0) != next++;
	}
	*digest = hasher_end_hash(&hasher);
	if (gap)
		*size = -1;
	return more;
}

static int
check_file(struct vault *vault, struct db_query *query,
    struct doctor_report *report, struct err *err)
{
	struct hash digest = { 0 }, found;
	int64_t size;

	report->files++;
	if (!db_copy_blob(query, 1, digest.bytes, sizeof(digest.bytes))) {
		say_file(report, &digest, _("its row has no digest"));
		return 0;
	}
	if (hash_file(vault->db, db_int(query, 0), &size, &found, err) < 0)
		return -1;
	report->file_bytes += size > 0 ? (uint64_t)size : 0;
	if (size < 0)
		say_file(report, &digest, _("a piece of it is missing"));
	else if (size != db_int(query, 2))
		say_file(report, &digest, _("it does not have its size"));
	else if (!hash_equal(&found, &digest))
		say_file(report, &digest,
		    _("it was altered: it does not have its digest"));
	return 0;
}

static int
total_bytes(struct db *db, uint64_t *total, struct err *err)
{
	struct db_query *query =
	    db_query(db, "SELECT coalesce(sum(size), 0) FROM blob", err);

	if (!query || db_step(query, err) < 0)
		return -1;
	*total = (uint64_t)db_int(query, 0);
	db_reset(query);
	return 0;
}

static int
check_pieces(struct vault *vault, struct doctor_report *report, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT count(*) FROM (SELECT DISTINCT blob FROM blob_chunk)"
	    " WHERE blob NOT IN (SELECT id FROM blob)",
	    err);

	if (!query || db_step(query, err) < 0)
		return -1;
	if (db_int(query, 0) > 0)
		doctor_find(report,
		    &(struct doctor_finding){
			.part = "file", .byte = -1, .table = "blob_chunk" },
		    _("there are pieces of %lld files that are not listed"),
		    (long long)db_int(query, 0));
	db_reset(query);
	return 0;
}

static int
check_forms(struct vault *vault, struct doctor_report *report, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT f.digest, b.id IS NOT NULL FROM form AS f"
	    " LEFT JOIN blob AS b ON b.digest = f.digest",
	    err);
	int more;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0) {
		char hex[HASH_HEX_MAX] = "";
		struct hash digest;

		report->checklists++;
		if (db_int(query, 1))
			continue;
		if (db_copy_blob(query, 0, digest.bytes, HASH_BYTES))
			hash_to_hex(&digest, hex);
		doctor_find(report,
		    &(struct doctor_finding){ .part = "checklist",
			.byte = -1,
			.table = "form",
			.subject = hex },
		    _("the checklist %.16s is listed, its file is missing"),
		    hex);
	}
	return more;
}

int
check_files(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	struct db_query *query;
	uint64_t total;
	int more;

	doctor_stage(options, _("Checking files"));
	if (total_bytes(vault->db, &total, err) < 0)
		return -1;
	query = db_query(vault->db, "SELECT id, digest, size FROM blob", err);
	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0)
		if (check_file(vault, query, report, err) < 0 ||
		    progress_step(options->progress, report->file_bytes, total,
			err) < 0) {
			db_reset(query);
			return -1;
		}
	if (more < 0 || check_pieces(vault, report, err) < 0)
		return -1;
	return check_forms(vault, report, err);
}
