/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STORAGE_SUPPORT_H
#define TESTS_STORAGE_SUPPORT_H

#include <stdint.h>

#include "crypto/hash.h"
#include "storage/event.h"
#include "storage/vault.h"

/*
 * A vault without its encrypted file, for tests of the modules that fill it:
 * the same tables in memory, over SQLite's own VFS.
 */
struct vault *bare_vault_new(const struct projector *const *projectors);
void bare_vault_free(struct vault *vault);
struct db *bare_vault_db(struct vault *vault);

/* The same with a person in it. */
struct vault *bare_vault_with_person(const struct projector *const *projectors);

/* Identifiers that are well formed and always the same. */
#define SITE_1 "S-0000000000000001"
#define SITE_2 "S-0000000000000002"
#define DEVICE_A "D-000000000000000000000000A0"
#define DEVICE_B "D-000000000000000000000000B0"

/* Writes the line of another device's event; `prev` NULL for the first. */
char *event_line(const char *subject, const char *device, int64_t seq,
    const struct hash *prev, const char *text);

/* Inserts that event and gives its hash; the result of log_insert() in
 * `*added` when it is not NULL. */
struct hash insert_event(struct vault *vault, const char *line, int *added);

/* Judges the chain good up to `seq`, whose event has the hash `head`. */
void judge_good(struct vault *vault, const char *subject, const char *device,
    int64_t seq, const struct hash *head);

/*
 * A projector that counts the events with effect and keeps the last text of
 * each subject, and one that fails when it meets the text "fail".
 */
extern const struct projector counting_projector, failing_projector;

#endif
