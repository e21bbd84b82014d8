/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The side that has the keys: it starts ronde-reader, hands it the bytes of a
 * file and reads its answer.  It looks at no byte of the file itself.
 */
#include "checklists/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "checklists/reader_files.h"
#include "checklists/reader_frames.h"
#include "checklists/sheets.h"

enum { WALL_TIME_MS = 30000 };

static const char *program;

void
reader_set_program(const char *path)
{
	program = path;
}

/* The path of ronde-reader; the caller's to free. */
static char *
find_program(void)
{
	static const char name[] = "/ronde-reader";
	char path[PATH_MAX];
	ssize_t len;
	char *slash;

	if (program)
		return xstrdup(program);
	len = readlink("/proc/self/exe", path, sizeof(path) - sizeof(name));
	if (len > 0) {
		path[len] = '\0';
		slash = strrchr(path, '/');
		memcpy(slash, name, sizeof(name));
		if (access(path, X_OK) == 0)
			return xstrdup(path);
	}
	return xstrdup(PKGLIBEXECDIR "/ronde-reader");
}

/* The bytes in a file that is only memory, at its start; or -1. */
static int
make_input(const struct buf *in, struct err *err)
{
	const int fd = memfd_create("ronde-reader", MFD_CLOEXEC);

	if (fd < 0)
		return err_errno(err, _("cannot start the helper program"));
	if (file_write_all(fd, in->data, in->len, "ronde-reader", err) < 0 ||
	    lseek(fd, 0, SEEK_SET) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Starts it with `input` as 0, `output` as 1 and nothing else; -1: err. */
static pid_t
start(const char *kind, int input, int output, struct err *err)
{
	char *path = find_program();
	char *kind_copy = xstrdup(kind);
	char *lang = xstrdup(lang_code(i18n_lang()));
	char *const argv[] = { path, kind_copy, lang, NULL };
	char *const environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(
	    &actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	status = posix_spawn(&pid, path, &actions, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	if (status != 0) {
		errno = status;
		err_errno(err, _("cannot start the helper program %s"), path);
		pid = -1;
	}
	free(path);
	free(kind_copy);
	free(lang);
	return pid;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads to the end, or to the deadline, or to the limit. */
static int
read_answer(int fd, struct buf *answer, struct err *err)
{
	const int64_t deadline = now_ms() + WALL_TIME_MS;
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char piece[64 * 1024];
	ssize_t got;

	for (;;) {
		const int64_t left = deadline - now_ms();
		const int found = left > 0 ? poll(&ready, 1, (int)left) : 0;

		if (found < 0 && errno == EINTR)
			continue;
		if (found == 0)
			return err_set(err, ERR_LIMIT,
			    _("reading it takes too long, so it was stopped"));
		got = found < 0 ? -1 : read(fd, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(
			    err, _("cannot read from the helper program"));
		if (got == 0)
			return 0;
		buf_add(answer, piece, (size_t)got);
		if (buf_is_full(answer))
			return buf_check(answer, _("what it holds"), err);
	}
}

/* Says how it ended, where that was not well. */
static int
check_end(int status, struct err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return err_set(err, ERR_LIMIT,
		    _("reading it takes too long, so it was stopped"));
	if (WIFSIGNALED(status))
		return err_set(err, ERR_FORMAT,
		    _("the helper program ronde-reader died of it (signal "
		      "%d); the file is damaged or hostile"),
		    WTERMSIG(status));
	return err_set(err, ERR_IO,
	    _("the helper program ronde-reader could not do its work (status "
	      "%d)"),
	    WEXITSTATUS(status));
}

static int
end(pid_t pid, int result, struct err *err)
{
	int status = 0;
	pid_t ended;

	if (result < 0)
		kill(pid, SIGKILL);
	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	/* Where children are not waited for, the frames alone must tell. */
	if (result < 0 || ended < 0)
		return result;
	return check_end(status, err);
}

static int
run(const char *kind, const struct buf *in, struct buf *answer, struct err *err)
{
	const int input = make_input(in, err);
	int ends[2] = { -1, -1 }, result = -1;
	pid_t pid;

	if (input < 0)
		return -1;
	if (pipe2(ends, O_CLOEXEC) < 0) {
		err_errno(err, _("cannot start the helper program"));
		goto out;
	}
	pid = start(kind, input, ends[1], err);
	close(ends[1]);
	if (pid > 0) {
		result = read_answer(ends[0], answer, err);
		result = end(pid, result, err);
	}
	close(ends[0]);
out:
	close(input);
	return result;
}

static int
take_answer(const struct buf *answer, struct buf *out, struct reader_rows *rows,
    struct problems *problems, struct err *err)
{
	static const char greeting[] = READER_GREETING;
	const size_t len = sizeof(greeting) - 1;

	if (answer->len < len || memcmp(answer->data, greeting, len) != 0)
		return err_set(err, ERR_FORMAT,
		    _("the helper program ronde-reader is not the one that "
		      "belongs to this version"));
	return reader_frames_read(
	    answer->data + len, answer->len - len, out, rows, problems, err);
}

/* Adds "survey.csv 123", a line feed and the file's bytes, where it is. */
static int
add_file(const char *folder, const char *entry, struct buf *in, struct err *err)
{
	static const char *const names[] = { "survey.csv", "choices.csv",
		"settings.csv", "external_choices.csv", "entities.csv" };
	struct buf bytes = BUF_INIT;
	char *path;
	int result = 0;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcasecmp(entry, names[i]) != 0)
			continue;
		path = file_join(folder, entry);
		buf_init(&bytes, READER_INPUT_MAX);
		result = file_read(path, &bytes, err);
		buf_addf(in, "%s %zu\n", names[i], bytes.len);
		buf_add(in, bytes.data, bytes.len);
		buf_release(&bytes);
		free(path);
	}
	return result;
}

static int
read_folder(const char *path, struct buf *in, struct err *err)
{
	struct dirent **entries;
	const int count = scandir(path, &entries, NULL, alphasort);
	int result = 0;

	if (count < 0)
		return err_errno(err, _("cannot open %s"), path);
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = add_file(path, entries[i]->d_name, in, err);
		free(entries[i]);
	}
	free(entries);
	if (result == 0 && in->len == 0)
		return err_set(err, ERR_NOT_FOUND,
		    _("%s: the folder has no survey.csv"), path);
	return result < 0 ? -1 : buf_check(in, path, err);
}

/* Finds out what `path` is, and reads it. */
static int
read_source(
    const char *path, const char **kind, struct buf *in, struct err *err)
{
	const char *dot = strrchr(file_name(path), '.');
	struct stat stat_of;

	if (stat(path, &stat_of) < 0)
		return err_errno(err, _("cannot open %s"), path);
	if (S_ISDIR(stat_of.st_mode)) {
		*kind = "folder";
		return read_folder(path, in, err);
	}
	if (!S_ISREG(stat_of.st_mode))
		return err_set(err, ERR_UNSUPPORTED,
		    _("%s: not a file and not a folder"), path);
	*kind = "workbook";
	if (dot && strcasecmp(dot, ".csv") == 0)
		*kind = "csv";
	if (dot && strcasecmp(dot, ".xml") == 0)
		*kind = "xform";
	return file_read(path, in, err);
}

/* ---- files beside the form ---- */

/* Where the file of this name is beside `path`; NULL.  The caller's. */
static char *
find_beside(const char *path, const char *name)
{
	struct stat stat_of;
	char *folder, *file;

	if (stat(path, &stat_of) == 0 && S_ISDIR(stat_of.st_mode))
		folder = xstrdup(path);
	else if (file_name(path) == path)
		folder = xstrdup(".");
	else
		folder = xstrndup(path, (size_t)(file_name(path) - path));
	file = file_join(folder, name);
	free(folder);
	if (access(file, R_OK) == 0)
		return file;
	free(file);
	return NULL;
}

static int
add_file_beside(const char *path, const char *name, struct buf *out,
    struct problems *problems, struct err *err)
{
	char *file = find_beside(path, name);
	char *kind = xasprintf(FILE_MARK "%s", name);
	struct buf in = BUF_INIT, answer = BUF_INIT;
	int result = 0;

	/* The form says which row names a file that is not there. */
	if (file) {
		buf_init(&in, READER_INPUT_MAX);
		buf_init(&answer, READER_OUTPUT_MAX);
		result = file_read(file, &in, err);
		if (result == 0)
			result = run(kind, &in, &answer, err);
		if (result == 0)
			result = take_answer(&answer, out, NULL, problems, err);
		if (result < 0)
			err_wrap(err, "%s", file);
		buf_release(&answer);
		buf_release(&in);
	}
	free(kind);
	free(file);
	return result;
}

/* Adds the files that the sheets name, where they are. */
static int
add_files_beside(const char *path, struct buf *out, struct problems *problems,
    struct err *err)
{
	struct file_names names = { 0 };
	int result = file_names_find(&names, out->data, out->len, err);

	for (size_t i = 0; result == 0 && i < names.count; i++)
		result =
		    add_file_beside(path, names.list[i], out, problems, err);
	if (result == 0)
		result = buf_check(out, _("the sheets"), err);
	file_names_release(&names);
	return result;
}

int
reader_normalise_rows(const char *path, struct buf *out,
    struct reader_rows *rows, struct problems *problems, struct err *err)
{
	struct buf in = BUF_INIT, answer = BUF_INIT;
	const char *kind = "";
	int result;

	buf_init(&in, READER_INPUT_MAX);
	buf_init(&answer, READER_OUTPUT_MAX);
	result = read_source(path, &kind, &in, err);
	if (result == 0) {
		result = run(kind, &in, &answer, err);
		if (result == 0)
			result = take_answer(&answer, out, rows, problems, err);
		if (result < 0)
			err_wrap(err, "%s", path);
		else
			result = add_files_beside(path, out, problems, err);
	}
	buf_release(&answer);
	buf_release(&in);
	return result;
}

int
reader_normalise(const char *path, struct buf *out, struct problems *problems,
    struct err *err)
{
	struct reader_rows rows = { 0 };
	const int result =
	    reader_normalise_rows(path, out, &rows, problems, err);

	reader_rows_release(&rows);
	return result;
}

/* The column of the header, from 0; -1 where there is none or two. */
static int
column_of(const struct reader_sheet_rows *of, const char *header)
{
	const char *at = of->headers;
	int found = -1;

	for (size_t i = 0; i < of->column_count; i++) {
		if (strcmp(at, header) == 0 && found >= 0)
			return -1;
		if (strcmp(at, header) == 0)
			found = of->columns[i];
		at += strlen(at) + 1;
	}
	return found;
}

static void
show_place(const struct reader_sheet_rows *of, struct problem *problem)
{
	const int column = column_of(of, problem->column);

	if (problem->row > 0 && (size_t)problem->row <= of->count)
		problem->row = of->rows[problem->row - 1];
	if (problem->row > 0 && column >= 0)
		sheets_cell_name(problem->place, (size_t)column, problem->row);
}

void
reader_show_rows(
    const struct reader_rows *rows, struct problems *problems, size_t first)
{
	for (size_t i = first; i < problems->count; i++)
		for (size_t j = 0; j < rows->count; j++)
			if (strcmp(rows->list[j].sheet,
				problems->list[i].sheet) == 0)
				show_place(&rows->list[j], &problems->list[i]);
}
