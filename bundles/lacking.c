/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/lacking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bundles/heads.h"
#include "bundles/roster.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/tombstone.h"

static void
put(struct lacking *lacking, const struct vault_missing *missing)
{
	if (lacking->count == LACKING_MAX)
		return; /* more would say nothing new */
	mem_grow(&lacking->events, &lacking->room, lacking->count + 1,
	    sizeof(*lacking->events));
	lacking->events[lacking->count++] = *missing;
}

int
lacking_add(struct lacking *lacking, struct vault *vault, const char *witness,
    const struct vault_missing *missing, struct err *err)
{
	struct vault_missing one = *missing;
	enum trust trust;
	struct hash cut;

	if (roster_standing(vault, witness, &trust, &cut, err) < 0)
		return -1;
	if (trust != TRUST_YES && trust != TRUST_SELF)
		return 0;
	snprintf(one.witness, sizeof(one.witness), "%s", witness);
	put(lacking, &one);
	return 0;
}

struct comparing {
	struct lacking *lacking;
	struct vault *vault;
	const struct statement *statement;
	struct hash *heads; /* those listed of subjects that are here */
	size_t count, room;
};

static int
compare_chain(void *arg, const struct chain *chain, struct err *err)
{
	struct comparing *all = arg;
	struct vault_missing missing = { 0 };
	int held;

	if (strcmp(chain->device, all->statement->device) != 0 ||
	    !heads_find(
		all->statement, chain->subject, &missing.seq, &missing.hash))
		return 0;
	mem_grow(&all->heads, &all->room, all->count + 1, sizeof(*all->heads));
	all->heads[all->count++] = missing.hash;
	held = log_has(all->vault, chain->subject, chain->device, missing.seq,
	    &missing.hash, err);
	if (held == 0)
		held = tombstone_had(all->vault, chain->subject, chain->device,
		    missing.seq, &missing.hash, err);
	if (held != 0)
		return held < 0 ? -1 : 0;
	memcpy(missing.subject, chain->subject, ID_MAX);
	memcpy(missing.device, chain->device, ID_MAX);
	memcpy(missing.witness, chain->device, ID_MAX);
	put(all->lacking, &missing);
	return 0;
}

/* A purged subject has no chain any more; then the count says nothing. */
static int
has_purged(struct vault *vault, const char *device, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT 1 FROM tombstone WHERE device = ?1 LIMIT 1", err);
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, device);
	found = db_step(query, err);
	db_reset(query);
	return found;
}

static int
by_hash(const void *one, const void *other)
{
	return hash_compare(one, other);
}

/* What is listed of subjects that are not here. */
static int
add_unknown(struct comparing *all, struct err *err)
{
	const json_t *heads = json_object_get(all->statement->body, "heads");
	const int purged = has_purged(all->vault, all->statement->device, err);
	struct vault_missing missing = { 0 };
	const json_t *item;
	size_t i;

	if (purged != 0 || json_array_size(heads) <= all->count)
		return purged < 0 ? -1 : 0;
	if (all->count)
		qsort(all->heads, all->count, sizeof(*all->heads), by_hash);
	memcpy(missing.device, all->statement->device, ID_MAX);
	memcpy(missing.witness, all->statement->device, ID_MAX);
	json_array_foreach(heads, i, item)
	{
		const char *hex = json_string_value(json_array_get(item, 2));

		missing.seq = json_integer_value(json_array_get(item, 1));
		if (hash_from_hex(hex, &missing.hash) &&
		    (all->count == 0 ||
			!bsearch(&missing.hash, all->heads, all->count,
			    sizeof(*all->heads), by_hash)))
			put(all->lacking, &missing);
	}
	return 0;
}

int
lacking_of_heads(struct lacking *lacking, struct vault *vault,
    const struct hash *hash, struct err *err)
{
	struct statement statement = { 0 };
	struct comparing all = {
		.lacking = lacking, .vault = vault, .statement = &statement
	};
	int result = statement_find(vault, hash, &statement, err);

	if (result <= 0)
		return result;
	result = log_chains(vault, NULL, compare_chain, &all, err);
	if (result == 0)
		result = add_unknown(&all, err);
	free(all.heads);
	statement_release(&statement);
	return result < 0 ? -1 : 0;
}

int
lacking_keep(
    const struct lacking *lacking, struct vault *vault, struct err *err)
{
	struct db *db = vault_db(vault);

	if (lacking->count == 0)
		return 0;
	if (db_begin(db, err) < 0)
		return -1;
	for (size_t i = 0; i < lacking->count; i++)
		if (vault_note_missing(vault, &lacking->events[i], err) < 0) {
			db_rollback(db);
			return -1;
		}
	return db_commit(db, err);
}

void
lacking_release(struct lacking *lacking)
{
	free(lacking->events);
	*lacking = (struct lacking){ 0 };
}
