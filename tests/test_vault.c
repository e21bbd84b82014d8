/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/vault.h"
#include "storage/vault_header.h"
#include "storage/vault_slots.h"

/* Making, opening and closing a vault, and who may. */

static const char words[] = "cheval agrafe pile correcte";

static struct secret *
secret_text(const char *text)
{
	char *copy = xstrdup(text);
	struct secret *secret = secret_take(copy, strlen(text), true);

	free(copy);
	return secret;
}

static struct vault *
make(const char *path, struct secret **recovery, struct err *err)
{
	struct secret *pass = secret_text(words);
	struct vault *vault = vault_create(path, pass, NULL, recovery, err);

	secret_free(pass);
	return vault;
}

static struct vault *
open_by(const char *path, const char *text, struct err *err)
{
	struct secret *pass = secret_text(text);
	struct vault *vault = vault_open(path, pass, NULL, err);

	secret_free(pass);
	return vault;
}

static void
put(struct vault *vault, const char *text)
{
	struct err err = { 0 };
	struct db_query *query;

	db_exec(vault_db(vault), "CREATE TABLE IF NOT EXISTS t (text)", &err);
	assert_no_err(&err);
	query = db_query(vault_db(vault), "INSERT INTO t VALUES (?1)", &err);
	assert_non_null(query);
	db_bind_text(query, 1, text);
	assert_int_equal(db_run(query, &err), 0);
}

static int64_t
count(struct vault *vault, const char *text)
{
	struct err err = { 0 };
	struct db_query *query = db_query(
	    vault_db(vault), "SELECT count(*) FROM t WHERE text = ?1", &err);
	int64_t found;

	assert_non_null(query);
	db_bind_text(query, 1, text);
	assert_int_equal(db_step(query, &err), 1);
	found = db_int(query, 0);
	db_reset(query);
	return found;
}

static void
what_was_put_in_is_there_after_opening_again(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "v.ronde");
	struct err err = { 0 };
	struct secret *recovery = NULL;
	struct vault *vault = make(path, &recovery, &err);
	char id[33];

	(void)state;
	assert_no_err(&err);
	assert_non_null(vault);
	assert_string_equal(vault_path(vault), path);
	put(vault, "缅北禁地");
	snprintf(id, sizeof(id), "%s", vault_id(vault));
	vault_close(vault);
	vault = open_by(path, words, &err);
	assert_no_err(&err);
	assert_int_equal(count(vault, "缅北禁地"), 1);
	assert_string_equal(vault_id(vault), id);
	vault_close(vault);
	vault = vault_open_recovery(path, recovery, NULL, &err);
	assert_no_err(&err);
	assert_int_equal(count(vault, "缅北禁地"), 1);
	vault_close(vault);
	secret_free(recovery);
	free(path);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_put_in_is_there_after_opening_again),
	};
	struct err err = { 0 };

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}
