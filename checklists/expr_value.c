/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Values and what they become: JavaRosa's conversions. */

struct value
value_of_text(const char *text)
{
	return (struct value){ .kind = VALUE_TEXT, .text = text };
}

struct value
value_of_number(double number)
{
	return (struct value){ .kind = VALUE_NUMBER, .number = number };
}

struct value
value_of_truth(bool truth)
{
	return (struct value){ .kind = VALUE_BOOLEAN, .truth = truth };
}

struct value
value_of_date(int64_t ms, bool has_time)
{
	return (
	    struct value){ .kind = VALUE_DATE, .ms = ms, .has_time = has_time };
}

bool
value_truth(const struct value *value)
{
	switch (value->kind) {
	case VALUE_BOOLEAN: return value->truth;
	case VALUE_NUMBER:
		return !isnan(value->number) && fabs(value->number) > 1e-12;
	case VALUE_TEXT: return value->text[0] != '\0';
	case VALUE_DATE: return true;
	}
	return false;
}

double
value_number(const struct value *value)
{
	switch (value->kind) {
	case VALUE_BOOLEAN: return value->truth;
	case VALUE_NUMBER: return value->number;
	case VALUE_TEXT: return number_read(value->text);
	case VALUE_DATE: return date_days(value->ms);
	}
	return NAN;
}

const char *
value_text(struct eval *eval, const struct value *value)
{
	char text[DATE_TEXT_MAX];

	switch (value->kind) {
	case VALUE_BOOLEAN: return value->truth ? "true" : "false";
	case VALUE_TEXT: return value->text;
	case VALUE_NUMBER: number_write(value->number, text); break;
	case VALUE_DATE: date_write(value->ms, value->has_time, text); break;
	}
	return eval_strndup(eval, text, strlen(text));
}

const char *
value_stored(struct eval *eval, const struct value *value)
{
	char text[NUMBER_TEXT_MAX];

	if (value->kind == VALUE_BOOLEAN)
		return value->truth ? "1" : "0";
	if (value->kind != VALUE_NUMBER)
		return value_text(eval, value);
	number_write_stored(value->number, text);
	return eval_strndup(eval, text, strlen(text));
}

bool
value_is_blank(const struct value *value)
{
	return (value->kind == VALUE_TEXT && value->text[0] == '\0') ||
	    (value->kind == VALUE_NUMBER && isnan(value->number));
}

struct value
value_read(enum value_kind kind, const char *text)
{
	char *end;
	double number;
	int64_t ms;
	bool has_time;

	if (text[0] == '\0')
		return value_of_text("");
	if (kind == VALUE_BOOLEAN)
		return value_of_truth(strcmp(text, "1") == 0);
	if (kind == VALUE_NUMBER) {
		number = strtod(text, &end);
		if (*end == '\0')
			return value_of_number(number);
	}
	if (kind == VALUE_DATE && date_read(text, &ms, &has_time))
		return value_of_date(ms, has_time);
	return value_of_text(text);
}
