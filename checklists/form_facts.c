/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/expr.h"

/* ---- functions ---- */

static void
note_function(void *arg, const char *name)
{
	struct form_facts *facts = arg;
	size_t at = 0;

	while (at < facts->function_count &&
	    strcmp(facts->functions[at], name) < 0)
		at++;
	if (at < facts->function_count &&
	    strcmp(facts->functions[at], name) == 0)
		return;
	mem_grow(&facts->functions, &facts->function_room,
	    facts->function_count + 1, sizeof(*facts->functions));
	memmove(&facts->functions[at + 1], &facts->functions[at],
	    (facts->function_count - at) * sizeof(*facts->functions));
	facts->functions[at] = name;
	facts->function_count++;
}

static void
note_functions(struct form_facts *facts, const struct item *item)
{
	const struct expr *const all[] = { item->relevant, item->required,
		item->constraint, item->calculation, item->choice_filter,
		item->read_only, item->repeat_count, item->dynamic_default,
		item->triggered, item->seed };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		expr_functions(all[i], note_function, facts);
}

/* ---- counts ---- */

/* True for the first item that has this list. */
static bool
is_first_of_list(const struct form *form, const struct item *item)
{
	for (int i = 0; i < item->index; i++)
		if (form->items[i].list == item->list)
			return false;
	return true;
}

void
form_facts(const struct form *form, struct form_facts *facts)
{
	*facts = (struct form_facts){ 0 };
	for (int i = 0; i < form->item_count; i++) {
		const struct item *item = &form->items[i];

		facts->types[item->type]++;
		facts->relevant += item->relevant != NULL;
		facts->constraint += item->constraint != NULL;
		facts->calculation +=
		    item->calculation != NULL || item->triggered != NULL;
		facts->required += item->required != NULL;
		facts->filter += item->choice_filter != NULL;
		note_functions(facts, item);
		if (item->list && is_first_of_list(form, item)) {
			facts->lists++;
			facts->choices += (int)item->list->count;
		}
	}
	expr_functions(form->instance_name, note_function, facts);
}

void
form_facts_release(struct form_facts *facts)
{
	free(facts->functions);
	*facts = (struct form_facts){ 0 };
}

/* ---- translations ---- */

struct search {
	const struct form *form;
	void (*each)(void *arg, const struct item *item, const char *column,
	    size_t lang);
	void *arg;
};

static void
find_missing(const struct search *search, const struct item *item,
    const struct form_text *text, const char *column)
{
	for (size_t lang = 0; text && lang < search->form->lang_count; lang++)
		if (!text->in[lang])
			search->each(search->arg, item, column, lang);
}

static void
find_missing_labels(const struct search *search, const struct item *item)
{
	if (!item->list || !is_first_of_list(search->form, item))
		return;
	for (size_t i = 0; i < item->list->count; i++)
		find_missing(search, item, item->list->choices[i].label,
		    item->list->choices[i].name);
}

void
form_untranslated(const struct form *form,
    void (*each)(
	void *arg, const struct item *item, const char *column, size_t lang),
    void *arg)
{
	const struct search search = { form, each, arg };

	for (int i = 0; form->lang_count > 1 && i < form->item_count; i++) {
		const struct item *item = &form->items[i];

		find_missing(&search, item, item->label, "label");
		find_missing(&search, item, item->hint, "hint");
		find_missing(&search, item, item->guidance, "guidance_hint");
		find_missing(&search, item, item->constraint_message,
		    "constraint_message");
		find_missing(
		    &search, item, item->required_message, "required_message");
		find_missing_labels(&search, item);
	}
}
