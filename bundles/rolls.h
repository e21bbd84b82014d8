/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_ROLLS_H
#define BUNDLES_ROLLS_H

#include <stdbool.h>

#include "base/error.h"
#include "bundles/card.h"
#include "storage/identity.h"

struct vault;

/*
 * What the roster is made of: every card, enrolment and revocation that is
 * held, and a member for each device with a card.  For roster.c only.
 */
struct held_card {
	struct card card;
	struct hash hash;
	int64_t time;
};

struct enrolment {
	char signer[ID_MAX], device[ID_MAX], person[ID_MAX];
	struct hash card, hash;
	enum role role;
	char *organisation;
	int64_t time;
};

struct revocation {
	char signer[ID_MAX], device[ID_MAX];
	struct hash after; /* zero: nothing counts */
};

struct member {
	const struct held_card *card; /* the latest */
	const struct enrolment *by;   /* NULL: not enrolled */
	bool new_in_round, self, revoked;
	int64_t cut;
	struct hash cut_hash;
};

struct rolls {
	struct held_card *cards; /* by device */
	size_t card_count, card_room;
	struct enrolment *enrolments;
	size_t enrolment_count, enrolment_room;
	struct revocation *revocations;
	size_t revocation_count, revocation_room;
	struct member *members; /* by device */
	size_t member_count;
	const struct identity *self;
};

int rolls_load(struct vault *vault, struct rolls *rolls, struct err *err);
void rolls_release(struct rolls *rolls);

/* Borrowed; NULL for a device without a card. */
struct member *rolls_find(const struct rolls *rolls, const char *device);

#endif
