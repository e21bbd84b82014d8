/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "crypto/secret.h"

/* Nodes: where they stand, what they are called, other orders of them. */

static int
first_of(struct eval *eval, const struct expr *node, struct tree_node *first)
{
	struct node_set set = { 0 };

	*first = eval->context;
	if (node->arg_count == 0)
		return 0;
	if (eval_nodes(eval, node->args, &set) != 0)
		return -1;
	*first = (struct tree_node){ 0 };
	if (set.count > 0)
		*first = set.nodes[0];
	return 0;
}

/* Its place among its siblings of the same name, from 1. */
static int
place_of(struct tree_node node)
{
	const struct tree *tree = node.tree;
	const int parent = tree->parent(tree, node.id);
	const char *name = tree->name(tree, node.id);
	int count = 0;

	if (tree->number)
		return tree->number(tree, node.id);
	for (int at = parent == TREE_NONE ? TREE_NONE
					  : tree->child(tree, parent);
	     at != TREE_NONE; at = tree->next(tree, at)) {
		count += strcmp(tree->name(tree, at), name) == 0;
		if (at == node.id)
			break;
	}
	return count;
}

/*
 * position(): of the context among the nodes at hand.  position(node): of the
 * node among its siblings of the same name, as ODK means it.
 */
static int
call_position(struct eval *eval, const struct expr *node, struct value *value)
{
	struct tree_node at;

	*value = value_of_number((double)eval->position);
	if (node->arg_count == 0)
		return 0;
	if (first_of(eval, node, &at) != 0)
		return -1;
	*value = value_of_number(at.tree ? place_of(at) : 0);
	return 0;
}

static int
call_last(struct eval *eval, const struct expr *node, struct value *value)
{
	(void)node;
	*value = value_of_number((double)eval->size);
	return 0;
}

static const char *
local_name(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

static int
call_name(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *asked = node->function->name;
	struct tree_node at;

	if (first_of(eval, node, &at) != 0)
		return -1;
	*value = value_of_text("");
	if (!at.tree)
		return 0;
	if (strcmp(asked, "namespace-uri") == 0)
		value->text = at.tree->space(at.tree, at.id);
	else
		value->text = at.tree->name(at.tree, at.id);
	if (strcmp(asked, "local-name") == 0)
		value->text = local_name(value->text);
	return 0;
}

/* ---- id() ---- */

static bool
is_word_of(const char *words, const char *word)
{
	static const char space[] = " \t\r\n";
	const size_t len = strlen(word);

	for (;;) {
		size_t span;

		words += strspn(words, space);
		span = strcspn(words, space);
		if (span == 0)
			return false;
		if (span == len && memcmp(words, word, len) == 0)
			return true;
		words += span;
	}
}

static bool
has_id(const struct tree *tree, int element, const char *words)
{
	enum value_kind kind;

	for (int at = tree->attribute(tree, element); at != TREE_NONE;
	     at = tree->next(tree, at)) {
		const char *name = tree->name(tree, at);
		const char *text = tree->text(tree, at, &kind);

		if ((strcmp(name, "id") == 0 || strcmp(name, "xml:id") == 0) &&
		    text && text[0] && is_word_of(words, text))
			return true;
	}
	return false;
}

/* The element after `node` in the document. */
static int
next_in_document(const struct tree *tree, int node)
{
	int next = tree->child(tree, node);

	while (next == TREE_NONE && node != TREE_NONE) {
		next = tree->next(tree, node);
		if (next == TREE_NONE)
			node = tree->parent(tree, node);
	}
	return next;
}

static int
nodes_of_id(struct eval *eval, const struct expr *node, struct node_set *set)
{
	const struct tree *tree = eval->context.tree;
	struct call_values values = { 0 };
	struct value value = { 0 };
	struct buf words = BUF_INIT;
	int more = 0;

	while (
	    tree && (more = call_next_value(eval, node, &values, &value)) > 0) {
		const char *text = value_text(eval, &value);

		buf_add_text(&words, text ? text : "");
		buf_add_char(&words, ' ');
	}
	for (int at = TREE_TOP; tree && more == 0 && at != TREE_NONE;
	     at = next_in_document(tree, at))
		if (tree->kind(tree, at) == TREE_ELEMENT &&
		    has_id(tree, at, words.data) &&
		    node_set_add(eval, set, (struct tree_node){ tree, at }) !=
			0)
			more = -1;
	buf_release(&words);
	return more;
}

/* ---- randomize() ---- */

/* Park and Miller's minimal standard, as JavaRosa and Enketo have it. */
static uint32_t
next_random(uint32_t *state)
{
	*state = (uint32_t)((uint64_t)*state * 16807 % 2147483647);
	return *state;
}

static uint32_t
random_from(double seed)
{
	const uint32_t state = (uint32_t)((int64_t)seed % 2147483647);

	return state ? state : 2147483646;
}

/* Where the one at `i` goes: Fisher and Yates's shuffle from the inside out. */
static size_t
random_place(uint32_t *state, size_t i)
{
	const double random = (double)(next_random(state) - 1) / 2147483646.0;

	return (size_t)(random * (double)(i + 1));
}

void
expr_shuffle(int *list, size_t count, double seed)
{
	uint32_t state = random_from(seed);

	for (size_t i = 0; i < count; i++) {
		const size_t at = random_place(&state, i);
		const int one = list[i];

		list[i] = list[at];
		list[at] = one;
	}
}

static int
nodes_of_randomize(
    struct eval *eval, const struct expr *node, struct node_set *set)
{
	struct node_set from = { 0 };
	double seed_number = 0;
	uint32_t state;

	if (eval_nodes(eval, node->args, &from) != 0)
		return -1;
	if (node->arg_count > 1) {
		if (call_number(eval, node, 1, &seed_number) != 0)
			return -1;
	} else {
		random_bytes(&state, sizeof(state));
		seed_number = state;
	}
	state = random_from(seed_number);
	for (size_t i = 0; i < from.count; i++) {
		const size_t at = random_place(&state, i);

		if (node_set_add(eval, set, from.nodes[i]) != 0)
			return -1;
		set->nodes[i] = set->nodes[at];
		set->nodes[at] = from.nodes[i];
	}
	return 0;
}

/* ---- indexed-repeat() ---- */

/* Is `node` in that row: the `number`-th of one of the repeats in `rows`? */
static bool
is_in_row(struct tree_node node, const struct node_set *rows, double number)
{
	for (int at = node.id; at != TREE_NONE;
	     at = node.tree->parent(node.tree, at))
		for (size_t i = 0; i < rows->count; i++)
			if (rows->nodes[i].id == at)
				return place_of(rows->nodes[i]) == (int)number;
	return false;
}

/* indexed-repeat(node, repeat, number, inner repeat, number, ...) */
static int
nodes_of_indexed_repeat(
    struct eval *eval, const struct expr *node, struct node_set *set)
{
	if (node->arg_count % 2 == 0)
		return call_fail(
		    eval, node, _("each repeat is followed by a number"));
	if (eval_nodes(eval, node->args, set) != 0)
		return -1;
	for (int i = 1; i + 1 < node->arg_count; i += 2) {
		struct node_set rows = { 0 };
		double number;
		size_t kept = 0;

		if (eval_nodes(eval, call_arg(node, i), &rows) != 0 ||
		    call_number(eval, node, i + 1, &number) != 0)
			return -1;
		for (size_t n = 0; n < set->count; n++)
			if (is_in_row(set->nodes[n], &rows, number))
				set->nodes[kept++] = set->nodes[n];
		set->count = kept;
	}
	return 0;
}

/* Name, least and most arguments, flags, what it does; last a NULL row. */
const struct function functions_nodes[] = {
	{ "position", 0, 1, FUNCTION_TREE | FUNCTION_NODES, call_position,
	    NULL },
	{ "last", 0, 0, FUNCTION_TREE, call_last, NULL },
	{ "name", 0, 1, FUNCTION_TREE | FUNCTION_NODES, call_name, NULL },
	{ "local-name", 0, 1, FUNCTION_TREE | FUNCTION_NODES, call_name, NULL },
	{ "namespace-uri", 0, 1, FUNCTION_TREE | FUNCTION_NODES, call_name,
	    NULL },
	{ "id", 1, 1, FUNCTION_TREE, NULL, nodes_of_id },
	{ "indexed-repeat", 3, 7, FUNCTION_TREE | FUNCTION_INDEXED, NULL,
	    nodes_of_indexed_repeat },
	{ "randomize", 1, 2, FUNCTION_TREE, NULL, nodes_of_randomize },
	{ .name = NULL },
};
