/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/rolls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "bundles/roster.h"
#include "storage/statement.h"

/* Reading and checking what the roster is made of. */

static int
add_card(void *arg, const struct statement *statement, struct err *err)
{
	struct rolls *rolls = arg;
	struct held_card *held;

	mem_grow(&rolls->cards, &rolls->card_room, rolls->card_count + 1,
	    sizeof(*rolls->cards));
	held = &rolls->cards[rolls->card_count];
	if (card_of_statement(statement, &held->card, err) < 0)
		return -1;
	held->hash = statement->hash;
	held->time = statement->time;
	rolls->card_count++;
	return 0;
}

/* Fills all but the signer's part; organisation is owned by `found`. */
static int
read_enrolment(const json_t *body, const char *what, struct enrolment *found,
    struct err *err)
{
	const char *device, *card, *person, *role, *organisation;

	if (json_get_text(body, "enrolled", what, &device, err) < 0 ||
	    json_get_text(body, "card", what, &card, err) < 0 ||
	    json_get_text(body, "person", what, &person, err) < 0 ||
	    json_get_text(body, "role", what, &role, err) < 0 ||
	    json_get_text(body, "organisation", what, &organisation, err) < 0 ||
	    text_check_clean(organisation, TEXT_NAME_MAX, false, what, err) < 0)
		return -1;
	if (!id_is(ID_DEVICE, device) || !id_is(ID_PERSON, person) ||
	    !hash_from_hex(card, &found->card))
		return err_set(err, ERR_FORMAT,
		    _("%s: it does not name a device, a person and a card"),
		    what);
	if (!role_find(role, &found->role))
		return err_set(err, ERR_UNSUPPORTED,
		    _("%s: this version knows no role \"%.40s\""), what, role);
	snprintf(found->device, sizeof(found->device), "%s", device);
	snprintf(found->person, sizeof(found->person), "%s", person);
	found->organisation = xstrdup(organisation);
	return 0;
}

static int
read_revocation(const json_t *body, const char *what, struct revocation *found,
    struct err *err)
{
	const json_t *after = json_object_get(body, "after");
	const char *device, *reason;

	if (json_get_text(body, "key", what, &device, err) < 0 ||
	    json_get_text(body, "reason", what, &reason, err) < 0 ||
	    text_check_clean(reason, TEXT_NAME_MAX, true, what, err) < 0)
		return -1;
	found->after = (struct hash){ 0 };
	if (!id_is(ID_DEVICE, device) ||
	    (!json_is_null(after) &&
		(!json_is_string(after) ||
		    !hash_from_hex(json_string_value(after), &found->after))))
		return err_set(err, ERR_FORMAT,
		    _("%s: it does not name a device and a statement"), what);
	snprintf(found->device, sizeof(found->device), "%s", device);
	return 0;
}

int
enrolment_check(
    const struct statement *statement, const char *what, struct err *err)
{
	struct enrolment found = { 0 };
	const int result = read_enrolment(statement->body, what, &found, err);

	free(found.organisation);
	return result;
}

int
revocation_check(
    const struct statement *statement, const char *what, struct err *err)
{
	struct revocation found;

	return read_revocation(statement->body, what, &found, err);
}

static int
add_enrolment(void *arg, const struct statement *statement, struct err *err)
{
	struct rolls *rolls = arg;
	struct enrolment *found;

	mem_grow(&rolls->enrolments, &rolls->enrolment_room,
	    rolls->enrolment_count + 1, sizeof(*rolls->enrolments));
	found = &rolls->enrolments[rolls->enrolment_count];
	if (read_enrolment(statement->body, statement->type, found, err) < 0)
		return -1;
	snprintf(found->signer, sizeof(found->signer), "%s", statement->device);
	found->hash = statement->hash;
	found->time = statement->time;
	rolls->enrolment_count++;
	return 0;
}

static int
add_revocation(void *arg, const struct statement *statement, struct err *err)
{
	struct rolls *rolls = arg;
	struct revocation *found;

	mem_grow(&rolls->revocations, &rolls->revocation_room,
	    rolls->revocation_count + 1, sizeof(*rolls->revocations));
	found = &rolls->revocations[rolls->revocation_count];
	if (read_revocation(statement->body, statement->type, found, err) < 0)
		return -1;
	snprintf(found->signer, sizeof(found->signer), "%s", statement->device);
	rolls->revocation_count++;
	return 0;
}

static bool
is_later(const struct held_card *one, const struct held_card *other)
{
	if (one->time != other->time)
		return one->time > other->time;
	return hash_compare(&one->hash, &other->hash) > 0;
}

/* One member for each device that has a card. */
static void
make_members(struct rolls *rolls)
{
	struct member *last = NULL;

	rolls->members = xcalloc(
	    rolls->card_count ? rolls->card_count : 1, sizeof(*rolls->members));
	for (size_t i = 0; i < rolls->card_count; i++) {
		const struct held_card *card = &rolls->cards[i];

		if (!last ||
		    strcmp(last->card->card.device, card->card.device) != 0) {
			last = &rolls->members[rolls->member_count++];
			last->card = card;
		} else if (is_later(card, last->card)) {
			last->card = card;
		}
		last->self = rolls->self &&
		    strcmp(card->card.device, rolls->self->device) == 0;
	}
}

int
rolls_load(struct vault *vault, struct rolls *rolls, struct err *err)
{
	rolls->self = identity_get(vault);
	if (statement_each(vault, STATEMENT_CARD, NULL, add_card, rolls, err) <
		0 ||
	    statement_each(vault, STATEMENT_ENROLMENT, NULL, add_enrolment,
		rolls, err) < 0 ||
	    statement_each(vault, STATEMENT_REVOCATION, NULL, add_revocation,
		rolls, err) < 0)
		return -1;
	make_members(rolls);
	return 0;
}

void
rolls_release(struct rolls *rolls)
{
	for (size_t i = 0; i < rolls->card_count; i++)
		card_release(&rolls->cards[i].card);
	for (size_t i = 0; i < rolls->enrolment_count; i++)
		free(rolls->enrolments[i].organisation);
	free(rolls->cards);
	free(rolls->enrolments);
	free(rolls->revocations);
	free(rolls->members);
}

static int
compare_member(const void *key, const void *element)
{
	const struct member *member = element;

	return strcmp(key, member->card->card.device);
}

struct member *
rolls_find(const struct rolls *rolls, const char *device)
{
	return bsearch(device, rolls->members, rolls->member_count,
	    sizeof(*rolls->members), compare_member);
}
