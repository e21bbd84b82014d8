/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/*
 * Sets of nodes, and what one step of a path finds from one node.  Every set
 * is kept in the order of the document without repetition.
 */

/* ---- sets ---- */

int
node_set_add(struct eval *eval, struct node_set *set, struct tree_node node)
{
	if (eval_work(eval, 1) != 0)
		return -1;
	if (set->count == set->room) {
		const size_t room = set->room ? set->room * 2 : 8;
		struct tree_node *grown =
		    (struct tree_node *)(void *)eval_alloc(
			eval, room * sizeof(*grown));

		if (!grown)
			return -1;
		if (set->count)
			memcpy(grown, set->nodes, set->count * sizeof(*grown));
		set->nodes = grown;
		set->room = room;
	}
	set->nodes[set->count++] = node;
	return 0;
}

static int
compare_nodes(const void *one, const void *other)
{
	const struct tree_node *a = one, *b = other;
	long first, second;

	if (a->tree != b->tree)
		return a->tree < b->tree ? -1 : 1;
	first = a->tree->order(a->tree, a->id);
	second = b->tree->order(b->tree, b->id);
	return first < second ? -1 : first > second;
}

void
node_set_sort(struct node_set *set)
{
	size_t kept = 0;
	bool in_order = true;

	for (size_t i = 1; in_order && i < set->count; i++)
		in_order =
		    compare_nodes(&set->nodes[i - 1], &set->nodes[i]) < 0;
	if (in_order)
		return;
	qsort(set->nodes, set->count, sizeof(*set->nodes), compare_nodes);
	for (size_t i = 0; i < set->count; i++)
		if (kept == 0 ||
		    compare_nodes(&set->nodes[kept - 1], &set->nodes[i]) != 0)
			set->nodes[kept++] = set->nodes[i];
	set->count = kept;
}

/* ---- axes ---- */

/* One step under way: what it finds from one node. */
struct walk {
	struct eval *eval;
	const struct step *step;
	const struct tree *tree;
	struct node_set *found;
};

static bool
matches(const struct walk *walk, int node)
{
	const struct tree *tree = walk->tree;
	const enum tree_kind kind = tree->kind(tree, node);
	const enum tree_kind principal =
	    walk->step->axis == AXIS_ATTRIBUTE ? TREE_ATTRIBUTE : TREE_ELEMENT;
	const char *name = walk->step->name;

	switch (walk->step->test) {
	case TEST_NODE: return true;
	case TEST_ANY: return kind == principal;
	case TEST_TEXT: return kind == TREE_TEXT;
	case TEST_COMMENT: return kind == TREE_COMMENT;
	case TEST_INSTRUCTION:
		return kind == TREE_INSTRUCTION &&
		    (!name || strcmp(tree->name(tree, node), name) == 0);
	case TEST_NAME:
		return kind == principal &&
		    strcmp(tree->name(tree, node), name) == 0;
	}
	return false;
}

static int
take(const struct walk *walk, int node)
{
	if (!matches(walk, node))
		return 0;
	return node_set_add(
	    walk->eval, walk->found, (struct tree_node){ walk->tree, node });
}

/* The node after `node` in the document, without going above `top`. */
int
walk_following_node(const struct tree *tree, int node, int top, bool into)
{
	int next = into ? tree->child(tree, node) : TREE_NONE;

	while (next == TREE_NONE && node != top && node != TREE_NONE) {
		if (tree->kind(tree, node) != TREE_ATTRIBUTE)
			next = tree->next(tree, node);
		if (next == TREE_NONE)
			node = tree->parent(tree, node);
	}
	return next;
}

static int
walk_below(const struct walk *walk, int top)
{
	for (int node = walk_following_node(walk->tree, top, top, true);
	     node != TREE_NONE;
	     node = walk_following_node(walk->tree, node, top, true))
		if (take(walk, node) != 0)
			return -1;
	return 0;
}

static int
walk_siblings(const struct walk *walk, int node)
{
	for (; node != TREE_NONE; node = walk->tree->next(walk->tree, node))
		if (take(walk, node) != 0)
			return -1;
	return 0;
}

static int
walk_up(const struct walk *walk, int node)
{
	for (; node != TREE_NONE; node = walk->tree->parent(walk->tree, node))
		if (take(walk, node) != 0)
			return -1;
	return 0;
}

static int
walk_following(const struct walk *walk, int from)
{
	for (int node = walk_following_node(walk->tree, from, TREE_TOP,
		 walk->tree->kind(walk->tree, from) == TREE_ATTRIBUTE);
	     node != TREE_NONE;
	     node = walk_following_node(walk->tree, node, TREE_TOP, true))
		if (take(walk, node) != 0)
			return -1;
	return 0;
}

static bool
is_above(const struct tree *tree, int above, int node)
{
	while (node != TREE_NONE && node != above)
		node = tree->parent(tree, node);
	return node == above;
}

static int
walk_preceding(const struct walk *walk, int to)
{
	const struct tree *tree = walk->tree;
	const int stop = tree->kind(tree, to) == TREE_ATTRIBUTE
	    ? tree->parent(tree, to)
	    : to;

	for (int node = tree->child(tree, TREE_TOP);
	     node != TREE_NONE && node != stop;
	     node = walk_following_node(tree, node, TREE_TOP, true))
		if (!is_above(tree, node, stop) && take(walk, node) != 0)
			return -1;
	return 0;
}

static int
walk_preceding_siblings(const struct walk *walk, int to)
{
	const struct tree *tree = walk->tree;
	const int parent = tree->parent(tree, to);

	if (parent == TREE_NONE || tree->kind(tree, to) == TREE_ATTRIBUTE)
		return 0;
	for (int node = tree->child(tree, parent); node != to;
	     node = tree->next(tree, node))
		if (take(walk, node) != 0)
			return -1;
	return 0;
}

static int
walk_axis(const struct walk *walk, int from)
{
	const struct tree *tree = walk->tree;
	const bool is_attribute = tree->kind(tree, from) == TREE_ATTRIBUTE;
	const int parent = tree->parent(tree, from);

	switch (walk->step->axis) {
	case AXIS_CHILD: return walk_siblings(walk, tree->child(tree, from));
	case AXIS_ATTRIBUTE:
		return walk_siblings(walk, tree->attribute(tree, from));
	case AXIS_DESCENDANT: return walk_below(walk, from);
	case AXIS_DESCENDANT_OR_SELF:
		return take(walk, from) != 0 ? -1 : walk_below(walk, from);
	case AXIS_SELF: return take(walk, from);
	case AXIS_PARENT: return parent == TREE_NONE ? 0 : take(walk, parent);
	case AXIS_ANCESTOR: return walk_up(walk, parent);
	case AXIS_ANCESTOR_OR_SELF: return walk_up(walk, from);
	case AXIS_FOLLOWING_SIBLING:
		return is_attribute
		    ? 0
		    : walk_siblings(walk, tree->next(tree, from));
	case AXIS_FOLLOWING: return walk_following(walk, from);
	case AXIS_PRECEDING: return walk_preceding(walk, from);
	case AXIS_PRECEDING_SIBLING: return walk_preceding_siblings(walk, from);
	case AXIS_NONE: return take(walk, from);
	}
	return -1;
}

int
walk_step(struct eval *eval, const struct step *step, struct tree_node from,
    struct node_set *found)
{
	const struct walk walk = { eval, step, from.tree, found };

	return walk_axis(&walk, from.id);
}
