/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/inspection_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "storage/db.h"

/* The rows of an inspection, written from the struct that screens show. */

static int
delete_rows(struct vault *vault, const char *sql, const char *id,
    const char *path, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault), sql, err);

	if (!query)
		return -1;
	db_bind_text(query, 1, id);
	if (path)
		db_bind_text(query, 2, path);
	return db_run(query, err);
}

static const char delete_path_answers[] =
    "DELETE FROM answer WHERE inspection = ?1 AND path = ?2";
static const char delete_path_evidence[] =
    "DELETE FROM evidence WHERE inspection = ?1 AND path = ?2";
static const char delete_answers[] = "DELETE FROM answer WHERE inspection = ?1";
static const char delete_evidence[] =
    "DELETE FROM evidence WHERE inspection = ?1";
static const char delete_signatures[] =
    "DELETE FROM signature WHERE inspection = ?1";
static const char delete_inspection[] = "DELETE FROM inspection WHERE id = ?1";

static int
insert_claim(const struct inspection *inspection, const struct slot *slot,
    const struct claim *claim, struct err *err)
{
	struct db_query *query = db_query(vault_db(inspection->vault),
	    "INSERT INTO answer (inspection, path, device, seq, event, time,"
	    " used, value, basis, note, reason, flag)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, inspection->id);
	db_bind_text(query, 2, slot->path);
	db_bind_text(query, 3,
	    history_device(&inspection->record->history, claim->chain));
	db_bind_int(query, 4, claim->seq);
	db_bind_blob(query, 5, claim->event.bytes, HASH_BYTES);
	db_bind_int(query, 6, claim->time);
	db_bind_int(query, 7, claim == slot_used(slot));
	db_bind_text(query, 8, claim->value);
	db_bind_text(query, 9, basis_code(claim->basis));
	db_bind_text(query, 10, claim->note);
	db_bind_text(query, 11, claim->reason);
	db_bind_int(query, 12, claim->flag);
	return db_run(query, err);
}

static int
insert_exhibit(const struct inspection *inspection, const struct slot *slot,
    const struct evidence *evidence, struct err *err)
{
	struct db_query *query = db_query(vault_db(inspection->vault),
	    "INSERT INTO evidence (inspection, path, digest, device, name,"
	    " size, time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, inspection->id);
	db_bind_text(query, 2, slot->path);
	db_bind_blob(query, 3, evidence->digest.bytes, HASH_BYTES);
	db_bind_text(query, 4, evidence->device);
	db_bind_text(query, 5, evidence->name);
	db_bind_int(query, 6, (int64_t)evidence->size);
	db_bind_int(query, 7, evidence->time);
	return db_run(query, err);
}

static int
insert_slot(const struct inspection *inspection, const struct slot *slot,
    struct err *err)
{
	for (size_t i = 0; i < slot->alive_count; i++)
		if (insert_claim(inspection, slot, slot->alive[i], err) < 0)
			return -1;
	for (size_t i = 0; i < slot->evidence_count; i++)
		if (insert_exhibit(inspection, slot, &slot->evidence[i], err) <
		    0)
			return -1;
	return 0;
}

static int
insert_signature(const struct inspection *inspection,
    const struct signing *signing, struct err *err)
{
	struct db_query *query = db_query(vault_db(inspection->vault),
	    "INSERT INTO signature (inspection, device, seq, event, time,"
	    " code, site_name, site_function, current)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, inspection->id);
	db_bind_text(query, 2,
	    history_device(&inspection->record->history, signing->chain));
	db_bind_int(query, 3, signing->seq);
	db_bind_blob(query, 4, signing->event.bytes, HASH_BYTES);
	db_bind_int(query, 5, signing->time);
	db_bind_text(query, 6, signing->code);
	db_bind_text(query, 7, signing->site_name);
	db_bind_text(query, 8, signing->site_function);
	db_bind_int(query, 9, signing->current);
	return db_run(query, err);
}

static int
write_signatures(const struct inspection *inspection, struct err *err)
{
	const struct record *record = inspection->record;

	if (delete_rows(inspection->vault, delete_signatures, inspection->id,
		NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < record->signing_count; i++)
		if (insert_signature(inspection, &record->signings[i], err) < 0)
			return -1;
	return 0;
}

static char *
join_people(const struct inspection_info *info)
{
	struct buf people = BUF_INIT;

	for (size_t i = 0; i < info->people_count; i++)
		buf_addf(&people, "%s%s", i > 0 ? " " : "", info->people[i]);
	return buf_detach(&people);
}

static void
bind_counts(struct db_query *query, const struct inspection_info *info)
{
	db_bind_int(query, 8, info->answered);
	db_bind_int(query, 9, info->relevant);
	db_bind_int(query, 10, info->invalid);
	db_bind_int(query, 11, info->required_missing);
	db_bind_int(query, 12, info->flagged);
	db_bind_int(query, 13, info->conflicts);
	db_bind_int(query, 14, info->waiting);
	db_bind_int(query, 15, info->disputed);
	db_bind_int(query, 16, info->newer);
	db_bind_int(query, 17, info->changed);
}

static int
write_inspection(const struct inspection *inspection, struct err *err)
{
	const struct inspection_info *info = &inspection->info;
	struct db_query *query = db_query(vault_db(inspection->vault),
	    "INSERT OR REPLACE INTO inspection (id, site, checklist, due,"
	    " stage, signed, form, answered, relevant, invalid, missing,"
	    " flagged, conflicts, waiting, disputed, newer, changed, people)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, ?16, ?17, ?18)",
	    err);
	char *people;
	int result;

	if (!query)
		return -1;
	people = join_people(info);
	db_bind_text(query, 1, info->id);
	db_bind_text(query, 2, info->site);
	db_bind_blob(query, 3, info->checklist.bytes, HASH_BYTES);
	db_bind_text(query, 4, info->due);
	db_bind_int(query, 5, info->stage);
	db_bind_int(query, 6, record_own_signature(inspection->record));
	db_bind_int(query, 7, inspection->form != NULL);
	bind_counts(query, info);
	db_bind_text(query, 18, people);
	result = db_run(query, err);
	free(people);
	return result;
}

int
rows_write_all(const struct inspection *inspection, struct err *err)
{
	const struct record *record = inspection->record;

	for (size_t i = 0; i < record->slot_count; i++)
		if (insert_slot(inspection, record->slots[i], err) < 0)
			return -1;
	if (write_signatures(inspection, err) < 0)
		return -1;
	return write_inspection(inspection, err);
}

/* The rows that insert_slot() does not write over. */
static int
delete_slot(const struct inspection *inspection, const struct slot *slot,
    struct err *err)
{
	struct vault *vault = inspection->vault;

	if (delete_rows(vault, delete_path_answers, inspection->id, slot->path,
		err) < 0)
		return -1;
	if (slot->exhibit_count == 0)
		return 0;
	return delete_rows(
	    vault, delete_path_evidence, inspection->id, slot->path, err);
}

int
rows_write_change(const struct inspection *inspection, const struct slot *slot,
    struct err *err)
{
	if (slot &&
	    (delete_slot(inspection, slot, err) < 0 ||
		insert_slot(inspection, slot, err) < 0))
		return -1;
	if (inspection->record->signing_count > 0 &&
	    write_signatures(inspection, err) < 0)
		return -1;
	return write_inspection(inspection, err);
}

int
rows_delete_all(struct vault *vault, const char *id, struct err *err)
{
	if (delete_rows(vault, delete_answers, id, NULL, err) < 0 ||
	    delete_rows(vault, delete_evidence, id, NULL, err) < 0 ||
	    delete_rows(vault, delete_signatures, id, NULL, err) < 0)
		return -1;
	return delete_rows(vault, delete_inspection, id, NULL, err);
}
