/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_TOMBSTONE_H
#define STORAGE_TOMBSTONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/ids.h"

struct vault;

/*
 * A tombstone stays where the events of a chain were purged (purge.h): which
 * chain, how far it went, what had covered it.  It is open until all of these
 * events are back, and even then it is kept as history.
 *
 * A chain continues from its tombstone: the next event of this device on the
 * subject has the seq and `prev` that it would have had, and heads statements
 * list the chain as ever.  A chain with an open tombstone has no effect: what
 * came back of it is not the whole.
 */
struct tombstone {
	char subject[ID_MAX], device[ID_MAX];
	int64_t seq; /* of the last event that was held */
	struct hash head;
	int64_t events;      /* that went */
	struct hash receipt; /* what covered it; zero: nothing did */
	char holder[ID_MAX]; /* the device that gave it, or "" */
	const char *reason;  /* or ""; borrowed */
	int64_t time, ended; /* ended 0: it is open */
	struct hash said;    /* the event that tells others */
};

#define CHAIN_PURGED "purged" /* the reason of a chain that is not whole */

/* By id, the order of the purges; `subject` NULL: all. */
int tombstone_each(struct vault *vault, const char *subject,
    int (*each)(void *arg, const struct tombstone *stone, struct err *err),
    void *arg, struct err *err);

/* The furthest end that a purged chain had, open or not: 1, 0 none, -1. */
int tombstone_end(struct vault *vault, const char *subject, const char *device,
    int64_t *seq, struct hash *head, struct err *err);

/* Every purged chain of `device` of which nothing is held, by subject. */
int tombstone_each_end(struct vault *vault, const char *device,
    int (*each)(void *arg, const char *subject, int64_t seq,
	const struct hash *head, struct err *err),
    void *arg, struct err *err);

/* Is any tombstone of the chain (device NULL: of the subject) open?  1, 0. */
int tombstone_is_open(struct vault *vault, const char *subject,
    const char *device, struct err *err);

/* Was that very event held here and purged?  1, 0, -1. */
int tombstone_had(struct vault *vault, const char *subject, const char *device,
    int64_t seq, const struct hash *hash, struct err *err);

/*
 * Ends the tombstones of `subject` whose events are all back: 1 when that left
 * none open and at least one was, with the time of the last purge; 0, -1.
 * Judgements and projections are the caller's.
 */
int tombstone_settle(
    struct vault *vault, const char *subject, int64_t *purged, struct err *err);

/*
 * For what was typed and fits nothing that is held: 1 with the time of the
 * purge when it is (the start of) the identifier of a subject that was.
 */
int tombstone_find(struct vault *vault, const char *typed, char subject[ID_MAX],
    int64_t *purged, struct err *err);

#endif
