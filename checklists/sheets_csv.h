/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_SHEETS_CSV_H
#define CHECKLISTS_SHEETS_CSV_H

#include "checklists/sheets.h"

/*
 * Reads CSV into `sheets`: `,` `;` or tab, strictly quoted, UTF-8 or (with a
 * warning) Windows-1252.  With `sheet` NULL the first column has the names of
 * the sheets, as pyxform reads it; else all of it is that sheet.
 */
int sheets_read_csv(struct sheets *sheets, const char *sheet, const char *bytes,
    size_t len, struct problems *problems, struct err *err);

#endif
