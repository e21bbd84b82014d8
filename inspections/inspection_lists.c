/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/mem.h"
#include "inspections/inspection_internal.h"

/* What hangs on items and on the whole: disagreements, decisions on them and
 * signatures, as lists that live until the next change. */

static const struct author *
author_of(const struct inspection *inspection, int chain)
{
	return &inspection->record->history.chains[chain].author;
}

static void
fill_branch(const struct inspection *inspection, struct branch *branch,
    const struct claim *claim, bool used)
{
	const struct author *author = author_of(inspection, claim->chain);

	branch->event = claim->event;
	memcpy(branch->device,
	    history_device(&inspection->record->history, claim->chain), ID_MAX);
	branch->person = author->name;
	branch->organisation = author->organisation;
	branch->time = claim->time;
	branch->value = claim->value;
	branch->note = claim->note;
	branch->reason = claim->reason;
	branch->basis = claim->basis;
	branch->flag = claim->flag;
	branch->used = used;
}

static void
fill_conflict(const struct inspection *inspection, struct conflict *conflict,
    int place, const struct slot *slot)
{
	struct branch *branches = arena_alloc(
	    inspection->derived, slot->alive_count * sizeof(*branches));

	for (size_t i = 0; i < slot->alive_count; i++)
		fill_branch(inspection, &branches[i], slot->alive[i], i == 0);
	conflict->place = place;
	conflict->branches = branches;
	conflict->count = slot->alive_count;
}

void
inspection_list_conflicts(struct inspection *inspection)
{
	size_t count = 0;

	for (size_t i = 0; i < inspection->slot_room; i++)
		count += inspection->slots[i] && inspection->slots[i]->conflict;
	inspection->conflict_count = 0;
	inspection->conflicts = arena_alloc(
	    inspection->derived, (count + 1) * sizeof(struct conflict));
	if (count == 0)
		return;
	for (int i = state_next(inspection->state, -1); i >= 0;
	     i = state_next(inspection->state, i)) {
		const struct slot *slot = inspection_slot_at(inspection, i);

		if (slot && slot->conflict)
			fill_conflict(inspection,
			    &inspection
				 ->conflicts[inspection->conflict_count++],
			    i, slot);
	}
}

/* ---- decisions ---- */

static size_t
find_settled(const struct slot *slot, const struct claim *resolve,
    const struct claim **settled)
{
	size_t count = 0;

	for (size_t i = 0; i < slot->claim_count; i++) {
		const struct claim *claim = slot->claims[i];

		for (size_t j = 0; j < resolve->settles_count; j++) {
			if (!hash_equal(&resolve->settles[j], &claim->event))
				continue;
			if (settled)
				settled[count] = claim;
			count++;
			break;
		}
	}
	return count;
}

/* As the fixed rule has it: the latest first; at the same time they stand by
 * device already. */
static void
put_latest_first(const struct claim **claims, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct claim *claim = claims[i];
		size_t at = i;

		for (; at > 0 && claims[at - 1]->time < claim->time; at--)
			claims[at] = claims[at - 1];
		claims[at] = claim;
	}
}

static void
fill_decision(const struct inspection *inspection, struct decision *decision,
    const struct slot *slot, const struct claim *resolve)
{
	const struct author *author = author_of(inspection, resolve->chain);
	const size_t count = find_settled(slot, resolve, NULL);
	const struct claim **settled = arena_alloc(
	    inspection->derived, (count + 1) * sizeof(struct claim *));
	struct branch *branches =
	    arena_alloc(inspection->derived, (count + 1) * sizeof(*branches));

	find_settled(slot, resolve, settled);
	put_latest_first(settled, count);
	for (size_t i = 0; i < count; i++)
		fill_branch(inspection, &branches[i], settled[i],
		    settled[i] == resolve->take);
	decision->place = inspection_place_at(inspection, slot->path);
	decision->path = slot->path;
	decision->person = author->name;
	decision->organisation = author->organisation;
	decision->reason = resolve->why;
	decision->time = resolve->time;
	decision->branches = branches;
	decision->count = count;
	decision->value = resolve->value;
}

static bool
comes_before(const struct decision *one, const struct decision *other)
{
	if (one->place != other->place)
		return one->place < other->place;
	return one->time < other->time;
}

static void
add_decision(struct inspection *inspection, const struct slot *slot,
    const struct claim *resolve)
{
	size_t at = inspection->decision_count++;
	struct decision decision;

	fill_decision(inspection, &decision, slot, resolve);
	while (
	    at > 0 && comes_before(&decision, &inspection->decisions[at - 1])) {
		inspection->decisions[at] = inspection->decisions[at - 1];
		at--;
	}
	inspection->decisions[at] = decision;
}

void
inspection_list_decisions(struct inspection *inspection)
{
	const struct record *record = inspection->record;
	size_t count = 0;

	for (size_t i = 0; i < record->slot_count; i++)
		count += record->slots[i]->decisions;
	inspection->decision_count = 0;
	inspection->decisions = arena_alloc(
	    inspection->derived, (count + 1) * sizeof(struct decision));
	for (size_t i = 0; i < record->slot_count && count > 0; i++) {
		const struct slot *slot = record->slots[i];

		for (size_t j = 0; j < slot->claim_count; j++)
			if (slot->claims[j]->take)
				add_decision(inspection, slot, slot->claims[j]);
	}
}

/* ---- signatures ---- */

void
inspection_list_signatures(struct inspection *inspection)
{
	const struct record *record = inspection->record;
	struct signature *signatures = arena_alloc(inspection->derived,
	    (record->signing_count + 1) * sizeof(*signatures));

	for (size_t i = 0; i < record->signing_count; i++) {
		const struct signing *signing = &record->signings[i];
		const struct author *author =
		    author_of(inspection, signing->chain);
		struct signature *signature = &signatures[i];

		memcpy(signature->device,
		    history_device(&record->history, signing->chain), ID_MAX);
		memcpy(signature->code, signing->code, FINGERPRINT_MAX);
		signature->person = author->name;
		signature->organisation = author->organisation;
		signature->site_name = signing->site_name;
		signature->site_function = signing->site_function;
		signature->time = signing->time;
		signature->current = signing->current;
	}
	inspection->signatures = signatures;
	inspection->signature_count = record->signing_count;
}

/* ---- asking ---- */

const struct conflict *
inspection_conflicts(const struct inspection *inspection, size_t *count)
{
	*count = inspection->conflict_count;
	return inspection->conflicts;
}

const struct conflict *
inspection_conflict_at(const struct inspection *inspection, int place)
{
	for (size_t i = 0; i < inspection->conflict_count; i++)
		if (inspection->conflicts[i].place == place)
			return &inspection->conflicts[i];
	return NULL;
}

const struct decision *
inspection_decisions(const struct inspection *inspection, size_t *count)
{
	*count = inspection->decision_count;
	return inspection->decisions;
}

const struct signature *
inspection_signatures(const struct inspection *inspection, size_t *count)
{
	*count = inspection->signature_count;
	return inspection->signatures;
}
