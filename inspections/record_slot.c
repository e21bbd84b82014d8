/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * Which claims on an item stand.  Of one device only its last can; another
 * device's answer ends it when its writer had seen it, a decision when it
 * names it.
 */

static bool
names(const struct claim *resolve, const struct hash *event)
{
	for (size_t i = 0; i < resolve->settles_count; i++)
		if (hash_equal(&resolve->settles[i], event))
			return true;
	return false;
}

static bool
has_effect(const struct claim *claim)
{
	return !claim->resolve || claim->take;
}

static bool
supersedes(const struct record *record, const struct claim *later,
    const struct claim *claim)
{
	if (!has_effect(later))
		return false;
	if (later->chain == claim->chain)
		return later->seq > claim->seq;
	if (later->resolve)
		return names(later, &claim->event);
	return history_saw(&record->history, later->chain, later->seq,
	    claim->chain, claim->seq);
}

static bool
stands(const struct record *record, const struct slot *slot,
    const struct claim *claim)
{
	if (!has_effect(claim))
		return false;
	/* From the back: what ends a claim is mostly a late one. */
	for (size_t i = slot->claim_count; i-- > 0;)
		if (slot->claims[i] != claim &&
		    supersedes(record, slot->claims[i], claim))
			return false;
	return true;
}

/* The fixed rule: the latest time, then the device that sorts first. */
static bool
comes_before(const struct record *record, const struct claim *one,
    const struct claim *other)
{
	if (one->time != other->time)
		return one->time > other->time;
	return strcmp(history_device(&record->history, one->chain),
		   history_device(&record->history, other->chain)) < 0;
}

static void
keep_alive(const struct record *record, struct slot *slot, struct claim *claim)
{
	size_t at = slot->alive_count;

	mem_grow(&slot->alive, &slot->alive_room, slot->alive_count + 1,
	    sizeof(struct claim *));
	while (at > 0 && comes_before(record, claim, slot->alive[at - 1])) {
		slot->alive[at] = slot->alive[at - 1];
		at--;
	}
	slot->alive[at] = claim;
	slot->alive_count++;
}

void
slot_settle(const struct record *record, struct slot *slot)
{
	slot->alive_count = 0;
	slot->conflict = false;
	slot->decisions = 0;
	for (size_t i = 0; i < slot->claim_count; i++) {
		struct claim *claim = slot->claims[i];

		claim->alive = stands(record, slot, claim);
		slot->decisions += claim->take != NULL;
		if (claim->alive)
			keep_alive(record, slot, claim);
	}
	for (size_t i = 1; i < slot->alive_count; i++)
		if (strcmp(slot->alive[i]->value, slot->alive[0]->value) != 0)
			slot->conflict = true;
	slot->flagged = slot->alive_count > 0 && slot->alive[0]->flag;
}

const struct claim *
slot_used(const struct slot *slot)
{
	return slot && slot->alive_count > 0 ? slot->alive[0] : NULL;
}

void
slot_add_claim(struct slot *slot, struct claim *claim)
{
	mem_grow(&slot->claims, &slot->claim_room, slot->claim_count + 1,
	    sizeof(struct claim *));
	slot->claims[slot->claim_count++] = claim;
}

/* ---- evidence ---- */

static bool
is_removed(const struct record *record, const struct slot *slot,
    const struct exhibit *exhibit)
{
	for (size_t i = 0; i < slot->exhibit_count; i++) {
		const struct exhibit *other = &slot->exhibits[i];

		if (other->removal &&
		    hash_equal(&other->digest, &exhibit->digest) &&
		    history_saw(&record->history, other->chain, other->seq,
			exhibit->chain, exhibit->seq))
			return true;
	}
	return false;
}

static int
compare_evidence(const void *one, const void *other)
{
	const struct evidence *a = one, *b = other;
	int order;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	order = strcmp(a->device, b->device);
	return order ? order : hash_compare(&a->digest, &b->digest);
}

static void
keep_exhibit(const struct record *record, struct slot *slot,
    const struct exhibit *exhibit)
{
	struct evidence evidence = { .digest = exhibit->digest,
		.name = exhibit->name,
		.size = exhibit->size,
		.time = exhibit->time };

	memcpy(evidence.device,
	    history_device(&record->history, exhibit->chain), ID_MAX);
	for (size_t i = 0; i < slot->evidence_count; i++) {
		struct evidence *have = &slot->evidence[i];

		if (!hash_equal(&have->digest, &evidence.digest))
			continue;
		/* The same file twice: whoever brought it first. */
		if (compare_evidence(&evidence, have) < 0)
			*have = evidence;
		return;
	}
	mem_grow(&slot->evidence, &slot->evidence_room,
	    slot->evidence_count + 1, sizeof(*slot->evidence));
	slot->evidence[slot->evidence_count++] = evidence;
}

void
slot_settle_evidence(const struct record *record, struct slot *slot)
{
	slot->evidence_count = 0;
	for (size_t i = 0; i < slot->exhibit_count; i++) {
		const struct exhibit *exhibit = &slot->exhibits[i];

		if (!exhibit->removal && !is_removed(record, slot, exhibit))
			keep_exhibit(record, slot, exhibit);
	}
	if (slot->evidence_count > 1)
		qsort(slot->evidence, slot->evidence_count,
		    sizeof(*slot->evidence), compare_evidence);
}
