/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_LOCK_H
#define STORAGE_VAULT_LOCK_H

#include "base/error.h"

/*
 * One process has a vault at a time.  The lock is the kernel's and lies on
 * the file itself: it ends with the process, however that ends, so none is
 * ever left behind.
 */

/*
 * Locks what `fd` has open; `path` is for messages.  ERR_BUSY, naming the
 * process that has it where the system knows.
 */
int vault_lock(int fd, const char *path, struct err *err);

/*
 * Opens `path` for reading and writing and locks it.  Returns the descriptor,
 * whose closing ends the lock, or -1: ERR_NOT_FOUND, ERR_DENIED, ERR_BUSY.
 */
int vault_lock_open(const char *path, struct err *err);

#endif
