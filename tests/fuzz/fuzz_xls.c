/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Old workbooks, which FreeXL takes apart.  The seed is a bare container: with
 * whole workbooks for seeds FreeXL 1.0.6 soon breaks on the names of its
 * directory.  That is what the confinement of ronde-reader is for; here our
 * own part is tried.
 */
#include "checklists/sheets.h"
#include "checklists/xls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems problems = { 0 };
	struct buf out = BUF_INIT;
	struct err err = { 0 };
	struct sheets sheets;

	sheets_init(&sheets);
	if (size > 0 &&
	    xls_read(&sheets, (const char *)data, size, &problems, &err) == 0)
		sheets_write(&sheets, &out, NULL, &problems, &err);
	sheets_release(&sheets);
	problems_release(&problems);
	buf_release(&out);
	return 0;
}
