/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

/* The cells of a sheet by the kind of their column, and what is wrong there. */

enum { PROBLEM_TEXT_MAX = 2048 }; /* longer ones are cut */

const char *
sheet_cell(const struct sheet *sheet, const struct sheet_row *row,
    enum column_kind kind)
{
	if (!sheet->name || sheet->first[kind] < 0)
		return "";
	return row->cells[sheet->first[kind]];
}

const char *
sheet_header(const struct sheet *sheet, enum column_kind kind)
{
	for (size_t i = 0; i < sheet->column_count; i++)
		if (sheet->columns[i].kind == kind)
			return sheet->columns[i].header;
	return "";
}

const struct form_text *
sheet_text(struct builder *b, const struct sheet *sheet,
    const struct sheet_row *row, enum column_kind kind)
{
	const size_t langs = b->full->form.lang_count;
	const char **in = NULL;

	for (size_t i = 0; i < sheet->column_count; i++) {
		const struct column *column = &sheet->columns[i];

		if (column->kind != kind || column->lang_index < 0 ||
		    row->cells[i][0] == '\0')
			continue;
		if (!in)
			in = arena_alloc(b->arena, langs * sizeof(*in));
		in[column->lang_index] = row->cells[i];
	}
	return (const struct form_text *)(const void *)in;
}

static void
add_problem(struct builder *b, enum problem_kind severity,
    const struct sheet *sheet, const struct sheet_row *row,
    enum column_kind kind, const char *text)
{
	const size_t first = b->problems->count;

	problem_add(b->problems, severity, sheet->name ? sheet->name : "",
	    row ? row->number : 0, sheet_header(sheet, kind), "%s", text);
	if (row)
		problems_quote(
		    b->problems, first, sheet_cell(sheet, row, kind), 0);
}

void
problem_here(struct builder *b, const struct sheet *sheet,
    const struct sheet_row *row, enum column_kind kind, const char *fmt, ...)
{
	char text[PROBLEM_TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	add_problem(b, PROBLEM_ERROR, sheet, row, kind, text);
}

void
warn_here(struct builder *b, const struct sheet *sheet,
    const struct sheet_row *row, enum column_kind kind, const char *fmt, ...)
{
	char text[PROBLEM_TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	add_problem(b, PROBLEM_WARNING, sheet, row, kind, text);
}

bool
is_yes(const char *cell)
{
	return strcasecmp(cell, "yes") == 0 || strcasecmp(cell, "true") == 0 ||
	    strcasecmp(cell, "true()") == 0;
}

bool
is_no(const char *cell)
{
	return strcasecmp(cell, "no") == 0 || strcasecmp(cell, "false") == 0 ||
	    strcasecmp(cell, "false()") == 0;
}
