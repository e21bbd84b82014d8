/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/*
 * Evaluation: its memory, arguments of calls, operators, nodes, and the three
 * public questions.  Recursion is as deep as the tree, which the parser keeps
 * below a few thousand frames.
 */

struct scratch {
	struct scratch *next;
	_Alignas(8) char bytes[];
};

int
eval_work(struct eval *eval, size_t steps)
{
	if (steps <= (size_t)(eval->steps_max - eval->steps)) {
		eval->steps += (int)steps;
		return 0;
	}
	eval->steps = eval->steps_max;
	return err_set(eval->err, ERR_LIMIT,
	    _("the expression takes too long to compute"));
}

char *
eval_alloc(struct eval *eval, size_t size)
{
	struct scratch *scratch;

	if (size > EXPR_SCRATCH_MAX - eval->scratch_bytes) {
		err_set(eval->err, ERR_LIMIT,
		    _("the expression makes texts of more than %d bytes"),
		    EXPR_SCRATCH_MAX);
		return NULL;
	}
	if (eval_work(eval, size / BYTES_PER_STEP) != 0)
		return NULL;
	eval->scratch_bytes += size;
	scratch = xcalloc(1, sizeof(*scratch) + size);
	scratch->next = eval->scratch;
	eval->scratch = scratch;
	return scratch->bytes;
}

const char *
eval_strndup(struct eval *eval, const char *text, size_t len)
{
	char *copy = eval_alloc(eval, len + 1);

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

static void
eval_release(struct eval *eval)
{
	if (eval->source->steps_left)
		*eval->source->steps_left -= eval->steps;
	for (struct scratch *s = eval->scratch, *next; s; s = next) {
		next = s->next;
		free(s);
	}
}

/* ---- arguments ---- */

const struct expr *
call_arg(const struct expr *node, int index)
{
	const struct expr *arg = node->args;

	while (arg && index-- > 0)
		arg = arg->next;
	return arg;
}

int
call_text(
    struct eval *eval, const struct expr *node, int index, const char **text)
{
	struct value value = { 0 };

	if (eval_node(eval, call_arg(node, index), &value) != 0)
		return -1;
	*text = value_text(eval, &value);
	return *text ? 0 : -1;
}

int
call_number(
    struct eval *eval, const struct expr *node, int index, double *number)
{
	struct value value = { 0 };

	if (eval_node(eval, call_arg(node, index), &value) != 0)
		return -1;
	*number = value_number(&value);
	return 0;
}

int
call_truth(struct eval *eval, const struct expr *node, int index, bool *truth)
{
	struct value value = { 0 };

	if (eval_node(eval, call_arg(node, index), &value) != 0)
		return -1;
	*truth = value_truth(&value);
	return 0;
}

int
call_next_value(struct eval *eval, const struct expr *node,
    struct call_values *values, struct value *value)
{
	for (;;) {
		const struct expr *arg;

		if (values->in_set && values->node < values->set.count)
			return eval_tree_node(eval,
				   values->set.nodes[values->node++],
				   value) == 0
			    ? 1
			    : -1;
		values->in_set = false;
		arg = call_arg(node, values->from + values->at);
		if (!arg)
			return 0;
		values->at++;
		if (!expr_gives_nodes(arg))
			return eval_node(eval, arg, value) == 0 ? 1 : -1;
		values->set = (struct node_set){ 0 };
		values->node = 0;
		values->in_set = true;
		if (eval_nodes(eval, arg, &values->set) != 0)
			return -1;
	}
}

int
call_fail(struct eval *eval, const struct expr *node, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return err_set(eval->err, ERR_VALUE, _("column %d: %s(): %s"),
	    node->column, node->function->name, text);
}

/* ---- operators ---- */

static bool
are_equal(struct eval *eval, const struct value *a, const struct value *b)
{
	const char *one, *other;

	if (a->kind == VALUE_BOOLEAN || b->kind == VALUE_BOOLEAN)
		return value_truth(a) == value_truth(b);
	if (a->kind == VALUE_NUMBER || b->kind == VALUE_NUMBER)
		return fabs(value_number(a) - value_number(b)) < 1e-12;
	one = value_text(eval, a);
	other = value_text(eval, b);
	return one && other && strcmp(one, other) == 0;
}

static struct value
compute(enum op op, double a, double b)
{
	switch (op) {
	case OP_LESS: return value_of_truth(a < b);
	case OP_LESS_EQUAL: return value_of_truth(a <= b);
	case OP_GREATER: return value_of_truth(a > b);
	case OP_GREATER_EQUAL: return value_of_truth(a >= b);
	case OP_PLUS: return value_of_number(a + b);
	case OP_MINUS: return value_of_number(a - b);
	case OP_TIMES: return value_of_number(a * b);
	case OP_DIV: return value_of_number(a / b);
	default: return value_of_number(fmod(a, b));
	}
}

void
eval_apply(struct eval *eval, enum op op, struct value *left,
    const struct value *right)
{
	if (op == OP_EQUAL)
		*left = value_of_truth(are_equal(eval, left, right));
	else if (op == OP_NOT_EQUAL)
		*left = value_of_truth(!are_equal(eval, left, right));
	else
		*left = compute(op, value_number(left), value_number(right));
}

/* `and` and `or` end at the first operand that decides. */
static int
eval_logic(
    struct eval *eval, const struct expr *node, bool decides, bool *truth)
{
	struct value value = { 0 };

	for (const struct expr *arg = node->args; arg; arg = arg->next) {
		if (eval_node(eval, arg, &value) != 0)
			return -1;
		if (value_truth(&value) == decides) {
			*truth = decides;
			return 0;
		}
	}
	*truth = !decides;
	return 0;
}

/* "a = b" where one of them may be several nodes. */
static bool
compares_nodes(const struct expr *node)
{
	const enum op op = node->args->next->op;

	return op >= OP_EQUAL && op <= OP_GREATER_EQUAL &&
	    node->arg_count == 2 &&
	    (expr_gives_nodes(node->args) ||
		expr_gives_nodes(node->args->next));
}

static int
eval_chain(struct eval *eval, const struct expr *node, struct value *value)
{
	const enum op first = node->args->next->op;
	struct value right = { 0 };
	bool truth;

	if (compares_nodes(node)) {
		if (eval_compare_nodes(
			eval, first, node->args, node->args->next, &truth) != 0)
			return -1;
		*value = value_of_truth(truth);
		return 0;
	}

	if (first == OP_AND || first == OP_OR) {
		if (eval_logic(eval, node, first == OP_OR, &truth) != 0)
			return -1;
		*value = value_of_truth(truth);
		return 0;
	}
	if (eval_node(eval, node->args, value) != 0)
		return -1;
	for (const struct expr *arg = node->args->next; arg; arg = arg->next) {
		if (eval_node(eval, arg, &right) != 0)
			return -1;
		eval_apply(eval, arg->op, value, &right);
		if (eval->err->code != ERR_NONE)
			return -1;
	}
	return 0;
}

/* ---- nodes ---- */

static int
eval_item(struct eval *eval, const struct expr *node, struct value *value)
{
	const struct expr_source *source = eval->source;
	enum value_kind kind = VALUE_TEXT;
	const char *text;

	if (node->kind == NODE_COLUMN)
		text = source->column ? source->column(source->arg, node->item)
				      : "";
	else
		text =
		    source->text(source->arg, node->item, node->row_of, &kind);
	*value = value_read(kind, text ? text : "");
	return 0;
}

static int
eval_negate(struct eval *eval, const struct expr *node, struct value *value)
{
	if (eval_node(eval, node->args, value) != 0)
		return -1;
	*value = value_of_number(-value_number(value));
	return 0;
}

/* A set of nodes is the value of its first. */
static int
eval_first(struct eval *eval, const struct expr *node, struct value *value)
{
	struct node_set set = { 0 };

	if (eval_nodes(eval, node, &set) != 0)
		return -1;
	eval->found_nodes = set.count > 0;
	if (set.count > 0)
		return eval_tree_node(eval, set.nodes[0], value);
	*value = value_of_text("");
	return 0;
}

int
eval_node(struct eval *eval, const struct expr *node, struct value *value)
{
	if (eval_work(eval, 1) != 0)
		return -1;
	switch (node->kind) {
	case NODE_NUMBER: *value = value_of_number(node->number); return 0;
	case NODE_TEXT: *value = value_of_text(node->text); return 0;
	case NODE_ITEM:
		return node->many ? eval_first(eval, node, value)
				  : eval_item(eval, node, value);
	case NODE_COLUMN: return eval_item(eval, node, value);
	case NODE_NEGATE: return eval_negate(eval, node, value);
	case NODE_CHAIN: return eval_chain(eval, node, value);
	case NODE_PATH:
	case NODE_UNION: return eval_first(eval, node, value);
	case NODE_CALL:
		return node->function->call
		    ? node->function->call(eval, node, value)
		    : eval_first(eval, node, value);
	}
	return -1;
}

/* ---- questions ---- */

static struct eval
begin(const struct expr_source *source, struct err *err)
{
	const struct tree_node context = { source->tree, source->context };
	const long left =
	    source->steps_left ? *source->steps_left : EXPR_STEPS_MAX;

	return (struct eval){ .source = source,
		.steps_max = left < EXPR_STEPS_MAX ? (int)left : EXPR_STEPS_MAX,
		.err = err,
		.context = context,
		.current = context,
		.position = 1,
		.size = 1 };
}

char *
expr_value(const struct expr *expr, const struct expr_source *source,
    bool for_storage, enum value_kind *kind, struct err *err)
{
	struct err why = { 0 };
	struct eval eval = begin(source, &why);
	struct value value = { 0 };
	const char *text = NULL;
	char *result = NULL;

	if (eval_node(&eval, expr, &value) == 0)
		text = for_storage ? value_stored(&eval, &value)
				   : value_text(&eval, &value);
	if (text) {
		result = xstrdup(text);
		*kind = value.kind;
	} else {
		*err = why;
	}
	eval_release(&eval);
	return result;
}

char *
expr_text(const struct expr *expr, const struct expr_source *source,
    bool for_storage, struct err *err)
{
	enum value_kind kind;

	return expr_value(expr, source, for_storage, &kind, err);
}

int
expr_truth(
    const struct expr *expr, const struct expr_source *source, struct err *err)
{
	struct err why = { 0 };
	struct eval eval = begin(source, &why);
	struct value value = { 0 };
	int result = -1;

	if (eval_node(&eval, expr, &value) == 0)
		result = value_truth(&value);
	else
		*err = why;
	eval_release(&eval);
	return result;
}

int
expr_number(const struct expr *expr, const struct expr_source *source,
    double *number, struct err *err)
{
	struct err why = { 0 };
	struct eval eval = begin(source, &why);
	struct value value = { 0 };
	int result = eval_node(&eval, expr, &value);

	if (result == 0)
		*number = value_number(&value);
	else
		*err = why;
	eval_release(&eval);
	return result;
}

int
expr_nodes(const struct expr *expr, const struct expr_source *source,
    void (*each)(void *arg, struct tree_node node), void *arg, struct err *err)
{
	struct err why = { 0 };
	struct eval eval = begin(source, &why);
	struct node_set set = { 0 };
	int result = 0;

	if (expr_gives_nodes(expr)) {
		result = eval_nodes(&eval, expr, &set) == 0 ? 1 : -1;
		for (size_t i = 0; result > 0 && i < set.count; i++)
			each(arg, set.nodes[i]);
	}
	if (result < 0)
		*err = why;
	eval_release(&eval);
	return result;
}
