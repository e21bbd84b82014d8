/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_XLS_H
#define CHECKLISTS_XLS_H

#include "checklists/sheets.h"

/*
 * The old workbooks of Excel (.xls, BIFF in an OLE2 container), through
 * FreeXL.  Only inside ronde-reader.
 */

/*
 * Loads the encodings that such workbooks are in, from files: before the
 * process gives its rights away.
 */
void xls_prepare(void);

/* Reads the sheets of the workbook `bytes` that XLSForm knows. */
int xls_read(struct sheets *sheets, const char *bytes, size_t len,
    struct problems *problems, struct err *err);

/* xls_file.c: the bytes that FreeXL finds when it opens XLS_NAME. */
#define XLS_NAME "ronde-reader:input"
void xls_file_set(const char *bytes, size_t len);

#endif
