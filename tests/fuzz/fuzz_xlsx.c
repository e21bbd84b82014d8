/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbooks.  What begins like a zip is read as one; anything else is read as
 * the XML of each of its parts, since few changes of a zip pass its checksums.
 */
#include <string.h>

#include "checklists/reader.h"
#include "checklists/xlsx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_parts(const char *xml, size_t len)
{
	struct problems problems = { 0 };
	struct xlsx_tables tables = { .problems = &problems };
	struct buf out = BUF_INIT;
	struct err err = { 0 };
	struct sheets sheets;
	struct sheet *sheet;

	sheets_init(&sheets);
	sheet = sheets_add(&sheets, "survey", 6, &err);
	xlsx_read_strings(&tables, sheets.arena, xml, len, &err);
	xlsx_read_styles(&tables, xml, len, &err);
	xlsx_read_cells(&sheets, sheet, &tables, xml, len, &err);
	sheets_write(&sheets, &out, NULL, &problems, &err);
	xlsx_tables_release(&tables);
	problems_release(&problems);
	sheets_release(&sheets);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems problems = { 0 };
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	if (size < 2 || memcmp(data, "PK", 2) != 0) {
		read_parts((const char *)data, size);
		return 0;
	}
	reader_take_apart("workbook", data, size, &out, NULL, &problems, &err);
	problems_release(&problems);
	buf_release(&out);
	return 0;
}
