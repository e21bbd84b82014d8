/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"

/* The rows of the survey sheet become items; logic comes later. */

static const char *
cell(const struct survey *s, const struct sheet_row *row, enum column_kind kind)
{
	return sheet_cell(&s->b->survey, row, kind);
}

static const char *
path_of(struct survey *s, int parent, const char *name)
{
	const char *above, *path;
	char *joined;

	if (parent < 0)
		return name;
	above = s->b->items[parent].path;
	joined = xasprintf("%s/%s", above, name);
	path = arena_strdup(s->b->arena, joined);
	free(joined);
	return path;
}

/* The innermost repeat that a member of `parent` is in. */
static int
repeat_around(const struct survey *s, int parent)
{
	if (parent < 0)
		return -1;
	return s->b->items[parent].type == ITEM_REPEAT
	    ? parent
	    : s->b->items[parent].repeat;
}

static void
grow(struct builder *b, size_t count)
{
	mem_grow(&b->items, &b->item_room, count, sizeof(*b->items));
	mem_grow(&b->item_rows, &b->item_row_room, count,
	    sizeof(struct sheet_row *));
	mem_grow(&b->implied, &b->implied_room, count, sizeof(*b->implied));
}

struct item *
survey_make_item(struct survey *s, const struct sheet_row *row,
    enum item_type type, const char *name)
{
	struct builder *b = s->b;
	const int index = b->full->form.item_count;
	const int parent = s->depth ? s->open[s->depth - 1] : -1;
	struct item *item;

	if (index >= FORM_ITEMS_MAX) {
		problem_add(b->problems, PROBLEM_ERROR, "survey", row->number,
		    "", _("the form has more than %d items"), FORM_ITEMS_MAX);
		return NULL;
	}
	grow(b, (size_t)index + 1);
	item = &b->items[index];
	*item = (struct item){ .type = type,
		.name = name,
		.path = path_of(s, parent, name),
		.index = index,
		.parent = parent,
		.depth = s->depth,
		.end = index + 1,
		.repeat = repeat_around(s, parent),
		.row = row->number };
	b->item_rows[index] = row;
	b->implied[index] = (struct implied){ 0 };
	b->full->form.item_count++;
	form_read_cells(b, row, item);
	return item;
}

struct item *
survey_add_item(
    struct survey *s, const struct sheet_row *row, enum item_type type)
{
	const char *name = form_read_name(s->b, row, type);

	/* A group is opened all the same, so that its end fits. */
	if (!name && (type == ITEM_GROUP || type == ITEM_REPEAT))
		name = "?";
	return name ? survey_make_item(s, row, type, name) : NULL;
}

void
survey_begin_group(
    struct survey *s, const struct sheet_row *row, enum item_type type)
{
	struct builder *b = s->b;
	struct item *item;

	if (s->depth >= FORM_DEPTH_MAX) {
		problem_here(b, &b->survey, row, COL_TYPE,
		    _("groups are nested deeper than %d levels"),
		    FORM_DEPTH_MAX);
		s->skipped++;
		return;
	}
	item = survey_add_item(s, row, type);
	if (item)
		s->open[s->depth++] = item->index;
	else
		s->skipped++;
}

/* The end of a repeat that ends a group is told, and taken for it. */
static void
check_end(struct survey *s, const struct sheet_row *row, enum item_type type)
{
	struct builder *b = s->b;
	const struct item *open = &b->items[s->open[s->depth - 1]];

	if (open->type == type)
		return;
	problem_here(b, &b->survey, row, COL_TYPE,
	    type == ITEM_REPEAT
		? _("\"end repeat\" ends the group \"%s\" of row %d; write "
		    "\"end group\"")
		: _("\"end group\" ends the repeat \"%s\" of row %d; write "
		    "\"end repeat\""),
	    open->name, open->row);
}

void
survey_end_group(
    struct survey *s, const struct sheet_row *row, enum item_type type)
{
	struct builder *b = s->b;

	if (s->skipped > 0) {
		s->skipped--;
		return;
	}
	if (s->depth == 0) {
		problem_here(b, &b->survey, row, COL_TYPE,
		    _("this group ends but none has begun"));
		return;
	}
	check_end(s, row, type);
	b->items[s->open[--s->depth]].end = b->full->form.item_count;
}

static void
refuse(struct survey *s, const struct sheet_row *row, const char *type,
    const char *what)
{
	struct builder *b = s->b;

	/* The end of what was refused at its beginning says nothing new. */
	if (strncasecmp(type, "end", 3) == 0) {
		if (s->depth > 0 && !s->skipped &&
		    b->items[s->open[s->depth - 1]].row > 0)
			survey_end_group(s, row, ITEM_GROUP);
		return;
	}
	problem_here(b, &b->survey, row, COL_TYPE,
	    _("%s are not supported by this version of ronde"), what);
	/* Its members are read as a group's, to find what else is wrong. */
	if (strncasecmp(type, "begin", 5) == 0)
		survey_begin_group(s, row, ITEM_GROUP);
	else
		survey_add_item(s, row, ITEM_TEXT);
}

static void
add_meta(
    struct survey *s, const struct sheet_row *row, const struct row_type *type)
{
	const bool is_audit = strcmp(type->word, "audit") == 0 &&
	    cell(s, row, COL_NAME)[0] == '\0';
	struct item *item = is_audit
	    ? survey_make_item(s, row, ITEM_CALCULATE, "audit")
	    : survey_add_item(s, row, ITEM_CALCULATE);

	if (item)
		item->meta = type->word;
}

static void
add_question(
    struct survey *s, const struct sheet_row *row, const struct row_type *type)
{
	struct item *item = survey_add_item(s, row, type->item);

	if (item)
		s->b->implied[item->index].constraint = type->word;
}

void
survey_add_row(struct survey *s, const struct sheet_row *row)
{
	struct builder *b = s->b;
	const char *text = cell(s, row, COL_TYPE);
	struct err why = { 0 };
	struct row_type type;

	if (survey_keep_for_loop(s, row))
		return;
	if (text[0] == '\0') {
		if (cell(s, row, COL_NAME)[0])
			problem_here(b, &b->survey, row, COL_TYPE,
			    _("the type of the question is missing"));
		return;
	}
	if (is_yes(cell(s, row, COL_DISABLED)))
		return;
	if (type_read(text, &type, &why) != 0) {
		problem_here(b, &b->survey, row, COL_TYPE, "%s", why.msg);
		survey_add_item(s, row, ITEM_TEXT);
		return;
	}
	switch (type.kind) {
	case TYPE_BEGIN_GROUP: survey_begin_group(s, row, type.item); break;
	case TYPE_END_GROUP: survey_end_group(s, row, type.item); break;
	case TYPE_BEGIN_LOOP: survey_begin_loop(s, row, &type); break;
	case TYPE_END_LOOP:
		problem_here(b, &b->survey, row, COL_TYPE,
		    _("this loop ends but none has begun"));
		break;
	case TYPE_SELECT: survey_add_select(s, row, &type); break;
	case TYPE_FILE: survey_check_file(s, row); break;
	case TYPE_UNSUPPORTED: refuse(s, row, text, type.word); break;
	case TYPE_META: add_meta(s, row, &type); break;
	case TYPE_ITEM: add_question(s, row, &type); break;
	}
}

static void
index_names(struct builder *b)
{
	struct form_full *full = b->full;
	const int count = full->form.item_count;

	full->same_name = arena_alloc(
	    b->arena, ((size_t)count + 1) * sizeof(*full->same_name));
	/* From the end, so that the first of a name is found first. */
	for (int i = count - 1; i >= 0; i--) {
		const struct item *item = &b->items[i];

		full->same_name[i] =
		    name_map_find(&full->names, item->name, strlen(item->name));
		name_map_set(&full->names, item->name, i);
	}
}

static void
check_twice(struct builder *b)
{
	for (int i = 0; i < b->full->form.item_count; i++) {
		const struct item *item = &b->items[i];

		if (item->name[0] != '?' &&
		    form_member(b->full, item->parent, item->name,
			strlen(item->name)) != i)
			problem_here(b, &b->survey, b->item_rows[i], COL_NAME,
			    _("the name \"%s\" is there twice in this group"),
			    item->name);
	}
}

void
form_read_survey(struct builder *b)
{
	struct survey s = { .b = b };

	if (b->survey.first[COL_TYPE] < 0 || b->survey.first[COL_NAME] < 0) {
		problem_add(b->problems, PROBLEM_ERROR, "survey", 1, "",
		    _("the column %s is missing"),
		    b->survey.first[COL_TYPE] < 0 ? "type" : "name");
		return;
	}
	for (size_t i = 0; i < b->survey.row_count; i++)
		survey_add_row(&s, &b->survey.rows[i]);
	survey_end_loops(&s);
	while (s.depth > 0) {
		struct item *item = &b->items[s.open[--s.depth]];

		item->end = b->full->form.item_count;
		problem_here(b, &b->survey, b->item_rows[item->index], COL_TYPE,
		    _("the group \"%s\" has no end"), item->name);
	}
	b->full->form.items = b->items;
	index_names(b);
	check_twice(b);
}
