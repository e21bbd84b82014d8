/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/compiler.h"

static void
in_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void
times_are_written_in_the_device_s_zone_and_read_back(void **state)
{
	static const struct {
		const char *zone;
		int64_t when;
		const char *text;
	} cases[] = {
		{ "UTC0", 0, "1970-01-01T00:00:00.000+00:00" },
		{ "CET-1", 1795428672345, "2026-11-23T11:11:12.345+01:00" },
		{ "IST-5:30", 1795428672345, "2026-11-23T15:41:12.345+05:30" },
		{ "NST3:30", 1795428672345, "2026-11-23T06:41:12.345-03:30" },
		{ "UTC0", -1, "1969-12-31T23:59:59.999+00:00" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[CLOCK_TEXT_MAX];
		int64_t when = 0;

		in_zone(cases[i].zone);
		clock_format(cases[i].when, text);
		assert_string_equal(text, cases[i].text);
		in_zone("UTC0");
		assert_true(clock_parse(text, &when));
		assert_true(when == cases[i].when);
	}
}

static void
anything_else_is_no_time(void **state)
{
	static const char *const cases[] = { "", "2026-11-23",
		"2026-11-23T12:11:12+01:00", "2026-11-23T12:11:12.345Z",
		"2026-11-23 12:11:12.345+01:00",
		"2026-02-30T12:11:12.345+01:00",
		"2026-11-23T24:11:12.345+01:00",
		"2026-11-23T12:60:12.345+01:00",
		"2026-13-23T12:11:12.345+01:00",
		"2026-11-23T12:11:12.345+24:00",
		"2026-11-23T12:11:12.345+01:00 ",
		" 026-11-23T12:11:12.345+01:00",
		"2026-11-23T12:11:12.345*01:00",
		"-026-11-23T12:11:12.345+01:00" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t when = 7;

		if (clock_parse(cases[i], &when))
			fail_msg("%s was read", cases[i]);
		assert_true(when == 7);
	}
}

static void
only_real_days_are_dates(void **state)
{
	static const struct {
		const char *text;
		bool real;
	} cases[] = { { "2026-11-23", true }, { "2024-02-29", true },
		{ "2000-02-29", true }, { "1900-02-29", false },
		{ "2026-02-29", false }, { "2026-04-31", false },
		{ "2026-00-10", false }, { "2026-1-01", false },
		{ "2026-11-23x", false }, { "23-11-2026", false },
		{ "", false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(clock_is_date(cases[i].text), cases[i].real);
}

static void
people_read_times_in_their_language(void **state)
{
	char text[CLOCK_SHOWN_MAX];

	(void)state;
	in_zone("CET-1");
	clock_show_time(1795428672345, false, text);
	assert_string_equal(text, "11:11");
	clock_show_time(1795428672345, true, text);
	assert_string_equal(text, "11:11:12");
	clock_show_date(1795428672345, LANG_FR, text);
	assert_string_equal(text, "23 nov. 2026");
	clock_show_date(1795428672345, LANG_EN, text);
	assert_string_equal(text, "23 Nov 2026");
}

static void
a_set_clock_stands_still_until_it_is_let_go(void **state)
{
	(void)state;
	clock_set(1000);
	assert_true(clock_now() == 1000);
	clock_set(0);
	assert_true(clock_now() > 1600000000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(times_are_written_in_the_device_s_zone_and_read_back),
		TEST(anything_else_is_no_time),
		TEST(only_real_days_are_dates),
		TEST(people_read_times_in_their_language),
		TEST(a_set_clock_stands_still_until_it_is_let_go),
	};

	return RUN_TESTS(tests);
}
