/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_RECORD_H
#define INSPECTIONS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspections/history.h"
#include "inspections/inspection.h"

/*
 * What the events of one inspection say, without its form: answers by path
 * and which of them stand, evidence, signatures, decisions.  A pure function
 * of the events that have effect and of the roles of their devices.  Internal
 * to inspections/; doc/formats/inspection.md says the rules.
 */

/* What one event says of one item. */
struct claim {
	struct hash event;
	int chain;
	int64_t seq, time;
	const char *value, *note, *reason; /* of a resolve: of what it takes */
	enum basis basis;
	bool flag;
	bool alive; /* no other claim supersedes it */

	/* Of a resolve only. */
	bool resolve;
	const struct claim *take; /* NULL: not here, so without effect */
	struct hash take_hash;
	const char *why;
	struct hash *settles;
	size_t settles_count;
};

/* One file laid to an item, or taken away from it. */
struct exhibit {
	struct hash event, digest;
	int chain;
	int64_t seq, time;
	uint64_t size;
	const char *name;
	bool removal;
};

/* An item, by its path. */
struct slot {
	const char *path;
	struct claim **claims; /* in the order of the history */
	size_t claim_count, claim_room;
	struct claim **alive; /* that stand, the used one first */
	size_t alive_count, alive_room;
	bool conflict;    /* those that stand differ */
	bool flagged;     /* the used one is */
	bool in_rows;     /* the path names a row */
	size_t decisions; /* resolves with effect among the claims */
	struct exhibit *exhibits;
	size_t exhibit_count, exhibit_room;
	struct evidence *evidence; /* that is there, by time, device, digest */
	size_t evidence_count, evidence_room;
};

struct signing {
	struct hash event;
	int chain;
	int64_t seq, time;
	char code[FINGERPRINT_MAX];
	const char *site_name, *site_function;
	/* No later answer, evidence or reopening of its device, nor of another
	 * one of the same person that had seen it. */
	bool current;
};

struct record {
	struct history history;
	char site[ID_MAX]; /* "" while no mission or opening is held */
	struct hash checklist;
	const char *due;
	const char **people;
	size_t people_count;
	struct slot **slots; /* by path */
	size_t slot_count, slot_room;
	struct signing *signings; /* by time, device, seq */
	size_t signing_count, signing_room;
	int64_t *changed_at; /* by chain: last seq that a sign must follow */
	int64_t *signed_at;  /* by chain: seq of its last signature */
	int64_t changed;     /* time of the latest event */
	bool newer;
	struct arena *arena; /* texts and claims */
};

struct record *record_read(
    struct vault *vault, const char *subject, struct err *err);
void record_free(struct record *record); /* NULL is allowed */

/*
 * Takes in the event that this device has just written: the item it is about
 * in `*slot` (NULL for none).  False when the record must be read again.
 */
bool record_add(
    struct record *record, const struct event *event, struct slot **slot);

/* The claim that counts, NULL for none. */
const struct claim *slot_used(const struct slot *slot);

/* The chain of this device, or -1. */
int record_own_chain(const struct record *record);

/*
 * It is people who sign: a chain is signed by a signature of its device, or
 * by that of another device of the same person that had seen all of it.
 */
bool record_is_signed_by(const struct record *record, int chain);

/* The same for all chains that this vault ever wrote, of which there is one. */
bool record_is_signed_by_us(const struct record *record);

/* The last signature of ours that stands: its seq; less than 0: minus the seq
 * of one made by a former device of this vault; 0: none. */
int64_t record_own_signature(const struct record *record);

/* Every device whose answers stand has signed after its last change, and one
 * at least has signed. */
bool record_is_signed(const struct record *record);

/* A digest over everything that stands, for signatures. */
struct hash record_digest(const struct record *record);

/* ---- the files of a record between them ---- */

/* The item at `path`, made if it is new. */
struct slot *record_slot(struct record *record, const char *path);
/* The same, NULL where no event names it. */
const struct slot *record_find_slot(
    const struct record *record, const char *path);
/* The index of the first slot whose path is not before `path`. */
size_t record_slot_from(const struct record *record, const char *path);
/* Texts and hashes of a body: "" and false where it has none that can be. */
const char *record_keep_text(
    struct record *record, const json_t *body, const char *key);
bool record_read_hash(const json_t *body, const char *key, struct hash *hash);

/* Gives an event its meaning: the item that it is about, or NULL.  Resolves
 * come after all answers, openings are record_settle_base()'s. */
struct slot *record_take(struct record *record, struct entry *entry);
struct slot *record_take_resolve(struct record *record, struct entry *entry);
bool record_is_base(const struct entry *entry);
void record_settle_base(struct record *record);
void record_judge_signings(struct record *record);
void slot_add_claim(struct slot *slot, struct claim *claim);
void slot_settle(const struct record *record, struct slot *slot);
void slot_settle_evidence(const struct record *record, struct slot *slot);

#endif
