/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_STATE_INTERNAL_H
#define CHECKLISTS_STATE_INTERNAL_H

#include "checklists/expr.h"
#include "checklists/form_order.h"
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

/* The choices that are offered, for an item with a choice_filter. */
struct offered {
	int *list;
	size_t count;
	bool fresh; /* else to be computed before it is read */
};

struct slot {
	char *value; /* owned; NULL is "" */
	enum value_kind kind;
	bool relevant, read_as_relevant, required, read_only;
	bool loaded; /* state_load() gave a value, maybe "" */
	enum refusal refusal;
	struct offered *offered; /* NULL: all of the list */
};

/* Jobs of the queue, in the order of their keys. */
struct queue {
	int *heap;
	size_t count, room;
	bool *waits; /* by key */
};

struct state {
	const struct form *form;
	int64_t when;
	struct slot *slots; /* by item */
	struct order order;
	int *node_at;     /* by rank */
	int *check_start; /* items whose filter or checks read item x */
	int *check_target;
	struct queue queue;
	int *changed;
	size_t changed_count;
	bool *is_changed;  /* by item */
	int *every_choice; /* 0, 1, 2, ... for lists without a filter */
	struct expr_source source;
	/* Of the evaluation under way. */
	const struct choice *choice;
	const struct choice_list *list;
	int candidate_item; /* read as candidate_value; -1 */
	const char *candidate_value;
};

/* The constant form keeps no state; a cache in here may change in questions. */
static inline struct state *
state_cache(const struct state *state)
{
	return (struct state *)(uintptr_t)state;
}

const char *slot_text(const struct slot *slot);
void state_mark_changed(struct state *state, int item);

/* ---- state_source.c ---- */
void source_init(struct state *state);

/* ---- state_compute.c ---- */
void compute_init(struct state *state);
/* Which items are checked again when another changes. */
void compute_find_readers(struct state *state);
void compute_release(struct state *state);
/* Everything; or what follows from a change of this item's value. */
void compute_all(struct state *state);
void compute_after(struct state *state, int item);
/* Replaces a value; true when it is another one. */
bool slot_put(struct slot *slot, const char *value);
/* Brings `offered` up to date. */
const struct offered *compute_offered(struct state *state, int item);
/* Runs an item's default that is computed. */
void compute_default(struct state *state, int item);
enum refusal refusal_of(
    struct state *state, int item, const char *value, struct err *err);

/* ---- state_types.c ---- */
/* 0, or -1 with ERR_VALUE: the value is not of the item's type. */
int type_check(const struct item *item, const char *value, struct err *err);
bool is_offered(
    struct state *state, int item, const char *name, size_t name_len);

/* ---- state_text.c ---- */
void add_rendered(const struct state *state, int item,
    const struct form_text *text, size_t lang, struct buf *out);

#endif
