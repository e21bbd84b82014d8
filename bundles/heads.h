/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_HEADS_H
#define BUNDLES_HEADS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/ids.h"
#include "storage/heads.h"
#include "storage/statement.h"

struct vault;

/*
 * Heads statements: what a device says its chains are, each time that it
 * exports.  doc/formats/trust.md has the bytes.  The trust projector keeps
 * them taken apart in its tables, so that one chain can be looked up without
 * reading JSON.
 */
enum { HEADS_CHAINS_MAX = 100000 };

/* What one statement says of one chain. */
struct heads_entry {
	int64_t counter;
	struct hash statement;
	int64_t seq; /* 0: it does not list the chain */
	struct hash head;
};

/*
 * Makes this device's next one, over every chain it owns, purged or not.
 * What one for a backup lists has not left the device yet.
 */
enum heads_purpose { HEADS_FOR_EXPORT, HEADS_FOR_BACKUP };

int heads_make(struct vault *vault, enum heads_purpose purpose,
    struct hash *hash, struct err *err);

/* The last one of `device` that is held: 1, 0, -1. */
int heads_last(struct vault *vault, const char *device, struct hash *hash,
    struct err *err);

/* Strict about every field; ERR_FORMAT. */
int heads_check(
    const struct statement *statement, const char *what, struct err *err);

/* Takes a checked one into the tables; being there already is no error. */
int heads_index(
    struct vault *vault, const struct statement *statement, struct err *err);

/*
 * What every statement of `device` that is held says of its chain on
 * `subject`, by counter, then hash.  `*entries` is the caller's to free.
 * heads_each_of_chain() looks them up from the last to the first, until
 * `each` returns 1.
 */
int heads_of_chain(struct vault *vault, const char *device, const char *subject,
    struct heads_entry **entries, size_t *count, struct err *err);
int heads_each_of_chain(struct vault *vault, const char *device,
    const char *subject,
    int (*each)(void *arg, const struct heads_entry *entry, struct err *err),
    void *arg, struct err *err);

/* The last event held of a chain that some statement lists; 0: none does. */
int heads_covered(struct vault *vault, const char *device, const char *subject,
    int64_t *seq, struct err *err);

/*
 * What a statement and its neighbours, those of its device before and after
 * it by counter, then hash, list: in memory, for when many chains are asked.
 */
struct heads_listing {
	char salted[HEADS_SALTED_MAX];
	int64_t seq;
	struct hash head;
};

struct heads_list {
	bool is_there;
	int64_t counter;
	struct hash statement;
	uint8_t salt[HEADS_SALT_BYTES];
	struct heads_listing *listings; /* by salted */
	size_t count;
};

struct heads_lists {
	struct heads_list before, now, after;
};

/* What they say of one chain; one that is not there lists nothing. */
struct heads_around {
	struct heads_entry before, now, after;
	bool has_after;
};

/* `lists` is to be released, on failure too. */
int heads_lists_load(struct vault *vault, const char *device,
    const struct hash *statement, struct heads_lists *lists, struct err *err);
void heads_lists_find(const struct heads_lists *lists, const char *subject,
    struct heads_around *around);
void heads_lists_release(struct heads_lists *lists); /* zeroed is allowed */

/* The entry of `subject` in a statement that is not stored; false: none. */
bool heads_find(const struct statement *statement, const char *subject,
    int64_t *seq, struct hash *head);

/* The counter of a heads statement of `device` that is held: 1, 0, -1. */
int heads_counter(struct vault *vault, const char *device,
    const struct hash *statement, int64_t *counter, struct err *err);

#endif
