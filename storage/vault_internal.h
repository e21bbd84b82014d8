/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_INTERNAL_H
#define STORAGE_VAULT_INTERNAL_H

#include "base/error.h"
#include "crypto/hash.h"
#include "storage/vault.h"

/*
 * What the files of storage/ know of a vault and nobody else does.
 *
 * vault.c makes the struct, opens the database through the encrypting VFS and
 * then calls storage_schema(); what is marked "of X.c" belongs to that file.
 */
struct db;
struct identity;
struct vfs;

struct vault {
	struct db *db;
	const struct projector *const *projectors; /* borrowed; or NULL */
	struct identity *identity; /* of identity.c: read when first asked for */

	/* Of vault.c. */
	char *path;
	char id[33];
	int lock; /* a descriptor that holds the lock of the file */
	struct vfs *vfs;
};

/*
 * Of log.c: makes the tables of storage/ and those of the projectors where
 * they are missing, in one transaction.  Runs at every opening.
 */
int storage_schema(struct vault *vault, struct err *err);

/*
 * Of log.c: the running hash over all events in the order of their arrival,
 * now, and as it was after the first `count` of them (ERR_NOT_FOUND when
 * there were never so many).
 */
int log_head(struct vault *vault, struct vault_head *head, struct err *err);
int log_head_at(struct vault *vault, uint64_t count, struct hash *hash,
    struct err *err);

/* Of identity.c: wipes and frees the cached identity; NULL is allowed. */
void identity_free(struct identity *identity);

#endif
