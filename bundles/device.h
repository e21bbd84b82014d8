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

#endif
