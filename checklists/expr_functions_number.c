/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <math.h>
#include <string.h>

#include "crypto/secret.h"

/* Numbers, and counts over items. */

static int
call_number_of(struct eval *eval, const struct expr *node, struct value *value)
{
	if (node->arg_count > 0) {
		if (eval_node(eval, node->args, value) != 0)
			return -1;
	} else if (eval_self(eval, node, value) != 0) {
		return -1;
	}
	*value = value_of_number(value_number(value));
	return 0;
}

static int
call_int(struct eval *eval, const struct expr *node, struct value *value)
{
	double number;

	if (call_number(eval, node, 0, &number) != 0)
		return -1;
	*value = value_of_number(trunc(number));
	return 0;
}

static int
call_round(struct eval *eval, const struct expr *node, struct value *value)
{
	double number, places = 0;

	if (call_number(eval, node, 0, &number) != 0 ||
	    (node->arg_count > 1 && call_number(eval, node, 1, &places) != 0))
		return -1;
	if (isnan(places))
		places = 0;
	if (places > 1000 || places < -1000)
		*value = value_of_number(NAN);
	else
		*value = value_of_number(number_round(number, (int)places));
	return 0;
}

/* Functions of the C library of one number; a row is a name and it. */
static const struct {
	const char *name;
	double (*compute)(double);
} of_one[] = {
	{ "abs", fabs },
	{ "floor", floor },
	{ "ceiling", ceil },
	{ "sqrt", sqrt },
	{ "sin", sin },
	{ "cos", cos },
	{ "tan", tan },
	{ "asin", asin },
	{ "acos", acos },
	{ "atan", atan },
	{ "exp", exp },
	{ "log", log },
	{ "log10", log10 },
};

static int
call_of_one(struct eval *eval, const struct expr *node, struct value *value)
{
	double number;

	if (call_number(eval, node, 0, &number) != 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(of_one); i++)
		if (strcmp(of_one[i].name, node->function->name) == 0)
			number = of_one[i].compute(number);
	*value = value_of_number(number);
	return 0;
}

static int
call_exp10(struct eval *eval, const struct expr *node, struct value *value)
{
	double number;

	if (call_number(eval, node, 0, &number) != 0)
		return -1;
	*value = value_of_number(pow(10, number));
	return 0;
}

static int
call_pow(struct eval *eval, const struct expr *node, struct value *value)
{
	double one, other;

	if (call_number(eval, node, 0, &one) != 0 ||
	    call_number(eval, node, 1, &other) != 0)
		return -1;
	*value =
	    value_of_number(node->function->name[0] == 'a' ? atan2(one, other)
							   : pow(one, other));
	return 0;
}

static int
call_pi(struct eval *eval, const struct expr *node, struct value *value)
{
	(void)eval;
	(void)node;
	*value = value_of_number(M_PI);
	return 0;
}

static int
call_random(struct eval *eval, const struct expr *node, struct value *value)
{
	uint64_t bits;

	(void)eval;
	(void)node;
	random_bytes(&bits, sizeof(bits));
	*value = value_of_number((double)(bits >> 11) / 9007199254740992.0);
	return 0;
}

/* min() and max() leave out what is no number; none at all is NaN. */
static int
call_max(struct eval *eval, const struct expr *node, struct value *value)
{
	const bool want_max = strcmp(node->function->name, "max") == 0;
	struct call_values values = { 0 };
	double best = NAN;
	int more;

	while ((more = call_next_value(eval, node, &values, value)) > 0) {
		const double number = value_number(value);

		if (isnan(number))
			continue;
		if (isnan(best) || (want_max ? number > best : number < best))
			best = number;
	}
	*value = value_of_number(best);
	return more;
}

static int
call_sum(struct eval *eval, const struct expr *node, struct value *value)
{
	struct call_values values = { 0 };
	double sum = 0;
	int more;

	while ((more = call_next_value(eval, node, &values, value)) > 0) {
		const double number = value_number(value);

		if (!isnan(number))
			sum += number;
	}
	*value = value_of_number(sum);
	return more;
}

static int
call_count(struct eval *eval, const struct expr *node, struct value *value)
{
	size_t count = 0;

	for (const struct expr *arg = node->args; arg; arg = arg->next) {
		struct node_set set = { 0 };

		/* Without a tree every item is there, once. */
		if (arg->kind == NODE_ITEM && !eval->source->nodes)
			set.count = 1;
		else if (eval_nodes(eval, arg, &set) != 0)
			return -1;
		count += set.count;
	}
	*value = value_of_number((double)count);
	return 0;
}

static int
call_count_non_empty(
    struct eval *eval, const struct expr *node, struct value *value)
{
	struct call_values values = { 0 };
	int count = 0, more;

	while ((more = call_next_value(eval, node, &values, value)) > 0) {
		const char *text = value_text(eval, value);

		if (!text)
			return -1;
		count += text[0] != '\0';
	}
	*value = value_of_number(count);
	return more;
}

/* Name, least and most arguments, flags, what it does; last a NULL row. */
const struct function functions_number[] = {
	{ "number", 0, 1, FUNCTION_SELF, call_number_of, NULL },
	{ "int", 1, 1, 0, call_int, NULL },
	{ "round", 1, 2, 0, call_round, NULL },
	{ "abs", 1, 1, 0, call_of_one, NULL },
	{ "floor", 1, 1, 0, call_of_one, NULL },
	{ "ceiling", 1, 1, 0, call_of_one, NULL },
	{ "sqrt", 1, 1, 0, call_of_one, NULL },
	{ "sin", 1, 1, 0, call_of_one, NULL },
	{ "cos", 1, 1, 0, call_of_one, NULL },
	{ "tan", 1, 1, 0, call_of_one, NULL },
	{ "asin", 1, 1, 0, call_of_one, NULL },
	{ "acos", 1, 1, 0, call_of_one, NULL },
	{ "atan", 1, 1, 0, call_of_one, NULL },
	{ "atan2", 2, 2, 0, call_pow, NULL },
	{ "exp", 1, 1, 0, call_of_one, NULL },
	{ "exp10", 1, 1, 0, call_exp10, NULL },
	{ "log", 1, 1, 0, call_of_one, NULL },
	{ "log10", 1, 1, 0, call_of_one, NULL },
	{ "pow", 2, 2, 0, call_pow, NULL },
	{ "pi", 0, 0, 0, call_pi, NULL },
	{ "random", 0, 0, FUNCTION_VOLATILE, call_random, NULL },
	{ "min", 1, ARGS_ANY, FUNCTION_ALL_ROWS, call_max, NULL },
	{ "max", 1, ARGS_ANY, FUNCTION_ALL_ROWS, call_max, NULL },
	{ "sum", 1, ARGS_ANY, FUNCTION_ALL_ROWS, call_sum, NULL },
	{ "count", 1, ARGS_ANY, FUNCTION_NODES, call_count, NULL },
	{ "count-non-empty", 1, ARGS_ANY, FUNCTION_NODES | FUNCTION_ALL_ROWS,
	    call_count_non_empty, NULL },
	{ .name = NULL },
};
