/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum { NOBODY = 65534 };

static int
count_entries(const char *folder)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);
	int count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	return count;
}

static void
a_file_is_written_whole_and_read_back(void **state)
{
	static const char *const names[] = { "plain", "缅北禁地", "مفتش",
		"e\xcc\x81 and \xc3\xa9", "with\nline", "-rf" };
	char *folder = test_folder();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = file_join(folder, names[i]);
		struct buf text = BUF_INIT;
		struct err err = { 0 };
		struct stat found;

		assert_false(file_exists(path));
		file_write(path, "one", 3, 0600, &err);
		file_write(path, "a\0b", 3, 0600, &err);
		file_read(path, &text, &err);
		assert_no_err(&err);
		assert_int_equal(text.len, 3);
		assert_memory_equal(text.data, "a\0b", 3);
		assert_int_equal(stat(path, &found), 0);
		assert_int_equal(found.st_mode & 07777, 0600);
		assert_string_equal(file_name(path), names[i]);
		buf_release(&text);
		free(path);
	}
	assert_int_equal(count_entries(folder), (int)ARRAY_LEN(names));
	free(folder);
}

static void
a_name_that_is_too_long_is_an_error(void **state)
{
	char *folder = test_folder(), name[10001], *path;
	struct err err = { 0 };

	(void)state;
	memset(name, 'x', 10000);
	name[10000] = '\0';
	path = file_join(folder, name);
	assert_int_equal(file_write(path, "x", 1, 0600, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_int_equal(count_entries(folder), 0);
	free(path);
	free(folder);
}

static void
an_abandoned_file_leaves_the_old_one(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "a");
	struct new_file file = NEW_FILE_INIT;
	struct buf text = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	file_write(path, "old", 3, 0600, &err);
	assert_int_equal(file_begin(&file, path, 0600, &err), 0);
	file_write_all(file.fd, "half", 4, path, &err);
	assert_int_equal(count_entries(folder), 2);
	file_abandon(&file);
	file_abandon(&file);
	assert_int_equal(count_entries(folder), 1);
	file_read(path, &text, &err);
	assert_no_err(&err);
	assert_string_equal(text.data, "old");
	buf_release(&text);
	free(path);
	free(folder);
}

static void
a_full_disk_is_told_as_such(void **state)
{
	const int fd = open("/dev/full", O_WRONLY);
	struct err err = { 0 };

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, "x", 1, "a.txt", &err), -1);
	assert_int_equal(err.code, ERR_FULL);
	assert_non_null(strstr(err.msg, "cannot write a.txt: "));
	close(fd);
}

static void
a_disk_without_room_is_told_before(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "new");
	struct err err = { 0 };

	(void)state;
	assert_int_equal(file_check_room(path, 1, &err), 0);
	assert_int_equal(file_check_room("/proc/new", UINT64_MAX, &err), 0);
	assert_int_equal(file_check_room(path, UINT64_MAX / 2, &err), -1);
	assert_int_equal(err.code, ERR_FULL);
	assert_non_null(strstr(err.msg, path));
	free(path);
	free(folder);
}

/* Exit status: 0 when `path` is refused as it should be. */
static int
try_to_write(const char *path)
{
	struct err err = { 0 };

	if (geteuid() == 0 && (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
		return 2;
	if (file_write(path, "new", 3, 0600, &err) == 0)
		return 3;
	if (err.code != ERR_DENIED || !strstr(err.msg, path))
		return 4;
	return 0;
}

static void
a_read_only_folder_is_refused_and_left_alone(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "a");
	struct buf text = BUF_INIT;
	struct err err = { 0 };
	int status;
	pid_t pid;

	(void)state;
	file_write(path, "old", 3, 0644, &err);
	assert_int_equal(chmod(folder, 0555), 0);
	pid = fork();
	if (pid == 0)
		_exit(try_to_write(path));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(count_entries(folder), 1);
	file_read(path, &text, &err);
	assert_no_err(&err);
	assert_string_equal(text.data, "old");
	chmod(folder, 0700);
	buf_release(&text);
	free(path);
	free(folder);
}

static void
what_cannot_be_read_is_named(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "none");
	struct err err = { 0 };
	struct buf text;

	(void)state;
	buf_init(&text, 2);
	assert_int_equal(file_read(path, &text, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.msg, path));
	assert_int_equal(file_read(folder, &text, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	file_write(path, "abc", 3, 0600, &err);
	assert_int_equal(file_read(path, &text, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	buf_release(&text);
	free(path);
	free(folder);
}

static void
only_a_file_is_replaced(void **state)
{
	char *folder = test_folder(), *pipe = file_join(folder, "pipe");
	char *below = file_join(folder, "below");
	const char *const names[] = { pipe, below, "/dev/null" };
	struct err err = { 0 };
	struct stat found;

	(void)state;
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_int_equal(mkdir(below, 0700), 0);
	/* The device is only ever tried by whom it would not harm. */
	for (size_t i = 0; i < ARRAY_LEN(names) - (geteuid() == 0); i++) {
		assert_int_equal(file_write(names[i], "x", 1, 0600, &err), -1);
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(strstr(err.msg, names[i]));
	}
	assert_int_equal(stat(pipe, &found), 0);
	assert_true(S_ISFIFO(found.st_mode));
	assert_int_equal(count_entries(folder), 2);
	free(pipe);
	free(below);
	free(folder);
}

static void
folders_are_made_with_those_above(void **state)
{
	char *folder = test_folder(), *deep = file_join(folder, "a/b/c");
	char *file = file_join(folder, "a/file");
	char *below = file_join(file, "x");
	struct err err = { 0 };
	struct stat found;

	(void)state;
	assert_int_equal(file_make_folders(deep, &err), 0);
	assert_int_equal(file_make_folders(deep, &err), 0);
	assert_int_equal(stat(deep, &found), 0);
	assert_int_equal(found.st_mode & 07777, 0700);
	file_write(file, "", 0, 0600, &err);
	assert_int_equal(file_make_folders(below, &err), -1);
	assert_int_equal(file_make_folders(file, &err), -1);
	free(below);
	free(file);
	free(deep);
	free(folder);
}

static void
an_unlinked_file_has_no_name(void **state)
{
	char *folder = test_folder();
	struct err err = { 0 };
	char back[3];
	int fd;

	(void)state;
	fd = file_open_unlinked(folder, &err);
	assert_true(fd >= 0);
	assert_int_equal(count_entries(folder), 0);
	file_write_all(fd, "abc", 3, "x", &err);
	assert_no_err(&err);
	assert_int_equal(pread(fd, back, 3, 0), 3);
	assert_memory_equal(back, "abc", 3);
	close(fd);
	assert_int_equal(file_open_unlinked("/nonexistent", &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_written_whole_and_read_back),
		TEST(a_name_that_is_too_long_is_an_error),
		TEST(an_abandoned_file_leaves_the_old_one),
		TEST(a_full_disk_is_told_as_such),
		TEST(a_read_only_folder_is_refused_and_left_alone),
		TEST(what_cannot_be_read_is_named),
		TEST(only_a_file_is_replaced),
		TEST(folders_are_made_with_those_above),
		TEST(an_unlinked_file_has_no_name),
		TEST(a_disk_without_room_is_told_before),
	};

	return RUN_TESTS(tests);
}
