/* SPDX-License-Identifier: Apache-2.0 */
/* Dates by keys: today, a day (month, year) on or back; and short ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tui/fill.h"

enum span { SPAN_DAY, SPAN_MONTH, SPAN_YEAR };

static enum span
span_of(const struct item *item)
{
	if (item_looks(item, "year"))
		return SPAN_YEAR;
	return item_looks(item, "month-year") ? SPAN_MONTH : SPAN_DAY;
}

static void
put_date(struct fill *fill, const struct tm *day)
{
	char text[40];

	snprintf(text, sizeof(text), "%04d-%02d-%02d", day->tm_year + 1900,
	    day->tm_mon + 1, day->tm_mday);
	line_set(&fill->answer, text);
	fill->answer.changed = true;
}

static void
put_today(struct fill *fill)
{
	const time_t now = (time_t)(clock_now() / 1000);
	const enum span span = span_of(fill_item(fill));
	struct tm day;

	localtime_r(&now, &day);
	if (span != SPAN_DAY)
		day.tm_mday = 1;
	if (span == SPAN_YEAR)
		day.tm_mon = 0;
	put_date(fill, &day);
}

/* What is on the line as a day; false while it is none yet. */
static bool
typed_day(const struct fill *fill, struct tm *day)
{
	struct buf value = BUF_INIT;
	struct err ignored = { 0 };
	char *text = fill_long_date(fill);
	bool is_day;

	*day = (struct tm){ .tm_hour = 12 };
	is_day = state_read_typed(fill_state(fill), fill->place, text,
		     fill_lang(fill), &value, &ignored) == 0 &&
	    value.data &&
	    sscanf(value.data, "%4d-%2d-%2d", &day->tm_year, &day->tm_mon,
		&day->tm_mday) == 3;
	day->tm_year -= 1900;
	day->tm_mon--;
	buf_release(&value);
	free(text);
	return is_day;
}

bool
fill_date_key(struct fill *fill, int key)
{
	const struct item *item = fill_item(fill);
	struct tm day;
	int step;

	if (fill->focus != FILL_ANSWER || !item || item->type != ITEM_DATE)
		return false;
	if (key == 't' || key == 'T') {
		put_today(fill);
		return true;
	}
	if ((key != '+' && key != '-') || !typed_day(fill, &day))
		return false;
	step = key == '+' ? 1 : -1;
	switch (span_of(item)) {
	case SPAN_YEAR: day.tm_year += step; break;
	case SPAN_MONTH: day.tm_mon += step; break;
	default: day.tm_mday += step; break;
	}
	if (timegm(&day) != (time_t)-1 && day.tm_year > -1900 &&
	    day.tm_year < 8100)
		put_date(fill, &day);
	return true;
}

char *
fill_long_date(const struct fill *fill)
{
	const char *text = fill->answer.text;
	const enum span span = fill_item(fill)->type == ITEM_DATE
	    ? span_of(fill_item(fill))
	    : SPAN_DAY;
	int month, year, used = 0;

	if (span == SPAN_YEAR && strlen(text) == 4 &&
	    strspn(text, "0123456789") == 4)
		return xasprintf("%s-01-01", text);
	if (span == SPAN_MONTH &&
	    sscanf(text, "%2d/%4d%n", &month, &year, &used) == 2 &&
	    !text[used] && month >= 1 && year >= 1000)
		return xasprintf("%04d-%02d-01", year, month);
	return xstrdup(text);
}
