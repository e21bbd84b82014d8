/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checklists/expr_internal.h"

/*
 * Dates and times as people type them; what is none is left as it is, and the
 * check of the type refuses it.
 */

/* "23/11/2026", "23.11.26", "23-11-2026" and "2026/11/23" as ISO dates. */
void
typed_date(const char *text, struct buf *out)
{
	int a, b, c, used = 0;
	char s1, s2;

	if (sscanf(text, "%4d%c%2d%c%4d%n", &a, &s1, &b, &s2, &c, &used) != 5 ||
	    text[used] || s1 != s2 || !strchr("/.-", s1) || a < 0 || b < 0 ||
	    c < 0) {
		buf_add_text(out, text);
		return;
	}
	if (a > 31)
		buf_addf(out, "%04d-%02d-%02d", a, b, c);
	else
		buf_addf(out, "%04d-%02d-%02d", c < 100 ? c + 2000 : c, b, a);
}

/* "14h32", "14h", "14.32", "1432" and "9:05" as "14:32" and "09:05". */
void
typed_time(const char *text, struct buf *out)
{
	int hours, minutes = 0, used = 0;
	char sign;

	if (strlen(text) == 4 && strspn(text, "0123456789") == 4) {
		buf_addf(out, "%.2s:%s", text, text + 2);
		return;
	}
	if (sscanf(text, "%2d%c%n", &hours, &sign, &used) == 2 && hours >= 0 &&
	    strchr("hH:.", sign)) {
		const char *rest = text + used;

		used = 0;
		if (*rest == '\0' && tolower((unsigned char)sign) == 'h') {
			buf_addf(out, "%02d:00", hours);
			return;
		}
		if (sscanf(rest, "%2d%n", &minutes, &used) == 1 && used == 2) {
			buf_addf(
			    out, "%02d:%02d%s", hours, minutes, rest + used);
			return;
		}
	}
	buf_add_text(out, text);
}

/* Where the time begins in "23/11/2026 14h32" or "2026-11-23T14:32". */
static const char *
find_time(const char *text)
{
	const char *at = text + strcspn(text, " \tT");

	return *at ? at : NULL;
}

void
typed_datetime(const char *text, struct buf *out)
{
	const char *gap = find_time(text), *time;
	struct buf day = BUF_INIT, clock = BUF_INIT;
	char *date, written[DATE_TEXT_MAX];
	int64_t ms;
	bool has_time;

	if (!gap) {
		buf_add_text(out, text);
		return;
	}
	date = xstrndup(text, (size_t)(gap - text));
	for (time = gap; isspace((unsigned char)*time) || *time == 'T';)
		time++;
	typed_date(date, &day);
	typed_time(time, &clock);
	buf_addf(&day, "T%s", clock.data);
	/* With the zone of the device: a moment, wherever it is read. */
	if (datetime_is(day.data) && date_read(day.data, &ms, &has_time)) {
		date_write(ms, true, written);
		buf_add_text(out, written);
	} else {
		buf_add_text(out, text);
	}
	buf_release(&day);
	buf_release(&clock);
	free(date);
}

bool
datetime_is(const char *value)
{
	int64_t ms;
	bool has_time = false;

	return strchr(value, 'T') == value + 10 &&
	    date_read(value, &ms, &has_time) && has_time;
}

void
datetime_show(const char *value, struct buf *out)
{
	if (!datetime_is(value)) {
		buf_add_text(out, value);
		return;
	}
	buf_addf(out, "%.10s %.5s", value, value + 11);
}
