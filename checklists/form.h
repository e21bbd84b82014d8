/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_FORM_H
#define CHECKLISTS_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/i18n.h"
#include "checklists/problem.h"
#include "crypto/hash.h"

/*
 * A form is a checklist as read from its normalised sheets: constant, shared,
 * and without answers (state.h has those).  Items stand in the order of the
 * survey sheet; a group is an item that is followed by its members, and so is
 * a repeat, of which a state has any number of rows.
 *
 * Everything a form points to lives until form_free().
 */
struct expr;

#define ITEM_TYPES(X)                              \
	X(ITEM_GROUP, "group")                     \
	X(ITEM_REPEAT, "repeat")                   \
	X(ITEM_TEXT, "text")                       \
	X(ITEM_INTEGER, "integer")                 \
	X(ITEM_DECIMAL, "decimal")                 \
	X(ITEM_SELECT_ONE, "select_one")           \
	X(ITEM_SELECT_MULTIPLE, "select_multiple") \
	X(ITEM_DATE, "date")                       \
	X(ITEM_TIME, "time")                       \
	X(ITEM_DATETIME, "dateTime")               \
	X(ITEM_RANGE, "range")                     \
	X(ITEM_RANK, "rank")                       \
	X(ITEM_BARCODE, "barcode")                 \
	X(ITEM_GEOPOINT, "geopoint")               \
	X(ITEM_GEOTRACE, "geotrace")               \
	X(ITEM_GEOSHAPE, "geoshape")               \
	X(ITEM_IMAGE, "image")                     \
	X(ITEM_AUDIO, "audio")                     \
	X(ITEM_VIDEO, "video")                     \
	X(ITEM_FILE, "file")                       \
	X(ITEM_NOTE, "note")                       \
	X(ITEM_CALCULATE, "calculate")             \
	X(ITEM_ACKNOWLEDGE, "acknowledge")

enum item_type {
#define X(id, name) id,
	ITEM_TYPES(X)
#undef X
	    ITEM_TYPE_COUNT
};

enum { FORM_LANGS_MAX = 32, FORM_ITEMS_MAX = 20000, FORM_DEPTH_MAX = 16 };

/* A text in each language of the form, NULL where it has none. */
struct form_text {
	const char *in[1]; /* form->lang_count entries */
};

enum score_kind {
	SCORE_NONE,   /* leaves the denominator: n/a, or not scored at all */
	SCORE_NUMBER, /* 0 to 100 */
	SCORE_UNKNOWN /* "?" in the sheet: anything from 0 to 100 (not seen) */
};

struct choice {
	const char *name;
	const struct form_text *label; /* NULL: the name is shown */
	enum score_kind score_kind;
	int score;
	bool asks_reason;     /* column "reason" is yes: n/a, not seen */
	int severity;         /* 0 none, 1 critical to 4 observation */
	const char *polarity; /* "strength", "need" or NULL */
	const struct form_text *option; /* recommended measure; NULL */
	const char *const *extra; /* by form->extra_names; for choice_filter */
};

struct choice_list {
	const char *name;
	const struct choice *choices;
	size_t count;
	bool external; /* of the sheet external_choices */
};

/* What a range question offers, in units of which RANGE_UNIT make 1. */
enum { RANGE_UNIT = 1000000 };

struct item_range {
	int64_t start, end, step; /* step > 0; end may be below start */
};

struct item {
	enum item_type type;
	const char *name; /* unique in its group */
	const char *path; /* "a5/height": groups and name, without the root */
	int index;        /* of itself */
	int parent;       /* index of its group; -1 at the top */
	int depth;
	int end; /* of a group: index after its last member; else index + 1 */
	int repeat; /* the innermost repeat it is a member of; -1: none */
	int row;    /* of the normalised survey sheet; its header is 1 */
	const struct form_text *label, *hint, *guidance; /* NULL: none */
	const struct form_text *required_message, *constraint_message;
	const struct expr *relevant, *required, *constraint, *calculation;
	const struct expr *choice_filter, *read_only;
	const struct expr
	    *repeat_count; /* of a repeat; NULL: people add rows */
	const struct expr *dynamic_default; /* computed once, at the start */
	const char *default_text;           /* fixed; NULL: none */
	const char *appearance;             /* "" where none */
	const struct choice_list *list;     /* of selects; else NULL */
	const struct item_range *range;     /* of ITEM_RANGE; else NULL */
	/*
	 * Computed once when a person changes one of the items `triggers`,
	 * and left alone otherwise; then `calculation` is NULL.
	 */
	const struct expr *triggered;
	const int *triggers;
	int trigger_count;
	/* What is known without asking ("start", "deviceid", "audit", "hidden");
	 * NULL for all else. */
	const char *meta;
	bool randomize; /* the order of choices, by `seed` where it is given */
	const struct expr *seed;
	int weight;            /* bind::ronde:weight; 1 where none is given */
	bool weakest;          /* bind::ronde:weakest */
	const char *framework; /* "legal", "institutional", "operational" */
	const char *reference; /* "2341 OP2, GP 51"; NULL */
	struct hash text_hash; /* over type, labels, hints and choices */
};

struct form {
	struct hash identity; /* BLAKE2b-256 of the normalised sheets */
	const char *title, *form_id, *version;
	const char *root; /* the first step of absolute paths: "data" */
	const struct expr *instance_name; /* what a submission is called; NULL */
	const char *langs[FORM_LANGS_MAX]; /* "Français (fr)"; "default" */
	size_t lang_count;
	size_t default_lang;
	const struct item *items;
	int item_count;
	int question_count;             /* items that a person answers */
	const char *const *extra_names; /* other columns of choices */
	size_t extra_count;
	struct arena *arena;
};

/*
 * Builds a form from normalised sheets.  NULL when `problems` has errors (err
 * then says how many and gives the first) or on a limit.  Rows are those of
 * the normalised sheets: reader_show_rows() and then problems_refuse() give
 * those of the person's file.
 */
struct form *form_parse(
    const char *csv, size_t len, struct problems *problems, struct err *err);
void form_free(struct form *form); /* NULL is allowed */

/* Another hold on the same form, which lives until each was freed. */
struct form *form_share(struct form *form);

/*
 * Finds an item by "a5/height", "/a5/height", "/data/a5/height" or, where
 * only one has it, "height".  NULL with ERR_NOT_FOUND (naming the nearest).
 */
const struct item *form_find(
    const struct form *form, const char *path, struct err *err);

/* The index of the item at exactly `path`, from the top; -1 for none. */
int form_item_at(const struct form *form, const char *path);

/* Do its expressions give the same at both times, answers being the same? */
bool form_is_same_at(const struct form *form, int64_t one, int64_t other);

/* Is `word` one of the words of the item's appearance? */
bool item_looks(const struct item *item, const char *word);
/* A select that only names the choices over a table (its appearance "label"):
 * nobody answers it. */
bool item_is_heading(const struct item *item);

/* True for what a person answers: not groups, notes, headings, calculates. */
bool item_is_question(const struct item *item);
/* True for groups and repeats: what has members. */
bool item_has_members(const struct item *item);

/* True for what is answered with a file: the value is its bare name. */
bool item_takes_file(const struct item *item);
/* True for what holds several choices, joined by one space. */
bool item_has_many(const struct item *item);

/* The form's language for the screen's: its index; the default's if none. */
size_t form_lang(const struct form *form, enum lang lang);

/*
 * The text in language `lang`, or in the default language, or in any; ""
 * where there is none.  `*fell_back` (may be NULL) tells that it is another.
 */
const char *form_text(const struct form *form, const struct form_text *text,
    size_t lang, bool *fell_back);

const struct choice *choice_find(
    const struct choice_list *list, const char *name, size_t name_len);

const char *item_type_name(enum item_type type);

/*
 * The sections of a form, as the section map shows them: its groups at the
 * top (and one without a name for questions outside of any).
 */
struct section {
	int first, end;           /* items */
	const struct item *group; /* NULL for questions outside */
};

/* An array that ends with first == end; borrowed from the form. */
const struct section *form_sections(const struct form *form, size_t *count);

#endif
