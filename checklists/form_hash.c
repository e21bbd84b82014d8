/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/hash.h"

/*
 * The hash of what a person reads: type, labels and hints by language, and
 * the choices.  Each text has its length before it, so that two different
 * questions never give the same bytes.
 */

static void
add_text(struct hasher *hasher, const char *text)
{
	const size_t len = text ? strlen(text) : 0;
	uint8_t prefix[9];

	prefix[0] = text ? 1 : 0;
	store_le64(prefix + 1, len);
	hasher_add(hasher, prefix, sizeof(prefix));
	if (len)
		hasher_add(hasher, text, len);
}

static void
add_number(struct hasher *hasher, size_t number)
{
	uint8_t bytes[8];

	store_le64(bytes, number);
	hasher_add(hasher, bytes, sizeof(bytes));
}

static void
add_texts(struct hasher *hasher, const struct form *form,
    const struct form_text *text)
{
	for (size_t lang = 0; lang < form->lang_count; lang++) {
		add_text(hasher, form->langs[lang]);
		add_text(hasher, text ? text->in[lang] : NULL);
	}
}

/* Lists are used by many questions: each is hashed once. */
static struct hash
hash_list(const struct form *form, const struct choice_list *list)
{
	struct hasher hasher;

	hasher_begin(&hasher);
	add_number(&hasher, list->count);
	for (size_t i = 0; i < list->count; i++) {
		add_text(&hasher, list->choices[i].name);
		add_texts(&hasher, form, list->choices[i].label);
	}
	return hasher_end_hash(&hasher);
}

static struct hash
hash_item(
    const struct form *form, const struct item *item, const struct hash *list)
{
	struct hasher hasher;

	hasher_begin(&hasher);
	add_text(&hasher, "ronde/question/1");
	add_text(&hasher, item_type_name(item->type));
	add_number(&hasher, form->lang_count);
	add_texts(&hasher, form, item->label);
	add_texts(&hasher, form, item->hint);
	if (item->range) {
		add_number(&hasher, (size_t)item->range->start);
		add_number(&hasher, (size_t)item->range->end);
		add_number(&hasher, (size_t)item->range->step);
	}
	if (list)
		hasher_add(&hasher, list->bytes, sizeof(list->bytes));
	return hasher_end_hash(&hasher);
}

/* The hash of an item's list, of the sheets or of a file; NULL: none. */
static const struct hash *
list_hash(
    struct builder *b, const struct choice_list *list, const struct hash *lists)
{
	if (!list)
		return NULL;
	for (struct file_list *of = b->file_lists; of; of = of->next)
		if (of->list == list) {
			if (!of->hash) {
				struct hash *hash =
				    arena_alloc(b->arena, sizeof(*hash));

				*hash = hash_list(&b->full->form, list);
				of->hash = hash;
			}
			return of->hash;
		}
	return &lists[list - b->lists];
}

void
form_hash_items(struct builder *b)
{
	const struct form *form = &b->full->form;
	struct hash *lists = xcalloc(b->list_count, sizeof(*lists));

	for (size_t i = 0; i < b->list_count; i++)
		lists[i] = hash_list(form, &b->lists[i]);
	for (int i = 0; i < form->item_count; i++) {
		struct item *item = &b->items[i];

		item->text_hash =
		    hash_item(form, item, list_hash(b, item->list, lists));
	}
	free(lists);
}
