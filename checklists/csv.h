/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_CSV_H
#define CHECKLISTS_CSV_H

#include <stddef.h>

#include "base/error.h"
#include "base/mem.h"

/*
 * Rows of CSV (RFC 4180, through libcsv, strictly), all in memory.  Lines
 * with nothing on them are no rows.
 */
struct csv_row {
	const char *const *cells; /* NUL-ended texts; borrowed from the arena */
	size_t count;
};

struct csv_rows {
	const struct csv_row *list; /* borrowed from the arena */
	size_t count;
};

enum {
	CSV_ROWS_MAX = 200000,
	CSV_CELLS_MAX = 2000000,
	CSV_COLUMNS_MAX = 1000,
	CSV_CELL_BYTES_MAX = 64 * 1024
};

/* 0, or -1 with ERR_FORMAT or ERR_LIMIT that names the row. */
int csv_read(struct arena *arena, const char *bytes, size_t len,
    struct csv_rows *rows, struct err *err);

#endif
