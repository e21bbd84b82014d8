/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eval-cases DOCDIR: reads lines "doc<TAB>context<TAB>type<TAB>expression",
 * prints the value of each on a line.  `doc` is DOCDIR/<doc>.xml, `context` an
 * expression for the node that it is evaluated at, `type` string, number,
 * boolean, nodes (their paths), nodevalues or error.  In texts a tab is \t, a
 * line break \n and a backslash \\.  What fails prints "ERROR: why".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "checklists/expr.h"

static const char *folder;

/* The last document read: lines come sorted by it more often than not. */
static struct {
	char *name;
	struct tree *tree;
} open_doc;

static void
unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text != '\\' || !text[1]) {
			*to++ = *text;
			continue;
		}
		text++;
		*to++ = *text == 't' ? '\t'
		    : *text == 'n'   ? '\n'
		    : *text == 'r'   ? '\r'
				     : *text;
	}
	*to = '\0';
}

static void
print_escaped(const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '\t': fputs("\\t", stdout); break;
		case '\n': fputs("\\n", stdout); break;
		case '\r': fputs("\\r", stdout); break;
		case '\\': fputs("\\\\", stdout); break;
		default: putchar(*text);
		}
}

/* Documents of web pages begin with a type, which ronde itself refuses. */
static const char *
after_doctype(const struct buf *file)
{
	const char *type = strstr(file->data, "<!DOCTYPE");
	const char *end = type ? strchr(type, '>') : NULL;

	return end ? end + 1 : file->data;
}

static struct tree *
read_doc(const char *name, struct err *err)
{
	struct buf file = BUF_INIT;
	char *path;

	if (open_doc.name && strcmp(open_doc.name, name) == 0)
		return open_doc.tree;
	tree_xml_free(open_doc.tree);
	free(open_doc.name);
	open_doc.tree = NULL;
	open_doc.name = xstrdup(name);
	path = xasprintf("%s/%s.xml", folder, name);
	if (file_read(path, &file, err) == 0) {
		const char *start = after_doctype(&file);

		open_doc.tree = tree_xml_read(
		    start, file.len - (size_t)(start - file.data), name, err);
	}
	buf_release(&file);
	free(path);
	return open_doc.tree;
}

/* ---- nodes ---- */

static const char *
test_of(const struct tree *tree, int node)
{
	switch (tree->kind(tree, node)) {
	case TREE_TEXT: return "text()";
	case TREE_COMMENT: return "comment()";
	case TREE_INSTRUCTION: return "processing-instruction()";
	default: return NULL;
	}
}

static bool
is_alike(const struct tree *tree, int one, int other)
{
	return tree->kind(tree, one) == tree->kind(tree, other) &&
	    (tree->kind(tree, one) != TREE_ELEMENT ||
		strcmp(tree->name(tree, one), tree->name(tree, other)) == 0);
}

static void
add_path(const struct tree *tree, int node, struct buf *out)
{
	const int parent = tree->parent(tree, node);
	int number = 1;

	if (parent == TREE_NONE)
		return;
	add_path(tree, parent, out);
	if (tree->kind(tree, node) == TREE_ATTRIBUTE) {
		buf_addf(out, "/@%s", tree->name(tree, node));
		return;
	}
	for (int at = tree->child(tree, parent); at != node;
	     at = tree->next(tree, at))
		number += is_alike(tree, at, node);
	if (test_of(tree, node))
		buf_addf(out, "/%s[%d]", test_of(tree, node), number);
	else
		buf_addf(
		    out, "/*[name()='%s'][%d]", tree->name(tree, node), number);
}

static void
add_text(const struct tree *tree, int node, struct buf *out)
{
	enum value_kind kind;
	const char *text = tree->text(tree, node, &kind);

	if (text)
		buf_add_text(out, text);
	for (int at = tree->child(tree, node); !text && at != TREE_NONE;
	     at = tree->next(tree, at))
		if (tree->kind(tree, at) == TREE_ELEMENT ||
		    tree->kind(tree, at) == TREE_TEXT)
			add_text(tree, at, out);
}

struct listing {
	struct buf out;
	int count;
	bool paths;
	int last;
};

static void
list_node(void *arg, struct tree_node node)
{
	struct listing *listing = arg;

	if (listing->count++)
		buf_add_char(&listing->out, '|');
	listing->last = node.id;
	if (!listing->paths)
		add_text(node.tree, node.id, &listing->out);
	else if (node.id == TREE_TOP)
		buf_add_char(&listing->out, '/');
	else
		add_path(node.tree, node.id, &listing->out);
}

/* ---- one line ---- */

static int
find_context(struct arena *arena, const char *text, struct expr_source *source,
    struct err *err)
{
	const struct expr *expr = expr_parse(arena, text, NULL, err);
	struct listing listing = { .out = BUF_INIT };

	if (!expr || expr_nodes(expr, source, list_node, &listing, err) < 0)
		return -1;
	buf_release(&listing.out);
	if (listing.count != 1)
		return err_set(err, ERR_NOT_FOUND,
		    "the context is %d nodes, not one", listing.count);
	source->context = listing.last;
	return 0;
}

static int
print_value(const struct expr *expr, const struct expr_source *source,
    const char *type, struct err *err)
{
	struct listing listing = { .out = BUF_INIT };
	int nodes = 0, truth;
	char *text;

	if (strncmp(type, "node", 4) == 0) {
		listing.paths = strcmp(type, "nodes") == 0;
		nodes = expr_nodes(expr, source, list_node, &listing, err);
		if (nodes > 0)
			print_escaped(listing.out.data);
		buf_release(&listing.out);
		if (nodes != 0)
			return nodes < 0 ? -1 : 0;
	}
	if (strcmp(type, "boolean") == 0) {
		truth = expr_truth(expr, source, err);
		if (truth >= 0)
			fputs(truth ? "true" : "false", stdout);
		return truth < 0 ? -1 : 0;
	}
	if (strcmp(type, "number") == 0) {
		double number;

		if (expr_number(expr, source, &number, err) != 0)
			return -1;
		printf("%.17g", number);
		return 0;
	}
	text = expr_text(expr, source, false, err);
	if (text)
		print_escaped(text);
	free(text);
	return text ? 0 : -1;
}

static const char *
no_text(void *arg, int item, int row_of, enum value_kind *kind)
{
	(void)row_of;
	(void)arg;
	(void)item;
	*kind = VALUE_TEXT;
	return "";
}

static void
eval_line(char *cells[4])
{
	struct expr_source source = { .text = no_text, .month_lang = "en" };
	struct arena *arena = arena_new();
	struct err err = { 0 };
	const struct expr *expr = NULL;

	source.tree = read_doc(cells[0], &err);
	if (source.tree && find_context(arena, cells[1], &source, &err) == 0)
		expr = expr_parse(arena, cells[3], NULL, &err);
	if (!expr || print_value(expr, &source, cells[2], &err) != 0) {
		fputs("ERROR: ", stdout);
		print_escaped(err.msg);
	}
	putchar('\n');
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (argc != 2) {
		fputs("usage: eval-cases DOCDIR <LINES\n", stderr);
		return 2;
	}
	folder = argv[1];
	while ((len = getline(&line, &room, stdin)) > 0) {
		char *rest = line, *cells[4] = { NULL };
		size_t count = 0;

		line[strcspn(line, "\n")] = '\0';
		while (count < 4 && (cells[count] = strsep(&rest, "\t")))
			unescape(cells[count++]);
		if (count == 4)
			eval_line(cells);
		else
			puts("ERROR: the line has fewer than four fields");
	}
	free(line);
	tree_xml_free(open_doc.tree);
	free(open_doc.name);
	return 0;
}
