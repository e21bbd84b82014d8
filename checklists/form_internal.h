/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_FORM_INTERNAL_H
#define CHECKLISTS_FORM_INTERNAL_H

#include "base/buf.h"
#include "base/mem.h"
#include "checklists/csv.h"
#include "checklists/expr.h"
#include "checklists/form.h"
#include "checklists/name_map.h"
#include "checklists/table.h"

/*
 * What the files that build a form share: sheets and their columns
 * (form_sheets.c, form_sheet_cells.c), names (form_names.c), choices
 * (form_choices.c), the rows of the survey (form_types.c, form_items.c,
 * form_cells.c), logic (form_logic.c, form_cycles.c), then the finished form
 * (form_build.c, form.c).
 */

/* ---- the finished form, with what only this layer sees ---- */

struct form_full {
	struct form form; /* first: a struct form * is a struct form_full * */
	size_t shares;    /* besides the first hold */
	struct name_map names; /* of items: the first that has the name */
	int *same_name;        /* the next item with this name; -1 */
	struct section *sections;
	size_t section_count;
	struct table *tables; /* files beside the form */
	size_t table_count, table_room;
	struct form_plan *plan; /* NULL until form_plan() is asked */
	struct choice_index *choice_indexes; /* made when asked for */
};

static inline const struct form_full *
full_of(const struct form *form)
{
	return (const struct form_full *)(const void *)form;
}

/* Columns of choices as expressions name them: two fixed, then the extra. */
enum { COLUMN_NAME, COLUMN_LABEL, COLUMN_EXTRA };

/*
 * The item that "${name}", "../name", "/data/a/name" means, seen from `self`;
 * -1 with err.  `*row_of` (may be NULL) is the repeat in whose row of `self`
 * it is looked for, -1 for none: what lies in other repeats below that means
 * all of their rows.  form_resolve_name() is for one name only.
 */
int form_resolve(const struct form_full *full, int self, const char *path,
    size_t len, int *row_of, struct err *err);
int form_resolve_name(const struct form_full *full, const char *name,
    size_t len, struct err *err);
/* The member `name` of a group (-1: the top); -1 where there is none. */
int form_member(
    const struct form_full *full, int group, const char *name, size_t len);

/* ---- sheets ---- */

struct sheet_row {
	int number; /* as the spreadsheet counts; the header is 1 */
	const char *const *cells; /* one per column; "" where none */
};

enum column_kind {
	COL_UNKNOWN,
	COL_TYPE,
	COL_NAME,
	COL_LIST_NAME,
	COL_LABEL,
	COL_HINT,
	COL_GUIDANCE,
	COL_REQUIRED,
	COL_REQUIRED_MESSAGE,
	COL_RELEVANT,
	COL_CONSTRAINT,
	COL_CONSTRAINT_MESSAGE,
	COL_CALCULATION,
	COL_DEFAULT,
	COL_APPEARANCE,
	COL_CHOICE_FILTER,
	COL_READ_ONLY,
	COL_REPEAT_COUNT,
	COL_PARAMETERS,
	COL_TRIGGER,
	COL_DISABLED,
	COL_MEDIA,
	COL_WEIGHT,
	COL_FRAMEWORK,
	COL_REFERENCE,
	COL_WEAKEST,
	COL_SCORE,
	COL_SEVERITY,
	COL_POLARITY,
	COL_OPTION,
	COL_REASON,
	COL_IGNORED,
	COL_COUNT
};

struct column {
	const char *header;
	enum column_kind kind;
	const char *lang; /* NULL: none given */
	int lang_index;   /* in form->langs; -1 */
	int extra;        /* of a choice's other column: in extra_names */
};

struct sheet {
	const char *name; /* NULL: there is none */
	struct column *columns;
	size_t column_count;
	struct sheet_row *rows;
	size_t row_count, row_room;
	int first[COL_COUNT]; /* the column of this kind without language; -1 */
};

/* ---- building ---- */

/* What a type says of its own, where the cell is empty; NULL: nothing. */
struct implied {
	const char *relevant, *constraint;
};

/* Choices made of a file, for all questions with the same columns. */
struct file_list {
	const struct table *table;
	int name, label; /* columns */
	const struct choice_list *list;
	struct file_list *next;
	const struct hash *hash; /* of the list, once it is asked for */
};

struct builder {
	struct arena *arena;
	struct problems *problems;
	struct err *err;
	struct form_full *full;
	struct sheet survey, choices, settings, external, entities;
	struct item *items;
	size_t item_room;
	const struct sheet_row **item_rows; /* by item */
	size_t item_row_room;
	struct implied *implied; /* by item */
	size_t implied_room;
	struct choice_list *lists;
	size_t list_count, list_room;
	struct file_list *file_lists;
	size_t file_cells; /* of their choices */
	const char *default_language; /* NULL: not set */
	const char *instance_name;    /* an expression; "": not set */
	bool allow_choice_duplicates;
	long nodes_left; /* that all expressions together may still have */
};

/* Splits the normalised CSV in sheets; 0, or -1 with err. */
int form_read_sheets(
    struct builder *b, const char *csv, size_t len, struct err *err);
/* The cell of a kind without language; "" where there is no such column. */
const char *sheet_cell(const struct sheet *sheet, const struct sheet_row *row,
    enum column_kind kind);
/* The header of that column, for messages. */
const char *sheet_header(const struct sheet *sheet, enum column_kind kind);
/* The text in all languages, or NULL where every cell is empty. */
const struct form_text *sheet_text(struct builder *b, const struct sheet *sheet,
    const struct sheet_row *row, enum column_kind kind);

void problem_here(struct builder *b, const struct sheet *sheet,
    const struct sheet_row *row, enum column_kind kind, const char *fmt, ...)
    PRINTF_LIKE(5, 6);
void warn_here(struct builder *b, const struct sheet *sheet,
    const struct sheet_row *row, enum column_kind kind, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

bool is_yes(const char *cell);
bool is_no(const char *cell);

void form_read_settings(struct builder *b);
void form_read_choices(struct builder *b);
void form_read_survey(struct builder *b);
/* The item's name, checked; a note may go without.  NULL is a problem. */
const char *form_read_name(
    struct builder *b, const struct sheet_row *row, enum item_type type);
/* Texts, weight and framework; columns that cannot be passed over. */
void form_read_cells(
    struct builder *b, const struct sheet_row *row, struct item *item);
/* What the parameters say of the item; then one of them, or NULL. */
void form_read_parameters(
    struct builder *b, const struct sheet_row *row, struct item *item);
const char *form_parameter(
    struct builder *b, const struct sheet_row *row, const char *name);
/* "12.5" in units of RANGE_UNIT; false where it is no such number. */
bool range_number(const char *text, int64_t *number);
void range_write(int64_t number, struct buf *out);
/* Gives the list its choice "other"; the label of the text to go with it. */
const struct form_text *form_add_other(
    struct builder *b, const struct sheet_row *row, struct choice_list *list);
void form_read_logic(struct builder *b);
void form_check_cycles(struct builder *b);
void form_hash_items(struct builder *b);

/* A type cell taken apart. */
enum type_kind {
	TYPE_ITEM,
	TYPE_SELECT,
	TYPE_BEGIN_GROUP,
	TYPE_END_GROUP,
	TYPE_BEGIN_LOOP, /* over `list` */
	TYPE_END_LOOP,
	TYPE_FILE,       /* a file for expressions; `list` names it */
	TYPE_META,       /* `word` says which */
	TYPE_UNSUPPORTED /* `word`: what, in the plural, translated */
};

struct row_type {
	enum type_kind kind;
	enum item_type item;
	const char *word; /* of an item: its own constraint; or NULL */
	const char *list; /* of a select or loop; borrowed from the cell */
	bool or_other;    /* a select with a text for others */
	bool file;        /* a select whose list is a file */
	bool external;    /* a select of the sheet external_choices */
};

/* ---- the survey while its rows become items ---- */

struct loop;

struct survey {
	struct builder *b;
	int open[FORM_DEPTH_MAX + 1]; /* indexes of the groups that are open */
	int depth;
	int skipped; /* groups and repeats open inside of what is refused */
	struct loop *loop; /* whose rows are being kept; NULL */
	int copies;        /* of rows in loops */
	bool too_many;     /* of them: told */
};

/* An item of this row; NULL with a problem. */
struct item *survey_add_item(
    struct survey *s, const struct sheet_row *row, enum item_type type);
struct item *survey_make_item(struct survey *s, const struct sheet_row *row,
    enum item_type type, const char *name);
void survey_begin_group(
    struct survey *s, const struct sheet_row *row, enum item_type type);
void survey_end_group(
    struct survey *s, const struct sheet_row *row, enum item_type type);
void survey_add_row(struct survey *s, const struct sheet_row *row);
/* A row csv-external: only that the file is there. */
void survey_check_file(struct survey *s, const struct sheet_row *row);
void survey_add_select(
    struct survey *s, const struct sheet_row *row, const struct row_type *type);
/* The list that the type names; NULL with a problem (the nearest). */
const struct choice_list *survey_list(
    struct survey *s, const struct sheet_row *row, const struct row_type *type);

/* A row of the survey that has nothing but its number. */
const struct sheet_row *survey_blank_row(struct builder *b, int number);

/* form_loops.c: a loop's rows are kept until its end, then read for each
 * choice; true for a row that is kept. */
void survey_begin_loop(
    struct survey *s, const struct sheet_row *row, const struct row_type *type);
bool survey_keep_for_loop(struct survey *s, const struct sheet_row *row);
void survey_end_loops(struct survey *s); /* those without an end: a problem */

/* 0, or -1 with the reason in err (the nearest known type). */
int type_read(const char *cell, struct row_type *type, struct err *err);

#endif
