/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/heads.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "storage/db.h"
#include "storage/log.h"
#include "storage/vault.h"

/* What the tables of heads statements say: of one chain, of many. */

static void
copy_bytes(struct db_query *query, int column, void *to, size_t size)
{
	size_t len;
	const void *bytes = db_blob(query, column, &len);

	if (len == size)
		memcpy(to, bytes, len);
}

/* ---- one chain in every statement ---- */

/* All statements of a device with their salts, nothing looked up yet. */
struct salted_entry {
	struct heads_entry entry;
	uint8_t salt[HEADS_SALT_BYTES];
};

static int
read_statements(struct vault *vault, const char *device,
    struct salted_entry **entries, size_t *count, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT counter, statement, salt FROM trust_heads"
	    " WHERE device = ?1 ORDER BY counter, statement",
	    err);
	size_t room = 0;
	int more;

	if (!query)
		return -1;
	db_bind_text(query, 1, device);
	while ((more = db_step(query, err)) > 0) {
		struct salted_entry *entry;

		mem_grow(entries, &room, *count + 1, sizeof(**entries));
		entry = &(*entries)[(*count)++];
		*entry = (struct salted_entry){ 0 };
		entry->entry.counter = db_int(query, 0);
		copy_bytes(query, 1, entry->entry.statement.bytes, HASH_BYTES);
		copy_bytes(query, 2, entry->salt, HEADS_SALT_BYTES);
	}
	return more;
}

static int
look_up(struct vault *vault, const char *subject, struct salted_entry *salted,
    struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT seq, head FROM trust_listed"
	    " WHERE statement = ?1 AND salted = ?2",
	    err);
	char text[HEADS_SALTED_MAX];
	int found;

	if (!query)
		return -1;
	heads_salt_subject(salted->salt, subject, text);
	db_bind_blob(query, 1, salted->entry.statement.bytes, HASH_BYTES);
	db_bind_text(query, 2, text);
	found = db_step(query, err);
	if (found > 0) {
		salted->entry.seq = db_int(query, 0);
		copy_bytes(query, 1, salted->entry.head.bytes, HASH_BYTES);
		db_reset(query);
	}
	return found;
}

int
heads_of_chain(struct vault *vault, const char *device, const char *subject,
    struct heads_entry **entries, size_t *count, struct err *err)
{
	struct salted_entry *salted = NULL;
	struct heads_entry *found = NULL;
	size_t n = 0;
	int result = -1;

	if (read_statements(vault, device, &salted, &n, err) < 0)
		goto out;
	found = xcalloc(n ? n : 1, sizeof(*found));
	for (size_t i = 0; i < n; i++) {
		if (look_up(vault, subject, &salted[i], err) < 0)
			goto out;
		found[i] = salted[i].entry;
	}
	*entries = found;
	*count = n;
	found = NULL; /* now the caller's */
	result = 0;
out:
	free(found);
	free(salted);
	return result;
}

int
heads_each_of_chain(struct vault *vault, const char *device,
    const char *subject,
    int (*each)(void *arg, const struct heads_entry *entry, struct err *err),
    void *arg, struct err *err)
{
	struct salted_entry *salted = NULL;
	size_t n = 0;
	int result = read_statements(vault, device, &salted, &n, err);

	while (result == 0 && n-- > 0) {
		result = look_up(vault, subject, &salted[n], err);
		if (result >= 0)
			result = each(arg, &salted[n].entry, err);
	}
	free(salted);
	return result < 0 ? -1 : 0;
}

struct cover_search {
	struct vault *vault;
	const char *device, *subject;
	int64_t seq;
};

static int
note_cover(void *arg, const struct heads_entry *entry, struct err *err)
{
	struct cover_search *search = arg;
	int held;

	if (entry->seq <= search->seq)
		return 0;
	held = log_has(search->vault, search->subject, search->device,
	    entry->seq, &entry->head, err);
	if (held > 0)
		search->seq = entry->seq;
	return held < 0 ? -1 : 0;
}

int
heads_covered(struct vault *vault, const char *device, const char *subject,
    int64_t *seq, struct err *err)
{
	struct cover_search search = { vault, device, subject, 0 };

	if (heads_each_of_chain(
		vault, device, subject, note_cover, &search, err) < 0)
		return -1;
	*seq = search.seq;
	return 0;
}

int
heads_counter(struct vault *vault, const char *device,
    const struct hash *statement, int64_t *counter, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT counter FROM trust_heads"
	    " WHERE device = ?1 AND statement = ?2",
	    err);
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, device);
	db_bind_blob(query, 2, statement->bytes, HASH_BYTES);
	found = db_step(query, err);
	if (found > 0) {
		*counter = db_int(query, 0);
		db_reset(query);
	}
	return found;
}

/* ---- many chains in three statements ---- */

/* Takes the one row of the query, if it has one. */
static int
take_list(struct db_query *query, const char *device, struct heads_list *list,
    struct err *err)
{
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, device);
	found = db_step(query, err);
	if (found <= 0)
		return found;
	list->is_there = true;
	list->counter = db_int(query, 0);
	copy_bytes(query, 1, list->statement.bytes, HASH_BYTES);
	copy_bytes(query, 2, list->salt, HEADS_SALT_BYTES);
	db_reset(query);
	return 0;
}

static struct db_query *
bind_place(struct db_query *query, const struct heads_list *now)
{
	if (query) {
		db_bind_int(query, 2, now->counter);
		db_bind_blob(query, 3, now->statement.bytes, HASH_BYTES);
	}
	return query;
}

static int
find_lists(struct vault *vault, const char *device,
    const struct hash *statement, struct heads_lists *lists, struct err *err)
{
	struct db *db = vault_db(vault);
	struct db_query *query = db_query(db,
	    "SELECT counter, statement, salt FROM trust_heads"
	    " WHERE device = ?1 AND statement = ?2",
	    err);

	if (query)
		db_bind_blob(query, 2, statement->bytes, HASH_BYTES);
	if (take_list(query, device, &lists->now, err) < 0)
		return -1;
	query = db_query(db,
	    "SELECT counter, statement, salt FROM trust_heads"
	    " WHERE device = ?1 AND (counter, statement) < (?2, ?3)"
	    " ORDER BY counter DESC, statement DESC LIMIT 1",
	    err);
	if (take_list(bind_place(query, &lists->now), device, &lists->before,
		err) < 0)
		return -1;
	query = db_query(db,
	    "SELECT counter, statement, salt FROM trust_heads"
	    " WHERE device = ?1 AND (counter, statement) > (?2, ?3)"
	    " ORDER BY counter, statement LIMIT 1",
	    err);
	return take_list(
	    bind_place(query, &lists->now), device, &lists->after, err);
}

static int
load_listings(struct vault *vault, struct heads_list *list, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT salted, seq, head FROM trust_listed"
	    " WHERE statement = ?1 ORDER BY salted",
	    err);
	size_t room = 0, len;
	int more;

	if (!query)
		return -1;
	db_bind_blob(query, 1, list->statement.bytes, HASH_BYTES);
	while ((more = db_step(query, err)) > 0) {
		struct heads_listing *listing;
		const void *salted = db_blob(query, 0, &len);

		mem_grow(&list->listings, &room, list->count + 1,
		    sizeof(*list->listings));
		listing = &list->listings[list->count++];
		*listing = (struct heads_listing){ .seq = db_int(query, 1) };
		if (len < sizeof(listing->salted))
			memcpy(listing->salted, salted, len);
		copy_bytes(query, 2, listing->head.bytes, HASH_BYTES);
	}
	return more;
}

int
heads_lists_load(struct vault *vault, const char *device,
    const struct hash *statement, struct heads_lists *lists, struct err *err)
{
	if (find_lists(vault, device, statement, lists, err) < 0 ||
	    load_listings(vault, &lists->before, err) < 0 ||
	    load_listings(vault, &lists->now, err) < 0)
		return -1;
	return load_listings(vault, &lists->after, err);
}

void
heads_lists_release(struct heads_lists *lists)
{
	free(lists->before.listings);
	free(lists->now.listings);
	free(lists->after.listings);
	*lists = (struct heads_lists){ 0 };
}

static int
by_salted(const void *key, const void *element)
{
	const struct heads_listing *listing = element;

	return strcmp(key, listing->salted);
}

static struct heads_entry
find_entry(const struct heads_list *list, const char *subject)
{
	struct heads_entry entry = { .counter = list->counter,
		.statement = list->statement };
	const struct heads_listing *found;
	char salted[HEADS_SALTED_MAX];

	if (list->count == 0)
		return entry;
	heads_salt_subject(list->salt, subject, salted);
	found = bsearch(salted, list->listings, list->count,
	    sizeof(*list->listings), by_salted);
	if (found) {
		entry.seq = found->seq;
		entry.head = found->head;
	}
	return entry;
}

void
heads_lists_find(const struct heads_lists *lists, const char *subject,
    struct heads_around *around)
{
	around->before = find_entry(&lists->before, subject);
	around->now = find_entry(&lists->now, subject);
	around->after = find_entry(&lists->after, subject);
	around->has_after = lists->after.is_there;
}
