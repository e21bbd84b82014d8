/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_LOG_INTERNAL_H
#define STORAGE_LOG_INTERNAL_H

#include "base/error.h"
#include "storage/db.h"
#include "storage/vault.h"

/* What the vault file asks of the modules that fill it. */

struct event;
struct identity;
struct progress;

/*
 * The migrations of this program, in order.  Tests put some more behind them,
 * to see how a vault gets over what later versions will bring.
 */
struct schema {
	const char *const *migrations;
	size_t count;
};

extern const struct schema *schema_of_program;

/*
 * Brings the tables of an open database to this version, in one transaction:
 * those of storage/ by numbered steps, those of `projectors` (NULL at the
 * end, or NULL) by their schema.  ERR_UNSUPPORTED: made by a later ronde.
 */
int schema_update(
    struct db *db, const struct projector *const *projectors, struct err *err);

/*
 * Of projection_version.c: sees to it that the projected tables are those of
 * these projectors.  Where others made them, or the same ones of another
 * version, they are dropped, made and filled anew, all of it or nothing.
 */
int projection_update(
    struct vault *vault, const struct progress *progress, struct err *err);

/* Of log_head.c: the hash in a column; zeroes where there is none. */
void log_take_hash(struct db_query *query, int column, struct hash *hash);

/* The vault-wide head, as the last transaction left it. */
int log_head(struct db *db, struct vault_head *head, struct err *err);

/* The same, without asking where log.c knows it. */
int log_known_head(
    struct vault *vault, struct vault_head *head, struct err *err);

/*
 * Of log.c: is the own chain on `subject` known to its end (vault->tail),
 * with nothing to be named beside it and nothing purged?
 */
bool log_tail_is_of(struct vault *vault, const char *subject);

/* Adds an event at the end: 1; 0 where it is; -1 with err. */
int log_add(struct vault *vault, const struct event *event, struct err *err);

/* The head that follows `head` when the event with that hash is added. */
struct hash log_head_after(const struct hash *head, const struct hash *event);

/*
 * The running hash as it was after the first `count` events: 1 and filled,
 * 0 when there were never so many, -1 with err.  After a crash the header
 * names such an earlier head, and the log must still extend it.
 */
int log_head_at(
    struct db *db, uint64_t count, struct hash *hash, struct err *err);

/*
 * Refuses a line of more than `max` bytes (ERR_LIMIT) and one with a byte
 * below 0x20 in it (ERR_FORMAT): what is signed and hashed is one line.
 */
int line_check(const char *line, size_t len, size_t max, const char *what,
    struct err *err);

/*
 * Notes what an event of this device said it had seen, so that the next one
 * on the subject need not say it again; and makes those notes anew from the
 * events.
 */
int log_note_seen(struct db *db, const struct event *event, struct err *err);
int log_renew_seen(struct vault *vault, struct err *err);

/* Reads it again where it stands: after a transaction that changed it. */
int identity_reload(struct vault *vault, struct err *err);

/*
 * Calls `each` for every table that follows from events and statements, with
 * a digest over its rows; the one of log_renew_seen() is the last.
 */
int projection_tables(struct vault *vault,
    int (*each)(void *arg, const char *table, int64_t rows,
	const struct hash *digest, struct err *err),
    void *arg, struct err *err);

/* Frees what identity_get() keeps in the vault; NULL is allowed. */
void identity_free(struct identity *identity);

#endif
