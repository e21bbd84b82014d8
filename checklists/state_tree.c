/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <string.h>

#include "checklists/form_internal.h"

/*
 * Answers as a tree that paths walk: the root, the form's element, then the
 * places (each two more than its number here).  A repeat is not there, its
 * rows are; what is not relevant is not there either, as in JavaRosa.
 */
enum { FORM_NODE = 1, PLACE_NODE = 2 };

static struct state *
of(const struct tree *tree)
{
	return ((const struct state_tree *)(const void *)tree)->state;
}

struct tree_node
state_tree_node(const struct state *state, int place)
{
	return (struct tree_node){ &state->tree.tree, place + PLACE_NODE };
}

static enum tree_kind
tree_kind(const struct tree *tree, int node)
{
	(void)tree;
	return node == TREE_TOP ? TREE_ROOT : TREE_ELEMENT;
}

static const char *
tree_name(const struct tree *tree, int node)
{
	const struct state *state = of(tree);

	if (node == TREE_TOP)
		return "";
	return node == FORM_NODE ? state->form->root
				 : item_at(state, node - PLACE_NODE)->name;
}

static const char *
tree_space(const struct tree *tree, int node)
{
	(void)tree;
	(void)node;
	return "";
}

static int
tree_parent(const struct tree *tree, int node)
{
	const struct state *state = of(tree);
	const struct slot *slot;
	int parent, row;

	if (node <= FORM_NODE)
		return node - 1; /* of the root: TREE_NONE */
	slot = &state->slots[node - PLACE_NODE];
	parent = state->form->items[slot->item].parent;
	row = slot->repeat >= 0 ? state->slots[slot->repeat].row : slot->row;
	return parent < 0 ? FORM_NODE
			  : state_in_row(state, row, parent) + PLACE_NODE;
}

/*
 * The first that is there of the items from `item` to before `end`, in `row`.
 */
static int
first_of(const struct state *state, int row, int item, int end)
{
	const struct form *form = state->form;

	for (; item < end; item = form->items[item].end) {
		const int place = state_in_row(state, row, item);
		const struct rows *rows = state->slots[place].rows;

		if (!rows && state->slots[place].relevant)
			return place + PLACE_NODE;
		for (size_t i = 0; rows && i < rows->count; i++)
			if (state->slots[rows->list[i]].relevant)
				return rows->list[i] + PLACE_NODE;
	}
	return TREE_NONE;
}

static int
tree_child(const struct tree *tree, int node)
{
	const struct state *state = of(tree);
	const struct item *item;
	const int place = node - PLACE_NODE;

	if (node == TREE_TOP)
		return FORM_NODE;
	if (node == FORM_NODE)
		return first_of(state, -1, 0, state->form->item_count);
	item = item_at(state, place);
	return first_of(
	    state, state->slots[place].row, item->index + 1, item->end);
}

/* The relevant row after this one. */
static int
next_row(const struct state *state, int row)
{
	const struct rows *rows = state->slots[state->slots[row].repeat].rows;

	for (size_t at = (size_t)state->slots[row].number + 1; at < rows->count;
	     at++)
		if (state->slots[rows->list[at]].relevant)
			return rows->list[at];
	return -1;
}

static int
tree_next(const struct tree *tree, int node)
{
	const struct state *state = of(tree);
	const int place = node - PLACE_NODE;
	const struct form *form = state->form;
	const struct slot *slot;
	const struct item *item;
	int row, end;

	if (node <= FORM_NODE)
		return TREE_NONE;
	slot = &state->slots[place];
	row = slot->row;
	if (slot->repeat >= 0) {
		const int next = next_row(state, place);

		if (next >= 0)
			return next + PLACE_NODE;
		row = state->slots[slot->repeat].row;
	}
	item = &form->items[slot->item];
	end =
	    item->parent < 0 ? form->item_count : form->items[item->parent].end;
	return first_of(state, row, item->end, end);
}

static int
tree_attribute(const struct tree *tree, int node)
{
	(void)tree;
	(void)node;
	return TREE_NONE;
}

static const char *
tree_text(const struct tree *tree, int node, enum value_kind *kind)
{
	const struct state *state = of(tree);
	const int place = node - PLACE_NODE;

	if (node <= FORM_NODE || item_has_members(item_at(state, place)))
		return NULL;
	*kind = state->slots[place].kind;
	return slot_text(&state->slots[place]);
}

/* Only rows have siblings of their name. */
static int
tree_number(const struct tree *tree, int node)
{
	const struct state *state = of(tree);

	if (node < PLACE_NODE || state->slots[node - PLACE_NODE].repeat < 0)
		return 1;
	return state->slots[node - PLACE_NODE].number + 1;
}

/* Numbers all places anew, from the top of the document to its end. */
static void
number_places(struct state *state)
{
	const struct tree *tree = &state->tree.tree;
	long count = 0;
	int node = FORM_NODE;

	while (node != TREE_NONE) {
		int next = tree_child(tree, node);

		if (node >= PLACE_NODE)
			state->slots[node - PLACE_NODE].order = ++count;
		while (next == TREE_NONE && node != TREE_NONE) {
			next = tree_next(tree, node);
			if (next == TREE_NONE)
				node = tree_parent(tree, node);
		}
		node = next;
	}
	state->order_is_old = false;
}

static long
tree_order(const struct tree *tree, int node)
{
	struct state *state = of(tree);

	if (node <= FORM_NODE)
		return node - PLACE_NODE;
	if (state->order_is_old)
		number_places(state);
	return state->slots[node - PLACE_NODE].order;
}

void
state_tree_init(struct state *state)
{
	state->tree.tree = (struct tree){ tree_kind, tree_name, tree_space,
		tree_parent, tree_child, tree_next, tree_attribute, tree_text,
		tree_order, tree_number };
	state->tree.state = state;
	state->order_is_old = true;
}
