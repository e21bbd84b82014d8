/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_RENEW_H
#define STORAGE_VAULT_RENEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/progress.h"
#include "crypto/secret.h"
#include "storage/vault.h"

/*
 * A new data key for a vault: all of it is sealed anew into "<path>.renew"
 * beside it, which is read back, compared and then takes its name.  Until that
 * moment the vault is as it was, whatever happens; what an interrupted renewal
 * has copied is used by the next one, if the vault did not change in between.
 *
 * The vault keeps its identifier, its passphrase and its programme keys.  Its
 * recovery code cannot be sealed again by who does not know it, so it gets a
 * new one.  What the old header, in older copies or in old sectors of the
 * disk, and the old words open is no longer this vault.
 */
struct vault_renewal;

enum vault_renewal_start {
	RENEWAL_FRESH,
	RENEWAL_RESUMED,  /* an earlier one goes on; its code holds */
	RENEWAL_RESTARTED /* the vault changed since the earlier one */
};

/*
 * Takes the lock of the vault, brings its log into it, and writes nothing
 * else.  Errors are those of vault_open(); ERR_EXISTS where something that is
 * no renewal has the name of the copy; ERR_FULL where its disk has no room.
 */
struct vault_renewal *vault_renew_begin(const char *path,
    const struct secret *passphrase, const struct vault_options *options,
    struct err *err);

enum vault_renewal_start vault_renewal_start(
    const struct vault_renewal *renewal);

/*
 * The code that will hold, for the person before vault_renew_run(); borrowed.
 * NULL where it goes on: the person has it.
 */
const struct secret *vault_renewal_recovery(
    const struct vault_renewal *renewal);

uint64_t vault_renewal_bytes(const struct vault_renewal *renewal);

/*
 * Copies, compares, and puts the copy in the place of the vault.  ERR_CANCELLED
 * when `progress` stopped it; ERR_FORMAT, with the place, for a page of the
 * vault that is damaged; ERR_FULL.  Once only.
 */
int vault_renew_run(struct vault_renewal *renewal,
    const struct progress *progress, struct err *err);

/* True once the copy has the vault's name, whatever failed behind that. */
bool vault_renewal_took_place(const struct vault_renewal *renewal);

/* Ends the lock; the copy of one that did not end stays.  NULL is allowed. */
void vault_renewal_free(struct vault_renewal *renewal);

#endif
