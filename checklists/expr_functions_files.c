/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include "checklists/table.h"

/* Files beside the form: pulldata() and instance(). */

static struct table *
find_table(struct eval *eval, const char *name)
{
	const struct expr_source *source = eval->source;

	return source->table ? source->table(source->arg, name) : NULL;
}

/* pulldata(file, column, key column, key): "" where there is no such row. */
static int
call_pulldata(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *file, *column, *key_column, *key;
	struct table *table;
	int from, by;
	long row;

	if (call_text(eval, node, 0, &file) != 0 ||
	    call_text(eval, node, 1, &column) != 0 ||
	    call_text(eval, node, 2, &key_column) != 0 ||
	    call_text(eval, node, 3, &key) != 0)
		return -1;
	*value = value_of_text("");
	table = find_table(eval, file);
	if (!table)
		return 0;
	from = table_column(table, column);
	by = table_column(table, key_column);
	row = from < 0 || by < 0 ? -1 : table_find(table, by, key);
	if (row >= 0)
		*value = value_of_text(table_cell(table, (size_t)row, from));
	return 0;
}

int
nodes_of_instance(
    struct eval *eval, const struct expr *node, struct node_set *set)
{
	const char *name;
	const struct table *table;

	if (call_text(eval, node, 0, &name) != 0)
		return -1;
	table = find_table(eval, name);
	return table ? node_set_add(eval, set,
			   (struct tree_node){ &table->tree, TREE_TOP })
		     : 0;
}

/* Name, least and most arguments, flags, what it does; last a NULL row. */
const struct function functions_files[] = {
	{ "pulldata", 4, 4, 0, call_pulldata, NULL },
	{ "instance", 1, 1, 0, NULL, nodes_of_instance },
	{ .name = NULL },
};
