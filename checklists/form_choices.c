/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"

/*
 * The sheets choices and external_choices.  The rows of a list need not stand
 * together: they are counted, then filled in.
 */

/* The lists while they are being counted. */
struct gathering {
	const struct sheet *sheet;
	size_t first; /* of b->lists: what this sheet has begins there */
	struct name_map lists;
	size_t *filled;         /* by list */
	struct name_map *names; /* by list, for duplicates */
	size_t room;
};

static int
read_small_number(const char *cell, int min, int max, int *number)
{
	char *end;
	long read;

	if (cell[0] < '0' || cell[0] > '9')
		return -1;
	read = strtol(cell, &end, 10);
	if (strcmp(end, ".0") == 0)
		end += 2;
	if (*end || read < min || read > max)
		return -1;
	*number = (int)read;
	return 0;
}

static void
read_score(struct builder *b, const struct sheet *sheet,
    const struct sheet_row *row, struct choice *choice)
{
	const char *cell = sheet_cell(sheet, row, COL_SCORE);

	choice->score_kind = SCORE_NONE;
	if (cell[0] == '\0')
		return;
	if (strcmp(cell, "?") == 0)
		choice->score_kind = SCORE_UNKNOWN;
	else if (read_small_number(cell, 0, 100, &choice->score) == 0)
		choice->score_kind = SCORE_NUMBER;
	else
		problem_here(b, sheet, row, COL_SCORE,
		    _("\"%.40s\" is no score: a number from 0 to 100, ? or "
		      "nothing"),
		    cell);
}

static void
read_judgement(struct builder *b, const struct sheet *sheet,
    const struct sheet_row *row, struct choice *choice)
{
	const char *severity = sheet_cell(sheet, row, COL_SEVERITY);
	const char *polarity = sheet_cell(sheet, row, COL_POLARITY);
	const char *reason = sheet_cell(sheet, row, COL_REASON);

	if (severity[0] &&
	    read_small_number(severity, 0, 4, &choice->severity) != 0)
		problem_here(b, sheet, row, COL_SEVERITY,
		    _("\"%.40s\" is no severity: 1 (critical) to 4 "
		      "(observation)"),
		    severity);
	if (strcasecmp(polarity, "strength") == 0)
		choice->polarity = "strength";
	else if (strcasecmp(polarity, "need") == 0)
		choice->polarity = "need";
	else if (polarity[0])
		problem_here(b, sheet, row, COL_POLARITY,
		    _("\"%.40s\" is neither strength nor need"), polarity);
	choice->asks_reason = is_yes(reason);
	if (reason[0] && !is_yes(reason) && !is_no(reason))
		problem_here(b, sheet, row, COL_REASON,
		    _("\"%.40s\" is neither yes nor no"), reason);
}

static void
read_choice(struct builder *b, const struct sheet *sheet,
    const struct sheet_row *row, struct choice *choice)
{
	const size_t room = b->full->form.extra_count + 1;
	const char **extra = arena_alloc(b->arena, room * sizeof(*extra));

	choice->name = sheet_cell(sheet, row, COL_NAME);
	choice->label = sheet_text(b, sheet, row, COL_LABEL);
	choice->option = sheet_text(b, sheet, row, COL_OPTION);
	for (size_t i = 0; i < room; i++)
		extra[i] = "";
	for (size_t i = 0; i < sheet->column_count; i++)
		if (sheet->columns[i].kind == COL_UNKNOWN)
			extra[sheet->columns[i].extra] = row->cells[i];
	choice->extra = extra;
	read_score(b, sheet, row, choice);
	read_judgement(b, sheet, row, choice);
	if (choice->name[0] == '\0')
		problem_here(b, sheet, row, COL_NAME,
		    _("the name of the choice is missing"));
	else if (!choice->label)
		warn_here(b, sheet, row, COL_LABEL,
		    _("the choice \"%.60s\" has no label"), choice->name);
}

static bool
is_blank_row(const struct sheet *sheet, const struct sheet_row *row)
{
	for (size_t i = 0; i < sheet->column_count; i++)
		if (row->cells[i][0])
			return false;
	return true;
}

static void
count_lists(struct builder *b, struct gathering *g)
{
	const struct sheet *sheet = g->sheet;

	g->first = b->list_count;
	for (size_t i = 0; i < sheet->row_count; i++) {
		const struct sheet_row *row = &sheet->rows[i];
		const char *name = sheet_cell(sheet, row, COL_LIST_NAME);
		int list;

		if (name[0] == '\0') {
			if (!is_blank_row(sheet, row))
				warn_here(b, sheet, row, COL_LIST_NAME,
				    _("this row is ignored: it has no list "
				      "name"));
			continue;
		}
		list = name_map_put(&g->lists, name, (int)b->list_count);
		if (list < 0) {
			list = (int)b->list_count++;
			mem_grow(&b->lists, &b->list_room, b->list_count,
			    sizeof(*b->lists));
			b->lists[list] = (struct choice_list){ .name = name,
				.external = sheet == &b->external };
		}
		b->lists[list].count++;
	}
}

/* In external_choices a name stands once for each place that has it. */
static void
check_twice(struct builder *b, struct gathering *g, int list,
    const struct sheet_row *row, const char *name)
{
	if (name[0] == '\0' || b->allow_choice_duplicates ||
	    g->sheet == &b->external ||
	    name_map_put(&g->names[(size_t)list - g->first], name, 1) < 0)
		return;
	problem_here(b, g->sheet, row, COL_NAME,
	    _("the list %s has the choice \"%.60s\" twice (the setting "
	      "allow_choice_duplicates allows it)"),
	    b->lists[list].name, name);
}

static void
fill_lists(struct builder *b, struct gathering *g)
{
	const struct sheet *sheet = g->sheet;

	for (size_t i = 0; i < sheet->row_count; i++) {
		const struct sheet_row *row = &sheet->rows[i];
		const char *name = sheet_cell(sheet, row, COL_LIST_NAME);
		struct choice *choice;
		int list;

		if (name[0] == '\0')
			continue;
		list = name_map_find(&g->lists, name, strlen(name));
		choice = (struct choice *)(uintptr_t)&b->lists[list]
			     .choices[g->filled[(size_t)list - g->first]++];
		read_choice(b, sheet, row, choice);
		check_twice(b, g, list, row, choice->name);
	}
}

/* A column that both sheets have is one for expressions. */
static int
extra_named(const char **names, size_t *count, const char *header)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(names[i], header) == 0)
			return (int)i;
	names[*count] = header;
	return (int)(*count)++;
}

static void
name_extra_columns(struct builder *b)
{
	struct sheet *const sheets[] = { &b->choices, &b->external };
	size_t count = 0,
	       room = b->choices.column_count + b->external.column_count + 1;
	const char **names;

	for (size_t t = 0; t < b->full->table_count; t++)
		room += b->full->tables[t].column_count;
	names = arena_alloc(b->arena, room * sizeof(*names));

	for (size_t s = 0; s < ARRAY_LEN(sheets); s++)
		for (size_t i = 0; i < sheets[s]->column_count; i++)
			if (sheets[s]->columns[i].kind == COL_UNKNOWN)
				sheets[s]->columns[i].extra = extra_named(names,
				    &count, sheets[s]->columns[i].header);
	for (size_t t = 0; t < b->full->table_count; t++)
		for (size_t i = 0; i < b->full->tables[t].column_count; i++)
			extra_named(
			    names, &count, b->full->tables[t].columns[i]);
	b->full->form.extra_names = names;
	b->full->form.extra_count = count;
}

static bool
has_columns(struct builder *b, const struct sheet *sheet)
{
	static const enum column_kind needed[] = { COL_LIST_NAME, COL_NAME };
	static const char *const names[] = { "list_name", "name" };
	bool has = true;

	for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
		if (sheet->first[needed[i]] >= 0)
			continue;
		problem_add(b->problems, PROBLEM_ERROR, sheet->name, 1, "",
		    _("the column %s is missing"), names[i]);
		has = false;
	}
	return has;
}

static void
read_sheet(struct builder *b, const struct sheet *sheet)
{
	struct gathering g = { .sheet = sheet };
	size_t lists;

	if (!sheet->name || sheet->row_count == 0 || !has_columns(b, sheet))
		return;
	count_lists(b, &g);
	lists = b->list_count - g.first;
	g.filled = xcalloc(lists, sizeof(*g.filled));
	g.names = xcalloc(lists, sizeof(*g.names));
	for (size_t i = g.first; i < b->list_count; i++)
		b->lists[i].choices = arena_alloc(
		    b->arena, b->lists[i].count * sizeof(struct choice));
	fill_lists(b, &g);
	for (size_t i = 0; i < lists; i++)
		name_map_release(&g.names[i]);
	free(g.names);
	free(g.filled);
	name_map_release(&g.lists);
}

void
form_read_choices(struct builder *b)
{
	struct choice_list *lists;

	name_extra_columns(b);
	read_sheet(b, &b->choices);
	read_sheet(b, &b->external);
	/* Items point to the lists: they stay where they are from now on. */
	lists = arena_alloc(b->arena, (b->list_count + 1) * sizeof(*lists));
	if (b->list_count)
		memcpy(lists, b->lists, b->list_count * sizeof(*lists));
	free(b->lists);
	b->lists = lists;
}
