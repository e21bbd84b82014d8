/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Keys and passphrases.  They live in memory of their own between guard
 * pages, locked so that it is never swapped, and are zeroed when freed.
 */
struct secret {
	unsigned char *data;
	size_t len;
};

/*
 * Makes the library ready; before anything else of crypto/.  Also takes core
 * dumps and ptrace away from the process (RLIMIT_CORE 0, not dumpable), and
 * allows as much locked memory as the system lets it.
 */
int crypto_init(struct err *err);

struct secret *secret_new(size_t len); /* zeroed */

/* False once a secret could not be locked in memory (RLIMIT_MEMLOCK): it is
 * used all the same, and whoever shows things to people says so. */
bool secret_all_locked(void);

struct secret *secret_random(size_t len);
/* Copies, and zeroes `from` when `wipe`. */
struct secret *secret_take(void *from, size_t len, bool wipe);
void secret_free(struct secret *secret); /* NULL is allowed */

/* In constant time; lengths are public. */
bool secret_equal(const struct secret *one, const struct secret *other);

/* Reads the first line of a file (a passphrase), without its newline. */
struct secret *secret_read_file(const char *path, struct err *err);

void random_bytes(void *to, size_t len);
void wipe(void *bytes, size_t len);

#endif
