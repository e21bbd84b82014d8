/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_HEADS_H
#define STORAGE_HEADS_H

#include <stdint.h>

/*
 * A heads statement lists every chain that a device owns, but not by the
 * subject's identifier: who relays the statement learns nothing of subjects
 * whose chains he does not hold.  What stands there is this, in hexadecimal:
 * the first 16 bytes of BLAKE2b-256("ronde/subject/1" NUL salt subject), with
 * a salt that is new in each statement.
 */
enum { HEADS_SALT_BYTES = 16, HEADS_SALTED_MAX = 33 }; /* with the NUL */

/* The field that only a statement has which was made for a backup. */
#define HEADS_FOR "for"

void heads_salt_subject(const uint8_t salt[HEADS_SALT_BYTES],
    const char *subject, char hex[HEADS_SALTED_MAX]);

#endif
