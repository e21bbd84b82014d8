/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BACKUP_H
#define STORAGE_BACKUP_H

#include "base/error.h"
#include "base/progress.h"
#include "crypto/secret.h"
#include "storage/vault.h"

/*
 * A backup is the vault as it stood at one moment, its pages as they are
 * sealed: as secret as the vault itself, opened by the same passphrase,
 * recovery code and programme key.  What is made of it again is a vault of
 * the same person on another device (doc/decisions/0008).
 */

/*
 * Writes a backup of an open vault to `path`, which must be free: takes the
 * WAL in, copies, syncs, reads all of it back and checks every page; only
 * then the file has its name.  Nobody may write to the vault meanwhile:
 * `progress` does not.
 *
 * ERR_EXISTS; ERR_FORMAT: a page of the vault is damaged; ERR_IO: the copy
 * does not read back as it was written; ERR_FULL; ERR_CANCELLED.  On failure
 * nothing is left at `path`.
 */
int vault_backup(struct vault *vault, const char *path,
    const struct progress *progress, struct err *err);

/* 0, or ERR_EXISTS where something has that name already. */
int vault_backup_name(const char *path, struct err *err);

/*
 * Opens a copy of `backup` that lies at "<path>.ronde-new", every page of it
 * checked; the backup is only read.  It is given its place by
 * vault_settle() or vault_settle_over(), or taken away by vault_discard();
 * between the two it gets its new keys (bundles/device.h).
 */
struct vault *vault_restore(const char *backup, const char *path,
    const struct secret *passphrase, const struct vault_options *options,
    const struct progress *progress, struct err *err);

/* Every page of an open vault's file is checked; ERR_FORMAT with the place. */
int vault_check_pages(
    struct vault *vault, const struct progress *progress, struct err *err);

/* 0, or ERR_BUSY where somebody has the vault at `path` open. */
int vault_is_free(const char *path, struct err *err);

/*
 * As vault_settle(), where another vault, which nobody may have open
 * (ERR_BUSY), may be at `path`: that one and its WAL get a name with the date,
 * "<path>.2026-11-23-153000.old", which is the caller's to free in `*name`;
 * left alone where it still has its own.  A power cut leaves either of them at
 * `path`, where the file system knows hard links.
 */
struct vault *vault_settle_over(struct vault *vault, const char *path,
    const struct secret *passphrase, const struct vault_options *options,
    char **name, struct err *err);

#endif
