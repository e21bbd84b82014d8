/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/file.h"
#include "crypto/secret.h"

static void
the_process_cannot_be_dumped(void **state)
{
	struct rlimit limit;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(crypto_init(&err), 0);
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 0);
	assert_int_equal(limit.rlim_max, 0);
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}

/* In a child: what it is left with stays with it. */
static int
use_a_secret_without_locked_memory(void)
{
	const struct rlimit none = { 0, 0 };
	struct err err = { 0 };
	struct secret *secret;
	int result = 0;

	if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 ||
	    (getuid() == 0 && setresuid(65534, 65534, 65534) != 0) ||
	    crypto_init(&err) != 0)
		return 2;
	if (!secret_all_locked())
		return 3; /* nothing was to be locked yet */
	secret = secret_random(32);
	if (!secret->data)
		result = 4;
	secret_free(secret);
	return secret_all_locked() ? 5 : result;
}

static void
memory_that_could_not_be_locked_is_told(void **state)
{
	int status = 0;
	pid_t pid;

	(void)state;
#ifdef __SANITIZE_ADDRESS__
	print_message("skipped: the sanitizers let no memory be locked\n");
	skip();
#endif
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(use_a_secret_without_locked_memory());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
a_new_secret_is_zero_and_a_random_one_is_not(void **state)
{
	struct secret *zero = secret_new(64), *other = secret_new(64);
	struct secret *one = secret_random(64), *two = secret_random(64);

	(void)state;
	for (size_t i = 0; i < zero->len; i++)
		assert_int_equal(zero->data[i], 0);
	assert_true(secret_equal(zero, other));
	assert_false(secret_equal(zero, one));
	assert_false(secret_equal(one, two));
	secret_free(zero);
	secret_free(other);
	secret_free(one);
	secret_free(two);
	secret_free(NULL);
}

static void
taking_wipes_the_source_only_when_asked(void **state)
{
	char kept[] = "battery horse", wiped[] = "battery horse";
	struct secret *one = secret_take(kept, sizeof(kept), false);
	struct secret *two = secret_take(wiped, sizeof(wiped), true);
	struct secret *shorter = secret_take(kept, sizeof(kept) - 1, false);

	(void)state;
	assert_true(secret_equal(one, two));
	assert_false(secret_equal(one, shorter));
	assert_string_equal(kept, "battery horse");
	for (size_t i = 0; i < sizeof(wiped); i++)
		assert_int_equal(wiped[i], 0);
	secret_free(one);
	secret_free(two);
	secret_free(shorter);
}

/* The exit of a child that touches `at`; the signal's number if it died. */
static int
touch(volatile unsigned char *at)
{
	int status;
	const pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		*at = 1;
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
a_secret_ends_at_a_guard_page(void **state)
{
	struct secret *secret = secret_new(32);

	(void)state;
	assert_int_equal(touch(secret->data + 31), 0);
	assert_int_equal(touch(secret->data + 32), SIGSEGV);
	secret_free(secret);
}

static void
the_first_line_of_a_file_is_the_passphrase(void **state)
{
	static const struct {
		const char *text, *passphrase;
		enum err_code code;
	} cases[] = {
		{ "secret", "secret", ERR_NONE },
		{ "secret\n", "secret", ERR_NONE },
		{ "secret\r\n", "secret", ERR_NONE },
		{ "secret\nnot this", "secret", ERR_NONE },
		{ " two words \n", " two words ", ERR_NONE },
		{ "\xe7\xbc\x85\n", "\xe7\xbc\x85", ERR_NONE },
		{ "", NULL, ERR_FORMAT },
		{ "\n", NULL, ERR_FORMAT },
		{ "\r\n", NULL, ERR_FORMAT },
		{ "\nsecret", NULL, ERR_FORMAT },
	};
	char *folder = test_folder(), *path = file_join(folder, "passphrase");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };
		struct secret *read;

		assert_int_equal(file_write(path, cases[i].text,
				     strlen(cases[i].text), 0600, &err),
		    0);
		read = secret_read_file(path, &err);
		assert_int_equal(err.code, cases[i].code);
		if (!cases[i].passphrase) {
			assert_null(read);
			continue;
		}
		assert_non_null(read);
		assert_int_equal(read->len, strlen(cases[i].passphrase));
		assert_memory_equal(read->data, cases[i].passphrase, read->len);
		secret_free(read);
	}
	free(path);
	free(folder);
}

static void
a_line_of_1024_bytes_is_the_longest(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "passphrase");
	char line[2048];
	struct err err = { 0 };
	struct secret *read;

	(void)state;
	memset(line, 'x', sizeof(line));
	line[1024] = '\n';
	assert_int_equal(file_write(path, line, sizeof(line), 0600, &err), 0);
	read = secret_read_file(path, &err);
	assert_no_err(&err);
	assert_int_equal(read->len, 1024);
	secret_free(read);

	line[1024] = 'x';
	assert_int_equal(file_write(path, line, sizeof(line), 0600, &err), 0);
	assert_null(secret_read_file(path, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.msg, path));
	free(path);
	free(folder);
}

static void
a_missing_file_is_named(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(secret_read_file("/nonexistent/words", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.msg, "/nonexistent/words"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_process_cannot_be_dumped),
		TEST(memory_that_could_not_be_locked_is_told),
		TEST(a_new_secret_is_zero_and_a_random_one_is_not),
		TEST(taking_wipes_the_source_only_when_asked),
		TEST(a_secret_ends_at_a_guard_page),
		TEST(the_first_line_of_a_file_is_the_passphrase),
		TEST(a_line_of_1024_bytes_is_the_longest),
		TEST(a_missing_file_is_named),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
