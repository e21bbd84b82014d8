/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

/*
 * Nodes, operands, calls, then chains of operators by the table below, then
 * questions about a finished tree.
 *
 * Operands of one precedence make one chain, so that a sum of thousands of
 * terms is no deeper than a sum of two; only parentheses, arguments and signs
 * nest, and each of them counts in `depth`.
 */

struct parser {
	struct lexer lexer;
	struct token tok;
	struct arena *arena;
	const struct expr_names *names;
	struct err *err;
	int depth, nodes;
};

/* From loosest to tightest; within a level operators go from the left. */
static const enum op levels[][4] = {
	{ OP_OR },
	{ OP_AND },
	{ OP_EQUAL, OP_NOT_EQUAL },
	{ OP_LESS, OP_LESS_EQUAL, OP_GREATER, OP_GREATER_EQUAL },
	{ OP_PLUS, OP_MINUS },
	{ OP_TIMES, OP_DIV, OP_MOD },
};

static struct expr *parse_level(struct parser *p, size_t level);

static struct expr *PRINTF_LIKE(4, 5)
    fail(struct parser *p, int column, enum err_code code, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	err_set(p->err, code, _("column %d: %s"), column, text);
	return NULL;
}

/* Expected something else than the token at hand. */
static struct expr *
expected(struct parser *p, const char *what)
{
	if (p->tok.kind == TOK_BAD)
		return NULL;
	return fail(p, p->tok.column, ERR_FORMAT, _("expected %s"), what);
}

static struct expr *
new_node(struct parser *p, enum node_kind kind, int column)
{
	struct expr *node;

	if (++p->nodes > EXPR_NODES_MAX)
		return fail(p, column, ERR_LIMIT,
		    _("the expression has more than %d parts"), EXPR_NODES_MAX);
	node = arena_alloc(p->arena, sizeof(*node));
	node->kind = kind;
	node->column = column;
	node->item = -1;
	return node;
}

static bool
enter(struct parser *p)
{
	if (++p->depth <= EXPR_DEPTH_MAX)
		return true;
	fail(p, p->tok.column, ERR_LIMIT, _("nested deeper than %d levels"),
	    EXPR_DEPTH_MAX);
	return false;
}

/* What the path means; -1 with why. */
static int
look_up(const struct expr_names *names, const char *path, struct err *why)
{
	static const char current[] = "current()/";

	if (!names)
		return err_set(
		    why, ERR_NOT_FOUND, _("there is nothing named %s"), path);
	if (strncmp(path, current, strlen(current)) == 0)
		path += strlen(current);
	else if (names->in_filter && path[0] == '.')
		return err_set(why, ERR_UNSUPPORTED,
		    _("in a choice filter \"%s\" means the choice; write "
		      "current()/%s"),
		    path, path);
	if (strcmp(path, ".") == 0)
		return names->self;
	return names->resolve(names->arg, names->self, path, strlen(path), why);
}

static int
resolve(struct parser *p, int column, const char *path)
{
	struct err why = { 0 };
	const int item = look_up(p->names, path, &why);

	if (item < 0)
		fail(p, column, why.code, "%s", why.msg);
	return item;
}

/*
 * XPath has no null: it is a path to nothing, and so the empty text that the
 * authors of such forms mean.
 */
static bool
is_null(const struct parser *p)
{
	struct err err = { 0 };

	return strcmp(p->tok.text, "null") == 0 &&
	    (!p->names ||
		p->names->resolve(
		    p->names->arg, p->names->self, "null", 4, &err) < 0);
}

static struct expr *
parse_path(struct parser *p)
{
	struct expr *node = new_node(p, NODE_ITEM, p->tok.column);
	int item;

	if (!node)
		return NULL;
	if (is_null(p)) {
		node->kind = NODE_TEXT;
		node->text = "";
		lex_next(&p->lexer, &p->tok);
		return node;
	}
	item = resolve(p, p->tok.column, p->tok.text);
	if (item < 0)
		return NULL;
	node->item = item;
	if (item >= EXPR_COLUMN) {
		node->kind = NODE_COLUMN;
		node->item = item - EXPR_COLUMN;
	}
	lex_next(&p->lexer, &p->tok);
	return node;
}

/* ---- calls ---- */

/* What only the function at hand asks of its arguments. */
static struct expr *
check_call(struct parser *p, struct expr *call)
{
	const struct expr *second = call_arg(call, 1);
	const int flags = call->function->flags;

	if (flags & FUNCTION_NODES)
		for (const struct expr *arg = call->args; arg; arg = arg->next)
			if (arg->kind != NODE_ITEM)
				return fail(p, arg->column, ERR_FORMAT,
				    _("%s() counts items, such as ${name}"),
				    call->function->name);
	if (flags & FUNCTION_CHOICE_NAME) {
		if (second->kind != NODE_TEXT)
			return fail(p, second->column, ERR_FORMAT,
			    _("%s() wants the item in quotes, such as "
			      "'${name}'"),
			    call->function->name);
		call->item = resolve(p, second->column, second->text);
		if (call->item < 0)
			return NULL;
	}
	if ((flags & FUNCTION_REGEX) && second->kind == NODE_TEXT) {
		struct err why = { 0 };

		if (regex_check(second->text, &why) != 0)
			return fail(p, second->column, why.code, "%s", why.msg);
	}
	return call;
}

static struct expr *
check_count(struct parser *p, struct expr *call)
{
	const struct function *f = call->function;

	if (call->arg_count >= f->min_args && call->arg_count <= f->max_args)
		return check_call(p, call);
	if (f->min_args == f->max_args)
		return fail(p, call->column, ERR_FORMAT,
		    _("%s() takes %d arguments, not %d"), f->name, f->min_args,
		    call->arg_count);
	if (f->max_args >= ARGS_ANY)
		return fail(p, call->column, ERR_FORMAT,
		    _("%s() takes at least %d arguments, not %d"), f->name,
		    f->min_args, call->arg_count);
	return fail(p, call->column, ERR_FORMAT,
	    _("%s() takes %d to %d arguments, not %d"), f->name, f->min_args,
	    f->max_args, call->arg_count);
}

/* "a, b)" after the opening parenthesis. */
static struct expr *
parse_args(struct parser *p, struct expr *call)
{
	const struct expr **last = &call->args;

	if (p->tok.kind == TOK_CLOSE) {
		lex_next(&p->lexer, &p->tok);
		return check_count(p, call);
	}
	for (;;) {
		struct expr *arg = parse_level(p, 0);

		if (!arg)
			return NULL;
		*last = arg;
		last = &arg->next;
		call->arg_count++;
		if (p->tok.kind == TOK_CLOSE)
			break;
		if (p->tok.kind != TOK_COMMA)
			return expected(p, _("',' or ')'"));
		lex_next(&p->lexer, &p->tok);
	}
	lex_next(&p->lexer, &p->tok);
	return check_count(p, call);
}

static struct expr *
parse_call(struct parser *p)
{
	struct expr *call = new_node(p, NODE_CALL, p->tok.column);
	struct err why = { 0 };

	if (!call)
		return NULL;
	call->function = function_find(p->tok.text, &why);
	if (!call->function)
		return fail(p, call->column, why.code, "%s", why.msg);
	if (p->names)
		call->item = p->names->self;
	lex_next(&p->lexer, &p->tok); /* the lexer saw that "(" follows */
	if (p->tok.kind != TOK_OPEN)
		return expected(p, "'('");
	lex_next(&p->lexer, &p->tok);
	if (!enter(p))
		return NULL;
	call = parse_args(p, call);
	p->depth--;
	return call;
}

/* ---- operands ---- */

static struct expr *
parse_literal(struct parser *p)
{
	const bool is_number = p->tok.kind == TOK_NUMBER;
	struct expr *node =
	    new_node(p, is_number ? NODE_NUMBER : NODE_TEXT, p->tok.column);

	if (!node)
		return NULL;
	node->number = p->tok.number;
	node->text = p->tok.text;
	lex_next(&p->lexer, &p->tok);
	return node;
}

static struct expr *
parse_parentheses(struct parser *p)
{
	struct expr *node;

	if (!enter(p))
		return NULL;
	lex_next(&p->lexer, &p->tok);
	node = parse_level(p, 0);
	p->depth--;
	if (!node)
		return NULL;
	if (p->tok.kind != TOK_CLOSE)
		return expected(p, _("')'"));
	lex_next(&p->lexer, &p->tok);
	return node;
}

static struct expr *parse_operand(struct parser *p);

static struct expr *
parse_minus(struct parser *p)
{
	struct expr *node = new_node(p, NODE_NEGATE, p->tok.column);

	if (!node || !enter(p))
		return NULL;
	lex_next(&p->lexer, &p->tok);
	node->args = parse_operand(p);
	node->arg_count = 1;
	p->depth--;
	return node->args ? node : NULL;
}

static struct expr *
parse_operand(struct parser *p)
{
	switch (p->tok.kind) {
	case TOK_NUMBER:
	case TOK_TEXT: return parse_literal(p);
	case TOK_PATH: return parse_path(p);
	case TOK_FUNCTION: return parse_call(p);
	case TOK_OPEN: return parse_parentheses(p);
	case TOK_OP:
		if (p->tok.op == OP_MINUS)
			return parse_minus(p);
		return expected(p, _("a value"));
	default: return expected(p, _("a value"));
	}
}

/* ---- chains of operators ---- */

static bool
is_in_level(enum op op, size_t level)
{
	for (size_t i = 0; i < ARRAY_LEN(levels[level]); i++)
		if (op != OP_NONE && levels[level][i] == op)
			return true;
	return false;
}

static struct expr *
parse_level(struct parser *p, size_t level)
{
	struct expr *chain, *last;

	if (level == ARRAY_LEN(levels))
		return parse_operand(p);
	last = parse_level(p, level + 1);
	if (!last || p->tok.kind != TOK_OP || !is_in_level(p->tok.op, level))
		return last;
	chain = new_node(p, NODE_CHAIN, last->column);
	if (!chain)
		return NULL;
	chain->args = last;
	chain->arg_count = 1;
	while (p->tok.kind == TOK_OP && is_in_level(p->tok.op, level)) {
		const enum op op = p->tok.op;
		struct expr *operand;

		lex_next(&p->lexer, &p->tok);
		operand = parse_level(p, level + 1);
		if (!operand)
			return NULL;
		operand->op = op;
		last->next = operand;
		last = operand;
		chain->arg_count++;
	}
	return chain;
}

const struct expr *
expr_parse(struct arena *arena, const char *text,
    const struct expr_names *names, struct err *err)
{
	struct parser p = { .arena = arena, .names = names, .err = err };
	const size_t len = strlen(text);
	const struct expr *expr;

	if (len > EXPR_TEXT_MAX) {
		err_set(err, ERR_LIMIT,
		    _("the expression is longer than %d bytes"), EXPR_TEXT_MAX);
		return NULL;
	}
	lex_init(&p.lexer, arena, text, len, err);
	lex_next(&p.lexer, &p.tok);
	expr = parse_level(&p, 0);
	if (expr && p.tok.kind == TOK_CLOSE)
		return fail(&p, p.tok.column, ERR_FORMAT,
		    _("')' without '(' before it"));
	if (expr && p.tok.kind != TOK_END)
		return expected(&p, _("an operator"));
	return expr;
}
