/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *
item_change_code(enum item_change change)
{
	static const char *const codes[ITEM_CHANGE_COUNT] = {
		[ITEM_SAME] = "same",
		[ITEM_MOVED] = "moved",
		[ITEM_CHANGED] = "changed",
		[ITEM_ADDED] = "added",
		[ITEM_REMOVED] = "removed",
	};

	return codes[change];
}

/* Questions of the old form by their text, to find those that moved. */
struct by_text {
	const struct item **items;
	size_t count;
};

static int
compare_texts(const void *one, const void *other)
{
	const struct item *const *a = one, *const *b = other;
	const int order =
	    memcmp((*a)->text_hash.bytes, (*b)->text_hash.bytes, HASH_BYTES);

	return order ? order : (*a)->index - (*b)->index;
}

static void
sort_by_text(const struct form *form, struct by_text *sorted)
{
	sorted->items =
	    xcalloc((size_t)form->item_count + 1, sizeof(*sorted->items));
	for (int i = 0; i < form->item_count; i++)
		if (item_is_question(&form->items[i]))
			sorted->items[sorted->count++] = &form->items[i];
	qsort(sorted->items, sorted->count, sizeof(*sorted->items),
	    compare_texts);
}

/* The first of these that has the text and is not `used`; NULL. */
static const struct item *
find_text(
    const struct by_text *sorted, const struct hash *text, const bool *used)
{
	size_t low = 0, high = sorted->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (memcmp(sorted->items[middle]->text_hash.bytes, text->bytes,
			HASH_BYTES) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < sorted->count &&
	     hash_equal(&sorted->items[low]->text_hash, text);
	     low++)
		if (!used[sorted->items[low]->index])
			return sorted->items[low];
	return NULL;
}

/* The question of the old form at the path of `item`; NULL. */
static const struct item *
at_path(const struct form *old, const struct item *item)
{
	const int at = form_item_at(old, item->path);

	return at >= 0 && item_is_question(&old->items[at]) ? &old->items[at]
							    : NULL;
}

/* What stands at the path of a new question keeps its place. */
static void
mark_in_place(const struct form *old, const struct form *new, bool *used)
{
	for (int i = 0; i < new->item_count; i++) {
		const struct item *found = at_path(old, &new->items[i]);

		if (found && item_is_question(&new->items[i]))
			used[found->index] = true;
	}
}

void
form_diff(const struct form *old, const struct form *new,
    void (*each)(void *arg, enum item_change change, const struct item *old,
	const struct item *new),
    void *arg)
{
	bool *used = xcalloc((size_t)old->item_count + 1, sizeof(*used));
	struct by_text sorted = { 0 };

	sort_by_text(old, &sorted);
	mark_in_place(old, new, used);
	for (int i = 0; i < new->item_count; i++) {
		const struct item *item = &new->items[i];
		const struct item *found = at_path(old, item);
		enum item_change change = ITEM_ADDED;

		if (!item_is_question(item))
			continue;
		if (found)
			change = hash_equal(&found->text_hash, &item->text_hash)
			    ? ITEM_SAME
			    : ITEM_CHANGED;
		else if ((found = find_text(&sorted, &item->text_hash, used)))
			change = ITEM_MOVED;
		if (found)
			used[found->index] = true;
		each(arg, change, found, item);
	}
	for (int i = 0; i < old->item_count; i++)
		if (item_is_question(&old->items[i]) && !used[i])
			each(arg, ITEM_REMOVED, &old->items[i], NULL);
	free(sorted.items);
	free(used);
}
