/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/reader_frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "checklists/sheets.h"

enum { HEAD_BYTES = 5, SHEETS_OF_FORM_MAX = 6, ROW_MAX = 1048576 };

static void
add_number(struct buf *out, uint32_t number)
{
	uint8_t bytes[4];

	store_le32(bytes, number);
	buf_add(out, bytes, sizeof(bytes));
}

static void
add_frame(struct buf *out, char kind, const void *bytes, size_t len)
{
	buf_add_char(out, kind);
	add_number(out, (uint32_t)len);
	buf_add(out, bytes, len);
}

static void
add_problem(struct buf *out, const struct problem *problem)
{
	struct buf body = BUF_INIT;

	buf_add_char(&body, problem->kind == PROBLEM_ERROR ? 'E' : 'W');
	add_number(&body, (uint32_t)problem->row);
	buf_add(&body, problem->sheet, strlen(problem->sheet) + 1);
	buf_add(&body, problem->column, strlen(problem->column) + 1);
	buf_add(&body, problem->text, strlen(problem->text) + 1);
	add_frame(out, 'P', body.data, body.len);
	buf_release(&body);
}

static void
add_rows(struct buf *out, const struct reader_sheet_rows *rows)
{
	struct buf body = BUF_INIT;

	buf_add(&body, rows->sheet, strlen(rows->sheet) + 1);
	for (size_t i = 0; i < rows->count; i++)
		add_number(&body, (uint32_t)rows->rows[i]);
	add_frame(out, 'R', body.data, body.len);
	buf_release(&body);
}

static void
add_columns(struct buf *out, const struct reader_sheet_rows *rows)
{
	struct buf body = BUF_INIT;

	buf_add(&body, rows->sheet, strlen(rows->sheet) + 1);
	add_number(&body, (uint32_t)rows->column_count);
	for (size_t i = 0; i < rows->column_count; i++)
		add_number(&body, (uint32_t)rows->columns[i]);
	buf_add(&body, rows->headers, rows->headers_len);
	add_frame(out, 'H', body.data, body.len);
	buf_release(&body);
}

static void
add_error(struct buf *out, const struct err *err)
{
	struct buf body = BUF_INIT;

	add_number(&body, (uint32_t)err->code);
	buf_add_text(&body, err->msg);
	add_frame(out, 'X', body.data, body.len);
	buf_release(&body);
}

void
reader_frames_add(struct buf *out, const struct buf *sheets,
    const struct reader_rows *rows, const struct problems *problems,
    const struct err *result)
{
	for (size_t i = 0; i < problems->count; i++)
		add_problem(out, &problems->list[i]);
	for (size_t i = 0; i < rows->count; i++)
		add_rows(out, &rows->list[i]);
	for (size_t i = 0; i < rows->count; i++)
		add_columns(out, &rows->list[i]);
	if (result->code == ERR_NONE)
		add_frame(out, 'C', sheets->data, sheets->len);
	else
		add_error(out, result);
	add_frame(out, 'Z', "", 0);
}

/* The frames being read; every step checks what is left. */
struct reading {
	const char *body;
	size_t left;
	struct buf *sheets;
	struct reader_rows *rows;
	struct problems *problems;
	struct err *err;
	bool has_sheets, has_end;
};

static int
distrust(struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    _("the helper program ronde-reader gave an answer that cannot be; "
	      "the file may be hostile"));
}

static bool
take_number(struct reading *reading, uint32_t *number)
{
	if (reading->left < 4)
		return false;
	*number = load_le32((const uint8_t *)reading->body);
	reading->body += 4;
	reading->left -= 4;
	return true;
}

/* Takes a text that NUL ends; false when it is none or not UTF-8. */
static bool
take_text(struct reading *reading, const char **text)
{
	struct err ignored = { 0 };
	const size_t len = strnlen(reading->body, reading->left);

	if (len == reading->left ||
	    text_check(reading->body, len, "", &ignored) < 0)
		return false;
	*text = reading->body;
	reading->body += len + 1;
	reading->left -= len + 1;
	return true;
}

static bool
read_problem(struct reading *reading)
{
	const char *sheet, *column, *text;
	enum problem_kind kind;
	uint32_t row;

	if (reading->left < 1)
		return false;
	kind = *reading->body == 'W' ? PROBLEM_WARNING : PROBLEM_ERROR;
	reading->body++;
	reading->left--;
	if (!take_number(reading, &row) || row > ROW_MAX ||
	    !take_text(reading, &sheet) || !take_text(reading, &column) ||
	    !take_text(reading, &text) || reading->left != 0)
		return false;
	problem_add(
	    reading->problems, kind, sheet, (int)row, column, "%s", text);
	return true;
}

static bool
read_rows(struct reading *reading)
{
	struct reader_rows *rows = reading->rows;
	struct reader_sheet_rows *added;
	const char *sheet;
	uint32_t row;
	size_t room = 0;

	if (rows->count >= SHEETS_OF_FORM_MAX || !take_text(reading, &sheet) ||
	    reading->left % 4 != 0)
		return false;
	mem_grow(
	    &rows->list, &rows->room, rows->count + 1, sizeof(*rows->list));
	added = &rows->list[rows->count++];
	*added = (struct reader_sheet_rows){ .sheet = xstrdup(sheet) };
	mem_grow(&added->rows, &room, reading->left / 4, sizeof(int));
	while (take_number(reading, &row)) {
		if (row > ROW_MAX)
			return false;
		added->rows[added->count++] = (int)row;
	}
	return true;
}

/* The columns of a sheet whose rows came before. */
static bool
read_columns(struct reading *reading)
{
	struct reader_sheet_rows *of = NULL;
	const char *sheet, *header;
	uint32_t count, column;

	if (!take_text(reading, &sheet) || !take_number(reading, &count) ||
	    count > SHEET_COLUMNS_MAX)
		return false;
	for (size_t i = 0; i < reading->rows->count; i++)
		if (strcmp(reading->rows->list[i].sheet, sheet) == 0)
			of = &reading->rows->list[i];
	if (!of || of->columns)
		return false;
	of->columns = xcalloc(count + 1, sizeof(*of->columns));
	for (; of->column_count < count; of->column_count++) {
		if (!take_number(reading, &column) ||
		    column >= SHEET_COLUMNS_MAX)
			return false;
		of->columns[of->column_count] = (int)column;
	}
	of->headers_len = reading->left;
	of->headers = xcalloc(reading->left + 1, 1);
	memcpy(of->headers, reading->body, reading->left);
	for (uint32_t i = 0; i < count; i++)
		if (!take_text(reading, &header))
			return false;
	return reading->left == 0;
}

static bool
read_sheets(struct reading *reading)
{
	struct err ignored = { 0 };

	if (reading->has_sheets ||
	    text_check(reading->body, reading->left, "", &ignored) < 0)
		return false;
	reading->has_sheets = true;
	buf_add(reading->sheets, reading->body, reading->left);
	return !buf_is_full(reading->sheets);
}

static bool
read_error(struct reading *reading)
{
	struct err ignored = { 0 };
	uint32_t code;

	if (!take_number(reading, &code) || code == ERR_NONE ||
	    code > ERR_USAGE ||
	    text_check(reading->body, reading->left, "", &ignored) < 0)
		return false;
	err_set(reading->err, (enum err_code)code, "%.*s", (int)reading->left,
	    reading->body);
	return true;
}

static bool
read_frame(struct reading *reading, char kind)
{
	switch (kind) {
	case 'P': return read_problem(reading);
	case 'R': return read_rows(reading);
	case 'H': return read_columns(reading);
	case 'C': return read_sheets(reading);
	case 'X': return read_error(reading);
	case 'Z': reading->has_end = true; return reading->left == 0;
	default: return false;
	}
}

int
reader_frames_read(const char *bytes, size_t len, struct buf *sheets,
    struct reader_rows *rows, struct problems *problems, struct err *err)
{
	struct err own = { 0 };
	struct reading reading = { .sheets = sheets,
		.rows = rows,
		.problems = problems,
		.err = &own };

	while (len > 0) {
		size_t size;

		if (len < HEAD_BYTES || reading.has_end)
			return distrust(err);
		size = load_le32((const uint8_t *)bytes + 1);
		if (size > len - HEAD_BYTES)
			return distrust(err);
		reading.body = bytes + HEAD_BYTES;
		reading.left = size;
		if (!read_frame(&reading, bytes[0]))
			return distrust(err);
		bytes += HEAD_BYTES + size;
		len -= HEAD_BYTES + size;
	}
	if (!reading.has_end || reading.has_sheets == (own.code != ERR_NONE))
		return distrust(err);
	if (own.code != ERR_NONE) {
		*err = own;
		return -1;
	}
	return 0;
}

void
reader_rows_release(struct reader_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->list[i].sheet);
		free(rows->list[i].rows);
		free(rows->list[i].columns);
		free(rows->list[i].headers);
	}
	free(rows->list);
	*rows = (struct reader_rows){ 0 };
}
