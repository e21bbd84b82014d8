/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_XLSX_H
#define CHECKLISTS_XLSX_H

#include <stdbool.h>
#include <stddef.h>

#include "checklists/sheets.h"

/*
 * Excel workbooks (ECMA-376, transitional and strict).  Only inside
 * ronde-reader.  xlsx.c finds the parts, xlsx_tables.c reads shared strings
 * and styles, xlsx_cells.c a worksheet, xlsx_value.c what a number means.
 */

/* Reads the sheets of the workbook `bytes` that XLSForm knows. */
int xlsx_read(struct sheets *sheets, const void *bytes, size_t len,
    struct problems *problems, struct err *err);

enum xlsx_number { XLSX_PLAIN, XLSX_DATE, XLSX_DATE_TIME, XLSX_TIME };

/* What the whole workbook says about its cells. */
struct xlsx_tables {
	const char **strings; /* shared; in the arena of the sheets */
	size_t string_count, string_room;
	enum xlsx_number *styles; /* by the index that cells use */
	size_t style_count, style_room;
	bool date_1904;
	struct problems *problems; /* for what is wrong with a cell */
};

int xlsx_read_strings(struct xlsx_tables *tables, struct arena *arena,
    const char *xml, size_t len, struct err *err);
int xlsx_read_styles(
    struct xlsx_tables *tables, const char *xml, size_t len, struct err *err);
void xlsx_tables_release(struct xlsx_tables *tables);

int xlsx_read_cells(struct sheets *sheets, struct sheet *sheet,
    const struct xlsx_tables *tables, const char *xml, size_t len,
    struct err *err);

/* What a number format shows: "yyyy-mm-dd" is XLSX_DATE. */
enum xlsx_number xlsx_format_kind(const char *format);
/* The same of a format that has only a number. */
enum xlsx_number xlsx_builtin_kind(int id);

/* Adds the text of the number `value` to `out`; false: it is none. */
bool xlsx_add_number(
    struct buf *out, const char *value, enum xlsx_number kind, bool date_1904);

/* Adds `text` with _xHHHH_ of control characters decoded. */
void xlsx_add_unescaped(struct buf *out, const char *text, size_t len);

/* The part of an XML name after its namespace; borrowed from it. */
const char *xlsx_local(const char *name);

#endif
