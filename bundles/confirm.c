/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/confirm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/heads.h"
#include "bundles/receipt.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/tombstone.h"
#include "storage/vault.h"

struct own_subject {
	char salted[HEADS_SALTED_MAX];
	char subject[ID_MAX];
};

struct confirming {
	struct vault *vault;
	struct doctor_report *report;
	const struct progress *progress;
	const char *own;
	struct hash last; /* this device's last heads statement */
	int64_t counter;  /* its counter; 0: none */
	uint8_t salt[HEADS_SALT_BYTES];
	struct own_subject *subjects; /* by salted */
	size_t count, room;
	uint64_t done;
};

static void
say(struct confirming *all, const struct statement *statement,
    const char *subject, const char *what)
{
	char hex[HASH_HEX_MAX];

	hash_to_hex(&statement->hash, hex);
	doctor_find(all->report,
	    &(struct doctor_finding){
		.part = "chain", .byte = -1, .subject = subject },
	    _("statement %.16s (%s of %s): %s"), hex, statement->type,
	    statement->device, what);
}

/* ---- the last heads statement of this device ---- */

static int
find_last(void *arg, const struct statement *statement, struct err *err)
{
	struct confirming *all = arg;
	const int64_t counter =
	    json_integer_value(json_object_get(statement->body, "counter"));

	(void)err;
	if (counter >= all->counter) {
		all->counter = counter;
		all->last = statement->hash;
	}
	return 0;
}

static void
add_subject(struct confirming *all, const char *subject)
{
	struct own_subject *own;

	mem_grow(
	    &all->subjects, &all->room, all->count + 1, sizeof(*all->subjects));
	own = &all->subjects[all->count++];
	snprintf(own->subject, sizeof(own->subject), "%s", subject);
	heads_salt_subject(all->salt, subject, own->salted);
}

static int
note_subject(void *arg, const char *subject, struct err *err)
{
	(void)err;
	add_subject(arg, subject);
	return 0;
}

static int
by_salted(const void *one, const void *other)
{
	const struct own_subject *a = one, *b = other;

	return strcmp(a->salted, b->salted);
}

/* Every subject there is, or was before a purge. */
static int
list_subjects(struct confirming *all, struct err *err)
{
	struct db_query *query = db_query(vault_db(all->vault),
	    "SELECT DISTINCT subject FROM tombstone", err);
	int more;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0)
		add_subject(all, db_text(query, 0));
	if (more < 0 || log_subjects(all->vault, note_subject, all, err) < 0)
		return -1;
	if (all->count)
		qsort(all->subjects, all->count, sizeof(*all->subjects),
		    by_salted);
	return 0;
}

/* Is it held, or was it purged?  1, 0, -1. */
static int
has_event(struct confirming *all, const char *subject, int64_t seq,
    const struct hash *hash, struct err *err)
{
	const int found =
	    log_has(all->vault, subject, all->own, seq, hash, err);

	if (found != 0)
		return found;
	return tombstone_had(all->vault, subject, all->own, seq, hash, err);
}

static int
confirm_listing(struct confirming *all, const struct statement *statement,
    const json_t *listing, struct err *err)
{
	const char *hex = json_string_value(json_array_get(listing, 2));
	const char *salted = json_string_value(json_array_get(listing, 0));
	const int64_t seq = json_integer_value(json_array_get(listing, 1));
	const struct own_subject *own;
	struct own_subject key = { 0 };
	struct hash hash;
	int found;

	if (!hex || !salted || !hash_from_hex(hex, &hash))
		return 0; /* heads_check() has said so when it came */
	snprintf(key.salted, sizeof(key.salted), "%s", salted);
	own = all->count ? bsearch(&key, all->subjects, all->count,
			       sizeof(*all->subjects), by_salted)
			 : NULL;
	if (!own) {
		say(all, statement, NULL,
		    _("it names a chain of this device that is not here"));
		return 0;
	}
	found = has_event(all, own->subject, seq, &hash, err);
	if (found == 0)
		say(all, statement, own->subject,
		    _("it names an event of this device that is not here"));
	return found < 0 ? -1 : 0;
}

static int
confirm_heads(struct confirming *all, struct err *err)
{
	struct statement statement = { 0 };
	const json_t *heads, *listing;
	const char *salt;
	size_t i;
	int result = -1;

	if (statement_each(
		all->vault, STATEMENT_HEADS, all->own, find_last, all, err) < 0)
		return -1;
	if (all->counter == 0)
		return 0;
	if (statement_find(all->vault, &all->last, &statement, err) <= 0)
		return -1;
	salt = json_string_value(json_object_get(statement.body, "salt"));
	heads = json_object_get(statement.body, "heads");
	if (!salt || strlen(salt) != 2 * HEADS_SALT_BYTES ||
	    !hex_read(salt, all->salt, sizeof(all->salt))) {
		say(all, &statement, NULL, _("it has no salt"));
		result = 0;
		goto out;
	}
	if (list_subjects(all, err) < 0)
		goto out;
	json_array_foreach(heads, i, listing)
	{
		if (confirm_listing(all, &statement, listing, err) < 0 ||
		    progress_step(
			all->progress, i, json_array_size(heads), err) < 0)
			goto out;
	}
	result = 0;
out:
	statement_release(&statement);
	return result;
}

/* ---- receipts ---- */

static int
confirm_receipt(void *arg, const struct statement *statement, struct err *err)
{
	struct confirming *all = arg;
	struct err why = { 0 };

	if (progress_step(all->progress, ++all->done, 0, err) < 0)
		return -1;
	if (receipt_confirm(all->vault, statement, NULL, &why) == 0)
		return 0;
	if (why.code != ERR_CONFLICT) {
		*err = why;
		return -1;
	}
	say(all, statement, NULL, why.msg);
	return 0;
}

static int
confirm(struct vault *vault, struct doctor_report *report,
    const struct progress *progress, struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct confirming all = {
		.vault = vault, .report = report, .progress = progress
	};
	int result;

	if (!self)
		return 0;
	all.own = self->device;
	result = confirm_heads(&all, err);
	free(all.subjects);
	if (result == 0)
		result = statement_each(
		    vault, STATEMENT_RECEIPT, NULL, confirm_receipt, &all, err);
	return result;
}

const struct doctor_check confirm_check = {
	N_("Comparing statements with chains"),
	confirm,
};
