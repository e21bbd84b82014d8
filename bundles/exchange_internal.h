/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_EXCHANGE_INTERNAL_H
#define BUNDLES_EXCHANGE_INTERNAL_H

#include "bundles/exchange.h"
#include "storage/identity.h"

/*
 * What the parts of an exchange share: exchange.c looks, exchange_run.c does,
 * exchange_targets.c knows for whom bundles are due.
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

/* ---- of exchange.c ---- */

enum { EXCHANGE_KEY_MAX = 128 }; /* of a setting */

void exchange_note(struct exchange_item *item, enum exchange_state state,
    const struct err *err);
int exchange_digest_file(
    const char *path, bool from_disk, struct hash *digest, struct err *err);
void exchange_bundle_key(const struct hash *digest, char key[EXCHANGE_KEY_MAX]);
void exchange_receipts_key(
    const struct target *target, char key[EXCHANGE_KEY_MAX]);
int exchange_look_at_target(struct vault *vault,
    const struct bundle_contents *contents, const struct target *target,
    struct exchange_item *item, struct err *err);
struct exchange_item *exchange_add_export(
    struct exchange *exchange, const struct target *target);
void exchange_count_ready(struct exchange *exchange);

#endif
