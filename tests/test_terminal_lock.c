/* SPDX-License-Identifier: Apache-2.0 */
/* Locking the real program: what is left, and what comes back. */
#include "tests/terminal_support.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define LOCK "\x18" /* ^X */
#define PHRASE "correct horse"

/* ---- looking at the process ---- */

/* Of /proc/PID: NULs become spaces; the caller's to free. */
static char *
read_proc(struct vt *vt, const char *name)
{
	char path[64];
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)vt_pid(vt), name);
	file_read(path, &out, &err);
	assert_no_err(&err);
	for (size_t i = 0; i < out.len; i++)
		if (out.data[i] == '\0')
			out.data[i] = ' ';
	return buf_detach(&out);
}

static bool
proc_has(struct vt *vt, const char *name, const char *text)
{
	char *all = read_proc(vt, name);
	const bool found = strstr(all, text) != NULL;

	free(all);
	return found;
}

/* How many open files of the process have `text` in their path. */
static int
count_open(struct vt *vt, const char *text)
{
	char path[64];
	DIR *folder;
	const struct dirent *one;
	int count = 0;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)vt_pid(vt));
	folder = opendir(path);
	assert_non_null(folder);
	while ((one = readdir(folder))) {
		char target[LINE_ROOM];
		const ssize_t len = readlinkat(
		    dirfd(folder), one->d_name, target, sizeof(target) - 1);

		if (len < 0)
			continue;
		target[len] = '\0';
		count += strstr(target, text) != NULL;
	}
	closedir(folder);
	return count;
}

/* Its memory is the new image's alone. */
static void
assert_anew(struct vt *vt, const char *reason)
{
	assert_true(proc_has(vt, "cmdline", reason));
	assert_false(proc_has(vt, "cmdline", "phrase"));
	assert_true(proc_has(vt, "comm", "ronde"));
	assert_int_equal(count_open(vt, "ronde-vault"), 0);
	assert_true(proc_has(vt, "status", "SigBlk:	0000000000000000") ||
	    strstr(reason, "stop"));
}

static void
unlock(struct vt *vt)
{
	assert_shown(vt, "Passphrase");
	vt_enter(vt, PHRASE);
	assert_not_shown(vt, "Passphrase");
}

/* ---- what is left ---- */

static void
a_lock_executes_the_program_anew(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	assert_true(count_open(vt, "ronde-vault") > 0);
	assert_false(proc_has(vt, "cmdline", "--locked"));
	vt_send(vt, "\r");
	assert_shown(vt, "Is the fence closed");
	vt_send(vt, LOCK);
	assert_shown(vt, "The vault is locked");
	assert_not_shown(vt, "Poste");
	assert_true(vt_wrote(vt, ESC "[3J"));
	assert_anew(vt, "--locked key,en");
	/* The file with the passphrase did not open it again. */
	unlock(vt);
	assert_shown(vt, "Is the fence closed");
	vt_send(vt, LOCK);
	assert_anew(vt, "--locked key,en");
	unlock(vt);
	vt_send_only(vt, "\x11");
	assert_int_equal(vt_wait_end(vt), 0);
	assert_true(vt_is_sane(vt));
	vt_free(vt);
}

static void
what_is_typed_ahead_of_the_unlock_screen_is_never_shown(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	vt_send(vt, LOCK PHRASE "\r");
	assert_shown(vt, "Poste Nord");
	assert_false(vt_wrote(vt, PHRASE));
	assert_false(vt_wrote(vt, "horse"));
	vt_free(vt);
}

static void
while_it_is_stopped_the_memory_is_the_new_one(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	open_remarks(vt);
	vt_send_only(vt, "\x1a");
	vt_wait_stopped(vt);
	assert_anew(vt, "--locked stop,en");
	assert_true(vt_is_sane(vt)); /* for the shell */
	vt_continue(vt);
	vt_wait(vt);
	assert_false(vt_is_sane(vt));
	unlock(vt);
	assert_shown(vt, "Remarks");
	/* On the unlock screen, where a passphrase may be half typed. */
	vt_send(vt, LOCK "corr");
	kill(vt_pid(vt), SIGTSTP);
	vt_wait_stopped(vt);
	assert_anew(vt, "--locked stop,en");
	vt_continue(vt);
	vt_wait(vt);
	unlock(vt);
	vt_free(vt);
}

static void
it_ends_while_it_is_locked_or_stopped(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP };

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(signals); i++) {
		struct vt *vt = start_plain();

		if (i % 2) {
			vt_send_only(vt, "\x1a");
			vt_wait_stopped(vt);
			kill(vt_pid(vt), signals[i / 2]);
			vt_continue(vt);
		} else {
			vt_send(vt, LOCK);
			kill(vt_pid(vt), signals[i / 2]);
		}
		assert_int_equal(vt_wait_end(vt), 0);
		assert_true(vt_is_sane(vt));
		vt_free(vt);
	}
}

static void
the_size_the_language_and_the_light_are_kept(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	vt_send(vt, F8);
	vt_send(vt, F9);
	vt_resize(vt, 40, 120);
	vt_send(vt, LOCK);
	assert_shown(vt, "Phrase secrète");
	assert_anew(vt, "--locked key,fr,sun");
	vt_resize(vt, 30, 100);
	vt_wait(vt);
	vt_enter(vt, PHRASE);
	assert_shown(vt, "Poste Nord");
	assert_shown(vt, "F1 aide");
	vt_send(vt, F8);
	vt_free(vt);
}

/* ---- what comes back ---- */

/* Locks, unlocks; then all is as it was, the cursor too. */
static void
assert_comes_back(struct vt *vt)
{
	char *before = xstrdup(vt_screen(vt)), *after;
	int row, col, row_after, col_after;

	vt_cursor(vt, &row, &col);
	vt_send(vt, LOCK);
	unlock(vt);
	after = xstrdup(vt_screen(vt));
	vt_cursor(vt, &row_after, &col_after);
	/* When it was last saved is no longer said. */
	if (strcmp(strchr(before, '\n'), strchr(after, '\n')) != 0) {
		fprintf(stderr, "%s\n%s", before, after);
		fail_msg("what came back is not what was there");
	}
	assert_int_equal(row, row_after);
	assert_int_equal(col, col_after);
	free(before);
	free(after);
}

static void
what_is_half_typed_comes_back_with_its_cursor(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	open_remarks(vt);
	vt_send(vt, "\x15");
	vt_send(vt, "half typed 缅北 é");
	vt_send(vt, "\x02\x02\x02"); /* ^B */
	assert_comes_back(vt);
	assert_shown(vt, "not saved yet");
	vt_send(vt, "X");
	assert_shown(vt, "half typed 缅X北 é");
	/* Killed, it still comes back as the vault has it. */
	kill(vt_pid(vt), SIGKILL);
	assert_int_equal(vt_wait_end(vt), 128 + SIGKILL);
	vt_free(vt);
	vt = start_plain();
	assert_shown(vt, "half typed 缅北 é");
	assert_shown(vt, "not saved yet");
	vt_enter(vt, "");
	vt_send(vt, "\033[5~"); /* Page up: it is an answer now */
	assert_shown(vt, "half typed 缅北 é");
	assert_not_shown(vt, "not saved yet");
	kill(vt_pid(vt), SIGKILL);
	assert_int_equal(vt_wait_end(vt), 128 + SIGKILL);
	vt_free(vt);
	vt = start_plain(); /* and nothing is put over it */
	assert_shown(vt, "Zoé Œuvré");
	vt_free(vt);
}

static void
a_note_a_refusal_and_a_source_come_back(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	open_question(vt, "height", "Height of the fence");
	vt_send(vt, F2);
	vt_send(vt, "the first row\x0fthe second");
	assert_comes_back(vt);
	vt_send(vt, ESC);
	assert_shown(vt, "the first row");
	vt_send(vt, F3);
	assert_comes_back(vt);
	vt_send(vt, ESC);
	vt_send(vt, "\x15");
	vt_send(vt, "9999");
	vt_send(vt, "\r");
	assert_shown(vt, "must be between 0 and 1000");
	assert_comes_back(vt);
	assert_shown(vt, "must be between 0 and 1000");
	/* What is refused survives the end of the program, too. */
	kill(vt_pid(vt), SIGTERM);
	assert_int_equal(vt_wait_end(vt), 0);
	vt_free(vt);
	vt = start_plain();
	assert_shown(vt, "> 9999");
	vt_send(vt, ESC);
	assert_not_shown(vt, "9999");
	vt_send_only(vt, "\x11");
	assert_int_equal(vt_wait_end(vt), 0);
	vt_free(vt);
}

static void
every_screen_comes_back_as_it_stood(void **state)
{
	/* From home; the keys that lead there. */
	static const char *const ways[] = {
		"/no",        /* a search that finds one */
		"/no" DOWN,   /* and goes through it */
		"\r\t" DOWN,  /* the sections */
		"\r" F7 "ga", /* a question looked for */
		"\r" F7 "ga" DOWN DOWN,
		"\r" F12 DOWN DOWN DOWN,        /* the review */
		"\r" F12 F10 "Mme Traoré\tdir", /* half signed */
		"\r" F4,                        /* a file to attach */
		"s"
		"Poste Sud\t\tsec", /* a new site */
		"r"
		"\x15"
		"Poste N", /* a new name */
		"c",
		"p",
		"e",
	};
	struct vt *vt;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		vt = start_plain();
		vt_send(vt, ways[i]);
		assert_comes_back(vt);
		vt_free(vt);
		/* Nothing of it stays for the next start. */
		vt = start_plain();
		assert_shown(vt, "Zoé Œuvré");
		vt_free(vt);
	}
}

static void
undo_goes_on_after_a_lock(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	open_question(vt, "guards", "Are there guards?");
	vt_send(vt, "3");
	vt_send(vt, "1");
	assert_shown(vt, "(x) yes");
	vt_send(vt, LOCK);
	unlock(vt);
	assert_shown(vt, "(x) yes");
	vt_send(vt, "z");
	assert_shown(vt, "(x) no");
	vt_free(vt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lock_executes_the_program_anew),
		TEST(what_is_typed_ahead_of_the_unlock_screen_is_never_shown),
		TEST(while_it_is_stopped_the_memory_is_the_new_one),
		TEST(it_ends_while_it_is_locked_or_stopped),
		TEST(the_size_the_language_and_the_light_are_kept),
		TEST(what_is_half_typed_comes_back_with_its_cursor),
		TEST(a_note_a_refusal_and_a_source_come_back),
		TEST(every_screen_comes_back_as_it_stood),
		TEST(undo_goes_on_after_a_lock),
	};

	terminal_set_up(PHRASE, "Poste Nord");
	return RUN_TESTS(tests);
}
