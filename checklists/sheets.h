/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_SHEETS_H
#define CHECKLISTS_SHEETS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "checklists/problem.h"
#include "checklists/reader.h"

/*
 * Spreadsheets while they are being read: the cells that are not blank, of
 * any source, until sheets_write() makes the normalised form of them.  Only
 * inside ronde-reader (and tests).
 */

enum {
	SHEETS_MAX = 256,
	SHEET_ROWS_MAX = 1048576,     /* what spreadsheet programs hold */
	SHEET_COLUMNS_MAX = 16384,    /* likewise */
	SHEETS_CELLS_MAX = 4000000,   /* with the blank ones before each */
	SHEETS_TEXT_MAX = 64 << 20,   /* bytes of all cells */
	SHEET_BLANK_COLUMNS_MAX = 20, /* pyxform reads no further */
	SHEET_BLANK_ROWS_MAX = 60     /* likewise */
};

struct sheet_row {
	int number;         /* as the spreadsheet counts, from 1 */
	const char **cells; /* NULL: blank */
	size_t count, room;
};

struct sheet {
	const char *name;       /* as written, without white space around it */
	struct sheet_row *rows; /* ascending; only those with a cell */
	size_t count, room;
};

struct sheets {
	struct arena *arena; /* of all text */
	struct sheet *list;
	size_t count, room;
	size_t cells;
};

void sheets_init(struct sheets *sheets);
void sheets_release(struct sheets *sheets);

/* A new sheet, borrowed until the next one is added; NULL with ERR_LIMIT. */
struct sheet *sheets_add(
    struct sheets *sheets, const char *name, size_t len, struct err *err);

/*
 * Sets a cell (row from 1, column from 0) to `text`, cleaned as the normalised
 * form asks; blank text sets nothing.  Rows come in ascending order, else
 * ERR_FORMAT.
 */
int sheets_set(struct sheets *sheets, struct sheet *sheet, int row,
    size_t column, const char *text, struct err *err);

/* True for the name of a sheet that XLSForm knows, in any case. */
int sheets_is_known(const char *name);

/* Adds the normalised form; what is wrong with the sheets to `problems`. */
int sheets_write(const struct sheets *sheets, struct buf *out,
    struct reader_rows *rows, struct problems *problems, struct err *err);

/* Only the sheets that are files beside a form, without a first line. */
int sheets_write_file(const struct sheets *sheets, struct buf *out,
    struct problems *problems, struct err *err);

/* "C5" for column 2 of row 5. */
enum { CELL_NAME_MAX = 24 };
void sheets_cell_name(char name[CELL_NAME_MAX], size_t column, int row);

#endif
