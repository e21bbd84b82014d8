/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_FORM_INDEX_H
#define CHECKLISTS_FORM_INDEX_H

#include <stdbool.h>

#include "checklists/form.h"

/*
 * The choices of a list by what one of their columns holds, so that a filter
 * tries few of them.  An index is made when it is first asked for and belongs
 * to the form.
 */
struct choice_index;

/* Some choices of a list, in its order; borrowed from the form. */
struct choice_span {
	const int *choices;
	size_t count;
};

/* Lists below this are tried one by one: that is as fast. */
enum { FORM_INDEX_MIN = 32 };

/* What a choice has in a column, as expressions name columns; never NULL. */
const char *form_choice_cell(
    const struct form *form, const struct choice *choice, int column);

/* All choices whose cell is `text`, and perhaps a few others. */
struct choice_span form_choices_with_text(const struct form *form,
    const struct choice_list *list, int column, const char *text);

/*
 * All choices whose cell equals `number` as expressions compare, and perhaps
 * a few others.  False where the index cannot tell.
 */
bool form_choices_with_number(const struct form *form,
    const struct choice_list *list, int column, double number,
    struct choice_span *found);

void choice_index_free(struct choice_index *first); /* NULL is allowed */

#endif
