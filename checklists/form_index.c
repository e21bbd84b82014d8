/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/expr_internal.h"
#include "checklists/form_internal.h"
#include "checklists/name_map.h"

/*
 * Choices sorted by the bucket of their cell: bucket b has those from
 * start[b] to start[b + 1].  Numbers have an index of their own, in which
 * "5" and "5.0" are in one bucket and what is no number is in none.
 */
struct choice_index {
	struct choice_index *next;
	const struct choice_list *list;
	int column;
	bool of_numbers;
	size_t room; /* buckets, a power of 2 */
	int *start, *choices;
};

/* Beyond this the whole numbers around a number are not told apart. */
static const double NUMBER_LIMIT = 1e15;
/* More than the difference that expressions take for none. */
static const double NEARLY = 1e-9;

const char *
form_choice_cell(
    const struct form *form, const struct choice *choice, int column)
{
	const char *cell;

	if (column == COLUMN_NAME)
		return choice->name;
	if (column == COLUMN_LABEL)
		return form_text(form, choice->label, form->default_lang, NULL);
	cell = choice->extra[column - COLUMN_EXTRA];
	return cell ? cell : "";
}

static size_t
bucket_of_text(const struct choice_index *index, const char *text)
{
	return name_hash(text, strlen(text)) & (index->room - 1);
}

static size_t
bucket_of_number(const struct choice_index *index, double number)
{
	const int64_t whole = (int64_t)floor(number + 0.5);

	return name_hash((const char *)&whole, sizeof(whole)) &
	    (index->room - 1);
}

/* False where the cell is in no bucket. */
static bool
bucket_of_cell(
    const struct choice_index *index, const char *cell, size_t *bucket)
{
	double number;

	if (!index->of_numbers) {
		*bucket = bucket_of_text(index, cell);
		return true;
	}
	number = number_read(cell);
	if (!(fabs(number) < 2 * NUMBER_LIMIT))
		return false;
	*bucket = bucket_of_number(index, number);
	return true;
}

static void
fill(const struct form *form, struct choice_index *index)
{
	const struct choice_list *list = index->list;
	size_t bucket;
	int *at;

	for (size_t i = 0; i < list->count; i++)
		if (bucket_of_cell(index,
			form_choice_cell(
			    form, &list->choices[i], index->column),
			&bucket))
			index->start[bucket + 1]++;
	for (size_t b = 0; b < index->room; b++)
		index->start[b + 1] += index->start[b];
	at = xcalloc(index->room, sizeof(*at));
	memcpy(at, index->start, index->room * sizeof(*at));
	for (size_t i = 0; i < list->count; i++)
		if (bucket_of_cell(index,
			form_choice_cell(
			    form, &list->choices[i], index->column),
			&bucket))
			index->choices[at[bucket]++] = (int)i;
	free(at);
}

static const struct choice_index *
index_of(const struct form *form, const struct choice_list *list, int column,
    bool of_numbers)
{
	struct form_full *full = (struct form_full *)(uintptr_t)form;
	struct choice_index *index = full->choice_indexes;

	while (index &&
	    (index->list != list || index->column != column ||
		index->of_numbers != of_numbers))
		index = index->next;
	if (index)
		return index;
	index = xcalloc(1, sizeof(*index));
	*index = (struct choice_index){ .next = full->choice_indexes,
		.list = list,
		.column = column,
		.of_numbers = of_numbers,
		.room = 64 };
	while (index->room < 2 * list->count)
		index->room *= 2;
	index->start = xcalloc(index->room + 1, sizeof(int));
	index->choices = xcalloc(list->count + 1, sizeof(int));
	fill(form, index);
	full->choice_indexes = index;
	return index;
}

static struct choice_span
span(const struct choice_index *index, size_t bucket)
{
	return (struct choice_span){ index->choices + index->start[bucket],
		(size_t)(index->start[bucket + 1] - index->start[bucket]) };
}

struct choice_span
form_choices_with_text(const struct form *form, const struct choice_list *list,
    int column, const char *text)
{
	const struct choice_index *index = index_of(form, list, column, false);

	return span(index, bucket_of_text(index, text));
}

bool
form_choices_with_number(const struct form *form,
    const struct choice_list *list, int column, double number,
    struct choice_span *found)
{
	const struct choice_index *index;

	*found = (struct choice_span){ NULL, 0 };
	if (isnan(number))
		return true; /* it equals nothing */
	if (!(fabs(number) < NUMBER_LIMIT) ||
	    floor(number - NEARLY + 0.5) != floor(number + NEARLY + 0.5))
		return false;
	index = index_of(form, list, column, true);
	*found = span(index, bucket_of_number(index, number));
	return true;
}

void
choice_index_free(struct choice_index *first)
{
	for (struct choice_index *index = first, *next; index; index = next) {
		next = index->next;
		free(index->start);
		free(index->choices);
		free(index);
	}
}
