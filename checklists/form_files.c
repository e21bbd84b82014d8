/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "checklists/form_internal.h"

/* Files beside the form: which are named, and lists of choices from them. */

enum { FILE_CELLS_MAX = 8000000 }; /* of all lists, eight bytes each */

const char *
files_next_call(const char *text, size_t *len)
{
	static const char *const calls[] = { "pulldata", "instance" };

	for (; *text; text++)
		for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
			const char *at = text;
			char quote;

			if (strncmp(at, calls[i], strlen(calls[i])) != 0)
				continue;
			at += strlen(calls[i]);
			at += strspn(at, " ");
			if (*at != '(')
				continue;
			at += 1 + strspn(at + 1, " ");
			quote = *at;
			if (quote != '\'' && quote != '"')
				continue;
			*len = strcspn(++at, quote == '"' ? "\"" : "'");
			return at;
		}
	return NULL;
}

struct table *
form_table(const struct form_full *full, const char *name)
{
	for (size_t i = 0; i < full->table_count; i++)
		if (table_is_named(&full->tables[i], name))
			return &full->tables[i];
	return NULL;
}

void
form_add_table(struct builder *b, const char *name,
    const struct csv_row *header, const struct csv_row *rows, size_t count)
{
	struct form_full *full = b->full;

	mem_grow(&full->tables, &full->table_room, full->table_count + 1,
	    sizeof(*full->tables));
	table_init(
	    &full->tables[full->table_count++], name, header, rows, count);
}

void
form_release_tables(struct form_full *full)
{
	for (size_t i = 0; i < full->table_count; i++)
		table_release(&full->tables[i]);
	free(full->tables);
}

void
form_check_calls(struct builder *b, const struct sheet_row *row,
    enum column_kind kind, const char *text)
{
	size_t len;

	while ((text = files_next_call(text, &len))) {
		char *name = xstrndup(text, len);

		if (!form_table(b->full, name))
			problem_here(b, &b->survey, row, kind,
			    _("the file %.60s.csv was not found beside the "
			      "form"),
			    name);
		free(name);
		text += len;
	}
}

static const struct form_text *
label_of(struct builder *b, const char *text)
{
	struct form_text *label;

	if (text[0] == '\0')
		return NULL;
	label = arena_alloc(b->arena,
	    sizeof(*label) + b->full->form.lang_count * sizeof(char *));
	label->in[b->full->form.default_lang] = text;
	return label;
}

/* Each column of the file in the place that expressions know it by. */
static const char *const *
extra_of(struct builder *b, const struct table *table, size_t row)
{
	const struct form *form = &b->full->form;
	const char **extra =
	    arena_alloc(b->arena, (form->extra_count + 1) * sizeof(*extra));

	for (size_t i = 0; i < form->extra_count; i++) {
		const int column = table_column(table, form->extra_names[i]);

		extra[i] = column < 0 ? "" : table_cell(table, row, column);
	}
	return extra;
}

static int
named_column(struct builder *b, const struct sheet_row *row,
    const struct table *table, const char *parameter, const char *usual)
{
	const char *name = form_parameter(b, row, parameter);
	int column;

	if (!name)
		name = usual;
	column = table_column(table, name);
	if (column < 0)
		problem_here(b, &b->survey, row, COL_TYPE,
		    _("the file %s has no column \"%.60s\""), table->name,
		    name);
	return column;
}

static struct choice_list *
make_list(struct builder *b, const struct table *table, int name, int label)
{
	struct choice_list *list = arena_alloc(b->arena, sizeof(*list));
	struct choice *choices =
	    arena_alloc(b->arena, (table->row_count + 1) * sizeof(*choices));

	*list = (struct choice_list){ .name = table->name, .choices = choices };
	for (size_t i = 0; i < table->row_count; i++) {
		const char *text = table_cell(table, i, name);

		if (text[0] == '\0')
			continue;
		choices[list->count++] = (struct choice){ .name = text,
			.label = label_of(b, table_cell(table, i, label)),
			.extra = extra_of(b, table, i) };
	}
	return list;
}

const struct choice_list *
form_file_list(
    struct builder *b, const struct sheet_row *row, const struct table *table)
{
	const int name = named_column(b, row, table, "value", "name");
	const int label = named_column(b, row, table, "label", "label");
	struct file_list *made;

	if (name < 0 || label < 0)
		return NULL;
	for (made = b->file_lists; made; made = made->next)
		if (made->table == table && made->name == name &&
		    made->label == label)
			return made->list;
	b->file_cells += table->row_count * (b->full->form.extra_count + 1);
	if (b->file_cells > FILE_CELLS_MAX) {
		problem_here(b, &b->survey, row, COL_TYPE,
		    _("the files beside the form are too large: their rows "
		      "and columns make more than %d cells"),
		    FILE_CELLS_MAX);
		return NULL;
	}
	made = arena_alloc(b->arena, sizeof(*made));
	*made = (struct file_list){ table, name, label,
		make_list(b, table, name, label), b->file_lists, NULL };
	b->file_lists = made;
	return made->list;
}
