/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/sheets.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"

/* In the order of the normalised form. */
static const char *const known[] = { "survey", "choices", "settings",
	"external_choices", "entities", "osm" };

int
sheets_is_known(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcasecmp(name, known[i]) == 0)
			return 1;
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

/* Where the columns were, for messages. */
static void
keep_columns(const struct writing *writing, struct reader_sheet_rows *rows)
{
	const struct sheet_row *header = &writing->sheet->rows[0];
	struct buf headers = BUF_INIT;

	if (!rows)
		return;
	rows->columns = xcalloc(writing->count, sizeof(*rows->columns));
	for (size_t i = 0; i < writing->count; i++) {
		const char *text = cell_of(header, writing->columns[i]);

		rows->columns[rows->column_count++] = (int)writing->columns[i];
		buf_add(&headers, text, strlen(text) + 1);
	}
	rows->headers_len = headers.len;
	rows->headers = buf_detach(&headers);
}

static void
write_sheet(struct writing *writing, struct reader_sheet_rows *rows)
{
	const struct sheet *sheet = writing->sheet;
	size_t room = 0;
	int last = sheet->rows[0].number;

	buf_add_text(writing->out, writing->name);
	keep_columns(writing, rows);
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

/* Files beside the form come last, in the order of their names. */
static int
compare_names(const void *one, const void *other)
{
	const struct sheet *const *a = one, *const *b = other;

	return strcmp((*a)->name, (*b)->name);
}

static void
write_files(
    const struct sheets *sheets, struct buf *out, struct problems *problems)
{
	const struct sheet **files =
	    xcalloc(sheets->count + 1, sizeof(const struct sheet *));
	size_t count = 0;

	for (size_t i = 0; i < sheets->count; i++)
		if (strncmp(sheets->list[i].name, FILE_MARK,
			strlen(FILE_MARK)) == 0 &&
		    sheets->list[i].count > 0)
			files[count++] = &sheets->list[i];
	qsort(files, count, sizeof(const struct sheet *), compare_names);
	for (size_t i = 0; i < count; i++) {
		struct writing writing = { .sheet = files[i],
			.name = files[i]->name,
			.out = out,
			.problems = problems };

		find_columns(&writing);
		if (writing.count > 0)
			write_sheet(&writing, NULL);
		free(writing.columns);
	}
	free(files);
}

int
sheets_write_file(const struct sheets *sheets, struct buf *out,
    struct problems *problems, struct err *err)
{
	write_files(sheets, out, problems);
	return buf_check(out, _("the sheets"), err);
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
	write_files(sheets, out, problems);
	warn_of_misspelled(sheets, problems);
	return buf_check(out, _("the sheets"), err);
}
