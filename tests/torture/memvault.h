/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_MEMVAULT_H
#define TESTS_TORTURE_MEMVAULT_H

#include "base/error.h"
#include "storage/vault.h"
#include "tests/memdisk.h"

/*
 * A whole vault on a disk in memory: opened by vault.c's own code with a key
 * that is known, with a person, an event log, a projector, and a plain table
 * that is only there to make pages come and go.
 *
 * Event n (from 1) has the number n and a text that follows from it, so what
 * must be there is known from the number of the last one.
 */
#define MEMVAULT_PATH "/v"
#define MEMVAULT_WAL "/v-wal"

/* The projector and options that all of them are opened with. */
extern const struct vault_options memvault_options;

/* Makes an empty one with a person on `disk`; ends the program on failure. */
void memvault_make(struct memdisk *disk);

/* Puts a person and the plain table into a vault that has none, in one. */
int memvault_fill(struct vault *vault, struct err *err);

/*
 * Opens what lies on `disk`, as vault_open() does once it has the data key.
 * NULL with err as vault_open().
 */
struct vault *memvault_open(struct memdisk *disk, struct err *err);

/* Appends events `from` to `to` in one transaction. */
int memvault_append(struct vault *vault, long from, long to, struct err *err);

/* Churns the plain table, in one transaction that is kept or taken back. */
int memvault_churn(
    struct vault *vault, uint64_t *random, bool keep, struct err *err);

/*
 * Checks everything there is: SQLite's own integrity, every event and its
 * place in its chain, the running head, the projection against one made anew,
 * the plain table against its sum.  Returns the number of events or -1: then
 * ERR_CONFLICT for wrong data that the vault gave as right, any other code
 * for what it refused to give.
 */
long memvault_check(struct vault *vault, struct err *err);

#endif
