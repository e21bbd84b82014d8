/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/roster.h"

#include <string.h>

#include "storage/db.h"
#include "storage/vault.h"

/* Asking the roster, and making it anew where it may have changed. */

int
roster_standing(struct vault *vault, const char *device, enum trust *trust,
    struct hash *cut, struct err *err)
{
	struct roster_entry entry = { 0 };
	const int known = roster_find(vault, device, &entry, err);
	struct db_query *query;
	const void *bytes;
	size_t len;
	int found;

	if (known < 0)
		return -1;
	*trust = known ? entry.trust : TRUST_NONE;
	*cut = (struct hash){ 0 };
	roster_entry_release(&entry);
	if (*trust != TRUST_REVOKED)
		return 0;
	query = db_query(vault_db(vault),
	    "SELECT statement FROM trust_cut WHERE device = ?1", err);
	if (!query)
		return -1;
	db_bind_text(query, 1, device);
	found = db_step(query, err);
	if (found > 0) {
		bytes = db_blob(query, 0, &len);
		if (len == HASH_BYTES)
			memcpy(cut->bytes, bytes, len);
		db_reset(query);
	}
	return found < 0 ? -1 : 0;
}

static int
add_entry(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct hasher *hasher = arg;
	const int64_t numbers[] = { (int64_t)entry->role, (int64_t)entry->trust,
		entry->cut };

	(void)err;
	hasher_add(hasher, entry->device, strlen(entry->device) + 1);
	hasher_add(hasher, entry->person, strlen(entry->person) + 1);
	hasher_add(hasher, entry->name, strlen(entry->name) + 1);
	hasher_add(
	    hasher, entry->organisation, strlen(entry->organisation) + 1);
	hasher_add(hasher, numbers, sizeof(numbers));
	return 0;
}

static int
add_cuts(struct vault *vault, struct hasher *hasher, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT device, statement FROM trust_cut ORDER BY device", err);
	int more;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0) {
		const char *device = db_text(query, 0);
		size_t len;
		const void *bytes = db_blob(query, 1, &len);

		hasher_add(hasher, device, strlen(device) + 1);
		hasher_add(hasher, bytes, len);
	}
	return more;
}

static int
digest_roster(struct vault *vault, struct hash *digest, struct err *err)
{
	struct hasher hasher;

	hasher_begin(&hasher);
	if (roster_each(vault, NULL, add_entry, &hasher, err) < 0 ||
	    add_cuts(vault, &hasher, err) < 0)
		return -1;
	*digest = hasher_end_hash(&hasher);
	return 0;
}

int
roster_renew(struct vault *vault, bool *changed, struct err *err)
{
	struct hash before, after;

	if (digest_roster(vault, &before, err) < 0 ||
	    roster_clear(vault, err) < 0 ||
	    db_exec(vault_db(vault), "DELETE FROM trust_cut", err) < 0 ||
	    roster_project(vault, err) < 0 ||
	    digest_roster(vault, &after, err) < 0)
		return -1;
	*changed = !hash_equal(&before, &after);
	return 0;
}
