/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/xml.h"

/* Which text of a cell the parser is in. */
enum inside { IN_NOTHING, IN_VALUE, IN_TEXT, IN_FORMULA };

struct cells {
	struct sheets *sheets;
	struct sheet *sheet;
	const struct xlsx_tables *tables;
	struct problems *problems;
	int row;       /* at hand, or the last one */
	size_t column; /* likewise, from 0 */
	bool first;    /* no cell of this row was read yet */
	char type[12]; /* the attribute t */
	size_t style;  /* the attribute s */
	bool has_formula, has_value;
	int phonetic;
	enum inside inside;
	struct buf text;
};

/* Reads "C5"; false when it is none. */
static bool
read_reference(const char *name, size_t *column, int *row)
{
	size_t number = 0;
	char *end;
	long line;

	while (*name >= 'A' && *name <= 'Z' && number <= SHEET_COLUMNS_MAX)
		number = number * 26 + (size_t)(*name++ - 'A' + 1);
	line = strtol(name, &end, 10);
	if (number == 0 || number > SHEET_COLUMNS_MAX || end == name || *end ||
	    line < 1 || line > SHEET_ROWS_MAX)
		return false;
	*column = number - 1;
	*row = (int)line;
	return true;
}

static int
refuse(struct cells *cells, const char *text, struct err *err)
{
	return err_set(err, ERR_FORMAT, _("sheet %s, after row %d: %s"),
	    cells->sheet->name, cells->row, text);
}

static int
start_row(struct cells *cells, const char **attributes, struct err *err)
{
	const char *number = xml_attribute(attributes, "r");
	long row = cells->row + 1;
	char *end;

	if (number) {
		row = strtol(number, &end, 10);
		if (end == number || *end)
			row = -1;
	}
	if (row <= cells->row || row > SHEET_ROWS_MAX)
		return refuse(
		    cells, _("a row with a number that cannot be"), err);
	cells->row = (int)row;
	cells->first = true;
	return 0;
}

static int
start_cell(struct cells *cells, const char **attributes, struct err *err)
{
	const char *name = xml_attribute(attributes, "r");
	const char *type = xml_attribute(attributes, "t");
	const char *style = xml_attribute(attributes, "s");
	size_t column = cells->first ? 0 : cells->column + 1;
	int row = cells->row;

	if (name && (!read_reference(name, &column, &row) || row != cells->row))
		return refuse(
		    cells, _("a cell with a place that cannot be"), err);
	if (!cells->first && column <= cells->column)
		return refuse(cells, _("its cells are not in order"), err);
	cells->column = column;
	cells->first = false;
	cells->type[0] = '\0';
	if (type)
		snprintf(cells->type, sizeof(cells->type), "%s", type);
	cells->style = style ? strtoul(style, NULL, 10) : 0;
	cells->has_formula = cells->has_value = false;
	cells->phonetic = 0;
	buf_clear(&cells->text);
	return 0;
}

static int
cells_start(
    void *arg, const char *name, const char **attributes, struct err *err)
{
	struct cells *cells = arg;

	name = xlsx_local(name);
	cells->inside = IN_NOTHING;
	if (strcmp(name, "row") == 0)
		return start_row(cells, attributes, err);
	if (strcmp(name, "c") == 0)
		return start_cell(cells, attributes, err);
	if (strcmp(name, "v") == 0) {
		cells->inside = IN_VALUE;
		cells->has_value = true;
	} else if (strcmp(name, "f") == 0) {
		cells->has_formula = true;
	} else if (strcmp(name, "rPh") == 0) {
		cells->phonetic++;
	} else if (strcmp(name, "t") == 0 && cells->phonetic == 0) {
		cells->inside = IN_TEXT;
	}
	return 0;
}

static int
cells_text(void *arg, const char *text, size_t len, struct err *err)
{
	struct cells *cells = arg;

	(void)err;
	if (cells->inside == IN_VALUE || cells->inside == IN_TEXT)
		buf_add(&cells->text, text, len);
	return 0;
}

static void
report(struct cells *cells, enum problem_kind kind, const char *text)
{
	char name[CELL_NAME_MAX];

	sheets_cell_name(name, cells->column, cells->row);
	problem_add(cells->problems, kind, cells->sheet->name, cells->row, name,
	    "%s", text);
}

static void
report_error_cell(struct cells *cells)
{
	char *text = xasprintf(
	    _("the formula gives the error %s; mend it in the spreadsheet"),
	    cells->text.data);

	report(cells, PROBLEM_ERROR, text);
	free(text);
}

static void
add_shared(struct cells *cells, struct buf *out)
{
	const struct xlsx_tables *tables = cells->tables;
	char *end;
	const unsigned long index = strtoul(cells->text.data, &end, 10);

	if (end == cells->text.data || *end || index >= tables->string_count)
		report(cells, PROBLEM_ERROR,
		    _("points to a text that the workbook does not have"));
	else
		buf_add_text(out, tables->strings[index]);
}

static void
add_number(struct cells *cells, struct buf *out)
{
	const struct xlsx_tables *tables = cells->tables;
	const enum xlsx_number kind = cells->style < tables->style_count
	    ? tables->styles[cells->style]
	    : XLSX_PLAIN;

	if (cells->text.len > 0 &&
	    !xlsx_add_number(out, cells->text.data, kind, tables->date_1904))
		report(cells, PROBLEM_ERROR, _("holds a number that is none"));
}

/* The text of the cell at hand by its type. */
static void
add_text(struct cells *cells, struct buf *out)
{
	const char *type = cells->type;

	if (strcmp(type, "s") == 0)
		add_shared(cells, out);
	else if (strcmp(type, "str") == 0 || strcmp(type, "inlineStr") == 0)
		xlsx_add_unescaped(out, cells->text.data, cells->text.len);
	else if (strcmp(type, "b") == 0)
		buf_add_text(out,
		    strcmp(cells->text.data, "0") == 0 ||
			    strcmp(cells->text.data, "false") == 0
			? "FALSE"
			: "TRUE");
	else if (strcmp(type, "e") == 0)
		report_error_cell(cells);
	else if (strcmp(type, "d") == 0)
		buf_add(out, cells->text.data, cells->text.len);
	else
		add_number(cells, out);
}

static int
end_cell(struct cells *cells, struct err *err)
{
	struct buf text = BUF_INIT;
	int result;

	if (cells->has_formula && !cells->has_value)
		report(cells, PROBLEM_WARNING,
		    _("the formula has no saved value; open the file in a "
		      "spreadsheet program and save it"));
	if (cells->text.len > 0)
		add_text(cells, &text);
	result = buf_check(&cells->text, _("a cell"), err);
	if (result == 0)
		result = sheets_set(cells->sheets, cells->sheet, cells->row,
		    cells->column, text.data, err);
	buf_release(&text);
	return result;
}

static int
cells_end(void *arg, const char *name, struct err *err)
{
	struct cells *cells = arg;

	cells->inside = IN_NOTHING;
	name = xlsx_local(name);
	if (strcmp(name, "rPh") == 0)
		cells->phonetic--;
	return strcmp(name, "c") == 0 ? end_cell(cells, err) : 0;
}

int
xlsx_read_cells(struct sheets *sheets, struct sheet *sheet,
    const struct xlsx_tables *tables, const char *xml, size_t len,
    struct err *err)
{
	static const struct xml_handler handler = {
		.start = cells_start, .end = cells_end, .text = cells_text
	};
	struct cells cells = { .sheets = sheets,
		.sheet = sheet,
		.tables = tables,
		.problems = tables->problems,
		.first = true };
	int result;

	buf_init(&cells.text, SHEETS_TEXT_MAX);
	result = xml_parse(xml, len, sheet->name, &handler, &cells, err);
	buf_release(&cells.text);
	return result;
}
