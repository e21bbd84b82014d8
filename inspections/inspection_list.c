/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "inspections/complete.h"
#include "inspections/inspection_internal.h"
#include "inspections/site.h"
#include "storage/db.h"
#include "storage/heads.h"
#include "storage/identity.h"
#include "storage/statement.h"
#include "storage/tombstone.h"

/* The list of inspections, from the tables.  Whether what is signed has left
 * this device follows from its latest heads statement and is asked here, so
 * that an export changes no row. */

static const struct {
	const char *code, *title;
} stages[] = {
	[STAGE_TO_DO] = { "to-do", N_("to do") },
	[STAGE_UNDER_WAY] = { "under-way", N_("under way") },
	[STAGE_SIGNED] = { "signed", N_("signed") },
	[STAGE_EXPORTED] = { "exported", N_("exported") },
};

const char *
stage_code(enum inspection_stage stage)
{
	return stages[stage].code;
}

const char *
stage_title(enum inspection_stage stage)
{
	return _(stages[stage].title);
}

void
inspection_info_release(struct inspection_info *info)
{
	for (size_t i = 0; i < info->people_count; i++)
		free(info->people[i]);
	free(info->people);
	free(info->site_name);
	free(info->checklist_title);
	free(info->due);
	memset(info, 0, sizeof(*info));
}

/* ---- what has left ---- */

/* A device's latest heads: what they list has left in a bundle. */
struct listed {
	uint8_t salt[HEADS_SALT_BYTES];
	json_t *seqs; /* salted subject to seq; NULL: none was made */
};

struct exported {
	struct listed own, *former;
	size_t former_count;
};

static int
take_heads(void *arg, const struct statement *statement, struct err *err)
{
	struct listed *listed = arg;
	const char *salt = json_opt_text(statement->body, "salt");
	const json_t *heads = json_object_get(statement->body, "heads");
	uint8_t bytes[HEADS_SALT_BYTES];

	(void)err;
	if (json_opt_text(statement->body, HEADS_FOR))
		return 0; /* it went into a backup, not to anybody */
	if (!salt || strlen(salt) != 2 * sizeof(bytes) ||
	    !hex_read(salt, bytes, sizeof(bytes)))
		return 0;
	memcpy(listed->salt, bytes, sizeof(bytes));
	json_decref(listed->seqs);
	listed->seqs = json_object();
	for (size_t i = 0; i < json_array_size(heads); i++) {
		const json_t *head = json_array_get(heads, i);
		const char *subject =
		    json_string_value(json_array_get(head, 0));

		if (subject)
			json_object_set(
			    listed->seqs, subject, json_array_get(head, 1));
	}
	return 0;
}

/* Statements come in the order of their counters: the last one is kept. */
static int
exported_read(struct vault *vault, struct exported *exported, struct err *err)
{
	const struct identity *self = identity_get(vault);

	memset(exported, 0, sizeof(*exported));
	if (!self)
		return 0;
	exported->former_count = self->former_count;
	exported->former =
	    xcalloc(self->former_count + 1, sizeof(*exported->former));
	for (size_t i = 0; i < self->former_count; i++)
		if (statement_each(vault, STATEMENT_HEADS,
			self->former[i].device, take_heads,
			&exported->former[i], err) < 0)
			return -1;
	return statement_each(vault, STATEMENT_HEADS, self->device, take_heads,
	    &exported->own, err);
}

static void
exported_release(struct exported *exported)
{
	json_decref(exported->own.seqs);
	for (size_t i = 0; i < exported->former_count; i++)
		json_decref(exported->former[i].seqs);
	free(exported->former);
}

static bool
lists(const struct listed *listed, const char *subject, int64_t seq)
{
	char salted[HEADS_SALTED_MAX];

	if (!listed->seqs)
		return false;
	heads_salt_subject(listed->salt, subject, salted);
	return json_integer_value(json_object_get(listed->seqs, salted)) >= seq;
}

static bool
has_left(const struct exported *exported, const char *subject, int64_t seq)
{
	if (seq == 0)
		return true; /* the signatures are others' and came from there */
	if (seq > 0)
		return lists(&exported->own, subject, seq);
	/* By a former device: it sent it, or all was sent again since. */
	for (size_t i = 0; i < exported->former_count; i++)
		if (lists(&exported->former[i], subject, -seq))
			return true;
	return exported->own.seqs != NULL;
}

/* ---- rows ---- */

static const char columns_of_all[] =
    "SELECT i.id, i.site, i.checklist, i.due, i.stage, i.signed, i.answered,"
    " i.relevant, i.invalid, i.missing, i.flagged, i.conflicts, i.waiting,"
    " i.disputed, i.newer, i.changed, i.people, s.name, c.title"
    " FROM inspection AS i LEFT JOIN site AS s ON s.id = i.site"
    " LEFT JOIN checklist AS c ON c.identity = i.checklist"
    " ORDER BY s.search, i.id";
static const char columns_of_one[] =
    "SELECT i.id, i.site, i.checklist, i.due, i.stage, i.signed, i.answered,"
    " i.relevant, i.invalid, i.missing, i.flagged, i.conflicts, i.waiting,"
    " i.disputed, i.newer, i.changed, i.people, s.name, c.title"
    " FROM inspection AS i LEFT JOIN site AS s ON s.id = i.site"
    " LEFT JOIN checklist AS c ON c.identity = i.checklist"
    " WHERE i.id = ?1";

static char *
column(struct db_query *query, int at)
{
	const char *text = db_text(query, at);

	return xstrdup(text ? text : "");
}

static void
copy_id(struct db_query *query, int at, char id[ID_MAX])
{
	const char *text = db_text(query, at);

	memset(id, 0, ID_MAX);
	memcpy(id, text, strnlen(text, ID_MAX - 1));
}

static void
split_people(const char *text, struct inspection_info *info)
{
	size_t room = 0;

	while (*text) {
		const size_t len = strcspn(text, " ");

		mem_grow(&info->people, &room, info->people_count + 1,
		    sizeof(char *));
		info->people[info->people_count++] = xstrndup(text, len);
		text += len;
		text += *text == ' ';
	}
}

static void
read_row(struct db_query *query, const struct exported *exported,
    struct inspection_info *info)
{
	const void *checklist;
	size_t len;

	memset(info, 0, sizeof(*info));
	copy_id(query, 0, info->id);
	copy_id(query, 1, info->site);
	checklist = db_blob(query, 2, &len);
	if (len == HASH_BYTES)
		memcpy(info->checklist.bytes, checklist, len);
	info->due = column(query, 3);
	info->stage = (enum inspection_stage)db_int(query, 4);
	if (info->stage == STAGE_SIGNED &&
	    has_left(exported, info->id, db_int(query, 5)))
		info->stage = STAGE_EXPORTED;
	info->answered = (int)db_int(query, 6);
	info->relevant = (int)db_int(query, 7);
	info->invalid = (int)db_int(query, 8);
	info->required_missing = (int)db_int(query, 9);
	info->flagged = (int)db_int(query, 10);
	info->conflicts = (int)db_int(query, 11);
	info->waiting = (int)db_int(query, 12);
	info->disputed = (int)db_int(query, 13);
	info->newer = db_int(query, 14) != 0;
	info->changed = db_int(query, 15);
	split_people(db_text(query, 16), info);
	info->site_name = column(query, 17);
	info->checklist_title = column(query, 18);
}

/* A title that is not noted yet: the form came in a bundle. */
static int
fill_title(struct vault *vault, struct inspection_info *info, struct err *err)
{
	struct checklist_info checklist;

	if (*info->checklist_title || hash_is_zero(&info->checklist))
		return 0;
	if (checklist_find(vault, &info->checklist, &checklist, err) < 0)
		return -1;
	free(info->checklist_title);
	info->checklist_title = xstrdup(checklist.title);
	checklist_info_release(&checklist);
	return 0;
}

/* The rows are in order of site and id; a stable sort by stage ends it. */
static void
sort_by_stage(struct inspection_info *infos, size_t count)
{
	struct inspection_info *sorted =
	    xcalloc(count ? count : 1, sizeof(*sorted));
	size_t done = 0;

	for (int stage = STAGE_TO_DO; stage <= STAGE_EXPORTED; stage++)
		for (size_t i = 0; i < count; i++)
			if ((int)infos[i].stage == stage)
				sorted[done++] = infos[i];
	if (count > 0)
		memcpy(infos, sorted, count * sizeof(*infos));
	free(sorted);
}

static int
read_all(struct vault *vault, struct inspection_info **infos, size_t *count,
    struct err *err)
{
	struct exported exported;
	struct db_query *query;
	size_t room = 0;
	int step = -1;

	if (exported_read(vault, &exported, err) == 0 &&
	    (query = db_query(vault_db(vault), columns_of_all, err)))
		while ((step = db_step(query, err)) > 0) {
			mem_grow(infos, &room, *count + 1, sizeof(**infos));
			read_row(query, &exported, &(*infos)[(*count)++]);
		}
	exported_release(&exported);
	return step;
}

int
inspection_each(struct vault *vault,
    int (*each)(void *arg, const struct inspection_info *info, struct err *err),
    void *arg, struct err *err)
{
	struct inspection_info *infos = NULL;
	size_t count = 0;
	int result = read_all(vault, &infos, &count, err);

	sort_by_stage(infos, count);
	for (size_t i = 0; i < count && result == 0; i++) {
		result = fill_title(vault, &infos[i], err);
		if (result == 0 && each(arg, &infos[i], err) < 0)
			result = -1;
	}
	for (size_t i = 0; i < count; i++)
		inspection_info_release(&infos[i]);
	free(infos);
	return result;
}

int
inspection_find(struct vault *vault, const char *id,
    struct inspection_info *info, struct err *err)
{
	struct exported exported;
	struct db_query *query;
	int step = -1;

	if (exported_read(vault, &exported, err) == 0 &&
	    (query = db_query(vault_db(vault), columns_of_one, err))) {
		db_bind_text(query, 1, id);
		step = db_step(query, err);
		if (step > 0) {
			read_row(query, &exported, info);
			db_reset(query);
		}
	}
	exported_release(&exported);
	if (step > 0 && fill_title(vault, info, err) < 0) {
		inspection_info_release(info);
		return -1;
	}
	return step;
}

int
inspection_complete_info(
    struct vault *vault, struct inspection_info *info, struct err *err)
{
	struct inspection_info row;
	const int found = inspection_find(vault, info->id, &row, err);

	if (found < 0)
		return -1;
	free(info->site_name);
	free(info->checklist_title);
	info->site_name = xstrdup(found ? row.site_name : "");
	info->checklist_title = xstrdup(found ? row.checklist_title : "");
	if (found && info->stage == STAGE_SIGNED)
		info->stage = row.stage;
	if (found)
		inspection_info_release(&row);
	return 0;
}

static int
offer(void *arg, const struct inspection_info *info, struct err *err)
{
	struct completion *completion = arg;

	(void)err;
	completion_offer(completion, info->id, info->site_name,
	    id_starts(info->id, completion->typed));
	return 0;
}

/* Where it is not there since it was purged, that is said instead. */
static int
say_purged(struct vault *vault, const char *typed, struct err *err)
{
	char subject[ID_MAX], when[CLOCK_SHOWN_MAX];
	struct err ignored = { 0 };
	int64_t purged;

	if (tombstone_find(vault, typed, subject, &purged, &ignored) <= 0)
		return -1;
	clock_show_date(purged, i18n_lang(), when);
	return err_set(err, ERR_NOT_FOUND,
	    _("%s was purged here on %s; import a bundle that has all of it "
	      "(a supervisor's \"ronde export --full\") to have it back"),
	    subject, when);
}

int
inspection_complete(
    struct vault *vault, const char *typed, char id[ID_MAX], struct err *err)
{
	struct completion completion;
	struct err trouble = { 0 }, ignored = { 0 };

	completion_begin(&completion, typed);
	if (inspection_each(vault, offer, &completion, &trouble) < 0) {
		completion_end(&completion, "", &ignored);
		*err = trouble;
		return -1;
	}
	if (completion_end(&completion, _("no such inspection"), err) < 0)
		return err->code == ERR_NOT_FOUND
		    ? say_purged(vault, typed, err)
		    : -1;
	memcpy(id, completion.id, ID_MAX);
	return 0;
}
