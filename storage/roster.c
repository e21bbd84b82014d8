/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/vault_internal.h"

#define COLUMNS                                                         \
	"device, person, name, organisation, role, trust, sign_public," \
	" minisign_number, minisign_public, age_recipient, cut"

int
roster_put(
    struct vault *vault, const struct roster_entry *entry, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "INSERT OR REPLACE INTO roster (" COLUMNS ") VALUES"
	    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, entry->device);
	db_bind_text(query, 2, entry->person);
	db_bind_text(query, 3, entry->name ? entry->name : "");
	db_bind_text(query, 4, entry->organisation ? entry->organisation : "");
	db_bind_int(query, 5, entry->role);
	db_bind_int(query, 6, entry->trust);
	db_bind_blob(query, 7, entry->sign_public, sizeof(entry->sign_public));
	db_bind_blob(query, 8, entry->minisign_public.number,
	    sizeof(entry->minisign_public.number));
	db_bind_blob(query, 9, entry->minisign_public.key,
	    sizeof(entry->minisign_public.key));
	db_bind_blob(query, 10, entry->age_recipient.key,
	    sizeof(entry->age_recipient.key));
	db_bind_int(query, 11, entry->cut);
	return db_run(query, err);
}

int
roster_clear(struct vault *vault, struct err *err)
{
	return db_exec(vault->db, "DELETE FROM roster", err);
}

static int
read_entry(struct db_query *query, struct roster_entry *entry, struct err *err)
{
	const int64_t role = db_int(query, 4), trust = db_int(query, 5);
	struct roster_entry found = { .cut = db_int(query, 10) };

	if (role < 0 || role >= ROLE_COUNT || trust < TRUST_NONE ||
	    trust > TRUST_SELF ||
	    !db_copy_blob(
		query, 6, found.sign_public, sizeof(found.sign_public)) ||
	    !db_copy_blob(query, 7, found.minisign_public.number,
		sizeof(found.minisign_public.number)) ||
	    !db_copy_blob(query, 8, found.minisign_public.key,
		sizeof(found.minisign_public.key)) ||
	    !db_copy_blob(query, 9, found.age_recipient.key,
		sizeof(found.age_recipient.key)))
		return err_set(err, ERR_FORMAT,
		    _("the vault is damaged: the entry of %s in the roster"),
		    db_text(query, 0));
	found.role = (enum role)role;
	found.trust = (enum trust)trust;
	snprintf(found.device, sizeof(found.device), "%s", db_text(query, 0));
	snprintf(found.person, sizeof(found.person), "%s", db_text(query, 1));
	found.name = xstrdup(db_text(query, 2));
	found.organisation = xstrdup(db_text(query, 3));
	*entry = found;
	return 0;
}

void
roster_entry_release(struct roster_entry *entry)
{
	free(entry->name);
	free(entry->organisation);
	*entry = (struct roster_entry){ 0 };
}

/* Steps once and ends the query. */
static int
find_one(struct db_query *query, struct roster_entry *entry, struct err *err)
{
	int found = db_step(query, err);

	if (found > 0 && read_entry(query, entry, err) < 0)
		found = -1;
	db_reset(query);
	return found;
}

int
roster_find(struct vault *vault, const char *device, struct roster_entry *entry,
    struct err *err)
{
	struct db_query *query = db_query(
	    vault->db, "SELECT " COLUMNS " FROM roster WHERE device = ?1", err);

	if (!query)
		return -1;
	db_bind_text(query, 1, device);
	return find_one(query, entry, err);
}

int
roster_each(struct vault *vault, const char *person,
    int (*each)(void *arg, const struct roster_entry *entry, struct err *err),
    void *arg, struct err *err)
{
	static const char of_all[] =
	    "SELECT " COLUMNS " FROM roster ORDER BY person, device";
	static const char of_one[] =
	    "SELECT " COLUMNS " FROM roster WHERE person = ?1"
	    " ORDER BY person, device";
	struct db_query *query =
	    db_query_nested(vault->db, person ? of_one : of_all, err);
	struct roster_entry entry = { 0 };
	int more, result = 0;

	if (!query)
		return -1;
	if (person)
		db_bind_text(query, 1, person);
	while (result == 0 && (more = db_step(query, err)) != 0) {
		if (more < 0 || read_entry(query, &entry, err) < 0) {
			result = -1;
			break;
		}
		result = each(arg, &entry, err) < 0 ? -1 : 0;
		roster_entry_release(&entry);
	}
	db_reset(query);
	return result;
}
