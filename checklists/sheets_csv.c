/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/sheets_csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "base/i18n.h"
#include "base/text.h"

enum { SNIFFED_ROWS = 2 }; /* later ones hold expressions, with commas */

struct reading {
	struct sheets *sheets;
	struct sheet *sheet; /* the one at hand; NULL before the first */
	bool named;          /* sheet names in the first column */
	struct buf text;     /* the cells of the row, each ended by NUL */
	size_t *starts;      /* of the cells in it */
	size_t count, room;
	int row; /* the number of the row at hand */
	struct err *err;
	bool failed;
};

static void
on_cell(void *bytes, size_t len, void *arg)
{
	struct reading *reading = arg;

	if (reading->failed)
		return;
	if (reading->count >= SHEET_COLUMNS_MAX) {
		err_set(reading->err, ERR_LIMIT,
		    _("row %d: more than %d columns"), reading->row,
		    SHEET_COLUMNS_MAX);
		reading->failed = true;
		return;
	}
	mem_grow(&reading->starts, &reading->room, reading->count + 1,
	    sizeof(size_t));
	reading->starts[reading->count++] = reading->text.len;
	buf_add(&reading->text, bytes, len);
	buf_add_char(&reading->text, '\0');
}

/* The first cell, where it is not blank, begins a sheet. */
static int
begin_sheet(struct reading *reading)
{
	const char *name = reading->text.data;

	if (text_is_blank(name))
		return 0;
	reading->sheet =
	    sheets_add(reading->sheets, name, strlen(name), reading->err);
	return reading->sheet ? 0 : -1;
}

static int
take_row(struct reading *reading)
{
	const size_t first = reading->named ? 1 : 0;

	if (reading->count == 0)
		return 0;
	/* Our own first line is no sheet. */
	if (reading->named && reading->row == 1 &&
	    strcmp(reading->text.data, "ronde-checklist") == 0)
		return 0;
	if (reading->named && begin_sheet(reading) < 0)
		return -1;
	for (size_t i = first; i < reading->count; i++) {
		const char *cell = reading->text.data + reading->starts[i];

		if (text_is_blank(cell))
			continue;
		if (!reading->sheet)
			return err_set(reading->err, ERR_FORMAT,
			    _("row %d: the first column must name a sheet "
			      "(survey, choices, settings) before its rows"),
			    reading->row);
		if (sheets_set(reading->sheets, reading->sheet, reading->row,
			i - first, cell, reading->err) < 0)
			return -1;
	}
	return 0;
}

static void
on_row(int end, void *arg)
{
	struct reading *reading = arg;

	(void)end;
	if (!reading->failed && take_row(reading) < 0)
		reading->failed = true;
	reading->row++;
	reading->count = 0;
	buf_clear(&reading->text);
}

/* Brings every end of a line to "\n", so that rows can be counted. */
static void
one_line_end(struct buf *text)
{
	size_t to = 0;

	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] == '\r' && text->data[i + 1] == '\n')
			continue;
		text->data[to++] = text->data[i] == '\r' ? '\n' : text->data[i];
	}
	buf_cut(text, to);
}

/* The separator that the first rows use most. */
static unsigned char
sniff(const struct buf *text)
{
	static const char separators[] = ",;\t";
	size_t counts[3] = { 0 }, best = 0, rows = 0;
	bool quoted = false, blank = true;

	/* Our own writing, in which a header may be full of others. */
	if (strncmp(text->data, "ronde-checklist,", 16) == 0)
		return ',';
	for (size_t i = 0; i < text->len && rows < SNIFFED_ROWS; i++) {
		const char c = text->data[i];
		const char *found = strchr(separators, c);

		quoted ^= c == '"';
		if (quoted)
			continue;
		if (c == '\n' && !blank)
			rows++;
		blank = c == '\n';
		if (found && c)
			counts[found - separators]++;
	}
	for (size_t i = 1; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return (unsigned char)separators[best];
}

static int
parse(struct reading *reading, const struct buf *text)
{
	struct csv_parser parser;
	size_t used;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) !=
	    0)
		return err_set(reading->err, ERR_LIMIT, _("too large"));
	csv_set_delim(&parser, sniff(text));
	used =
	    csv_parse(&parser, text->data, text->len, on_cell, on_row, reading);
	if (!reading->failed && used != text->len) {
		err_set(reading->err, ERR_FORMAT,
		    _("row %d: a quotation mark inside a cell; put the cell "
		      "in quotation marks and double those in it"),
		    reading->row);
		reading->failed = true;
	}
	if (!reading->failed &&
	    csv_fini(&parser, on_cell, on_row, reading) != 0) {
		err_set(reading->err, ERR_FORMAT,
		    _("row %d: a quotation mark is opened and never closed"),
		    reading->row);
		reading->failed = true;
	}
	csv_free(&parser);
	return reading->failed ? -1 : 0;
}

int
sheets_read_csv(struct sheets *sheets, const char *sheet, const char *bytes,
    size_t len, struct problems *problems, struct err *err)
{
	struct reading reading = {
		.sheets = sheets, .named = !sheet, .row = 1, .err = err
	};
	struct buf text = BUF_INIT;
	const char *encoding;
	int result = -1;

	buf_init(&reading.text, BUF_MAX_BYTES);
	if (text_decode(bytes, len, sheet ? sheet : _("the file"), &text,
		&encoding, err) < 0)
		goto out;
	if (strcmp(encoding, "Windows-1252") == 0)
		problem_add(problems, PROBLEM_WARNING, sheet, 0, "",
		    _("not UTF-8, so it was read as Windows-1252; look at "
		      "the accents, and better save it as UTF-8"));
	one_line_end(&text);
	if (sheet)
		reading.sheet = sheets_add(sheets, sheet, strlen(sheet), err);
	if (sheet && !reading.sheet)
		goto out;
	result = parse(&reading, &text);
	if (result < 0 && sheet)
		err_wrap(err, "%s.csv", sheet);
out:
	buf_release(&reading.text);
	buf_release(&text);
	free(reading.starts);
	return result;
}
