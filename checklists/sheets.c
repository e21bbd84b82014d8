/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/sheets.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"

/* In the order of the normalised form. */
static const char *const known[] = { "survey", "choices", "settings",
	"external_choices", "entities", "osm" };

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

int
sheets_is_known(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcasecmp(name, known[i]) == 0)
			return 1;
	return 0;
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

/* A sheet on its way to the normalised form. */
struct writing {
	const struct sheet *sheet;
	const char *name; /* small */
	size_t *columns;  /* those that have a header */
	size_t count;
	struct buf *out;
	struct problems *problems;
};

static const char *
cell_of(const struct sheet_row *row, size_t column)
{
	return column < row->count ? row->cells[column] : NULL;
}

static void
write_cell(struct buf *out, const char *text)
{
	if (!text)
		return;
	if (!text[strcspn(text, ",\"\n")]) {
		buf_add_text(out, text);
		return;
	}
	buf_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_add_char(out, '"');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

static void
check_controls(struct writing *writing, const struct sheet_row *row,
    const char *text, const char *column)
{
	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;
		const unsigned char next = (unsigned char)text[1];
		const bool c1 = c == 0xc2 && next >= 0x80 && next < 0xa0;

		if ((c >= 0x20 && c != 0x7f && !c1) || c == '\t' || c == '\n')
			continue;
		problem_add(writing->problems, PROBLEM_ERROR, writing->name,
		    row->number, column,
		    _("holds the control character U+%04X; take it away"),
		    c1 ? next : c);
		return;
	}
}

static void
write_row(struct writing *writing, const struct sheet_row *row)
{
	const struct sheet_row *header = &writing->sheet->rows[0];

	for (size_t i = 0; i < writing->count; i++) {
		const size_t column = writing->columns[i];
		const char *text = cell_of(row, column);

		buf_add_char(writing->out, ',');
		write_cell(writing->out, text);
		if (text)
			check_controls(
			    writing, row, text, cell_of(header, column));
	}
	buf_add_char(writing->out, '\n');
}

static void
find_columns(struct writing *writing)
{
	const struct sheet_row *header = &writing->sheet->rows[0];
	size_t blank = 0;

	writing->columns = xcalloc(header->count, sizeof(size_t));
	for (size_t i = 0; i < header->count; i++) {
		if (!header->cells[i]) {
			blank++;
			continue;
		}
		if (blank >= SHEET_BLANK_COLUMNS_MAX) {
			problem_add(writing->problems, PROBLEM_WARNING,
			    writing->name, header->number, header->cells[i],
			    _("after %d columns without a header this column "
			      "and the next are not read"),
			    SHEET_BLANK_COLUMNS_MAX);
			return;
		}
		blank = 0;
		writing->columns[writing->count++] = i;
	}
}

static bool
has_content(const struct writing *writing, const struct sheet_row *row)
{
	for (size_t i = 0; i < writing->count; i++)
		if (cell_of(row, writing->columns[i]))
			return true;
	return false;
}

static void
keep_row(struct reader_sheet_rows *rows, size_t *room, int number)
{
	if (!rows)
		return;
	mem_grow(&rows->rows, room, rows->count + 1, sizeof(*rows->rows));
	rows->rows[rows->count++] = number;
}

static void
write_sheet(struct writing *writing, struct reader_sheet_rows *rows)
{
	const struct sheet *sheet = writing->sheet;
	size_t room = 0;
	int last = sheet->rows[0].number;

	buf_add_text(writing->out, writing->name);
	for (size_t i = 0; i < sheet->count; i++) {
		const struct sheet_row *row = &sheet->rows[i];

		if (!has_content(writing, row))
			continue;
		if (row->number - last > SHEET_BLANK_ROWS_MAX) {
			problem_add(writing->problems, PROBLEM_WARNING,
			    writing->name, row->number, "",
			    _("after %d blank rows this row and the next are "
			      "not read"),
			    SHEET_BLANK_ROWS_MAX);
			break;
		}
		last = row->number;
		keep_row(rows, &room, row->number);
		write_row(writing, row);
	}
}

static struct reader_sheet_rows *
add_rows(struct reader_rows *rows, const char *name)
{
	struct reader_sheet_rows *added;

	if (!rows)
		return NULL;
	mem_grow(
	    &rows->list, &rows->room, rows->count + 1, sizeof(*rows->list));
	added = &rows->list[rows->count++];
	*added = (struct reader_sheet_rows){ .sheet = xstrdup(name) };
	return added;
}

/* The sheet that `name` means; more than one is a problem. */
static const struct sheet *
find_sheet(
    const struct sheets *sheets, const char *name, struct problems *problems)
{
	const struct sheet *found = NULL;

	for (size_t i = 0; i < sheets->count; i++) {
		const struct sheet *sheet = &sheets->list[i];

		if (strcasecmp(sheet->name, name) != 0)
			continue;
		if (found) {
			problem_add(problems, PROBLEM_ERROR, name, 0, "",
			    _("there are two sheets of this name"));
			return found;
		}
		found = sheet;
	}
	/* As pyxform: the only sheet is the survey, whatever its name. */
	if (!found && sheets->count == 1 && strcmp(name, "survey") == 0 &&
	    !sheets_is_known(sheets->list[0].name))
		return &sheets->list[0];
	return found;
}

static void
warn_of_misspelled(const struct sheets *sheets, struct problems *problems)
{
	for (size_t i = 0; sheets->count > 1 && i < sheets->count; i++) {
		const char *name = sheets->list[i].name;

		if (name[0] == '_' || sheets_is_known(name) || strlen(name) < 3)
			continue;
		for (size_t j = 0; j < ARRAY_LEN(known); j++) {
			char *small = text_search_key(name);

			if (text_distance(small, known[j]) <= 2)
				problem_add(problems, PROBLEM_WARNING, name, 0,
				    "",
				    _("this sheet is not read; should it be "
				      "called %s?"),
				    known[j]);
			free(small);
		}
	}
}

static void
name_sheets(const struct sheets *sheets, struct problems *problems)
{
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < sheets->count && i < 20; i++)
		buf_addf(&names, "%s%s", i ? ", " : "", sheets->list[i].name);
	problem_add(problems, PROBLEM_ERROR, "", 0, "",
	    _("there is no sheet called survey with rows in it (sheets: %s)"),
	    names.data);
	buf_release(&names);
}

int
sheets_write(const struct sheets *sheets, struct buf *out,
    struct reader_rows *rows, struct problems *problems, struct err *err)
{
	buf_addf(out, "ronde-checklist,%d\n", READER_VERSION);
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct writing writing = {
			.sheet = find_sheet(sheets, known[i], problems),
			.name = known[i],
			.out = out,
			.problems = problems,
		};

		if (writing.sheet && writing.sheet->count > 0)
			find_columns(&writing);
		if (writing.count > 0)
			write_sheet(&writing, add_rows(rows, known[i]));
		else if (i == 0)
			name_sheets(sheets, problems);
		free(writing.columns);
	}
	warn_of_misspelled(sheets, problems);
	return buf_check(out, _("the sheets"), err);
}
