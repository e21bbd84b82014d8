/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_TREE_H
#define CHECKLISTS_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * What the paths of expressions walk: a document of nodes, whoever keeps it.
 * A node is a number from 0, the root; attributes are nodes of their element.
 */
enum tree_kind {
	TREE_ROOT,
	TREE_ELEMENT,
	TREE_ATTRIBUTE,
	TREE_TEXT,
	TREE_COMMENT,
	TREE_INSTRUCTION
};

/* How the text of an answer is to be read. */
enum value_kind { VALUE_TEXT, VALUE_NUMBER, VALUE_BOOLEAN, VALUE_DATE };

enum { TREE_TOP = 0, TREE_NONE = -1 };

struct tree {
	enum tree_kind (*kind)(const struct tree *tree, int node);
	/* With its prefix; "" for what has none. */
	const char *(*name)(const struct tree *tree, int node);
	const char *(*space)(const struct tree *tree, int node);
	/* TREE_NONE where there is none. */
	int (*parent)(const struct tree *tree, int node);
	int (*child)(const struct tree *tree, int node); /* the first */
	int (*next)(const struct tree *tree, int node);  /* its sibling */
	int (*attribute)(const struct tree *tree, int element); /* the first */
	/*
	 * The text of a node that has one of its own; NULL: it is that of the
	 * texts below.
	 */
	const char *(*text)(
	    const struct tree *tree, int node, enum value_kind *kind);
	/* Its place: smaller comes before in the document. */
	long (*order)(const struct tree *tree, int node);
	/*
	 * Its place among its siblings of the same name, from 1; NULL: they
	 * are to be counted.
	 */
	int (*number)(const struct tree *tree, int node);
};

struct tree_node {
	const struct tree *tree;
	int id;
};

enum { TREE_NODES_MAX = 2000000 };

/*
 * A document of XML: elements, attributes, texts (with CDATA), comments and
 * instructions.  ERR_FORMAT with `what`, line and column; ERR_LIMIT.
 */
struct tree *tree_xml_read(
    const char *bytes, size_t len, const char *what, struct err *err);
void tree_xml_free(struct tree *tree); /* NULL is allowed */

#endif
