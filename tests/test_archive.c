/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/archive.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/make_zip.h"

static const struct archive_limits roomy = { 100, 1 << 20, 4 << 20 };

struct cursor {
	const char *data;
	size_t len, step;
};

static ssize_t
read_bytes(void *arg, void *to, size_t room, struct err *err)
{
	struct cursor *cursor = arg;
	size_t len = cursor->len < room ? cursor->len : room;

	(void)err;
	if (cursor->step && len > cursor->step)
		len = cursor->step;
	memcpy(to, cursor->data, len);
	cursor->data += len;
	cursor->len -= len;
	return (ssize_t)len;
}

static ssize_t
read_badly(void *arg, void *to, size_t room, struct err *err)
{
	(void)arg;
	(void)to;
	(void)room;
	return err_set(err, ERR_AUTH, "the source says no");
}

static int
write_bytes(void *arg, const void *from, size_t len, struct err *err)
{
	buf_add(arg, from, len);
	return buf_check(arg, "archive", err);
}

/* Reads all of `bytes`; the text is "name=content;" for each member. */
static int
read_all(enum archive_kind kind, const struct buf *bytes, size_t step,
    const struct archive_limits *limits, struct buf *text, struct err *err)
{
	struct cursor cursor = { bytes->data, bytes->len, step };
	const struct byte_source source = { read_bytes, &cursor };
	struct archive_reader *reader;
	const char *member;
	uint64_t size;
	int more;

	reader = archive_open(kind, "a.tar", &source, limits, err);
	if (!reader)
		return -1;
	while ((more = archive_next(reader, &member, &size, err)) > 0) {
		buf_addf(text, "%s=", member);
		if (archive_read_rest(reader, text, err) < 0) {
			more = -1;
			break;
		}
		buf_add_char(text, ';');
	}
	archive_close(reader);
	return more;
}

static void
pack(enum archive_kind kind, struct buf *out)
{
	const struct byte_sink sink = { write_bytes, out };
	struct err err = { 0 };
	struct archive_writer *writer =
	    archive_create(kind, "out", &sink, &err);

	assert_no_err(&err);
	assert_int_equal(
	    archive_add(writer, "manifest.json", "{}", 2, &err), 0);
	assert_int_equal(archive_add(writer, "empty", "", 0, &err), 0);
	archive_begin_member(writer, "blobs/a-1.bin", 6, &err);
	archive_write_some(writer, "abc", 3, &err);
	archive_write_some(writer, "def", 3, &err);
	assert_no_err(&err);
	assert_int_equal(archive_finish(writer, &err), 0);
}

static void
what_was_written_is_read_back(void **state)
{
	static const enum archive_kind kinds[] = { ARCHIVE_TAR,
		ARCHIVE_TAR_ZSTD };
	static const size_t steps[] = { 0, 1, 511 };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct buf bytes = BUF_INIT, text = BUF_INIT;
		struct err err = { 0 };

		pack(kinds[i % 2], &bytes);
		assert_int_equal(read_all(kinds[i % 2], &bytes, steps[i / 2],
				     &roomy, &text, &err),
		    0);
		assert_string_equal(
		    text.data, "manifest.json={};empty=;blobs/a-1.bin=abcdef;");
		buf_release(&bytes);
		buf_release(&text);
	}
}

static void
the_same_members_give_the_same_bytes(void **state)
{
	(void)state;
	for (int kind = ARCHIVE_TAR; kind <= ARCHIVE_TAR_ZSTD; kind++) {
		struct buf one = BUF_INIT, two = BUF_INIT;

		pack((enum archive_kind)kind, &one);
		pack((enum archive_kind)kind, &two);
		assert_int_equal(one.len, two.len);
		assert_memory_equal(one.data, two.data, one.len);
		buf_release(&one);
		buf_release(&two);
	}
}

/* Runs a shell command in `folder`; returns its first line of output. */
static char *
run(const char *folder, const char *command)
{
	char *line = xasprintf("cd '%s' && %s", folder, command);
	FILE *pipe = popen(line, "r");
	char text[256] = "";

	assert_non_null(pipe);
	if (!fgets(text, sizeof(text), pipe))
		text[0] = '\0';
	pclose(pipe);
	free(line);
	text[strcspn(text, "\n")] = '\0';
	return xstrdup(text);
}

static void
real_tar_and_zstd_open_it(void **state)
{
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };
	char *folder, *path, *text;

	(void)state;
	if (!test_has_program("tar") || !test_has_program("zstd"))
		skip();
	folder = test_folder();
	path = file_join(folder, "a.tar.zst");
	pack(ARCHIVE_TAR_ZSTD, &bytes);
	file_write(path, bytes.data, bytes.len, 0600, &err);
	assert_no_err(&err);
	text = run(folder,
	    "zstd -tq a.tar.zst && tar --zstd -xf a.tar.zst && "
	    "cat manifest.json blobs/a-1.bin && wc -c <empty");
	assert_string_equal(text, "{}abcdef0");
	free(text);
	free(path);
	free(folder);
	buf_release(&bytes);
}

/* Reads the archive that `command` writes to a file called `out`. */
static int
read_made(enum archive_kind kind, const char *command,
    const struct archive_limits *limits, struct err *err)
{
	struct buf bytes = BUF_INIT, text = BUF_INIT;
	char *folder = test_folder(), *path = file_join(folder, "out");
	int result;

	*err = (struct err){ 0 };
	free(run(folder, command));
	file_read(path, &bytes, err);
	assert_no_err(err);
	result = read_all(kind, &bytes, 0, limits, &text, err);
	buf_release(&bytes);
	buf_release(&text);
	free(path);
	free(folder);
	return result;
}

static void
only_plain_ustar_with_regular_files_is_taken(void **state)
{
	static const char start[] = "echo x >a; echo y >b; ln -s a l; ln a h; "
				    "mkdir d; echo z >d/z; "
				    "L=$(printf '%0120d' 0); echo q >$L; "
				    "tar --owner=0 --group=0 ";
	static const struct {
		const char *command, *said;
	} cases[] = {
		{ "-H ustar -cf out a b", NULL },
		{ "-H ustar -cf out d/z", NULL },
		{ "-H gnu -cf out a", "plain ustar" },
		{ "-H pax --pax-option=x=y -cf out a", "plain ustar" },
		{ "-H posix --mtime=@1.5 -cf out a", "plain ustar" },
		{ "-H gnu -cf out $L", "plain ustar" },
		{ "-H v7 -cf out a", "plain ustar" },
		{ "-H ustar -cf out l", "plain ustar" },
		{ "-H ustar -cf out a h", "plain ustar" },
		{ "-H ustar -cf out d", "plain ustar" },
		{ "-H ustar -cf out a b a --hard-dereference", "\"a\" twice" },
		{ "-H ustar -cf out ./a", "\"./a\" is not allowed" },
		{ "-P -H ustar -cf out d/../a", "\"d/../a\" is not allowed" },
		{ "-P -H ustar --transform 's,^,/tmp/,' -cf out a",
		    "\"/tmp/a\" is not allowed" },
		{ "-H ustar --transform 's,a,a b,' -cf out a",
		    "\"a b\" is not allowed" },
	};

	(void)state;
	if (!test_has_program("tar"))
		skip();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *command = xasprintf("%s%s", start, cases[i].command);
		struct err err;
		const int result =
		    read_made(ARCHIVE_TAR, command, &roomy, &err);

		if (cases[i].said &&
		    (result == 0 || err.code != ERR_FORMAT ||
			!strstr(err.msg, cases[i].said)))
			fail_msg("%s: %s", cases[i].command, err.msg);
		if (!cases[i].said)
			assert_no_err(&err);
		free(command);
	}
}

static void
a_bomb_ends_at_the_limit(void **state)
{
	static const struct archive_limits members = { 2, 1000, 1000 },
					   one = { 9, 1000, 100000 },
					   total = { 9, 1000, 1500 };
	static const char zeros[] =
	    "head -c 300000000 /dev/zero >a; tar -H ustar -cf - a | zstd -q "
	    ">out; rm a";
	struct err err;

	(void)state;
	if (!test_has_program("tar") || !test_has_program("zstd"))
		skip();
	assert_int_equal(read_made(ARCHIVE_TAR_ZSTD, zeros, &one, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_int_equal(
	    read_made(ARCHIVE_TAR, "touch a b c; tar -H ustar -cf out a b c",
		&members, &err),
	    -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_int_equal(
	    read_made(ARCHIVE_TAR,
		"head -c 900 /dev/zero >a; cp a b; tar -H ustar -cf out a b",
		&total, &err),
	    -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_int_equal(read_made(ARCHIVE_TAR_ZSTD,
			     "echo x >a; (tar -H ustar -cf - a; head -c "
			     "90000000 /dev/zero) | zstd -q >out",
			     &roomy, &err),
	    -1);
	assert_int_equal(err.code, ERR_LIMIT);
}

static void
cut_short_anywhere_is_noticed(void **state)
{
	(void)state;
	for (int kind = ARCHIVE_TAR; kind <= ARCHIVE_TAR_ZSTD; kind++) {
		struct buf whole = BUF_INIT;
		const size_t step = kind == ARCHIVE_TAR ? 64 : 1;

		pack((enum archive_kind)kind, &whole);
		for (size_t len = 0; len < whole.len; len += step) {
			struct buf cut = whole, text = BUF_INIT;
			struct err err = { 0 };

			cut.len = len;
			if (read_all((enum archive_kind)kind, &cut, 0, &roomy,
				&text, &err) == 0)
				fail_msg(
				    "kind %d cut to %zu was read", kind, len);
			assert_int_equal(err.code, ERR_FORMAT);
			buf_release(&text);
		}
		buf_release(&whole);
	}
}

static void
what_follows_the_end_is_refused(void **state)
{
	struct err err;

	(void)state;
	if (!test_has_program("tar"))
		skip();
	assert_int_equal(read_made(ARCHIVE_TAR,
			     "echo x >a; tar -H ustar -cf out a; echo y >>out",
			     &roomy, &err),
	    -1);
	assert_non_null(strstr(err.msg, "something follows"));
	assert_int_equal(
	    read_made(ARCHIVE_TAR,
		"echo x >a; tar -H ustar -cf one a; cat one one >out", &roomy,
		&err),
	    -1);
	assert_non_null(strstr(err.msg, "something follows"));
	assert_int_equal(read_made(ARCHIVE_TAR_ZSTD,
			     "echo x >a; tar -H ustar -cf out a", &roomy, &err),
	    -1);
	assert_int_equal(err.code, ERR_FORMAT);
}

static void
an_error_of_the_source_comes_through(void **state)
{
	const struct byte_source source = { read_badly, NULL };
	const char *member;
	uint64_t size;

	(void)state;
	for (int kind = ARCHIVE_TAR; kind <= ARCHIVE_TAR_ZSTD; kind++) {
		struct err err = { 0 };
		struct archive_reader *reader = archive_open(
		    (enum archive_kind)kind, "a", &source, &roomy, &err);

		if (reader)
			assert_int_equal(
			    archive_next(reader, &member, &size, &err), -1);
		assert_int_equal(err.code, ERR_AUTH);
		assert_string_equal(err.msg, "the source says no");
		archive_close(reader);
	}
}

static void
the_writer_refuses_bad_names_and_wrong_sizes(void **state)
{
	static const char *const bad[] = { "", ".", "..", "/a", "a/", "a//b",
		"a/../b", "./a", "é", "a b", "a\\b" };
	struct buf out = BUF_INIT;
	const struct byte_sink sink = { write_bytes, &out };
	struct err err = { 0 };
	struct archive_writer *writer =
	    archive_create(ARCHIVE_TAR, "out", &sink, &err);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		err = (struct err){ 0 };
		assert_int_equal(archive_add(writer, bad[i], "x", 1, &err), -1);
		assert_int_equal(err.code, ERR_FORMAT);
	}
	assert_int_equal(archive_add(writer, "a", "x", 1, &err), 0);
	assert_int_equal(archive_add(writer, "a", "x", 1, &err), -1);
	assert_int_equal(archive_begin_member(writer, "b", 2, &err), 0);
	assert_int_equal(archive_write_some(writer, "xyz", 3, &err), -1);
	assert_int_equal(archive_write_some(writer, "x", 1, &err), 0);
	assert_int_equal(archive_begin_member(writer, "c", 2, &err), -1);
	assert_int_equal(archive_finish(writer, &err), -1);
	buf_release(&out);
}

static int
join_zip(void *arg, const char *member, const char *data, size_t size,
    struct err *err)
{
	(void)err;
	buf_addf(arg, "%s=%.*s;", member, (int)size, data);
	return 0;
}

static void
a_zip_is_walked_within_its_limits(void **state)
{
	static const struct archive_limits few = { 2, 1000, 1500 };
	static const struct {
		struct made_file files[3];
		size_t less;
		enum err_code code;
		const char *said;
	} cases[] = {
		{ { { "a", "x", 0 }, { "d/", "", 0 }, { "d/b", "y", 0 } }, 0,
		    ERR_LIMIT, "more than 2 files" },
		{ { { "a", "x", 0 }, { "d/b", "y", 0 } }, 0, ERR_NONE,
		    "a=x;d/b=y;" },
		{ { { "a", "", 1001 } }, 0, ERR_LIMIT, "1000" },
		{ { { "a", "", 900 }, { "b", "", 900 } }, 0, ERR_LIMIT,
		    "bytes that are allowed" },
		{ { { "a", "", 900000000 } }, 0, ERR_LIMIT, "1000" },
		{ { { "a", "x", 0 }, { "a", "y", 0 } }, 0, ERR_FORMAT,
		    "\"a\" twice" },
		{ { { "../a", "x", 0 } }, 0, ERR_FORMAT, "not allowed" },
		{ { { "/a", "x", 0 } }, 0, ERR_FORMAT, "not allowed" },
		{ { { "a", "x", 500 } }, 30, ERR_FORMAT, "damaged" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf bytes = BUF_INIT, text = BUF_INIT;
		struct err err = { 0 };
		size_t count = 0;

		while (count < 3 && cases[i].files[count].name)
			count++;
		make_zip(&bytes, cases[i].files, count);
		archive_walk_zip(bytes.data, bytes.len - cases[i].less, "a.zip",
		    &few, join_zip, &text, &err);
		if (err.code != cases[i].code ||
		    !strstr(err.code ? err.msg : text.data, cases[i].said))
			fail_msg("case %zu: %s %s", i, err.msg, text.data);
		buf_release(&bytes);
		buf_release(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_is_read_back),
		TEST(the_same_members_give_the_same_bytes),
		TEST(real_tar_and_zstd_open_it),
		TEST(only_plain_ustar_with_regular_files_is_taken),
		TEST(a_bomb_ends_at_the_limit),
		TEST(cut_short_anywhere_is_noticed),
		TEST(what_follows_the_end_is_refused),
		TEST(an_error_of_the_source_comes_through),
		TEST(the_writer_refuses_bad_names_and_wrong_sizes),
		TEST(a_zip_is_walked_within_its_limits),
	};

	return RUN_TESTS(tests);
}
