/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_RECEIPT_H
#define BUNDLES_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "storage/statement.h"

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

#endif
