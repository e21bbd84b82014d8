/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/record.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"

/* What each kind of event adds to a record. */

enum { PATH_MAX_BYTES = 4096 };

/* The path that an event is about; NULL where it has none that can be. */
static const char *
path_of(const struct entry *entry)
{
	const char *path = json_opt_text(entry->body, "path");

	return path && *path && strlen(path) <= PATH_MAX_BYTES ? path : NULL;
}

const char *
record_keep_text(struct record *record, const json_t *body, const char *key)
{
	const char *text = json_opt_text(body, key);

	return text && *text ? arena_strdup(record->arena, text) : "";
}

bool
record_read_hash(const json_t *body, const char *key, struct hash *hash)
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
	claim->value = record_keep_text(record, entry->body, "value");
	claim->note = record_keep_text(record, entry->body, "note");
	claim->reason = record_keep_text(record, entry->body, "reason");
	claim->flag = json_opt_bool(entry->body, "flag");
	if (!basis || !basis_find(basis, &claim->basis))
		claim->basis = BASIS_NONE;
	slot = record_slot(record, path);
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
struct slot *
record_take_resolve(struct record *record, struct entry *entry)
{
	const char *path = path_of(entry);
	struct claim *claim;
	struct slot *slot;
	struct hash take;

	if (!path || !record_read_hash(entry->body, "take", &take)) {
		entry->refused = refused_malformed;
		return NULL;
	}
	claim = new_claim(record, entry);
	claim->resolve = true;
	claim->take_hash = take;
	claim->why = record_keep_text(record, entry->body, "reason");
	read_settles(record, claim, entry->body);
	slot = record_slot(record, path);
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

	if (!path || !record_read_hash(entry->body, "blob", &digest)) {
		entry->refused = refused_malformed;
		return NULL;
	}
	slot = record_slot(record, path);
	mem_grow(&slot->exhibits, &slot->exhibit_room, slot->exhibit_count + 1,
	    sizeof(*slot->exhibits));
	exhibit = &slot->exhibits[slot->exhibit_count++];
	exhibit->event = entry->hash;
	exhibit->digest = digest;
	exhibit->chain = entry->chain;
	exhibit->seq = entry->seq;
	exhibit->time = entry->time;
	exhibit->name = record_keep_text(record, entry->body, "name");
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
		.site_name = record_keep_text(record, entry->body, "site_name"),
		.site_function =
		    record_keep_text(record, entry->body, "site_function") };

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

/* Did the person go on, here or on another device, knowing of it? */
static bool
is_outdated(const struct record *record, const struct signing *signing)
{
	const struct history *history = &record->history;

	if (signing->seq <= record->changed_at[signing->chain])
		return true;
	for (size_t i = 0; i < history->chain_count; i++)
		if ((int)i != signing->chain && record->changed_at[i] > 0 &&
		    history_same_person(history, signing->chain, (int)i) &&
		    history_saw(history, (int)i, record->changed_at[i],
			signing->chain, signing->seq))
			return true;
	return false;
}

/* Says for each signature whether it still stands. */
void
record_judge_signings(struct record *record)
{
	for (size_t i = 0; i < record->signing_count; i++)
		record->signings[i].current =
		    !is_outdated(record, &record->signings[i]);
}

/* Gives an event its meaning: resolves and openings have a time of their own. */
struct slot *
record_take(struct record *record, struct entry *entry)
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
