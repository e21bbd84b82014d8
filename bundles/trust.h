/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_TRUST_H
#define BUNDLES_TRUST_H

#include "base/error.h"
#include "bundles/card.h"
#include "storage/identity.h"
#include "storage/vault.h"

/*
 * Who is trusted, as a pure function of the statements held: this device;
 * whom this device enrolled itself; whom a trusted authority enrolled; and
 * inspectors whom a trusted supervisor enrolled within his organisation.  A
 * revocation (by this device, an authority, or the supervisor who may enrol)
 * wins; of two cuts the earlier counts.
 *
 * From that the projector judges every chain: which of its events have
 * effect, wait (a gap, no statement covers them, signer unknown) or are
 * disputed (a fork, or past a revocation's cut).
 */
extern const struct projector trust_projector; /* the first of the list */

/*
 * Makes the roster, and what hangs on it, again: after a statement other than
 * a receipt was added.  In one transaction.
 */
int trust_refresh(struct vault *vault, struct err *err);

/* Enrols the card's device, in the role of the card or `role` if >= 0. */
int trust_add(
    struct vault *vault, const struct card *card, int role, struct err *err);

/*
 * Revokes a device (its id, the start of it, or its minisign key) after its
 * heads statement `after` (the start of a hash; or "0" for all of them).
 */
int trust_revoke(struct vault *vault, const char *key, const char *after,
    const char *reason, struct err *err);

/* Completes a person or device as typed: id, start of it, or name. */
int trust_complete_person(struct vault *vault, const char *typed,
    char person[ID_MAX], struct err *err);

#endif
