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
 * Invariant: `state` holds the value of slot_used() of every place;
 * everything in `info` and in `derived` follows from record and state.
 */
struct inspection {
	struct vault *vault;
	char id[ID_MAX];
	struct record *record;
	struct form *form;   /* NULL: not held; only the projector goes on */
	struct state *state; /* NULL without a form */
	int64_t when;        /* what its state takes for now */
	bool by_last_event;  /* WHEN_LAST_EVENT */
	struct slot **slots; /* by place; NULL where no event names it */
	size_t slot_room;    /* places past it have none */
	unsigned numbering;  /* see inspection_numbering() */
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

/* Takes in an own event: false when it must be built again.  The item's slot
 * goes to `*slot`, NULL for none. */
bool inspection_take(struct inspection *inspection, const struct event *event,
    struct slot **slot);

/* Counts again; makes conflicts, decisions and signatures again. */
void inspection_refresh(struct inspection *inspection);

/* Writes an event of this device and takes it in; nothing is changed when it
 * fails. */
int inspection_write(struct inspection *inspection, enum kind kind,
    json_t *body, struct err *err);

/* "1. The gate is closed" for messages: label in `lang`, else the path; in
 * rows after those that it is in. */
char *inspection_label(
    const struct inspection *inspection, int place, enum lang lang);

/* ---- inspection_set.c ---- */

/* May this device write such an event here, now? */
int inspection_check_open(
    const struct inspection *inspection, enum kind kind, struct err *err);
/* What a transaction began with the event of a person also holds: commits, or
 * takes all of it back when `result` is not 0. */
int inspection_end_transaction(
    struct inspection *inspection, int result, struct err *err);
const struct item *inspection_item(
    const struct inspection *inspection, int place);
/* Adds the "path" of a place. */
void inspection_put_path(
    const struct inspection *inspection, int place, json_t *body);

/* ---- inspection_places.c ---- */

/* The place at exactly `path`; -1 for none. */
int inspection_place_at(const struct inspection *inspection, const char *path);
/* What the events say of a place; NULL where none names it. */
struct slot *inspection_slot_at(const struct inspection *inspection, int place);
/* Makes the state with the rows and answers that stand; see the enum above. */
void inspection_make_places(struct inspection *inspection, int64_t when);
/* Does that again: places are numbered anew. */
void inspection_restate(struct inspection *inspection);
/* Takes in what an own event changed at `slot`. */
void inspection_take_slot(struct inspection *inspection, struct slot *slot);

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
