/* SPDX-License-Identifier: Apache-2.0 */
/* A program that executes itself anew: this one. */
#include "tests/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/process.h"

enum { ANEW = 42, TOO_LONG = 4 * 1024 * 1024 };

static char own_name[] = "test_process";

/* What the child ends with. */
static int
in_child(int (*run)(void))
{
	int status = 0;
	const pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
execute(void)
{
	char word[] = "anew", number[16];
	char *argv[] = { own_name, word, number, NULL };
	struct err err = { 0 };

	snprintf(number, sizeof(number), "%d",
	    open("/dev/null", O_RDONLY | O_CLOEXEC));
	process_execute_anew(argv, &err);
	return 1;
}

static void
the_same_program_runs_with_other_words(void **state)
{
	(void)state;
	assert_int_equal(in_child(execute), ANEW);
}

/* The kernel refuses so much; the caller hears why. */
static void
what_cannot_be_executed_is_said(void **state)
{
	char *word = xcalloc(TOO_LONG, 1);
	char *argv[] = { own_name, word, NULL };
	struct err err = { 0 };

	(void)state;
	memset(word, 'x', TOO_LONG - 1);
	assert_int_equal(process_execute_anew(argv, &err), -1);
	assert_int_not_equal(err.code, ERR_NONE);
	assert_non_null(strstr(err.msg, "cannot execute ronde anew"));
	free(word);
}

/* The new image: its name is the file's, its descriptors are closed. */
static int
check_anew(const char *number)
{
	char name[32] = "";
	FILE *comm;

	process_name_again();
	comm = fopen("/proc/self/comm", "re");
	if (!comm || !fgets(name, sizeof(name), comm))
		return 2;
	fclose(comm);
	if (strcmp(name, "test_process\n") != 0)
		return 3;
	return fcntl(atoi(number), F_GETFD) == -1 ? ANEW : 4;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_program_runs_with_other_words),
		TEST(what_cannot_be_executed_is_said),
	};

	if (argc == 3 && strcmp(argv[1], "anew") == 0)
		return check_anew(argv[2]);
	return RUN_TESTS(tests);
}
