/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <string.h>
#include <strings.h>

#include "base/i18n.h"

/*
 * "select_one list or_other": the list gets a choice "other" (for every
 * question that uses it, as in pyxform) and the question a text after it.
 */

enum wording { OTHER_CHOICE, OTHER_QUESTION };

/* In French where the form is French, else in English as pyxform has it. */
static const char *
wording_in(const char *lang, enum wording which)
{
	const bool french = strcasestr(lang, "(fr") ||
	    strncasecmp(lang, "fran", 4) == 0 || strcasecmp(lang, "fr") == 0;

	if (which == OTHER_CHOICE)
		return french ? "Autre" : "Other";
	return french ? "Précisez" : "Specify other.";
}

/* The wording in each language that `like` has, or in all of them. */
static const struct form_text *
text_of(struct builder *b, const struct form_text *like, enum wording which)
{
	const struct form *form = &b->full->form;
	const char **in =
	    arena_alloc(b->arena, (form->lang_count + 1) * sizeof(*in));

	for (size_t i = 0; i < form->lang_count; i++)
		if (!like || like->in[i])
			in[i] = wording_in(form->langs[i], which);
	return (const struct form_text *)(const void *)in;
}

static void
warn_of_languages(struct builder *b, const struct sheet_row *row)
{
	const struct form *form = &b->full->form;

	if (form->lang_count > 1)
		warn_here(b, &b->survey, row, COL_TYPE,
		    _("or_other has no translations: write the choice "
		      "\"other\" and the question after it into the sheets "
		      "instead"));
}

/* The choice has nothing in the columns that a filter may ask for. */
static const char *const *
blank_columns(struct builder *b)
{
	const size_t count = b->full->form.extra_count;
	const char **blank =
	    arena_alloc(b->arena, (count + 1) * sizeof(*blank));

	for (size_t i = 0; i < count; i++)
		blank[i] = "";
	return blank;
}

static void
add_choice(struct builder *b, struct choice_list *list)
{
	struct choice *choices;

	if (choice_find(list, "other", strlen("other")))
		return;
	choices = arena_alloc(b->arena, (list->count + 1) * sizeof(*choices));
	memcpy(choices, list->choices, list->count * sizeof(*choices));
	choices[list->count] = (struct choice){ .name = "other",
		.label = text_of(b, list->choices[0].label, OTHER_CHOICE),
		.extra = blank_columns(b) };
	list->choices = choices;
	list->count++;
}

const struct form_text *
form_add_other(
    struct builder *b, const struct sheet_row *row, struct choice_list *list)
{
	if (sheet_cell(&b->survey, row, COL_CHOICE_FILTER)[0])
		problem_here(b, &b->survey, row, COL_CHOICE_FILTER,
		    _("or_other and a choice_filter do not go together: write "
		      "the choice \"other\" into the choices sheet instead"));
	warn_of_languages(b, row);
	add_choice(b, list);
	return text_of(b, NULL, OTHER_QUESTION);
}
