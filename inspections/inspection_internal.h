/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_INSPECTION_INTERNAL_H
#define INSPECTIONS_INSPECTION_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspections/inspection.h"
#include "inspections/record.h"

/*
 * One inspection opened: its record, and its form with the answers that
 * stand.  The projector keeps such ones too, so what the screen counts and
 * what the table counts is counted by one function.
 *
 * Invariant: `state` holds the value of slot_used() of every item of the
 * form; everything in `info` and in `derived` follows from record and state.
 */
struct inspection {
	struct vault *vault;
	char id[ID_MAX];
	struct record *record;
	struct form *form;   /* NULL: not held; only the projector goes on */
	struct state *state; /* NULL without a form */
	int64_t when;        /* what its state takes for now */
	struct slot **slots; /* by item; NULL where no event names it */
	struct inspection_info info;

	struct arena *derived; /* what the lists below borrow from */
	struct conflict *conflicts;
	size_t conflict_count;
	struct decision *decisions;
	size_t decision_count;
	struct signature *signatures;
	size_t signature_count;
};

/* ---- inspection.c ---- */

/*
 * Reads an inspection; `when` is what today() gives in its form: 0 the clock,
 * -1 the time of its last event, so that nothing of the moment enters.  A
 * form that is not held (or not readable) leaves inspection->form NULL.
 */
enum { WHEN_CLOCK = 0, WHEN_LAST_EVENT = -1 };
struct inspection *inspection_build(
    struct vault *vault, const char *id, int64_t when, struct err *err);

/* The item of the form at exactly `path`; -1 for none. */
int inspection_item_at(const struct inspection *inspection, const char *path);

/* Takes in an own event: false when it must be built again.  The item's slot
 * goes to `*slot`, NULL for none. */
bool inspection_take(struct inspection *inspection, const struct event *event,
    struct slot **slot);

/* Computes the form again as of the last event, where it asks for the time. */
void inspection_restate(struct inspection *inspection);

/* Counts again; makes conflicts, decisions and signatures again. */
void inspection_refresh(struct inspection *inspection);

/* Writes an event of this device and takes it in; nothing is changed when it
 * fails. */
int inspection_write(struct inspection *inspection, enum kind kind,
    json_t *body, struct err *err);

/* "1. The gate is closed" for messages: label in `lang`, else the path. */
char *inspection_label(
    const struct inspection *inspection, int item, enum lang lang);

/* ---- inspection_list.c ---- */

/* Fills the names of site and checklist and settles whether what is signed
 * has left this device. */
int inspection_complete_info(
    struct vault *vault, struct inspection_info *info, struct err *err);

/* ---- inspection_project.c ---- */

/* Projects the inspections that have waited for this checklist. */
int inspection_project_lacking(
    struct vault *vault, const struct hash *checklist, struct err *err);

/* ---- inspection_rows.c ---- */
int rows_delete_all(struct vault *vault, const char *id, struct err *err);
int rows_write_all(const struct inspection *inspection, struct err *err);
/* After one own event about `slot` (NULL: about no item). */
int rows_write_change(const struct inspection *inspection,
    const struct slot *slot, struct err *err);

/* ---- inspection_lists.c ---- */
void inspection_list_conflicts(struct inspection *inspection);
void inspection_list_decisions(struct inspection *inspection);
void inspection_list_signatures(struct inspection *inspection);

/* ---- inspection_show.c ---- */
void inspection_put_hash(
    json_t *object, const char *key, const struct hash *hash);
/* Who wrote a chain, as far as that is known. */
json_t *inspection_show_author(const struct record *record, int chain);

/* ---- inspection_show_log.c ---- */
json_t *inspection_show_chains(const struct record *record);
/* The idle events of the chains with that status. */
json_t *inspection_show_idle(
    const struct record *record, enum chain_status status);
json_t *inspection_show_refused(const struct record *record);

/* ---- checklist.c ---- */

/* Lets go of the forms that are kept. */
void checklist_forget(struct vault *vault);

/* As checklist_open(); 1, 0 when it is not held or cannot be read, -1. */
int checklist_try_open(struct vault *vault, const struct hash *identity,
    struct form **form, struct err *err);

/* ---- for everything ---- */

/* The person's sentence in `text`: ERR_LIMIT past `max` characters, control
 * characters refused; NULL passes. */
enum { NOTE_CHARS_MAX = 10000 };
int check_remark(const char *text, const char *what, struct err *err);
int check_reason(const char *text, struct err *err); /* and not blank */

#endif
