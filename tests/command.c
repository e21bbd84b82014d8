/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/command.h"

#include "tests/support.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

enum { WORDS_MAX = 64 };

void (*command_hook)(void);

/* Splits in place; a word may be in single quotes. */
static void
split_words(char *text, char *words[WORDS_MAX])
{
	size_t count = 0;

	words[count++] = text; /* the program's name is put here later */
	while (*text) {
		char end = ' ';

		while (*text == ' ')
			text++;
		if (!*text)
			break;
		if (*text == '\'') {
			end = '\'';
			text++;
		}
		assert_true(count + 1 < WORDS_MAX);
		words[count++] = text;
		text += strcspn(text, end == ' ' ? " " : "'");
		if (*text)
			*text++ = '\0';
	}
	words[count] = NULL;
}

static void
run_child(const char *folder, const char *who, char **words, const int files[2])
{
	char *vault = xasprintf("%s.ronde-vault", who);
	char *passphrase = xasprintf("%s.pass", who);
	/* Everybody has a computer of his own, copies of vaults too. */
	char *state = xasprintf("%s/%s", getenv("XDG_STATE_HOME"), who);
	const char *program = test_build("ronde");
	const int null = open("/dev/null", O_RDONLY);

	if (chdir(folder) < 0)
		_exit(126);
	dup2(null, STDIN_FILENO);
	dup2(files[0], STDOUT_FILENO);
	dup2(files[1], STDERR_FILENO);
	setenv("RONDE_VAULT", vault, 1);
	setenv("RONDE_PASSPHRASE_FILE", passphrase, 1);
	setenv("XDG_STATE_HOME", state, 1);
	words[0] = xstrdup("ronde");
	if (command_hook)
		command_hook();
	execv(program, words);
	_exit(127);
}

static void PRINTF_LIKE(4, 0) run(struct outcome *outcome, const char *folder,
    const char *who, const char *fmt, va_list args)
{
	int files[2] = { memfd_create("out", 0), memfd_create("err", 0) };
	struct err err = { 0 };
	char *text = NULL, *words[WORDS_MAX];
	int status = 0;
	pid_t child;

	assert_true(vasprintf(&text, fmt, args) >= 0);
	split_words(text, words);
	fflush(stdout);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		run_child(folder, who, words, files);
	assert_int_equal(waitpid(child, &status, 0), child);
	outcome->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	buf_init(&outcome->out, BUF_MAX_BYTES);
	buf_init(&outcome->err, BUF_MAX_BYTES);
	lseek(files[0], 0, SEEK_SET);
	lseek(files[1], 0, SEEK_SET);
	file_read_fd(files[0], "stdout", &outcome->out, &err);
	file_read_fd(files[1], "stderr", &outcome->err, &err);
	close(files[0]);
	close(files[1]);
	free(text);
}

void
command_run(struct outcome *outcome, const char *folder, const char *who,
    const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	run(outcome, folder, who, fmt, args);
	va_end(args);
}

void
outcome_release(struct outcome *outcome)
{
	buf_release(&outcome->out);
	buf_release(&outcome->err);
}

char *
command_expect(
    const char *folder, const char *who, int code, const char *fmt, ...)
{
	struct outcome outcome;
	va_list args;
	char *line;

	va_start(args, fmt);
	run(&outcome, folder, who, fmt, args);
	va_end(args);
	if (outcome.code != code)
		fail_msg("%s: %s: exit code %d, not %d: %s", who, fmt,
		    outcome.code, code, outcome.err.data);
	line = xstrndup(outcome.out.data, strcspn(outcome.out.data, "\n"));
	outcome_release(&outcome);
	return line;
}

void
command_says(const char *folder, const char *who, int code, const char *text,
    const char *fmt, ...)
{
	struct outcome outcome;
	va_list args;

	va_start(args, fmt);
	run(&outcome, folder, who, fmt, args);
	va_end(args);
	if (outcome.code != code || !strstr(outcome.err.data, text))
		fail_msg("%s: %s: exit code %d, not %d; \"%s\" is not in: %s",
		    who, fmt, outcome.code, code, text, outcome.err.data);
	outcome_release(&outcome);
}

void
command_make_vault(const char *folder, const char *who, const char *role)
{
	char *name = xasprintf("%s/%s.pass", folder, who);
	char *card = xasprintf("%s/%s.card", folder, who);
	struct outcome outcome;
	struct err err = { 0 };

	file_write(name, "open sesame\n", 12, 0600, &err);
	assert_no_err(&err);
	free(command_expect(folder, who, 0,
	    "init --name '%s' --organisation Ministère --role %s", who, role));
	command_run(&outcome, folder, who, "identity");
	assert_int_equal(outcome.code, 0);
	file_write(card, outcome.out.data, outcome.out.len, 0600, &err);
	assert_no_err(&err);
	outcome_release(&outcome);
	free(name);
	free(card);
}
