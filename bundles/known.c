/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "bundles/receipt_have.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/statement.h"
#include "storage/vault.h"

/* What can be concluded from the receipts of others. */

/* One device has one thing: a chain up to a seq, a file, a statement. */
struct fact {
	struct hash key;
	size_t device;
	int64_t seq;
	struct hash head;
	struct hash receipt; /* that says so */
	int64_t time;        /* when it did */
};

struct known {
	struct vault *vault;
	struct fact *facts; /* by key, device, seq */
	size_t fact_count, room;
	size_t devices, at; /* `at`: whose receipts are being read */
	int64_t last_time;
	int64_t since; /* receipts up to then do not count */
	bool has_last;
	struct hash last;
};

static struct hash
chain_key(const char *subject, const char *device)
{
	char text[2 * ID_MAX];
	const int len = snprintf(text, sizeof(text), "%s/%s", subject, device);

	return hash_of(text, (size_t)len);
}

static struct fact *
add_fact(struct known *known, const struct hash *key,
    const struct statement *receipt)
{
	struct fact *fact;

	mem_grow(&known->facts, &known->room, known->fact_count + 1,
	    sizeof(*known->facts));
	fact = &known->facts[known->fact_count++];
	*fact = (struct fact){ .key = *key,
		.device = known->at,
		.receipt = receipt->hash,
		.time = receipt->time };
	return fact;
}

static void
note_last(struct known *known, const struct statement *statement)
{
	const struct identity *self = identity_get(known->vault);
	const char *of = json_opt_text(statement->body, "of");

	if (!self || !of || strcmp(of, self->device) != 0 ||
	    (known->has_last &&
		(statement->time < known->last_time ||
		    (statement->time == known->last_time &&
			hash_compare(&statement->hash, &known->last) < 0))))
		return;
	known->has_last = true;
	known->last = statement->hash;
	known->last_time = statement->time;
}

static int
add_receipt(void *arg, const struct statement *statement, struct err *err)
{
	struct known *known = arg;
	const char *hex = json_opt_text(statement->body, "statement");
	const json_t *item;
	struct have have;
	struct hash digest;
	size_t i;

	(void)err;
	note_last(known, statement);
	if (hex && hash_from_hex(hex, &digest))
		add_fact(known, &digest, statement);
	json_array_foreach(json_object_get(statement->body, "files"), i,
	    item) if (hash_from_hex(json_string_value(item), &digest))
	    add_fact(known, &digest, statement);
	json_array_foreach(json_object_get(statement->body, "have"), i, item)
	{
		struct fact *fact;

		if (!receipt_read_have(item, &have))
			continue;
		digest = chain_key(have.subject, have.device);
		fact = add_fact(known, &digest, statement);
		fact->seq = have.seq;
		fact->head = have.head;
	}
	return 0;
}

static int
by_key(const void *one, const void *other)
{
	const struct fact *left = one, *right = other;
	const int order = hash_compare(&left->key, &right->key);

	if (order != 0)
		return order;
	if (left->device != right->device)
		return left->device < right->device ? -1 : 1;
	if (left->seq != right->seq)
		return left->seq < right->seq ? -1 : 1;
	return 0;
}

struct known *
known_load(struct vault *vault, const char *const *devices, size_t count,
    struct err *err)
{
	struct known *known = xcalloc(1, sizeof(*known));

	known->vault = vault;
	known->since = INT64_MIN;
	known->devices = count;
	for (known->at = 0; known->at < count; known->at++)
		if (statement_each(vault, STATEMENT_RECEIPT, devices[known->at],
			add_receipt, known, err) < 0) {
			known_free(known);
			return NULL;
		}
	if (known->fact_count)
		qsort(known->facts, known->fact_count, sizeof(*known->facts),
		    by_key);
	return known;
}

void
known_free(struct known *known)
{
	if (!known)
		return;
	free(known->facts);
	free(known);
}

static size_t
first_fact(const struct known *known, const struct hash *key)
{
	size_t low = 0, high = known->fact_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (hash_compare(&known->facts[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_about(const struct known *known, size_t i, const struct hash *key)
{
	return i < known->fact_count && hash_equal(&known->facts[i].key, key);
}

/* The most that one device has; `*i` moves on to the next device. */
static int
most_of_device(struct known *known, const struct hash *key, struct have *have,
    size_t *i, int64_t *most, struct err *err)
{
	const size_t device = known->facts[*i].device;

	*most = 0;
	for (; is_about(known, *i, key) && known->facts[*i].device == device;
	     ++*i) {
		int held;

		have->seq = known->facts[*i].seq;
		have->head = known->facts[*i].head;
		held = receipt_is_held(known->vault, have, err);
		if (held < 0)
			return -1;
		if (held)
			*most = have->seq;
	}
	return 0;
}

int
known_chain(struct known *known, const char *subject, const char *device,
    int64_t *seq, struct err *err)
{
	const struct hash key = chain_key(subject, device);
	struct have have = { .subject = subject, .device = device };
	size_t i = first_fact(known, &key), devices = 0;
	int64_t least = INT64_MAX, most;

	while (is_about(known, i, &key)) {
		if (most_of_device(known, &key, &have, &i, &most, err) < 0)
			return -1;
		devices++;
		if (most < least)
			least = most;
	}
	*seq = devices == known->devices && devices > 0 ? least : 0;
	return 0;
}

bool
known_names(const struct known *known, const char *subject, const char *device,
    const struct chain_link *last, struct hash *receipt)
{
	const struct hash key = chain_key(subject, device);

	for (size_t i = first_fact(known, &key); is_about(known, i, &key);
	     i++) {
		const struct fact *fact = &known->facts[i];

		if (fact->time > known->since && fact->seq == last->seq &&
		    hash_equal(&fact->head, &last->hash)) {
			*receipt = fact->receipt;
			return true;
		}
	}
	return false;
}

void
known_ask_since(struct known *known, int64_t since)
{
	known->since = since;
}

bool
known_has(const struct known *known, const struct hash *digest)
{
	size_t i = first_fact(known, digest), devices = 0;
	size_t last = SIZE_MAX; /* device counted */

	for (; is_about(known, i, digest); i++) {
		if (known->facts[i].time <= known->since ||
		    known->facts[i].device == last)
			continue;
		last = known->facts[i].device;
		devices++;
	}
	return devices > 0 && devices == known->devices;
}

bool
known_receipt(const struct known *known, struct hash *hash)
{
	if (known->has_last)
		*hash = known->last;
	return known->has_last;
}
