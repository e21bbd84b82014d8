/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "storage/doctor_rows.h"

/*
 * Invariants:
 *
 *  (1) owners[page] is set once: each page is walked once, so no loop of
 *      damaged pages is endless.
 *  (2) What is found by its looks alone (find_orphans) comes only from pages
 *      that no tree and no list of free pages leads to.
 *
 * The order of this file: trees, free pages, orphans, all of it.
 */

/* A row names a table or index whose rows are wanted. */
static const struct {
	const char *name;
	enum row_kind kind;
} wanted[] = {
	{ "event", ROW_EVENT },
	{ "statement", ROW_STATEMENT },
	{ "blob", ROW_BLOB },
	{ "blob_chunk", ROW_CHUNK },
	{ "form", ROW_FORM },
	{ "setting", ROW_SETTING },
	{ "identity", ROW_IDENTITY },
	{ "tombstone", ROW_TOMBSTONE },
	{ "purged", ROW_PURGED },
	{ "former", ROW_FORMER },
	{ "sqlite_autoindex_event_1", ROW_EVENT_KEY },
	{ "statement_order", ROW_STATEMENT_KEY },
	{ "sqlite_autoindex_blob_1", ROW_BLOB_KEY },
};

/* ---- trees ---- */

struct walk {
	struct gathered *all;
	uint16_t tree;
	const struct progress *progress;
	struct buf payload;
};

static void
own_page(void *arg, uint32_t page)
{
	struct walk *walk = arg;

	if (walk->all->owners[page] == TREE_NONE)
		walk->all->owners[page] = walk->tree;
}

/* Follows the overflow pages, to know whose they are and which are gone. */
static int
follow(struct walk *walk, const struct cell *cell, const struct row_ref *ref,
    struct err *err)
{
	const struct tree_use use = { own_page, walk };
	uint32_t bad;
	const int got = cell_payload(walk->all->source, cell, BUF_MAX_BYTES,
	    &use, &walk->payload, &bad, err);

	if (got == 0 && bad > 0)
		gathered_add_lost(walk->all,
		    &(struct lost_page){ .page = bad,
			.tree = walk->tree,
			.overflow = true,
			.key = ref->key,
			.second = ref->second });
	return got < 0 ? -1 : 0;
}

static int
take_row(struct walk *walk, const struct cell *cell, uint32_t page, unsigned at,
    struct err *err)
{
	const enum row_kind kind = walk->all->trees[walk->tree].kind;
	struct row_ref ref = { .page = page, .cell = (uint16_t)at };
	struct row record;

	ref.key = cell->rowid;
	if (kind != ROW_OTHER &&
	    row_read(&record, cell->local, cell->local_len, cell->len) &&
	    row_has_shape(&record, kind)) {
		row_place(kind, cell, &record, &ref);
		gathered_add(walk->all, kind, &ref);
	}
	return cell->overflow ? follow(walk, cell, &ref, err) : 0;
}

/* Reads a page of the tree: 1 with its node, 0 where it is lost, -1. */
static int
enter(struct walk *walk, uint32_t page, uint8_t *bytes, struct node *node,
    struct err *err)
{
	struct gathered *all = walk->all;
	struct lost_page lost = { .page = page, .tree = walk->tree };
	int got;

	if (page == 0 || page > all->source->pages ||
	    all->owners[page] != TREE_NONE)
		return 0;
	all->owners[page] = walk->tree;
	if (progress_step(walk->progress, page, all->source->pages, err) < 0)
		return -1;
	got = all->source->read(all->source->arg, page, bytes, err);
	if (got < 0)
		return -1;
	lost.malformed = got > 0;
	if (got > 0 && node_read(node, page, bytes))
		return 1;
	gathered_add_lost(all, &lost);
	return 0;
}

static int
walk_node(struct walk *walk, uint32_t page, unsigned depth, struct err *err)
{
	uint8_t bytes[VAULT_PAGE_BYTES];
	struct node node;
	struct cell cell;
	const int got = enter(walk, page, bytes, &node, err);

	if (got <= 0)
		return got;
	const bool inner = node_is_inner(&node);

	if (inner && depth == TREE_DEPTH_MAX)
		return 0;
	for (unsigned i = 0; i < node.cells; i++) {
		if (!node_cell(&node, i, &cell))
			continue;
		if (inner && walk_node(walk, cell.left, depth + 1, err) < 0)
			return -1;
		if (node.kind != NODE_TABLE_INNER &&
		    take_row(walk, &cell, page, i, err) < 0)
			return -1;
	}
	return inner ? walk_node(walk, node.right, depth + 1, err) : 0;
}

static int
walk_tree(struct gathered *all, uint16_t tree, const struct progress *progress,
    struct err *err)
{
	struct walk walk = { all, tree, progress, BUF_INIT };
	const int result = walk_node(&walk, all->trees[tree].root, 1, err);

	buf_wipe_release(&walk.payload);
	return result;
}

static void
copy_name(char to[64], const struct buf *payload, const struct column *column)
{
	snprintf(to, 64, "%.*s", (int)(column->len < 63 ? column->len : 63),
	    payload->data + column->at);
}

/* A row of sqlite_schema: type, name, table, root, SQL. */
static void
add_tree(
    struct gathered *all, const struct buf *payload, const struct row *record)
{
	struct tree *tree = &all->trees[all->tree_count];

	if (record->count != 5 || all->tree_count == TREES_MAX ||
	    record->columns[1].type != COLUMN_TEXT ||
	    record->columns[2].type != COLUMN_TEXT ||
	    record->columns[3].number < 2 ||
	    record->columns[3].number > all->source->pages)
		return;
	*tree = (struct tree){ .root = (uint32_t)record->columns[3].number };
	copy_name(tree->name, payload, &record->columns[1]);
	copy_name(tree->table, payload, &record->columns[2]);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (strcmp(tree->name, wanted[i].name) == 0)
			tree->kind = wanted[i].kind;
	all->tree_count++;
}

static int
read_schema(
    struct gathered *all, const struct progress *progress, struct err *err)
{
	struct buf payload = BUF_INIT;
	struct row record;
	int got = 0;

	all->tree_count = TREE_SCHEMA + 1;
	all->trees[TREE_SCHEMA] =
	    (struct tree){ .name = "sqlite_schema", .root = 1 };
	if (walk_tree(all, TREE_SCHEMA, progress, err) < 0)
		return -1;
	/* Its rows are where its pages are: each leaf is read again. */
	for (uint32_t page = 1; page <= all->source->pages && got >= 0;
	     page++) {
		struct row_ref ref = { .page = page };

		if (all->owners[page] != TREE_SCHEMA)
			continue;
		for (; (got = gathered_read(all, &ref, 1024 * 1024, &payload,
			    &record, err)) >= 0 &&
		     ref.cell < TREE_USABLE / 2;
		     ref.cell++)
			if (got > 0)
				add_tree(all, &payload, &record);
	}
	buf_release(&payload);
	return got < 0 ? -1 : 0;
}

/* ---- free pages ---- */

enum { TRUNK_AT = 32, TRUNK_LEAVES_MAX = TREE_USABLE / 4 - 2 };

static bool
is_unowned(const struct gathered *all, uint32_t page)
{
	return page > 1 && page <= all->source->pages &&
	    all->owners[page] == TREE_NONE;
}

static int
mark_free(struct gathered *all, struct err *err)
{
	uint8_t bytes[VAULT_PAGE_BYTES];
	int got = all->source->read(all->source->arg, 1, bytes, err);
	uint32_t trunk = got > 0 ? load_be32(bytes + TRUNK_AT) : 0;

	while (got > 0 && is_unowned(all, trunk)) {
		uint32_t leaves;

		all->owners[trunk] = TREE_FREE;
		got = all->source->read(all->source->arg, trunk, bytes, err);
		if (got == 0)
			gathered_add_lost(all,
			    &(struct lost_page){
				.page = trunk, .tree = TREE_FREE });
		if (got <= 0)
			break;
		leaves = load_be32(bytes + 4);
		for (uint32_t i = 0; i < leaves && i < TRUNK_LEAVES_MAX; i++) {
			const uint32_t leaf = load_be32(bytes + 8 + 4 * i);

			if (is_unowned(all, leaf))
				all->owners[leaf] = TREE_FREE;
		}
		trunk = load_be32(bytes);
	}
	return got < 0 ? -1 : 0;
}

/* ---- orphans ---- */

/*
 * What a row of an orphan page is.  Settings look like the rows of other
 * tables, and entries of two indexes are alike: those are not taken.
 */
static enum row_kind
recognise(const struct node *node, const struct row *record)
{
	static const enum row_kind in_tables[] = { ROW_EVENT, ROW_STATEMENT,
		ROW_BLOB, ROW_CHUNK, ROW_IDENTITY, ROW_TOMBSTONE, ROW_PURGED };
	static const enum row_kind in_indexes[] = { ROW_FORM, ROW_FORMER,
		ROW_EVENT_KEY };
	const bool table = node->kind == NODE_TABLE_LEAF;
	const enum row_kind *kinds = table ? in_tables : in_indexes;
	const size_t count =
	    table ? ARRAY_LEN(in_tables) : ARRAY_LEN(in_indexes);

	for (size_t i = 0; i < count; i++)
		if (row_has_shape(record, kinds[i]))
			return kinds[i];
	return ROW_OTHER;
}

static void
search_orphan(struct gathered *all, uint32_t page, const uint8_t *bytes)
{
	struct node node;
	struct cell cell;
	struct row record;

	if (!node_read(&node, page, bytes) || node.kind == NODE_TABLE_INNER)
		return;
	for (unsigned i = 0; i < node.cells; i++) {
		struct row_ref ref = { .page = page, .cell = (uint16_t)i };
		enum row_kind kind;

		if (!node_cell(&node, i, &cell) ||
		    !row_read(&record, cell.local, cell.local_len, cell.len))
			continue;
		kind = recognise(&node, &record);
		if (kind == ROW_OTHER)
			continue;
		ref.second = 1;
		row_place(kind, &cell, &record, &ref);
		gathered_add(all, kind, &ref);
	}
}

static int
find_orphans(
    struct gathered *all, const struct progress *progress, struct err *err)
{
	uint8_t bytes[VAULT_PAGE_BYTES];

	for (uint32_t page = 1; page <= all->source->pages; page++) {
		int got;

		if (all->owners[page] != TREE_NONE &&
		    all->owners[page] != TREE_FREE)
			continue;
		if (progress_step(progress, page, all->source->pages, err) < 0)
			return -1;
		got = all->source->read(all->source->arg, page, bytes, err);
		if (got < 0)
			return -1;
		if (got == 0)
			gathered_add_lost(all,
			    &(struct lost_page){
				.page = page, .tree = all->owners[page] });
		else if (all->owners[page] == TREE_NONE)
			search_orphan(all, page, bytes);
	}
	return 0;
}

/* ---- all of it ---- */

int
gather_rows(struct gathered *all, const struct tree_source *source,
    const struct progress *progress, struct err *err)
{
	memset(all, 0, sizeof(*all));
	all->source = source;
	all->owners = xcalloc((size_t)source->pages + 1, sizeof(*all->owners));
	if (read_schema(all, progress, err) < 0)
		return -1;
	for (uint16_t i = TREE_SCHEMA + 1; i < all->tree_count; i++)
		if (walk_tree(all, i, progress, err) < 0)
			return -1;
	if (mark_free(all, err) < 0 || find_orphans(all, progress, err) < 0)
		return -1;
	gathered_sort(all);
	return 0;
}
