/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_DISKVAULT_H
#define TESTS_DISKVAULT_H

#include "base/error.h"
#include "crypto/secret.h"
#include "storage/vfs.h"
#include "tests/memdisk.h"

/*
 * A vault's database on a disk in memory, opened with a key that is known: no
 * passphrase is stretched, so that thousands can be opened.
 */
struct diskvault {
	struct vfs *vfs;
	struct db *db;
};

#define DISKVAULT_PATH "/v"
#define DISKVAULT_WAL "/v-wal"

/* The key of all of them; the caller's to free. */
struct secret *diskvault_key(void);

/* Makes an empty one. */
void diskvault_make(struct memdisk *disk, const char *base);

/* Opens; -1 with err and nothing left open. */
int diskvault_open(struct diskvault *vault, struct memdisk *disk,
    const char *base, struct err *err);
void diskvault_close(struct diskvault *vault);

/*
 * Rows 1..n of table t, whose bodies follow from their numbers.  Adding gives
 * 0 or -1; reading gives the number of rows, or -1 when one is wrong or
 * missing, or SQLite finds the file damaged.
 */
int diskvault_add(struct diskvault *vault, long from, long to, struct err *err);
long diskvault_rows(struct diskvault *vault, struct err *err);
void diskvault_body(long row, char *body, size_t room);

#endif
