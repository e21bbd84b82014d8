/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bundles/heads.h"
#include "bundles/rolls.h"
#include "storage/db.h"
#include "storage/vault.h"

/*
 * The order of the file: who was ever enrolled, who was revoked, who is
 * enrolled by somebody who was not, writing the roster.
 *
 *  (1) An enrolment counts when this device made it; else when a trusted
 *      authority did; else when a trusted supervisor did, for an inspector of
 *      his own organisation whose person is nobody else's.  Of several of one
 *      rank the latest counts.
 *  (2) A revocation counts when this device made it, or an authority, or a
 *      supervisor that may enrol the device, even when that one was revoked
 *      later: whoever is in doubt is out.
 *  (3) What a revoked device enrolled does not count: it cannot be told from
 *      what a thief enrolled, and who may enrol can do it again.
 */

/* ---- who is enrolled ---- */

enum rank { RANK_SELF, RANK_AUTHORITY, RANK_SUPERVISOR };

/*
 * What is sent to a person is encrypted to all of that person's devices, and a
 * card may claim any person.  So a supervisor gives a further device only to
 * people whom he may enrol: not to this vault's authority, nor to others'
 * inspectors.
 */
static bool
is_free_person(const struct rolls *rolls, const struct enrolment *enrolment)
{
	const struct identity *self = rolls->self;

	if (self && strcmp(self->person, enrolment->person) == 0 &&
	    (self->role != ROLE_INSPECTOR ||
		strcmp(self->organisation, enrolment->organisation) != 0))
		return false;
	for (size_t i = 0; i < rolls->member_count; i++) {
		const struct member *member = &rolls->members[i];

		if (member->by && !member->new_in_round &&
		    strcmp(member->by->person, enrolment->person) == 0 &&
		    (member->by->role != ROLE_INSPECTOR ||
			strcmp(member->by->organisation,
			    enrolment->organisation) != 0))
			return false;
	}
	return true;
}

static bool
may_enrol(const struct rolls *rolls, const struct enrolment *enrolment,
    enum rank rank)
{
	const struct member *signer = rolls_find(rolls, enrolment->signer);

	if (rank == RANK_SELF)
		return rolls->self &&
		    strcmp(enrolment->signer, rolls->self->device) == 0;
	if (!signer || !signer->by || signer->new_in_round || signer->revoked)
		return false;
	if (rank == RANK_AUTHORITY)
		return signer->by->role == ROLE_AUTHORITY;
	return signer->by->role == ROLE_SUPERVISOR &&
	    enrolment->role == ROLE_INSPECTOR &&
	    strcmp(signer->by->organisation, enrolment->organisation) == 0 &&
	    is_free_person(rolls, enrolment);
}

static bool
is_better(const struct enrolment *one, const struct enrolment *other)
{
	if (one->time != other->time)
		return one->time > other->time;
	return hash_compare(&one->hash, &other->hash) > 0;
}

/* Enrols by one rank those who are not yet; true when there were any. */
static bool
enrol_round(struct rolls *rolls, enum rank rank)
{
	bool any = false;

	for (size_t i = 0; i < rolls->enrolment_count; i++) {
		const struct enrolment *enrolment = &rolls->enrolments[i];
		struct member *member = rolls_find(rolls, enrolment->device);

		if (!member || member->self ||
		    (member->by && !member->new_in_round) ||
		    !may_enrol(rolls, enrolment, rank))
			continue;
		if (member->by && !is_better(enrolment, member->by))
			continue;
		member->by = enrolment;
		member->new_in_round = true;
		any = true;
	}
	for (size_t i = 0; i < rolls->member_count; i++)
		rolls->members[i].new_in_round = false;
	return any;
}

static void
enrol_all(struct rolls *rolls)
{
	for (size_t i = 0; i < rolls->member_count; i++)
		rolls->members[i].by = NULL;
	enrol_round(rolls, RANK_SELF);
	while (enrol_round(rolls, RANK_AUTHORITY))
		continue;
	enrol_round(rolls, RANK_SUPERVISOR);
}

/* ---- who is revoked ---- */

static bool
may_revoke(const struct rolls *rolls, const struct revocation *revocation,
    const struct member *member)
{
	const struct member *signer = rolls_find(rolls, revocation->signer);

	if (rolls->self && strcmp(revocation->signer, rolls->self->device) == 0)
		return true;
	if (!signer || !signer->by)
		return false;
	if (signer->by->role == ROLE_AUTHORITY)
		return true;
	return signer->by->role == ROLE_SUPERVISOR && member->by &&
	    member->by->role == ROLE_INSPECTOR &&
	    strcmp(signer->by->organisation, member->by->organisation) == 0;
}

/* A statement that is not held cannot say how far it reaches: nowhere. */
static int
revoke(struct vault *vault, const struct revocation *revocation,
    struct member *member, struct err *err)
{
	struct hash after = revocation->after;
	int64_t counter = 0;
	const int found =
	    heads_counter(vault, revocation->device, &after, &counter, err);

	if (found < 0)
		return -1;
	if (found == 0) {
		counter = 0;
		after = (struct hash){ 0 };
	}
	if (!member->revoked || counter < member->cut ||
	    (counter == member->cut &&
		hash_compare(&after, &member->cut_hash) < 0)) {
		member->cut = counter;
		member->cut_hash = after;
	}
	member->revoked = true;
	return 0;
}

/*
 * Who may revoke is asked of the rolls as they were before any revocation:
 * the marks are set only after all were heard.
 */
static int
revoke_all(struct vault *vault, struct rolls *rolls, struct err *err)
{
	for (size_t i = 0; i < rolls->revocation_count; i++) {
		const struct revocation *revocation = &rolls->revocations[i];
		struct member *member = rolls_find(rolls, revocation->device);

		if (!member || member->self ||
		    !may_revoke(rolls, revocation, member))
			continue;
		if (revoke(vault, revocation, member, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- the roster ---- */

static const struct card *
named_card(const struct rolls *rolls, const struct member *member)
{
	const struct card *latest = &member->card->card;

	/* The card of another device would be written over that one's entry. */
	for (size_t i = 0; member->by && i < rolls->card_count; i++)
		if (hash_equal(&rolls->cards[i].hash, &member->by->card) &&
		    strcmp(rolls->cards[i].card.device, latest->device) == 0)
			return &rolls->cards[i].card;
	return latest;
}

static enum trust
standing_of(const struct member *member)
{
	if (member->self)
		return TRUST_SELF;
	if (!member->by)
		return TRUST_NONE;
	return member->revoked ? TRUST_REVOKED : TRUST_YES;
}

static int
put_member(struct vault *vault, const struct rolls *rolls,
    const struct member *member, struct err *err)
{
	const struct card *card = named_card(rolls, member);
	const struct enrolment *by = member->by;
	struct roster_entry entry = {
		.name = card->name,
		.organisation = by ? by->organisation : card->organisation,
		.role = by ? by->role : card->role,
		.trust = standing_of(member),
		.minisign_public = card->minisign_public,
		.age_recipient = card->age_recipient,
		.cut = -1,
	};

	snprintf(entry.device, sizeof(entry.device), "%s", card->device);
	snprintf(entry.person, sizeof(entry.person), "%s",
	    by ? by->person : card->person);
	memcpy(entry.sign_public, card->sign_public, sizeof(entry.sign_public));
	if (entry.trust == TRUST_REVOKED)
		entry.cut = member->cut;
	return roster_put(vault, &entry, err);
}

/* Before its card is made, this device still belongs on its own roster. */
static int
put_self(struct vault *vault, const struct identity *self, struct err *err)
{
	struct roster_entry entry = {
		.role = self->role,
		.trust = TRUST_SELF,
		.minisign_public = self->minisign_public,
		.age_recipient = self->age_recipient,
		.cut = -1,
	};
	int result;

	entry.name = xstrdup(self->name);
	entry.organisation = xstrdup(self->organisation);
	snprintf(entry.device, sizeof(entry.device), "%s", self->device);
	snprintf(entry.person, sizeof(entry.person), "%s", self->person);
	memcpy(entry.sign_public, self->sign_public, sizeof(entry.sign_public));
	result = roster_put(vault, &entry, err);
	free(entry.name);
	free(entry.organisation);
	return result;
}

static int
put_cut(struct vault *vault, const struct member *member, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "INSERT INTO trust_cut (device, counter, statement)"
	    " VALUES (?1, ?2, ?3)",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, member->card->card.device);
	db_bind_int(query, 2, member->cut);
	db_bind_blob(query, 3, member->cut_hash.bytes, HASH_BYTES);
	return db_run(query, err);
}

static int
write_roster(struct vault *vault, const struct rolls *rolls, struct err *err)
{
	if (rolls->self && !rolls_find(rolls, rolls->self->device) &&
	    put_self(vault, rolls->self, err) < 0)
		return -1;
	for (size_t i = 0; i < rolls->member_count; i++) {
		const struct member *member = &rolls->members[i];

		if (put_member(vault, rolls, member, err) < 0)
			return -1;
		if (standing_of(member) == TRUST_REVOKED &&
		    put_cut(vault, member, err) < 0)
			return -1;
	}
	return 0;
}

int
roster_project(struct vault *vault, struct err *err)
{
	struct rolls rolls = { 0 };
	int result = -1;

	if (rolls_load(vault, &rolls, err) < 0)
		goto out;
	enrol_all(&rolls);
	if (revoke_all(vault, &rolls, err) < 0)
		goto out;
	enrol_all(&rolls);
	result = write_roster(vault, &rolls, err);
out:
	rolls_release(&rolls);
	return result;
}
