/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_TABLE_H
#define CHECKLISTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "checklists/csv.h"
#include "checklists/tree.h"

/*
 * The rows of a file beside a form, as expressions see them:
 * pulldata('roads', 'length', 'name', ${road}), or walked as the document
 * instance('roads'): /root/item/COLUMN.
 */
struct table_index;

struct table {
	struct tree tree; /* first: a struct tree * is a struct table * */
	const char *name; /* "roads.csv" */
	const char *const *columns;
	size_t column_count;
	const struct csv_row *rows; /* their first cell is not a column */
	size_t row_count;
	struct table_index *indexes; /* by column; made when they are used */
};

/* The header is `header` without its first cell; all is borrowed. */
void table_init(struct table *table, const char *name,
    const struct csv_row *header, const struct csv_row *rows, size_t count);
void table_release(struct table *table);

/* The column of this name; -1 for none. */
int table_column(const struct table *table, const char *name);
const char *table_cell(const struct table *table, size_t row, int column);

/* The first row with exactly this text in the column, or -1.  The first call
 * for a column reads all of it, others cost the same in any table. */
long table_find(struct table *table, int column, const char *text);

/* "roads" is "roads.csv". */
bool table_is_named(const struct table *table, const char *name);

#endif
