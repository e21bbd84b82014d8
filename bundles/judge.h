/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_JUDGE_H
#define BUNDLES_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "bundles/heads.h"
#include "storage/identity.h"
#include "storage/log.h"

struct vault;

/*
 * The judgement on one chain of another device: how far it has effect.  A
 * pure function of the events held, of what the device's heads statements
 * say of the chain, and of the device's standing; the order in which those
 * came is nowhere in it.
 */
struct chain_case {
	const struct chain_link *links; /* by seq, then hash */
	size_t link_count;
	const struct heads_entry *entries; /* by counter, then hash */
	size_t entry_count;
	enum trust trust;
	struct hash cut; /* TRUST_REVOKED: the only statement that counts */
	/* A former device of this vault: its own word up to that event. */
	int64_t own_until;
};

/* Fills effective, last, head, status and reason. */
void judge_chain(const struct chain_case *judged, struct chain *chain);

/*
 * False when a chain whose judgement is `chain`, that got no new events and
 * whose device is trusted must be judged again since there is one more
 * statement; true where judge_chain() would find the same.  `is_held`: the
 * event that the new statement names is, or it is ahead of what is held.
 */
bool judge_stays_good(
    const struct chain *chain, const struct heads_around *around, bool is_held);

/*
 * Calls `each` for every subject on which `device` has a chain that the new
 * `statement` (already in the tables) may change, if it got no new events.
 */
int judge_heard(struct vault *vault, const char *device,
    const struct hash *statement,
    int (*each)(void *arg, const char *subject, struct err *err), void *arg,
    struct err *err);

/* Judges every chain of others on `subject` and stores what it finds. */
int judge_subject(struct vault *vault, const char *subject, struct err *err);

#endif
