/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "crypto/hash.h"
#include "storage/db.h"
#include "storage/log_internal.h"

/* The vault-wide head: how many events were ever added, and their hash. */

void
log_take_hash(struct db_query *query, int column, struct hash *hash)
{
	size_t len;
	const void *bytes = db_blob(query, column, &len);

	*hash = (struct hash){ 0 };
	if (len == sizeof(hash->bytes))
		memcpy(hash->bytes, bytes, len);
}

int
log_head(struct db *db, struct vault_head *head, struct err *err)
{
	struct db_query *query = db_query(
	    db, "SELECT id, head FROM event ORDER BY id DESC LIMIT 1", err);
	int found;

	if (!query || (found = db_step(query, err)) < 0)
		return -1;
	*head = (struct vault_head){ 0 };
	if (found) {
		head->count = (uint64_t)db_int(query, 0);
		log_take_hash(query, 1, &head->hash);
		db_reset(query);
	}
	return 0;
}

struct hash
log_head_after(const struct hash *head, const struct hash *event)
{
	struct hasher hasher;

	hasher_begin(&hasher);
	hasher_add(&hasher, head->bytes, sizeof(head->bytes));
	hasher_add(&hasher, event->bytes, sizeof(event->bytes));
	return hasher_end_hash(&hasher);
}

/* The last event held up to `count`: its number, 0 for none. */
static int
head_before(struct db *db, int64_t count, int64_t *id, struct hash *hash,
    struct err *err)
{
	struct db_query *query = db_query(db,
	    "SELECT id, head FROM event WHERE id <= ?1"
	    " ORDER BY id DESC LIMIT 1",
	    err);
	int found;

	*id = 0;
	*hash = (struct hash){ 0 };
	if (!query)
		return -1;
	db_bind_int(query, 1, count);
	found = db_step(query, err);
	if (found > 0) {
		*id = db_int(query, 0);
		log_take_hash(query, 1, hash);
		db_reset(query);
	}
	return found < 0 ? -1 : 0;
}

/* Of purged events the hash is left, and the head follows from it. */
int
log_head_at(struct db *db, uint64_t count, struct hash *hash, struct err *err)
{
	struct db_query *query;
	struct hash purged;
	int64_t id;
	int more;

	if (count > INT64_MAX)
		return 0;
	if (head_before(db, (int64_t)count, &id, hash, err) < 0)
		return -1;
	query = db_query(db,
	    "SELECT hash FROM purged WHERE id > ?1 AND id <= ?2 ORDER BY id",
	    err);
	if (!query)
		return -1;
	db_bind_int(query, 1, id);
	db_bind_int(query, 2, (int64_t)count);
	while ((more = db_step(query, err)) > 0) {
		log_take_hash(query, 0, &purged);
		*hash = log_head_after(hash, &purged);
		id++;
	}
	return more < 0 ? -1 : id == (int64_t)count;
}
