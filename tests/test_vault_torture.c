/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include "crypto/secret.h"
#include "tests/torture/torture.h"

/* The parts of tests/torture/ on a disk in memory, each shortly. */
static void
assert_none_fails(
    void (*part)(const struct torture_plan *plan, struct figures *figures),
    long count, long every)
{
	const struct torture_plan plan = {
		.count = count,
		.seed = 0x2545f4914f6cdd1d,
		.every = every,
		.limit = 20,
	};
	struct figures figures = { 0 };

	part(&plan, &figures);
	for (size_t i = 0; i < figures.count; i++)
		print_message(
		    "%s %ld\n", figures.list[i].name, figures.list[i].value);
	assert_int_equal(figures.failures, 0);
}

static void
any_call_of_the_disk_may_fail(void **state)
{
	(void)state;
	assert_none_fails(torture_io, 20000, 50);
}

static void
any_write_may_meet_a_full_disk(void **state)
{
	(void)state;
	assert_none_fails(torture_full, 5000, 50);
}

static void
any_call_for_memory_may_fail(void **state)
{
	(void)state;
	assert_none_fails(torture_malloc, 50000, 50);
}

static void
flipped_bits_never_give_wrong_data(void **state)
{
	(void)state;
	assert_none_fails(torture_flip, 2000, 1);
}

static void
pages_and_logs_put_elsewhere_are_noticed(void **state)
{
	(void)state;
	assert_none_fails(torture_swap, 500, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_call_of_the_disk_may_fail),
		TEST(any_write_may_meet_a_full_disk),
		TEST(any_call_for_memory_may_fail),
		TEST(flipped_bits_never_give_wrong_data),
		TEST(pages_and_logs_put_elsewhere_are_noticed),
	};
	struct err err = { 0 };

	torture_malloc_install();
	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}
