/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_LOG_H
#define STORAGE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "storage/event.h"

struct progress;
struct vault;

/*
 * The event log: only ever added to, but for whole subjects that are purged
 * (purge.h).  A chain is the events of one device on
 * one subject.  Which part of a chain has effect is judged by the trust
 * projector (bundles/) and kept here, so that every reader agrees.
 */

/*
 * Adds an event of this device: takes the next seq, `prev`, `seen` and the
 * time, runs the projectors, commits durably.  Inside an open transaction
 * the outer commit makes it durable.  `body` is borrowed.  `*hash` may be
 * NULL.
 */
int log_append(struct vault *vault, const char *subject, const char *kind,
    json_t *body, struct hash *hash, struct err *err);

/*
 * A number that changes whenever anything in the vault does but this device's
 * own events on sites and inspections and settings: who has read a subject at
 * one version, and every own event on it since, has all of it.
 */
uint64_t log_version(struct vault *vault);

/*
 * Adds an event that came from elsewhere, exact bytes; no projector runs
 * (projection_run() is the importer's to call).  Returns 1 when it is new, 0
 * when it was there, -1 with err.  Chain checks are the importer's.
 */
int log_insert(struct vault *vault, const struct event *event, struct err *err);

enum chain_status {
	CHAIN_GOOD,    /* every event held has effect */
	CHAIN_WAITING, /* events after `effective` lack something */
	CHAIN_DISPUTED /* events after `effective` are a fork or revoked */
};

/* The judgement on one chain. */
struct chain {
	char subject[ID_MAX], device[ID_MAX];
	int64_t effective; /* the last seq that has effect; 0: none */
	int64_t last;      /* the last seq that is held */
	struct hash head;  /* of the event at `effective`; zero for none */
	enum chain_status status;
	char reason[64]; /* "gap", "fork", "revoked", "unsigned", "untrusted",
	                    "purged" */
};

/*
 * Stores a judgement.  This device's own chains are CHAIN_GOOD without one;
 * log_unjudge() takes one away.
 */
int log_judge(struct vault *vault, const struct chain *chain, struct err *err);
int log_unjudge(struct vault *vault, const char *subject, const char *device,
    struct err *err);

/*
 * Where a chain ends, as it is held or, if that is further, as it was when it
 * was purged; seq 0 and a zero hash for none.  The next event goes there.
 */
int log_end(struct vault *vault, const char *subject, const char *device,
    int64_t *seq, struct hash *head, struct err *err);

/* Calls `each` for every chain of `subject` (NULL: of all), by device. */
int log_chains(struct vault *vault, const char *subject,
    int (*each)(void *arg, const struct chain *chain, struct err *err),
    void *arg, struct err *err);

enum log_part {
	LOG_EFFECTIVE, /* events that have effect */
	LOG_IDLE,      /* those that wait or are disputed */
	LOG_ALL
};

/* Events of a subject, by device, then seq, then hash. */
int log_read(struct vault *vault, const char *subject, enum log_part part,
    int (*each)(void *arg, const struct event *event, struct err *err),
    void *arg, struct err *err);

/* Events of one chain from `from` on, all branches. */
int log_read_chain(struct vault *vault, const char *subject, const char *device,
    int64_t from,
    int (*each)(void *arg, const struct event *event, struct err *err),
    void *arg, struct err *err);

/*
 * How the events of one chain hang together, by seq, then hash, all branches:
 * `*links` is the caller's to free.
 */
struct chain_link {
	int64_t seq;
	struct hash hash, prev; /* prev is zero for none */
};

int log_links(struct vault *vault, const char *subject, const char *device,
    struct chain_link **links, size_t *count, struct err *err);

/* Is that very event held?  1, 0, -1. */
int log_has(struct vault *vault, const char *subject, const char *device,
    int64_t seq, const struct hash *hash, struct err *err);

/* The greatest seq of a chain among the first `until` events of the vault, 0
 * when there is none. */
int log_seq_until(struct vault *vault, const char *subject, const char *device,
    int64_t until, int64_t *seq, struct err *err);

/* Every subject, in order of its identifier. */
int log_subjects(struct vault *vault,
    int (*each)(void *arg, const char *subject, struct err *err), void *arg,
    struct err *err);

/*
 * Notes anew what this device's events on a subject said that they had seen:
 * after some of them came back that had been purged.
 */
int log_renew_seen_on(
    struct vault *vault, const char *subject, struct err *err);

/*
 * Runs the projectors: on one subject; on statements and every subject.
 * Both inside the caller's transaction, or one of their own.
 */
int projection_run(struct vault *vault, const char *subject, struct err *err);
int projection_run_all(struct vault *vault, struct err *err);
int projection_run_all_telling(
    struct vault *vault, const struct progress *progress, struct err *err);

/*
 * A digest over every row of every projector's tables, in a fixed order: two
 * vaults of one device that hold the same events and statements have the
 * same one, whatever the order in which those came.
 */
int projection_digest(
    struct vault *vault, struct hash *digest, struct err *err);

#endif
