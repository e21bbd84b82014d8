/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/vault.h"

/* A real vault in a real folder, and a process that is killed. */

enum { KILLS = 50 };

static const char marker[] = "Kivu-Perimeter-Fence-7341";

static struct secret *
passphrase(void)
{
	char text[] = "cheval agrafe pile correcte";

	return secret_take(text, sizeof(text) - 1, true);
}

static struct vault *
open_vault(const char *path)
{
	struct secret *pass = passphrase(), *recovery = NULL;
	struct err err = { 0 };
	struct vault *vault = file_exists(path)
	    ? vault_open(path, pass, NULL, &err)
	    : vault_create(path, pass, NULL, &recovery, &err);

	secret_free(pass);
	secret_free(recovery);
	if (!vault)
		fail_msg("%s", err.msg);
	return vault;
}

static int
add(struct vault *vault, long row, struct err *err)
{
	char text[128];
	struct db_query *query =
	    db_query(vault_db(vault), "INSERT INTO t VALUES (?1, ?2)", err);

	if (!query)
		return -1;
	snprintf(text, sizeof(text), "%s row %ld", marker, row);
	db_bind_int(query, 1, row);
	db_bind_text(query, 2, text);
	return db_run(query, err);
}

static long
rows_of(struct vault *vault)
{
	struct err err = { 0 };
	struct db_query *query =
	    db_query(vault_db(vault), "SELECT count(*), max(id) FROM t", &err);
	long rows;

	assert_non_null(query);
	assert_int_equal(db_step(query, &err), 1);
	rows = (long)db_int(query, 0);
	assert_int_equal(db_int(query, 1), rows); /* no gap */
	db_reset(query);
	return rows;
}

/* Writes rows and tells of each one that it has until it is killed. */
static void
write_until_killed(const char *path, int to, long from)
{
	struct vault *vault = open_vault(path);
	struct err err = { 0 };

	db_exec(vault_db(vault), "PRAGMA wal_autocheckpoint=20", &err);
	for (long row = from; add(vault, row, &err) == 0; row++)
		if (write(to, &row, sizeof(row)) != sizeof(row))
			break;
	_exit(1);
}

/* Looks for the marker in every file of `folder`; counts the files. */
static int
assert_nothing_in_clear(const char *folder)
{
	static const char *const texts[] = { marker, "Perimeter",
		"CREATE TABLE", "SQLite format" };
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int files = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char *path = file_join(folder, entry->d_name);
		struct buf buf = BUF_INIT;
		struct err err = { 0 };

		if (entry->d_name[0] != '.') {
			file_read(path, &buf, &err);
			assert_no_err(&err);
			files++;
		}
		for (size_t i = 0; i < ARRAY_LEN(texts); i++)
			if (memmem(
				buf.data, buf.len, texts[i], strlen(texts[i])))
				fail_msg("%s is in %s", texts[i], path);
		buf_release(&buf);
		free(path);
	}
	closedir(dir);
	return files;
}

/* Runs a writer for `rows` acknowledgements, kills it; the last row told. */
static long
kill_a_writer(const char *path, long from, int rows)
{
	int ends[2], status;
	long row = from - 1, told;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		write_until_killed(path, ends[1], from);
	}
	close(ends[1]);
	for (int i = 0; i < rows; i++) {
		assert_int_equal(
		    read(ends[0], &told, sizeof(told)), sizeof(told));
		row = told;
	}
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	while (read(ends[0], &told, sizeof(told)) == sizeof(told))
		row = told;
	close(ends[0]);
	return row;
}

static void
no_acknowledged_row_dies_with_the_process(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "v.ronde");
	struct vault *vault = open_vault(path);
	struct err err = { 0 };
	long rows = 0;

	(void)state;
	srandom(7);
	db_exec(vault_db(vault), "CREATE TABLE t (id INTEGER PRIMARY KEY, x)",
	    &err);
	assert_no_err(&err);
	vault_close(vault);
	for (int i = 0; i < KILLS; i++) {
		const long told =
		    kill_a_writer(path, rows + 1, 1 + (int)(random() % 60));

		assert_int_equal(assert_nothing_in_clear(folder), 2);
		vault = open_vault(path); /* a stale lock would refuse this */
		rows = rows_of(vault);
		if (rows < told || rows > told + 1)
			fail_msg("%ld told, %ld there", told, rows);
		assert_int_equal(assert_nothing_in_clear(folder), 2);
		vault_close(vault);
		assert_int_equal(assert_nothing_in_clear(folder), 1);
	}
	assert_true(rows > KILLS);
	free(path);
	free(folder);
}

/* A limit on the size of files is a disk that is full. */
static void
a_full_disk_is_said_and_nothing_is_lost(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "v.ronde");
	struct vault *vault = open_vault(path);
	struct rlimit limit, old;
	struct err err = { 0 };
	long rows = 0;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	db_exec(vault_db(vault), "CREATE TABLE t (id INTEGER PRIMARY KEY, x)",
	    &err);
	assert_no_err(&err);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 300 * 1024;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	while (rows < 10000 && add(vault, rows + 1, &err) == 0)
		rows++;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_true(rows > 10 && rows < 10000);
	assert_true(err.code == ERR_FULL || err.code == ERR_IO);
	memset(&err, 0, sizeof(err));
	assert_int_equal(rows_of(vault), rows);
	assert_int_equal(add(vault, rows + 1, &err), 0);
	vault_close(vault);
	vault = open_vault(path);
	assert_int_equal(rows_of(vault), rows + 1);
	vault_close(vault);
	free(path);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_acknowledged_row_dies_with_the_process),
		TEST(a_full_disk_is_said_and_nothing_is_lost),
	};
	struct err err = { 0 };

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}
