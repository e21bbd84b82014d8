/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/projectors.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/expr.h"
#include "inspections/inspection_internal.h"
#include "storage/db.h"

/*
 * The tables of inspections.  project() reads an inspection from its events
 * and writes all of it; apply() takes one own event into the inspection that
 * the last project() left behind and writes what changed.  Both write rows by
 * the same functions from the same struct, so they cannot differ.
 */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS inspection ("
    " id TEXT PRIMARY KEY,"
    " site TEXT NOT NULL,"
    " checklist BLOB NOT NULL,"
    " due TEXT NOT NULL,"
    " stage INTEGER NOT NULL,"
    " signed INTEGER NOT NULL," /* seq of our own signature, 0: none */
    " form INTEGER NOT NULL,"   /* 1: the checklist is held */
    " answered INTEGER NOT NULL,"
    " relevant INTEGER NOT NULL,"
    " invalid INTEGER NOT NULL,"
    " missing INTEGER NOT NULL,"
    " flagged INTEGER NOT NULL,"
    " conflicts INTEGER NOT NULL,"
    " waiting INTEGER NOT NULL,"
    " disputed INTEGER NOT NULL,"
    " newer INTEGER NOT NULL,"
    " changed INTEGER NOT NULL,"
    " people TEXT NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS answer ("
    " inspection TEXT NOT NULL,"
    " path TEXT NOT NULL,"
    " device TEXT NOT NULL,"
    " seq INTEGER NOT NULL,"
    " event BLOB NOT NULL,"
    " time INTEGER NOT NULL,"
    " used INTEGER NOT NULL,"
    " value TEXT NOT NULL,"
    " basis TEXT NOT NULL,"
    " note TEXT NOT NULL,"
    " reason TEXT NOT NULL,"
    " flag INTEGER NOT NULL,"
    " PRIMARY KEY (inspection, path, device)"
    ") WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS evidence ("
    " inspection TEXT NOT NULL,"
    " path TEXT NOT NULL,"
    " digest BLOB NOT NULL,"
    " device TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " size INTEGER NOT NULL,"
    " time INTEGER NOT NULL,"
    " PRIMARY KEY (inspection, path, digest)"
    ") WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS signature ("
    " inspection TEXT NOT NULL,"
    " device TEXT NOT NULL,"
    " seq INTEGER NOT NULL,"
    " event BLOB NOT NULL,"
    " time INTEGER NOT NULL,"
    " code TEXT NOT NULL,"
    " site_name TEXT NOT NULL,"
    " site_function TEXT NOT NULL,"
    " current INTEGER NOT NULL,"
    " PRIMARY KEY (inspection, device, seq)"
    ") WITHOUT ROWID;"
    /* Not projected: checklist.c */
    "CREATE TABLE IF NOT EXISTS checklist ("
    " identity BLOB PRIMARY KEY,"
    " title TEXT NOT NULL,"
    " form_id TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " questions INTEGER NOT NULL,"
    " sections INTEGER NOT NULL,"
    " langs INTEGER NOT NULL"
    ") WITHOUT ROWID;";

/* ---- rows ---- */

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
	const int own = record_own_chain(inspection->record);
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
	db_bind_int(query, 6, own < 0 ? 0 : inspection->record->signed_at[own]);
	db_bind_int(query, 7, inspection->form != NULL);
	bind_counts(query, info);
	db_bind_text(query, 18, people);
	result = db_run(query, err);
	free(people);
	return result;
}

static int
write_all(const struct inspection *inspection, struct err *err)
{
	const struct record *record = inspection->record;

	for (size_t i = 0; i < record->slot_count; i++)
		if (insert_slot(inspection, record->slots[i], err) < 0)
			return -1;
	if (write_signatures(inspection, err) < 0)
		return -1;
	return write_inspection(inspection, err);
}

static int
write_change(const struct inspection *inspection, const struct slot *slot,
    struct err *err)
{
	struct vault *vault = inspection->vault;

	if (slot &&
	    (delete_rows(vault, delete_path_answers, inspection->id, slot->path,
		 err) < 0 ||
		delete_rows(vault, delete_path_evidence, inspection->id,
		    slot->path, err) < 0 ||
		insert_slot(inspection, slot, err) < 0))
		return -1;
	if (inspection->record->signing_count > 0 &&
	    write_signatures(inspection, err) < 0)
		return -1;
	return write_inspection(inspection, err);
}

/* ---- the last few, kept ---- */

enum { KEPT_MAX = 4 };

struct kept {
	struct vault *vault;
	struct inspection *inspection;
	bool steady; /* no question of its form asks for the time */
};

static struct kept kept[KEPT_MAX];
static unsigned kept_next;

static struct kept *
find_kept(struct vault *vault, const char *id)
{
	for (int i = 0; i < KEPT_MAX; i++)
		if (kept[i].inspection && kept[i].vault == vault &&
		    strcmp(kept[i].inspection->id, id) == 0)
			return &kept[i];
	return NULL;
}

static void
drop(struct kept *one)
{
	if (one) {
		inspection_close(one->inspection);
		memset(one, 0, sizeof(*one));
	}
}

void
inspection_forget(struct vault *vault)
{
	for (int i = 0; i < KEPT_MAX; i++)
		if (kept[i].vault == vault)
			drop(&kept[i]);
}

static bool
asks_time(const struct item *item)
{
	const struct expr *const logic[] = { item->relevant, item->required,
		item->constraint, item->calculation, item->choice_filter,
		item->read_only, item->dynamic_default };

	for (size_t i = 0; i < ARRAY_LEN(logic); i++)
		if (logic[i] && expr_is_volatile(logic[i]))
			return true;
	return false;
}

static bool
is_steady(const struct form *form)
{
	for (int i = 0; form && i < form->item_count; i++)
		if (asks_time(&form->items[i]))
			return false;
	return true;
}

static void
keep(struct vault *vault, struct inspection *inspection)
{
	struct kept *place = &kept[kept_next++ % KEPT_MAX];

	drop(place);
	place->vault = vault;
	place->inspection = inspection;
	place->steady = is_steady(inspection->form);
}

/* ---- the projector ---- */

static int
delete_all(struct vault *vault, const char *id, struct err *err)
{
	if (delete_rows(vault, delete_answers, id, NULL, err) < 0 ||
	    delete_rows(vault, delete_evidence, id, NULL, err) < 0 ||
	    delete_rows(vault, delete_signatures, id, NULL, err) < 0)
		return -1;
	return delete_rows(vault, delete_inspection, id, NULL, err);
}

static int
project_one(struct vault *vault, const char *subject, struct hash *checklist,
    struct err *err)
{
	struct inspection *inspection;

	drop(find_kept(vault, subject));
	if (delete_all(vault, subject, err) < 0)
		return -1;
	inspection = inspection_build(vault, subject, WHEN_LAST_EVENT, err);
	if (!inspection)
		return -1;
	if (write_all(inspection, err) < 0) {
		inspection_close(inspection);
		return -1;
	}
	*checklist =
	    inspection->form ? inspection->form->identity : (struct hash){ 0 };
	keep(vault, inspection);
	return 0;
}

struct subjects {
	char (*ids)[ID_MAX];
	size_t count, room;
};

static int
list_lacking(struct vault *vault, const struct hash *checklist,
    struct subjects *subjects, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT id FROM inspection WHERE checklist = ?1 AND form = 0", err);
	int step;

	if (!query)
		return -1;
	db_bind_blob(query, 1, checklist->bytes, HASH_BYTES);
	while ((step = db_step(query, err)) > 0) {
		const char *id = db_text(query, 0);

		mem_grow(&subjects->ids, &subjects->room, subjects->count + 1,
		    ID_MAX);
		memcpy(subjects->ids[subjects->count++], id,
		    strnlen(id, ID_MAX - 1));
	}
	return step;
}

int
inspection_project_lacking(
    struct vault *vault, const struct hash *checklist, struct err *err)
{
	struct subjects lacking = { 0 };
	int result = list_lacking(vault, checklist, &lacking, err);

	for (size_t i = 0; i < lacking.count && result == 0; i++) {
		struct hash ignored;

		result = project_one(vault, lacking.ids[i], &ignored, err);
	}
	free(lacking.ids);
	return result;
}

/* A checklist may come in a later bundle than an inspection that needs it:
 * whatever the order, both count in the end. */
static int
project(struct vault *vault, const char *subject, struct err *err)
{
	struct hash checklist;

	if (subject[0] != ID_INSPECTION)
		return 0;
	if (project_one(vault, subject, &checklist, err) < 0)
		return -1;
	return hash_is_zero(&checklist)
	    ? 0
	    : inspection_project_lacking(vault, &checklist, err);
}

static int
apply(struct vault *vault, const struct event *event, struct err *err)
{
	struct kept *one;
	struct slot *slot;
	int current;

	if (event->subject[0] != ID_INSPECTION)
		return 0;
	one = find_kept(vault, event->subject);
	if (!one || !one->inspection->form)
		return project(vault, event->subject, err);
	current = history_is_current(
	    &one->inspection->record->history, vault, event, err);
	if (current < 0)
		return -1;
	if (current == 0 || !inspection_take(one->inspection, event, &slot))
		return project(vault, event->subject, err);
	if (!one->steady)
		inspection_restate(one->inspection);
	if (write_change(one->inspection, slot, err) < 0) {
		drop(one);
		return -1;
	}
	return 0;
}

const struct projector inspection_projector = {
	.name = "inspection",
	.schema = schema,
	.tables = (const char *const[]){ "inspection", "answer", "evidence",
	    "signature", NULL },
	.project = project,
	.apply = apply,
};

const struct projector *const inspection_projectors[] = { &site_projector,
	&inspection_projector, NULL };
