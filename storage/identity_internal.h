/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_IDENTITY_INTERNAL_H
#define STORAGE_IDENTITY_INTERNAL_H

#include "base/error.h"
#include "storage/identity.h"

/* What identity.c and identity_renew.c have between them. */
struct db;

/* Makes the keys, and from them the name of the device. */
void identity_make_keys(struct identity *made);
int identity_store(struct db *db, const struct identity *made, struct err *err);

/* Reads the former devices into an identity that has none yet. */
int former_load(
    struct vault *vault, struct identity *identity, struct err *err);

#endif
