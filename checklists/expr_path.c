/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <string.h>

#include "base/i18n.h"

/*
 * Paths: XPath 1.0's, with ${name} as a way to begin one.  In a form a path
 * of names, "." and ".." alone is an item (or a column of choices), known
 * once the form is read; any other is walked when it is evaluated.
 */

static void
next(struct parser *p)
{
	lex_next(&p->lexer, &p->tok);
}

static struct step *
add_step(struct parser *p, const struct step ***end, enum axis axis,
    enum node_test test)
{
	struct step *step = arena_alloc(p->arena, sizeof(*step));

	step->axis = axis;
	step->test = test;
	**end = step;
	*end = &step->next;
	return step;
}

/* ---- predicates ---- */

/* In a condition on instance('a')/root/item, names are those of its nodes. */
static bool
is_walked(const struct parser *p, const struct expr *path)
{
	return p->in_tree && path->start == START_CONTEXT;
}

/* "[a][b]" behind a step of `path`. */
static bool
parse_predicates(struct parser *p, const struct expr *path, struct step *step)
{
	const struct predicate **last = &step->predicates;
	const int outer = p->step_of;

	const bool was_in_tree = p->in_tree;

	if (path->start == START_EXPR || is_walked(p, path)) {
		p->in_tree = true;
	} else if (p->tok.kind == TOK_OPEN_PREDICATE && p->names &&
	    p->names->has_rows) {
		const int item = path_item_at(p, path, step, NULL);

		if (item < 0)
			return false;
		p->step_of = item;
	}

	while (p->tok.kind == TOK_OPEN_PREDICATE) {
		struct predicate *predicate =
		    arena_alloc(p->arena, sizeof(*predicate));

		if (!parse_enter(p))
			return false;
		next(p);
		predicate->expr = parse_expression(p);
		p->depth--;
		if (!predicate->expr)
			return false;
		if (p->tok.kind != TOK_CLOSE_PREDICATE) {
			parse_expected(p, "']'");
			return false;
		}
		next(p);
		*last = predicate;
		last = &predicate->next;
	}
	p->step_of = outer;
	p->in_tree = was_in_tree;
	return true;
}

/* ---- steps ---- */

static bool
find_axis(const char *name, enum axis *axis)
{
	static const struct {
		const char *name;
		enum axis axis;
	} axes[] = {
		{ "child", AXIS_CHILD },
		{ "descendant", AXIS_DESCENDANT },
		{ "descendant-or-self", AXIS_DESCENDANT_OR_SELF },
		{ "self", AXIS_SELF },
		{ "parent", AXIS_PARENT },
		{ "ancestor", AXIS_ANCESTOR },
		{ "ancestor-or-self", AXIS_ANCESTOR_OR_SELF },
		{ "following", AXIS_FOLLOWING },
		{ "following-sibling", AXIS_FOLLOWING_SIBLING },
		{ "preceding", AXIS_PRECEDING },
		{ "preceding-sibling", AXIS_PRECEDING_SIBLING },
		{ "attribute", AXIS_ATTRIBUTE },
	};

	for (size_t i = 0; i < ARRAY_LEN(axes); i++)
		if (strcmp(axes[i].name, name) == 0) {
			*axis = axes[i].axis;
			return true;
		}
	return false;
}

static bool
find_test(const char *name, enum node_test *test)
{
	static const struct {
		const char *name;
		enum node_test test;
	} tests[] = {
		{ "node", TEST_NODE },
		{ "text", TEST_TEXT },
		{ "comment", TEST_COMMENT },
		{ "processing-instruction", TEST_INSTRUCTION },
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++)
		if (strcmp(tests[i].name, name) == 0) {
			*test = tests[i].test;
			return true;
		}
	return false;
}

/* "node()": the name is at hand. */
static bool
parse_kind_test(struct parser *p, struct step *step)
{
	if (!find_test(p->tok.text, &step->test)) {
		parse_fail(p, p->tok.column, ERR_FORMAT,
		    _("%s() is no step of a path"), p->tok.text);
		return false;
	}
	next(p);
	next(p); /* the lexer saw the "(" */
	if (step->test == TEST_INSTRUCTION && p->tok.kind == TOK_TEXT) {
		step->name = p->tok.text;
		next(p);
	}
	if (p->tok.kind != TOK_CLOSE) {
		parse_expected(p, "')'");
		return false;
	}
	next(p);
	return true;
}

/*
 * "label::English" in a choice filter is meant as the column of that header;
 * a choice has one label there, that of the form's language.
 */
static bool
is_label_column(const struct parser *p)
{
	return p->names && p->names->in_filter &&
	    strcmp(p->tok.text, "label") == 0;
}

static bool
parse_label_column(struct parser *p, struct step *step)
{
	step->name = p->tok.text;
	next(p);
	if (p->tok.kind != TOK_NAME) {
		parse_expected(p, _("a name in the path"));
		return false;
	}
	next(p);
	return true;
}

/* A name, "*" or a kind, with an axis before it. */
static bool
parse_axis_step(
    struct parser *p, const struct expr *path, const struct step ***end)
{
	struct step *step = add_step(p, end, AXIS_CHILD, TEST_NAME);

	if (p->tok.kind == TOK_AT) {
		step->axis = AXIS_ATTRIBUTE;
		next(p);
	} else if (p->tok.kind == TOK_AXIS) {
		if (is_label_column(p))
			return parse_label_column(p, step);
		if (!find_axis(p->tok.text, &step->axis)) {
			parse_fail(p, p->tok.column, ERR_FORMAT,
			    _("there is no axis %s::"), p->tok.text);
			return false;
		}
		next(p);
	}
	if (p->tok.kind == TOK_FUNCTION)
		return parse_kind_test(p, step) &&
		    parse_predicates(p, path, step);
	if (p->tok.kind == TOK_ANY) {
		step->test = TEST_ANY;
	} else if (p->tok.kind == TOK_NAME) {
		step->name = p->tok.text;
	} else {
		parse_expected(p, _("a name in the path"));
		return false;
	}
	next(p);
	return parse_predicates(p, path, step);
}

static bool
parse_step(struct parser *p, const struct expr *path, const struct step ***end)
{
	const bool is_self = p->tok.kind == TOK_SELF;

	if (!is_self && p->tok.kind != TOK_PARENT)
		return parse_axis_step(p, path, end);
	add_step(p, end, is_self ? AXIS_SELF : AXIS_PARENT, TEST_NODE);
	next(p);
	return true;
}

/* What "/" and "//" bring behind what is there. */
static bool
parse_more_steps(
    struct parser *p, const struct expr *path, const struct step ***end)
{
	while (p->tok.kind == TOK_SLASH || p->tok.kind == TOK_DESCENDANTS) {
		if (p->tok.kind == TOK_DESCENDANTS)
			add_step(p, end, AXIS_DESCENDANT_OR_SELF, TEST_NODE);
		next(p);
		if (!parse_step(p, path, end))
			return false;
	}
	return true;
}

/* ---- whole paths ---- */

static bool
begins_step(enum token_kind kind)
{
	return kind == TOK_NAME || kind == TOK_ANY || kind == TOK_AT ||
	    kind == TOK_AXIS || kind == TOK_SELF || kind == TOK_PARENT ||
	    kind == TOK_FUNCTION;
}

static bool
is_function(const struct parser *p, const char *name)
{
	return p->tok.kind == TOK_FUNCTION && strcmp(p->tok.text, name) == 0;
}

static bool
parse_current(struct parser *p, struct expr *path)
{
	path->start = START_CURRENT;
	next(p);
	next(p);
	if (p->tok.kind != TOK_CLOSE) {
		parse_expected(p, "')'");
		return false;
	}
	next(p);
	return true;
}

/* "/" alone, or with the step behind it. */
static bool
parse_root(struct parser *p, struct expr *path, const struct step ***end)
{
	path->start = START_ROOT;
	if (p->tok.kind == TOK_DESCENDANTS)
		return true; /* parse_more_steps() takes it */
	next(p);
	return !begins_step(p->tok.kind) || parse_step(p, path, end);
}

static bool
parse_start(struct parser *p, struct expr *path, const struct step ***end)
{
	if (p->tok.kind == TOK_SLASH || p->tok.kind == TOK_DESCENDANTS)
		return parse_root(p, path, end);
	if (is_function(p, "current"))
		return parse_current(p, path);
	if (p->tok.kind != TOK_REFERENCE)
		return parse_step(p, path, end);
	path->start = START_REFERENCE;
	path->text = p->tok.text;
	next(p);
	if (p->tok.kind != TOK_OPEN_PREDICATE)
		return true;
	return parse_predicates(
	    p, path, add_step(p, end, AXIS_NONE, TEST_NODE));
}

static struct expr *
parse_path(struct parser *p)
{
	struct expr *path = parse_new_node(p, NODE_PATH, p->tok.column);
	const struct step **end;

	if (!path)
		return NULL;
	end = &path->steps;
	if (!parse_start(p, path, &end) || !parse_more_steps(p, path, &end))
		return NULL;
	if (p->names && !is_walked(p, path))
		return path_resolve(p, path);
	if (path->start == START_REFERENCE)
		return parse_fail(p, path->column, ERR_NOT_FOUND,
		    _("there is nothing named %s"), path->text);
	return path;
}

/* A call or parentheses, with conditions and steps behind them. */
static struct expr *
parse_filtered(struct parser *p)
{
	struct expr *primary = parse_primary(p), *path;
	const struct step **end;

	if (!primary ||
	    (p->tok.kind != TOK_OPEN_PREDICATE && p->tok.kind != TOK_SLASH &&
		p->tok.kind != TOK_DESCENDANTS))
		return primary;
	if (p->names &&
	    (primary->kind != NODE_CALL ||
		primary->function->nodes != nodes_of_instance))
		return parse_fail(p, p->tok.column, ERR_UNSUPPORTED,
		    _("%s is not supported by this version"),
		    p->tok.kind == TOK_OPEN_PREDICATE
			? _("a condition in [ ] after a path")
			: _("an axis or a node test"));
	if (!expr_gives_nodes(primary))
		return parse_expected(p, _("an operator"));
	path = parse_new_node(p, NODE_PATH, primary->column);
	if (!path)
		return NULL;
	path->start = START_EXPR;
	path->args = primary;
	path->arg_count = 1;
	end = &path->steps;
	if (p->tok.kind == TOK_OPEN_PREDICATE &&
	    !parse_predicates(p, path, add_step(p, &end, AXIS_NONE, TEST_NODE)))
		return NULL;
	return parse_more_steps(p, path, &end) ? path : NULL;
}

static bool
begins_path(const struct parser *p)
{
	enum node_test test;

	if (p->tok.kind == TOK_FUNCTION)
		return find_test(p->tok.text, &test) ||
		    strcmp(p->tok.text, "current") == 0;
	return begins_step(p->tok.kind) || p->tok.kind == TOK_SLASH ||
	    p->tok.kind == TOK_DESCENDANTS || p->tok.kind == TOK_REFERENCE;
}

struct expr *
parse_union(struct parser *p)
{
	struct expr *one = begins_path(p) ? parse_path(p) : parse_filtered(p);
	struct expr *all, *last;

	if (!one || p->tok.kind != TOK_UNION)
		return one;
	if (p->names)
		return parse_fail(p, one->column, ERR_UNSUPPORTED,
		    _("%s is not supported by this version"),
		    _("a union of paths with |"));
	all = parse_new_node(p, NODE_UNION, one->column);
	if (!all)
		return NULL;
	all->args = last = one;
	all->arg_count = 1;
	while (p->tok.kind == TOK_UNION) {
		next(p);
		one = begins_path(p) ? parse_path(p) : parse_filtered(p);
		if (!one)
			return NULL;
		last->next = one;
		last = one;
		all->arg_count++;
	}
	for (const struct expr *arg = all->args; arg; arg = arg->next)
		if (!expr_gives_nodes(arg))
			return parse_fail(p, arg->column, ERR_FORMAT,
			    _("only nodes can be joined by |"));
	return all;
}
