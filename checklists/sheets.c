/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/sheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

void
sheets_init(struct sheets *sheets)
{
	*sheets = (struct sheets){ .arena = arena_new() };
}

void
sheets_release(struct sheets *sheets)
{
	for (size_t i = 0; i < sheets->count; i++) {
		struct sheet *sheet = &sheets->list[i];

		for (size_t j = 0; j < sheet->count; j++)
			free(sheet->rows[j].cells);
		free(sheet->rows);
	}
	free(sheets->list);
	arena_free(sheets->arena);
	*sheets = (struct sheets){ 0 };
}

void
sheets_cell_name(char name[CELL_NAME_MAX], size_t column, int row)
{
	char letters[8];
	size_t at = sizeof(letters) - 1;

	letters[at] = '\0';
	for (size_t n = column + 1; n > 0 && at > 0; n = (n - 1) / 26)
		letters[--at] = (char)('A' + (n - 1) % 26);
	snprintf(name, CELL_NAME_MAX, "%s%d", letters + at, row);
}

/* The bytes of white space at the start of `text`, as Unicode counts it. */
static size_t
space_at(const char *text, size_t len)
{
	static const char *const wide[] = { "\xc2\xa0", "\xe2\x80\xaf",
		"\xe3\x80\x80", "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xef\xbb\xbf" };

	if (len > 0 && strchr(" \t\n\r\v\f", text[0]) && text[0])
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
		const size_t size = strlen(wide[i]);

		if (len >= size && memcmp(text, wide[i], size) == 0)
			return size;
	}
	if (len >= 3 && memcmp(text, "\xe2\x80", 2) == 0 &&
	    (unsigned char)text[2] >= 0x80 && (unsigned char)text[2] <= 0x8a)
		return 3; /* U+2000 to U+200A */
	return 0;
}

static size_t
trim(const char **text, size_t len)
{
	size_t step;

	while ((step = space_at(*text, len)) > 0) {
		*text += step;
		len -= step;
	}
	for (;;) {
		for (step = 1; step <= 3 && step <= len; step++)
			if (space_at(*text + len - step, step) == step)
				break;
		if (step > 3 || step > len)
			return len;
		len -= step;
	}
}

/* A clean copy in the arena; NULL where it is blank. */
static const char *
clean(struct arena *arena, const char *text, size_t len)
{
	char *copy, *composed, *to;
	const char *kept;

	len = trim(&text, len);
	if (len == 0)
		return NULL;
	copy = xstrndup(text, len);
	to = copy;
	for (size_t i = 0; i < len; i++) {
		if (copy[i] == '\r' && copy[i + 1] == '\n')
			continue;
		*to++ = copy[i] == '\r' ? '\n' : copy[i];
	}
	*to = '\0';
	composed = text_nfc(copy);
	kept = text_is_blank(composed) ? NULL : arena_strdup(arena, composed);
	free(composed);
	free(copy);
	return kept;
}

struct sheet *
sheets_add(struct sheets *sheets, const char *name, size_t len, struct err *err)
{
	struct sheet *sheet;

	if (sheets->count >= SHEETS_MAX) {
		err_set(err, ERR_LIMIT, _("more than %d sheets"), SHEETS_MAX);
		return NULL;
	}
	mem_grow(&sheets->list, &sheets->room, sheets->count + 1,
	    sizeof(*sheets->list));
	sheet = &sheets->list[sheets->count++];
	*sheet = (struct sheet){ .name = clean(sheets->arena, name, len) };
	if (!sheet->name)
		sheet->name = "";
	return sheet;
}

static struct sheet_row *
find_row(struct sheet *sheet, int number, struct err *err)
{
	struct sheet_row *row;

	if (sheet->count > 0) {
		row = &sheet->rows[sheet->count - 1];
		if (row->number == number)
			return row;
		if (row->number > number) {
			err_set(err, ERR_FORMAT,
			    _("sheet %s: row %d comes after row %d"),
			    sheet->name, number, row->number);
			return NULL;
		}
	}
	mem_grow(
	    &sheet->rows, &sheet->room, sheet->count + 1, sizeof(*sheet->rows));
	row = &sheet->rows[sheet->count++];
	*row = (struct sheet_row){ .number = number };
	return row;
}

int
sheets_set(struct sheets *sheets, struct sheet *sheet, int row, size_t column,
    const char *text, struct err *err)
{
	struct sheet_row *found;
	const char *kept;
	size_t before;

	if (row < 1 || row > SHEET_ROWS_MAX || column >= SHEET_COLUMNS_MAX)
		return err_set(err, ERR_LIMIT,
		    _("sheet %s: row %d, column %zu is past the end of any "
		      "spreadsheet"),
		    sheet->name, row, column + 1);
	kept = clean(sheets->arena, text, strlen(text));
	if (!kept)
		return 0;
	found = find_row(sheet, row, err);
	if (!found)
		return -1;
	before = found->count;
	if (column >= before)
		sheets->cells += column + 1 - before;
	if (sheets->cells > SHEETS_CELLS_MAX ||
	    arena_size(sheets->arena) > SHEETS_TEXT_MAX)
		return err_set(err, ERR_LIMIT,
		    _("sheet %s, row %d: too many cells"), sheet->name, row);
	mem_grow(
	    &found->cells, &found->room, column + 1, sizeof(*found->cells));
	found->cells[column] = kept;
	if (column >= found->count)
		found->count = column + 1;
	return 0;
}
