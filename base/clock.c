/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t fixed_now;

int64_t
clock_now(void)
{
	struct timespec now;

	if (fixed_now)
		return fixed_now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
clock_set(int64_t now)
{
	fixed_now = now;
}

/* Splits `when`; milliseconds before 1970 count upwards, too. */
static int
split(int64_t when, struct tm *tm)
{
	int64_t seconds = when / 1000;
	int ms = (int)(when % 1000);
	time_t t;

	if (ms < 0) {
		ms += 1000;
		seconds--;
	}
	t = (time_t)seconds;
	localtime_r(&t, tm);
	return ms;
}

void
clock_format(int64_t when, char text[CLOCK_TEXT_MAX])
{
	struct tm tm;
	const int ms = split(when, &tm);
	const long minutes = tm.tm_gmtoff / 60;
	const unsigned ahead = (unsigned)(minutes < 0 ? -minutes : minutes);

	snprintf(text, CLOCK_TEXT_MAX,
	    "%04u-%02u-%02uT%02u:%02u:%02u.%03u%c%02u:%02u",
	    (unsigned)(tm.tm_year + 1900) % 10000,
	    (unsigned)(tm.tm_mon + 1) % 100, (unsigned)tm.tm_mday % 100,
	    (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
	    (unsigned)tm.tm_sec % 100, (unsigned)ms % 1000,
	    minutes < 0 ? '-' : '+', ahead / 60 % 100, ahead % 60);
}

/* Reads the digits that stand where `shape` has '0'; else equal bytes. */
static bool
read_shape(const char *text, const char *shape, int *fields)
{
	int field = -1;

	for (; *shape; shape++, text++) {
		if (*shape != '0') {
			const bool sign = *shape == '+' && *text == '-';

			if (*text != *shape && !sign)
				return false;
			continue;
		}
		if (!isdigit((unsigned char)*text))
			return false;
		if (shape[-1] != '0')
			fields[++field] = 0;
		fields[field] = fields[field] * 10 + (*text - '0');
	}
	return *text == '\0';
}

static bool
is_day(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 &&
	    day <= days[month - 1] + (month == 2 && leap);
}

/* Days from 1970-01-01; years begin in March, so that leap days end them. */
static int64_t
days_of(int year, int month, int day)
{
	const int64_t from = month > 2 ? year : year - 1;
	const int64_t era = (from >= 0 ? from : from - 399) / 400;
	const int64_t in_era = from - era * 400;
	const int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;

	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 +
	    in_year + day - 1 - 719468;
}

bool
clock_parse(const char *text, int64_t *when)
{
	/* A leading space gives the first field something before it. */
	static const char shape[] = " 0000-00-00T00:00:00.000+00:00";
	char spaced[CLOCK_TEXT_MAX + 1];
	int f[9] = { 0 };
	int64_t seconds, offset;

	if (strlen(text) != sizeof(shape) - 2)
		return false;
	spaced[0] = ' ';
	memcpy(spaced + 1, text, sizeof(shape) - 1);
	if (!read_shape(spaced, shape, f) || !is_day(f[0], f[1], f[2]) ||
	    f[3] > 23 || f[4] > 59 || f[5] > 60 || f[7] > 23 || f[8] > 59)
		return false;
	seconds =
	    ((days_of(f[0], f[1], f[2]) * 24 + f[3]) * 60 + f[4]) * 60 + f[5];
	offset = (int64_t)(f[7] * 60 + f[8]) * 60;
	if (text[23] == '-')
		offset = -offset;
	*when = (seconds - offset) * 1000 + f[6];
	return true;
}

bool
clock_is_date(const char *text)
{
	char spaced[16];
	int f[3] = { 0 };

	if (strlen(text) != 10)
		return false;
	snprintf(spaced, sizeof(spaced), " %s", text);
	return read_shape(spaced, " 0000-00-00", f) && is_day(f[0], f[1], f[2]);
}

static const char *
month_name(int month, enum lang lang)
{
	static const char *const names[LANG_COUNT][12] = {
		{ "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
		    "Oct", "Nov", "Dec" },
		{ "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.",
		    "août", "sept.", "oct.", "nov.", "déc." },
	};

	return names[lang][month];
}

void
clock_show_time(int64_t when, bool seconds, char text[CLOCK_SHOWN_MAX])
{
	struct tm tm;

	split(when, &tm);
	strftime(text, CLOCK_SHOWN_MAX, seconds ? "%H:%M:%S" : "%H:%M", &tm);
}

void
clock_show_date(int64_t when, enum lang lang, char text[CLOCK_SHOWN_MAX])
{
	struct tm tm;

	split(when, &tm);
	snprintf(text, CLOCK_SHOWN_MAX, "%d %s %d", tm.tm_mday,
	    month_name(tm.tm_mon, lang), tm.tm_year + 1900);
}

void
clock_show(int64_t when, enum lang lang, char text[CLOCK_SHOWN_MAX])
{
	struct tm tm;

	split(when, &tm);
	snprintf(text, CLOCK_SHOWN_MAX, "%d %s %d %02d:%02d", tm.tm_mday,
	    month_name(tm.tm_mon, lang), tm.tm_year + 1900, tm.tm_hour,
	    tm.tm_min);
}
