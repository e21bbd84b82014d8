/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_SLOTS_H
#define STORAGE_VAULT_SLOTS_H

#include "base/error.h"
#include "crypto/age.h"
#include "crypto/secret.h"
#include "storage/vault_header.h"

/*
 * Key slots: each seals the one data key of the vault under a key made from
 * what a person knows or has.  A slot is bound to its vault, its number, its
 * kind and its cost, so that none can be moved or made cheaper.
 */

/* What the data key is asked with. */
struct vault_way {
	enum vault_slot_kind kind;
	/* A passphrase, or the bytes of a recovery code. */
	const struct secret *words;
	/* SLOT_PROGRAMME: any of these age keys. */
	const struct secret *const *identities;
	size_t identity_count;
};

/*
 * Fills the first empty slot of `header`; ERR_LIMIT where there is none, or
 * the cost is outside the bounds.  `words` is the passphrase, or the bytes of
 * a recovery code.
 */
int vault_slot_seal(struct vault_header *header, enum vault_slot_kind kind,
    const struct secret *words, const struct kdf_cost *cost,
    const struct secret *data_key, struct err *err);

/* The same for whoever has the identity of that age recipient. */
int vault_slot_seal_programme(struct vault_header *header,
    const struct age_recipient *recipient, const struct secret *data_key,
    struct err *err);

/* Empties all slots of that kind, or one. */
void vault_slots_clear(struct vault_header *header, enum vault_slot_kind kind);
void vault_slot_clear(struct vault_header *header, size_t number);

/* How many slots of that kind there are. */
size_t vault_slots_count(
    const struct vault_header *header, enum vault_slot_kind kind);

/* Whom a programme slot is for, as it says; it need not open. */
void vault_slot_recipient(
    const struct vault_slot *slot, struct age_recipient *recipient);

/*
 * The data key from the first slot that `way` opens; the caller's to free.
 * ERR_AUTH when none does, ERR_LIMIT for a cost that is refused before any
 * memory is spent: of one slot, or of all that would be tried together.
 */
struct secret *vault_slot_open(const struct vault_header *header,
    const struct vault_way *way, struct err *err);

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
