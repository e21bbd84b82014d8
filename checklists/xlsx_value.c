/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/xlsx.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	SECONDS_A_DAY = 24 * 60 * 60,
	LAST_SERIAL = 2958465, /* 9999-12-31 */
	SERIAL_OF_1904 = 1462, /* days between the two systems */
	SERIAL_OF_1970 = 25569,
	FALSE_LEAP_DAY = 60,     /* 1900-02-29, which never was */
	SIGNIFICANT_DIGITS = 17, /* enough for any double */
	DECIMALS_MAX = 30
};

enum xlsx_number
xlsx_builtin_kind(int id)
{
	if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 ||
	    (id >= 50 && id <= 58))
		return XLSX_DATE;
	if (id == 22)
		return XLSX_DATE_TIME;
	if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) ||
	    (id >= 45 && id <= 47))
		return XLSX_TIME;
	return XLSX_PLAIN;
}

/* The end of what a format only quotes: "text", \c, _c, *c, [colour]. */
static const char *
skip_quoted(const char *format)
{
	const char *end;

	switch (*format) {
	case '"': end = strchr(format + 1, '"'); break;
	case '[':
		/* [h], [mm] and [ss] are elapsed time, not quoted. */
		if (strchr("hHmMsS", format[1]) && format[1])
			return format;
		end = strchr(format, ']');
		break;
	case '\\':
	case '_':
	case '*': end = format[1] ? format + 1 : NULL; break;
	default: return format;
	}
	return end ? end + 1 : format + strlen(format);
}

enum xlsx_number
xlsx_format_kind(const char *format)
{
	bool date = false, time = false, minutes = false;

	if (strncasecmp(format, "General", 7) == 0)
		return XLSX_PLAIN;
	while (*format && *format != ';') {
		const char *next = skip_quoted(format);

		if (next != format) {
			format = next;
			continue;
		}
		switch (tolower((unsigned char)*format)) {
		case 'y':
		case 'd': date = true; break;
		case 'h':
		case 's': time = true; break;
		case 'm': minutes = true; break;
		default: break;
		}
		format++;
	}
	if (date || (minutes && !time))
		return time ? XLSX_DATE_TIME : XLSX_DATE;
	return time ? XLSX_TIME : XLSX_PLAIN;
}

/* Days since 1970 to a date of the Gregorian calendar. */
static void
add_date(struct buf *out, int64_t days)
{
	const int64_t shifted = days + 719468; /* since 0000-03-01 */
	const int64_t era = shifted / 146097;
	const int64_t of_era = shifted - era * 146097;
	const int64_t years =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	const int64_t of_year =
	    of_era - (365 * years + years / 4 - years / 100);
	const int month_index = (int)((5 * of_year + 2) / 153);
	const int day = (int)(of_year - (153 * month_index + 2) / 5 + 1);
	const int month = month_index < 10 ? month_index + 3 : month_index - 9;
	const int year = (int)(years + era * 400 + (month <= 2));

	buf_addf(out, "%04d-%02d-%02d", year, month, day);
}

static bool
add_moment(
    struct buf *out, double serial, enum xlsx_number kind, bool date_1904)
{
	int64_t days, seconds;

	if (!(serial >= 0) || serial > LAST_SERIAL)
		return false;
	seconds = (int64_t)(serial * SECONDS_A_DAY + 0.5);
	days = seconds / SECONDS_A_DAY;
	seconds %= SECONDS_A_DAY;
	if (date_1904)
		days += SERIAL_OF_1904;
	else if (days == FALSE_LEAP_DAY)
		return false;
	else if (days < FALSE_LEAP_DAY)
		days++;
	if (kind == XLSX_TIME && serial < 1) {
		buf_addf(out, "%02d:%02d:%02d", (int)(seconds / 3600),
		    (int)(seconds / 60 % 60), (int)(seconds % 60));
		return true;
	}
	add_date(out, days - SERIAL_OF_1970);
	if (kind != XLSX_DATE && (seconds || kind == XLSX_DATE_TIME))
		buf_addf(out, "T%02d:%02d:%02d", (int)(seconds / 3600),
		    (int)(seconds / 60 % 60), (int)(seconds % 60));
	return true;
}

/* The shortest decimal writing that reads as the same double. */
static void
add_decimal(struct buf *out, double number)
{
	char text[512], shortest[64];
	int digits = 1, exponent, decimals;

	if (number == 0) {
		buf_add_char(out, '0');
		return;
	}
	for (; digits < SIGNIFICANT_DIGITS; digits++) {
		snprintf(
		    shortest, sizeof(shortest), "%.*e", digits - 1, number);
		if (strtod(shortest, NULL) == number)
			break;
	}
	snprintf(shortest, sizeof(shortest), "%.*e", digits - 1, number);
	exponent = atoi(strchr(shortest, 'e') + 1);
	decimals = digits - 1 - exponent;
	if (decimals < 0)
		decimals = 0;
	if (decimals > DECIMALS_MAX) {
		buf_add_text(out, shortest);
		return;
	}
	snprintf(text, sizeof(text), "%.*f", decimals, number);
	buf_add_text(out, text);
}

bool
xlsx_add_number(
    struct buf *out, const char *value, enum xlsx_number kind, bool date_1904)
{
	char *end;
	double number;

	if (!value[strspn(value, "0123456789+-.eE")])
		number = strtod(value, &end);
	else
		return false;
	if (end == value || *end || !isfinite(number))
		return false;
	if (kind != XLSX_PLAIN && add_moment(out, number, kind, date_1904))
		return true;
	add_decimal(out, number);
	return true;
}

/* The number of "_xHHHH_" at `text`, or -1. */
static int
escape_at(const char *text, size_t len)
{
	int number = 0;

	if (len < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_')
		return -1;
	for (int i = 2; i < 6; i++) {
		const char c = text[i];

		if (!isxdigit((unsigned char)c))
			return -1;
		number = number * 16 +
		    (isdigit((unsigned char)c)
			    ? c - '0'
			    : tolower((unsigned char)c) - 'a' + 10);
	}
	return number;
}

/*
 * Only what a program must escape is decoded: control characters, and the
 * line before what would look like an escape.  A name such as a_x0041_b,
 * which some programs write as it is, stays.
 */
void
xlsx_add_unescaped(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		const int number = escape_at(text + i, len - i);
		const bool line =
		    number == '_' && i + 7 < len && text[i + 7] == 'x';

		if ((number > 0 && number < ' ') || line) {
			buf_add_char(out, (char)number);
			i += 7;
			continue;
		}
		buf_add_char(out, text[i++]);
	}
}

const char *
xlsx_local(const char *name)
{
	const char *bar = strrchr(name, '|');

	return bar ? bar + 1 : name;
}
