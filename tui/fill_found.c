/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/fill_found.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

enum { WORDS_MAX = 8 };

static void
forget_keys(struct found *found)
{
	free(found->keys);
	free(found->at);
	found->keys = NULL;
	found->at = NULL;
	found->list = NULL;
}

static void
forget_offered(struct found *found)
{
	free(found->offered);
	free(found->all);
	found->offered = NULL;
	found->all = NULL;
}

void
found_release(struct found *found)
{
	forget_keys(found);
	forget_offered(found);
	line_release(&found->line);
}

static void
make_keys(struct found *found, const struct form *form,
    const struct choice_list *list, size_t lang)
{
	struct buf keys = BUF_INIT;

	forget_keys(found);
	found->at = xcalloc(list->count + 1, sizeof(*found->at));
	buf_add_char(&keys, '\n');
	for (size_t i = 0; i < list->count; i++) {
		const struct choice *choice = &list->choices[i];
		char *key = text_search_key(choice->label
			? form_text(form, choice->label, lang, NULL)
			: choice->name);

		for (char *c = key; *c; c++)
			if (*c == '\n')
				*c = ' ';
		found->at[i] = keys.len;
		buf_add_text(&keys, key);
		buf_add_char(&keys, '\n');
		free(key);
	}
	found->at[list->count] = keys.len;
	found->keys = buf_detach(&keys);
	found->list = list;
	found->lang = lang;
}

void
found_start(struct found *found, const struct form *form,
    const struct choice_list *list, size_t lang, const int *offered, int count)
{
	if (found->list != list || found->lang != lang)
		make_keys(found, form, list, lang);
	forget_offered(found);
	found->offered = xcalloc(list->count + 1, sizeof(int));
	found->all = xcalloc((size_t)count + 1, sizeof(int));
	for (size_t i = 0; i < list->count; i++)
		found->offered[i] = -1;
	for (int i = 0; i < count; i++) {
		found->offered[offered[i]] = i;
		found->all[i] = offered[i];
	}
	found->all_count = count;
	line_release(&found->line);
	line_init(&found->line, LINE_TEXT);
	found->browsing = false;
	found_find(found);
}

/* The choice whose key has the byte `at`; they are in order. */
static size_t
choice_with(const struct found *found, size_t from, size_t at)
{
	size_t low = from, high = found->list->count;

	while (high - low > 1) {
		const size_t middle = (low + high) / 2;

		if (found->at[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The words, cut in `typed`; at least one where it is not blank. */
static int
cut_words(char *typed, char **words)
{
	int count = 0;

	for (char *word = strtok(typed, " \n"); word && count < WORDS_MAX;
	     word = strtok(NULL, " \n"))
		words[count++] = word;
	return count;
}

static bool
has_words(
    const struct found *found, size_t choice, char *const *words, int count)
{
	const char *key = found->keys + found->at[choice];
	const size_t len = found->at[choice + 1] - found->at[choice];

	for (int i = 0; i < count; i++)
		if (!memmem(key, len, words[i], strlen(words[i])))
			return false;
	return true;
}

static void
find_words(struct found *found, char *const *words, int count)
{
	const size_t len = found->at[found->list->count];
	const size_t first_len = strlen(words[0]);
	const char *at = found->keys;
	size_t choice = 0;

	while (!found->more &&
	    (at = memmem(
		 at, len - (size_t)(at - found->keys), words[0], first_len))) {
		choice = choice_with(found, choice, (size_t)(at - found->keys));
		if (found->offered[choice] >= 0 &&
		    has_words(found, choice, words + 1, count - 1)) {
			found->more = found->count == FOUND_MAX;
			if (!found->more)
				found->matches[found->count++] = (int)choice;
		}
		choice++;
		at = found->keys + found->at[choice];
	}
}

void
found_find(struct found *found)
{
	char *typed = text_search_key(found->line.text ? found->line.text : "");
	char *words[WORDS_MAX];
	const int count = cut_words(typed, words);

	found->count = 0;
	found->more = false;
	if (count == 0)
		found->count = found->all_count;
	else if (found->list->count > 0)
		find_words(found, words, count);
	found->cursor = count > 0 && found->count > 0 ? 0 : -1;
	free(typed);
}

int
found_at(const struct found *found, int index)
{
	if (index < 0 || index >= found->count)
		return -1;
	return text_is_blank(found->line.text) ? found->all[index]
					       : found->matches[index];
}

int
found_offered(const struct found *found)
{
	const int choice = found_at(found, found->cursor);

	return choice < 0 ? -1 : found->offered[choice];
}

void
found_move(struct found *found, int step)
{
	const int to = found->cursor + step;

	if (to < 0 || to >= found->count)
		return;
	found->cursor = to;
	found->browsing = true;
}
