/* SPDX-License-Identifier: Apache-2.0 */
/* What ronde-reader does with the bytes, whoever calls it. */
#include "checklists/reader.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "checklists/sheets_csv.h"
#include "checklists/xform.h"
#include "checklists/xls.h"
#include "checklists/xlsx.h"

/* The old .xls, and workbooks with a password, are OLE2 containers. */
static const unsigned char ole2[] = { 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a,
	0xe1 };

static bool
begins_with(const void *bytes, size_t len, const void *start, size_t size)
{
	return len >= size && memcmp(bytes, start, size) == 0;
}

/* By what it begins with: its ending may lie. */
static int
read_workbook(struct sheets *sheets, const char *bytes, size_t len,
    struct problems *problems, struct err *err)
{
	if (begins_with(bytes, len, ole2, sizeof(ole2)))
		return xls_read(sheets, bytes, len, problems, err);
	if (!begins_with(bytes, len, "PK\3\4", 4))
		return err_set(err, ERR_FORMAT,
		    _("not an Excel workbook (.xlsx, .xls): it does not begin "
		      "like one"));
	return xlsx_read(sheets, bytes, len, problems, err);
}

static int
read_csv(struct sheets *sheets, const char *bytes, size_t len,
    struct problems *problems, struct err *err)
{
	if (begins_with(bytes, len, ole2, sizeof(ole2)) ||
	    begins_with(bytes, len, "PK\3\4", 4))
		return err_set(err, ERR_FORMAT,
		    _("not a .csv file but a workbook; give it the ending "
		      ".xlsx"));
	return sheets_read_csv(sheets, NULL, bytes, len, problems, err);
}

/* Reads "survey.csv 123\n" and the 123 bytes after it, again and again. */
static int
read_folder(struct sheets *sheets, const char *bytes, size_t len,
    struct problems *problems, struct err *err)
{
	while (len > 0) {
		const char *line_end = memchr(bytes, '\n', len);
		const char *end = NULL;
		size_t size = 0, used;
		char name[32];

		if (line_end)
			end = memmem(
			    bytes, (size_t)(line_end - bytes), ".csv ", 5);
		if (!end || (size_t)(end - bytes) >= sizeof(name))
			return err_set(err, ERR_FORMAT, _("damaged"));
		memcpy(name, bytes, (size_t)(end - bytes));
		name[end - bytes] = '\0';
		if (text_check(name, strlen(name), _("the file's name"), err) <
		    0)
			return -1;
		for (const char *p = end + 5; p < line_end; p++)
			size =
			    size < len ? size * 10 + (size_t)(*p & 15) : size;
		used = (size_t)(line_end + 1 - bytes);
		if (size > len - used)
			return err_set(err, ERR_FORMAT, _("cut short"));
		if (sheets_read_csv(
			sheets, name, line_end + 1, size, problems, err) < 0)
			return -1;
		bytes += used + size;
		len -= used + size;
	}
	return 0;
}

/* "file:roads.csv": a file beside the form. */
static int
take_file_apart(const char *name, const void *bytes, size_t len,
    struct buf *out, struct problems *problems, struct err *err)
{
	struct sheets sheets;
	int result;

	sheets_init(&sheets);
	result = sheets_read_csv(&sheets, name, bytes, len, problems, err);
	if (result == 0)
		result = sheets_write_file(&sheets, out, problems, err);
	sheets_release(&sheets);
	return result;
}

int
reader_take_apart(const char *kind, const void *bytes, size_t len,
    struct buf *out, struct reader_rows *rows, struct problems *problems,
    struct err *err)
{
	static const struct {
		const char *kind;
		int (*read)(struct sheets *sheets, const char *bytes,
		    size_t len, struct problems *problems, struct err *err);
	} readers[] = { { "workbook", read_workbook }, { "csv", read_csv },
		{ "folder", read_folder }, { "xform", xform_read } };
	struct sheets sheets;
	size_t i = 0;
	int result;

	if (strncmp(kind, FILE_MARK, strlen(FILE_MARK)) == 0)
		return take_file_apart(kind, bytes, len, out, problems, err);
	while (i < ARRAY_LEN(readers) && strcmp(readers[i].kind, kind) != 0)
		i++;
	if (i == ARRAY_LEN(readers))
		return err_set(err, ERR_USAGE,
		    _("\"%s\" is no kind of spreadsheet that is known"), kind);
	sheets_init(&sheets);
	result = readers[i].read(&sheets, bytes, len, problems, err);
	if (result == 0)
		result = sheets_write(&sheets, out, rows, problems, err);
	sheets_release(&sheets);
	return result;
}
