/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"

/* Dates, in the zone of the device. */

static int64_t
now_of(const struct eval *eval)
{
	return eval->source->now ? eval->source->now : clock_now();
}

static int
call_now(struct eval *eval, const struct expr *node, struct value *value)
{
	(void)node;
	*value = value_of_date(now_of(eval), true);
	return 0;
}

static int
call_today(struct eval *eval, const struct expr *node, struct value *value)
{
	(void)node;
	*value = value_of_date(
	    date_of_days((int64_t)date_days(now_of(eval))), false);
	return 0;
}

static int
date_of_number(struct eval *eval, const struct expr *node, double number,
    bool keep_time, struct value *value)
{
	if (fabs(number) > INT_MAX)
		return call_fail(
		    eval, node, _("%g is too large for a date"), number);
	if (keep_time)
		*value = value_of_date((int64_t)(number * DAY_MS), true);
	else
		*value =
		    value_of_date(date_of_days((int64_t)trunc(number)), false);
	return 0;
}

/* "" and NaN stay what they are: the blank answer has no date. */
static int
to_date(struct eval *eval, const struct expr *node, bool keep_time,
    struct value *value)
{
	int64_t ms;
	bool has_time;

	if (value_is_blank(value))
		return 0;
	switch (value->kind) {
	case VALUE_DATE:
		if (!keep_time)
			*value = value_of_date(
			    date_of_days((int64_t)date_days(value->ms)), false);
		return 0;
	case VALUE_NUMBER:
		return date_of_number(
		    eval, node, value->number, keep_time, value);
	case VALUE_BOOLEAN:
		return call_fail(eval, node, _("true or false is no date"));
	case VALUE_TEXT: break;
	}
	if (!date_read(value->text, &ms, &has_time))
		return call_fail(eval, node,
		    _("\"%.40s\" is no date such as 2026-11-23"), value->text);
	*value = value_of_date(ms, keep_time && has_time);
	return 0;
}

static int
call_date(struct eval *eval, const struct expr *node, struct value *value)
{
	const bool keep_time = strcmp(node->function->name, "date-time") == 0;

	if (eval_node(eval, node->args, value) != 0)
		return -1;
	return to_date(eval, node, keep_time, value);
}

static int
call_format_date(
    struct eval *eval, const struct expr *node, struct value *value)
{
	struct buf out = BUF_INIT;
	struct err why = { 0 };
	const char *format;
	int result;

	if (eval_node(eval, node->args, value) != 0 ||
	    to_date(eval, node, true, value) != 0 ||
	    call_text(eval, node, 1, &format) != 0)
		return -1;
	if (value->kind != VALUE_DATE) {
		*value = value_of_text("");
		return 0;
	}
	result = date_format(
	    value->ms, format, eval->source->month_lang, &out, &why);
	if (result == 0)
		*value = value_of_text(eval_strndup(eval, out.data, out.len));
	else
		call_fail(eval, node, "%s", why.msg);
	buf_release(&out);
	return result == 0 && value->text ? 0 : -1;
}

static int
call_decimal_date_time(
    struct eval *eval, const struct expr *node, struct value *value)
{
	if (eval_node(eval, node->args, value) != 0)
		return -1;
	if (value->kind == VALUE_NUMBER)
		return 0;
	if (to_date(eval, node, true, value) != 0)
		return -1;
	if (value->kind == VALUE_DATE)
		*value = value_of_number((double)value->ms / DAY_MS);
	return 0;
}

static int
call_decimal_time(
    struct eval *eval, const struct expr *node, struct value *value)
{
	if (eval_node(eval, node->args, value) != 0)
		return -1;
	if (value->kind == VALUE_NUMBER) {
		value->number -= floor(value->number);
		return 0;
	}
	if (to_date(eval, node, true, value) != 0)
		return -1;
	if (value->kind == VALUE_DATE)
		*value = value_of_number(date_day_fraction(value->ms));
	return 0;
}

/* Name, least and most arguments, flags, what it does; last a NULL row. */
const struct function functions_date[] = {
	{ "today", 0, 0, FUNCTION_VOLATILE | FUNCTION_DAILY, call_today, NULL },
	{ "now", 0, 0, FUNCTION_VOLATILE, call_now, NULL },
	{ "date", 1, 1, 0, call_date, NULL },
	{ "date-time", 1, 1, 0, call_date, NULL },
	{ "format-date", 2, 2, 0, call_format_date, NULL },
	{ "format-date-time", 2, 2, 0, call_format_date, NULL },
	{ "decimal-date-time", 1, 1, 0, call_decimal_date_time, NULL },
	{ "decimal-time", 1, 1, 0, call_decimal_time, NULL },
	{ .name = NULL },
};
