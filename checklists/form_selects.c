/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "checklists/form_files.h"

/* Questions with choices: their list, and the text that or_other adds. */

static void
unknown_list(
    struct survey *s, const struct sheet_row *row, const char *list, size_t len)
{
	struct builder *b = s->b;
	char *name = xstrndup(list, len);
	const char *near = NULL;
	size_t best = 4;

	for (size_t i = 0; i < b->list_count && len < 64; i++) {
		size_t found = text_distance(name, b->lists[i].name);

		/* One of that very name is on the other sheet of choices. */
		if (found < best && found > 0) {
			best = found;
			near = b->lists[i].name;
		}
	}
	if (near)
		problem_here(b, &b->survey, row, COL_TYPE,
		    _("there is no list of choices \"%.60s\"; is \"%s\" "
		      "meant?"),
		    name, near);
	else
		problem_here(b, &b->survey, row, COL_TYPE,
		    _("there is no list of choices \"%.60s\""), name);
	free(name);
}

/* Names that are joined by spaces have none. */
static void
check_names(
    struct survey *s, const struct sheet_row *row, const struct item *item)
{
	for (size_t i = 0; item_has_many(item) && i < item->list->count; i++)
		if (strpbrk(item->list->choices[i].name, " \t\n\r"))
			problem_here(s->b, &s->b->survey, row, COL_TYPE,
			    _("the choice \"%.60s\" of list %s has a space "
			      "in its name, which select_multiple cannot have"),
			    item->list->choices[i].name, item->list->name);
}

const struct sheet_row *
survey_blank_row(struct builder *b, int number)
{
	struct sheet_row *row = arena_alloc(b->arena, sizeof(*row));
	const char **cells = arena_alloc(
	    b->arena, (b->survey.column_count + 1) * sizeof(*cells));

	for (size_t i = 0; i < b->survey.column_count; i++)
		cells[i] = "";
	*row = (struct sheet_row){ .number = number, .cells = cells };
	return row;
}

static const char *
printed(struct builder *b, const char *format, const char *name)
{
	struct buf text = BUF_INIT;
	const char *kept;

	for (; *format; format++)
		if (*format == '%')
			buf_add_text(&text, name);
		else
			buf_add_char(&text, *format);
	kept = arena_strndup(b->arena, text.data, text.len);
	buf_release(&text);
	return kept;
}

static void
add_other(struct survey *s, const struct sheet_row *row, struct item *select)
{
	struct builder *b = s->b;
	const char *name = select->name;
	const struct form_text *label = form_add_other(
	    b, row, (struct choice_list *)(uintptr_t)select->list);
	struct item *text =
	    survey_make_item(s, survey_blank_row(b, row->number), ITEM_TEXT,
		printed(b, "%_other", name));

	if (!text)
		return;
	text->label = label;
	b->implied[text->index].relevant =
	    printed(b, "selected(../%, 'other')", name);
}

/* The table that the cell names, or a problem. */
static const struct table *
find_file(
    struct survey *s, const struct sheet_row *row, const char *cell, size_t len)
{
	char *name = xstrndup(cell, len);
	const struct table *table = form_table(s->b->full, name);
	const char *dot = strrchr(name, '.');

	if (dot && strcmp(dot, ".csv") == 0)
		name[dot - name] = '\0';
	if (!table && dot && strcmp(dot, ".csv") != 0 && name[dot - name])
		problem_here(s->b, &s->b->survey, row, COL_TYPE,
		    _("the file %.60s: only .csv files are supported by this "
		      "version"),
		    name);
	else if (!table)
		problem_here(s->b, &s->b->survey, row, COL_TYPE,
		    _("the file %.60s.csv was not found beside the form"),
		    name);
	free(name);
	return table;
}

void
survey_check_file(struct survey *s, const struct sheet_row *row)
{
	const char *name = sheet_cell(&s->b->survey, row, COL_NAME);

	(void)find_file(s, row, name, strlen(name));
}

const struct choice_list *
survey_list(
    struct survey *s, const struct sheet_row *row, const struct row_type *type)
{
	struct builder *b = s->b;
	const size_t len = strcspn(type->list, " \t\n\r");

	if (type->file) {
		const struct table *table = find_file(s, row, type->list, len);

		return table ? form_file_list(b, row, table) : NULL;
	}
	for (size_t i = 0; i < b->list_count; i++)
		if (b->lists[i].external == type->external &&
		    strlen(b->lists[i].name) == len &&
		    strncmp(b->lists[i].name, type->list, len) == 0)
			return &b->lists[i];
	unknown_list(s, row, type->list, len);
	return NULL;
}

void
survey_add_select(
    struct survey *s, const struct sheet_row *row, const struct row_type *type)
{
	struct item *item = survey_add_item(s, row, type->item);

	if (!item)
		return;
	item->list = survey_list(s, row, type);
	if (!item->list)
		return;
	check_names(s, row, item);
	if (type->or_other)
		add_other(s, row, item);
}
