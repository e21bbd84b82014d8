/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_HISTORY_H
#define INSPECTIONS_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "inspections/roles.h"
#include "storage/log.h"
#include "storage/vault.h"

/*
 * The events of one subject in memory, with who wrote them and who had seen
 * what: the ground on which the meaning of sites and inspections stands.
 * Internal to inspections/.
 *
 * Invariants:
 *  (1) `entries` are the events that have effect, by chain, then seq, but for
 *      those that history_add() appended (this device's own, in order);
 *  (2) chains are ordered by device;
 *  (3) what an event of a chain had seen is the sum of the `seen` of that
 *      chain up to it; a hash that is not held counts as nothing seen.
 */
struct sight {
	int64_t at, seq; /* from own seq `at` on: `seq` of the other chain */
	int other;
};

struct history_chain {
	struct chain judged;
	struct author author;
	bool own;
	bool former; /* of a device that this vault was before */
	struct sight *sights;
	size_t sight_count, sight_room;
};

struct entry {
	struct hash hash;
	int chain;
	int64_t seq, time;
	enum kind kind;
	char kind_name[EVENT_KIND_MAX];
	json_t *json;       /* owned; NULL after history_drop_bodies() */
	const json_t *body; /* inside json */
	bool has_seen;      /* so does json, the whole event */
	/* Why it has no effect, though its chain is good; NULL: it has. */
	const char *refused;
};

struct hash_slot {
	struct hash hash;
	int64_t seq; /* 0: empty */
	int chain;
};

struct history {
	struct history_chain *chains;
	size_t chain_count, chain_room;
	struct entry *entries, *idle;
	size_t entry_count, entry_room, idle_count, idle_room;
	uint64_t version;        /* of the log when it was read */
	struct hash_slot *table; /* all events held, by hash */
	size_t table_count, table_size;
};

/* Why an event of a good chain has no effect. */
extern const char refused_role[], refused_newer[], refused_malformed[],
    refused_base[], refused_take[];

int history_read(struct history *history, struct vault *vault,
    const char *subject, struct err *err);
void history_release(struct history *history);

/*
 * Adds the event that this device has just written.  False when `history` is
 * not what the log held before it; it must then be read again.  The new entry
 * is the last.
 */
bool history_add(struct history *history, const struct event *event);

/* 1 when chains, judgements and roles are still those that were read and, if
 * `event` is given, it is the one event that came since; 0; -1 with err. */
int history_is_current(const struct history *history, struct vault *vault,
    const struct event *event, struct err *err);

/* Had the writer of event `seq` of `chain` seen that event of another chain?
 * Earlier events of the same chain count as seen. */
bool history_saw(const struct history *history, int chain, int64_t seq,
    int other, int64_t other_seq);

/* Are both chains of one person, who is known? */
bool history_same_person(const struct history *history, int one, int other);

/* Orders events by time, then device, then hash: the fixed rule. */
int history_compare(const struct history *history, const struct entry *one,
    const struct entry *other);

/* history_index.c: events held, by hash. */
const struct hash_slot *history_find_hash(
    const struct history *history, const struct hash *hash);
void history_add_hash(
    struct history *history, const struct hash *hash, int chain, int64_t seq);

void history_drop_bodies(struct history *history);
const char *history_device(const struct history *history, int chain);

#endif
