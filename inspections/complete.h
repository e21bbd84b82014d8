/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_COMPLETE_H
#define INSPECTIONS_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Finds the one thing that a person can have meant: its identifier or name
 * as a whole first, then the start of either, then a part of the name.
 * Internal to inspections/.
 */
enum { COMPLETION_ID_MAX = 80 };

struct completion {
	const char *typed; /* borrowed */
	char *key;         /* its search key; owned */
	int rank;          /* of what was found; 0: nothing */
	size_t count;
	char id[COMPLETION_ID_MAX];
	struct buf names; /* the candidates */
};

void completion_begin(struct completion *completion, const char *typed);

/* `starts` tells that `typed` is the start of `id`. */
void completion_offer(struct completion *completion, const char *id,
    const char *name, bool starts);

/*
 * Ends it: 0 with the identifier in completion->id, ERR_NOT_FOUND (with what
 * was typed and `missing`), or ERR_CONFLICT with the candidates.
 */
int completion_end(
    struct completion *completion, const char *missing, struct err *err);

#endif
