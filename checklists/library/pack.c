/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack FOLDER OUT.xlsx: packs survey.csv, choices.csv and settings.csv of a
 * shipped checklist to a workbook, for ronde, ODK and KoboToolbox alike.  All
 * cells are text; the same sheets give the same bytes.
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

enum { FIRST_COLUMN_WIDTH = 22, LABEL_COLUMN_WIDTH = 48, LABEL_COLUMN = 2 };

struct sheet {
	lxw_worksheet *worksheet;
	lxw_format *header;
	lxw_row_t row;
	lxw_col_t column;
};

static void
put_cell(void *bytes, size_t len, void *arg)
{
	struct sheet *sheet = arg;
	char *text = xstrndup(bytes, len);

	if (len)
		worksheet_write_string(sheet->worksheet, sheet->row,
		    sheet->column, text, sheet->row ? NULL : sheet->header);
	sheet->column++;
	free(text);
}

static void
end_row(int end, void *arg)
{
	struct sheet *sheet = arg;

	(void)end;
	sheet->row++;
	sheet->column = 0;
}

static int
pack_sheet(lxw_workbook *book, lxw_format *header, const char *folder,
    const char *name, struct err *err)
{
	struct sheet sheet = { workbook_add_worksheet(book, name), header, 0,
		0 };
	char *path = xasprintf("%s/%s.csv", folder, name);
	struct buf bytes = BUF_INIT;
	struct csv_parser parser;
	int result = -1;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		abort();
	if (file_read(path, &bytes, err) < 0)
		goto out;
	if (csv_parse(&parser, bytes.data, bytes.len, put_cell, end_row,
		&sheet) != bytes.len ||
	    csv_fini(&parser, put_cell, end_row, &sheet) != 0) {
		err_set(err, ERR_FORMAT, "%s: row %u: not CSV", path,
		    sheet.row + 1);
		goto out;
	}
	worksheet_freeze_panes(sheet.worksheet, 1, 0);
	worksheet_set_column(
	    sheet.worksheet, 0, LABEL_COLUMN - 1, FIRST_COLUMN_WIDTH, NULL);
	worksheet_set_column(sheet.worksheet, LABEL_COLUMN, LABEL_COLUMN + 3,
	    LABEL_COLUMN_WIDTH, NULL);
	result = 0;
out:
	csv_free(&parser);
	buf_release(&bytes);
	free(path);
	return result;
}

static int
pack(const char *folder, const char *out, struct err *err)
{
	static const char *const names[] = { "survey", "choices", "settings" };
	lxw_doc_properties properties = { .created = 1 };
	lxw_workbook *book = workbook_new(out);
	lxw_format *header = workbook_add_format(book);
	lxw_error closed;
	int result = 0;

	workbook_set_properties(book, &properties);
	format_set_bold(header);
	for (size_t i = 0; result == 0 && i < ARRAY_LEN(names); i++)
		result = pack_sheet(book, header, folder, names[i], err);
	closed = workbook_close(book);
	if (result == 0 && closed != LXW_NO_ERROR)
		result =
		    err_set(err, ERR_IO, "%s: %s", out, lxw_strerror(closed));
	if (result < 0)
		remove(out);
	return result;
}

int
main(int argc, char **argv)
{
	struct err err = { 0 };

	if (argc != 3) {
		fprintf(stderr, "usage: pack FOLDER OUT.xlsx\n");
		return 2;
	}
	if (pack(argv[1], argv[2], &err) < 0) {
		fprintf(stderr, "pack: %s\n", err.msg);
		return 1;
	}
	return 0;
}
