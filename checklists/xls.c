/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/xls.h"

#include <stdio.h>
#include <string.h>

#include <freexl.h>
#include <iconv.h>

#include "base/i18n.h"
#include "checklists/xlsx.h"

struct workbook {
	struct sheets *sheets;
	const void *handle;
	struct problems *problems;
	unsigned int count; /* of worksheets */
};

void
xls_prepare(void)
{
	static const char *const encodings[] = { "UTF-16LE", "CP1252", "CP437",
		"CP850", "CP1250", "CP1251", "CP1253", "CP1254", "CP1255",
		"CP1256", "CP1257", "CP1258", "CP874", "MACINTOSH", "CP932",
		"CP936", "CP949", "CP950" };

	/* They are never closed: then they stay loaded. */
	for (size_t i = 0; i < ARRAY_LEN(encodings); i++)
		(void)iconv_open("UTF-8", encodings[i]);
}

static int
refuse(int status, struct err *err)
{
	if (status == FREEXL_BIFF_WORKBOOK_NOT_FOUND ||
	    status == FREEXL_CFBF_INVALID_SIGNATURE)
		return err_set(
		    err, ERR_FORMAT, _("not an old Excel workbook (.xls)"));
	return err_set(err, ERR_FORMAT,
	    _("the old Excel workbook (.xls) is damaged (FreeXL: %d); save it "
	      "as an Excel workbook (.xlsx)"),
	    status);
}

/* "2026-11-23 14:30:00" as the normalised form has it. */
static void
add_date(struct buf *out, const char *text)
{
	for (; *text; text++)
		buf_add_char(out, *text == ' ' ? 'T' : *text);
}

static int
set_cell(const struct workbook *book, struct sheet *sheet, unsigned int row,
    unsigned short column, struct err *err)
{
	FreeXL_CellValue cell;
	struct buf text = BUF_INIT;
	char number[32];
	int result;

	if (freexl_get_cell_value(book->handle, row, column, &cell) !=
	    FREEXL_OK)
		return 0; /* no cell is there */
	switch (cell.type) {
	case FREEXL_CELL_INT:
		buf_addf(&text, "%d", cell.value.int_value);
		break;
	case FREEXL_CELL_DOUBLE:
		snprintf(
		    number, sizeof(number), "%.17g", cell.value.double_value);
		xlsx_add_number(&text, number, XLSX_PLAIN, false);
		break;
	case FREEXL_CELL_TEXT:
	case FREEXL_CELL_SST_TEXT:
		buf_add_text(&text, cell.value.text_value);
		break;
	case FREEXL_CELL_DATE:
	case FREEXL_CELL_DATETIME:
	case FREEXL_CELL_TIME: add_date(&text, cell.value.text_value); break;
	default: return 0;
	}
	result = sheets_set(
	    book->sheets, sheet, (int)row + 1, column, text.data, err);
	buf_release(&text);
	return result;
}

static int
read_cells(const struct workbook *book, struct sheet *sheet, unsigned int index,
    struct err *err)
{
	unsigned int rows;
	unsigned short columns;
	int status =
	    freexl_select_active_worksheet(book->handle, (unsigned short)index);

	if (status == FREEXL_OK)
		status =
		    freexl_worksheet_dimensions(book->handle, &rows, &columns);
	if (status != FREEXL_OK)
		return refuse(status, err);
	for (unsigned int row = 0; row < rows; row++)
		for (unsigned short at = 0; at < columns; at++)
			if (set_cell(book, sheet, row, at, err) < 0)
				return -1;
	return 0;
}

/* Adds a worksheet; of those that no form uses only the name. */
static int
read_sheet(const struct workbook *book, unsigned int index, struct err *err)
{
	const char *name = NULL;
	struct sheet *sheet;
	const int status = freexl_get_worksheet_name(
	    book->handle, (unsigned short)index, &name);

	if (status != FREEXL_OK)
		return refuse(status, err);
	sheet = sheets_add(
	    book->sheets, name ? name : "", name ? strlen(name) : 0, err);
	if (!sheet)
		return -1;
	if (book->count > 1 && !sheets_is_known(sheet->name))
		return 0;
	return read_cells(book, sheet, index, err);
}

static int
read_all(struct workbook *book, struct err *err)
{
	unsigned int password = 0;
	int status = freexl_get_info(
	    book->handle, FREEXL_BIFF_SHEET_COUNT, &book->count);

	if (status != FREEXL_OK)
		return refuse(status, err);
	freexl_get_info(book->handle, FREEXL_BIFF_PASSWORD, &password);
	if (password == FREEXL_BIFF_OBFUSCATED)
		return err_set(err, ERR_UNSUPPORTED,
		    _("the workbook has a password; save it without one"));
	for (unsigned int i = 0; i < book->count; i++)
		if (read_sheet(book, i, err) < 0)
			return -1;
	return 0;
}

int
xls_read(struct sheets *sheets, const char *bytes, size_t len,
    struct problems *problems, struct err *err)
{
	struct workbook book = { .sheets = sheets, .problems = problems };
	int status, result;

	xls_file_set(bytes, len);
	status = freexl_open(XLS_NAME, &book.handle);
	result =
	    status == FREEXL_OK ? read_all(&book, err) : refuse(status, err);
	if (book.handle)
		freexl_close(book.handle);
	xls_file_set(NULL, 0);
	return result;
}
