/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_PURGE_PLAN_H
#define APP_PURGE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/progress.h"
#include "bundles/cover.h"
#include "storage/purge.h"

struct vault;

/*
 * Which inspections a purge takes and which it leaves, with the reason.  One
 * goes when it is handed over (signed, and what was signed has left this
 * device) and covered (bundles/cover.h); what came of one that was purged
 * before, when it is covered.
 */
struct purge_item {
	char id[ID_MAX];
	char *site_name; /* owned */
	int64_t changed;
	bool goes;
	char why[ERR_MSG_MAX]; /* it stays, or nothing covers it; or "" */
	struct coverage coverage;
	char receipt[HASH_HEX_MAX];
};

struct purge_plan {
	struct vault *vault;
	struct cover *cover;
	struct purge_item *items;
	size_t count, room;
	struct purge_count total; /* of those that go */
};

int purge_plan_begin(
    struct purge_plan *plan, struct vault *vault, struct err *err);
void purge_plan_release(struct purge_plan *plan); /* zeroed is allowed */

/* Every inspection; those that changed at `before` or later stay. */
int purge_plan_received(
    struct purge_plan *plan, int64_t before, struct err *err);

/* One as it was typed; ERR_DENIED where it must stay, unless `force`. */
int purge_plan_add(
    struct purge_plan *plan, const char *typed, bool force, struct err *err);

/* Fills `total`. */
int purge_plan_count(struct purge_plan *plan, struct err *err);

/* Does it; `reason` may be NULL. */
int purge_plan_run(struct purge_plan *plan, const char *reason,
    const struct progress *progress, struct purge_shrink *shrink,
    struct err *err);

/* Prints the tombstones of this vault and what other devices said. */
int purge_list_show(struct vault *vault, bool json, struct err *err);

#endif
