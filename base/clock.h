/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/i18n.h"

/*
 * Time is int64_t milliseconds since 1970-01-01 UTC, as the device's clock
 * said.  In files it is ISO 8601 with milliseconds and the device's offset:
 * "2026-11-23T11:11:12.345+01:00".
 */
enum { CLOCK_TEXT_MAX = 32, CLOCK_SHOWN_MAX = 48 }; /* bytes, with the NUL */

int64_t clock_now(void);

/* Makes clock_now() give `now` until it is set again; 0 ends that.  Tests. */
void clock_set(int64_t now);

/* Writes `when` in the device's zone. */
void clock_format(int64_t when, char text[CLOCK_TEXT_MAX]);

/* Reads what clock_format() wrote; strict; false when it is anything else. */
bool clock_parse(const char *text, int64_t *when);

/* For people: "14:32", "23 nov. 2026" / "23 Nov 2026", "23 nov. 10:41". */
void clock_show_time(int64_t when, bool seconds, char text[CLOCK_SHOWN_MAX]);
void clock_show_date(int64_t when, enum lang lang, char text[CLOCK_SHOWN_MAX]);
void clock_show(int64_t when, enum lang lang, char text[CLOCK_SHOWN_MAX]);

/* True for a real "YYYY-MM-DD" (29 February only in leap years). */
bool clock_is_date(const char *text);

#endif
