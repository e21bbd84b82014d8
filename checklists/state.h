/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_STATE_H
#define CHECKLISTS_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "checklists/form.h"

/*
 * A form being answered: values, and what follows from them.  There is no
 * disk here.  After every change exactly that is evaluated again which
 * depends on it; the cost of an answer grows with its dependents, not with
 * the form.  Behaviour is JavaRosa's (the engine of ODK Collect).
 *
 * A place is where an answer stands: the index of its item, and in a repeat one
 * of its own for each row.  The places of a row live as long as the row; those
 * of items of the form are there from the start, and what is a member of a
 * repeat is not relevant at the place of its item.
 *
 * Values are text in the form's own writing: selects as choice names (joined
 * by one space for select_multiple), dates "2026-11-23", times "14:32",
 * decimals with a point, acknowledge "OK", dates with a time as clock_format()
 * writes them, positions "lat lon alt acc", ranks as all choices in order,
 * files as their bare name.  "" is no answer.
 */
struct state;

/* `when` is what today() and now() give; 0: the clock. */
struct state *state_new(const struct form *form, int64_t when);
void state_free(struct state *state); /* NULL is allowed */
const struct form *state_form(const struct state *state);

/* Before state_start(): what choices in random order without a seed follow. */
void state_shuffle(struct state *state, uint32_t seed);

/*
 * Loads a saved answer without checks of required and constraint, before
 * state_start().  A value that its type cannot have is kept as it is and
 * counts as invalid.
 */
void state_load(struct state *state, int place, const char *value);

/*
 * Ends the loading: gives defaults to items that were never answered (when
 * `fresh`), and computes everything once.
 */
void state_start(struct state *state, bool fresh);

/*
 * Brings what a person typed to the form's writing in `out`: trims, comma as
 * decimal sign, "23/11/2026" and "23.11.2026" as dates, "14h32" as time,
 * choices by name, number in the list (from 1) or label.  ERR_VALUE says what
 * is wrong and what is expected, with the value.
 */
int state_read_typed(const struct state *state, int place, const char *typed,
    size_t lang, struct buf *out, struct err *err);

/*
 * Would this value be accepted?  Type, choices that the filter offers, the
 * constraint (with its message in `lang`), read_only, relevance.  0 or
 * ERR_VALUE; nothing changes.
 */
int state_check(const struct state *state, int place, const char *value,
    size_t lang, struct err *err);

/*
 * Sets a value that was checked and computes what depends on it.  What
 * changed (relevance, values, validity) is in state_changed() until the next
 * call.
 */
void state_set(struct state *state, int place, const char *value);

/*
 * Sets a value that was saved before: like state_set(), but what it sets off
 * (the trigger column) was saved too and is not computed again.
 */
void state_put(struct state *state, int place, const char *value);
/* Computes what a change of this place sets off; adds to the changes. */
void state_trigger(struct state *state, int place);
const int *state_changed(const struct state *state, size_t *count);

/* How many relevances, values, filters and checks were computed since
 * state_new(): what a change costs, whatever the machine. */
unsigned long state_work(const struct state *state);

/* The value as kept, also while not relevant; borrowed until it changes. */
const char *state_value(const struct state *state, int place);
bool state_is_relevant(const struct state *state, int place);
bool state_is_required(const struct state *state, int place);
bool state_is_read_only(const struct state *state, int place);
/* False when a value is there and type, filter or constraint refuse it. */
bool state_is_valid(const struct state *state, int place);
/* Why not, in `lang`; "" when valid. */
void state_why_invalid(
    const struct state *state, int place, size_t lang, struct buf *out);
/* Relevant, a question that may be answered (not read-only), without value. */
bool state_is_unanswered(const struct state *state, int place);

/* The choices that are offered now: indexes into item->list->choices. */
const int *state_choices(const struct state *state, int place, size_t *count);

/*
 * The label, hint or guidance with ${...} replaced by values (selects by
 * their labels), markdown signs left as they are.  Adds to `out`.
 */
enum state_text { STATE_LABEL, STATE_HINT, STATE_GUIDANCE };
void state_add_text(const struct state *state, int place, enum state_text which,
    size_t lang, struct buf *out);

/* The value as people read it: labels of choices, dates as written. */
void state_add_shown(
    const struct state *state, int place, size_t lang, struct buf *out);

/* The same of any value of an item. */
void form_add_shown(const struct form *form, const struct item *item,
    const char *value, size_t lang, struct buf *out);

/* ---- rows of repeats ---- */

/* The item of a place; state_place() is its place outside of repeats. */
int state_item(const struct state *state, int place);

/*
 * The rows of the repeat at a place, in their order: places whose item is the
 * repeat too.  Borrowed until a row comes or goes.
 */
const int *state_rows(const struct state *state, int repeat, size_t *count);

/* The row that a place is in (a row is in itself); -1 for none. */
int state_row(const struct state *state, int place);
/* The place of an item in a row (or, with -1, outside of all). */
int state_in_row(const struct state *state, int row, int item);
/* The repeat whose row this is, as a place; -1 where it is no row. */
int state_repeat(const struct state *state, int place);

/*
 * Adds a row: `key` tells it from the other rows of its repeat, for ever, and
 * gives it its place among them: keys are in the order of their bytes, those
 * of digits alone before all others, by number.  Letters, digits and "-", at
 * most STATE_KEY_MAX bytes.  What is there already is given back.  -1 with
 * ERR_LIMIT, ERR_VALUE for a key that is none.
 */
enum { STATE_KEY_MAX = 32, STATE_PLACES_MAX = 500000 };
int state_row_add(
    struct state *state, int repeat, const char *key, struct err *err);
/* Takes a row, with all answers in it, away; changes are those of both. */
void state_row_remove(struct state *state, int row);
const char *state_row_key(const struct state *state, int row);
/* May people add and remove rows, or does the form count them? */
bool state_rows_are_counted(const struct state *state, int repeat);

/* "household[7K3F]/member[1]/name" and back; -1 with ERR_NOT_FOUND. */
void state_add_path(const struct state *state, int place, struct buf *out);
int state_find(const struct state *state, const char *path, struct err *err);
/* As a person writes it: where no row has such a key, a number is that of a
 * row in its order, from 1. */
int state_find_typed(
    const struct state *state, const char *path, struct err *err);

/* The same for people: "household[2]/member[1]/name", rows by number. */
void state_add_numbered(const struct state *state, int place, struct buf *out);
/* The rows that a place is in: "Household 2 of 5 › Person 1 of 3"; nothing
 * outside of rows. */
void state_add_crumbs(
    const struct state *state, int place, size_t lang, struct buf *out);
int state_row_number(const struct state *state, int row); /* from 1 */

/* How many places there are, those of rows that went among them. */
int state_places(const struct state *state);

/*
 * The place after and before this one, as a person goes through them: a
 * repeat, each of its rows with what is in it, what comes behind the repeat.
 * -1 at the ends; state_next() of -1 is the first.
 */
int state_next(const struct state *state, int place);
int state_previous(const struct state *state, int place);
/* The place behind all that is in this one (a group, a repeat, a row). */
int state_after(const struct state *state, int place);

/*
 * Progress over items [first, end): relevant questions, answered, invalid.
 * A read-only question without a value waits for nobody and is not counted.
 */
struct state_counts {
	int relevant, answered, invalid, required_missing;
};

struct state_counts state_progress(
    const struct state *state, int first, int end);
/* The same over one row. */
struct state_counts state_row_progress(const struct state *state, int row);

#endif
