/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"

/* Logic, selects and the item itself. */

static int
call_true(struct eval *eval, const struct expr *node, struct value *value)
{
	(void)eval;
	*value = value_of_truth(node->function->name[0] == 't');
	return 0;
}

static int
call_not(struct eval *eval, const struct expr *node, struct value *value)
{
	bool truth;

	if (call_truth(eval, node, 0, &truth) != 0)
		return -1;
	*value = value_of_truth(!truth);
	return 0;
}

static int
call_boolean(struct eval *eval, const struct expr *node, struct value *value)
{
	bool truth;

	if (call_truth(eval, node, 0, &truth) != 0)
		return -1;
	*value = value_of_truth(truth);
	return 0;
}

static int
call_boolean_from_string(
    struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text;

	if (call_text(eval, node, 0, &text) != 0)
		return -1;
	*value = value_of_truth(
	    strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0);
	return 0;
}

static int
call_if(struct eval *eval, const struct expr *node, struct value *value)
{
	bool truth;

	if (call_truth(eval, node, 0, &truth) != 0)
		return -1;
	return eval_node(eval, call_arg(node, truth ? 1 : 2), value);
}

static int
nodes_of_if(struct eval *eval, const struct expr *node, struct node_set *set)
{
	bool truth;

	if (call_truth(eval, node, 0, &truth) != 0)
		return -1;
	return eval_nodes(eval, call_arg(node, truth ? 1 : 2), set);
}

static int
call_coalesce(struct eval *eval, const struct expr *node, struct value *value)
{
	for (const struct expr *arg = node->args; arg; arg = arg->next) {
		if (eval_node(eval, arg, value) != 0)
			return -1;
		if (!value_is_blank(value))
			return 0;
	}
	return 0;
}

static int
call_once(struct eval *eval, const struct expr *node, struct value *value)
{
	const struct expr_source *source = eval->source;
	enum value_kind kind = VALUE_TEXT;
	const char *text = "";

	if (node->item >= 0)
		text =
		    source->text(source->arg, node->item, node->row_of, &kind);
	if (text && text[0]) {
		*value = value_read(kind, text);
		return 0;
	}
	return eval_node(eval, node->args, value);
}

static int
call_checklist(struct eval *eval, const struct expr *node, struct value *value)
{
	struct call_values values = { .from = 2 };
	double min, max;
	int count = 0, more;

	if (call_number(eval, node, 0, &min) != 0 ||
	    call_number(eval, node, 1, &max) != 0)
		return -1;
	while ((more = call_next_value(eval, node, &values, value)) > 0)
		count += value_truth(value);
	if (more < 0)
		return -1;
	*value = value_of_truth(
	    (min < 0 || count >= min) && (max < 0 || count <= max));
	return 0;
}

static int
call_weighted_checklist(
    struct eval *eval, const struct expr *node, struct value *value)
{
	double min, max, weight, sum = 0;

	if (node->arg_count % 2 != 0)
		return call_fail(
		    eval, node, _("each condition is followed by its weight"));
	if (call_number(eval, node, 0, &min) != 0 ||
	    call_number(eval, node, 1, &max) != 0)
		return -1;
	for (int i = 2; i + 1 < node->arg_count; i += 2) {
		bool truth;

		if (call_truth(eval, node, i, &truth) != 0 ||
		    call_number(eval, node, i + 1, &weight) != 0)
			return -1;
		if (truth)
			sum += weight;
	}
	*value = value_of_truth(sum >= min && sum <= max);
	return 0;
}

/* ---- selects: choice names joined by spaces ---- */

/* The next name in `*list`, its length in `*len`; NULL at the end. */
static const char *
next_name(const char **list, size_t *len)
{
	const char *start;

	while (**list == ' ')
		(*list)++;
	if (**list == '\0')
		return NULL;
	start = *list;
	*len = strcspn(start, " ");
	*list = start + *len;
	return start;
}

static int
call_selected(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *list, *wanted, *padded;
	size_t len;
	char *copy;

	if (call_text(eval, node, 0, &list) != 0 ||
	    call_text(eval, node, 1, &wanted) != 0)
		return -1;
	wanted += strspn(wanted, " ");
	len = strlen(wanted);
	while (len && wanted[len - 1] == ' ')
		len--;
	/* A name with spaces is found too: selected('a b', 'a b'). */
	copy = eval_alloc(eval, strlen(list) + len + 6);
	if (!copy)
		return -1;
	padded = copy;
	copy = stpcpy(stpcpy(stpcpy(copy, " "), list), " ") + 1;
	*copy = ' ';
	memcpy(copy + 1, wanted, len);
	copy[len + 1] = ' ';
	*value = value_of_truth(strstr(padded, copy) != NULL);
	return 0;
}

static int
call_count_selected(
    struct eval *eval, const struct expr *node, struct value *value)
{
	const char *list;
	size_t len;
	int count = 0;

	if (call_text(eval, node, 0, &list) != 0)
		return -1;
	while (next_name(&list, &len))
		count++;
	*value = value_of_number(count);
	return 0;
}

static int
call_selected_at(
    struct eval *eval, const struct expr *node, struct value *value)
{
	const char *list, *name;
	double index;
	size_t len = 0;

	if (call_text(eval, node, 0, &list) != 0 ||
	    call_number(eval, node, 1, &index) != 0)
		return -1;
	*value = value_of_text("");
	if (isnan(index) || index <= -1)
		return 0;
	for (index = trunc(index); (name = next_name(&list, &len));)
		if (index-- < 1)
			break;
	if (name)
		value->text = eval_strndup(eval, name, len);
	return value->text ? 0 : -1;
}

static int
call_choice_name(
    struct eval *eval, const struct expr *node, struct value *value)
{
	const struct expr_source *source = eval->source;
	const char *name, *label = NULL;

	if (call_text(eval, node, 0, &name) != 0)
		return -1;
	if (name[0] && source->choice_label)
		label = source->choice_label(source->arg, node->item, name);
	*value = value_of_text(label ? label : "");
	return 0;
}

/* Name, least and most arguments, flags, what it does; last a NULL row. */
const struct function functions_logic[] = {
	{ "true", 0, 0, 0, call_true, NULL },
	{ "false", 0, 0, 0, call_true, NULL },
	{ "not", 1, 1, 0, call_not, NULL },
	{ "boolean", 1, 1, 0, call_boolean, NULL },
	{ "boolean-from-string", 1, 1, 0, call_boolean_from_string, NULL },
	{ "if", 3, 3, 0, call_if, nodes_of_if },
	{ "coalesce", 2, ARGS_ANY, 0, call_coalesce, NULL },
	{ "once", 1, 1, FUNCTION_ONCE, call_once, NULL },
	{ "checklist", 2, ARGS_ANY, 0, call_checklist, NULL },
	{ "weighted-checklist", 4, ARGS_ANY, 0, call_weighted_checklist, NULL },
	{ "selected", 2, 2, 0, call_selected, NULL },
	{ "is-selected", 2, 2, 0, call_selected, NULL },
	{ "count-selected", 1, 1, 0, call_count_selected, NULL },
	{ "selected-at", 2, 2, 0, call_selected_at, NULL },
	{ "jr:choice-name", 2, 2, FUNCTION_CHOICE_NAME, call_choice_name,
	    NULL },
	{ .name = NULL },
};
