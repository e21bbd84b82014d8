/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Rows by the hash of a cell: `heads` by hash, the next one by row. */
struct table_index {
	int *heads, *next; /* rows from 1; 0: none */
	size_t room;       /* of heads, a power of two */
};

const char *
table_cell(const struct table *table, size_t row, int column)
{
	const struct csv_row *of = &table->rows[row];
	const size_t at = (size_t)column + 1;

	return at < of->count ? of->cells[at] : "";
}

int
table_column(const struct table *table, const char *name)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i], name) == 0)
			return (int)i;
	return -1;
}

bool
table_is_named(const struct table *table, const char *name)
{
	const size_t len = strlen(name);

	return strncmp(table->name, name, len) == 0 &&
	    (table->name[len] == '\0' ||
		strcmp(table->name + len, ".csv") == 0);
}

static size_t
hash_text(const char *text)
{
	uint64_t hash = 14695981039346656037U; /* FNV-1a */

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211U;
	return (size_t)(hash ^ hash >> 32);
}

/* From the last row to the first, so that the first is found first. */
static void
build(const struct table *table, int column, struct table_index *index)
{
	index->room = 16;
	while (index->room < table->row_count)
		index->room *= 2;
	index->heads = xcalloc(index->room, sizeof(int));
	index->next = xcalloc(table->row_count + 1, sizeof(int));
	for (size_t row = table->row_count; row > 0; row--) {
		const char *cell = table_cell(table, row - 1, column);
		int *head = &index->heads[hash_text(cell) & (index->room - 1)];

		index->next[row] = *head;
		*head = (int)row;
	}
}

long
table_find(struct table *table, int column, const char *text)
{
	struct table_index *index;

	if (!table->indexes)
		table->indexes =
		    xcalloc(table->column_count + 1, sizeof(*table->indexes));
	index = &table->indexes[column];
	if (index->room == 0)
		build(table, column, index);
	for (int row = index->heads[hash_text(text) & (index->room - 1)];
	     row > 0; row = index->next[row])
		if (strcmp(table_cell(table, (size_t)row - 1, column), text) ==
		    0)
			return row - 1;
	return -1;
}

void
table_release(struct table *table)
{
	for (size_t i = 0; table->indexes && i < table->column_count; i++) {
		free(table->indexes[i].heads);
		free(table->indexes[i].next);
	}
	free(table->indexes);
	table->indexes = NULL;
}

/* ---- as a document: root, "root", then each row and its cells ---- */

enum { ROOT_NODE = 1, FIRST_NODE = 2 };

static const struct table *
of(const struct tree *tree)
{
	return (const struct table *)(const void *)tree;
}

static int
width(const struct tree *tree)
{
	return (int)of(tree)->column_count + 1;
}

/* 0 for the node of a row, else its column from 1. */
static int
place(const struct tree *tree, int node)
{
	return (node - FIRST_NODE) % width(tree);
}

static enum tree_kind
table_kind(const struct tree *tree, int node)
{
	(void)tree;
	return node == TREE_TOP ? TREE_ROOT : TREE_ELEMENT;
}

static const char *
node_name(const struct tree *tree, int node)
{
	if (node < FIRST_NODE)
		return node == TREE_TOP ? "" : "root";
	return place(tree, node) == 0
	    ? "item"
	    : of(tree)->columns[place(tree, node) - 1];
}

static const char *
node_space(const struct tree *tree, int node)
{
	(void)tree;
	(void)node;
	return "";
}

static int
node_parent(const struct tree *tree, int node)
{
	if (node < FIRST_NODE)
		return node - 1; /* of the top: TREE_NONE */
	return place(tree, node) == 0 ? ROOT_NODE : node - place(tree, node);
}

static int
node_child(const struct tree *tree, int node)
{
	if (node == TREE_TOP)
		return ROOT_NODE;
	if (node == ROOT_NODE)
		return of(tree)->row_count ? FIRST_NODE : TREE_NONE;
	return place(tree, node) == 0 && of(tree)->column_count ? node + 1
								: TREE_NONE;
}

static int
node_next(const struct tree *tree, int node)
{
	const struct table *table = of(tree);

	if (node < FIRST_NODE)
		return TREE_NONE;
	if (place(tree, node) > 0)
		return place(tree, node) < (int)table->column_count ? node + 1
								    : TREE_NONE;
	node += width(tree);
	return (size_t)((node - FIRST_NODE) / width(tree)) < table->row_count
	    ? node
	    : TREE_NONE;
}

static int
node_attribute(const struct tree *tree, int node)
{
	(void)tree;
	(void)node;
	return TREE_NONE;
}

static const char *
node_text(const struct tree *tree, int node, enum value_kind *kind)
{
	if (node < FIRST_NODE || place(tree, node) == 0)
		return NULL;
	*kind = VALUE_TEXT;
	return table_cell(of(tree), (size_t)((node - FIRST_NODE) / width(tree)),
	    place(tree, node) - 1);
}

static long
node_order(const struct tree *tree, int node)
{
	(void)tree;
	return node;
}

void
table_init(struct table *table, const char *name, const struct csv_row *header,
    const struct csv_row *rows, size_t count)
{
	*table = (struct table){
		.tree = { table_kind, node_name, node_space, node_parent,
		    node_child, node_next, node_attribute, node_text,
		    node_order, NULL },
		.name = name,
		.columns = header->cells + 1,
		.column_count = header->count - 1,
		.rows = rows,
		.row_count = count,
	};
}
