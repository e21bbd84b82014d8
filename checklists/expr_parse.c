/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

/*
 * Nodes, calls, operands, then chains of operators by the table below; paths
 * are in expr_path.c.
 *
 * Operands of one precedence make one chain, so that a sum of thousands of
 * terms is no deeper than a sum of two; only parentheses, arguments and signs
 * nest, and each of them counts in `depth`.
 */

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

struct expr *
parse_fail(
    struct parser *p, int column, enum err_code code, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	p->failed_at = column;
	err_set(p->err, code, _("column %d: %s"), column, text);
	return NULL;
}

struct expr *
parse_expected(struct parser *p, const char *what)
{
	if (p->tok.kind == TOK_BAD)
		return NULL;
	return parse_fail(p, p->tok.column, ERR_FORMAT, _("expected %s"), what);
}

struct expr *
parse_new_node(struct parser *p, enum node_kind kind, int column)
{
	struct expr *node;

	if (++p->nodes > EXPR_NODES_MAX)
		return parse_fail(p, column, ERR_LIMIT,
		    _("the expression has more than %d parts"), EXPR_NODES_MAX);
	if (p->names && p->names->nodes_left && --*p->names->nodes_left < 0)
		return parse_fail(p, column, ERR_LIMIT,
		    _("the expressions of the form have too many parts"));
	node = arena_alloc(p->arena, sizeof(*node));
	node->kind = kind;
	node->column = column;
	node->item = -1;
	node->row_of = node->target = -1;
	return node;
}

bool
parse_enter(struct parser *p)
{
	if (++p->depth <= EXPR_DEPTH_MAX)
		return true;
	parse_fail(p, p->tok.column, ERR_LIMIT,
	    _("nested deeper than %d levels"), EXPR_DEPTH_MAX);
	return false;
}

/* What the path means; -1 with why. */
static int
look_up(const struct expr_names *names, int self, const char *path, int *row_of,
    struct err *why)
{
	static const char current[] = "current()/";

	if (!names)
		return err_set(
		    why, ERR_NOT_FOUND, _("there is nothing named %s"), path);
	if (strncmp(path, current, strlen(current)) == 0)
		path += strlen(current);
	else if (strcmp(path, "current()") == 0)
		path = ".";
	else if (names->in_filter && path[0] == '.')
		return err_set(why, ERR_UNSUPPORTED,
		    _("in a choice filter \"%s\" means the choice; write "
		      "current()/%s"),
		    path, path);
	return names->resolve(
	    names->arg, self, path, strlen(path), row_of, why);
}

int
parse_resolve(
    struct parser *p, int column, int self, const char *path, int *row_of)
{
	struct err why = { 0 };
	int item;

	if (row_of)
		*row_of = -1;
	item = look_up(p->names, self, path, row_of, &why);
	if (item < 0)
		parse_fail(p, column, why.code, "%s", why.msg);
	return item;
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
			if (arg->kind != NODE_ITEM && !expr_gives_nodes(arg))
				return parse_fail(p, arg->column, ERR_FORMAT,
				    _("%s() wants items, such as ${name}"),
				    call->function->name);
	if (flags & FUNCTION_CHOICE_NAME) {
		if (second->kind != NODE_TEXT)
			return parse_fail(p, second->column, ERR_FORMAT,
			    _("%s() wants the item in quotes, such as "
			      "'${name}'"),
			    call->function->name);
		call->item = parse_resolve(p, second->column, p->names->self,
		    second->text, &call->row_of);
		if (call->item < 0)
			return NULL;
	}
	if ((flags & FUNCTION_REGEX) && second->kind == NODE_TEXT) {
		struct err why = { 0 };

		if (regex_check(second->text, &why) != 0)
			return parse_fail(
			    p, second->column, why.code, "%s", why.msg);
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
		return parse_fail(p, call->column, ERR_FORMAT,
		    _("%s() takes %d arguments, not %d"), f->name, f->min_args,
		    call->arg_count);
	if (f->max_args >= ARGS_ANY)
		return parse_fail(p, call->column, ERR_FORMAT,
		    _("%s() takes at least %d arguments, not %d"), f->name,
		    f->min_args, call->arg_count);
	return parse_fail(p, call->column, ERR_FORMAT,
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
			return parse_expected(p, _("',' or ')'"));
		lex_next(&p->lexer, &p->tok);
	}
	lex_next(&p->lexer, &p->tok);
	return check_count(p, call);
}

/* The item that the expression belongs to. */
static void
set_self(struct parser *p, struct expr *call)
{
	struct err ignored = { 0 };

	call->item = p->names->self;
	call->row_of = -1;
	p->names->resolve(
	    p->names->arg, call->item, ".", 1, &call->row_of, &ignored);
}

/* "sum(/data/rep/x)" is of all rows, also when it stands in one of them. */
static void
take_all_rows(struct parser *p, struct expr *call)
{
	const bool indexed = call->function->flags & FUNCTION_INDEXED;
	struct expr *arg = (struct expr *)(uintptr_t)call->args;

	for (int i = 0; arg; i++, arg = (struct expr *)(uintptr_t)arg->next) {
		const bool takes =
		    indexed ? i == 0 || i % 2 == 1 : arg->start == START_ROOT;

		if (arg->kind != NODE_ITEM || !takes)
			continue;
		arg->row_of = -1;
		arg->many = p->names->has_rows &&
		    p->names->has_rows(p->names->arg, arg->item, -1);
	}
}

static struct expr *
parse_call(struct parser *p)
{
	struct expr *call = parse_new_node(p, NODE_CALL, p->tok.column);
	struct err why = { 0 };

	if (!call)
		return NULL;
	call->function = function_find(p->tok.text, &why);
	if (call->function && p->names && !p->names->has_rows &&
	    (call->function->flags & FUNCTION_TREE)) {
		err_set(&why, ERR_UNSUPPORTED,
		    _("%s() is not supported by this version"),
		    call->function->name);
		call->function = NULL;
	}
	if (!call->function)
		return parse_fail(p, call->column, why.code, "%s", why.msg);
	if (p->names)
		set_self(p, call);
	lex_next(&p->lexer, &p->tok); /* the lexer saw that "(" follows */
	if (p->tok.kind != TOK_OPEN)
		return parse_expected(p, "'('");
	lex_next(&p->lexer, &p->tok);
	if (!parse_enter(p))
		return NULL;
	call = parse_args(p, call);
	if (call && p->names &&
	    (call->function->flags & (FUNCTION_ALL_ROWS | FUNCTION_INDEXED)))
		take_all_rows(p, call);
	p->depth--;
	return call;
}

/* ---- operands ---- */

static struct expr *
parse_literal(struct parser *p)
{
	const bool is_number = p->tok.kind == TOK_NUMBER;
	struct expr *node = parse_new_node(
	    p, is_number ? NODE_NUMBER : NODE_TEXT, p->tok.column);

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

	if (!parse_enter(p))
		return NULL;
	lex_next(&p->lexer, &p->tok);
	node = parse_level(p, 0);
	p->depth--;
	if (!node)
		return NULL;
	if (p->tok.kind != TOK_CLOSE)
		return parse_expected(p, _("')'"));
	lex_next(&p->lexer, &p->tok);
	return node;
}

struct expr *
parse_primary(struct parser *p)
{
	switch (p->tok.kind) {
	case TOK_NUMBER:
	case TOK_TEXT: return parse_literal(p);
	case TOK_FUNCTION: return parse_call(p);
	case TOK_OPEN: return parse_parentheses(p);
	default: return parse_expected(p, _("a value"));
	}
}

static struct expr *
parse_operand(struct parser *p)
{
	struct expr *node;

	if (p->tok.kind != TOK_OP || p->tok.op != OP_MINUS)
		return parse_union(p);
	node = parse_new_node(p, NODE_NEGATE, p->tok.column);
	if (!node || !parse_enter(p))
		return NULL;
	lex_next(&p->lexer, &p->tok);
	node->args = parse_operand(p);
	node->arg_count = 1;
	p->depth--;
	return node->args ? node : NULL;
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
	chain = parse_new_node(p, NODE_CHAIN, last->column);
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

struct expr *
parse_expression(struct parser *p)
{
	return parse_level(p, 0);
}

static const struct expr *
parse_all(struct parser *p)
{
	const struct expr *expr;

	lex_next(&p->lexer, &p->tok);
	expr = parse_level(p, 0);
	if (expr && p->tok.kind == TOK_CLOSE)
		return parse_fail(p, p->tok.column, ERR_FORMAT,
		    _("')' without '(' before it"));
	if (expr && p->tok.kind != TOK_END)
		return parse_expected(p, _("an operator"));
	return expr;
}

const struct expr *
expr_parse(struct arena *arena, const char *text,
    const struct expr_names *names, struct err *err)
{
	struct parser p = {
		.arena = arena, .names = names, .err = err, .step_of = -1
	};
	const size_t len = strlen(text);
	const struct expr *expr;

	if (len > EXPR_TEXT_MAX) {
		err_set(err, ERR_LIMIT,
		    _("the expression is longer than %d bytes"), EXPR_TEXT_MAX);
		return NULL;
	}
	lex_init(&p.lexer, arena, text, len, err);
	expr = parse_all(&p);
	/* What the lexer cannot read, it tells of itself. */
	if (!expr && names && names->failed_at)
		*names->failed_at = p.failed_at ? p.failed_at : p.tok.column;
	return expr;
}
