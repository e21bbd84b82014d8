/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "checklists/xform_internal.h"

/* Elements of the document, by names without prefixes. */

static const char *
without_prefix(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

const char *
element_name(const struct xform *x, int element)
{
	return without_prefix(x->tree->name(x->tree, element));
}

bool
element_is(const struct xform *x, int element, const char *name)
{
	return element != TREE_NONE &&
	    strcmp(element_name(x, element), name) == 0;
}

static int
to_element(const struct xform *x, int node)
{
	while (
	    node != TREE_NONE && x->tree->kind(x->tree, node) != TREE_ELEMENT)
		node = x->tree->next(x->tree, node);
	return node;
}

int
element_first(const struct xform *x, int element)
{
	return element == TREE_NONE
	    ? TREE_NONE
	    : to_element(x, x->tree->child(x->tree, element));
}

int
element_after(const struct xform *x, int element)
{
	return to_element(x, x->tree->next(x->tree, element));
}

static int
to_name(const struct xform *x, int element, const char *name)
{
	while (element != TREE_NONE && !element_is(x, element, name))
		element = element_after(x, element);
	return element;
}

int
element_child(const struct xform *x, int element, const char *name)
{
	return to_name(x, element_first(x, element), name);
}

int
element_next(const struct xform *x, int element, const char *name)
{
	return to_name(x, element_after(x, element), name);
}

const char *
element_attribute(const struct xform *x, int element, const char *name)
{
	int at;

	if (element == TREE_NONE)
		return "";
	for (at = x->tree->attribute(x->tree, element); at != TREE_NONE;
	     at = x->tree->next(x->tree, at))
		if (strcmp(without_prefix(x->tree->name(x->tree, at)), name) ==
		    0) {
			enum value_kind kind;
			const char *text = x->tree->text(x->tree, at, &kind);

			return trim(x, text, strlen(text));
		}
	return "";
}

const char *
trim(const struct xform *x, const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\r\n", *text)) {
		text++;
		len--;
	}
	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		len--;
	return arena_strndup(x->arena, text, len);
}

static void
add_text(const struct xform *x, int node, struct buf *out)
{
	enum value_kind kind;

	if (x->tree->kind(x->tree, node) == TREE_TEXT)
		buf_add_text(out, x->tree->text(x->tree, node, &kind));
	if (x->tree->kind(x->tree, node) != TREE_ELEMENT)
		return;
	for (int at = x->tree->child(x->tree, node); at != TREE_NONE;
	     at = x->tree->next(x->tree, at))
		add_text(x, at, out);
}

const char *
element_text(const struct xform *x, int element)
{
	struct buf text = BUF_INIT;
	const char *kept;

	if (element == TREE_NONE)
		return "";
	add_text(x, element, &text);
	kept = trim(x, text.data, text.len);
	buf_release(&text);
	return kept;
}

const char *
quoted(const struct xform *x, const char *text, const char *before)
{
	const size_t len = strlen(before);
	const char *end;

	if (strncmp(text, before, len) != 0)
		return NULL;
	text += len;
	text += strspn(text, " ");
	if (*text != '\'' && *text != '"')
		return NULL;
	end = strchr(text + 1, *text);
	return end ? arena_strndup(x->arena, text + 1, (size_t)(end - text - 1))
		   : NULL;
}
