/* SPDX-License-Identifier: Apache-2.0 */
/* ronde key, as people and scripts use it. */
#include "tests/support.h"

#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "tests/command.h"

static char *folder;

static void
put(const char *name, const char *text)
{
	char *path = file_join(folder, name);
	struct err err = { 0 };

	file_write(path, text, strlen(text), 0600, &err);
	assert_no_err(&err);
	free(path);
}

static char *
take(const char *name)
{
	char *path = file_join(folder, name);
	struct buf buf = BUF_INIT;
	struct err err = { 0 };

	file_read(path, &buf, &err);
	assert_no_err(&err);
	free(path);
	return buf_detach(&buf);
}

static int
shell(const char *command)
{
	char *line = xasprintf("cd %s && %s", folder, command);
	const int status = system(line);

	free(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Makes the vault of `who`; its code is in "<who>.code". */
static void
make_vault(const char *who)
{
	char *pass = xasprintf("%s.pass", who);

	put(pass, "open sesame\n");
	free(command_expect(folder, who, 0,
	    "init --name '%s' --organisation Ministère --role inspector "
	    "--recovery-file %s.code",
	    who, who));
	free(pass);
}

/* ---- a person at the terminal ---- */

struct line {
	const char *prompt, *answer; /* "@code": the code that was shown */
};

enum { SAID_MAX = 16384 };

static char said[SAID_MAX];

static void
start(const char *who, const char *words)
{
	char *vault = xasprintf("%s.ronde-vault", who);
	char *line = xasprintf("exec %s %s", test_build("ronde"), words);

	if (chdir(folder) != 0)
		_exit(126);
	setenv("RONDE_VAULT", vault, 1);
	unsetenv("RONDE_PASSPHRASE_FILE");
	execl("/bin/sh", "sh", "-c", line, (char *)NULL);
	_exit(127);
}

/* Reads until `text` is there behind `from`; false at the end. */
static bool
read_until(int terminal, const char *text, size_t from, size_t *len)
{
	for (;;) {
		ssize_t got;

		if (text && strstr(said + from, text))
			return true;
		assert_true(*len + 1 < SAID_MAX);
		got = read(terminal, said + *len, SAID_MAX - *len - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		*len += (size_t)got;
		said[*len] = '\0';
	}
}

static void
answer(int terminal, const char *text)
{
	if (strcmp(text, "@code") == 0) {
		const char *at = strstr(said, "Recovery code: ");

		assert_non_null(at);
		at += strlen("Recovery code: ");
		assert_true(write(terminal, at, 47) == 47);
	} else {
		assert_true(write(terminal, text, strlen(text)) >= 0);
	}
	assert_true(write(terminal, "\r", 1) == 1);
}

/* Answers each question; the exit code.  All that was said is in `said`. */
static int
talk(const char *who, const char *words, const struct line *lines)
{
	size_t len = 0, from = 0;
	int terminal, status;
	const pid_t child = forkpty(&terminal, NULL, NULL, NULL);

	assert_true(child >= 0);
	if (child == 0)
		start(who, words);
	said[0] = '\0';
	for (; lines->prompt; lines++) {
		if (!read_until(terminal, lines->prompt, from, &len))
			fail_msg(
			    "%s: no \"%s\" in: %s", words, lines->prompt, said);
		from = len;
		answer(terminal, lines->answer);
	}
	while (read_until(terminal, NULL, from, &len))
		;
	assert_int_equal(waitpid(child, &status, 0), child);
	close(terminal);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
opens_with(const char *who, int code, const char *pass)
{
	char *file = xasprintf("%s.pass", who);

	put(file, pass);
	free(command_expect(folder, who, code, "key list"));
	free(file);
}

static void
a_passphrase_is_changed_by_asking(void **state)
{
	static const struct line differ[] = { { "Passphrase: ", "open sesame" },
		{ "New passphrase: ", "one" }, { "again: ", "two" },
		{ NULL, NULL } };
	static const struct line wrong[] = { { "Passphrase: ", "sesame" },
		{ NULL, NULL } };
	static const struct line right[] = { { "Passphrase: ", "open sesame" },
		{ "New passphrase: ", "one" }, { "again: ", "one" },
		{ NULL, NULL } };

	(void)state;
	make_vault("ada");
	assert_int_equal(talk("ada", "key passphrase", wrong), 1);
	assert_non_null(strstr(said, "wrong passphrase for"));
	assert_int_equal(talk("ada", "key passphrase", differ), 1);
	assert_non_null(strstr(said, "the two passphrases differ"));
	opens_with("ada", 0, "open sesame\n");
	assert_int_equal(talk("ada", "key passphrase", right), 0);
	assert_null(strstr(said, "open sesame"));
	opens_with("ada", 1, "open sesame\n");
	opens_with("ada", 0, "one\n");
}

/* The old code holds until the new one was typed back. */
static void
a_new_code_is_asked_back_before_the_old_one_ends(void **state)
{
	static const struct line slips[] = { { "Passphrase: ", "open sesame" },
		{ "Type the recovery code: ", "1234" },
		{ "Type the recovery code: ", "5678" },
		{ "Type the recovery code: ", "9" }, { NULL, NULL } };
	static const struct line right[] = { { "Passphrase: ", "open sesame" },
		{ "Type the recovery code: ", "1234" },
		{ "Type the recovery code: ", "@code" }, { NULL, NULL } };

	(void)state;
	make_vault("bea");
	assert_int_equal(talk("bea", "key recovery --new", slips), 1);
	assert_non_null(strstr(said, "the old recovery code still holds"));
	put("bea.new", "open sesame\n");
	free(command_expect(folder, "bea", 0,
	    "key open --recovery --recovery-file bea.code "
	    "--new-passphrase-file bea.new"));
	assert_int_equal(talk("bea", "key recovery --new", right), 0);
	command_says(folder, "bea", 1, "this is not the recovery code",
	    "key open --recovery --recovery-file bea.code "
	    "--new-passphrase-file bea.new");
}

static void
a_forgotten_passphrase_is_set_anew_with_the_code(void **state)
{
	char *code, *typed;

	(void)state;
	make_vault("cleo");
	code = take("cleo.code");
	/* As people type it. */
	for (char *at = code; *at; at++)
		if (*at == '-')
			*at = ' ';
	typed = xasprintf("%.47s", code);
	{
		const struct line lines[] = { { "Type the recovery code: ",
						  typed },
			{ "New passphrase: ", "neu" }, { "again: ", "neu" },
			{ NULL, NULL } };

		assert_int_equal(talk("cleo", "key open --recovery", lines), 0);
	}
	opens_with("cleo", 1, "open sesame\n");
	opens_with("cleo", 0, "neu\n");
	free(typed);
	free(code);
}

/* ---- scripts ---- */

static json_t *
list_of(const char *who)
{
	struct outcome outcome;
	json_t *json;

	command_run(&outcome, folder, who, "key list --json");
	assert_int_equal(outcome.code, 0);
	json = json_loads(outcome.out.data, 0, NULL);
	assert_true(json_is_array(json));
	outcome_release(&outcome);
	return json;
}

static const char *
kind_of(const json_t *list, size_t index)
{
	return json_string_value(
	    json_object_get(json_array_get(list, index), "kind"));
}

static void
programme_keys_of_age_keygen_are_added_and_taken_away(void **state)
{
	char *pub;
	json_t *list;

	(void)state;
	if (!test_has_program("age-keygen"))
		skip();
	make_vault("dan");
	assert_int_equal(
	    shell("age-keygen -o dan.id 2>/dev/null && age-keygen -o other.id "
		  "2>/dev/null && age-keygen -y dan.id | tr -d '\\n' >dan.pub"),
	    0);
	pub = take("dan.pub");
	free(command_expect(folder, "dan", 0, "key programme --add %s", pub));
	command_says(folder, "dan", 1, "opens dan.ronde-vault already",
	    "key programme --add %s", pub);
	list = list_of("dan");
	assert_int_equal(json_array_size(list), 3);
	assert_string_equal(kind_of(list, 0), "passphrase");
	assert_string_equal(kind_of(list, 1), "recovery");
	assert_string_equal(kind_of(list, 2), "programme");
	assert_string_equal(json_string_value(json_object_get(
				json_array_get(list, 2), "recipient")),
	    pub);
	json_decref(list);
	put("dan.new", "neu\n");
	command_says(folder, "dan", 1, "this key opens no slot",
	    "key open --programme other.id --new-passphrase-file dan.new");
	free(command_expect(folder, "dan", 0,
	    "key open --programme dan.id --new-passphrase-file dan.new"));
	opens_with("dan", 0, "neu\n");
	free(
	    command_expect(folder, "dan", 0, "key programme --remove %s", pub));
	command_says(
	    folder, "dan", 1, "has no programme key", "key programme --remove");
	command_says(folder, "dan", 1, "this key opens no slot",
	    "key open --programme dan.id --new-passphrase-file dan.new");
	free(pub);
}

/* age -p asks at its terminal. */
static void
encrypt_identity(const char *command)
{
	size_t len = 0, from = 0;
	int terminal, status;
	const pid_t child = forkpty(&terminal, NULL, NULL, NULL);

	if (child == 0)
		_exit(shell(command));
	said[0] = '\0';
	while (read_until(terminal, "passphrase", from, &len) &&
	    read_until(terminal, ": ", from, &len)) {
		from = len;
		assert_true(write(terminal, "geheim\n", 7) == 7);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 0);
	close(terminal);
}

static void
an_encrypted_key_file_opens_as_well(void **state)
{
	static const char *const commands[] = {
		"age -p -o eva.age eva.id",
		"age -p -a -o eva.age eva.id",
	};
	char *pub;

	(void)state;
	if (!test_has_program("age") || !test_has_program("age-keygen"))
		skip();
	make_vault("eva");
	assert_int_equal(shell("age-keygen -o eva.id 2>/dev/null && "
			       "age-keygen -y eva.id | tr -d '\\n' >eva.pub"),
	    0);
	pub = take("eva.pub");
	put("eva.key", "geheim\n");
	put("eva.new", "open sesame\n");
	free(command_expect(folder, "eva", 0, "key programme --add %s", pub));
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		encrypt_identity(commands[i]);
		free(command_expect(folder, "eva", 0,
		    "key open --programme eva.age --key-passphrase-file "
		    "eva.key --new-passphrase-file eva.new"));
		command_says(folder, "eva", 1, "wrong passphrase for the age",
		    "key open --programme eva.age --key-passphrase-file "
		    "eva.new --new-passphrase-file eva.new");
	}
	free(pub);
}

static void
bad_use_is_refused_and_says_what_to_do(void **state)
{
	static const struct {
		int code;
		const char *words, *says;
	} cases[] = {
		{ 2, "key recovery", "--new is missing" },
		{ 2, "key programme", "either --add RECIPIENT or --remove" },
		{ 2, "key programme --add age1x --remove",
		    "either --add RECIPIENT or --remove" },
		{ 2, "key open", "either --recovery or --programme" },
		{ 1, "key programme --add age1nonsense",
		    "not a recipient of age, or mistyped" },
		{ 1, "key programme --remove", "has no programme key" },
		{ 1, "key open --programme nowhere", "cannot open nowhere" },
		{ 1, "key open --programme empty", "it holds no key" },
		{ 1, "key open --programme text", "line 2: not a secret key" },
		{ 1, "key open --programme large", "larger than any file" },
		{ 1, "key open --programme cut --key-passphrase-file fay.pass",
		    "cannot use the keys of cut" },
		{ 1, "key open --recovery --recovery-file text",
		    "of the recovery code is none that a code has" },
		{ 1, "key recovery --new --recovery-file fay.code",
		    "fay.code exists already" },
		{ 1, "key recovery --new --recovery-file fay.ronde-vault",
		    "fay.ronde-vault exists already" },
	};
	char *large = xcalloc(1, 70001);
	char *before, *after;

	(void)state;
	make_vault("fay");
	put("empty", "# created: today\n\n");
	put("text", "# a key\nlorem ipsum\n");
	put("cut", "age-encryption.org/v1\n-> scrypt ");
	memset(large, '#', 70000);
	put("large", large);
	before = take("fay.code");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		command_says(folder, "fay", cases[i].code, cases[i].says, "%s",
		    cases[i].words);
	after = take("fay.code");
	assert_string_equal(before, after);
	opens_with("fay", 0, "open sesame\n");
	free(before);
	free(after);
	free(large);
}

/* ---- renew ---- */

static void
a_renewed_vault_has_all_and_another_code(void **state)
{
	char *card, *renewed;

	(void)state;
	make_vault("gil");
	card = command_expect(folder, "gil", 0, "identity --json");
	free(command_expect(
	    folder, "gil", 0, "key renew --recovery-file gil.renewed"));
	renewed = command_expect(folder, "gil", 0, "identity --json");
	assert_string_equal(card, renewed);
	put("gil.new", "open sesame\n");
	command_says(folder, "gil", 1, "this is not the recovery code",
	    "key open --recovery --recovery-file gil.code "
	    "--new-passphrase-file gil.new");
	free(command_expect(folder, "gil", 0,
	    "key open --recovery --recovery-file gil.renewed "
	    "--new-passphrase-file gil.new"));
	/* Its file may not be there, so that no code is lost. */
	command_says(folder, "gil", 1, "the vault is as it was",
	    "key renew --recovery-file gil.renewed");
	command_says(
	    folder, "gil", 0, "sectors that are free", "key renew --json");
	free(card);
	free(renewed);
}

static void
a_code_that_is_not_typed_back_renews_nothing(void **state)
{
	static const struct line slips[] = { { "Passphrase: ", "open sesame" },
		{ "Type the recovery code: ", "1234" },
		{ "Type the recovery code: ", "5678" },
		{ "Type the recovery code: ", "9" }, { NULL, NULL } };
	static const struct line right[] = { { "Passphrase: ", "open sesame" },
		{ "Type the recovery code: ", "@code" }, { NULL, NULL } };
	char *copy = file_join(folder, "hal.ronde-vault.renew");

	(void)state;
	make_vault("hal");
	assert_int_equal(talk("hal", "key renew", slips), 1);
	assert_non_null(strstr(said, "the vault is as it was"));
	assert_false(file_exists(copy));
	opens_with("hal", 0, "open sesame\n");
	assert_int_equal(talk("hal", "key renew", right), 0);
	assert_non_null(strstr(said, "Renewing the key of the vault: "));
	opens_with("hal", 0, "open sesame\n");
	free(copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_passphrase_is_changed_by_asking),
		TEST(a_new_code_is_asked_back_before_the_old_one_ends),
		TEST(a_forgotten_passphrase_is_set_anew_with_the_code),
		TEST(programme_keys_of_age_keygen_are_added_and_taken_away),
		TEST(an_encrypted_key_file_opens_as_well),
		TEST(bad_use_is_refused_and_says_what_to_do),
		TEST(a_renewed_vault_has_all_and_another_code),
		TEST(a_code_that_is_not_typed_back_renews_nothing),
	};

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	folder = test_folder();
	return RUN_TESTS(tests);
}
