/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_QUARANTINE_H
#define BUNDLES_QUARANTINE_H

#include "base/error.h"
#include "crypto/hash.h"

struct vault;

/*
 * Where refused bundles lie: "<vault>.quarantine/", beside the vault.  What
 * is kept is the file as it came, still encrypted, and a few technical lines
 * that name no site and no person.
 */

/* The folder of the vault file; the caller's to free. */
char *vault_folder(const struct vault *vault);

/*
 * Keeps what is in `fd` (from its start) as "<start of digest>.ronde" with
 * "<...>.reason".  The same file is kept once.
 */
int quarantine_keep(const struct vault *vault, int fd,
    const struct hash *digest, enum err_code code, const char *place,
    struct err *err);

#endif
