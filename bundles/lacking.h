/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_LACKING_H
#define BUNDLES_LACKING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "storage/statement.h"
#include "storage/vault.h"

/*
 * Events of this very device that others hold and this vault does not: what
 * shows an older copy where no anchor does.  They are found while a bundle is
 * read, inside a transaction that may be rolled back because of them, and
 * kept after it, so that every unlocking tells them (vault_note_missing()).
 *
 * Only who is trusted is believed: others could stop a vault by naming events
 * that never were.
 */
enum { LACKING_MAX = 1000 };

struct lacking {
	struct vault_missing *events;
	size_t count, room;
};

/* `witness` says that it holds that event of this device. */
int lacking_add(struct lacking *lacking, struct vault *vault,
    const char *witness, const struct vault_missing *missing, struct err *err);

/* What a heads statement of this device, made elsewhere, has beyond ours. */
int lacking_of_heads(struct lacking *lacking, struct vault *vault,
    const struct hash *statement, struct err *err);

/* Outside of the transaction. */
int lacking_keep(
    const struct lacking *lacking, struct vault *vault, struct err *err);
void lacking_release(struct lacking *lacking); /* zeroed is allowed */

#endif
