/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"

enum { PATH_MAX_BYTES = 4096, PEOPLE_MAX = 1000 };

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
record_find(const struct record *record, const char *path)
{
	bool found;
	const size_t at = slot_place(record, path, &found);

	return found ? record->slots[at] : NULL;
}

static struct slot *
slot_of(struct record *record, const char *path)
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
	record->slots[at] = slot;
	record->slot_count++;
	return slot;
}

/* The path that an event is about; NULL where it has none that can be. */
static const char *
path_of(const struct entry *entry)
{
	const char *path = json_opt_text(entry->body, "path");

	return path && *path && strlen(path) <= PATH_MAX_BYTES ? path : NULL;
}

static const char *
keep_text(struct record *record, const json_t *body, const char *key)
{
	const char *text = json_opt_text(body, key);

	return text && *text ? arena_strdup(record->arena, text) : "";
}

static bool
read_hash(const json_t *body, const char *key, struct hash *hash)
{
	const char *hex = json_opt_text(body, key);

	return hex && hash_from_hex(hex, hash);
}

/* ---- one kind at a time: each gives the item it is about ---- */

static struct claim *
new_claim(struct record *record, const struct entry *entry)
{
	struct claim *claim = arena_alloc(record->arena, sizeof(*claim));

	claim->event = entry->hash;
	claim->chain = entry->chain;
	claim->seq = entry->seq;
	claim->time = entry->time;
	claim->value = claim->note = claim->reason = claim->why = "";
	return claim;
}

static struct slot *
take_answer(struct record *record, struct entry *entry)
{
	const char *path = path_of(entry);
	const char *basis = json_opt_text(entry->body, "basis");
	struct claim *claim;
	struct slot *slot;

	if (!path) {
		entry->refused = refused_malformed;
		return NULL;
	}
	claim = new_claim(record, entry);
	claim->value = keep_text(record, entry->body, "value");
	claim->note = keep_text(record, entry->body, "note");
	claim->reason = keep_text(record, entry->body, "reason");
	claim->flag = json_opt_bool(entry->body, "flag");
	if (!basis || !basis_find(basis, &claim->basis))
		claim->basis = BASIS_NONE;
	slot = slot_of(record, path);
	slot_add_claim(slot, claim);
	record->changed_at[entry->chain] = entry->seq;
	return slot;
}

static void
read_settles(struct record *record, struct claim *claim, const json_t *body)
{
	const json_t *settles = json_object_get(body, "settles");
	const size_t count = json_array_size(settles);

	claim->settles = arena_alloc(
	    record->arena, (count ? count : 1) * sizeof(struct hash));
	for (size_t i = 0; i < count; i++) {
		const char *hex = json_string_value(json_array_get(settles, i));

		if (hex &&
		    hash_from_hex(hex, &claim->settles[claim->settles_count]))
			claim->settles_count++;
	}
}

/* After all answers: what is taken may stand in any chain. */
static struct slot *
take_resolve(struct record *record, struct entry *entry)
{
	const char *path = path_of(entry);
	struct claim *claim;
	struct slot *slot;
	struct hash take;

	if (!path || !read_hash(entry->body, "take", &take)) {
		entry->refused = refused_malformed;
		return NULL;
	}
	claim = new_claim(record, entry);
	claim->resolve = true;
	claim->take_hash = take;
	claim->why = keep_text(record, entry->body, "reason");
	read_settles(record, claim, entry->body);
	slot = slot_of(record, path);
	for (size_t i = 0; i < slot->claim_count; i++) {
		const struct claim *from = slot->claims[i];

		if (from->resolve || !hash_equal(&from->event, &take))
			continue;
		claim->take = from;
		claim->value = from->value;
		claim->note = from->note;
		claim->reason = from->reason;
		claim->basis = from->basis;
		claim->flag = from->flag;
	}
	if (!claim->take)
		entry->refused = refused_take;
	slot_add_claim(slot, claim);
	return slot;
}

static struct slot *
take_evidence(struct record *record, struct entry *entry)
{
	const char *path = path_of(entry);
	struct exhibit *exhibit;
	struct slot *slot;
	struct hash digest;

	if (!path || !read_hash(entry->body, "blob", &digest)) {
		entry->refused = refused_malformed;
		return NULL;
	}
	slot = slot_of(record, path);
	mem_grow(&slot->exhibits, &slot->exhibit_room, slot->exhibit_count + 1,
	    sizeof(*slot->exhibits));
	exhibit = &slot->exhibits[slot->exhibit_count++];
	exhibit->event = entry->hash;
	exhibit->digest = digest;
	exhibit->chain = entry->chain;
	exhibit->seq = entry->seq;
	exhibit->time = entry->time;
	exhibit->name = keep_text(record, entry->body, "name");
	exhibit->size = (uint64_t)json_opt_int(entry->body, "size", 0);
	exhibit->removal = json_opt_bool(entry->body, "remove");
	record->changed_at[entry->chain] = entry->seq;
	return slot;
}

static int
compare_signings(const struct record *record, const struct signing *one,
    const struct signing *other)
{
	int order;

	if (one->time != other->time)
		return one->time < other->time ? -1 : 1;
	order = strcmp(history_device(&record->history, one->chain),
	    history_device(&record->history, other->chain));
	if (order)
		return order;
	if (one->seq != other->seq)
		return one->seq < other->seq ? -1 : 1;
	return hash_compare(&one->event, &other->event);
}

static void
take_sign(struct record *record, struct entry *entry)
{
	const char *code = json_opt_text(entry->body, "code");
	size_t at = record->signing_count;
	struct signing signing = { .event = entry->hash,
		.chain = entry->chain,
		.seq = entry->seq,
		.time = entry->time,
		.site_name = keep_text(record, entry->body, "site_name"),
		.site_function =
		    keep_text(record, entry->body, "site_function") };

	if (code && strlen(code) < FINGERPRINT_MAX)
		memcpy(signing.code, code, strlen(code));
	mem_grow(&record->signings, &record->signing_room,
	    record->signing_count + 1, sizeof(*record->signings));
	while (at > 0 &&
	    compare_signings(record, &signing, &record->signings[at - 1]) < 0) {
		record->signings[at] = record->signings[at - 1];
		at--;
	}
	record->signings[at] = signing;
	record->signing_count++;
	record->signed_at[entry->chain] = entry->seq;
}

/* Says for each signature whether it still stands. */
static void
judge_signings(struct record *record)
{
	for (size_t i = 0; i < record->signing_count; i++) {
		struct signing *signing = &record->signings[i];

		signing->current =
		    signing->seq > record->changed_at[signing->chain];
	}
}

/* Gives an event its meaning: resolves and openings have a time of their own. */
static struct slot *
take_entry(struct record *record, struct entry *entry)
{
	if (entry->time > record->changed)
		record->changed = entry->time;
	if (entry->kind == KIND_NEWER)
		record->newer = true;
	if (entry->refused)
		return NULL;
	switch (entry->kind) {
	case KIND_ANSWER: return take_answer(record, entry);
	case KIND_EVIDENCE: return take_evidence(record, entry);
	case KIND_SIGN: take_sign(record, entry); return NULL;
	case KIND_REOPEN:
		record->changed_at[entry->chain] = entry->seq;
		return NULL;
	case KIND_MISSION:
	case KIND_OPEN:
	case KIND_RESOLVE: return NULL;
	default: entry->refused = refused_malformed; return NULL;
	}
}

/* ---- site and checklist ---- */

static bool
is_base(const struct entry *entry)
{
	return !entry->refused &&
	    (entry->kind == KIND_MISSION || entry->kind == KIND_OPEN);
}

static bool
read_base(struct entry *entry, const char **site, struct hash *checklist)
{
	*site = json_opt_text(entry->body, "site");
	if (*site && id_is(ID_SITE, *site) &&
	    read_hash(entry->body, "checklist", checklist))
		return true;
	entry->refused = refused_malformed;
	return false;
}

/* The first: seen by those that came after it; else by the fixed rule. */
static struct entry *
find_base(struct record *record)
{
	const struct history *history = &record->history;
	struct entry *base = NULL;

	for (size_t i = 0; i < history->entry_count; i++) {
		struct entry *entry = &history->entries[i];
		struct hash checklist;
		const char *site;
		bool first;

		if (!is_base(entry) || !read_base(entry, &site, &checklist))
			continue;
		first = !base || history_compare(history, entry, base) < 0;
		if (base &&
		    history_saw(history, entry->chain, entry->seq, base->chain,
			base->seq))
			first = false;
		if (base &&
		    history_saw(history, base->chain, base->seq, entry->chain,
			entry->seq))
			first = true;
		if (first)
			base = entry;
	}
	return base;
}

static void
read_mission(struct record *record, const struct entry *mission)
{
	const json_t *to = json_object_get(mission->body, "to");
	size_t count = json_array_size(to);

	record->due = keep_text(record, mission->body, "due");
	if (!clock_is_date(record->due))
		record->due = "";
	if (count > PEOPLE_MAX)
		count = PEOPLE_MAX;
	record->people =
	    arena_alloc(record->arena, (count + 1) * sizeof(char *));
	record->people_count = 0;
	for (size_t i = 0; i < count; i++) {
		const char *person = json_string_value(json_array_get(to, i));

		if (person && id_is(ID_PERSON, person))
			record->people[record->people_count++] =
			    arena_strdup(record->arena, person);
	}
}

static bool
mission_is_later(const struct history *history, const struct entry *one,
    const struct entry *other)
{
	if (history_saw(
		history, one->chain, one->seq, other->chain, other->seq))
		return true;
	if (history_saw(
		history, other->chain, other->seq, one->chain, one->seq))
		return false;
	return history_compare(history, one, other) > 0;
}

/* What disagrees with the base is shown and has no effect; of missions that
 * agree with it the last says for whom and until when. */
static void
settle_base(struct record *record)
{
	const struct entry *base = find_base(record), *last = NULL;
	const char *site;

	if (!base)
		return;
	read_hash(base->body, "checklist", &record->checklist);
	site = json_opt_text(base->body, "site");
	memcpy(record->site, site, strlen(site) + 1);

	for (size_t i = 0; i < record->history.entry_count; i++) {
		struct entry *entry = &record->history.entries[i];
		struct hash checklist;

		if (!is_base(entry) || !read_base(entry, &site, &checklist))
			continue;
		if (strcmp(site, record->site) != 0 ||
		    !hash_equal(&checklist, &record->checklist)) {
			entry->refused = refused_base;
			continue;
		}
		if (entry->kind == KIND_MISSION &&
		    (!last || mission_is_later(&record->history, entry, last)))
			last = entry;
	}
	if (last)
		read_mission(record, last);
}

/* ---- the whole ---- */

static void
take_all(struct record *record)
{
	struct history *history = &record->history;

	for (size_t i = 0; i < history->entry_count; i++)
		take_entry(record, &history->entries[i]);
	for (size_t i = 0; i < history->entry_count; i++)
		if (history->entries[i].kind == KIND_RESOLVE &&
		    !history->entries[i].refused)
			take_resolve(record, &history->entries[i]);
	settle_base(record);
	for (size_t i = 0; i < record->slot_count; i++) {
		slot_settle(record, record->slots[i]);
		slot_settle_evidence(record, record->slots[i]);
	}
	judge_signings(record);
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
	if (is_base(entry))
		return false;
	*slot = take_entry(record, entry);
	if (entry->kind == KIND_RESOLVE && !entry->refused)
		*slot = take_resolve(record, entry);
	if (*slot) {
		slot_settle(record, *slot);
		slot_settle_evidence(record, *slot);
	}
	judge_signings(record);
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

bool
record_is_signed_by(const struct record *record, int chain)
{
	return chain >= 0 && record->signed_at[chain] > 0 &&
	    record->signed_at[chain] > record->changed_at[chain];
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
