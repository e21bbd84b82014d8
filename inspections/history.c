/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char refused_role[] = "not allowed";
const char refused_newer[] = "needs a newer ronde";
const char refused_malformed[] = "malformed";
const char refused_base[] = "other site or checklist";
const char refused_take[] = "the answer taken is not here";

/* ---- reading ---- */

struct reading {
	struct history *history;
	struct vault *vault;
	const struct identity *self;
};

static int
add_chain(void *arg, const struct chain *judged, struct err *err)
{
	struct reading *reading = arg;
	struct history *history = reading->history;
	struct history_chain *chain;

	mem_grow(&history->chains, &history->chain_room,
	    history->chain_count + 1, sizeof(*history->chains));
	chain = &history->chains[history->chain_count];
	memset(chain, 0, sizeof(*chain));
	chain->judged = *judged;
	chain->own =
	    reading->self && strcmp(reading->self->device, judged->device) == 0;
	chain->former = identity_former(reading->vault, judged->device) != NULL;
	if (author_find(reading->vault, judged->device, &chain->author, err) <
	    0)
		return -1;
	history->chain_count++;
	return 0;
}

static int
chain_find(const struct history *history, const char *device)
{
	size_t low = 0, high = history->chain_count;

	while (low < high) {
		const size_t mid = (low + high) / 2;
		const int order =
		    strcmp(history->chains[mid].judged.device, device);

		if (order == 0)
			return (int)mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

static void
fill_entry(struct entry *entry, int chain, const struct event *event)
{
	memset(entry, 0, sizeof(*entry));
	entry->hash = event->hash;
	entry->chain = chain;
	entry->seq = event->seq;
	entry->time = event->time;
	entry->kind = kind_of(event->kind);
	memcpy(entry->kind_name, event->kind, EVENT_KIND_MAX);
	entry->json = json_incref(event->json);
	entry->body = event->body;
	entry->has_seen = event->seen != NULL;
}

static void
judge_entry(const struct history *history, struct entry *entry)
{
	const struct author *author = &history->chains[entry->chain].author;

	if (entry->kind == KIND_NEWER)
		entry->refused = refused_newer;
	else if (!author->known || !role_may(author->role, entry->kind))
		entry->refused = refused_role;
}

static int
add_event(void *arg, const struct event *event, struct err *err)
{
	struct history *history = ((struct reading *)arg)->history;
	const int at = chain_find(history, event->device);
	struct entry *entry;

	if (at < 0)
		return err_set(err, ERR_FORMAT, "event %s/%s without a chain",
		    event->subject, event->device);
	if (event->seq <= history->chains[at].judged.effective) {
		mem_grow(&history->entries, &history->entry_room,
		    history->entry_count + 1, sizeof(*history->entries));
		entry = &history->entries[history->entry_count++];
	} else {
		mem_grow(&history->idle, &history->idle_room,
		    history->idle_count + 1, sizeof(*history->idle));
		entry = &history->idle[history->idle_count++];
	}
	fill_entry(entry, at, event);
	judge_entry(history, entry);
	history_add_hash(history, &entry->hash, at, entry->seq);
	return 0;
}

static void
add_sights(struct history *history, const struct entry *entry)
{
	struct history_chain *chain = &history->chains[entry->chain];
	json_t *seen =
	    entry->has_seen ? json_object_get(entry->json, "seen") : NULL;
	const char *device;
	json_t *value;

	json_object_foreach(seen, device, value)
	{
		const char *hex = json_string_value(value);
		const struct hash_slot *slot;
		struct hash hash;

		if (!hex || !hash_from_hex(hex, &hash))
			continue;
		slot = history_find_hash(history, &hash);
		if (!slot || slot->chain == entry->chain ||
		    strcmp(history_device(history, slot->chain), device) != 0)
			continue;
		mem_grow(&chain->sights, &chain->sight_room,
		    chain->sight_count + 1, sizeof(*chain->sights));
		chain->sights[chain->sight_count++] = (struct sight){
			.at = entry->seq, .seq = slot->seq, .other = slot->chain
		};
	}
}

/* This device has a chain, if an empty one, so that its first event needs no
 * reading again. */
static int
add_own_chain(struct reading *reading, const char *subject, struct err *err)
{
	struct history *history = reading->history;
	struct history_chain own;
	struct chain judged = { .status = CHAIN_GOOD };
	size_t at;

	if (!reading->self || chain_find(history, reading->self->device) >= 0)
		return 0;
	memcpy(judged.subject, subject, strnlen(subject, ID_MAX - 1));
	memcpy(judged.device, reading->self->device, ID_MAX);
	if (add_chain(reading, &judged, err) < 0)
		return -1;
	at = history->chain_count - 1;
	own = history->chains[at];
	for (; at > 0 &&
	     strcmp(history->chains[at - 1].judged.device, judged.device) > 0;
	     at--)
		history->chains[at] = history->chains[at - 1];
	history->chains[at] = own;
	return 0;
}

int
history_read(struct history *history, struct vault *vault, const char *subject,
    struct err *err)
{
	struct reading reading = {
		.history = history, .vault = vault, .self = identity_get(vault)
	};

	memset(history, 0, sizeof(*history));
	history->version = log_version(vault);
	if (log_chains(vault, subject, add_chain, &reading, err) < 0 ||
	    add_own_chain(&reading, subject, err) < 0 ||
	    log_read(vault, subject, LOG_ALL, add_event, &reading, err) < 0) {
		history_release(history);
		return -1;
	}
	for (size_t i = 0; i < history->entry_count; i++)
		add_sights(history, &history->entries[i]);
	return 0;
}

void
history_drop_bodies(struct history *history)
{
	for (size_t i = 0; i < history->entry_count; i++) {
		json_decref(history->entries[i].json);
		history->entries[i].json = NULL;
		history->entries[i].body = NULL;
	}
	for (size_t i = 0; i < history->idle_count; i++) {
		json_decref(history->idle[i].json);
		history->idle[i].json = NULL;
		history->idle[i].body = NULL;
	}
}

void
history_release(struct history *history)
{
	history_drop_bodies(history);
	for (size_t i = 0; i < history->chain_count; i++) {
		author_release(&history->chains[i].author);
		free(history->chains[i].sights);
	}
	free(history->chains);
	free(history->entries);
	free(history->idle);
	free(history->table);
	memset(history, 0, sizeof(*history));
}

/* ---- one more ---- */

bool
history_add(struct history *history, const struct event *event)
{
	const int at = chain_find(history, event->device);
	struct history_chain *chain;
	struct entry *entry;

	if (at < 0)
		return false;
	chain = &history->chains[at];
	if (!chain->own || chain->judged.effective != event->seq - 1 ||
	    chain->judged.last != event->seq - 1 ||
	    !hash_equal(&chain->judged.head, &event->prev))
		return false;

	mem_grow(&history->entries, &history->entry_room,
	    history->entry_count + 1, sizeof(*history->entries));
	entry = &history->entries[history->entry_count++];
	fill_entry(entry, at, event);
	judge_entry(history, entry);
	history_add_hash(history, &entry->hash, at, entry->seq);
	add_sights(history, entry);
	chain->judged.effective = chain->judged.last = event->seq;
	chain->judged.head = event->hash;
	return true;
}

/* ---- questions ---- */

bool
history_same_person(const struct history *history, int one, int other)
{
	const struct author *left = &history->chains[one].author;
	const struct author *right = &history->chains[other].author;

	return left->known && right->known &&
	    strcmp(left->person, right->person) == 0;
}

bool
history_saw(const struct history *history, int chain, int64_t seq, int other,
    int64_t other_seq)
{
	const struct history_chain *from = &history->chains[chain];

	if (chain == other)
		return other_seq < seq;
	for (size_t i = 0; i < from->sight_count; i++) {
		const struct sight *sight = &from->sights[i];

		if (sight->at > seq)
			return false;
		if (sight->other == other && sight->seq >= other_seq)
			return true;
	}
	return false;
}

int
history_compare(const struct history *history, const struct entry *one,
    const struct entry *other)
{
	int order;

	if (one->time != other->time)
		return one->time < other->time ? -1 : 1;
	order = strcmp(history_device(history, one->chain),
	    history_device(history, other->chain));
	if (order)
		return order;
	if (one->seq != other->seq)
		return one->seq < other->seq ? -1 : 1;
	return hash_compare(&one->hash, &other->hash);
}

const char *
history_device(const struct history *history, int chain)
{
	return history->chains[chain].judged.device;
}
