/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/xml.h"

/* Nodes in the order of the document, so a node's number is its place. */

struct xml_node {
	enum tree_kind kind;
	int parent, child, next, attribute;
	const char *name, *space, *text;
};

struct xml_tree {
	struct tree tree; /* first: a struct tree * is a struct xml_tree * */
	struct arena *arena;
	struct xml_node *nodes;
	size_t count, room;
	/* While it is read: */
	int open;  /* the element that is open */
	int *last; /* the last child so far, by depth */
	size_t depth, last_room;
	struct buf text; /* of the text node under way */
};

static const struct xml_node *
node_of(const struct tree *tree, int node)
{
	return &((const struct xml_tree *)(const void *)tree)->nodes[node];
}

static enum tree_kind
xml_kind(const struct tree *tree, int node)
{
	return node_of(tree, node)->kind;
}

static const char *
xml_name(const struct tree *tree, int node)
{
	return node_of(tree, node)->name;
}

static const char *
xml_space(const struct tree *tree, int node)
{
	return node_of(tree, node)->space;
}

static int
xml_parent(const struct tree *tree, int node)
{
	return node_of(tree, node)->parent;
}

static int
xml_child(const struct tree *tree, int node)
{
	return node_of(tree, node)->child;
}

static int
xml_next(const struct tree *tree, int node)
{
	return node_of(tree, node)->next;
}

static int
xml_first_attribute(const struct tree *tree, int node)
{
	return node_of(tree, node)->attribute;
}

static const char *
xml_text(const struct tree *tree, int node, enum value_kind *kind)
{
	*kind = VALUE_TEXT;
	return node_of(tree, node)->text;
}

static long
xml_order(const struct tree *tree, int node)
{
	(void)tree;
	return node;
}

static struct xml_node *
add_node(struct xml_tree *tree, enum tree_kind kind, struct err *err)
{
	struct xml_node *node;

	if (tree->count >= TREE_NODES_MAX) {
		err_set(err, ERR_LIMIT,
		    _("the document has more than %d nodes"), TREE_NODES_MAX);
		return NULL;
	}
	mem_grow(&tree->nodes, &tree->room, tree->count + 1, sizeof(*node));
	node = &tree->nodes[tree->count++];
	*node = (struct xml_node){ .kind = kind,
		.parent = tree->open,
		.child = TREE_NONE,
		.next = TREE_NONE,
		.attribute = TREE_NONE,
		.name = "",
		.space = "" };
	return node;
}

/* Hangs the newest node behind the last child of the open element. */
static void
hang(struct xml_tree *tree)
{
	const int node = (int)tree->count - 1;
	int *last = &tree->last[tree->depth];

	if (*last == TREE_NONE)
		tree->nodes[tree->open].child = node;
	else
		tree->nodes[*last].next = node;
	*last = node;
}

static int
end_text(struct xml_tree *tree, struct err *err)
{
	struct xml_node *node;

	if (tree->text.len == 0 || tree->open == TREE_TOP) {
		buf_clear(&tree->text);
		return 0;
	}
	node = add_node(tree, TREE_TEXT, err);
	if (!node)
		return -1;
	node->text =
	    arena_strndup(tree->arena, tree->text.data, tree->text.len);
	hang(tree);
	buf_clear(&tree->text);
	return 0;
}

/* "uri|local|prefix", "uri|local" or "local" to space and prefix:local. */
static void
set_name(struct xml_tree *tree, struct xml_node *node, const char *name)
{
	const char *local = strchr(name, '|');
	const char *prefix = local ? strchr(local + 1, '|') : NULL;
	char *full;

	if (!local) {
		node->name = arena_strdup(tree->arena, name);
		return;
	}
	node->space = arena_strndup(tree->arena, name, (size_t)(local - name));
	local++;
	if (!prefix) {
		node->name = arena_strdup(tree->arena, local);
		return;
	}
	full = xasprintf("%s:%.*s", prefix + 1, (int)(prefix - local), local);
	node->name = arena_strdup(tree->arena, full);
	free(full);
}

static int
add_attributes(struct xml_tree *tree, const char **attributes, struct err *err)
{
	const int element = tree->open;
	int before = TREE_NONE;

	for (; attributes[0]; attributes += 2) {
		struct xml_node *node = add_node(tree, TREE_ATTRIBUTE, err);
		const int at = (int)tree->count - 1;

		if (!node)
			return -1;
		set_name(tree, node, attributes[0]);
		node->text = arena_strdup(tree->arena, attributes[1]);
		if (before == TREE_NONE)
			tree->nodes[element].attribute = at;
		else
			tree->nodes[before].next = at;
		before = at;
	}
	return 0;
}

static int
on_start(void *arg, const char *name, const char **attributes, struct err *err)
{
	struct xml_tree *tree = arg;
	struct xml_node *node;

	if (end_text(tree, err) < 0)
		return -1;
	node = add_node(tree, TREE_ELEMENT, err);
	if (!node)
		return -1;
	set_name(tree, node, name);
	hang(tree);
	tree->open = (int)tree->count - 1;
	tree->depth++;
	mem_grow(&tree->last, &tree->last_room, tree->depth + 1, sizeof(int));
	tree->last[tree->depth] = TREE_NONE;
	return add_attributes(tree, attributes, err);
}

static int
on_end(void *arg, const char *name, struct err *err)
{
	struct xml_tree *tree = arg;

	(void)name;
	if (end_text(tree, err) < 0)
		return -1;
	tree->open = tree->nodes[tree->open].parent;
	tree->depth--;
	return 0;
}

static int
on_text(void *arg, const char *text, size_t len, struct err *err)
{
	struct xml_tree *tree = arg;

	(void)err;
	buf_add(&tree->text, text, len);
	return 0;
}

/* A comment has no name, an instruction has that of its target. */
static int
on_other(void *arg, const char *target, const char *text, struct err *err)
{
	struct xml_tree *tree = arg;
	struct xml_node *node;

	if (end_text(tree, err) < 0)
		return -1;
	node = add_node(tree, target ? TREE_INSTRUCTION : TREE_COMMENT, err);
	if (!node)
		return -1;
	node->name = arena_strdup(tree->arena, target ? target : "");
	node->text = arena_strdup(tree->arena, text);
	hang(tree);
	return 0;
}

struct tree *
tree_xml_read(const char *bytes, size_t len, const char *what, struct err *err)
{
	static const struct xml_handler handler = { .start = on_start,
		.end = on_end,
		.text = on_text,
		.other = on_other,
		.with_prefix = true };
	struct xml_tree *tree = xcalloc(1, sizeof(*tree));
	int result;

	tree->tree =
	    (struct tree){ xml_kind, xml_name, xml_space, xml_parent, xml_child,
		    xml_next, xml_first_attribute, xml_text, xml_order, NULL };
	tree->arena = arena_new();
	tree->text = (struct buf)BUF_INIT;
	tree->open = TREE_NONE;
	add_node(tree, TREE_ROOT, err);
	tree->open = TREE_TOP;
	mem_grow(&tree->last, &tree->last_room, 1, sizeof(int));
	tree->last[0] = TREE_NONE;
	result = xml_parse(bytes, len, what, &handler, tree, err);
	buf_release(&tree->text);
	free(tree->last);
	tree->last = NULL;
	if (result == 0)
		return &tree->tree;
	tree_xml_free(&tree->tree);
	return NULL;
}

void
tree_xml_free(struct tree *tree)
{
	struct xml_tree *own = (struct xml_tree *)(void *)tree;

	if (!own)
		return;
	arena_free(own->arena);
	free(own->nodes);
	free(own);
}
