/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_EXPR_H
#define CHECKLISTS_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/mem.h"
#include "checklists/tree.h"

/*
 * The logic of forms: XPath 1.0 with the functions of OpenRosa and ${name},
 * read to a tree once and evaluated over an array of answers.  A reference
 * is an index, so reading one costs the same in any form.  Values are typed;
 * if(), `and` and `or` are lazy; depth and work are bounded.
 *
 * Where engines differ JavaRosa decides (its functions as ODK documents
 * them); the tests name each such place.
 */
struct expr;
struct table;

enum {
	EXPR_TEXT_MAX = 64 * 1024, /* bytes; more is ERR_LIMIT */
	EXPR_DEPTH_MAX = 256,      /* of nesting, counted in every rule */
	EXPR_NODES_MAX = 20000,
	EXPR_STEPS_MAX = 1000000 /* nodes visited in one evaluation */
};

/* What an expression may name: given by the form while it is being read. */
struct expr_names {
	/*
	 * The item that ${name} or a path means, seen from item `self`: its
	 * index, or -1 with err (naming the nearest).  `path` is "${name}",
	 * "../name", "/data/a/name", "name" (inside a choice filter: a column
	 * of choices; then the result is EXPR_COLUMN + its index).
	 */
	int (*resolve)(void *arg, int self, const char *path, size_t len,
	    int *row_of, struct err *err);
	/*
	 * `*row_of` (NULL: not asked for) is the repeat in whose row, around
	 * `self`, the item is; -1: in no row.  has_rows() tells whether there
	 * is more than one such item; NULL: never.
	 */
	bool (*has_rows)(void *arg, int item, int row_of);
	void *arg;
	int self;         /* the item that the expression belongs to */
	bool in_filter;   /* a choice_filter: bare names are columns */
	long *nodes_left; /* of many expressions together; NULL: any number */
	/* Set where it cannot be read: the character, from 1; NULL: not told. */
	int *failed_at;
};

enum { EXPR_COLUMN = 1 << 24 };

/*
 * Reads `text`.  The tree is borrowed from `arena`.  NULL with ERR_FORMAT
 * ("column 12: expected ')'"), ERR_UNSUPPORTED (a function or an axis that
 * this version lacks, named), ERR_NOT_FOUND (a reference) or ERR_LIMIT.
 * Columns count characters from 1.
 */
const struct expr *expr_parse(struct arena *arena, const char *text,
    const struct expr_names *names, struct err *err);

/*
 * Calls `each` with every item that `expr` reads (the item itself for "."),
 * so that a graph of dependencies can be made; `wide` when it may be read in
 * other rows than those that the expression's own item is in.
 */
void expr_references(const struct expr *expr,
    void (*each)(void *arg, int item, bool wide), void *arg);

/* Calls `each` with the name of every function that `expr` calls. */
void expr_functions(const struct expr *expr,
    void (*each)(void *arg, const char *name), void *arg);

/* "column = value" in a filter, the value being the same for all choices. */
struct expr_key {
	int column; /* without EXPR_COLUMN */
	const struct expr *value;
};

enum { EXPR_KEYS_MAX = 8 };

/*
 * What each choice that the filter takes must satisfy: the first such keys of
 * a conjunction.  Their number; 0 where the filter has none.
 */
int expr_filter_keys(
    const struct expr *filter, struct expr_key keys[EXPR_KEYS_MAX]);

/* How long its value lasts while no answer changes: today() lasts for the
 * day, now(), random() and uuid() for the moment. */
enum expr_time { EXPR_TIMELESS, EXPR_DAY, EXPR_MOMENT };
enum expr_time expr_time(const struct expr *expr);

/* True where it uses today(), now(), random() or uuid(). */
bool expr_is_volatile(const struct expr *expr);

/* True when an XLSForm default is to be computed (pyxform's rule). */
bool expr_looks_dynamic(const char *text, bool is_date);

/* Where an evaluation gets its answers. */
struct expr_source {
	/* The text of an item ("" when not relevant), and how to read it. */
	const char *(*text)(
	    void *arg, int item, int row_of, enum value_kind *kind);
	/*
	 * The relevant nodes of an item in the row of `row_of`, through `add`,
	 * which gives other than 0 to stop; NULL: there are no rows.  -1 when
	 * it was stopped.
	 */
	int (*nodes)(void *arg, int item, int row_of,
	    int (*add)(void *to, struct tree_node node), void *to);
	/* A column of the choice at hand; only inside a filter. */
	const char *(*column)(void *arg, int column);
	/* jr:choice-name(): label of `name` in the list of `item`; or NULL. */
	const char *(*choice_label)(void *arg, int item, const char *name);
	/* The file beside the form "roads" or "roads.csv"; NULL. */
	struct table *(*table)(void *arg, const char *name);
	void *arg;
	const struct tree *tree; /* what paths walk; NULL: nothing */
	int context;             /* the node of it where they begin */
	long *steps_left; /* of many evaluations together; NULL: any number */
	int64_t now;      /* what now() gives, milliseconds */
	const char *month_lang; /* "fr" or "en": %b and %a in format-date */
};

/*
 * Evaluates.  Text: as XPath string(), in JavaRosa's writing of numbers and
 * booleans, NaN as "" when `for_storage`; the caller's to free.  ERR_LIMIT
 * when it takes too many steps, ERR_VALUE where a function refuses its
 * arguments.
 */
char *expr_text(const struct expr *expr, const struct expr_source *source,
    bool for_storage, struct err *err);
/* The same, and the kind that the value had: what to read it back as. */
char *expr_value(const struct expr *expr, const struct expr_source *source,
    bool for_storage, enum value_kind *kind, struct err *err);
/* 1 true, 0 false, -1 err. */
int expr_truth(
    const struct expr *expr, const struct expr_source *source, struct err *err);
/* The number, NaN where there is none. */
int expr_number(const struct expr *expr, const struct expr_source *source,
    double *number, struct err *err);

/* Orders a list as randomize() with this seed does. */
void expr_shuffle(int *list, size_t count, double seed);

/*
 * Calls `each` with every node that it gives, in the order of the document.
 * 1, 0 where it gives no nodes but a value, -1 err.
 */
int expr_nodes(const struct expr *expr, const struct expr_source *source,
    void (*each)(void *arg, struct tree_node node), void *arg, struct err *err);

#endif
