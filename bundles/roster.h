/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_ROSTER_H
#define BUNDLES_ROSTER_H

#include <stdbool.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "storage/identity.h"
#include "storage/statement.h"

struct vault;

/*
 * The roster made from statements; doc/formats/trust.md has the rules.  For
 * the files of bundles/ only: others read it through storage/identity.h.
 */

/* Strict about the fields of an enrolment or revocation; ERR_FORMAT. */
int enrolment_check(
    const struct statement *statement, const char *what, struct err *err);
int revocation_check(
    const struct statement *statement, const char *what, struct err *err);

/* Fills the (empty) tables of the roster from the statements held. */
int roster_project(struct vault *vault, struct err *err);

/*
 * Makes the roster anew; `*changed` when it is not what it was.  Most
 * statements repeat what is known, and then no subject is touched by them.
 */
int roster_renew(struct vault *vault, bool *changed, struct err *err);

/* The standing of a device and, if revoked, the statement that is its cut. */
int roster_standing(struct vault *vault, const char *device, enum trust *trust,
    struct hash *cut, struct err *err);

#endif
