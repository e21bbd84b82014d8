/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_INSPECTIONS_SUPPORT_H
#define TESTS_INSPECTIONS_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

#include "inspections/inspection.h"
#include "storage/identity.h"
#include "storage/vault.h"

/*
 * People with a vault each, tables in memory, who hand each other chains as a
 * bundle would: exact lines, judged good, the writer in the roster.
 */
struct vault *person_new(const char *name, enum role role);
void person_free(struct vault *vault); /* NULL is allowed */

/* A vault of nobody: what it makes of events is the same for all. */
struct vault *observer_new(void);

const char *device_of(struct vault *vault);

/* Copies the chain of `device` on `subject` up to `seq` (0: all) and makes
 * the projections. */
void hand_over(struct vault *from, struct vault *to, const char *subject,
    const char *device, int64_t seq);
/* Every chain of every subject. */
void hand_all(struct vault *from, struct vault *to);

/* Adds an event of any kind and body, as this device. */
void write_event(struct vault *vault, const char *subject, const char *kind,
    const char *body);

/*
 * The test's checklist, stored: a/name (text, required), a/height (integer
 * above 0), a/gate (yes, partly, no, na with reason, unseen), a/why (text,
 * only where gate is no), b/fence and b/lock (weakest, weights 2 and 3),
 * b/light (weight 5), b/planned (date, not before today).
 */
struct hash store_form(struct vault *vault);

/* A site and an inspection of one's own, or a mission for `persons`. */
void make_inspection(struct vault *vault, char id[ID_MAX]);

struct inspection *open_inspection(struct vault *vault, const char *id);
int item_of(const struct inspection *inspection, const char *path);

/* Sets a value and demands that it is taken. */
void answer(struct inspection *inspection, const char *path, const char *value);
/* The same by opening, answering and closing. */
void answer_in(
    struct vault *vault, const char *id, const char *path, const char *value);

/* inspection_show_json() as text; the caller's to free. */
char *shown(struct vault *vault, const char *id);
struct hash digest_of(struct vault *vault);

/* Makes everything again from the events and demands the same tables. */
void assert_rebuild_is_same(struct vault *vault, const char *id);

#endif
