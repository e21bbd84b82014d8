/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_EXCHANGE_INTERNAL_H
#define BUNDLES_EXCHANGE_INTERNAL_H

#include "bundles/exchange.h"
#include "storage/identity.h"

/*
 * What the two halves of an exchange share: exchange.c looks at the folder
 * and does the work, exchange_targets.c knows for whom bundles are due.
 */

/* For whom one bundle is: devices that must read it, others that may. */
struct target {
	char person[ID_MAX]; /* "": all supervisors and authorities */
	char *name;          /* owned */
	char (*devices)[ID_MAX];
	struct age_recipient *recipients; /* of devices, then of others */
	size_t device_count, device_room;
	size_t recipient_count, recipient_room;
};

struct targets {
	struct target *all;
	size_t count, room;
};

int targets_find(struct vault *vault, struct targets *targets, struct err *err);
void targets_release(struct targets *targets);

/* The receipts of this device for those devices, ever. */
int target_receipts(struct vault *vault, const struct target *target,
    size_t *count, struct err *err);

/* Fills a request for it; `devices` has room for target->device_count. */
void target_request(const struct target *target, const char **devices,
    struct export_request *request);

#endif
