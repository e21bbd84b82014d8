/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A record as a whole: its items, reading it, adding to it, its digest. */

/* ---- items by path ---- */

static size_t
slot_place(const struct record *record, const char *path, bool *found)
{
	size_t low = 0, high = record->slot_count;

	*found = false;
	while (low < high) {
		const size_t mid = (low + high) / 2;
		const int order = strcmp(record->slots[mid]->path, path);

		if (order == 0) {
			*found = true;
			return mid;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct slot *
record_slot(struct record *record, const char *path)
{
	bool found;
	const size_t at = slot_place(record, path, &found);
	struct slot *slot;

	if (found)
		return record->slots[at];
	mem_grow(&record->slots, &record->slot_room, record->slot_count + 1,
	    sizeof(struct slot *));
	memmove(&record->slots[at + 1], &record->slots[at],
	    (record->slot_count - at) * sizeof(struct slot *));
	slot = arena_alloc(record->arena, sizeof(*slot));
	slot->path = arena_strdup(record->arena, path);
	slot->in_rows = strchr(path, '[') != NULL;
	record->slots[at] = slot;
	record->slot_count++;
	return slot;
}

const struct slot *
record_find_slot(const struct record *record, const char *path)
{
	bool found;
	const size_t at = slot_place(record, path, &found);

	return found ? record->slots[at] : NULL;
}

size_t
record_slot_from(const struct record *record, const char *path)
{
	bool found;

	return slot_place(record, path, &found);
}

/* ---- the whole ---- */

static void
take_all(struct record *record)
{
	struct history *history = &record->history;

	for (size_t i = 0; i < history->entry_count; i++)
		record_take(record, &history->entries[i]);
	for (size_t i = 0; i < history->entry_count; i++)
		if (history->entries[i].kind == KIND_RESOLVE &&
		    !history->entries[i].refused)
			record_take_resolve(record, &history->entries[i]);
	record_settle_base(record);
	for (size_t i = 0; i < record->slot_count; i++) {
		slot_settle(record, record->slots[i]);
		slot_settle_evidence(record, record->slots[i]);
	}
	record_judge_signings(record);
	for (size_t i = 0; i < history->idle_count; i++)
		if (history->idle[i].kind == KIND_NEWER)
			record->newer = true;
	history_drop_bodies(history);
}

struct record *
record_read(struct vault *vault, const char *subject, struct err *err)
{
	struct record *record = xcalloc(1, sizeof(*record));
	size_t chains;

	record->arena = arena_new();
	record->due = "";
	if (history_read(&record->history, vault, subject, err) < 0) {
		record_free(record);
		return NULL;
	}
	chains = record->history.chain_count + 1;
	record->changed_at = xcalloc(chains, sizeof(*record->changed_at));
	record->signed_at = xcalloc(chains, sizeof(*record->signed_at));
	take_all(record);
	return record;
}

void
record_free(struct record *record)
{
	if (!record)
		return;
	for (size_t i = 0; i < record->slot_count; i++) {
		free(record->slots[i]->claims);
		free(record->slots[i]->alive);
		free(record->slots[i]->exhibits);
		free(record->slots[i]->evidence);
	}
	free(record->slots);
	free(record->signings);
	free(record->changed_at);
	free(record->signed_at);
	history_release(&record->history);
	arena_free(record->arena);
	free(record);
}

bool
record_add(struct record *record, const struct event *event, struct slot **slot)
{
	struct history *history = &record->history;
	struct entry *entry;

	*slot = NULL;
	if (!history_add(history, event))
		return false;
	entry = &history->entries[history->entry_count - 1];
	if (record_is_base(entry))
		return false;
	*slot = record_take(record, entry);
	if (entry->kind == KIND_RESOLVE && !entry->refused)
		*slot = record_take_resolve(record, entry);
	if (*slot) {
		slot_settle(record, *slot);
		slot_settle_evidence(record, *slot);
	}
	record_judge_signings(record);
	json_decref(entry->json);
	entry->json = NULL;
	entry->body = NULL;
	return true;
}

/* ---- signatures ---- */

int
record_own_chain(const struct record *record)
{
	for (size_t i = 0; i < record->history.chain_count; i++)
		if (record->history.chains[i].own)
			return (int)i;
	return -1;
}

/* Does a signature that stands cover the chain? */
static bool
covers(const struct record *record, const struct signing *signing, int chain)
{
	if (signing->chain == chain)
		return true;
	return history_same_person(&record->history, signing->chain, chain) &&
	    history_saw(&record->history, signing->chain, signing->seq, chain,
		record->changed_at[chain]);
}

bool
record_is_signed_by(const struct record *record, int chain)
{
	for (size_t i = 0; chain >= 0 && i < record->signing_count; i++)
		if (record->signings[i].current &&
		    covers(record, &record->signings[i], chain))
			return true;
	return false;
}

bool
record_is_signed_by_us(const struct record *record)
{
	bool any = false;

	for (size_t i = 0; i < record->history.chain_count; i++) {
		const struct history_chain *chain = &record->history.chains[i];

		if ((!chain->own && !chain->former) ||
		    (record->changed_at[i] == 0 && record->signed_at[i] == 0))
			continue;
		if (!record_is_signed_by(record, (int)i))
			return false;
		any = true;
	}
	return any;
}

int64_t
record_own_signature(const struct record *record)
{
	int64_t found = 0;

	for (size_t i = 0; i < record->signing_count; i++) {
		const struct signing *signing = &record->signings[i];
		const struct history_chain *chain =
		    &record->history.chains[signing->chain];

		if (signing->current && chain->own)
			found = signing->seq;
		else if (signing->current && chain->former && found <= 0)
			found = -signing->seq;
	}
	return found;
}

bool
record_is_signed(const struct record *record)
{
	bool any = false;

	for (size_t i = 0; i < record->signing_count; i++)
		any = any || record->signings[i].current;
	if (!any)
		return false;
	for (size_t i = 0; i < record->slot_count; i++) {
		const struct slot *slot = record->slots[i];

		for (size_t j = 0; j < slot->alive_count; j++)
			if (!slot->alive[j]->resolve &&
			    !record_is_signed_by(record, slot->alive[j]->chain))
				return false;
	}
	return true;
}

static void
digest_text(struct hasher *hasher, const char *text)
{
	hasher_add(hasher, text, strlen(text) + 1);
}

struct hash
record_digest(const struct record *record)
{
	struct hasher hasher;

	hasher_begin(&hasher);
	for (size_t i = 0; i < record->slot_count; i++) {
		const struct slot *slot = record->slots[i];

		if (slot->alive_count == 0 && slot->evidence_count == 0)
			continue;
		digest_text(&hasher, slot->path);
		for (size_t j = 0; j < slot->alive_count; j++) {
			const struct claim *claim = slot->alive[j];

			digest_text(&hasher, "answer");
			digest_text(&hasher, claim->value);
			digest_text(&hasher, basis_code(claim->basis));
			digest_text(&hasher, claim->note);
			digest_text(&hasher, claim->reason);
			digest_text(&hasher, claim->flag ? "flag" : "");
		}
		for (size_t j = 0; j < slot->evidence_count; j++) {
			digest_text(&hasher, "evidence");
			hasher_add(&hasher, slot->evidence[j].digest.bytes,
			    HASH_BYTES);
		}
	}
	return hasher_end_hash(&hasher);
}
