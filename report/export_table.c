/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "report/csv.h"
#include "report/export_internal.h"

/*
 * Answers as tables: the first of what is outside of repeats, with a row an
 * inspection, then one for each repeat, with a row a row.  ODK Central joins
 * them by KEY and PARENT_KEY, KoboToolbox by _index and _parent_index.
 */

/* What a column shows of its item. */
enum part { PART_WHOLE, PART_CHOICE, PART_GEO };

struct column {
	const struct item *item;
	enum part part;
	size_t at; /* of PART_CHOICE: in the list; of PART_GEO: which number */
};

struct table {
	int repeat; /* item; -1: the first table */
	struct column *columns;
	size_t column_count, column_room;
	long rows;
	struct buf text;
};

struct tables {
	const struct form *form;
	enum table_style style;
	struct table *list; /* the first, then by item */
	size_t count, room;
	int *of_item; /* by item of a repeat: in the list */
};

static const char *const odk_geo[] = { "Latitude", "Longitude", "Altitude",
	"Accuracy" };
static const char *const kobo_geo[] = { "latitude", "longitude", "altitude",
	"precision" };

/* ---- columns ---- */

static void
add_column(
    struct table *table, const struct item *item, enum part part, size_t at)
{
	mem_grow(&table->columns, &table->column_room, table->column_count + 1,
	    sizeof(*table->columns));
	table->columns[table->column_count++] =
	    (struct column){ item, part, at };
}

static void
add_columns(
    struct table *table, const struct item *item, enum table_style style)
{
	const bool is_geo = item->type == ITEM_GEOPOINT;

	if (!submission_has(item) || item->type == ITEM_NOTE)
		return;
	if (!is_geo || style == TABLE_KOBO)
		add_column(table, item, PART_WHOLE, 0);
	for (size_t i = 0; is_geo && i < ARRAY_LEN(odk_geo); i++)
		add_column(table, item, PART_GEO, i);
	if (style != TABLE_KOBO || item->type != ITEM_SELECT_MULTIPLE)
		return;
	for (size_t i = 0; i < item->list->count; i++)
		add_column(table, item, PART_CHOICE, i);
}

/* "group/question" below the repeat of the table, with another sign for "/". */
static void
add_path(const struct tables *tables, const struct table *table,
    const struct item *item, struct buf *out)
{
	const char *path = item->path;

	if (table->repeat >= 0 && tables->style == TABLE_ODK)
		path += strlen(tables->form->items[table->repeat].path) + 1;
	for (; *path; path++)
		buf_add_char(out,
		    *path == '/' && tables->style == TABLE_ODK ? '-' : *path);
}

static void
add_header(const struct tables *tables, const struct table *table,
    const struct column *column, struct buf *out)
{
	struct buf name = BUF_INIT;
	const bool is_kobo = tables->style == TABLE_KOBO;
	const char *slash;

	add_path(tables, table, column->item, &name);
	if (column->part == PART_CHOICE)
		buf_addf(
		    &name, "/%s", column->item->list->choices[column->at].name);
	if (column->part == PART_GEO && !is_kobo)
		buf_addf(&name, "-%s", odk_geo[column->at]);
	if (column->part == PART_GEO && is_kobo) {
		/* "group/_question_latitude" */
		slash = strrchr(name.data, '/');
		char *whole = xasprintf("%.*s_%s_%s",
		    slash ? (int)(slash + 1 - name.data) : 0, name.data,
		    slash ? slash + 1 : name.data, kobo_geo[column->at]);

		buf_clear(&name);
		buf_add_text(&name, whole);
		free(whole);
	}
	csv_add_cell(out, name.data, column == table->columns);
	buf_release(&name);
}

static const char *const odk_ends[] = { "meta-instanceID", "meta-instanceName",
	"KEY", "SubmitterName", "DeviceID", "FormVersion", "Inspection",
	"Differing", NULL };
static const char *const kobo_ends[] = { "meta/instanceID", "meta/instanceName",
	"_uuid", "_submitted_by", "_submission_time", "__version__",
	"_inspection", "_differing", "_index", NULL };
static const char *const odk_row_ends[] = { "PARENT_KEY", "KEY", NULL };
static const char *const kobo_row_ends[] = { "_index", "_parent_table_name",
	"_parent_index", "_submission__uuid", NULL };

static const char *const *
ends_of(const struct tables *tables, const struct table *table)
{
	if (table->repeat < 0)
		return tables->style == TABLE_KOBO ? kobo_ends : odk_ends;
	return tables->style == TABLE_KOBO ? kobo_row_ends : odk_row_ends;
}

static void
add_headers(const struct tables *tables, struct table *table)
{
	const char *const *ends = ends_of(tables, table);

	buf_add_text(&table->text, "\xef\xbb\xbf");
	for (size_t i = 0; i < table->column_count; i++)
		add_header(tables, table, &table->columns[i], &table->text);
	for (size_t i = 0; ends[i]; i++)
		csv_add_cell(
		    &table->text, ends[i], i == 0 && table->column_count == 0);
	buf_add_text(&table->text, "\r\n");
}

static struct table *
add_table(struct tables *tables, int repeat)
{
	const struct form *form = tables->form;
	struct table *table;

	mem_grow(&tables->list, &tables->room, tables->count + 1,
	    sizeof(*tables->list));
	table = &tables->list[tables->count];
	*table = (struct table){ .repeat = repeat, .text = BUF_INIT };
	if (repeat >= 0)
		tables->of_item[repeat] = (int)tables->count;
	tables->count++;
	for (int i = 0; i < form->item_count; i++)
		if (form->items[i].repeat == repeat &&
		    !item_has_members(&form->items[i]))
			add_columns(table, &form->items[i], tables->style);
	add_headers(tables, table);
	return table;
}

struct tables *
tables_new(const struct form *form, enum table_style style)
{
	struct tables *tables = xcalloc(1, sizeof(*tables));

	tables->form = form;
	tables->style = style;
	tables->of_item =
	    xcalloc((size_t)form->item_count + 1, sizeof(*tables->of_item));
	add_table(tables, -1);
	for (int i = 0; i < form->item_count; i++)
		if (form->items[i].type == ITEM_REPEAT)
			add_table(tables, i);
	return tables;
}

void
tables_free(struct tables *tables)
{
	if (!tables)
		return;
	for (size_t i = 0; i < tables->count; i++) {
		buf_wipe_release(&tables->list[i].text);
		free(tables->list[i].columns);
	}
	free(tables->list);
	free(tables->of_item);
	free(tables);
}

/* ---- cells ---- */

/* Is the word one of those in the text, between spaces? */
static bool
has_word(const char *text, const char *word)
{
	const size_t len = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += len)
		if ((at == text || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* Number `at` of "5.35 -4.01 12 3". */
static void
add_number(struct buf *out, const char *text, size_t at)
{
	for (; at > 0 && *text; at--) {
		text += strcspn(text, " ");
		text += *text == ' ';
	}
	buf_add(out, text, strcspn(text, " "));
}

static void
add_answer(const struct exported *exported, const struct column *column,
    int row, struct buf *out)
{
	const int place =
	    state_in_row(exported->state, row, column->item->index);
	struct buf whole = BUF_INIT;

	if (!state_is_relevant(exported->state, place))
		return;
	submission_add_answer(
	    exported->state, &exported->submission, place, &whole);
	switch (column->part) {
	case PART_WHOLE: buf_add(out, whole.data, whole.len); break;
	case PART_GEO: add_number(out, whole.data, column->at); break;
	case PART_CHOICE:
		if (whole.len > 0)
			buf_add_text(out,
			    has_word(whole.data,
				column->item->list->choices[column->at].name)
				? "1"
				: "0");
	}
	buf_release(&whole);
}

static void
add_answers(struct table *table, const struct exported *exported, int row)
{
	for (size_t i = 0; i < table->column_count; i++) {
		struct buf cell = BUF_INIT;

		add_answer(exported, &table->columns[i], row, &cell);
		csv_add_cell(&table->text, cell.data, i == 0);
		buf_wipe_release(&cell);
	}
}

static void
add_ends(struct table *table, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		csv_add_cell(
		    &table->text, cells[i], i == 0 && table->column_count == 0);
	buf_add_text(&table->text, "\r\n");
}

static void
end_first(const struct tables *tables, struct table *table,
    const struct exported *exported)
{
	struct buf name = BUF_INIT, differing = BUF_INIT;
	char *index = xasprintf("%ld", table->rows);

	submission_add_name(exported->state, &name);
	exported_add_conflicts(exported, &differing);
	const char *const odk[] = { exported->instance_id, name.data,
		exported->instance_id, exported->person, exported->device,
		exported->form->version, exported->id, differing.data };
	const char *const kobo[] = { exported->instance_id, name.data,
		exported->instance_id + strlen("uuid:"), exported->person,
		exported->time, exported->form->version, exported->id,
		differing.data, index };

	if (tables->style == TABLE_KOBO)
		add_ends(table, kobo, ARRAY_LEN(kobo));
	else
		add_ends(table, odk, ARRAY_LEN(odk));
	free(index);
	buf_release(&name);
	buf_release(&differing);
}

/* ---- rows ---- */

/* The row (-1: the inspection) whose repeats are being written. */
struct above {
	int row;
	long index;
	const char *table;
};

static void
add_key(const struct exported *exported, int row, struct buf *out)
{
	buf_add_text(out, exported->instance_id);
	if (row < 0)
		return;
	buf_add_char(out, '/');
	state_add_numbered(exported->state, row, out);
}

static void
end_row(const struct tables *tables, struct table *table,
    const struct exported *exported, int row, const struct above *above)
{
	struct buf key = BUF_INIT, parent = BUF_INIT;
	char *index = xasprintf("%ld", table->rows);
	char *parent_index = xasprintf("%ld", above->index);

	add_key(exported, row, &key);
	add_key(exported, above->row, &parent);
	const char *const odk[] = { parent.data, key.data };
	const char *const kobo[] = { index, above->table, parent_index,
		exported->instance_id + strlen("uuid:") };

	if (tables->style == TABLE_KOBO)
		add_ends(table, kobo, ARRAY_LEN(kobo));
	else
		add_ends(table, odk, ARRAY_LEN(odk));
	free(index);
	free(parent_index);
	buf_release(&key);
	buf_release(&parent);
}

/* The repeats directly in items [first, end), with all that is below. */
static void
add_repeats(struct tables *tables, const struct exported *exported,
    const struct above *above, int first, int end)
{
	const struct form *form = tables->form;

	for (int i = first; i < end; i++) {
		const struct item *item = &form->items[i];
		struct table *table;
		size_t count;
		const int *rows;

		if (item->type != ITEM_REPEAT)
			continue;
		table = &tables->list[tables->of_item[i]];
		rows = state_rows(exported->state,
		    state_in_row(exported->state, above->row, i), &count);
		for (size_t n = 0; n < count; n++) {
			if (!state_is_relevant(exported->state, rows[n]))
				continue;
			const struct above here = { rows[n], ++table->rows,
				item->name };

			add_answers(table, exported, rows[n]);
			end_row(tables, table, exported, rows[n], above);
			add_repeats(tables, exported, &here, i + 1, item->end);
		}
		i = item->end - 1;
	}
}

void
tables_add(struct tables *tables, const struct exported *exported)
{
	struct table *first = &tables->list[0];
	const struct above above = { -1, ++first->rows, tables->form->root };

	add_answers(first, exported, -1);
	end_first(tables, first, exported);
	add_repeats(tables, exported, &above, 0, tables->form->item_count);
}

/* "STEM-group-repeat.csv": two repeats may have one name. */
static char *
name_of(
    const struct tables *tables, const struct table *table, const char *stem)
{
	char *name;

	if (table->repeat < 0)
		return xasprintf("%s.csv", stem);
	name = xasprintf(
	    "%s-%s.csv", stem, tables->form->items[table->repeat].path);
	for (char *at = name; *at; at++)
		if (*at == '/')
			*at = '-';
	return name;
}

int
tables_write(const struct tables *tables, const char *folder, const char *stem,
    struct err *err)
{
	int result = 0;

	for (size_t i = 0; i < tables->count && result == 0; i++) {
		const struct table *table = &tables->list[i];
		char *name = name_of(tables, table, stem);
		char *path = file_join(folder, name);

		result = file_write(
		    path, table->text.data, table->text.len, 0600, err);
		free(path);
		free(name);
	}
	return result;
}
