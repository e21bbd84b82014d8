/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/i18n.h"

/* Dates in the zone of the device: the calendar, reading, writing. */

/* Days since 1970-01-01 of a day of the Gregorian calendar. */
static int64_t
days_of(int64_t year, int month, int day)
{
	const int64_t y = month <= 2 ? year - 1 : year;
	const int64_t era = (y >= 0 ? y : y - 399) / 400;
	const int64_t of_era = y - era * 400;
	const int64_t of_year =
	    (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static int64_t
floor_div(int64_t number, int64_t by)
{
	return number / by - (number % by < 0);
}

static int64_t
local_ms(struct tm tm, int millis)
{
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm) * 1000 + millis;
}

static struct tm
local_of(int64_t ms)
{
	const time_t seconds = (time_t)floor_div(ms, 1000);
	struct tm tm = { .tm_mday = 1 };

	localtime_r(&seconds, &tm);
	return tm;
}

/* Reads 1 to `max` digits. */
static bool
read_digits(const char **text, int max, int *number)
{
	int count = 0;

	for (*number = 0; count < max && **text >= '0' && **text <= '9';
	     count++)
		*number = *number * 10 + *(*text)++ - '0';
	return count > 0;
}

static bool
skip(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static bool
read_day(const char **text, struct tm *tm)
{
	const char *start = *text;
	int year, month, day;

	if (!read_digits(text, 4, &year) || *text - start != 4 ||
	    !skip(text, '-') || !read_digits(text, 2, &month) ||
	    !skip(text, '-') || !read_digits(text, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	return true;
}

static bool
read_clock(const char **text, struct tm *tm, int *millis)
{
	int digits = 0;

	if (!read_digits(text, 2, &tm->tm_hour) || !skip(text, ':') ||
	    !read_digits(text, 2, &tm->tm_min))
		return false;
	if (skip(text, ':') && !read_digits(text, 2, &tm->tm_sec))
		return false;
	*millis = 0;
	if (skip(text, '.'))
		for (; **text >= '0' && **text <= '9'; (*text)++, digits++)
			if (digits < 3)
				*millis = *millis * 10 + **text - '0';
	for (; digits && digits < 3; digits++)
		*millis *= 10;
	return tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec < 60;
}

/* "Z", "+01:00", "-0300", "+02"; `*has` is false where there is none. */
static bool
read_zone(const char **text, bool *has, int *minutes)
{
	int hours, rest = 0;
	bool west;

	*has = true;
	*minutes = 0;
	if (skip(text, 'Z'))
		return true;
	west = **text == '-';
	if (!skip(text, '+') && !skip(text, '-')) {
		*has = false;
		return true;
	}
	if (!read_digits(text, 2, &hours))
		return false;
	skip(text, ':');
	if (**text && !read_digits(text, 2, &rest))
		return false;
	if (hours > 18 || rest > 59)
		return false;
	*minutes = (hours * 60 + rest) * (west ? -1 : 1);
	return true;
}

/* The moment of a clock that is `offset` minutes before UTC. */
static int64_t
ms_of_utc(const struct tm *tm, int offset)
{
	const int64_t days =
	    days_of(tm->tm_year + INT64_C(1900), tm->tm_mon + 1, tm->tm_mday);
	const int64_t minutes =
	    days * 1440 + tm->tm_hour * INT64_C(60) + tm->tm_min - offset;

	return (minutes * 60 + tm->tm_sec) * 1000;
}

bool
date_read(const char *text, int64_t *ms, bool *has_time)
{
	struct tm tm = { .tm_year = 70, .tm_mday = 1 };
	const bool time_only =
	    strlen(text) >= 4 && (text[1] == ':' || text[2] == ':');
	int millis = 0, minutes = 0;
	bool has_zone = false;

	if (!time_only && !read_day(&text, &tm))
		return false;
	*has_time = time_only || skip(&text, 'T');
	if (*has_time &&
	    (!read_clock(&text, &tm, &millis) ||
		!read_zone(&text, &has_zone, &minutes)))
		return false;
	if (*text)
		return false;
	if (has_zone)
		*ms = ms_of_utc(&tm, minutes) + millis;
	else
		*ms = local_ms(tm, millis);
	return true;
}

void
date_write(int64_t ms, bool has_time, char text[DATE_TEXT_MAX])
{
	const struct tm tm = local_of(ms);
	const int offset = (int)(tm.tm_gmtoff / 60);
	const int size = offset < 0 ? -offset : offset;
	int len;

	len = snprintf(text, DATE_TEXT_MAX, "%04d-%02d-%02d", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday);
	if (has_time)
		snprintf(text + len, (size_t)(DATE_TEXT_MAX - len),
		    "T%02d:%02d:%02d.%03d%c%02d:%02d", tm.tm_hour, tm.tm_min,
		    tm.tm_sec, (int)(ms - floor_div(ms, 1000) * 1000),
		    offset < 0 ? '-' : '+', size / 60, size % 60);
}

double
date_days(int64_t ms)
{
	const struct tm tm = local_of(ms);

	return (double)days_of(
	    tm.tm_year + (int64_t)1900, tm.tm_mon + 1, tm.tm_mday);
}

int64_t
date_of_days(int64_t days)
{
	struct tm tm = { .tm_year = 70 };

	tm.tm_mday = 1 + (int)days;
	return local_ms(tm, 0);
}

double
date_day_fraction(int64_t ms)
{
	const struct tm tm = local_of(ms);

	return (double)((tm.tm_hour * 60 + tm.tm_min) * 60000 +
		   tm.tm_sec * 1000 + (ms - floor_div(ms, 1000) * 1000)) /
	    DAY_MS;
}

/* ---- format-date() ---- */

static const char *
name_of(const char *lang, bool month, int index)
{
	static const char *const names[2][2][12] = {
		{ { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" },
		    { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
			"Sep", "Oct", "Nov", "Dec" } },
		{ { "dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam." },
		    { "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.",
			"août", "sept.", "oct.", "nov.", "déc." } },
	};

	return names[lang && strcmp(lang, "fr") == 0][month][index];
}

static int
format_one(
    char directive, const struct tm *tm, const char *lang, struct buf *out)
{
	switch (directive) {
	case '%': buf_add_char(out, '%'); return 0;
	case 'Y': buf_addf(out, "%04d", tm->tm_year + 1900); return 0;
	case 'y': buf_addf(out, "%02d", abs(tm->tm_year % 100)); return 0;
	case 'm': buf_addf(out, "%02d", tm->tm_mon + 1); return 0;
	case 'n': buf_addf(out, "%d", tm->tm_mon + 1); return 0;
	case 'b': buf_add_text(out, name_of(lang, true, tm->tm_mon)); return 0;
	case 'd': buf_addf(out, "%02d", tm->tm_mday); return 0;
	case 'e': buf_addf(out, "%d", tm->tm_mday); return 0;
	case 'a':
		buf_add_text(out, name_of(lang, false, tm->tm_wday));
		return 0;
	case 'H': buf_addf(out, "%02d", tm->tm_hour); return 0;
	case 'h': buf_addf(out, "%d", tm->tm_hour); return 0;
	case 'M': buf_addf(out, "%02d", tm->tm_min); return 0;
	case 'S': buf_addf(out, "%02d", tm->tm_sec); return 0;
	default: return -1;
	}
}

int
date_format(int64_t ms, const char *format, const char *lang, struct buf *out,
    struct err *err)
{
	const struct tm tm = local_of(ms);

	for (; *format; format++) {
		if (*format != '%') {
			buf_add_char(out, *format);
			continue;
		}
		format++;
		if (*format == '3') {
			buf_addf(out, "%03d",
			    (int)(ms - floor_div(ms, 1000) * 1000));
		} else if (format_one(*format, &tm, lang, out) != 0) {
			return err_set(err, ERR_VALUE,
			    _("\"%%%.1s\" is no part of a date; known are "
			      "%%Y %%y %%m %%n %%b %%d %%e %%a %%H %%h %%M "
			      "%%S %%3"),
			    format);
		}
	}
	return 0;
}
