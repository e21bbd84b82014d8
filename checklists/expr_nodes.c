/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/*
 * Steps with their conditions, whole paths, then values of nodes; what a step
 * finds from one node is in expr_walk.c.  Axes that go backwards number their
 * nodes from the end.
 */

/* ---- steps ---- */

static bool
goes_backwards(enum axis axis)
{
	return axis == AXIS_PRECEDING || axis == AXIS_PRECEDING_SIBLING ||
	    axis == AXIS_ANCESTOR || axis == AXIS_ANCESTOR_OR_SELF;
}

/* A number is a position; anything else is true or not. */
static int
holds(struct eval *eval, const struct expr *condition, bool *truth)
{
	struct value value = { 0 };

	if (eval_node(eval, condition, &value) != 0)
		return -1;
	if (value.kind == VALUE_NUMBER && !expr_gives_nodes(condition))
		*truth = value.number == (double)eval->position;
	else if (expr_gives_nodes(condition))
		*truth = eval->found_nodes;
	else
		*truth = value_truth(&value);
	return 0;
}

static int
keep_those(struct eval *eval, const struct predicate *predicate, bool backwards,
    struct node_set *set)
{
	const struct eval outer = *eval;
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++) {
		bool truth;

		eval->context = set->nodes[i];
		eval->size = set->count;
		eval->position = backwards ? set->count - i : i + 1;
		if (holds(eval, predicate->expr, &truth) != 0)
			return -1;
		if (truth)
			set->nodes[kept++] = set->nodes[i];
	}
	set->count = kept;
	eval->context = outer.context;
	eval->size = outer.size;
	eval->position = outer.position;
	return 0;
}

static int
filter(struct eval *eval, const struct step *step, struct node_set *set)
{
	const bool backwards = goes_backwards(step->axis);

	for (const struct predicate *p = step->predicates; p; p = p->next)
		if (keep_those(eval, p, backwards, set) != 0)
			return -1;
	return 0;
}

/* What one step makes of a set. */
static int
take_step(struct eval *eval, const struct step *step, struct node_set *set)
{
	struct node_set all = { 0 };

	if (step->axis == AXIS_NONE)
		return filter(eval, step, set);
	for (size_t i = 0; i < set->count; i++) {
		struct node_set found = { 0 };

		if (walk_step(eval, step, set->nodes[i], &found) != 0)
			return -1;
		if (goes_backwards(step->axis))
			node_set_sort(&found);
		if (filter(eval, step, &found) != 0)
			return -1;
		for (size_t n = 0; n < found.count; n++)
			if (node_set_add(eval, &all, found.nodes[n]) != 0)
				return -1;
	}
	node_set_sort(&all);
	*set = all;
	return 0;
}

/* ---- paths ---- */

struct adding {
	struct eval *eval;
	struct node_set *set;
};

static int
add_item_node(void *to, struct tree_node node)
{
	const struct adding *adding = to;

	return node_set_add(adding->eval, adding->set, node);
}

/* The nodes of an item, in the row of the expression or in all. */
static int
eval_item_nodes(
    struct eval *eval, const struct expr *node, struct node_set *set)
{
	const struct expr_source *source = eval->source;
	struct adding adding = { eval, set };

	if (!source->nodes)
		return 0;
	return source->nodes(
	    source->arg, node->item, node->row_of, add_item_node, &adding);
}

static int
begin_path(struct eval *eval, const struct expr *path, struct node_set *set)
{
	struct tree_node start = eval->context;

	if (path->start == START_EXPR)
		return eval_nodes(eval, path->args, set);
	if (path->start == START_ITEM)
		return eval_item_nodes(eval, path, set);
	if (path->start == START_CURRENT)
		start = eval->current;
	if (!start.tree)
		return 0;
	if (path->start == START_ROOT)
		start.id = TREE_TOP;
	return node_set_add(eval, set, start);
}

static int
eval_union(struct eval *eval, const struct expr *node, struct node_set *set)
{
	for (const struct expr *arg = node->args; arg; arg = arg->next) {
		struct node_set one = { 0 };

		if (eval_nodes(eval, arg, &one) != 0)
			return -1;
		for (size_t i = 0; i < one.count; i++)
			if (node_set_add(eval, set, one.nodes[i]) != 0)
				return -1;
	}
	node_set_sort(set);
	return 0;
}

int
eval_nodes(struct eval *eval, const struct expr *node, struct node_set *set)
{
	const struct step *step;

	if (eval_work(eval, 1) != 0)
		return -1;
	if (node->kind == NODE_CALL)
		return node->function->nodes(eval, node, set);
	if (node->kind == NODE_UNION)
		return eval_union(eval, node, set);
	if (node->kind == NODE_ITEM)
		return eval_item_nodes(eval, node, set);
	if (begin_path(eval, node, set) != 0)
		return -1;
	for (step = node->steps; step; step = step->next)
		if (take_step(eval, step, set) != 0)
			return -1;
	return 0;
}

bool
expr_gives_nodes(const struct expr *node)
{
	if (node->kind == NODE_PATH || node->kind == NODE_UNION ||
	    (node->kind == NODE_ITEM && node->many))
		return true;
	if (node->kind != NODE_CALL || !node->function->nodes)
		return false;
	/* if() gives what its branches give. */
	if (node->function->call)
		for (const struct expr *arg = node->args->next; arg;
		     arg = arg->next)
			if (!expr_gives_nodes(arg))
				return false;
	return true;
}

/* ---- values ---- */

/* The texts below an element, joined. */
static int
gather(struct eval *eval, struct tree_node top, struct value *value)
{
	const struct tree *tree = top.tree;
	struct buf out = BUF_INIT;
	enum value_kind kind;

	for (int node = walk_following_node(tree, top.id, top.id, true);
	     node != TREE_NONE;
	     node = walk_following_node(tree, node, top.id, true)) {
		const enum tree_kind is = tree->kind(tree, node);
		const char *text = tree->text(tree, node, &kind);

		if (text && (is == TREE_TEXT || is == TREE_ELEMENT))
			buf_add_text(&out, text);
	}
	*value = value_of_text(eval_strndup(eval, out.data, out.len));
	buf_release(&out);
	return value->text ? 0 : -1;
}

int
eval_tree_node(struct eval *eval, struct tree_node node, struct value *value)
{
	enum value_kind kind = VALUE_TEXT;
	const char *text = node.tree->text(node.tree, node.id, &kind);

	if (!text)
		return gather(eval, node, value);
	*value = value_read(kind, text);
	return 0;
}

int
eval_self(struct eval *eval, const struct expr *node, struct value *value)
{
	const struct expr_source *source = eval->source;
	enum value_kind kind = VALUE_TEXT;
	const char *text = "";

	if (node->item < 0 && eval->context.tree)
		return eval_tree_node(eval, eval->context, value);
	if (node->item >= 0)
		text =
		    source->text(source->arg, node->item, node->row_of, &kind);
	*value = value_read(kind, text ? text : "");
	return 0;
}

/* ---- comparisons ---- */

/* One side of a comparison: its nodes, or its one value. */
struct side {
	struct node_set set;
	struct value value;
	bool is_set;
};

static int
read_side(struct eval *eval, const struct expr *node, struct side *side)
{
	side->is_set = expr_gives_nodes(node);
	return side->is_set ? eval_nodes(eval, node, &side->set)
			    : eval_node(eval, node, &side->value);
}

/* No node is the empty text, as in JavaRosa. */
static size_t
count_of(const struct side *side)
{
	return side->is_set && side->set.count > 1 ? side->set.count : 1;
}

static int
value_at(
    struct eval *eval, const struct side *side, size_t at, struct value *value)
{
	if (!side->is_set) {
		*value = side->value;
		return 0;
	}
	if (side->set.count == 0) {
		*value = value_of_text("");
		return 0;
	}
	return eval_tree_node(eval, side->set.nodes[at], value);
}

int
eval_compare_nodes(struct eval *eval, enum op op, const struct expr *left,
    const struct expr *right, bool *truth)
{
	struct side one = { 0 }, other = { 0 };
	struct value a = { 0 }, b = { 0 };

	*truth = false;
	if (read_side(eval, left, &one) != 0 ||
	    read_side(eval, right, &other) != 0)
		return -1;
	for (size_t i = 0; !*truth && i < count_of(&one); i++)
		for (size_t n = 0; !*truth && n < count_of(&other); n++) {
			if (eval_work(eval, 1) != 0)
				return -1;
			if (value_at(eval, &one, i, &a) != 0 ||
			    value_at(eval, &other, n, &b) != 0)
				return -1;
			eval_apply(eval, op, &a, &b);
			if (eval->err->code != ERR_NONE)
				return -1;
			*truth = a.truth;
		}
	return 0;
}
