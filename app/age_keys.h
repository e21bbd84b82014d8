/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_AGE_KEYS_H
#define APP_AGE_KEYS_H

#include <stddef.h>

#include "base/error.h"
#include "crypto/secret.h"

/*
 * The identities in a file of age-keygen: lines that start with
 * AGE-SECRET-KEY-1, empty lines and comments; in clear, or encrypted with a
 * passphrase (age -p), with or without armour.
 */
enum { AGE_KEYS_MAX = 16 };

struct age_keys {
	struct secret *list[AGE_KEYS_MAX];
	size_t count;
};

/*
 * The passphrase, where one is needed, is the first line of the file
 * `passphrase_file`; NULL: the person is asked.  Messages name `path` and the
 * line.
 */
int age_keys_read(struct age_keys *keys, const char *path,
    const char *passphrase_file, struct err *err);
void age_keys_release(struct age_keys *keys);

#endif
