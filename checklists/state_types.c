/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "checklists/form_internal.h"

/* What a value of each type looks like. */

enum {
	INTEGER_DIGITS_MAX = 15, /* every one fits a double exactly */
	DECIMAL_BYTES_MAX = 30,
	TEXT_BYTES_MAX = 100000,
	SHOWN = 40
};

static size_t
digits(const char *text)
{
	return strspn(text, "0123456789");
}

static bool
is_integer(const char *text)
{
	size_t len;

	if (*text == '-')
		text++;
	len = digits(text);
	return len > 0 && len <= INTEGER_DIGITS_MAX && text[len] == '\0';
}

static bool
is_decimal(const char *text)
{
	size_t whole, part = 0;

	if (strlen(text) > DECIMAL_BYTES_MAX)
		return false;
	if (*text == '-')
		text++;
	whole = digits(text);
	text += whole;
	if (*text == '.') {
		part = digits(++text);
		text += part;
	}
	return whole + part > 0 && *text == '\0';
}

/* Two digits below `limit`; moves past them. */
static bool
two(const char **text, int limit)
{
	const char *t = *text;

	if (t[0] < '0' || t[0] > '9' || t[1] < '0' || t[1] > '9')
		return false;
	*text += 2;
	return (t[0] - '0') * 10 + t[1] - '0' < limit;
}

/* "14:32", "14:32:05", "14:32:05.000+01:00". */
static bool
is_time(const char *text)
{
	if (!two(&text, 24) || *text++ != ':' || !two(&text, 60))
		return false;
	if (*text == ':') {
		text++;
		if (!two(&text, 60))
			return false;
		if (*text == '.')
			text += 1 + digits(text + 1);
	}
	if (*text == 'Z')
		text++;
	else if (*text == '+' || *text == '-') {
		text++;
		if (!two(&text, 24))
			return false;
		if (*text == ':')
			text++;
		if (*text && !two(&text, 60))
			return false;
	}
	return *text == '\0';
}

static int
check_choices(const struct item *item, const char *value, struct err *err)
{
	const bool many = item_has_many(item);

	for (const char *at = value; item->list && *at;) {
		const size_t len = many ? strcspn(at, " ") : strlen(at);

		if (len == 0)
			return err_set(err, ERR_VALUE,
			    _("\"%.40s\" has more than one space between "
			      "choices"),
			    value);
		if (!choice_find(item->list, at, len))
			return err_set(err, ERR_VALUE,
			    _("\"%.*s\" is none of the choices"),
			    (int)(len > SHOWN ? SHOWN : len), at);
		at += len;
		if (*at == ' ')
			at++;
	}
	return 0;
}

static int
check_text(const char *value, struct err *err)
{
	if (text_check_clean(
		value, TEXT_BYTES_MAX, true, _("the answer"), err) == 0)
		return 0;
	err->code = ERR_VALUE;
	return -1;
}

/* Within the bounds and on a step. */
static int
check_range(const struct item *item, const char *value, struct err *err)
{
	const struct item_range *range = item->range;
	struct buf bounds = BUF_INIT;
	int64_t number, low, high;

	low = range->start < range->end ? range->start : range->end;
	high = range->start < range->end ? range->end : range->start;
	if (range_number(value, &number) && number >= low && number <= high &&
	    llabs(number - range->start) % range->step == 0)
		return 0;
	range_write(range->start, &bounds);
	buf_add_text(&bounds, " … ");
	range_write(range->end, &bounds);
	buf_add_text(&bounds, ", +");
	range_write(range->step, &bounds);
	err_set(err, ERR_VALUE, _("\"%.40s\" is not on the scale: %s"), value,
	    bounds.data);
	buf_release(&bounds);
	return -1;
}

/* Every choice once; that all are there is for who knows what is offered. */
static int
check_rank(const struct item *item, const char *value, struct err *err)
{
	if (check_choices(item, value, err) != 0)
		return -1;
	for (const char *at = value; *at;) {
		const size_t len = strcspn(at, " ");

		for (const char *other = at + len; *other;) {
			size_t size;

			other++;
			size = strcspn(other, " ");
			if (size == len && strncmp(at, other, len) == 0)
				return err_set(err, ERR_VALUE,
				    _("\"%.*s\" is ranked twice"),
				    (int)(len > SHOWN ? SHOWN : len), at);
			other += size;
		}
		at += len + (at[len] == ' ');
	}
	return 0;
}

/* A bare name, as it stands among the files of the answer. */
static int
check_file(const char *value, struct err *err)
{
	if (strchr(value, '/') ||
	    text_check_clean(
		value, TEXT_BYTES_MAX, false, _("the file's name"), err) != 0)
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not the name of a file"), value);
	return 0;
}

int
type_check(const struct item *item, const char *value, struct err *err)
{
	switch (item->type) {
	case ITEM_INTEGER:
		return is_integer(value)
		    ? 0
		    : err_set(err, ERR_VALUE,
			  _("\"%.40s\" is not a whole number"), value);
	case ITEM_DECIMAL:
		return is_decimal(value)
		    ? 0
		    : err_set(err, ERR_VALUE, _("\"%.40s\" is not a number"),
			  value);
	case ITEM_DATE:
		return clock_is_date(value)
		    ? 0
		    : err_set(err, ERR_VALUE,
			  _("\"%.40s\" is not a date such as 2026-11-23"),
			  value);
	case ITEM_TIME:
		return is_time(value)
		    ? 0
		    : err_set(err, ERR_VALUE,
			  _("\"%.40s\" is not a time such as 14:32"), value);
	case ITEM_SELECT_ONE:
	case ITEM_SELECT_MULTIPLE: return check_choices(item, value, err);
	case ITEM_ACKNOWLEDGE:
		return strcmp(value, "OK") == 0
		    ? 0
		    : err_set(err, ERR_VALUE,
			  _("only OK is an answer here, not \"%.40s\""), value);
	case ITEM_DATETIME:
		return datetime_is(value)
		    ? 0
		    : err_set(err, ERR_VALUE,
			  _("\"%.40s\" is not a date with a time"), value);
	case ITEM_RANGE: return check_range(item, value, err);
	case ITEM_RANK: return check_rank(item, value, err);
	case ITEM_GEOPOINT:
	case ITEM_GEOTRACE:
	case ITEM_GEOSHAPE:
		return geo_is_value(item->type, value)
		    ? 0
		    : err_set(err, ERR_VALUE,
			  _("\"%.40s\" is not a position, line or area of "
			    "this kind"),
			  value);
	case ITEM_IMAGE:
	case ITEM_AUDIO:
	case ITEM_VIDEO:
	case ITEM_FILE: return check_file(value, err);
	case ITEM_BARCODE:
	case ITEM_TEXT: return check_text(value, err);
	default: return 0;
	}
}

bool
is_offered(struct state *state, int place, const char *name, size_t name_len)
{
	const struct choice_list *list = item_at(state, place)->list;
	const struct offered *offered = compute_offered(state, place);

	if (!offered)
		return choice_find(list, name, name_len) != NULL;
	for (size_t i = 0; i < offered->count; i++) {
		const char *known = list->choices[offered->list[i]].name;

		if (strncmp(known, name, name_len) == 0 &&
		    known[name_len] == '\0')
			return true;
	}
	return false;
}
