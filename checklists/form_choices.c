/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"

/*
 * The choices sheet.  The rows of a list need not stand together: they are
 * counted, then filled in.
 */

/* The lists while they are being counted. */
struct gathering {
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
read_score(
    struct builder *b, const struct sheet_row *row, struct choice *choice)
{
	const char *cell = sheet_cell(&b->choices, row, COL_SCORE);

	choice->score_kind = SCORE_NONE;
	if (cell[0] == '\0')
		return;
	if (strcmp(cell, "?") == 0)
		choice->score_kind = SCORE_UNKNOWN;
	else if (read_small_number(cell, 0, 100, &choice->score) == 0)
		choice->score_kind = SCORE_NUMBER;
	else
		problem_here(b, &b->choices, row, COL_SCORE,
		    _("\"%.40s\" is no score: a number from 0 to 100, ? or "
		      "nothing"),
		    cell);
}

static void
read_judgement(
    struct builder *b, const struct sheet_row *row, struct choice *choice)
{
	const char *severity = sheet_cell(&b->choices, row, COL_SEVERITY);
	const char *polarity = sheet_cell(&b->choices, row, COL_POLARITY);
	const char *reason = sheet_cell(&b->choices, row, COL_REASON);

	if (severity[0] &&
	    read_small_number(severity, 0, 4, &choice->severity) != 0)
		problem_here(b, &b->choices, row, COL_SEVERITY,
		    _("\"%.40s\" is no severity: 1 (critical) to 4 "
		      "(observation)"),
		    severity);
	if (strcasecmp(polarity, "strength") == 0)
		choice->polarity = "strength";
	else if (strcasecmp(polarity, "need") == 0)
		choice->polarity = "need";
	else if (polarity[0])
		problem_here(b, &b->choices, row, COL_POLARITY,
		    _("\"%.40s\" is neither strength nor need"), polarity);
	choice->asks_reason = is_yes(reason);
	if (reason[0] && !is_yes(reason) && !is_no(reason))
		problem_here(b, &b->choices, row, COL_REASON,
		    _("\"%.40s\" is neither yes nor no"), reason);
}

static void
read_choice(
    struct builder *b, const struct sheet_row *row, struct choice *choice)
{
	const struct sheet *sheet = &b->choices;
	const char **extra = arena_alloc(
	    b->arena, (b->full->form.extra_count + 1) * sizeof(*extra));
	size_t count = 0;

	choice->name = sheet_cell(sheet, row, COL_NAME);
	choice->label = sheet_text(b, sheet, row, COL_LABEL);
	choice->option = sheet_text(b, sheet, row, COL_OPTION);
	for (size_t i = 0; i < sheet->column_count; i++)
		if (sheet->columns[i].kind == COL_UNKNOWN)
			extra[count++] = row->cells[i];
	choice->extra = extra;
	read_score(b, row, choice);
	read_judgement(b, row, choice);
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
	const struct sheet *sheet = &b->choices;
	size_t room = 0;

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
			mem_grow(
			    &b->lists, &room, b->list_count, sizeof(*b->lists));
			b->lists[list].name = name;
		}
		b->lists[list].count++;
	}
}

static void
fill_lists(struct builder *b, struct gathering *g)
{
	const struct sheet *sheet = &b->choices;

	for (size_t i = 0; i < sheet->row_count; i++) {
		const struct sheet_row *row = &sheet->rows[i];
		const char *name = sheet_cell(sheet, row, COL_LIST_NAME);
		struct choice *choice;
		int list;

		if (name[0] == '\0')
			continue;
		list = name_map_find(&g->lists, name, strlen(name));
		choice = (struct choice *)(uintptr_t)&b->lists[list]
			     .choices[g->filled[list]++];
		read_choice(b, row, choice);
		if (choice->name[0] && !b->allow_choice_duplicates &&
		    name_map_put(&g->names[list], choice->name, 1) >= 0)
			problem_here(b, sheet, row, COL_NAME,
			    _("the list %s has the choice \"%.60s\" twice (the "
			      "setting allow_choice_duplicates allows it)"),
			    name, choice->name);
	}
}

static void
name_extra_columns(struct builder *b)
{
	const struct sheet *sheet = &b->choices;
	const char **names =
	    arena_alloc(b->arena, (sheet->column_count + 1) * sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < sheet->column_count; i++)
		if (sheet->columns[i].kind == COL_UNKNOWN)
			names[count++] = sheet->columns[i].header;
	b->full->form.extra_names = names;
	b->full->form.extra_count = count;
}

static bool
has_columns(struct builder *b)
{
	const struct sheet *sheet = &b->choices;

	if (sheet->first[COL_LIST_NAME] < 0)
		problem_add(b->problems, PROBLEM_ERROR, "choices", 1, "",
		    _("the column %s is missing"), "list_name");
	if (sheet->first[COL_NAME] < 0)
		problem_add(b->problems, PROBLEM_ERROR, "choices", 1, "",
		    _("the column %s is missing"), "name");
	return sheet->first[COL_LIST_NAME] >= 0 && sheet->first[COL_NAME] >= 0;
}

void
form_read_choices(struct builder *b)
{
	struct gathering g = { 0 };
	struct choice_list *lists;

	if (!b->choices.name || b->choices.row_count == 0 || !has_columns(b))
		return;
	name_extra_columns(b);
	count_lists(b, &g);
	g.filled = xcalloc(b->list_count, sizeof(*g.filled));
	g.names = xcalloc(b->list_count, sizeof(*g.names));
	for (size_t i = 0; i < b->list_count; i++)
		b->lists[i].choices = arena_alloc(
		    b->arena, b->lists[i].count * sizeof(struct choice));
	fill_lists(b, &g);
	for (size_t i = 0; i < b->list_count; i++)
		name_map_release(&g.names[i]);
	free(g.names);
	free(g.filled);
	name_map_release(&g.lists);
	/* Items point to the lists: they stay where they are from now on. */
	lists = arena_alloc(b->arena, (b->list_count + 1) * sizeof(*lists));
	if (b->list_count)
		memcpy(lists, b->lists, b->list_count * sizeof(*lists));
	free(b->lists);
	b->lists = lists;
}
