/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_COVER_H
#define BUNDLES_COVER_H

#include <stdbool.h>

#include "base/error.h"
#include "bundles/bundle.h"
#include "crypto/hash.h"
#include "crypto/ids.h"

struct vault;

/*
 * Is all that this vault holds of a subject held by somebody else, too?  A
 * subject is covered when one device of a supervisor or the authority, that is
 * on the roster and trusted today, and neither this one nor one that this vault
 * was before, has signed that it holds
 *
 *  (1) every chain of it, up to the very event that is the last one here: by
 *      a receipt, or, where it is that device's own chain, by a statement of
 *      its heads;
 *  (2) every file of evidence that its events name and that is here: by a
 *      receipt.
 *
 * What it signed before it said, in a purge event, that it purged the subject
 * itself does not count.  A chain with a gap or a fork is not covered: what is here is not what the
 * links below the event that was signed lead to.
 */
struct cover; /* the receipts of all whose word counts, read once */

struct coverage {
	bool is_covered;
	char holder[ID_MAX];
	struct hash receipt;   /* the one that names the subject */
	char why[ERR_MSG_MAX]; /* where it is not: what is missing */
};

struct cover *cover_load(struct vault *vault,
    const struct bundle_contents *contents, struct err *err);
void cover_free(struct cover *cover); /* NULL is allowed */

int cover_subject(struct cover *cover, const char *subject,
    struct coverage *coverage, struct err *err);

#endif
