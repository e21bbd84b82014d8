/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

/* What every test includes, in the order that cmocka needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * Help for tests.  A test is a sentence; RUN_TESTS() lists them:
 *
 *   int main(void)
 *   {
 *           const struct CMUnitTest tests[] = { TEST(a_name_says_what) };
 *
 *           return RUN_TESTS(tests);
 *   }
 */
#define TEST(name) cmocka_unit_test(name)
#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)

/* An empty folder, taken away at exit; the caller's to free. */
char *test_folder(void);

/*
 * The path of `name` in ../shared, or NULL when it is not there: then the
 * test has said "skipped: needs ../shared" and returns by skip().
 */
const char *test_shared(const char *name);

/* The path of `name` in the source tree and in the build tree; static. */
const char *test_source(const char *name);
const char *test_build(const char *name);

/* Fails the test with err's message when `err` is set (include error.h). */
struct err;
void assert_no_err(const struct err *err);

/* True when a program is in PATH; else says "skipped: needs NAME". */
int test_has_program(const char *name);

#endif
