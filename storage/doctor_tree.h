/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DOCTOR_TREE_H
#define STORAGE_DOCTOR_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "storage/vault_header.h"

/*
 * SQLite's pages taken apart without SQLite (sqlite.org/fileformat2.html),
 * for a file that SQLite refuses: the nodes of its trees, their cells, and
 * the records in those.  Whatever the bytes are, nothing outside of them is
 * read and no loop is longer than they are.
 */
enum {
	TREE_USABLE = VAULT_PAGE_BYTES - VAULT_RESERVE_BYTES,
	TREE_COLUMNS_MAX = 16, /* of the tables that are read here */
	TREE_DEPTH_MAX = 20    /* as SQLite's own bound */
};

/* Where pages come from: 1 filled, 0 damaged or not there, -1 err. */
struct tree_source {
	uint32_t pages;
	int (*read)(void *arg, uint32_t page, uint8_t *bytes, struct err *err);
	void *arg;
};

enum node_kind {
	NODE_INDEX_INNER = 2,
	NODE_TABLE_INNER = 5,
	NODE_INDEX_LEAF = 10,
	NODE_TABLE_LEAF = 13
};

struct node {
	const uint8_t *bytes; /* borrowed: the whole page */
	enum node_kind kind;
	unsigned first; /* where the array of cells begins */
	unsigned cells;
	uint32_t right; /* the last child of an inner node */
};

/* False for a page that is no node. */
bool node_read(struct node *node, uint32_t page, const uint8_t *bytes);

bool node_is_inner(const struct node *node);

struct cell {
	int64_t rowid;        /* of tables */
	uint32_t left;        /* the child of an inner node */
	uint64_t len;         /* of the payload; 0 in inner nodes of tables */
	const uint8_t *local; /* borrowed: the part that is on the page */
	size_t local_len;
	uint32_t overflow; /* where the rest begins; 0: there is none */
};

/* False for a cell that does not fit its page. */
bool node_cell(const struct node *node, unsigned at, struct cell *cell);

enum column_type {
	COLUMN_NULL,
	COLUMN_INT,
	COLUMN_REAL,
	COLUMN_TEXT,
	COLUMN_BLOB
};

struct column {
	enum column_type type;
	int64_t number; /* of COLUMN_INT whose bytes were there */
	size_t at, len; /* in the payload */
};

struct row {
	unsigned count;
	struct column columns[TREE_COLUMNS_MAX];
};

/*
 * Reads the columns of a payload of `len` bytes of which the first `have` are
 * there.  False where it is no record, or of more than TREE_COLUMNS_MAX.
 */
bool row_read(
    struct row *record, const uint8_t *bytes, size_t have, uint64_t len);

/*
 * The whole payload, from the page and its overflow pages: 1, 0 where one of
 * these (`*bad`; 0: it is too large or its chain ends early) cannot be read,
 * -1.  `used` (or NULL) is told each overflow page that belongs to it.
 */
struct tree_use {
	void (*used)(void *arg, uint32_t page);
	void *arg;
};

int cell_payload(const struct tree_source *source, const struct cell *cell,
    size_t max, const struct tree_use *use, struct buf *payload, uint32_t *bad,
    struct err *err);

#endif
