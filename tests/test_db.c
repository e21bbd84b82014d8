/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"

static struct db *
new_db(void)
{
	struct err err = { 0 };
	struct db *db = db_open(":memory:", NULL, NULL, &err);

	assert_no_err(&err);
	assert_int_equal(
	    db_exec(db, "CREATE TABLE t (a INTEGER PRIMARY KEY, b)", &err), 0);
	return db;
}

static void
put(struct db *db, int64_t number)
{
	struct err err = { 0 };
	struct db_query *query =
	    db_query(db, "INSERT INTO t (a) VALUES (?1)", &err);

	assert_non_null(query);
	db_bind_int(query, 1, number);
	assert_int_equal(db_run(query, &err), 0);
	assert_int_equal(db_changes(db), 1);
}

static int64_t
count(struct db *db)
{
	struct err err = { 0 };
	struct db_query *query = db_query(db, "SELECT count(*) FROM t", &err);
	int64_t rows;

	assert_int_equal(db_step(query, &err), 1);
	rows = db_int(query, 0);
	assert_int_equal(db_step(query, &err), 0);
	return rows;
}

static void
values_come_back_as_they_went_in(void **state)
{
	struct db *db = new_db();
	struct err err = { 0 };
	struct db_query *query =
	    db_query(db, "SELECT ?1, ?2, ?3, ?4, ?5", &err);
	size_t len = 99;

	(void)state;
	db_bind_text(query, 1, "缅北禁地");
	db_bind_int(query, 2, INT64_MIN);
	db_bind_blob(query, 3, "a\0b", 3);
	db_bind_blob(query, 4, "", 0);
	db_bind_text(query, 5, NULL);
	assert_int_equal(db_step(query, &err), 1);
	assert_string_equal(db_text(query, 0), "缅北禁地");
	assert_true(db_int(query, 1) == INT64_MIN);
	assert_memory_equal(db_blob(query, 2, &len), "a\0b", 3);
	assert_int_equal(len, 3);
	assert_false(db_is_null(query, 3));
	db_blob(query, 3, &len);
	assert_int_equal(len, 0);
	assert_true(db_is_null(query, 4));
	assert_int_equal(db_step(query, &err), 0);

	/* Asked for again, it has no values left. */
	query = db_query(db, "SELECT ?1", &err);
	assert_int_equal(db_step(query, &err), 1);
	assert_true(db_is_null(query, 0));
	db_close(db);
}

static void
a_bad_binding_fails_at_the_next_step(void **state)
{
	struct db *db = new_db();
	struct err err = { 0 };
	struct db_query *query =
	    db_query(db, "INSERT INTO t (a) VALUES (?1)", &err);

	(void)state;
	db_bind_int(query, 2, 1); /* there is no second parameter */
	db_bind_int(query, 1, 1);
	assert_int_equal(db_step(query, &err), -1);
	assert_int_not_equal(err.code, ERR_NONE);
	assert_int_equal(count(db), 0);
	db_close(db);
}

static void
transactions_nest_and_the_inner_one_can_be_taken_back(void **state)
{
	struct db *db = new_db();
	struct err err = { 0 };

	(void)state;
	assert_int_equal(db_begin(db, &err), 0);
	put(db, 1);
	assert_int_equal(db_begin(db, &err), 0);
	put(db, 2);
	db_rollback(db);
	assert_int_equal(db_begin(db, &err), 0);
	put(db, 3);
	assert_int_equal(db_commit(db, &err), 0);
	assert_true(db_in_transaction(db));
	assert_int_equal(db_commit(db, &err), 0);
	assert_false(db_in_transaction(db));
	assert_int_equal(count(db), 2);

	assert_int_equal(db_begin(db, &err), 0);
	assert_int_equal(db_begin(db, &err), 0);
	put(db, 4);
	assert_int_equal(db_commit(db, &err), 0);
	db_rollback(db);
	db_rollback(db); /* one too many does nothing */
	assert_int_equal(count(db), 2);
	assert_int_equal(db_commit(db, &err), -1);
	db_close(db);
}

/* What SQLite does by itself when the disk fails, done by hand. */
static void
nothing_is_written_after_the_transaction_was_lost(void **state)
{
	struct db *db = new_db();
	struct err err = { 0 };
	struct db_query *query;

	(void)state;
	assert_int_equal(db_begin(db, &err), 0);
	put(db, 1);
	assert_int_equal(db_exec(db, "ROLLBACK", &err), 0);
	query = db_query(db, "INSERT INTO t (a) VALUES (?1)", &err);
	db_bind_int(query, 1, 2);
	assert_int_equal(db_run(query, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_int_equal(db_exec(db, "INSERT INTO t (a) VALUES (3)", &err), -1);
	assert_int_equal(db_begin(db, &err), -1);
	assert_int_equal(db_commit(db, &err), -1);
	assert_int_equal(count(db), 0);
	assert_int_equal(db_begin(db, &err), 0);
	put(db, 4);
	assert_int_equal(db_commit(db, &err), 0);
	assert_int_equal(count(db), 1);
	db_close(db);
}

static void
add_one(void *arg)
{
	++*(int *)arg;
}

static void
only_the_outermost_commit_is_reported(void **state)
{
	struct db *db = new_db();
	struct err err = { 0 };
	int commits = 0;

	(void)state;
	db_on_commit(db, add_one, &commits);
	db_begin(db, &err);
	db_begin(db, &err);
	db_commit(db, &err);
	assert_int_equal(commits, 0);
	db_commit(db, &err);
	assert_int_equal(commits, 1);
	db_begin(db, &err);
	db_rollback(db);
	assert_int_equal(commits, 1);
	db_close(db);
}

static int
count_rows_nested(struct db *db, int depth)
{
	struct err err = { 0 };
	struct db_query *query = db_query_nested(db, "SELECT a FROM t", &err);
	int rows = 0;

	while (db_step(query, &err) > 0)
		rows += depth ? count_rows_nested(db, depth - 1) : 1;
	assert_no_err(&err);
	return rows;
}

static void
a_loop_may_run_inside_the_same_loop(void **state)
{
	struct db *db = new_db();

	(void)state;
	put(db, 1);
	put(db, 2);
	put(db, 3);
	assert_int_equal(count_rows_nested(db, 2), 27);
	db_close(db);
}

static void
what_would_undo_the_setup_is_refused(void **state)
{
	static const char *const refused[] = { "ATTACH 'other.db' AS other",
		"ATTACH ':memory:' AS other", "PRAGMA journal_mode = DELETE",
		"PRAGMA synchronous = OFF", "PRAGMA temp_store = FILE",
		"PRAGMA mmap_size = 1000000", "PRAGMA writable_schema = ON",
		"SELECT load_extension('x')", "SELECT \"no such column\"" };
	struct db *db = new_db();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct err err = { 0 };

		if (db_exec(db, refused[i], &err) == 0)
			fail_msg("allowed: %s", refused[i]);
	}
	struct err err = { 0 };

	assert_int_equal(db_exec(db, "PRAGMA user_version = 3", &err), 0);
	assert_int_equal(db_exec(db, "VACUUM", &err), 0);
	db_close(db);
}

static void
a_path_is_never_a_uri(void **state)
{
	char *folder = test_folder();
	struct err err = { 0 };
	struct db *db;

	(void)state;
	assert_int_equal(chdir(folder), 0);
	db = db_open("file:a.db?mode=memory", NULL, "CREATE TABLE t (a)", &err);
	assert_no_err(&err);
	db_close(db);
	assert_true(file_exists("./file:a.db?mode=memory"));
	free(folder);
}

static void
failures_say_what_is_wrong(void **state)
{
	static const struct {
		const char *setup, *sql;
		enum err_code code;
	} cases[] = {
		{ "PRAGMA query_only = ON", "INSERT INTO t (a) VALUES (1)",
		    ERR_DENIED },
		{ "PRAGMA max_page_count = 3",
		    "INSERT INTO t (b) VALUES (zeroblob(100000))", ERR_FULL },
		{ "INSERT INTO t (a) VALUES (1)",
		    "INSERT INTO t (a) VALUES (1)", ERR_CONFLICT },
		{ "SELECT 1", "INSERT INTO t (b) VALUES (zeroblob(1 << 30))",
		    ERR_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct db *db = new_db();
		struct err err = { 0 };

		assert_int_equal(db_exec(db, cases[i].setup, &err), 0);
		assert_int_equal(db_exec(db, cases[i].sql, &err), -1);
		assert_int_equal(err.code, cases[i].code);
		db_close(db);
	}
}

static void
a_file_of_another_kind_and_a_busy_one_are_told_apart(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "x.db");
	static const char text[] = "this is a text and not a database at all, "
				   "long enough to be taken for a header page "
				   "of one hundred bytes or more than that";
	struct err err = { 0 };
	struct db *db;

	(void)state;
	assert_int_equal(file_write(path, text, sizeof(text), 0600, &err), 0);
	db = db_open(path, NULL, "SELECT * FROM sqlite_schema", &err);
	assert_null(db);
	assert_int_equal(err.code, ERR_FORMAT);

	unlink(path);
	err = (struct err){ 0 };
	db = db_open(path, NULL,
	    "PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE t (a)", &err);
	assert_no_err(&err);
	assert_null(db_open(path, NULL, "SELECT * FROM t", &err));
	assert_int_equal(err.code, ERR_BUSY);
	db_close(db);
	free(path);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values_come_back_as_they_went_in),
		TEST(a_bad_binding_fails_at_the_next_step),
		TEST(transactions_nest_and_the_inner_one_can_be_taken_back),
		TEST(nothing_is_written_after_the_transaction_was_lost),
		TEST(only_the_outermost_commit_is_reported),
		TEST(a_loop_may_run_inside_the_same_loop),
		TEST(what_would_undo_the_setup_is_refused),
		TEST(a_path_is_never_a_uri),
		TEST(failures_say_what_is_wrong),
		TEST(a_file_of_another_kind_and_a_busy_one_are_told_apart),
	};

	return RUN_TESTS(tests);
}
