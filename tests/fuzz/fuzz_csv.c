/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets as CSV; what was normalised and not refused must normalise to
 * itself.  Sheets that are files beside a form are made by ronde alone, and
 * tests/test_form_files reads those again. */
#include <stdlib.h>
#include <string.h>

#include "checklists/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_its_own_normal_form(const struct buf *sheets)
{
	struct buf again = BUF_INIT;
	struct problems problems = { 0 };
	struct err err = { 0 };

	if (reader_take_apart("csv", sheets->data, sheets->len, &again, NULL,
		&problems, &err) < 0 ||
	    again.len != sheets->len ||
	    memcmp(again.data, sheets->data, again.len) != 0)
		abort();
	problems_release(&problems);
	buf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = { "csv", "folder" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct buf sheets = BUF_INIT;
		struct reader_rows rows = { 0 };
		struct problems problems = { 0 };
		struct err err = { 0 };

		if (reader_take_apart(kinds[i], data, size, &sheets, &rows,
			&problems, &err) == 0 &&
		    problems.errors == 0 && !strstr(sheets.data, "\nfile:"))
			must_be_its_own_normal_form(&sheets);
		reader_rows_release(&rows);
		problems_release(&problems);
		buf_release(&sheets);
	}
	return 0;
}
