/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "tests/storage_support.h"

/* Gives `size` bytes of a pattern, `step` at a time at most; then fails. */
struct pattern {
	size_t size, step, at;
	bool fails;
};

static ssize_t
read_pattern(void *arg, void *to, size_t room, struct err *err)
{
	struct pattern *pattern = arg;
	size_t len = pattern->size - pattern->at;

	if (len == 0 && pattern->fails)
		return err_set(err, ERR_IO, "the stick was pulled out");
	len = len < room ? len : room;
	len = len < pattern->step ? len : pattern->step;
	for (size_t i = 0; i < len; i++)
		((char *)to)[i] = (char)((pattern->at + i) * 31 >> 3);
	pattern->at += len;
	return (ssize_t)len;
}

static int
add_pattern(struct vault *vault, size_t size, size_t step, struct hash *digest,
    uint64_t *stored)
{
	struct pattern pattern = { .size = size, .step = step };
	const struct byte_source source = { read_pattern, &pattern };
	struct err err = { 0 };
	const int result = blob_add(vault, &source, digest, stored, &err);

	assert_no_err(&err);
	return result;
}

static int
take(void *arg, const void *from, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, from, len);
	return 0;
}

static int64_t
rows(struct vault *vault, const char *table)
{
	struct err err = { 0 };
	struct db *db = bare_vault_db(vault);
	struct db_query *query = strcmp(table, "blob") == 0
	    ? db_query(db, "SELECT count(*) FROM blob", &err)
	    : db_query(db, "SELECT count(*) FROM blob_chunk", &err);

	assert_int_equal(db_step(query, &err), 1);
	return db_int(query, 0);
}

static void
bytes_of_any_length_come_back(void **state)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 300000 };
	static const size_t steps[] = { 1 << 20, 65536, 1000 };
	struct vault *vault = bare_vault_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		for (size_t j = 0; j < ARRAY_LEN(steps); j++) {
			struct buf read = BUF_INIT;
			const struct byte_sink sink = { take, &read };
			struct hash digest, expected;
			struct err err = { 0 };
			uint64_t size = 1;

			add_pattern(vault, sizes[i], steps[j], &digest, &size);
			assert_int_equal(size, sizes[i]);
			blob_read(vault, &digest, &sink, &err);
			assert_no_err(&err);
			assert_int_equal(read.len, sizes[i]);
			expected = hash_of(read.data, read.len);
			assert_true(hash_equal(&digest, &expected));
			assert_int_equal(
			    blob_find(vault, &digest, &size, &err), 1);
			assert_int_equal(size, sizes[i]);
			buf_release(&read);
		}
	assert_int_equal(rows(vault, "blob"), ARRAY_LEN(sizes));
	assert_int_equal(rows(vault, "blob_chunk"), 0 + 1 + 1 + 1 + 2 + 5);
	bare_vault_free(vault);
}

static void
a_source_that_fails_leaves_nothing(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	struct pattern pattern = {
		.size = 200000, .step = 70000, .fails = true
	};
	const struct byte_source source = { read_pattern, &pattern };
	struct hash digest = { { 7 } };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(blob_add(vault, &source, &digest, NULL, &err), -1);
	assert_string_equal(err.msg, "the stick was pulled out");
	assert_int_equal(digest.bytes[0], 7);
	assert_int_equal(rows(vault, "blob"), 0);
	assert_int_equal(rows(vault, "blob_chunk"), 0);
	bare_vault_free(vault);
}

static void
what_is_too_large_is_refused(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	char *bytes = xcalloc(1, (size_t)FORM_BYTES_MAX + 1);
	struct hash digest;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(form_store_add(vault, bytes,
			     (size_t)FORM_BYTES_MAX + 1, &digest, &err),
	    -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_int_equal(rows(vault, "blob"), 0);
	free(bytes);
	bare_vault_free(vault);
}

static void
an_altered_chunk_is_noticed(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	struct buf read = BUF_INIT;
	const struct byte_sink sink = { take, &read };
	struct hash digest, unknown = { { 9 } };
	struct err err = { 0 };

	(void)state;
	add_pattern(vault, 100000, 100000, &digest, NULL);
	assert_int_equal(blob_find(vault, &unknown, NULL, &err), 0);
	assert_int_equal(blob_read(vault, &unknown, &sink, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	db_exec(bare_vault_db(vault),
	    "UPDATE blob_chunk SET bytes = zeroblob(34464) WHERE n = 1", &err);
	assert_int_equal(blob_read(vault, &digest, &sink, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	buf_release(&read);
	bare_vault_free(vault);
}

static void
only_files_are_taken_from_the_disk(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	char *folder = test_folder(), *path = file_join(folder, "photo.jpg");
	char *pipe = file_join(folder, "pipe");
	struct hash digest, expected = hash_of("photo", 5);
	struct err err = { 0 };
	uint64_t size;

	(void)state;
	assert_int_equal(file_write(path, "photo", 5, 0600, &err), 0);
	blob_add_file(vault, path, &digest, &size, &err);
	assert_no_err(&err);
	assert_true(hash_equal(&digest, &expected));
	assert_int_equal(size, 5);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(blob_add_file(vault, pipe, &digest, &size, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_int_equal(
	    blob_add_file(vault, folder, &digest, &size, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	unlink(path);
	assert_int_equal(blob_add_file(vault, path, &digest, &size, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	/* A sparse file larger than the limit is refused unread. */
	assert_int_equal(file_write(path, "", 0, 0600, &err), 0);
	assert_int_equal(truncate(path, (off_t)BLOB_BYTES_MAX + 1), 0);
	assert_int_equal(blob_add_file(vault, path, &digest, &size, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	free(path);
	free(pipe);
	free(folder);
	bare_vault_free(vault);
}

static int
count_form(void *arg, const struct hash *digest, struct err *err)
{
	(void)digest;
	(void)err;
	++*(int *)arg;
	return 0;
}

static void
checklists_are_listed_apart_from_evidence(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	struct hash one, two, evidence;
	struct buf read = BUF_INIT;
	struct err err = { 0 };
	int forms = 0;

	(void)state;
	add_pattern(vault, 100, 100, &evidence, NULL);
	form_store_add(vault, "survey,type", 11, &one, &err);
	form_store_add(vault, "survey,name", 11, &two, &err);
	form_store_add(vault, "survey,type", 11, &one, &err);
	form_store_each(vault, count_form, &forms, &err);
	assert_no_err(&err);
	assert_int_equal(forms, 2);
	form_store_read(vault, &one, &read, &err);
	assert_no_err(&err);
	assert_string_equal(read.data, "survey,type");
	assert_int_equal(form_store_read(vault, &evidence, &read, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_string_equal(read.data, "survey,type");
	buf_release(&read);
	bare_vault_free(vault);
}

static void
settings_are_kept_and_forgotten(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	struct err err = { 0 };
	char *value;

	(void)state;
	assert_null(setting_get(vault, "language"));
	assert_int_equal(setting_put(vault, "language", "fr", &err), 0);
	assert_int_equal(setting_put(vault, "language", "缅北禁地", &err), 0);
	value = setting_get(vault, "language");
	assert_string_equal(value, "缅北禁地");
	free(value);
	assert_int_equal(setting_put(vault, "language", NULL, &err), 0);
	assert_null(setting_get(vault, "language"));
	bare_vault_free(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_of_any_length_come_back),
		TEST(a_source_that_fails_leaves_nothing),
		TEST(what_is_too_large_is_refused),
		TEST(an_altered_chunk_is_noticed),
		TEST(only_files_are_taken_from_the_disk),
		TEST(checklists_are_listed_apart_from_evidence),
		TEST(settings_are_kept_and_forgotten),
	};

	return RUN_TESTS(tests);
}
