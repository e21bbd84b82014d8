/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_SLOTS_H
#define STORAGE_VAULT_SLOTS_H

#include "base/error.h"
#include "crypto/secret.h"
#include "storage/vault_header.h"

/*
 * Key slots: each seals the one data key of the vault under a key made from
 * what a person knows.  A slot is bound to its vault, its number, its kind
 * and its cost, so that none can be moved or made cheaper.
 */

/*
 * Fills the first empty slot of `header`; there must be one.  `words` is the
 * passphrase, or the bytes of a recovery code.  ERR_LIMIT where the cost is
 * outside the bounds.
 */
int vault_slot_seal(struct vault_header *header, enum vault_slot_kind kind,
    const struct secret *words, const struct kdf_cost *cost,
    const struct secret *data_key, struct err *err);

/*
 * The data key from the first slot of that kind which `words` opens; the
 * caller's to free.  ERR_AUTH when none does, ERR_LIMIT for a cost that is
 * refused before any memory is spent.
 */
struct secret *vault_slot_open(const struct vault_header *header,
    enum vault_slot_kind kind, const struct secret *words, struct err *err);

/*
 * A recovery code: 168 random bits and a checksum of 32, written as eight
 * groups of five characters.  Text with its NUL; the caller's to free.
 */
struct secret *recovery_code_new(void);

/*
 * The 21 bytes that a typed code stands for.  Case, spaces, dashes, O for 0
 * and I or L for 1 do not matter.  ERR_AUTH, with a message of its own, for
 * what cannot be a code that was ever shown.
 */
struct secret *recovery_code_read(
    const char *typed, size_t len, struct err *err);

#endif
