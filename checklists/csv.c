/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/csv.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/* What is collected while libcsv calls back. */
struct collector {
	struct arena *arena;
	struct csv_row *rows;
	size_t row_count, row_room;
	const char **cells; /* of the row under way */
	size_t cell_count, cell_room, all_cells;
	struct err *err;
};

static void
on_cell(void *bytes, size_t len, void *arg)
{
	struct collector *c = arg;
	const char *text = bytes;

	if (c->err->code != ERR_NONE)
		return;
	if (c->cell_count >= CSV_COLUMNS_MAX ||
	    ++c->all_cells > CSV_CELLS_MAX || len > CSV_CELL_BYTES_MAX) {
		err_set(c->err, ERR_LIMIT,
		    _("CSV row %zu: too many or too large cells"),
		    c->row_count + 1);
		return;
	}
	if (len && memchr(text, '\0', len)) {
		err_set(c->err, ERR_FORMAT,
		    _("CSV row %zu: a cell contains a zero byte"),
		    c->row_count + 1);
		return;
	}
	mem_grow(
	    &c->cells, &c->cell_room, c->cell_count + 1, sizeof(*c->cells));
	c->cells[c->cell_count++] =
	    len ? arena_strndup(c->arena, text, len) : "";
}

static void
on_row(int end, void *arg)
{
	struct collector *c = arg;
	const char **cells;

	(void)end;
	if (c->err->code != ERR_NONE)
		return;
	if (c->row_count >= CSV_ROWS_MAX) {
		err_set(c->err, ERR_LIMIT, _("CSV has more than %d rows"),
		    CSV_ROWS_MAX);
		return;
	}
	mem_grow(&c->rows, &c->row_room, c->row_count + 1, sizeof(*c->rows));
	cells = arena_alloc(c->arena, (c->cell_count + 1) * sizeof(*cells));
	memcpy(cells, c->cells, c->cell_count * sizeof(*cells));
	c->rows[c->row_count++] =
	    (struct csv_row){ .cells = cells, .count = c->cell_count };
	c->cell_count = 0;
}

static int
is_no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static int
parse(struct collector *c, const char *bytes, size_t len)
{
	struct csv_parser parser;
	int failed;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return err_set(c->err, ERR_FORMAT, _("cannot read CSV"));
	/* Spaces around a cell are its own; the default takes them away. */
	csv_set_space_func(&parser, is_no_space);
	failed = csv_parse(&parser, bytes, len, on_cell, on_row, c) != len ||
	    csv_fini(&parser, on_cell, on_row, c) != 0;
	if (failed && c->err->code == ERR_NONE)
		err_set(c->err, ERR_FORMAT, _("CSV row %zu: %s"),
		    c->row_count + 1, csv_strerror(csv_error(&parser)));
	csv_free(&parser);
	return c->err->code == ERR_NONE ? 0 : -1;
}

int
csv_read(struct arena *arena, const char *bytes, size_t len,
    struct csv_rows *rows, struct err *err)
{
	struct err why = { 0 };
	struct collector c = { .arena = arena, .err = &why };
	int result = parse(&c, bytes, len);

	if (result == 0) {
		struct csv_row *list =
		    arena_alloc(arena, (c.row_count + 1) * sizeof(*list));

		if (c.row_count)
			memcpy(list, c.rows, c.row_count * sizeof(*list));
		*rows = (struct csv_rows){ .list = list, .count = c.row_count };
	} else {
		*err = why;
	}
	free(c.rows);
	free(c.cells);
	return result;
}
