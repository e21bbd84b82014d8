/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_RECEIPT_HAVE_H
#define BUNDLES_RECEIPT_HAVE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "crypto/hash.h"

struct vault;

/* What receipt.c and known.c share: an entry of "have", borrowed from it. */
struct have {
	const char *subject, *device;
	int64_t seq;
	struct hash head;
};

/* False where it is not as expected. */
bool receipt_read_have(const json_t *item, struct have *have);

/* Is that event in the log of this vault?  1, 0, -1. */
int receipt_is_held(
    struct vault *vault, const struct have *have, struct err *err);

#endif
