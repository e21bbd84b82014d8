/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "bundles/heads.h"
#include "bundles/select.h"
#include "storage/identity.h"
#include "storage/statement.h"

/*
 * Which statements travel.  A bundle must stand on its own: the card of
 * whoever signed any of them is inside, and for every event inside a heads
 * statement of its device that leads to it.
 */

enum { RECEIPTS_SENT_MAX = 64 }; /* the latest ones */

struct people {
	char (*ids)[ID_MAX];
	size_t count, room;
};

struct gathering {
	const struct export_request *request;
	struct selection *selection;
	const struct hash *heads; /* of this export */
	const char *self;
	bool everybody;       /* cards and enrolments of all */
	struct people chains; /* whose chains are inside, and this device */
	struct people people; /* whose cards are */
	struct hash *cuts;    /* statements that revocations name */
	size_t cut_count, cut_room;
	int64_t *times; /* of receipts */
	size_t time_count, time_room;
};

static bool
has_person(const struct people *people, const char *id)
{
	for (size_t i = 0; i < people->count; i++)
		if (strcmp(people->ids[i], id) == 0)
			return true;
	return false;
}

static bool
add_person(struct people *people, const char *id)
{
	if (!id || has_person(people, id))
		return false;
	mem_grow(&people->ids, &people->room, people->count + 1, ID_MAX);
	snprintf(people->ids[people->count++], ID_MAX, "%s", id);
	return true;
}

/* ---- who ---- */

static int
meet_recipients(struct vault *vault, struct gathering *all, struct err *err)
{
	all->everybody = all->request->device_count == 0;
	for (size_t i = 0; i < all->request->device_count; i++) {
		struct roster_entry entry = { 0 };
		const int found =
		    roster_find(vault, all->request->devices[i], &entry, err);

		if (found < 0)
			return -1;
		if (found > 0 && entry.role != ROLE_INSPECTOR)
			all->everybody = true;
		roster_entry_release(&entry);
		add_person(&all->people, all->request->devices[i]);
	}
	return 0;
}

static const char *
whom_of(const struct statement *statement)
{
	const char *whom = json_opt_text(statement->body, "enrolled");

	return whom ? whom : json_opt_text(statement->body, "key");
}

static bool
is_wanted(const struct gathering *all, const struct statement *statement)
{
	const char *whom = whom_of(statement);

	return all->everybody || (whom && has_person(&all->people, whom));
}

static int
meet_signer(void *arg, const struct statement *statement, struct err *err)
{
	struct gathering *all = arg;

	(void)err;
	if (is_wanted(all, statement))
		add_person(&all->people, statement->device);
	return 0;
}

static int
note_cut(void *arg, const struct statement *statement, struct err *err)
{
	struct gathering *all = arg;
	const char *after = json_opt_text(statement->body, "after");

	(void)err;
	if (!after || !is_wanted(all, statement))
		return 0;
	mem_grow(
	    &all->cuts, &all->cut_room, all->cut_count + 1, sizeof(*all->cuts));
	if (hash_from_hex(after, &all->cuts[all->cut_count]))
		all->cut_count++;
	return 0;
}

/* Signers bring in those who signed for them, until nobody is new. */
static int
meet_everybody(struct vault *vault, struct gathering *all, struct err *err)
{
	size_t before;

	add_person(&all->chains, all->self);
	for (size_t i = 0; i < all->selection->chain_count; i++)
		add_person(&all->chains, all->selection->chains[i].device);
	for (size_t i = 0; i < all->chains.count; i++)
		add_person(&all->people, all->chains.ids[i]);
	if (meet_recipients(vault, all, err) < 0)
		return -1;
	do {
		before = all->people.count;
		if (statement_each(vault, STATEMENT_ENROLMENT, NULL,
			meet_signer, all, err) < 0 ||
		    statement_each(vault, STATEMENT_REVOCATION, NULL,
			meet_signer, all, err) < 0)
			return -1;
	} while (all->people.count > before);
	return statement_each(
	    vault, STATEMENT_REVOCATION, NULL, note_cut, all, err);
}

/* ---- which ---- */

static int
add_bytes(struct gathering *all, const char *line, size_t len, struct err *err)
{
	struct selection *selection = all->selection;

	buf_add(&selection->statements, line, len);
	buf_add_char(&selection->statements, '\n');
	if (++selection->statement_count > BUNDLE_STATEMENTS_MAX)
		return err_set(err, ERR_LIMIT,
		    _("there are more than %d statements to send: send fewer "
		      "inspections at a time"),
		    BUNDLE_STATEMENTS_MAX);
	return buf_check(&selection->statements, _("statements"), err);
}

static int
add_line(
    struct gathering *all, const struct statement *statement, struct err *err)
{
	return add_bytes(all, statement->line, statement->len, err);
}

static int
add_card(void *arg, const struct statement *statement, struct err *err)
{
	struct gathering *all = arg;

	if (!all->everybody && !has_person(&all->people, statement->device))
		return 0;
	return add_line(all, statement, err);
}

static int
add_wanted(void *arg, const struct statement *statement, struct err *err)
{
	struct gathering *all = arg;

	return is_wanted(all, statement) ? add_line(all, statement, err) : 0;
}

/* Does the statement lead to events that are inside? */
static bool
leads_inside(const struct gathering *all, const struct statement *statement)
{
	for (size_t i = 0; i < all->selection->chain_count; i++) {
		const struct selected_chain *chain = &all->selection->chains[i];
		struct hash head;
		int64_t seq;

		if (strcmp(chain->device, statement->device) == 0 &&
		    heads_find(statement, chain->subject, &seq, &head) &&
		    seq >= chain->first && seq <= chain->last)
			return true;
	}
	return false;
}

static bool
is_cut(const struct gathering *all, const struct hash *hash)
{
	for (size_t i = 0; i < all->cut_count; i++)
		if (hash_equal(&all->cuts[i], hash))
			return true;
	return false;
}

/* Only here is it parsed: 1, 0, -1. */
static int
line_leads_inside(const struct gathering *all,
    const struct statement_line *line, struct err *err)
{
	struct statement statement = { 0 };
	int leads = -1;

	if (statement_read(
		&statement, line->line, line->len, _("the vault"), err) == 0)
		leads = leads_inside(all, &statement);
	statement_release(&statement);
	return leads;
}

static int
add_heads(void *arg, const struct statement_line *line, struct err *err)
{
	struct gathering *all = arg;
	const bool cut = is_cut(all, &line->hash);
	int wanted;

	if (!cut && !has_person(&all->chains, line->device))
		return 0;
	wanted = cut || all->request->full ||
	    hash_equal(&line->hash, all->heads) ||
	    !known_has(all->selection->known, &line->hash);
	if (!wanted)
		wanted = line_leads_inside(all, line, err);
	if (wanted <= 0)
		return wanted;
	return add_bytes(all, line->line, line->len, err);
}

static bool
is_for_them(const struct gathering *all, const struct statement *statement)
{
	const char *of = json_opt_text(statement->body, "of");

	for (size_t i = 0; of && i < all->request->device_count; i++)
		if (strcmp(of, all->request->devices[i]) == 0)
			return true;
	return false;
}

static int
note_time(void *arg, const struct statement *statement, struct err *err)
{
	struct gathering *all = arg;

	(void)err;
	if (!is_for_them(all, statement))
		return 0;
	mem_grow(&all->times, &all->time_room, all->time_count + 1,
	    sizeof(*all->times));
	all->times[all->time_count++] = statement->time;
	return 0;
}

static int
latest_first(const void *one, const void *other)
{
	const int64_t left = *(const int64_t *)one;
	const int64_t right = *(const int64_t *)other;

	return (left < right) - (left > right);
}

static int
add_receipt(void *arg, const struct statement *statement, struct err *err)
{
	struct gathering *all = arg;

	if (!is_for_them(all, statement) ||
	    (all->time_count > RECEIPTS_SENT_MAX &&
		statement->time < all->times[RECEIPTS_SENT_MAX - 1]))
		return 0;
	return add_line(all, statement, err);
}

static int
gather(struct vault *vault, struct gathering *all, struct err *err)
{
	if (meet_everybody(vault, all, err) < 0 ||
	    statement_each(
		vault, STATEMENT_RECEIPT, all->self, note_time, all, err) < 0)
		return -1;
	if (all->time_count)
		qsort(all->times, all->time_count, sizeof(*all->times),
		    latest_first);
	if (statement_each(vault, STATEMENT_CARD, NULL, add_card, all, err) <
		0 ||
	    statement_each(
		vault, STATEMENT_ENROLMENT, NULL, add_wanted, all, err) < 0 ||
	    statement_each(
		vault, STATEMENT_REVOCATION, NULL, add_wanted, all, err) < 0 ||
	    statement_each_line(vault, STATEMENT_HEADS, add_heads, all, err) <
		0)
		return -1;
	return statement_each(
	    vault, STATEMENT_RECEIPT, all->self, add_receipt, all, err);
}

int
selection_add_statements(struct vault *vault,
    const struct export_request *request, const struct hash *heads,
    struct selection *selection, struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct gathering all = { .request = request,
		.selection = selection,
		.heads = heads,
		.self = self->device };
	const int result = gather(vault, &all, err);

	free(all.chains.ids);
	free(all.people.ids);
	free(all.cuts);
	free(all.times);
	return result;
}
