/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/projectors.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "inspections/history.h"
#include "storage/db.h"

/* The table of sites, from their events. */

static const char *
name_of(const struct entry *entry)
{
	const char *name = json_opt_text(entry->body, "name");

	return name && *name ? name : NULL;
}

static bool
is_later(const struct history *history, const struct entry *one,
    const struct entry *other)
{
	if (history_saw(
		history, one->chain, one->seq, other->chain, other->seq))
		return true;
	if (history_saw(
		history, other->chain, other->seq, one->chain, one->seq))
		return false;
	return history_compare(history, one, other) > 0;
}

/* The first `site` event makes the site, the last that names it names it. */
static void
find_entries(const struct history *history, const struct entry **base,
    const struct entry **named)
{
	*base = *named = NULL;
	for (size_t i = 0; i < history->entry_count; i++) {
		const struct entry *entry = &history->entries[i];

		if (entry->refused || !name_of(entry))
			continue;
		if (entry->kind == KIND_SITE &&
		    (!*base || is_later(history, *base, entry)))
			*base = entry;
		if ((entry->kind == KIND_SITE || entry->kind == KIND_RENAME) &&
		    (!*named || is_later(history, entry, *named)))
			*named = entry;
	}
}

static int
insert(struct vault *vault, const char *subject, const struct entry *base,
    const struct entry *named, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "INSERT INTO site (id, name, search, sector, organisation,"
	    " category, time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	    err);
	static const char *const fields[] = { "sector", "organisation",
		"category" };
	char *search;
	int result;

	if (!query)
		return -1;
	search = text_search_key(name_of(named));
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, name_of(named));
	db_bind_text(query, 3, search);
	for (int i = 0; i < 3; i++) {
		const char *text = json_opt_text(base->body, fields[i]);

		db_bind_text(query, 4 + i, text ? text : "");
	}
	db_bind_int(query, 7, named->time);
	result = db_run(query, err);
	free(search);
	return result;
}

static int
project(struct vault *vault, const char *subject, struct err *err)
{
	const struct entry *base, *named;
	struct history history;
	struct db_query *query;
	int result = 0;

	if (subject[0] != ID_SITE)
		return 0;
	query =
	    db_query(vault_db(vault), "DELETE FROM site WHERE id = ?1", err);
	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	if (db_run(query, err) < 0 ||
	    history_read(&history, vault, subject, err) < 0)
		return -1;
	find_entries(&history, &base, &named);
	if (base)
		result = insert(vault, subject, base, named, err);
	history_release(&history);
	return result;
}

const struct projector site_projector = {
	.name = "site",
	.schema = "CREATE TABLE IF NOT EXISTS site ("
		  " id TEXT PRIMARY KEY,"
		  " name TEXT NOT NULL,"
		  " search TEXT NOT NULL,"
		  " sector TEXT NOT NULL,"
		  " organisation TEXT NOT NULL,"
		  " category TEXT NOT NULL,"
		  " time INTEGER NOT NULL"
		  ") WITHOUT ROWID;",
	.tables = (const char *const[]){ "site", NULL },
	.project = project,
};
