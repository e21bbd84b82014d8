/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>

#include "crypto/secret.h"
#include "tests/torture/torture.h"

/*
 * What tests/torture/crash.c does, shortly; RONDE_TEST_CRASH_IMAGES asks for
 * another number of images.
 */
static void
no_acknowledged_event_is_lost_whenever_the_power_goes(void **state)
{
	const char *asked = getenv("RONDE_TEST_CRASH_IMAGES");
	const struct torture_plan plan = {
		.count = asked ? atol(asked) : 10000,
		.seed = 0x9e3779b97f4a7c15,
		.limit = 20,
	};
	struct figures figures = { 0 };

	(void)state;
	torture_crash(&plan, &figures);
	print_message(
	    "%ld crash images, %ld failures\n", plan.count, figures.failures);
	assert_int_equal(figures.failures, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_acknowledged_event_is_lost_whenever_the_power_goes),
	};
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}
