/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"

/* The rows of the survey sheet become items; logic comes later. */

struct survey {
	struct builder *b;
	int open[FORM_DEPTH_MAX + 1]; /* indexes of the groups that are open */
	int depth;
	int skipped; /* groups and repeats open inside of what is refused */
	int notes;
};

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
	mem_grow(&b->item_metas, &b->item_meta_room, count, sizeof(char *));
	mem_grow(&b->implied, &b->implied_room, count, sizeof(*b->implied));
}

static struct item *
make_item(struct survey *s, const struct sheet_row *row, enum item_type type,
    const char *name)
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
	b->item_metas[index] = NULL;
	b->implied[index] = (struct implied){ 0 };
	b->full->form.item_count++;
	form_read_cells(b, row, item);
	return item;
}

static struct item *
add_item(struct survey *s, const struct sheet_row *row, enum item_type type)
{
	const char *name = form_read_name(s->b, row, type);

	/* A group is opened all the same, so that its end fits. */
	if (!name && (type == ITEM_GROUP || type == ITEM_REPEAT))
		name = "?";
	return name ? make_item(s, row, type, name) : NULL;
}

static void
begin_group(struct survey *s, const struct sheet_row *row, enum item_type type)
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
	item = add_item(s, row, type);
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

static void
end_group(struct survey *s, const struct sheet_row *row, enum item_type type)
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
			end_group(s, row, ITEM_GROUP);
		return;
	}
	problem_here(b, &b->survey, row, COL_TYPE,
	    _("%s are not supported by this version of ronde"), what);
	/* Its members are read as a group's, to find what else is wrong. */
	if (strncasecmp(type, "begin", 5) == 0)
		begin_group(s, row, ITEM_GROUP);
	else
		add_item(s, row, ITEM_TEXT);
}

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

		if (found < best) {
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

/* A row of the survey that has nothing but its number. */
static const struct sheet_row *
blank_row(struct builder *b, int number)
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
	struct item *text = make_item(s, blank_row(b, row->number), ITEM_TEXT,
	    printed(b, "%_other", name));

	if (!text)
		return;
	text->label = label;
	b->implied[text->index].relevant =
	    printed(b, "selected(../%, 'other')", name);
}

static void
add_select(
    struct survey *s, const struct sheet_row *row, const struct row_type *type)
{
	struct builder *b = s->b;
	struct item *item = add_item(s, row, type->item);
	const size_t len = strcspn(type->list, " \t\n\r");

	if (!item)
		return;
	for (size_t i = 0; i < b->list_count; i++)
		if (b->lists[i].external == type->external &&
		    strlen(b->lists[i].name) == len &&
		    strncmp(b->lists[i].name, type->list, len) == 0)
			item->list = &b->lists[i];
	if (!item->list) {
		unknown_list(s, row, type->list, len);
		return;
	}
	check_names(s, row, item);
	if (type->or_other)
		add_other(s, row, item);
}

static void
add_meta(
    struct survey *s, const struct sheet_row *row, const struct row_type *type)
{
	const bool is_audit = strcmp(type->word, "audit") == 0 &&
	    cell(s, row, COL_NAME)[0] == '\0';
	struct item *item = is_audit
	    ? make_item(s, row, ITEM_CALCULATE, "audit")
	    : add_item(s, row, ITEM_CALCULATE);

	if (item)
		s->b->item_metas[item->index] = type->word;
}

static void
add_question(
    struct survey *s, const struct sheet_row *row, const struct row_type *type)
{
	struct item *item = add_item(s, row, type->item);

	if (item)
		s->b->implied[item->index].constraint = type->word;
}

static void
add_row(struct survey *s, const struct sheet_row *row)
{
	struct builder *b = s->b;
	const char *text = cell(s, row, COL_TYPE);
	struct err why = { 0 };
	struct row_type type;

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
		add_item(s, row, ITEM_TEXT);
		return;
	}
	switch (type.kind) {
	case TYPE_BEGIN_GROUP: begin_group(s, row, type.item); break;
	case TYPE_END_GROUP: end_group(s, row, type.item); break;
	case TYPE_SELECT: add_select(s, row, &type); break;
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
		add_row(&s, &b->survey.rows[i]);
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
