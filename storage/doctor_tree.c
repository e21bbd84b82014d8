/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/doctor_tree.h"

#include <string.h>

/* The order of this file: numbers, nodes, cells, records, payloads. */

enum {
	FILE_HEADER_BYTES = 100, /* in front of the node on page 1 */
	LEAF_HEADER_BYTES = 8,
	INNER_HEADER_BYTES = 12,
	CELL_MIN_BYTES = 4,
	VARINT_MAX = 9
};

static unsigned
load_be16(const uint8_t *from)
{
	return (unsigned)from[0] << 8 | from[1];
}

/* The length of a varint of at most `room` bytes; 0 when it does not end. */
static size_t
read_varint(const uint8_t *from, size_t room, uint64_t *value)
{
	uint64_t read = 0;

	for (size_t i = 0; i < room && i < VARINT_MAX; i++) {
		if (i == VARINT_MAX - 1) {
			*value = read << 8 | from[i];
			return VARINT_MAX;
		}
		read = read << 7 | (from[i] & 0x7f);
		if (!(from[i] & 0x80)) {
			*value = read;
			return i + 1;
		}
	}
	return 0;
}

bool
node_is_inner(const struct node *node)
{
	return node->kind == NODE_INDEX_INNER || node->kind == NODE_TABLE_INNER;
}

bool
node_read(struct node *node, uint32_t page, const uint8_t *bytes)
{
	const unsigned start = page == 1 ? FILE_HEADER_BYTES : 0;
	struct node found = { .bytes = bytes,
		.kind = (enum node_kind)bytes[start] };

	switch (found.kind) {
	case NODE_INDEX_INNER:
	case NODE_TABLE_INNER:
		found.right = load_be32(bytes + start + 8);
		found.first = start + INNER_HEADER_BYTES;
		break;
	case NODE_INDEX_LEAF:
	case NODE_TABLE_LEAF: found.first = start + LEAF_HEADER_BYTES; break;
	default: return false;
	}
	found.cells = load_be16(bytes + start + 3);
	if (found.first + 2 * found.cells > TREE_USABLE)
		return false;
	*node = found;
	return true;
}

/* How much of a payload stands on the page itself. */
static size_t
local_part(const struct node *node, uint64_t len)
{
	const bool table = node->kind == NODE_TABLE_LEAF;
	const uint64_t most =
	    table ? TREE_USABLE - 35 : (TREE_USABLE - 12) * 64 / 255 - 23;
	const uint64_t least = (TREE_USABLE - 12) * 32 / 255 - 23;
	uint64_t part;

	if (len <= most)
		return (size_t)len;
	part = least + (len - least) % (TREE_USABLE - 4);
	return (size_t)(part <= most ? part : least);
}

/* The payload that begins at `at`. */
static bool
place_payload(const struct node *node, size_t at, struct cell *cell)
{
	cell->local = node->bytes + at;
	cell->local_len = local_part(node, cell->len);
	if (cell->local_len > TREE_USABLE - at)
		return false;
	if (cell->local_len == cell->len)
		return true;
	if (TREE_USABLE - at - cell->local_len < 4)
		return false;
	cell->overflow = load_be32(cell->local + cell->local_len);
	return true;
}

bool
node_cell(const struct node *node, unsigned at, struct cell *cell)
{
	const uint8_t *bytes = node->bytes;
	struct cell found = { 0 };
	size_t offset, step;
	uint64_t number;

	if (at >= node->cells)
		return false;
	offset = load_be16(bytes + node->first + (size_t)2 * at);
	if (offset < node->first + 2 * node->cells ||
	    offset + CELL_MIN_BYTES > TREE_USABLE)
		return false;
	if (node_is_inner(node)) {
		found.left = load_be32(bytes + offset);
		offset += 4;
	}
	if (node->kind != NODE_TABLE_INNER) {
		step = read_varint(
		    bytes + offset, TREE_USABLE - offset, &found.len);
		if (step == 0)
			return false;
		offset += step;
	}
	if (node->kind == NODE_TABLE_INNER || node->kind == NODE_TABLE_LEAF) {
		step =
		    read_varint(bytes + offset, TREE_USABLE - offset, &number);
		if (step == 0)
			return false;
		offset += step;
		found.rowid = (int64_t)number;
	}
	if (node->kind != NODE_TABLE_INNER &&
	    !place_payload(node, offset, &found))
		return false;
	*cell = found;
	return true;
}

/* The column that a serial type stands for; its bytes follow those before. */
static bool
read_type(uint64_t type, struct column *column)
{
	static const uint8_t int_bytes[] = { 0, 1, 2, 3, 4, 6, 8 };

	*column = (struct column){ .type = COLUMN_INT };
	if (type == 0)
		column->type = COLUMN_NULL;
	else if (type <= 6)
		column->len = int_bytes[type];
	else if (type == 7)
		*column = (struct column){ .type = COLUMN_REAL, .len = 8 };
	else if (type == 8 || type == 9)
		column->number = type == 9;
	else if (type < 12)
		return false;
	else {
		column->type = type % 2 ? COLUMN_TEXT : COLUMN_BLOB;
		column->len = (size_t)((type - 12) / 2);
	}
	return true;
}

static int64_t
read_int(const uint8_t *bytes, size_t len)
{
	uint64_t value = bytes[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < len; i++)
		value = value << 8 | bytes[i];
	return (int64_t)value;
}

bool
row_read(struct row *record, const uint8_t *bytes, size_t have, uint64_t len)
{
	struct row found = { 0 };
	uint64_t header, type, at;
	size_t offset = read_varint(bytes, have, &header), step;

	if (offset == 0 || header > have || header > len || header < offset)
		return false;
	for (at = header; offset < header; offset += step) {
		struct column *column = &found.columns[found.count];

		if (found.count == TREE_COLUMNS_MAX)
			return false;
		step =
		    read_varint(bytes + offset, (size_t)header - offset, &type);
		if (step == 0 || !read_type(type, column) ||
		    column->len > len - at)
			return false;
		column->at = (size_t)at;
		at += column->len;
		if (column->type == COLUMN_INT && column->len > 0 && at <= have)
			column->number =
			    read_int(bytes + column->at, column->len);
		found.count++;
	}
	*record = found;
	return at == len;
}

int
cell_payload(const struct tree_source *source, const struct cell *cell,
    size_t max, const struct tree_use *use, struct buf *payload, uint32_t *bad,
    struct err *err)
{
	uint8_t page[VAULT_PAGE_BYTES];
	uint64_t left = cell->len - cell->local_len;
	uint32_t next = cell->overflow;
	int got;

	*bad = 0;
	buf_clear(payload);
	if (cell->len > max ||
	    left > (uint64_t)source->pages * (TREE_USABLE - 4))
		return 0;
	buf_add(payload, cell->local, cell->local_len);
	while (left > 0) {
		const size_t piece =
		    left < TREE_USABLE - 4 ? (size_t)left : TREE_USABLE - 4;

		if (next == 0 || next > source->pages)
			return 0;
		if (use)
			use->used(use->arg, next);
		got = source->read(source->arg, next, page, err);
		if (got <= 0) {
			*bad = next;
			return got;
		}
		buf_add(payload, page + 4, piece);
		left -= piece;
		next = load_be32(page);
	}
	return 1;
}
