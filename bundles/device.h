/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_DEVICE_H
#define BUNDLES_DEVICE_H

#include <stddef.h>

#include "base/error.h"
#include "base/progress.h"
#include "bundles/card.h"

struct vault;

/*
 * The life of a device: a backup of it, and another one in its place
 * (doc/decisions/0008).
 */

/*
 * vault_backup(), after a heads statement where the last one does not cover
 * all that this device wrote: so a vault that is made of the backup can pass
 * on every event in it, though the keys that wrote them are gone.
 */
int device_backup(struct vault *vault, const char *path,
    const struct progress *progress, struct err *err);

/*
 * That heads statement alone: before device_renew() of a vault that surely
 * holds all that its device ever wrote.
 */
int device_cover(struct vault *vault, struct err *err);

/*
 * What came of device_renew(): the device that the vault was, how many it
 * trusted anew, and how many events of the former one no statement covers:
 * they count here and cannot be passed on.
 */
struct device_renewed {
	char before[ID_MAX];
	size_t trusted, uncovered;
};

/*
 * identity_renew(), and what the former device had signed for others signed
 * by the new one: who is trusted, who is revoked.  The former device is
 * trusted too, so that what it wrote elsewhere can still come back; who lost
 * it has it revoked.  Others must trust the new card.
 */
int device_renew(
    struct vault *vault, struct device_renewed *renewed, struct err *err);

#endif
