/* SPDX-License-Identifier: Apache-2.0 */
/* The real minisign, in both directions. */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/file.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "crypto/minisign.h"

static const size_t sizes[] = { 0, 1, 64, 65535, 65536, 65537, 131072, 200000 };

static char *folder;

static int
shell(const char *command)
{
	char *line = xasprintf("cd %s && %s >said 2>&1", folder, command);
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

/* Writes `size` bytes to the file `m`. */
static void
put_message(size_t size, uint8_t prehash[MINISIGN_PREHASH_BYTES])
{
	char *bytes = xcalloc(size + 1, 1);
	struct hasher hasher;

	memset(bytes, (int)(size % 251), size);
	put("m", bytes, size);
	hasher_begin_size(&hasher, MINISIGN_PREHASH_BYTES);
	hasher_add(&hasher, bytes, size);
	hasher_end(&hasher, prehash, MINISIGN_PREHASH_BYTES);
	free(bytes);
}

static void
minisign_takes_our_signatures(void **state)
{
	struct minisign_secret secret;
	struct minisign_public public_key;
	char text[MINISIGN_TEXT_MAX];

	(void)state;
	if (!test_has_program("minisign"))
		skip();
	minisign_new(&secret, &public_key);
	minisign_public_write(&public_key, text);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint8_t prehash[MINISIGN_PREHASH_BYTES];
		char *verify =
		    xasprintf("minisign -V -H -m m -x m.minisig -P %s", text);
		struct buf out = BUF_INIT;
		struct err err = { 0 };

		put_message(sizes[i], prehash);
		assert_int_equal(minisign_sign(&secret, prehash,
				     "R-0412-07 \xc3\xa9t\xc3\xa9", &out, &err),
		    0);
		put("m.minisig", out.data, out.len);
		assert_int_equal(shell(verify), 0);
		/* The same file with one byte more must not verify. */
		put_message(sizes[i] + 1, prehash);
		assert_int_not_equal(shell(verify), 0);
		free(verify);
		buf_release(&out);
	}
	minisign_secret_release(&secret);
}

/* A key pair of minisign without a password; the public line. */
static void
make_stock_key(struct minisign_public *public_key)
{
	struct buf text = BUF_INIT;
	struct err err = { 0 };
	char *line;

	assert_int_equal(shell("minisign -G -W -f -p pub -s sec"), 0);
	take("pub", &text);
	line = strchr(text.data, '\n') + 1;
	line[strcspn(line, "\n")] = '\0';
	minisign_public_read(line, public_key, &err);
	assert_no_err(&err);
	buf_release(&text);
}

/* What our code says of the signature in m.minisig. */
static enum err_code
check(const struct minisign_public *public_key,
    const uint8_t prehash[MINISIGN_PREHASH_BYTES])
{
	struct minisign_signature signature;
	struct buf text = BUF_INIT;
	struct err err = { 0 };

	take("m.minisig", &text);
	if (minisign_read(text.data, text.len, &signature, &err) == 0)
		(void)!minisign_check(public_key, prehash, &signature, &err);
	buf_release(&text);
	return err.code;
}

static void
we_take_the_signatures_of_minisign(void **state)
{
	struct minisign_public public_key;

	(void)state;
	if (!test_has_program("minisign"))
		skip();
	make_stock_key(&public_key);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint8_t prehash[MINISIGN_PREHASH_BYTES];

		put_message(sizes[i], prehash);
		assert_int_equal(
		    shell("minisign -S -H -s sec -m m -x m.minisig"), 0);
		assert_int_equal(check(&public_key, prehash), ERR_NONE);
		prehash[0] ^= 1;
		assert_int_equal(check(&public_key, prehash), ERR_AUTH);
		prehash[0] ^= 1;
		assert_int_equal(
		    shell("minisign -S -H -s sec -m m -x m.minisig "
			  "-t 'one comment' -c 'and another'"),
		    0);
		assert_int_equal(check(&public_key, prehash), ERR_NONE);
	}
}

static void
legacy_signatures_of_minisign_are_refused(void **state)
{
	struct minisign_public public_key;
	uint8_t prehash[MINISIGN_PREHASH_BYTES];

	(void)state;
	if (!test_has_program("minisign"))
		skip();
	make_stock_key(&public_key);
	put_message(100, prehash);
	assert_int_equal(shell("minisign -S -l -s sec -m m -x m.minisig"), 0);
	/* Stock minisign takes it, so it is the kind that is refused. */
	assert_int_equal(shell("minisign -V -p pub -m m -x m.minisig"), 0);
	assert_int_equal(check(&public_key, prehash), ERR_UNSUPPORTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(minisign_takes_our_signatures),
		TEST(we_take_the_signatures_of_minisign),
		TEST(legacy_signatures_of_minisign_are_refused),
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
