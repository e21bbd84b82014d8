/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_KNOWN_H
#define BUNDLES_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/hash.h"

struct chain_link;
struct vault;

/* What every one of some devices is known to hold, by their receipts. */
struct known;

struct known *known_load(struct vault *vault, const char *const *devices,
    size_t count, struct err *err);
void known_free(struct known *known); /* NULL is allowed */

/* The seq up to which all of them have the chain as it is held here. */
int known_chain(struct known *known, const char *subject, const char *device,
    int64_t *seq, struct err *err);
/*
 * Does a receipt of any of them name that event as the last of the chain that
 * has effect for it?  `*receipt` is the statement.
 */
bool known_names(const struct known *known, const char *subject,
    const char *device, const struct chain_link *last, struct hash *receipt);
/* From now on only what was signed after that time counts for known_names()
 * and known_has(); their clock, milliseconds. */
void known_ask_since(struct known *known, int64_t since);
/* A checklist, evidence, or a heads statement that they gave a receipt for. */
bool known_has(const struct known *known, const struct hash *digest);
/* The last receipt of theirs for what this device sent; false: none. */
bool known_receipt(const struct known *known, struct hash *hash);

#endif
