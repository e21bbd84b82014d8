/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/receipt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "bundles/lacking.h"
#include "bundles/receipt_have.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/tombstone.h"
#include "storage/vault.h"

/* Making, checking, and holding this vault against them. */

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
	char *made = NULL;
	json_t *body;
	struct hash hash;
	int result;

	hash_to_hex(&scope->statement, hex);
	snprintf(key, sizeof(key), "receipt/%s", hex);
	result = setting_read(vault, key, &made, err);
	free(made);
	if (result != 0)
		return result < 0 ? -1 : 0;
	body = make_body(vault, scope, err);
	if (!body)
		return -1;
	result = statement_make(vault, STATEMENT_RECEIPT, body, &hash, err);
	json_decref(body);
	return result < 0 ? -1 : setting_put(vault, key, "1", err);
}

bool
receipt_read_have(const json_t *item, struct have *have)
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
	    item) if (!receipt_read_have(item, &entry)) return err_set(err,
	    ERR_FORMAT, _("%s: \"have\": entry %zu is not as expected"), what,
	    i + 1);
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

int
receipt_is_held(struct vault *vault, const struct have *have, struct err *err)
{
	return log_has(
	    vault, have->subject, have->device, have->seq, &have->head, err);
}

static int
was_held(struct vault *vault, const struct have *have, struct err *err)
{
	const int held = receipt_is_held(vault, have, err);

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

		if (!self || !receipt_read_have(item, &have) ||
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
			      "put the newest backup in its place (ronde "
			      "restore), or go on as another device (ronde "
			      "restore --here)"),
			    statement->device, (long long)have.seq,
			    have.subject);
	}
	if (first.code == ERR_NONE)
		return 0;
	*err = first;
	return -1;
}
