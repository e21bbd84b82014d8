/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/receipt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "bundles/lacking.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/tombstone.h"
#include "storage/vault.h"

/* Making, checking, and what can be concluded from those of others. */

struct have {
	const char *subject, *device;
	int64_t seq;
	struct hash head;
};

static int
add_have(void *arg, const struct chain *chain, struct err *err)
{
	char hex[HASH_HEX_MAX];

	(void)err;
	if (chain->effective < 1)
		return 0;
	hash_to_hex(&chain->head, hex);
	json_array_append_new(arg,
	    json_pack("[ssIs]", chain->subject, chain->device,
		(json_int_t)chain->effective, hex));
	return 0;
}

static json_t *
make_body(
    struct vault *vault, const struct receipt_scope *scope, struct err *err)
{
	json_t *body = json_object(), *have = json_array();
	json_t *files = json_array();
	char hex[HASH_HEX_MAX];

	hash_to_hex(&scope->statement, hex);
	json_put_text(body, "of", scope->of);
	json_put_text(body, "statement", hex);
	json_object_set_new(body, "have", have);
	json_object_set_new(body, "files", files);
	for (size_t i = 0; i < scope->subject_count; i++)
		if (log_chains(vault, scope->subjects[i], add_have, have, err) <
		    0) {
			json_decref(body);
			return NULL;
		}
	for (size_t i = 0; i < scope->file_count; i++) {
		hash_to_hex(&scope->files[i], hex);
		json_array_append_new(files, json_string(hex));
	}
	return body;
}

int
receipt_make(
    struct vault *vault, const struct receipt_scope *scope, struct err *err)
{
	char key[HASH_HEX_MAX + 16], hex[HASH_HEX_MAX];
	char *made;
	json_t *body;
	struct hash hash;
	int result;

	hash_to_hex(&scope->statement, hex);
	snprintf(key, sizeof(key), "receipt/%s", hex);
	made = setting_get(vault, key);
	free(made);
	if (made)
		return 0;
	body = make_body(vault, scope, err);
	if (!body)
		return -1;
	result = statement_make(vault, STATEMENT_RECEIPT, body, &hash, err);
	json_decref(body);
	return result < 0 ? -1 : setting_put(vault, key, "1", err);
}

static bool
read_have(const json_t *item, struct have *have)
{
	const char *head = json_string_value(json_array_get(item, 3));
	const json_t *seq = json_array_get(item, 2);

	have->subject = json_string_value(json_array_get(item, 0));
	have->device = json_string_value(json_array_get(item, 1));
	if (json_array_size(item) != 4 || !have->subject || !have->device ||
	    !head || !id_is(ID_DEVICE, have->device) ||
	    strlen(have->subject) >= ID_MAX || !json_is_integer(seq) ||
	    !hash_from_hex(head, &have->head))
		return false;
	have->seq = json_integer_value(seq);
	return have->seq >= 1;
}

static int
check_lists(
    const struct statement *statement, const char *what, struct err *err)
{
	const json_t *have, *files, *item;
	struct have entry;
	struct hash digest;
	size_t i;

	if (json_get_array(statement->body, "have", what, &have, err) < 0 ||
	    json_get_array(statement->body, "files", what, &files, err) < 0)
		return -1;
	if (json_array_size(have) > RECEIPT_ENTRIES_MAX ||
	    json_array_size(files) > RECEIPT_ENTRIES_MAX)
		return err_set(err, ERR_LIMIT, _("%s: more than %d entries"),
		    what, RECEIPT_ENTRIES_MAX);
	json_array_foreach(have, i,
	    item) if (!read_have(item, &entry)) return err_set(err, ERR_FORMAT,
	    _("%s: \"have\": entry %zu is not as expected"), what, i + 1);
	json_array_foreach(files, i, item) if (!json_is_string(item) ||
	    !hash_from_hex(json_string_value(item),
		&digest)) return err_set(err, ERR_FORMAT,
	    _("%s: \"files\": entry %zu is not as expected"), what, i + 1);
	return 0;
}

int
receipt_check(
    const struct statement *statement, const char *what, struct err *err)
{
	const char *of, *hex;
	struct hash hash;

	if (json_get_text(statement->body, "of", what, &of, err) < 0 ||
	    json_get_text(statement->body, "statement", what, &hex, err) < 0)
		return -1;
	if (!id_is(ID_DEVICE, of) || !hash_from_hex(hex, &hash))
		return err_set(err, ERR_FORMAT,
		    _("%s: it does not name a device and its statement"), what);
	return check_lists(statement, what, err);
}

static int
is_held(struct vault *vault, const struct have *have, struct err *err)
{
	return log_has(
	    vault, have->subject, have->device, have->seq, &have->head, err);
}

static int
was_held(struct vault *vault, const struct have *have, struct err *err)
{
	const int held = is_held(vault, have, err);

	return held != 0 ? held
			 : tombstone_had(vault, have->subject, have->device,
			       have->seq, &have->head, err);
}

static int
add_lacking(struct vault *vault, const struct statement *statement,
    const struct have *have, struct lacking *lacking, struct err *err)
{
	struct vault_missing missing = { .seq = have->seq, .hash = have->head };

	snprintf(missing.subject, sizeof(missing.subject), "%s", have->subject);
	snprintf(missing.device, sizeof(missing.device), "%s", have->device);
	return lacking_add(lacking, vault, statement->device, &missing, err);
}

int
receipt_confirm(struct vault *vault, const struct statement *statement,
    struct lacking *lacking, struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct err first = { 0 };
	const json_t *item;
	struct have have;
	size_t i;

	json_array_foreach(json_object_get(statement->body, "have"), i, item)
	{
		int held;

		if (!self || !read_have(item, &have) ||
		    strcmp(have.device, self->device) != 0)
			continue;
		held = was_held(vault, &have, err);
		if (held < 0 ||
		    (held == 0 && lacking &&
			add_lacking(vault, statement, &have, lacking, err) < 0))
			return -1;
		if (held == 0 && first.code == ERR_NONE)
			err_set(&first, ERR_CONFLICT,
			    _("a receipt of %s names event %lld of this device "
			      "on %s, which this vault does not hold: it is an "
			      "older copy, or a copy of it was used elsewhere; "
			      "make a new vault and import into it"),
			    statement->device, (long long)have.seq,
			    have.subject);
	}
	if (first.code == ERR_NONE)
		return 0;
	*err = first;
	return -1;
}

/* ---- what others hold ---- */

/* One device has one thing: a chain up to a seq, a file, a statement. */
struct fact {
	struct hash key;
	size_t device;
	int64_t seq;
	struct hash head;
	struct hash receipt; /* that says so */
};

struct known {
	struct vault *vault;
	struct fact *facts; /* by key, device, seq */
	size_t fact_count, room;
	size_t devices, at; /* `at`: whose receipts are being read */
	int64_t last_time;
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
	*fact = (struct fact){
		.key = *key, .device = known->at, .receipt = receipt->hash
	};
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

		if (!read_have(item, &have))
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
		held = is_held(known->vault, have, err);
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

		if (fact->seq == last->seq &&
		    hash_equal(&fact->head, &last->hash)) {
			*receipt = fact->receipt;
			return true;
		}
	}
	return false;
}

bool
known_has(const struct known *known, const struct hash *digest)
{
	size_t i = first_fact(known, digest), devices = 0;

	for (; is_about(known, i, digest); i++)
		if (i == 0 || !is_about(known, i - 1, digest) ||
		    known->facts[i - 1].device != known->facts[i].device)
			devices++;
	return devices > 0 && devices == known->devices;
}

bool
known_receipt(const struct known *known, struct hash *hash)
{
	if (known->has_last)
		*hash = known->last;
	return known->has_last;
}
