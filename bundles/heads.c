/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/heads.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "storage/db.h"
#include "storage/heads.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/tombstone.h"
#include "storage/vault.h"

/*
 * Making a heads statement, checking one, filling the tables made of them;
 * heads_lookup.c asks those.
 */

struct collection {
	struct vault *vault;
	const char *device;
	uint8_t salt[HEADS_SALT_BYTES];
	struct heads_listing *listings;
	size_t count, room;
};

static int
collect(struct collection *all, const char *subject, int64_t seq,
    const struct hash *head, struct err *err)
{
	struct heads_listing *listing;

	if (all->count == HEADS_CHAINS_MAX)
		return err_set(err, ERR_LIMIT,
		    _("this device has more than %d chains"), HEADS_CHAINS_MAX);
	mem_grow(
	    &all->listings, &all->room, all->count + 1, sizeof(*all->listings));
	listing = &all->listings[all->count++];
	heads_salt_subject(all->salt, subject, listing->salted);
	listing->seq = seq;
	listing->head = *head;
	return 0;
}

static int
collect_chain(void *arg, const struct chain *chain, struct err *err)
{
	struct collection *all = arg;
	struct hash head = chain->head;
	int64_t seq = chain->last;

	if (strcmp(chain->device, all->device) != 0)
		return 0;
	/* Where it was purged and is not all back, it ends where it ended. */
	if (chain->status != CHAIN_GOOD &&
	    log_end(all->vault, chain->subject, chain->device, &seq, &head,
		err) < 0)
		return -1;
	return collect(all, chain->subject, seq, &head, err);
}

static int
collect_purged(void *arg, const char *subject, int64_t seq,
    const struct hash *head, struct err *err)
{
	return collect(arg, subject, seq, head, err);
}

static int
by_salted(const void *one, const void *other)
{
	const struct heads_listing *left = one, *right = other;

	return strcmp(left->salted, right->salted);
}

static json_t *
write_listings(const struct collection *all)
{
	json_t *heads = json_array();
	char hex[HASH_HEX_MAX];

	for (size_t i = 0; i < all->count; i++) {
		const struct heads_listing *listing = &all->listings[i];

		hash_to_hex(&listing->head, hex);
		json_array_append_new(heads,
		    json_pack("[sIs]", listing->salted,
			(json_int_t)listing->seq, hex));
	}
	return heads;
}

/* The last one of `device`: counter 0 and a zero hash when there is none. */
static int
find_last(struct vault *vault, const char *device, int64_t *counter,
    struct hash *hash, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT counter, statement FROM trust_heads WHERE device = ?1"
	    " ORDER BY counter DESC, statement DESC LIMIT 1",
	    err);
	const void *bytes;
	size_t len;
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, device);
	found = db_step(query, err);
	*counter = 0;
	*hash = (struct hash){ 0 };
	if (found > 0) {
		*counter = db_int(query, 0);
		bytes = db_blob(query, 1, &len);
		if (len == HASH_BYTES)
			memcpy(hash->bytes, bytes, len);
		db_reset(query);
	}
	return found < 0 ? -1 : 0;
}

static json_t *
write_body(
    const struct collection *all, int64_t counter, const struct hash *prev)
{
	json_t *body = json_object();
	char hex[HASH_HEX_MAX], salt[2 * HEADS_SALT_BYTES + 1];

	hash_to_hex(prev, hex);
	hex_write(all->salt, sizeof(all->salt), salt);
	json_put_int(body, "counter", counter);
	json_object_set_new(
	    body, "prev", hash_is_zero(prev) ? json_null() : json_string(hex));
	json_put_text(body, "salt", salt);
	json_object_set_new(body, "heads", write_listings(all));
	return body;
}

int
heads_last(
    struct vault *vault, const char *device, struct hash *hash, struct err *err)
{
	int64_t counter;

	if (find_last(vault, device, &counter, hash, err) < 0)
		return -1;
	return counter > 0;
}

int
heads_make(struct vault *vault, enum heads_purpose purpose, struct hash *hash,
    struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct collection all = { .vault = vault };
	struct statement statement = { 0 };
	struct hash prev;
	json_t *body = NULL;
	int64_t counter;
	int result = -1;

	if (!self)
		return err_set(err, ERR_DENIED,
		    _("the vault has no person yet: nothing can be sent"));
	all.device = self->device;
	random_bytes(all.salt, sizeof(all.salt));
	if (log_chains(vault, NULL, collect_chain, &all, err) < 0 ||
	    tombstone_each_end(vault, self->device, collect_purged, &all, err) <
		0 ||
	    find_last(vault, self->device, &counter, &prev, err) < 0)
		goto out;
	if (all.count)
		qsort(
		    all.listings, all.count, sizeof(*all.listings), by_salted);
	body = write_body(&all, counter + 1, &prev);
	if (purpose == HEADS_FOR_BACKUP)
		json_put_text(body, HEADS_FOR, "backup");
	if (statement_make(vault, STATEMENT_HEADS, body, hash, err) < 0 ||
	    statement_find(vault, hash, &statement, err) <= 0)
		goto out;
	result = heads_index(vault, &statement, err);
out:
	statement_release(&statement);
	json_decref(body);
	free(all.listings);
	return result;
}

/* ---- reading ---- */

static bool
read_listing(const json_t *item, struct heads_listing *listing)
{
	uint8_t bytes[HASH_BYTES];
	const char *salted = json_string_value(json_array_get(item, 0));
	const json_t *seq = json_array_get(item, 1);
	const char *head = json_string_value(json_array_get(item, 2));

	if (json_array_size(item) != 3 || !salted || !head ||
	    strlen(salted) != HEADS_SALTED_MAX - 1 ||
	    !hex_read(salted, bytes, HEADS_SALT_BYTES) ||
	    !json_is_integer(seq) || json_integer_value(seq) < 1 ||
	    !hash_from_hex(head, &listing->head))
		return false;
	memcpy(listing->salted, salted, HEADS_SALTED_MAX);
	listing->seq = json_integer_value(seq);
	return true;
}

static int
check_listings(const json_t *heads, const char *what, struct err *err)
{
	struct heads_listing listing, before = { 0 };
	const json_t *item;
	size_t i;

	if (json_array_size(heads) > HEADS_CHAINS_MAX)
		return err_set(err, ERR_LIMIT, _("%s: more than %d chains"),
		    what, HEADS_CHAINS_MAX);
	json_array_foreach(heads, i, item)
	{
		if (!read_listing(item, &listing) ||
		    strcmp(before.salted, listing.salted) >= 0)
			return err_set(err, ERR_FORMAT,
			    _("%s: \"heads\": entry %zu is not as expected"),
			    what, i + 1);
		before = listing;
	}
	return 0;
}

static bool
read_salt(const struct statement *statement, uint8_t salt[HEADS_SALT_BYTES])
{
	const char *text = json_opt_text(statement->body, "salt");

	return text && strlen(text) == (size_t)2 * HEADS_SALT_BYTES &&
	    hex_read(text, salt, HEADS_SALT_BYTES);
}

int
heads_check(
    const struct statement *statement, const char *what, struct err *err)
{
	const json_t *heads;
	const json_t *prev = json_object_get(statement->body, "prev");
	uint8_t salt[HEADS_SALT_BYTES];
	struct hash hash;
	int64_t counter;

	if (json_get_int(statement->body, "counter", what, &counter, err) < 0 ||
	    json_get_array(statement->body, "heads", what, &heads, err) < 0)
		return -1;
	if (counter < 1)
		return err_set(err, ERR_FORMAT,
		    _("%s: \"counter\" is not a number from 1 on"), what);
	if (counter == 1 ? !json_is_null(prev)
			 : !json_is_string(prev) ||
		    !hash_from_hex(json_string_value(prev), &hash))
		return err_set(err, ERR_FORMAT,
		    _("%s: \"prev\" does not name the statement before"), what);
	if (!read_salt(statement, salt))
		return err_set(err, ERR_FORMAT,
		    _("%s: \"salt\" is not 32 hexadecimal digits"), what);
	return check_listings(heads, what, err);
}

bool
heads_find(const struct statement *statement, const char *subject, int64_t *seq,
    struct hash *head)
{
	const json_t *heads = json_object_get(statement->body, "heads");
	size_t low = 0, high = json_array_size(heads);
	uint8_t salt[HEADS_SALT_BYTES];
	char salted[HEADS_SALTED_MAX];
	struct heads_listing listing;

	if (!read_salt(statement, salt))
		return false;
	heads_salt_subject(salt, subject, salted);
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		int order;

		if (!read_listing(json_array_get(heads, middle), &listing))
			return false;
		order = strcmp(listing.salted, salted);
		if (order == 0) {
			*seq = listing.seq;
			*head = listing.head;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* ---- the tables ---- */

static int
index_statement(
    struct vault *vault, const struct statement *statement, struct err *err)
{
	uint8_t salt[HEADS_SALT_BYTES] = { 0 };
	struct db_query *query = db_query(vault_db(vault),
	    "INSERT OR IGNORE INTO trust_heads"
	    " (device, counter, statement, salt) VALUES (?1, ?2, ?3, ?4)",
	    err);

	if (!query)
		return -1;
	read_salt(statement, salt);
	db_bind_text(query, 1, statement->device);
	db_bind_int(query, 2, json_opt_int(statement->body, "counter", 0));
	db_bind_blob(query, 3, statement->hash.bytes, HASH_BYTES);
	db_bind_blob(query, 4, salt, sizeof(salt));
	return db_run(query, err);
}

static int
index_listing(struct vault *vault, const struct hash *statement,
    const struct heads_listing *listing, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "INSERT OR IGNORE INTO trust_listed"
	    " (statement, salted, seq, head) VALUES (?1, ?2, ?3, ?4)",
	    err);

	if (!query)
		return -1;
	db_bind_blob(query, 1, statement->bytes, HASH_BYTES);
	db_bind_text(query, 2, listing->salted);
	db_bind_int(query, 3, listing->seq);
	db_bind_blob(query, 4, listing->head.bytes, HASH_BYTES);
	return db_run(query, err);
}

int
heads_index(
    struct vault *vault, const struct statement *statement, struct err *err)
{
	const json_t *heads = json_object_get(statement->body, "heads");
	const json_t *item;
	struct heads_listing listing;
	size_t i;

	if (heads_check(statement, statement->type, err) < 0 ||
	    index_statement(vault, statement, err) < 0)
		return -1;
	json_array_foreach(heads, i, item)
	{
		if (read_listing(item, &listing) &&
		    index_listing(vault, &statement->hash, &listing, err) < 0)
			return -1;
	}
	return 0;
}
