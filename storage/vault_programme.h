/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_PROGRAMME_H
#define STORAGE_VAULT_PROGRAMME_H

#include "base/error.h"
#include "crypto/age.h"
#include "crypto/secret.h"
#include "storage/vault_header.h"

/*
 * The rest of a programme slot: whose it is, and a whole age file for that
 * recipient whose content is the slot's key.  So whatever opens age files,
 * age itself too, opens the slot.
 */

/* A new slot's key, and the `rest` that holds it; the caller's to free. */
struct secret *programme_wrap(const struct age_recipient *recipient,
    uint8_t rest[VAULT_SLOT_REST_BYTES], struct err *err);

/*
 * The slot's key by one of these identities; the caller's to free.  ERR_AUTH
 * where it is for none of them, or was altered.
 */
struct secret *programme_unwrap(const uint8_t rest[VAULT_SLOT_REST_BYTES],
    const struct secret *const *identities, size_t count, struct err *err);

#endif
