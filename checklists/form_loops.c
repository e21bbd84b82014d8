/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"

/*
 * "begin loop over list": a group in which there is a group for each choice of
 * the list (but "none"), each with the loop's questions; in their cells
 * %(name)s and %(label)s are those of the choice.  Only the outermost loop
 * keeps rows: one inside of it is among them.
 */
enum { LOOP_ROWS_MAX = 2000, LOOP_COPIES_MAX = 2 * FORM_ITEMS_MAX };

struct loop {
	const struct sheet_row *begin;
	const struct choice_list *list; /* NULL: a problem was told */
	const struct sheet_row **rows;
	size_t count, room;
	int inner; /* loops open inside of it */
	bool too_long;
};

void
survey_begin_loop(
    struct survey *s, const struct sheet_row *row, const struct row_type *type)
{
	s->loop = xcalloc(1, sizeof(*s->loop));
	s->loop->begin = row;
	s->loop->list = survey_list(s, row, type);
}

/* ---- the cells for one choice ---- */

/* The choice's label in the language of a column, or any it has. */
static const char *
label_for(const struct builder *b, const struct choice *choice,
    const struct column *column)
{
	const size_t lang = column->lang_index >= 0
	    ? (size_t)column->lang_index
	    : b->full->form.default_lang;
	const char *label =
	    form_text(&b->full->form, choice->label, lang, NULL);

	return label[0] ? label : choice->name;
}

static const char *
value_for(const struct builder *b, const struct choice *choice,
    const struct column *column, const char *name, size_t len)
{
	const struct form *form = &b->full->form;

	if (len == 4 && strncmp(name, "name", len) == 0)
		return choice->name;
	if (len == 5 && strncmp(name, "label", len) == 0)
		return label_for(b, choice, column);
	for (size_t i = 0; i < form->extra_count; i++)
		if (strlen(form->extra_names[i]) == len &&
		    strncmp(form->extra_names[i], name, len) == 0)
			return choice->extra[i];
	return NULL;
}

static const char *
cell_for(struct builder *b, const struct choice *choice,
    const struct column *column, const char *cell)
{
	struct buf out = BUF_INIT;
	const char *at, *end, *value, *made;

	if (!strstr(cell, "%("))
		return cell;
	while ((at = strstr(cell, "%(")) && (end = strstr(at, ")s"))) {
		buf_add(&out, cell, (size_t)(at - cell));
		value = value_for(
		    b, choice, column, at + 2, (size_t)(end - at - 2));
		if (value)
			buf_add_text(&out, value);
		else
			buf_add(&out, at, (size_t)(end + 2 - at));
		cell = end + 2;
	}
	buf_add_text(&out, cell);
	made = arena_strndup(b->arena, out.data, out.len);
	buf_release(&out);
	return made;
}

static const struct sheet_row *
row_for(
    struct builder *b, const struct choice *choice, const struct sheet_row *row)
{
	const size_t count = b->survey.column_count;
	struct sheet_row *made = arena_alloc(b->arena, sizeof(*made));
	const char **cells =
	    arena_alloc(b->arena, (count + 1) * sizeof(*cells));

	for (size_t i = 0; i < count; i++)
		cells[i] =
		    cell_for(b, choice, &b->survey.columns[i], row->cells[i]);
	*made = (struct sheet_row){ .number = row->number, .cells = cells };
	return made;
}

/* ---- the end of a loop ---- */

/* Loops in loops grow fast: told once, then they end. */
static bool
may_copy(struct survey *s, const struct loop *loop)
{
	if (s->copies++ < LOOP_COPIES_MAX)
		return true;
	if (!s->too_many)
		problem_here(s->b, &s->b->survey, loop->begin, COL_TYPE,
		    _("the loops of this form make more than %d rows"),
		    LOOP_COPIES_MAX);
	s->too_many = true;
	return false;
}

static void
add_group(
    struct survey *s, const struct loop *loop, const struct choice *choice)
{
	struct builder *b = s->b;
	const int before = s->depth;
	struct item *group = survey_make_item(s,
	    survey_blank_row(b, loop->begin->number), ITEM_GROUP, choice->name);

	s->copies++;
	if (!group)
		return;
	group->label = choice->label;
	s->open[s->depth++] = group->index;
	for (size_t i = 0; i < loop->count && may_copy(s, loop); i++)
		survey_add_row(s, row_for(b, choice, loop->rows[i]));
	if (s->depth > before)
		survey_end_group(s, loop->begin, ITEM_GROUP);
}

static void
read_loop(struct survey *s, const struct loop *loop)
{
	const int before = s->depth;

	if (s->depth + 2 > FORM_DEPTH_MAX) {
		problem_here(s->b, &s->b->survey, loop->begin, COL_TYPE,
		    _("groups are nested deeper than %d levels"),
		    FORM_DEPTH_MAX);
		return;
	}
	survey_begin_group(s, loop->begin, ITEM_GROUP);
	for (size_t i = 0; loop->list && i < loop->list->count; i++)
		if (strcmp(loop->list->choices[i].name, "none") != 0 &&
		    s->copies <= LOOP_COPIES_MAX)
			add_group(s, loop, &loop->list->choices[i]);
	if (s->depth > before)
		survey_end_group(s, loop->begin, ITEM_GROUP);
}

static void
loop_free(struct loop *loop)
{
	free(loop->rows);
	free(loop);
}

bool
survey_keep_for_loop(struct survey *s, const struct sheet_row *row)
{
	struct loop *loop = s->loop;
	struct row_type type = { 0 };
	struct err why = { 0 };

	if (!loop)
		return false;
	if (type_read(sheet_cell(&s->b->survey, row, COL_TYPE), &type, &why) ==
	    0) {
		loop->inner += type.kind == TYPE_BEGIN_LOOP;
		if (type.kind == TYPE_END_LOOP && loop->inner-- == 0) {
			s->loop = NULL;
			read_loop(s, loop);
			loop_free(loop);
			return true;
		}
	}
	if (loop->count >= LOOP_ROWS_MAX) {
		if (!loop->too_long)
			problem_here(s->b, &s->b->survey, row, COL_TYPE,
			    _("a loop has more than %d rows"), LOOP_ROWS_MAX);
		loop->too_long = true;
		return true;
	}
	mem_grow(&loop->rows, &loop->room, loop->count + 1,
	    sizeof(struct sheet_row *));
	loop->rows[loop->count++] = row;
	return true;
}

void
survey_end_loops(struct survey *s)
{
	if (!s->loop)
		return;
	problem_here(s->b, &s->b->survey, s->loop->begin, COL_TYPE,
	    _("the loop \"%s\" has no end"),
	    sheet_cell(&s->b->survey, s->loop->begin, COL_NAME));
	loop_free(s->loop);
	s->loop = NULL;
}
