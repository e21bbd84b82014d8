/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_STATE_INTERNAL_H
#define CHECKLISTS_STATE_INTERNAL_H

#include "checklists/expr.h"
#include "checklists/form_plan.h"
#include "checklists/state.h"

/*
 * What the files of the state share: life and questions (state.c), computing
 * what depends on a change (state_compute.c), types (state_types.c), what a
 * person typed (state_typed.c), texts (state_text.c).
 */

/* Why a value is refused. */
enum refusal {
	REFUSE_NOTHING,
	REFUSE_TYPE,
	REFUSE_CHOICE, /* not in the list, or not offered now */
	REFUSE_CONSTRAINT
};

/* The choices that are offered, with a choice_filter or in random order. */
struct offered {
	int *list;
	size_t count, room;
	bool fresh; /* else to be computed before it is read */
};

/* What a place is in a row of, and the rows that are below it. */
struct rows {
	int *list; /* places of rows, in order */
	size_t count, room;
};

struct slot {
	char *value; /* owned; NULL is "" */
	enum value_kind kind;
	bool relevant, read_as_relevant, required, read_only;
	bool loaded; /* state_load() gave a value, maybe "" */
	bool changed;
	uint8_t waits; /* a bit for each kind of job */
	enum refusal refusal;
	struct offered *offered; /* NULL: all of the list */
	int item;
	int row;           /* the innermost row it is in; -1 */
	int repeat;        /* of a row: the place of its repeat; else -1 */
	int number;        /* of a row: its place among the rows, from 0 */
	char *key;         /* of a row; NULL else; owned */
	struct rows *rows; /* of a repeat; NULL else; owned */
	bool absent;       /* of a repeat's member outside of rows; gone */
	long order;        /* its place in the document */
};

/* Jobs of the queue, in the order of their keys, then of places. */
struct job {
	int key, place;
};

struct queue {
	uint64_t *bits; /* by key: jobs of places outside of rows */
	uint64_t *busy; /* a bit for each word of those that is not 0 */
	size_t word_count;
	struct job *heap; /* jobs of places in rows */
	size_t count, room;
};

struct state {
	const struct form *form;
	int64_t when;
	uint32_t shuffle;   /* of choices in random order without a seed */
	struct slot *slots; /* by place */
	int place_count;
	size_t place_room;
	const struct form_plan *plan; /* the form's */
	struct queue queue;
	int *changed;
	size_t changed_count, changed_room;
	int *every_choice; /* 0, 1, 2, ... for lists without a filter */
	struct expr_source source;
	unsigned long jobs_done; /* since the state was made */
	long steps_left;         /* of what is being asked or changed */
	size_t computed_bytes;   /* of all computed values */
	bool started, running;
	bool order_is_old;
	struct state_tree {
		struct tree tree;
		struct state *state;
	} tree;
	/* Of the evaluation under way. */
	int at; /* the place that the expression belongs to */
	const struct choice *choice;
	const struct choice_list *list;
	int candidate; /* read as candidate_value; -1 */
	const char *candidate_value;
};

static inline const struct item *
item_at(const struct state *state, int place)
{
	return &state->form->items[state->slots[place].item];
}

/* The constant form keeps no state; a cache in here may change in questions. */
static inline struct state *
state_cache(const struct state *state)
{
	return (struct state *)(uintptr_t)state;
}

const char *slot_text(const struct slot *slot);
void state_mark_changed(struct state *state, int place);
/* A new row's defaults: fixed ones, then those that are computed. */
void state_defaults(struct state *state, int row);
void state_dynamic_defaults(struct state *state, int row);
/* Makes a place for an item, in a row or (-1) in none. */
int slot_new(struct state *state, int item, int row);
void slot_release(struct slot *slot);

/* ---- state_rows.c ---- */

/* Calls `each` for every place of an item below `row` (-1: everywhere), of a
 * repeat itself and its rows too. */
void rows_each(struct state *state, int row, int item,
    void (*each)(void *arg, int place), void *arg);
/* The row of `repeat` that `place` is in, or is; -1. */
int rows_find(const struct state *state, int place, int repeat);
/* As many rows as the form counts, no fewer than there are. */
void rows_fill(struct state *state, int repeat, int count);

/* ---- state_tree.c ---- */
void state_tree_init(struct state *state);
struct tree_node state_tree_node(const struct state *state, int place);

/* ---- state_source.c ---- */
void source_init(struct state *state);

/* ---- state_compute.c ---- */
/* What a person waits for begins: it may take STATE_STEPS_MAX. */
void compute_begin(struct state *state);
void compute_init(struct state *state);
void compute_release(struct state *state);
/* Everything; or what follows from a change of this place's value. */
void compute_all(struct state *state);
/* What a new row asks for, and what one that is about to go leaves. */
void compute_row_added(struct state *state, int row);
void compute_row_removed(struct state *state, int row);
void compute_after(struct state *state, int place);
/* What a person's change of this place sets off (the trigger column). */
void compute_triggered(struct state *state, int place);
/* Replaces a value; true when it is another one. */
bool slot_put(struct slot *slot, const char *value);
/* Brings `offered` up to date. */
const struct offered *compute_offered(struct state *state, int place);
/* Runs an item's default that is computed. */
void compute_default(struct state *state, int place);
enum refusal refusal_of(
    struct state *state, int place, const char *value, struct err *err);

/* Where the expression that is evaluated next belongs. */
const struct expr_source *compute_source(struct state *state, int place);

/* ---- state_offered.c: with compute_offered() and refusal_of() above ---- */

/* Takes chosen values away that are no longer offered. */
void offered_run(struct state *state, int place);

/* ---- state_types.c ---- */
/* 0, or -1 with ERR_VALUE: the value is not of the item's type. */
int type_check(const struct item *item, const char *value, struct err *err);
bool is_offered(
    struct state *state, int place, const char *name, size_t name_len);

/* ---- typed_date.c ---- */
void typed_date(const char *text, struct buf *out);
void typed_time(const char *text, struct buf *out);
void typed_datetime(const char *text, struct buf *out);
bool datetime_is(const char *value);
void datetime_show(const char *value, struct buf *out);

/* ---- typed_geo.c ---- */
bool geo_is_value(enum item_type type, const char *value);
/* False, with anything in `out`, where it is no such place. */
bool geo_read(enum item_type type, const char *text, struct buf *out);
void geo_show(const char *value, struct buf *out);

/* ---- state_text.c ---- */
void add_rendered(const struct state *state, int place,
    const struct form_text *text, size_t lang, struct buf *out);

#endif
