/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"
#include "checklists/form_files.h"
#include "checklists/form_index.h"
#include "checklists/form_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "crypto/hash.h"

/* From bytes to a form: each step in its own file, in this order. */

enum { FORM_BYTES_MAX = 64 * 1024 * 1024 };
enum { FORM_NODES_MAX = 500000 }; /* of expressions: 100 MB with all else */

static void
find_sections(struct form_full *full, struct arena *arena)
{
	const struct form *form = &full->form;
	struct section *sections = arena_alloc(
	    arena, ((size_t)form->item_count + 1) * sizeof(*sections));
	size_t count = 0;

	for (int i = 0; i < form->item_count; i = form->items[i].end) {
		const struct item *item = &form->items[i];
		struct section *last = count ? &sections[count - 1] : NULL;

		if (item_has_members(item))
			sections[count++] = (struct section){
				.first = i, .end = item->end, .group = item
			};
		else if (last && !last->group)
			last->end = i + 1;
		else
			sections[count++] =
			    (struct section){ .first = i, .end = i + 1 };
	}
	full->sections = sections;
	full->section_count = count;
}

/* The items move to the arena, where the form keeps them. */
static void
keep_items(struct builder *b)
{
	struct form *form = &b->full->form;
	struct item *kept = arena_alloc(
	    b->arena, ((size_t)form->item_count + 1) * sizeof(*kept));

	if (form->item_count)
		memcpy(
		    kept, b->items, (size_t)form->item_count * sizeof(*kept));
	form->items = kept;
	for (int i = 0; i < form->item_count; i++)
		form->question_count += item_is_question(&kept[i]);
}

static void
build(struct builder *b)
{
	if (!b->survey.name || b->survey.row_count == 0) {
		problem_add(b->problems, PROBLEM_ERROR, "survey", 0, "",
		    _("the sheet \"survey\" is missing or has no rows"));
		return;
	}
	form_read_settings(b);
	form_read_choices(b);
	form_read_survey(b);
	if (b->full->form.item_count == 0) {
		if (b->problems->errors == 0)
			problem_add(b->problems, PROBLEM_ERROR, "survey", 0, "",
			    _("the form has no questions"));
		return;
	}
	form_read_logic(b);
	form_check_cycles(b);
	form_hash_items(b);
}

static void
release(struct builder *b)
{
	free(b->survey.rows);
	free(b->choices.rows);
	free(b->settings.rows);
	free(b->external.rows);
	free(b->entities.rows);
	free(b->items);
	free(b->item_rows);
	free(b->implied);
}

struct form *
form_parse(
    const char *csv, size_t len, struct problems *problems, struct err *err)
{
	struct builder b = { .problems = problems,
		.nodes_left = FORM_NODES_MAX };
	struct form *form = NULL;

	if (len > FORM_BYTES_MAX) {
		err_set(err, ERR_LIMIT,
		    _("the checklist is larger than %d bytes"), FORM_BYTES_MAX);
		return NULL;
	}
	b.arena = arena_new();
	b.full = arena_alloc(b.arena, sizeof(*b.full));
	b.full->form.arena = b.arena;
	b.full->form.identity = hash_of(csv, len);
	if (form_read_sheets(&b, csv, len, err) != 0)
		goto out;
	build(&b);
	/* What the reader found counts too. */
	if (problems->errors > 0) {
		problems_refuse(problems, 0, err);
		goto out;
	}
	keep_items(&b);
	find_sections(b.full, b.arena);
	form = &b.full->form;
out:
	release(&b);
	if (!form) {
		name_map_release(&b.full->names);
		form_release_tables(b.full);
		arena_free(b.arena);
	}
	return form;
}

void
form_free(struct form *form)
{
	struct form_full *full = (struct form_full *)(void *)form;

	if (!form)
		return;
	if (full->shares > 0) {
		full->shares--;
		return;
	}
	name_map_release(&full->names);
	form_release_tables(full);
	form_plan_free(full->plan);
	choice_index_free(full->choice_indexes);
	arena_free(form->arena);
}

struct form *
form_share(struct form *form)
{
	struct form_full *full = (struct form_full *)(void *)form;

	full->shares++;
	return form;
}
