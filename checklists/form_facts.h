/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_FORM_FACTS_H
#define CHECKLISTS_FORM_FACTS_H

#include "checklists/form.h"

/* What a form is made of, counted. */
struct form_facts {
	int types[ITEM_TYPE_COUNT]; /* items of each type */
	int lists, choices;         /* lists of choices, and all in them */
	int relevant, constraint, calculation, required, filter; /* items */
	/* Names of the functions that its expressions call, in order, each
	 * once; an array of its own, the names are of the program. */
	const char **functions;
	size_t function_count, function_room;
};

void form_facts(const struct form *form, struct form_facts *facts);
void form_facts_release(struct form_facts *facts);

/* Texts that a language lacks while another has them: calls `each`. */
void form_untranslated(const struct form *form,
    void (*each)(
	void *arg, const struct item *item, const char *column, size_t lang),
    void *arg);

#endif
