/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DOCTOR_ROWS_H
#define STORAGE_DOCTOR_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/progress.h"
#include "storage/doctor_tree.h"

/*
 * Where the rows of a damaged vault are.  The trees are walked from their
 * roots as far as they go; pages that no tree leads to any more are searched
 * for rows that look like ours.  Only places are kept, so that a vault of any
 * size fits into memory.
 */
enum row_kind {
	ROW_OTHER,
	ROW_EVENT,
	ROW_STATEMENT,
	ROW_BLOB,
	ROW_CHUNK,
	ROW_FORM,
	ROW_SETTING,
	ROW_IDENTITY,
	ROW_TOMBSTONE,
	ROW_PURGED,
	ROW_FORMER,
	ROW_EVENT_KEY, /* the index over events, which names them too */
	ROW_STATEMENT_KEY,
	ROW_BLOB_KEY,
	ROW_KINDS
};

struct row_ref {
	int64_t key;    /* the row's number; of a chunk that of its blob */
	int64_t second; /* of a chunk its place in the blob; 1: an orphan */
	uint32_t page;
	uint16_t cell;
};

struct row_list {
	struct row_ref *refs; /* by key, second, page, cell */
	size_t count, room;
};

struct tree {
	char name[64], table[64]; /* of an index: the table it is of */
	uint32_t root;
	enum row_kind kind;
};

enum { TREE_NONE, TREE_FREE, TREE_SCHEMA, TREES_MAX = 256 };

/* A page that cannot be read, and what it was part of. */
struct lost_page {
	uint32_t page;
	uint16_t tree;       /* TREE_NONE: nothing leads to it */
	bool malformed;      /* it opens but holds no node */
	bool overflow;       /* the rest of one row */
	int64_t key, second; /* of that row */
};

struct gathered {
	const struct tree_source *source; /* borrowed */
	struct tree trees[TREES_MAX];     /* from TREE_SCHEMA on */
	uint16_t tree_count;
	struct row_list rows[ROW_KINDS];
	uint16_t *owners; /* of page i: the tree it belongs to */
	struct lost_page *lost;
	size_t lost_count, lost_room;
	uint32_t cached; /* the page in `page` */
	uint8_t page[VAULT_PAGE_BYTES];
};

/* What doctor_walk.c finds. */
bool row_has_shape(const struct row *row, enum row_kind kind);
/* Where a row is in its list, by what it is. */
void row_place(enum row_kind kind, const struct cell *cell,
    const struct row *row, struct row_ref *ref);
void gathered_add(
    struct gathered *all, enum row_kind kind, const struct row_ref *ref);
void gathered_add_lost(struct gathered *all, const struct lost_page *lost);
/* Lists by their order; a lost page is told of once. */
void gathered_sort(struct gathered *all);

/* doctor_walk.c; to be released, on failure too. */
int gather_rows(struct gathered *gathered, const struct tree_source *source,
    const struct progress *progress, struct err *err);
void gathered_release(struct gathered *gathered);

/*
 * Reads a row: 1, 0 where it cannot be read, -1.  `payload` is filled, at
 * most `max` bytes.
 */
int gathered_read(struct gathered *gathered, const struct row_ref *ref,
    size_t max, struct buf *payload, struct row *record, struct err *err);

/* The table's name for people, for a page or a row; "" when not known. */
const char *gathered_table(const struct gathered *gathered, uint16_t tree);

#endif
