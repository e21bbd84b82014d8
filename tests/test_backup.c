/* SPDX-License-Identifier: Apache-2.0 */
/* A backup is the whole vault, or it is not there. */
#include "tests/support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/backup.h"
#include "storage/blob.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/vault.h"
#include "storage/vault_header.h"

enum { MANY = 60 };

static char *folder, *path, *copy;
static struct secret *phrase;

static const struct vault_options options = { .cost = { 1, 8192 } };

static int
set_up(void **state)
{
	(void)state;
	folder = test_folder();
	path = file_join(folder, "v.ronde-vault");
	copy = file_join(folder, "v.backup");
	phrase = secret_take((char[]){ "correct horse" }, 13, true);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(folder);
	free(path);
	free(copy);
	secret_free(phrase);
	return 0;
}

static void
add_events(struct vault *vault, int count)
{
	struct err err = { 0 };

	for (int i = 0; i < count; i++) {
		json_t *body = json_pack("{s:i}", "n", i);

		log_append(
		    vault, "S-0123456789ABCDEF", "site", body, NULL, &err);
		assert_no_err(&err);
		json_decref(body);
	}
}

/* Open, with events some of which are in the WAL alone. */
static struct vault *
make_vault(void)
{
	struct secret *recovery = NULL;
	struct err err = { 0 };
	struct vault *vault =
	    vault_create(path, phrase, &options, &recovery, &err);

	assert_no_err(&err);
	secret_free(recovery);
	identity_create(vault, "Zoé", "Eau", ROLE_INSPECTOR, NULL, &err);
	assert_no_err(&err);
	add_events(vault, MANY);
	return vault;
}

static size_t
count_files(void)
{
	DIR *dir = opendir(folder);
	size_t count = 0;

	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));)
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

static void
assert_same_vault(struct vault *vault, const char *other)
{
	struct err err = { 0 };
	struct vault *opened = vault_open(other, phrase, &options, &err);
	struct vault_head head, found;
	struct hash digest, found_digest;

	assert_no_err(&err);
	head = vault_head(vault);
	found = vault_head(opened);
	assert_int_equal(found.count, head.count);
	assert_true(hash_equal(&found.hash, &head.hash));
	assert_string_equal(vault_id(opened), vault_id(vault));
	assert_int_equal(projection_digest(vault, &digest, &err), 0);
	assert_int_equal(projection_digest(opened, &found_digest, &err), 0);
	assert_true(hash_equal(&digest, &found_digest));
	vault_close(opened);
}

static void
a_backup_of_an_open_vault_holds_all_of_it(void **state)
{
	struct vault *vault = make_vault();
	struct err err = { 0 };

	(void)state;
	assert_int_equal(vault_backup(vault, copy, NULL, &err), 0);
	assert_no_err(&err);
	assert_same_vault(vault, copy);
	assert_int_equal(count_files(), 3); /* the vault, its WAL, the copy */
	add_events(vault, 1);               /* the vault goes on */
	assert_int_equal(vault_head(vault).count, MANY + 1);
	vault_close(vault);
}

static void
a_backup_is_complete_without_a_file_beside_it(void **state)
{
	struct vault *vault = make_vault();
	struct err err = { 0 };
	uint8_t bytes[VAULT_HEADER_BYTES];
	struct vault_copies copies;
	int fd;

	(void)state;
	assert_int_equal(vault_backup(vault, copy, NULL, &err), 0);
	fd = open(copy, O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, bytes, sizeof(bytes)), sizeof(bytes));
	close(fd);
	assert_int_equal(
	    vault_header_read(&copies, bytes, sizeof(bytes), copy, &err), 0);
	assert_int_equal(copies.count, 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(copies.headers[i].head.count, MANY);
		assert_int_equal(copies.headers[i].wal_frames, 0);
	}
	vault_close(vault);
}

static void
nothing_is_written_over(void **state)
{
	struct vault *vault = make_vault();
	char *text = file_join(folder, "notes.txt");
	char *wal = xasprintf("%s-wal", path);
	const char *const names[] = { path, wal, text };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(file_write(text, "x", 1, 0600, &err), 0);
	for (size_t i = 0; i < 3; i++) {
		err = (struct err){ 0 };
		assert_int_equal(vault_backup(vault, names[i], NULL, &err), -1);
		assert_int_equal(err.code, ERR_EXISTS);
	}
	assert_int_equal(count_files(), 3);
	vault_close(vault);
	free(text);
	free(wal);
}

struct stopping {
	int left;
	uint64_t last, total;
};

static int
step(void *arg, uint64_t done, uint64_t total)
{
	struct stopping *stopping = arg;

	assert_true(done >= stopping->last && done <= total);
	stopping->last = done;
	stopping->total = total;
	return stopping->left-- == 0;
}

static void
a_backup_that_is_stopped_leaves_nothing(void **state)
{
	struct vault *vault = make_vault();
	int steps = 0;

	(void)state;
	for (;; steps++) {
		struct stopping stopping = { .left = steps };
		const struct progress progress = { step, &stopping };
		struct err err = { 0 };

		if (vault_backup(vault, copy, &progress, &err) == 0)
			break;
		assert_int_equal(err.code, ERR_CANCELLED);
		assert_int_equal(count_files(), 2);
	}
	assert_true(steps >= 2); /* while copying, while reading back */
	assert_same_vault(vault, copy);
	vault_close(vault);
}

/* Changes one byte of a file. */
static void
damage(const char *file, off_t at)
{
	const int fd = open(file, O_RDWR | O_CLOEXEC);
	uint8_t byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static void
a_damaged_page_is_not_backed_up(void **state)
{
	struct vault *vault = make_vault();
	struct err err = { 0 };

	(void)state;
	assert_int_equal(vault_backup(vault, copy, NULL, &err), 0);
	unlink(copy);
	damage(path, VAULT_HEADER_BYTES + 4 * VAULT_PAGE_BYTES + 100);
	assert_int_equal(vault_backup(vault, copy, NULL, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "page 5"));
	assert_int_equal(count_files(), 2);
	vault_close(vault);
}

struct spoiling {
	off_t at;
};

/* When all of it was copied, a byte of the copy changes on its disk. */
static int
spoil(void *arg, uint64_t done, uint64_t total)
{
	struct spoiling *spoiling = arg;
	DIR *dir = opendir(folder);

	if (spoiling->at && 2 * done >= total) {
		for (const struct dirent *entry; (entry = readdir(dir));)
			if (strstr(entry->d_name, ".part-")) {
				char *name = file_join(folder, entry->d_name);

				damage(name, spoiling->at);
				free(name);
			}
		spoiling->at = 0;
	}
	closedir(dir);
	return 0;
}

static void
a_disk_that_forgets_is_noticed(void **state)
{
	struct vault *vault = make_vault();
	struct spoiling spoiling = { VAULT_HEADER_BYTES + 9000 };
	const struct progress progress = { spoil, &spoiling };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(vault_backup(vault, copy, &progress, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.msg, "does not read back"));
	assert_int_equal(count_files(), 2);
	vault_close(vault);
}

/* A file may not grow beyond 64 KiB: in a process of its own. */
static void
a_full_disk_leaves_nothing(void **state)
{
	struct vault *vault = make_vault();
	int status = 0;
	pid_t child;

	(void)state;
	fflush(stdout);
	child = fork();
	if (child == 0) {
		const struct rlimit limit = { 65536, 65536 };
		struct err err = { 0 };

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		_exit(vault_backup(vault, copy, NULL, &err) == -1 &&
			    err.code == ERR_IO
			? 0
			: 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(count_files(), 2);
	assert_int_equal(vault_head(vault).count, MANY);
	vault_close(vault);
}

/* No disk has room for 8 TiB, most of which is a hole here. */
static void
what_finds_no_room_is_told_before_it_is_copied(void **state)
{
	char *again = file_join(folder, "again.ronde-vault");
	struct vault *vault = make_vault();
	struct err err = { 0 };

	(void)state;
	assert_int_equal(vault_backup(vault, copy, NULL, &err), 0);
	vault_close(vault);
	if (truncate(copy, (off_t)8 << 40) == 0) {
		assert_null(
		    vault_restore(copy, again, phrase, &options, NULL, &err));
		assert_int_equal(err.code, ERR_FULL);
		assert_int_equal(count_files(), 2);
		vault = vault_open(copy, phrase, &options, &err);
		assert_int_equal(vault_backup(vault, again, NULL, &err), -1);
		assert_non_null(strstr(err.msg, "MiB free"));
		assert_int_equal(count_files(), 3); /* and the log of it */
		vault_close(vault);
	}
	free(again);
}

/* ---- restoring ---- */

static void
a_backup_comes_back_as_the_vault_it_was(void **state)
{
	char *again = file_join(folder, "again.ronde-vault");
	struct vault *vault = make_vault(), *restored;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(vault_backup(vault, copy, NULL, &err), 0);
	chmod(copy, 0400);
	restored = vault_restore(copy, again, phrase, &options, NULL, &err);
	assert_no_err(&err);
	assert_false(file_exists(again));
	restored = vault_settle(restored, again, phrase, &options, &err);
	assert_no_err(&err);
	vault_close(restored);
	assert_same_vault(vault, again);
	vault_close(vault);
	free(again);
}

/* Nobody made that copy but cp, after a crash. */
static void
a_copy_with_its_log_is_taken_whole(void **state)
{
	char *again = file_join(folder, "again.ronde-vault");
	char *wal = xasprintf("%s-wal", path);
	char *copy_wal = xasprintf("%s-wal", copy);
	struct vault *vault = make_vault(), *restored;
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	bytes.max = 64 << 20;
	assert_int_equal(file_read(path, &bytes, &err), 0);
	assert_int_equal(
	    file_write(copy, bytes.data, bytes.len, 0600, &err), 0);
	buf_clear(&bytes);
	assert_int_equal(file_read(wal, &bytes, &err), 0);
	assert_true(bytes.len > 0);
	assert_int_equal(
	    file_write(copy_wal, bytes.data, bytes.len, 0600, &err), 0);
	restored = vault_restore(copy, again, phrase, &options, NULL, &err);
	assert_no_err(&err);
	assert_int_equal(vault_head(restored).count, MANY);
	vault_discard(restored);
	assert_int_equal(count_files(), 4);
	buf_release(&bytes);
	vault_close(vault);
	free(again);
	free(wal);
	free(copy_wal);
}

static void
what_is_no_good_backup_is_refused(void **state)
{
	char *again = file_join(folder, "again.ronde-vault");
	char *text = file_join(folder, "notes.txt");
	char *none = file_join(folder, "none");
	struct vault *vault = make_vault();
	const struct {
		const char *file;
		enum err_code code;
	} cases[] = { { none, ERR_NOT_FOUND }, { folder, ERR_FORMAT },
		{ text, ERR_FORMAT }, { path, ERR_BUSY },
		{ copy, ERR_FORMAT } };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(vault_backup(vault, copy, NULL, &err), 0);
	damage(copy, VAULT_HEADER_BYTES + 10 * VAULT_PAGE_BYTES + 7);
	assert_int_equal(file_write(text, "notes", 5, 0600, &err), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err = (struct err){ 0 };
		assert_null(vault_restore(
		    cases[i].file, again, phrase, &options, NULL, &err));
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(count_files(), 4);
	}
	vault_close(vault);
	free(again);
	free(text);
	free(none);
}

/* A process that was killed: its events are in the log beside the file. */
static void
make_vault_with_log(void)
{
	struct vault *vault = make_vault();
	struct err err = { 0 };
	int status = 0;
	pid_t child;

	assert_int_equal(vault_backup(vault, copy, NULL, &err), 0);
	vault_close(vault);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		vault = vault_open(path, phrase, &options, &err);
		add_events(vault, 7);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

static void
assert_events(const char *at, uint64_t count)
{
	struct err err = { 0 };
	struct vault *vault = vault_open(at, phrase, &options, &err);

	assert_no_err(&err);
	assert_int_equal(vault_head(vault).count, count);
	vault_close(vault);
}

static void
a_vault_that_is_replaced_is_whole_under_its_dated_name(void **state)
{
	struct vault *vault, *holder;
	struct err err = { 0 };
	char *name = NULL;

	(void)state;
	make_vault_with_log();
	vault = vault_restore(copy, path, phrase, &options, NULL, &err);
	assert_no_err(&err);
	vault = vault_settle_over(vault, path, phrase, &options, &name, &err);
	assert_no_err(&err);
	assert_int_equal(vault_head(vault).count, MANY);
	vault_close(vault);
	assert_events(name, MANY + 7);
	assert_int_equal(count_files(), 3);
	/* In use it stays where it is, and nothing is left beside it. */
	holder = vault_open(path, phrase, &options, &err);
	free(name);
	name = NULL;
	vault = vault_restore(copy, path, phrase, &options, NULL, &err);
	assert_no_err(&err);
	assert_null(
	    vault_settle_over(vault, path, phrase, &options, &name, &err));
	assert_int_equal(err.code, ERR_BUSY);
	assert_null(name);
	vault_close(holder);
	assert_int_equal(count_files(), 3);
	assert_events(path, MANY);
}

/* ---- a file system where a file has one name only ---- */

static struct {
	bool one_name;    /* link(2) is refused */
	bool no_exchange; /* and so is changing names */
	int die_at;       /* the change of a name before which it is killed */
} names;

static void
change_of_name(void)
{
	if (names.die_at > 0 && --names.die_at == 0)
		_exit(9);
}

int
link(const char *from, const char *to)
{
	if (names.one_name) {
		errno = EPERM;
		return -1;
	}
	return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
rename(const char *from, const char *to)
{
	change_of_name();
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
renameat2(int from_at, const char *from, int to_at, const char *to,
    unsigned int flags)
{
	if (names.no_exchange && (flags & RENAME_EXCHANGE)) {
		errno = EINVAL;
		return -1;
	}
	change_of_name();
	return (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
}

int
unlink(const char *name)
{
	change_of_name();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, name, 0);
}

/* In another process, which is killed at the change `die_at`; 0: it ended. */
static int
replace_and_die(int die_at)
{
	const pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		struct err err = { 0 };
		char *name = NULL;
		struct vault *vault =
		    vault_restore(copy, path, phrase, &options, NULL, &err);

		names.die_at = die_at;
		vault = vault_settle_over(
		    vault, path, phrase, &options, &name, &err);
		vault_close(vault);
		free(name);
		_exit(vault ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
remove_all_files(void)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	while ((entry = readdir(dir))) {
		char *name = file_join(folder, entry->d_name);

		if (entry->d_name[0] != '.')
			unlink(name);
		free(name);
	}
	closedir(dir);
}

/* The events of the replaced vault, wherever it is. */
static uint64_t
events_of_the_old(void)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	uint64_t most = 0;

	while ((entry = readdir(dir))) {
		char *name = file_join(folder, entry->d_name);
		struct err err = { 0 };
		struct vault *vault =
		    strstr(entry->d_name, "-wal") || entry->d_name[0] == '.'
		    ? NULL
		    : vault_open(name, phrase, &options, &err);

		if (vault && vault_head(vault).count > most)
			most = vault_head(vault).count;
		vault_close(vault);
		free(name);
	}
	closedir(dir);
	return most;
}

static void
a_kill_while_a_vault_is_replaced_leaves_one_at_its_place(void **state)
{
	int ended = -1, at = 1;

	(void)state;
	names.one_name = true;
	for (; ended != 0 && at < 40; at++) {
		struct vault *vault;
		struct err err = { 0 };

		remove_all_files();
		make_vault_with_log();
		ended = replace_and_die(at);
		assert_true(ended == 0 || ended == 9);
		vault = vault_open(path, phrase, &options, &err);
		if (!vault)
			fail_msg("killed at %d: %s", at, err.msg);
		vault_close(vault);
		if (events_of_the_old() != MANY + 7)
			fail_msg("killed at %d: events are gone", at);
	}
	assert_int_equal(ended, 0);
	assert_true(at > 4);
	names.one_name = false;
}

static void
a_vault_is_replaced_where_names_cannot_change_in_one_step(void **state)
{
	(void)state;
	names.one_name = names.no_exchange = true;
	make_vault_with_log();
	assert_int_equal(replace_and_die(0), 0);
	assert_events(path, MANY);
	assert_int_equal(events_of_the_old(), MANY + 7);
	assert_int_equal(count_files(), 3);
	names.one_name = names.no_exchange = false;
}

/* Pages behind the end that take no room where they come from. */
static void
a_backup_made_larger_by_holes_is_not_copied(void **state)
{
	struct vault *vault = make_vault();
	struct err err = { 0 };
	char *other = file_join(folder, "other.ronde-vault");

	(void)state;
	assert_int_equal(vault_backup(vault, copy, NULL, &err), 0);
	vault_close(vault);
	assert_int_equal(truncate(copy, 1 << 30), 0);
	assert_null(vault_restore(copy, other, phrase, &options, NULL, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "has a hole at byte"));
	assert_int_equal(count_files(), 2);
	free(other);
}

/* What was written of one that was killed is not there for ever. */
static void
the_next_backup_removes_what_a_killed_one_left(void **state)
{
	char *part = xasprintf("%s.part-a1B2c3", copy);
	char *empty = xasprintf("%s.part-Zz0000", copy);
	char *others = xasprintf("%s.part-letter", copy);
	struct vault *vault = make_vault();
	struct err err = { 0 };
	int busy;

	(void)state;
	vault_backup(vault, part, NULL, &err);
	file_write(empty, "", 0, 0600, &err);
	file_write(others, "Dear Zoe", 8, 0600, &err);
	assert_no_err(&err);
	busy = open(empty, O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(busy, LOCK_EX), 0);
	vault_backup(vault, copy, NULL, &err);
	assert_no_err(&err);
	assert_false(file_exists(part));
	assert_true(file_exists(empty)); /* another one writes it */
	assert_true(file_exists(others));
	close(busy);
	assert_int_equal(unlink(copy), 0);
	vault_backup(vault, copy, NULL, &err);
	assert_no_err(&err);
	assert_false(file_exists(empty));
	assert_true(file_exists(others));
	vault_close(vault);
	free(part);
	free(empty);
	free(others);
}

/* The power is cut behind the renaming: the log of the other is still there. */
static void
the_log_of_a_replaced_vault_is_passed_over(void **state)
{
	char *place = file_join(folder, "v.ronde-vault.ronde-new");
	struct err err = { 0 };

	(void)state;
	make_vault_with_log();
	vault_close(vault_restore(copy, path, phrase, &options, NULL, &err));
	assert_no_err(&err);
	assert_int_equal(rename(place, path), 0);
	assert_events(path, MANY);
	free(place);
}

int
main(void)
{
#define BACKUP_TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		BACKUP_TEST(a_backup_of_an_open_vault_holds_all_of_it),
		BACKUP_TEST(a_backup_is_complete_without_a_file_beside_it),
		BACKUP_TEST(nothing_is_written_over),
		BACKUP_TEST(a_backup_that_is_stopped_leaves_nothing),
		BACKUP_TEST(a_damaged_page_is_not_backed_up),
		BACKUP_TEST(a_disk_that_forgets_is_noticed),
		BACKUP_TEST(a_full_disk_leaves_nothing),
		BACKUP_TEST(what_finds_no_room_is_told_before_it_is_copied),
		BACKUP_TEST(a_backup_comes_back_as_the_vault_it_was),
		BACKUP_TEST(a_copy_with_its_log_is_taken_whole),
		BACKUP_TEST(what_is_no_good_backup_is_refused),
		BACKUP_TEST(
		    a_vault_that_is_replaced_is_whole_under_its_dated_name),
		BACKUP_TEST(the_log_of_a_replaced_vault_is_passed_over),
		BACKUP_TEST(
		    a_kill_while_a_vault_is_replaced_leaves_one_at_its_place),
		BACKUP_TEST(
		    a_vault_is_replaced_where_names_cannot_change_in_one_step),
		BACKUP_TEST(a_backup_made_larger_by_holes_is_not_copied),
		BACKUP_TEST(the_next_backup_removes_what_a_killed_one_left),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
