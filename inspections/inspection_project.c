/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/projectors.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inspections/inspection_internal.h"
#include "storage/db.h"
#include "storage/tombstone.h"

/*
 * The tables of inspections.  project() reads an inspection from its events
 * and writes all of it; apply() takes one own event into the inspection that
 * the last project() left behind and writes what changed.  Both write rows by
 * the same functions (inspection_rows.c) from the same struct, so they cannot
 * differ.
 */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS inspection ("
    " id TEXT PRIMARY KEY,"
    " site TEXT NOT NULL,"
    " checklist BLOB NOT NULL,"
    " due TEXT NOT NULL,"
    " stage INTEGER NOT NULL,"
    " signed INTEGER NOT NULL," /* as record_own_signature() has it */
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
    "CREATE INDEX IF NOT EXISTS inspection_lacking"
    " ON inspection (checklist) WHERE form = 0;"
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

/* ---- the last few, kept ---- */

enum { KEPT_MAX = 4 };

struct kept {
	struct vault *vault;
	struct inspection *inspection;
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
	checklist_forget(vault);
	for (int i = 0; i < KEPT_MAX; i++)
		if (kept[i].vault == vault)
			drop(&kept[i]);
}

static void
keep(struct vault *vault, struct inspection *inspection)
{
	struct kept *place = &kept[kept_next++ % KEPT_MAX];

	drop(place);
	place->vault = vault;
	place->inspection = inspection;
}

/* ---- the projector ---- */

/*
 * Purged: nothing is held of it, or something that has no effect before the
 * rest is back.  1, 0, -1.
 */
static int
is_gone(const struct inspection *inspection, struct err *err)
{
	const struct history *history = &inspection->record->history;

	if (history->entry_count > 0)
		return 0;
	return history->idle_count == 0
	    ? 1
	    : tombstone_is_open(inspection->vault, inspection->id, NULL, err);
}

static int
project_one(struct vault *vault, const char *subject, struct hash *checklist,
    struct err *err)
{
	struct inspection *inspection;
	int gone;

	drop(find_kept(vault, subject));
	if (rows_delete_all(vault, subject, err) < 0)
		return -1;
	inspection = inspection_build(vault, subject, WHEN_LAST_EVENT, err);
	if (!inspection)
		return -1;
	*checklist = (struct hash){ 0 };
	gone = is_gone(inspection, err);
	if (gone != 0) {
		inspection_close(inspection);
		return gone < 0 ? -1 : 0;
	}
	if (rows_write_all(inspection, err) < 0) {
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
	if (!form_is_same_at(one->inspection->form, one->inspection->when,
		one->inspection->record->changed))
		inspection_restate(one->inspection);
	if (rows_write_change(one->inspection, slot, err) < 0) {
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
