/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/torture/powercut_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static struct name *
find_in(struct name *list, const char *name)
{
	for (size_t i = 0; i < NAMES_MAX; i++)
		if (strcmp(list[i].text, name) == 0)
			return &list[i];
	return NULL;
}

static bool
put_in(struct name *list, const char *name, struct node *node)
{
	struct name *at = find_in(list, name);

	if (!at)
		at = find_in(list, ""); /* a free one */
	if (!at)
		return false;
	snprintf(at->text, sizeof(at->text), "%s", name);
	at->node = node;
	return true;
}

static void
take_from(struct name *list, const char *name)
{
	struct name *at = find_in(list, name);

	if (at)
		memset(at, 0, sizeof(*at));
}

struct node *
names_find(const struct names *names, const char *name)
{
	for (size_t i = 0; i < NAMES_MAX; i++)
		if (*name && strcmp(names->seen[i].text, name) == 0)
			return names->seen[i].node;
	return NULL;
}

static void
note(struct names *names, const char *from, const char *to, struct node *node)
{
	struct name_change *change;

	mem_grow(&names->changes, &names->change_room, names->change_count + 1,
	    sizeof(*names->changes));
	change = &names->changes[names->change_count++];
	memset(change, 0, sizeof(*change));
	snprintf(change->from, sizeof(change->from), "%s", from);
	snprintf(change->to, sizeof(change->to), "%s", to);
	change->node = node;
}

struct node *
names_make(struct names *names, const char *name)
{
	struct node *node = xcalloc(1, sizeof(*node));

	if (strlen(name) >= NAME_ROOM || !put_in(names->seen, name, node)) {
		free(node);
		return NULL;
	}
	memfile_sync(&node->file); /* an empty file, whole */
	node->next = names->nodes;
	names->nodes = node;
	note(names, "", name, node);
	return node;
}

void
names_remove(struct names *names, const char *name)
{
	take_from(names->seen, name);
	note(names, name, "", NULL);
}

void
names_rename(struct names *names, const char *from, const char *to)
{
	struct node *node = names_find(names, from);

	take_from(names->seen, from);
	put_in(names->seen, to, node);
	note(names, from, to, node);
}

static void
apply(struct name *list, const struct name_change *change)
{
	if (*change->from)
		take_from(list, change->from);
	if (*change->to)
		put_in(list, change->to, change->node);
}

void
names_sync(struct names *names)
{
	for (size_t i = 0; i < names->change_count; i++)
		apply(names->durable, &names->changes[i]);
	names->change_count = 0;
}

static void
free_node(struct node *node)
{
	memfile_forget(&node->file);
	free(node->file.ops);
	free(node->file.data);
	free(node->file.durable);
	free(node);
}

/* Frees what is gone and not open. */
static void
collect(struct names *names)
{
	struct node **at = &names->nodes;

	while (*at) {
		struct node *node = *at;

		if (node->gone && node->opens == 0) {
			*at = node->next;
			free_node(node);
		} else {
			at = &node->next;
		}
	}
}

void
node_close(struct names *names, struct node *node)
{
	if (node->opens > 0)
		node->opens--;
	if (node->gone)
		collect(names);
}

/* A journal keeps the order of names; not every file system has one. */
static void
cut_names(struct names *names, uint64_t *random)
{
	const bool ordered = random_next(random) & 1;
	const size_t first = names->change_count
	    ? random_next(random) % (names->change_count + 1)
	    : 0;

	for (size_t i = 0; i < names->change_count; i++)
		if (ordered ? i < first : random_next(random) & 1)
			apply(names->durable, &names->changes[i]);
	names->change_count = 0;
}

/* What is open now belongs to programs that the cut ended. */
static struct node *
left_of(struct names *names, struct node *old, uint64_t *random)
{
	struct node *node = xcalloc(1, sizeof(*node));

	memfile_cut(&old->file, random);
	node->file = old->file;
	memset(&old->file, 0, sizeof(old->file));
	old->gone = true;
	node->next = names->nodes;
	names->nodes = node;
	return node;
}

void
names_cut(struct names *names, uint64_t *random, bool empty)
{
	cut_names(names, random);
	if (empty)
		memset(names->durable, 0, sizeof(names->durable));
	memset(names->seen, 0, sizeof(names->seen));
	for (struct node *node = names->nodes; node; node = node->next)
		node->gone = true;
	for (size_t i = 0; i < NAMES_MAX; i++) {
		struct name *name = &names->durable[i];

		if (!*name->text)
			continue;
		name->node = left_of(names, name->node, random);
		names->seen[i] = *name;
	}
	collect(names);
}
