/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_KEYS_H
#define STORAGE_VAULT_KEYS_H

#include <stddef.h>

#include "base/error.h"
#include "crypto/age.h"
#include "crypto/kdf.h"
#include "crypto/secret.h"
#include "storage/vault.h"

/*
 * The keys of an open vault: who can open it.  There is always a passphrase
 * and a recovery code; programme keys may be added.
 *
 * Each change is whole or not at all: it is in both copies of the header and
 * synced when the function returns, and a power cut leaves either the old
 * words or the new ones good.  What no longer opens is overwritten; an older
 * copy of the file still opens with the older words, which only a new data
 * key (vault_renew.h) makes useless.
 */
enum {
	VAULT_KEYS_MAX = 8 /* slots of a vault */
};

enum vault_key_kind { KEY_PASSPHRASE = 1, KEY_RECOVERY, KEY_PROGRAMME };

struct vault_key {
	unsigned slot; /* its number, from 0 */
	enum vault_key_kind kind;
	struct kdf_cost cost;           /* zeroes for a programme key */
	struct age_recipient recipient; /* of a programme key */
};

/* The fixed name of a kind, for --json: "passphrase". */
const char *vault_key_code(enum vault_key_kind kind);

/* Fills `list` in the order of the slots and gives their number. */
size_t vault_keys_list(
    const struct vault *vault, struct vault_key list[VAULT_KEYS_MAX]);

/*
 * The one passphrase from now on.  `cost` is as kdf_cost_here() where NULL.
 * ERR_USAGE where it is empty.
 */
int vault_set_passphrase(struct vault *vault, const struct secret *passphrase,
    const struct kdf_cost *cost, struct err *err);

/* A code that is not in force yet: shown and asked back before it is. */
struct secret *vault_recovery_new(void);
/* The one recovery code from now on: text of vault_recovery_new(). */
int vault_set_recovery(
    struct vault *vault, const struct secret *code, struct err *err);

/* ERR_EXISTS where it has a slot, ERR_LIMIT where all slots are taken. */
int vault_add_programme(struct vault *vault,
    const struct age_recipient *recipient, struct err *err);

/*
 * Takes a slot away.  ERR_NOT_FOUND where it is empty; ERR_DENIED where it is
 * the last passphrase or the last recovery code.
 */
int vault_remove_key(struct vault *vault, unsigned slot, struct err *err);

#endif
