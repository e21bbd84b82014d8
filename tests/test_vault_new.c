/* SPDX-License-Identifier: Apache-2.0 */
/* A vault has its place only when its owner holds the recovery code. */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/identity.h"
#include "storage/vault.h"

static char *path, *beside;
static struct secret *phrase;

static const struct vault_options options = { .cost = { 1, 8192 } };

static int
set_up(void **state)
{
	char *folder = test_folder();

	(void)state;
	path = file_join(folder, "v.ronde-vault");
	beside = xasprintf("%s.ronde-new", path);
	phrase = secret_take((char[]){ "correct horse" }, 13, true);
	free(folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(path);
	free(beside);
	secret_free(phrase);
	return 0;
}

static struct vault *
begin(struct secret **recovery)
{
	struct err err = { 0 };
	struct vault *vault =
	    vault_begin(path, phrase, &options, recovery, &err);

	assert_no_err(&err);
	identity_create(vault, "Zoé", "Eau", ROLE_INSPECTOR, NULL, &err);
	assert_no_err(&err);
	return vault;
}

static void
a_settled_vault_opens_by_passphrase_and_by_code(void **state)
{
	struct secret *recovery = NULL;
	struct err err = { 0 };
	struct vault *vault = begin(&recovery);

	(void)state;
	assert_false(file_exists(path));
	vault = vault_settle(vault, path, phrase, &options, &err);
	assert_no_err(&err);
	assert_string_equal(vault_path(vault), path);
	assert_string_equal(identity_get(vault)->name, "Zoé");
	assert_false(file_exists(beside));
	vault_close(vault);
	vault = vault_open_recovery(path, recovery, &options, &err);
	assert_no_err(&err);
	vault_close(vault);
	secret_free(recovery);
}

static void
a_discarded_vault_leaves_nothing(void **state)
{
	struct secret *recovery = NULL;
	struct vault *vault = begin(&recovery);
	char *wal = xasprintf("%s-wal", beside);

	(void)state;
	vault_discard(vault);
	assert_false(file_exists(path));
	assert_false(file_exists(beside));
	assert_false(file_exists(wal));
	free(wal);
	secret_free(recovery);
}

/* A child begins a vault and is gone without a word. */
static void
begin_and_vanish(void)
{
	const pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct secret *recovery = NULL;

		begin(&recovery);
		_exit(0);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
what_an_interrupted_one_left_is_no_vault_and_in_nobodys_way(void **state)
{
	struct secret *recovery = NULL;
	struct err err = { 0 };
	struct vault *vault;

	(void)state;
	begin_and_vanish();
	assert_true(file_exists(beside));
	assert_false(file_exists(path));
	vault = begin(&recovery);
	vault = vault_settle(vault, path, phrase, &options, &err);
	assert_no_err(&err);
	vault_close(vault);
	secret_free(recovery);
}

static void
a_file_of_somebodys_that_has_its_name_is_kept(void **state)
{
	struct secret *recovery = NULL;
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	file_write(beside, "mine", 4, 0600, &err);
	assert_no_err(&err);
	assert_null(vault_begin(path, phrase, &options, &recovery, &err));
	assert_int_equal(err.code, ERR_EXISTS);
	err = (struct err){ 0 };
	file_read(beside, &bytes, &err);
	assert_no_err(&err);
	assert_string_equal(bytes.data, "mine");
	buf_release(&bytes);
	assert_false(file_exists(path));
}

static void
a_vault_that_is_there_is_never_touched(void **state)
{
	struct secret *recovery = NULL, *other = NULL;
	struct err err = { 0 };
	struct vault *vault = begin(&recovery);

	(void)state;
	file_write(path, "mine", 4, 0600, &err);
	assert_no_err(&err);
	assert_null(vault_begin(path, phrase, &options, &other, &err));
	assert_int_equal(err.code, ERR_EXISTS);
	err = (struct err){ 0 };
	assert_null(vault_settle(vault, path, phrase, &options, &err));
	assert_int_equal(err.code, ERR_EXISTS);
	assert_false(file_exists(beside));

	struct buf bytes = BUF_INIT;

	err = (struct err){ 0 };
	file_read(path, &bytes, &err);
	assert_no_err(&err);
	assert_string_equal(bytes.data, "mine");
	buf_release(&bytes);
	secret_free(recovery);
}

static void
one_that_another_process_is_making_is_left_alone(void **state)
{
	struct secret *recovery = NULL;
	struct vault *vault = begin(&recovery);
	int status = 0;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct secret *other = NULL;
		struct err err = { 0 };

		_exit(!vault_begin(path, phrase, &options, &other, &err) &&
			    err.code == ERR_BUSY
			? 0
			: 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(file_exists(beside));
	vault_discard(vault);
	secret_free(recovery);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_settled_vault_opens_by_passphrase_and_by_code),
		CASE(a_discarded_vault_leaves_nothing),
		CASE(
		    what_an_interrupted_one_left_is_no_vault_and_in_nobodys_way),
		CASE(a_file_of_somebodys_that_has_its_name_is_kept),
		CASE(a_vault_that_is_there_is_never_touched),
		CASE(one_that_another_process_is_making_is_left_alone),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
