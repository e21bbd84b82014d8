/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Adds a cell as RFC 4180 has it, always quoted; `first` of its row.  Control
 * characters are shown as in every report, and a cell that a spreadsheet would
 * take for a formula gets an apostrophe in front; a plain negative number is
 * none.  Rows end in "\r\n", which is the caller's to add.
 */
void csv_add_cell(struct buf *out, const char *text, bool first);

#endif
