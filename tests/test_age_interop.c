/* SPDX-License-Identifier: Apache-2.0 */
/* The real age and age-keygen, in both directions. */
#include "tests/support.h"

#include <errno.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/age.h"
#include "tests/age_help.h"

static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 200000 };

static char *folder;

/* Runs a command of the shell in the test's folder; its exit code. */
static int
shell(const char *command)
{
	char *line = xasprintf("cd %s && %s", folder, command);
	const int status = system(line);

	free(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
put(const char *name, const void *bytes, size_t len)
{
	char *path = file_join(folder, name);
	struct err err = { 0 };

	file_write(path, bytes, len, 0600, &err);
	assert_no_err(&err);
	free(path);
}

static void
take(const char *name, struct buf *out)
{
	char *path = file_join(folder, name);
	struct err err = { 0 };

	buf_clear(out);
	file_read(path, out, &err);
	assert_no_err(&err);
	free(path);
}

static void
assert_file_is(const char *name, const char *bytes, size_t len)
{
	struct buf read = BUF_INIT;

	take(name, &read);
	assert_int_equal(read.len, len);
	assert_memory_equal(read.data, bytes, len);
	buf_release(&read);
}

/* Writes key.txt with our identity. */
static struct secret *
put_identity(struct age_recipient *recipient)
{
	struct secret *identity = age_new_identity(recipient);
	struct secret *text = age_identity_write(identity);

	put("key.txt", text->data, text->len - 1);
	secret_free(text);
	return identity;
}

static void
stock_age_opens_our_files(void **state)
{
	struct age_recipient recipient;
	struct secret *identity;
	char *bytes = some_bytes(200000);

	(void)state;
	if (!test_has_program("age"))
		skip();
	identity = put_identity(&recipient);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct buf file = BUF_INIT;

		age_seal_bytes(&recipient, bytes, sizes[i], &file);
		put("ours.age", file.data, file.len);
		assert_int_equal(shell("age -d -i key.txt ours.age >clear"), 0);
		assert_file_is("clear", bytes, sizes[i]);
		buf_release(&file);
	}
	secret_free(identity);
	free(bytes);
}

/* The stock program's file, binary or in armour, opened with our key. */
static void
open_stock(
    const struct secret *identity, const char *bytes, size_t size, bool armored)
{
	struct buf file = BUF_INIT, binary = BUF_INIT, clear = BUF_INIT;
	struct err err = { 0 };

	put("clear", bytes, size);
	assert_int_equal(
	    shell(armored ? "age -a -i key.txt -e -o stock.age clear"
			  : "age -i key.txt -e -o stock.age clear"),
	    0);
	take("stock.age", &file);
	if (armored)
		age_dearmor(file.data, file.len, &binary, &err);
	else
		buf_add(&binary, file.data, file.len);
	assert_no_err(&err);
	age_open_bytes(identity, binary.data, binary.len, &clear, &err);
	assert_no_err(&err);
	assert_int_equal(clear.len, size);
	assert_memory_equal(clear.data, bytes, size);
	buf_release(&file);
	buf_release(&binary);
	buf_release(&clear);
}

static void
we_open_the_files_of_stock_age(void **state)
{
	struct age_recipient recipient;
	struct secret *identity;
	char *bytes = some_bytes(200000);

	(void)state;
	if (!test_has_program("age"))
		skip();
	identity = put_identity(&recipient);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		open_stock(identity, bytes, sizes[i], false);
		open_stock(identity, bytes, sizes[i], true);
	}
	secret_free(identity);
	free(bytes);
}

static void
age_keygen_reads_our_keys_as_we_do(void **state)
{
	struct age_recipient recipient;
	char line[AGE_TEXT_MAX + 1];
	struct secret *identity;

	(void)state;
	if (!test_has_program("age-keygen"))
		skip();
	identity = put_identity(&recipient);
	assert_int_equal(shell("age-keygen -y key.txt >public"), 0);
	age_recipient_write(&recipient, line);
	strcat(line, "\n");
	assert_file_is("public", line, strlen(line));
	secret_free(identity);
}

static void
we_read_the_keys_of_age_keygen(void **state)
{
	struct age_recipient recipient, ours;
	struct buf key = BUF_INIT, public = BUF_INIT;
	struct secret *identity;
	struct err err = { 0 };

	(void)state;
	if (!test_has_program("age-keygen"))
		skip();
	assert_int_equal(shell("age-keygen 2>/dev/null | tee all | "
			       "sed -n '/^AGE/p' | tr -d '\\n' >key && "
			       "age-keygen -y all | tr -d '\\n' >public"),
	    0);
	take("key", &key);
	take("public", &public);
	identity = age_identity_read(key.data, key.len, &err);
	assert_no_err(&err);
	age_recipient_of(identity, &ours);
	assert_int_equal(age_recipient_read(public.data, &recipient, &err), 0);
	assert_memory_equal(ours.key, recipient.key, AGE_KEY_BYTES);
	secret_free(identity);
	buf_release(&key);
	buf_release(&public);
}

/*
 * Stock age asks for a passphrase at its terminal only, twice where it writes
 * a file; the words are given once for every question.
 */
static int
with_terminal(const char *command, const char *words)
{
	char said[4096];
	int terminal, status;
	const pid_t child = forkpty(&terminal, NULL, NULL, NULL);

	assert_true(child >= 0);
	if (child == 0)
		_exit(shell(command));
	for (;;) {
		const ssize_t got = read(terminal, said, sizeof(said) - 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		said[got] = '\0';
		/* "Enter passphrase", "Confirm passphrase" end with a colon. */
		if (strstr(said, "passphrase") && strchr(said, ':'))
			assert_true(write(terminal, words, strlen(words)) > 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	close(terminal);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct secret *
the_words(void)
{
	char words[] = "battery horse";

	return secret_take(words, strlen(words), true);
}

static void
stock_age_opens_our_passphrase_files(void **state)
{
	struct secret *words = the_words();
	struct buf file = BUF_INIT;
	const struct byte_sink sink = buf_sink(&file);
	struct err err = { 0 };
	struct age_writer *writer;

	(void)state;
	if (!test_has_program("age"))
		skip();
	writer = age_encrypt_passphrase(words, 10, &sink, &err);
	assert_int_equal(age_write(writer, "a key", 5, &err), 0);
	assert_int_equal(age_finish(writer, &err), 0);
	put("ours.age", file.data, file.len);
	assert_int_equal(
	    with_terminal("age -d -o clear ours.age", "battery horse\n"), 0);
	assert_file_is("clear", "a key", 5);
	secret_free(words);
	buf_release(&file);
}

static void
we_open_the_passphrase_files_of_stock_age(void **state)
{
	struct secret *words = the_words();
	struct buf file = BUF_INIT, clear = BUF_INIT;
	struct memory memory = { 0 };
	const struct byte_source source = memory_source(&memory);
	struct err err = { 0 };
	struct age_reader *reader;

	(void)state;
	if (!test_has_program("age"))
		skip();
	put("clear", "a key", 5);
	assert_int_equal(
	    with_terminal("age -p -o stock.age clear", "battery horse\n"), 0);
	take("stock.age", &file);
	memory.bytes = file.data;
	memory.len = file.len;
	reader = age_decrypt_passphrase(words, &source, &err);
	assert_no_err(&err);
	assert_int_equal(age_read_all(reader, 100, &clear, &err), 0);
	assert_string_equal(clear.data, "a key");
	age_reader_free(reader);
	secret_free(words);
	buf_release(&file);
	buf_release(&clear);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stock_age_opens_our_files),
		TEST(we_open_the_files_of_stock_age),
		TEST(age_keygen_reads_our_keys_as_we_do),
		TEST(we_read_the_keys_of_age_keygen),
		TEST(stock_age_opens_our_passphrase_files),
		TEST(we_open_the_passphrase_files_of_stock_age),
	};
	struct err err = { 0 };
	int failed;

	if (crypto_init(&err) < 0)
		return 1;
	folder = test_folder();
	failed = RUN_TESTS(tests);
	free(folder);
	return failed;
}
