/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_JUDGE_H
#define BUNDLES_JUDGE_H

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
struct chain_link {
	int64_t seq;
	struct hash hash, prev;
};

struct chain_case {
	const struct chain_link *links; /* by seq, then hash */
	size_t link_count;
	const struct heads_entry *entries; /* by counter, then hash */
	size_t entry_count;
	enum trust trust;
	struct hash cut; /* TRUST_REVOKED: the only statement that counts */
};

/* Fills effective, last, head, status and reason. */
void judge_chain(const struct chain_case *judged, struct chain *chain);

/* Judges every chain of others on `subject` and stores what it finds. */
int judge_subject(struct vault *vault, const char *subject, struct err *err);

#endif
