/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "checklists/reader.h"
#include "inspections/complete.h"
#include "inspections/inspection_internal.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/log.h"

/*
 * Checklists held.  What a list shows of one is noted in a table of its own
 * (inspection_project.c makes it) when the form is first read: it follows
 * from the bytes alone, so it is no projection and is never wrong.
 */

static int
note_form(struct vault *vault, const struct form *form, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "INSERT OR IGNORE INTO checklist (identity, title, form_id,"
	    " version, questions, sections, langs)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	    err);
	size_t sections;

	if (!query)
		return -1;
	form_sections(form, &sections);
	db_bind_blob(query, 1, form->identity.bytes, HASH_BYTES);
	db_bind_text(query, 2, form->title ? form->title : "");
	db_bind_text(query, 3, form->form_id ? form->form_id : "");
	db_bind_text(query, 4, form->version ? form->version : "");
	db_bind_int(query, 5, form->question_count);
	db_bind_int(query, 6, (int64_t)sections);
	db_bind_int(query, 7, (int64_t)form->lang_count);
	return db_run(query, err);
}

/* ---- the last few, kept ---- */

/*
 * Parsing one takes longer than all else about an inspection.  A form is
 * constant and follows from its identity, so it may be shared as long as the
 * vault still lists it.
 */
enum { FORMS_KEPT_MAX = 4 };

static struct {
	struct vault *vault;
	struct form *form;
	unsigned used; /* when it last was */
} forms[FORMS_KEPT_MAX];
static unsigned forms_clock;

static struct form *
find_form(struct vault *vault, const struct hash *identity)
{
	for (int i = 0; i < FORMS_KEPT_MAX; i++)
		if (forms[i].form && forms[i].vault == vault &&
		    hash_equal(&forms[i].form->identity, identity)) {
			forms[i].used = ++forms_clock;
			return form_share(forms[i].form);
		}
	return NULL;
}

static void
keep_form(struct vault *vault, struct form *form)
{
	int oldest = 0;

	for (int i = 1; i < FORMS_KEPT_MAX; i++)
		if (forms[i].used < forms[oldest].used)
			oldest = i;
	form_free(forms[oldest].form);
	forms[oldest].vault = vault;
	forms[oldest].form = form_share(form);
	forms[oldest].used = ++forms_clock;
}

void
checklist_forget(struct vault *vault)
{
	for (int i = 0; i < FORMS_KEPT_MAX; i++)
		if (forms[i].vault == vault) {
			form_free(forms[i].form);
			memset(&forms[i], 0, sizeof(forms[i]));
		}
}

static struct form *
read_form(struct vault *vault, const struct hash *identity, struct err *err)
{
	struct problems problems = { 0 };
	struct buf sheets;
	struct form *form = NULL;

	buf_init(&sheets, FORM_BYTES_MAX);
	if (form_store_read(vault, identity, &sheets, err) == 0)
		form = form_parse(sheets.data, sheets.len, &problems, err);
	problems_release(&problems);
	buf_release(&sheets);
	if (form)
		keep_form(vault, form);
	return form;
}

struct form *
checklist_open(
    struct vault *vault, const struct hash *identity, struct err *err)
{
	const int held = form_store_has(vault, identity, err);
	struct form *form = held > 0 ? find_form(vault, identity) : NULL;

	if (held < 0 || form)
		return form;
	return read_form(vault, identity, err);
}

static int
is_held(struct vault *vault, const struct hash *identity, bool *held,
    struct err *err)
{
	struct buf sheets;
	struct err trouble = { 0 };

	buf_init(&sheets, FORM_BYTES_MAX);
	*held = form_store_read(vault, identity, &sheets, &trouble) == 0;
	buf_release(&sheets);
	if (*held || trouble.code == ERR_NOT_FOUND)
		return 0;
	*err = trouble;
	return -1;
}

int
checklist_try_open(struct vault *vault, const struct hash *identity,
    struct form **form, struct err *err)
{
	struct err trouble = { 0 };
	bool held;

	*form = NULL;
	if (hash_is_zero(identity))
		return 0;
	*form = checklist_open(vault, identity, &trouble);
	if (*form)
		return 1;
	if (trouble.code == ERR_NOT_FOUND || trouble.code == ERR_FORMAT ||
	    trouble.code == ERR_UNSUPPORTED || trouble.code == ERR_LIMIT)
		/* Not to be read as a form: but can it be read at all? */
		return is_held(vault, identity, &held, err);
	*err = trouble;
	return -1;
}

/* ---- importing ---- */

static int
store(struct vault *vault, const struct form *form, const struct buf *sheets,
    struct err *err)
{
	struct db *db = vault_db(vault);
	struct hash digest;

	if (db_begin(db, err) < 0)
		return -1;
	if (form_store_add(vault, sheets->data, sheets->len, &digest, err) <
		0 ||
	    note_form(vault, form, err) < 0 ||
	    inspection_project_lacking(vault, &digest, err) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, err);
}

int
checklist_import(struct vault *vault, const char *path,
    struct problems *problems, struct hash *identity, bool *added,
    struct err *err)
{
	struct reader_rows rows = { 0 };
	struct form *form = NULL;
	struct buf sheets;
	size_t first;
	bool held;
	int result = -1;

	buf_init(&sheets, FORM_BYTES_MAX);
	if (reader_normalise_rows(path, &sheets, &rows, problems, err) < 0)
		goto out;
	first = problems->count;
	form = form_parse(sheets.data, sheets.len, problems, err);
	reader_show_rows(&rows, problems, first);
	if (!form && problems->errors > 0)
		problems_refuse(problems, 0, err);
	if (!form || is_held(vault, &form->identity, &held, err) < 0 ||
	    (!held && store(vault, form, &sheets, err) < 0))
		goto out;
	*identity = form->identity;
	*added = !held;
	result = 0;
out:
	form_free(form);
	reader_rows_release(&rows);
	buf_release(&sheets);
	return result;
}

/* ---- the list ---- */

struct listing {
	struct vault *vault;
	struct hash *found;
	size_t count, room;
};

static int
collect(void *arg, const struct hash *digest, struct err *err)
{
	struct listing *listing = arg;

	(void)err;
	mem_grow(&listing->found, &listing->room, listing->count + 1,
	    sizeof(*listing->found));
	listing->found[listing->count++] = *digest;
	return 0;
}

static char *
column(struct db_query *query, int at)
{
	const char *text = db_text(query, at);

	return xstrdup(text ? text : "");
}

/* 1 and filled, 0 where nothing is noted of it. */
static int
read_noted(struct vault *vault, const struct hash *identity,
    struct checklist_info *info, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT title, form_id, version, questions, sections, langs"
	    " FROM checklist WHERE identity = ?1",
	    err);
	int step;

	if (!query)
		return -1;
	db_bind_blob(query, 1, identity->bytes, HASH_BYTES);
	step = db_step(query, err);
	if (step <= 0)
		return step;
	info->identity = *identity;
	info->title = column(query, 0);
	info->form_id = column(query, 1);
	info->version = column(query, 2);
	info->questions = (int)db_int(query, 3);
	info->sections = (int)db_int(query, 4);
	info->lang_count = (size_t)db_int(query, 5);
	db_reset(query);
	return 1;
}

/* A form that came in a bundle is read here for the first time; one that this
 * version cannot read is listed by its identity alone. */
int
checklist_find(struct vault *vault, const struct hash *identity,
    struct checklist_info *info, struct err *err)
{
	int found = read_noted(vault, identity, info, err);
	struct form *form;

	if (found != 0)
		return found;
	if (checklist_try_open(vault, identity, &form, err) < 0)
		return -1;
	if (form) {
		found = note_form(vault, form, err) < 0
		    ? -1
		    : read_noted(vault, identity, info, err);
		form_free(form);
		assert(found != 0); /* its row was just written */
		return found;
	}
	memset(info, 0, sizeof(*info));
	info->identity = *identity;
	info->title = xstrdup("");
	info->form_id = xstrdup("");
	info->version = xstrdup("");
	return 0;
}

void
checklist_info_release(struct checklist_info *info)
{
	free(info->title);
	free(info->form_id);
	free(info->version);
	memset(info, 0, sizeof(*info));
}

int
checklist_each(struct vault *vault,
    int (*each)(void *arg, const struct checklist_info *info, struct err *err),
    void *arg, struct err *err)
{
	struct listing listing = { .vault = vault };
	int result = form_store_each(vault, collect, &listing, err);

	for (size_t i = 0; i < listing.count && result == 0; i++) {
		struct checklist_info info;

		if (checklist_find(vault, &listing.found[i], &info, err) < 0) {
			result = -1;
			break;
		}
		result = each(arg, &info, err) < 0 ? -1 : 0;
		checklist_info_release(&info);
	}
	free(listing.found);
	return result;
}

static int
offer(void *arg, const struct checklist_info *info, struct err *err)
{
	struct completion *completion = arg;
	char hex[HASH_HEX_MAX];
	const size_t len = strlen(completion->typed);

	(void)err;
	hash_to_hex(&info->identity, hex);
	completion_offer(completion, hex,
	    strcmp(info->form_id, completion->typed) == 0 ? info->form_id
							  : info->title,
	    len >= 4 && strncmp(hex, completion->typed, len) == 0);
	return 0;
}

int
checklist_complete(struct vault *vault, const char *typed,
    struct hash *identity, struct err *err)
{
	struct completion completion;
	struct err trouble = { 0 }, ignored = { 0 };

	completion_begin(&completion, typed);
	if (checklist_each(vault, offer, &completion, &trouble) < 0) {
		completion_end(&completion, "", &ignored);
		*err = trouble;
		return -1;
	}
	if (completion_end(&completion, _("no such checklist"), err) < 0)
		return -1;
	hash_from_hex(completion.id, identity);
	return 0;
}
