/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/doctor_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/hash.h"

/* What rows look like, the lists of them, and reading one. */

/*
 * What the columns of a row are, a letter each: n NULL, i number, t text, b
 * bytes, h a hash of 32 bytes, H a hash or NULL, I number or NULL.
 */
static const char *const shapes[ROW_KINDS] = {
	[ROW_EVENT] = "nttihHthb",
	[ROW_STATEMENT] = "httIb",
	[ROW_BLOB] = "nhi",
	[ROW_CHUNK] = "iib",
	[ROW_FORM] = "h",
	[ROW_SETTING] = "tt",
	[ROW_IDENTITY] = "ntttttbbbbbb",
	[ROW_TOMBSTONE] = "nttihiHTtihI",
	[ROW_PURGED] = "niih",
	[ROW_FORMER] = "tiih",
	[ROW_EVENT_KEY] = "ttihi",
	[ROW_STATEMENT_KEY] = "ttIhi",
	[ROW_BLOB_KEY] = "hi",
};

static bool
is_like(const struct column *column, char shape)
{
	const bool hash =
	    column->type == COLUMN_BLOB && column->len == HASH_BYTES;

	switch (shape) {
	case 'n': return column->type == COLUMN_NULL;
	case 'i': return column->type == COLUMN_INT;
	case 'I':
		return column->type == COLUMN_INT ||
		    column->type == COLUMN_NULL;
	case 't': return column->type == COLUMN_TEXT;
	case 'T':
		return column->type == COLUMN_TEXT ||
		    column->type == COLUMN_NULL;
	case 'b': return column->type == COLUMN_BLOB;
	case 'h': return hash;
	default: return hash || column->type == COLUMN_NULL;
	}
}

bool
row_has_shape(const struct row *record, enum row_kind kind)
{
	const char *shape = shapes[kind];

	if (!shape || record->count != strlen(shape))
		return false;
	for (unsigned i = 0; i < record->count; i++)
		if (!is_like(&record->columns[i], shape[i]))
			return false;
	return true;
}

void
gathered_add(
    struct gathered *all, enum row_kind kind, const struct row_ref *ref)
{
	struct row_list *list = &all->rows[kind];

	mem_grow(
	    &list->refs, &list->room, list->count + 1, sizeof(*list->refs));
	list->refs[list->count++] = *ref;
}

void
gathered_add_lost(struct gathered *all, const struct lost_page *lost)
{
	mem_grow(&all->lost, &all->lost_room, all->lost_count + 1,
	    sizeof(*all->lost));
	all->lost[all->lost_count++] = *lost;
}

void
row_place(enum row_kind kind, const struct cell *cell, const struct row *record,
    struct row_ref *ref)
{
	switch (kind) {
	case ROW_CHUNK:
		ref->key = record->columns[0].number;
		ref->second = record->columns[1].number;
		break;
	case ROW_EVENT_KEY:
	case ROW_STATEMENT_KEY:
	case ROW_BLOB_KEY:
		ref->key = record->columns[record->count - 1].number;
		break;
	default: ref->key = cell->rowid;
	}
}

static int
compare(const void *one, const void *other)
{
	const struct row_ref *a = one, *b = other;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->second != b->second)
		return a->second < b->second ? -1 : 1;
	if (a->page != b->page)
		return a->page < b->page ? -1 : 1;
	return (a->cell > b->cell) - (a->cell < b->cell);
}

static int
by_page(const void *one, const void *other)
{
	const struct lost_page *a = one, *b = other;

	return (a->page > b->page) - (a->page < b->page);
}

/* A page is told of once, and with what is known of it first. */
static void
sort_lost(struct gathered *all)
{
	size_t kept = 0;

	if (all->lost_count == 0)
		return;
	qsort(all->lost, all->lost_count, sizeof(*all->lost), by_page);
	for (size_t i = 0; i < all->lost_count; i++)
		if (kept == 0 || all->lost[kept - 1].page != all->lost[i].page)
			all->lost[kept++] = all->lost[i];
	all->lost_count = kept;
}

void
gathered_sort(struct gathered *all)
{
	for (size_t i = 0; i < ROW_KINDS; i++)
		if (all->rows[i].count)
			qsort(all->rows[i].refs, all->rows[i].count,
			    sizeof(*all->rows[i].refs), compare);
	sort_lost(all);
}

void
gathered_release(struct gathered *all)
{
	for (size_t i = 0; i < ROW_KINDS; i++)
		free(all->rows[i].refs);
	free(all->owners);
	free(all->lost);
	explicit_bzero(all->page, sizeof(all->page));
}

int
gathered_read(struct gathered *all, const struct row_ref *ref, size_t max,
    struct buf *payload, struct row *record, struct err *err)
{
	struct node node;
	struct cell cell;
	uint32_t bad;
	int got;

	if (all->cached != ref->page) {
		all->cached = 0;
		got = all->source->read(
		    all->source->arg, ref->page, all->page, err);
		if (got <= 0)
			return got;
		all->cached = ref->page;
	}
	if (!node_read(&node, ref->page, all->page) ||
	    !node_cell(&node, ref->cell, &cell) ||
	    node.kind == NODE_TABLE_INNER)
		return 0;
	got = cell_payload(all->source, &cell, max, NULL, payload, &bad, err);
	if (got <= 0)
		return got;
	return row_read(
	    record, (const uint8_t *)payload->data, payload->len, payload->len);
}

const char *
gathered_table(const struct gathered *all, uint16_t tree)
{
	return tree >= TREE_SCHEMA ? all->trees[tree].name : "";
}
