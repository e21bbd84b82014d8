/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "bundles/card.h"
#include "bundles/heads.h"
#include "bundles/receipt.h"
#include "bundles/roster.h"
#include "storage/statement.h"

/*
 * statements.jsonl: by type, cards first, and every other statement is
 * checked by a card of its device that stands in the same bundle.  What a
 * vault keeps of a bundle therefore does not depend on what it had before.
 */

enum { WHAT_MAX = 64 };

/* The types in the order in which they stand; later ones come last. */
static const struct {
	const char *type;
	int (*check)(const struct statement *statement, const char *what,
	    struct err *err);
} types[] = {
	{ STATEMENT_CARD, NULL },
	{ STATEMENT_ENROLMENT, enrolment_check },
	{ STATEMENT_REVOCATION, revocation_check },
	{ STATEMENT_HEADS, heads_check },
	{ STATEMENT_RECEIPT, receipt_check },
};

enum { TYPE_CARD, TYPE_ENROLMENT, TYPE_REVOCATION, TYPE_HEADS, TYPE_RECEIPT };

struct reading {
	struct intake *intake;
	size_t type; /* of the line before */
};

static size_t
find_type(const char *type)
{
	size_t i = 0;

	while (i < ARRAY_LEN(types) && strcmp(types[i].type, type) != 0)
		i++;
	return i;
}

static int
by_device(const void *key, const void *element)
{
	const struct intake_card *card = element;

	return strcmp(key, card->device);
}

static int
take_card(struct intake *intake, const struct statement *statement,
    const char *what, struct err *err)
{
	struct intake_card *last =
	    intake->card_count ? &intake->cards[intake->card_count - 1] : NULL;
	struct card card;
	int order;

	if (card_of_statement(statement, &card, err) < 0)
		return err_wrap(err, "%s", what);
	order = last ? strcmp(last->device, card.device) : -1;
	if (order < 0) {
		mem_grow(&intake->cards, &intake->card_room,
		    intake->card_count + 1, sizeof(*intake->cards));
		last = &intake->cards[intake->card_count++];
		memcpy(last->device, card.device, ID_MAX);
		memcpy(last->sign_public, card.sign_public, 32);
	}
	card_release(&card);
	if (order > 0)
		return err_set(err, ERR_FORMAT,
		    _("%s: cards are not in the order of their devices"), what);
	return 0;
}

static const struct intake_card *
find_card(const struct intake *intake, const char *device, const char *what,
    struct err *err)
{
	const struct intake_card *card = intake->card_count
	    ? bsearch(device, intake->cards, intake->card_count,
		  sizeof(*intake->cards), by_device)
	    : NULL;

	if (!card)
		err_set(err, ERR_FORMAT,
		    _("%s: a statement of %s, whose card is not in the bundle"),
		    what, device);
	return card;
}

static int
check_signer(struct intake *intake, const struct statement *statement,
    const char *what, struct err *err)
{
	const struct intake_card *card =
	    find_card(intake, statement->device, what, err);

	if (!card)
		return -1;
	if (!statement_is_signed_by(statement, card->sign_public))
		return err_set(err, ERR_AUTH,
		    _("%s: a statement of %s with a wrong signature"), what,
		    statement->device);
	return 0;
}

static void
note_heads(struct intake *intake, const struct hash *hash, const char *device,
    int64_t counter)
{
	mem_grow(&intake->heads_seen, &intake->heads_room,
	    intake->heads_count + 1, sizeof(*intake->heads_seen));
	intake->heads_seen[intake->heads_count++] = *hash;
	if (hash_equal(hash, &intake->manifest.heads) &&
	    strcmp(device, intake->sender.device) == 0 &&
	    counter == intake->counter)
		intake->has_heads = true;
}

/* Statements come by counter: of several the last lists most. */
static bool
is_ours(const struct intake *intake, const struct statement *statement)
{
	const struct identity *self = identity_get(intake->vault);

	return self && strcmp(self->device, statement->device) == 0;
}

static int
keep_heads(
    struct intake *intake, const struct statement *statement, struct err *err)
{
	struct intake_heads *heads;

	mem_grow(&intake->new_heads, &intake->new_heads_room,
	    intake->new_heads_count + 1, sizeof(*intake->new_heads));
	heads = &intake->new_heads[intake->new_heads_count++];
	memcpy(heads->device, statement->device, ID_MAX);
	heads->hash = statement->hash;
	if (is_ours(intake, statement)) {
		intake->own_heads = statement->hash;
		intake->has_own_heads = true;
	}
	return heads_index(intake->vault, statement, err);
}

/* A revocation may have waited for the statement that it names. */
static int
is_of_revoked(
    struct intake *intake, const struct statement *statement, struct err *err)
{
	struct hash cut;
	enum trust trust;

	if (roster_standing(
		intake->vault, statement->device, &trust, &cut, err) < 0)
		return -1;
	return trust == TRUST_REVOKED;
}

static int
keep(struct intake *intake, const struct statement *statement, size_t type,
    struct err *err)
{
	const int added = statement_insert(intake->vault, statement, err);
	int revoked;

	if (added <= 0)
		return added;
	intake->new_statements++;
	if (type < TYPE_HEADS)
		intake->roster_changed = true;
	if (type == TYPE_RECEIPT)
		return receipt_confirm(
		    intake->vault, statement, &intake->lacking, err);
	if (type != TYPE_HEADS)
		return 0;
	revoked = is_of_revoked(intake, statement, err);
	if (revoked < 0)
		return -1;
	if (revoked)
		intake->roster_changed = true;
	return keep_heads(intake, statement, err);
}

static int
check_order(struct reading *reading, size_t type, const char *name,
    const char *what, struct err *err)
{
	if (type < reading->type)
		return err_set(err, ERR_FORMAT,
		    _("%s: a statement of the type %s is out of order"), what,
		    name);
	reading->type = type;
	return 0;
}

static int
check(struct reading *reading, const struct statement *statement, size_t type,
    const char *what, struct err *err)
{
	struct intake *intake = reading->intake;

	if (check_order(reading, type, statement->type, what, err) < 0)
		return -1;
	if (type == TYPE_CARD)
		return take_card(intake, statement, what, err);
	if (check_signer(intake, statement, what, err) < 0)
		return -1;
	return type < ARRAY_LEN(types) ? types[type].check(statement, what, err)
				       : 0;
}

static int
read_new(struct reading *reading, const char *line, size_t len,
    const char *what, struct err *err)
{
	struct intake *intake = reading->intake;
	struct statement statement = { 0 };
	size_t type;
	int result = -1;

	if (statement_read(&statement, line, len, what, err) < 0)
		return -1;
	type = find_type(statement.type);
	if (check(reading, &statement, type, what, err) == 0) {
		if (type == TYPE_HEADS)
			note_heads(intake, &statement.hash, statement.device,
			    json_opt_int(statement.body, "counter", 0));
		result = keep(intake, &statement, type, err);
	}
	statement_release(&statement);
	return result;
}

/*
 * The very bytes were read and their signature checked when they first came,
 * by the same key, since a device is named after its keys.  What the others
 * in the bundle must be for it is checked as ever.
 */
static int
read_held(struct reading *reading, const struct statement_mark *mark,
    const struct hash *hash, const char *what, struct err *err)
{
	const size_t type = find_type(mark->type);

	if (check_order(reading, type, mark->type, what, err) < 0 ||
	    !find_card(reading->intake, mark->device, what, err))
		return -1;
	if (type == TYPE_HEADS)
		note_heads(reading->intake, hash, mark->device, mark->counter);
	return 0;
}

static int
read_statement(
    void *arg, const char *line, size_t len, size_t number, struct err *err)
{
	struct reading *reading = arg;
	struct intake *intake = reading->intake;
	const struct hash hash = hash_of(line, len);
	struct statement_mark mark;
	char what[WHAT_MAX];
	int held;

	snprintf(what, sizeof(what), _("statements.jsonl, line %zu"), number);
	if (number > BUNDLE_STATEMENTS_MAX)
		return err_set(err, ERR_LIMIT, _("%s: more than %d lines"),
		    what, BUNDLE_STATEMENTS_MAX);
	held = statement_find_mark(intake->vault, &hash, &mark, err);
	if (held < 0)
		return -1;
	intake->summary->statements++;
	/* A card says who the others are: it is always read. */
	return held && strcmp(mark.type, STATEMENT_CARD) != 0
	    ? read_held(reading, &mark, &hash, what, err)
	    : read_new(reading, line, len, what, err);
}

static int
compare_hashes(const void *one, const void *other)
{
	return hash_compare(one, other);
}

int
intake_statements(struct intake *intake, struct archive_reader *archive,
    struct hasher *hasher, struct err *err)
{
	struct reading reading = { .intake = intake };
	const struct line_sink sink = { STATEMENT_LINE_MAX, read_statement,
		&reading };

	intake->place = "statements";
	if (intake_lines(intake, archive, hasher, &sink, err) < 0)
		return -1;
	if (intake->heads_count)
		qsort(intake->heads_seen, intake->heads_count,
		    sizeof(*intake->heads_seen), compare_hashes);
	if (!intake->has_heads)
		return err_set(err, ERR_FORMAT,
		    _("%s: the heads statement that the manifest names is not "
		      "inside"),
		    intake->name);
	return 0;
}
