/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys_support.h"

#include "tests/support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/db.h"

enum { ROW_BYTES = 3000 };

const struct vault_options keys_options = {
	.cost = { 1, KDF_MEMORY_MIN },
};

struct secret *
keys_secret(const char *text)
{
	char *copy = xstrdup(text);
	struct secret *secret = secret_take(copy, strlen(text), true);

	free(copy);
	return secret;
}

struct secret *
keys_make(const char *path)
{
	struct secret *words = keys_secret("old"), *code = NULL;
	struct err err = { 0 };
	struct vault *vault =
	    vault_create(path, words, &keys_options, &code, &err);

	assert_no_err(&err);
	keys_add_rows(vault, 3);
	vault_close(vault);
	secret_free(words);
	return code;
}

struct vault *
keys_open(const char *path, const char *words, struct err *err)
{
	struct secret *secret = keys_secret(words);
	struct vault *vault = vault_open(path, secret, &keys_options, err);

	secret_free(secret);
	return vault;
}

/* Opened: what is in it is there.  Refused: as a wrong passphrase is. */
static bool
opens(struct vault *vault, const struct err *err)
{
	if (!vault) {
		if (err->code != ERR_AUTH)
			fail_msg("not a wrong passphrase: %s", err->msg);
		return false;
	}
	assert_true(keys_rows(vault) >= 3);
	vault_close(vault);
	return true;
}

bool
keys_passphrase_opens(const char *path, const char *words)
{
	struct err err = { 0 };
	struct vault *vault = keys_open(path, words, &err);

	return opens(vault, &err);
}

bool
keys_code_opens(const char *path, const struct secret *code)
{
	struct err err = { 0 };
	struct vault *vault =
	    vault_open_recovery(path, code, &keys_options, &err);

	return opens(vault, &err);
}

void
keys_add_rows(struct vault *vault, int count)
{
	struct err err = { 0 };
	uint8_t body[ROW_BYTES];

	db_exec(vault_db(vault),
	    "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, x)", &err);
	assert_int_equal(db_begin(vault_db(vault), &err), 0);
	for (int i = 0; i < count; i++) {
		struct db_query *query = db_query(
		    vault_db(vault), "INSERT INTO t (x) VALUES (?1)", &err);

		assert_non_null(query);
		random_bytes(body, sizeof(body));
		db_bind_blob(query, 1, body, sizeof(body));
		assert_int_equal(db_run(query, &err), 0);
	}
	assert_int_equal(db_commit(vault_db(vault), &err), 0);
}

int
keys_rows(struct vault *vault)
{
	struct err err = { 0 };
	struct db_query *query =
	    db_query(vault_db(vault), "SELECT count(x), max(id) FROM t", &err);
	int rows;

	assert_non_null(query);
	assert_int_equal(db_step(query, &err), 1);
	rows = (int)db_int(query, 0);
	assert_int_equal(db_int(query, 1), rows);
	db_reset(query);
	return rows;
}

uint8_t *
keys_read(const char *path, size_t *len)
{
	struct buf buf = BUF_INIT;
	struct err err = { 0 };

	file_read(path, &buf, &err);
	assert_no_err(&err);
	*len = buf.len;
	return (uint8_t *)buf_detach(&buf);
}

void
keys_write(const char *path, const void *bytes, size_t len)
{
	struct err err = { 0 };

	file_write(path, bytes, len, 0600, &err);
	assert_no_err(&err);
}

void
keys_patch(const char *path, size_t at, const void *bytes, size_t len)
{
	const int fd = open(path, O_RDWR);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, len, (off_t)at), len);
	close(fd);
}
