/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_RECEIPT_H
#define BUNDLES_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "storage/statement.h"

struct chain_link;
struct lacking;
struct vault;

/*
 * Receipts: what a device says it holds after an import, to the one who sent
 * it.  doc/formats/trust.md has the bytes.
 */
enum { RECEIPT_ENTRIES_MAX = 200000 };

/* Of what a bundle brought. */
struct receipt_scope {
	const char *of;        /* the device that sent it */
	struct hash statement; /* its heads statement */
	char (*subjects)[ID_MAX];
	size_t subject_count;
	const struct hash *files; /* checklists and evidence */
	size_t file_count;
};

/* Makes one unless there is one for that heads statement. */
int receipt_make(
    struct vault *vault, const struct receipt_scope *scope, struct err *err);

/* Strict about every field; ERR_FORMAT, ERR_LIMIT. */
int receipt_check(
    const struct statement *statement, const char *what, struct err *err);

/*
 * Somebody's receipt for this device's chains must not name what this vault
 * does not hold: then it is an older copy, or another copy was used
 * (ERR_CONFLICT).  Those events go to `lacking` (or NULL).
 */
int receipt_confirm(struct vault *vault, const struct statement *statement,
    struct lacking *lacking, struct err *err);

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
/* A checklist, evidence, or a heads statement that they gave a receipt for. */
bool known_has(const struct known *known, const struct hash *digest);
/* The last receipt of theirs for what this device sent; false: none. */
bool known_receipt(const struct known *known, struct hash *hash);

#endif
