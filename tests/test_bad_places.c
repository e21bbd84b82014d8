/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disks, folders, locales and terminals that are not as one would wish: as
 * test_bad_input, with the real program in both languages.
 */
#include "tests/support.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/bad_input.h"
#include "tests/command.h"
#include "tests/vt.h"

enum { NOBODY = 65534 };

static const char list[] = "site list";

/* ---- locale and terminal ---- */

static const char *locale_of_child, *language_of_child;

/* As `env -i` would start it, but for what names the vault. */
static void
empty_environment(void)
{
	char *vault = xstrdup(getenv("RONDE_VAULT"));
	char *phrase = xstrdup(getenv("RONDE_PASSPHRASE_FILE"));

	clearenv();
	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_VAULT", vault, 1);
	setenv("RONDE_PASSPHRASE_FILE", phrase, 1);
	if (locale_of_child)
		setenv("LC_ALL", locale_of_child, 1);
	if (language_of_child)
		setenv("RONDE_LANG", language_of_child, 1);
}

static void
without_a_locale_messages_and_names_are_whole(void **state)
{
	static const struct {
		const char *locale, *language, *text;
	} cases[] = {
		{ NULL, NULL, "wrong passphrase for zoe.ronde-vault" },
		{ "C", NULL, "wrong passphrase" },
		{ "xx_YY.UTF-9", NULL, "wrong passphrase" },
		{ "fr_FR.UTF-8", NULL, "phrase secrète incorrecte pour" },
		{ "fr_FR", NULL, "phrase secrète incorrecte pour" },
		{ "C", "fr", "phrase secrète incorrecte pour" },
		{ "fr_FR.UTF-8", "en", "wrong passphrase" },
	};
	struct outcome outcome;

	(void)state;
	bad_write_text("wrong", "open barley\n");
	command_hook = empty_environment;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		locale_of_child = cases[i].locale;
		language_of_child = cases[i].language;
		command_says(bad_folder, "zoe", 1, cases[i].text,
		    "site list --passphrase-file wrong");
	}
	locale_of_child = language_of_child = NULL;
	bad_copy_vault("zoe", "bare");
	bad_run("bare", "site add --name '缅北禁地 é'");
	command_run(&outcome, bad_folder, "bare", list);
	command_hook = NULL;
	assert_non_null(strstr(outcome.out.data, "缅北禁地 é"));
	outcome_release(&outcome);
}

static void
a_terminal_that_cannot_draw_is_refused(void **state)
{
	static const struct {
		const char *term, *lang, *text;
	} cases[] = {
		{ "", "RONDE_LANG=en", "TERM is not set" },
		{ "", "RONDE_LANG=fr", "TERM n'est pas défini" },
		{ "no-such", "RONDE_LANG=en", "TERM=no-such, is not known" },
		{ "no-such", "RONDE_LANG=fr", "TERM=no-such, n'est pas connu" },
		{ "dumb", "RONDE_LANG=en", "TERM=dumb, has no screen" },
		{ "dumb", "RONDE_LANG=fr", "TERM=dumb, n'a pas d'écran" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char home[512];
		const char *const environment[] = { home, cases[i].lang,
			"LC_ALL=C.UTF-8", NULL };
		const char *const argv[] = { test_build("ronde"), NULL };
		struct vt *vt;

		snprintf(home, sizeof(home), "HOME=%s", bad_folder);
		vt = vt_start(&(struct vt_options){ .argv = argv,
		    .environment = environment,
		    .term = cases[i].term,
		    .cols = 160,
		    .no_mark = true });
		assert_int_equal(vt_wait_end(vt), 1);
		assert_shown(vt, cases[i].text);
		assert_shown(vt, "TERM=xterm ronde");
		vt_free(vt);
	}
	bad_says("zoe",
	    &(struct bad){ "", "the screens need a terminal",
		"les écrans demandent un terminal" });
}

static void
without_terminal(void)
{
	setsid();
	unsetenv("RONDE_PASSPHRASE_FILE");
}

static void
a_passphrase_needs_a_terminal_or_a_file(void **state)
{
	(void)state;
	command_hook = without_terminal;
	bad_says("zoe",
	    &(struct bad){ list,
		"there is no terminal to ask for the passphrase; use "
		"--passphrase-file",
		"il n'y a pas de terminal pour demander la phrase secrète ; "
		"utilisez" });
	command_hook = NULL;
}

/* ---- disks and folders ---- */

static bool
put_line(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY);
	const ssize_t put = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return put > 0;
}

static bool
map_as_root(const char *file, unsigned id)
{
	char map[64];

	snprintf(map, sizeof(map), "0 %u 1", id);
	return put_line(file, map);
}

/* Mounts of our own; who is not root is root among them alone. */
static bool
leave_name_space(void)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();

	if (unshare(CLONE_NEWNS | (uid ? CLONE_NEWUSER : 0)) < 0)
		return false;
	return uid == 0 ||
	    (put_line("/proc/self/setgroups", "deny") &&
		map_as_root("/proc/self/uid_map", uid) &&
		map_as_root("/proc/self/gid_map", gid));
}

/* A small disk of our own at `path`; false where the system allows none. */
static bool
mount_disk(const char *path)
{
	return mkdir(path, 0700) == 0 && leave_name_space() &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tmpfs", path, "tmpfs", 0, "size=600k") == 0;
}

static void
fill_disk(const char *path)
{
	static const char zeros[4096];
	char *name = file_join(path, "filler");
	const int fd = open(name, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	while (write(fd, zeros, sizeof(zeros)) > 0)
		;
	close(fd);
	free(name);
}

static const struct bad on_full_disk[] = {
	{ "init --name X --organisation Y --role inspector"
	  " --vault disk/new.ronde-vault",
	    "cannot make the vault disk/new.ronde-vault",
	    "il n'y a plus de place sur le disque ; libérez de la place" },
	{ "inspection set VISIT a0/operator full",
	    "a0/operator: the disk is full: nothing was changed; free some",
	    "a0/operator : le disque est plein : rien n'a été modifié ; "
	    "libérez" },
	{ "inspection set VISIT a0/operator full --evidence photo",
	    "the disk is full: nothing was changed", "le disque est plein" },
	{ "site add --name Full", "the disk is full: nothing was changed",
	    "le disque est plein" },
	{ "checklist import form", "the disk is full: nothing was changed",
	    "le disque est plein" },
	{ "import second-mission.ronde",
	    "No space left on device; free some space and try again",
	    "il n'y a plus de place sur le disque ; libérez de la place" },
	{ "export --to amina disk/out.ronde",
	    "cannot write disk/out.ronde: cannot write a temporary file: No "
	    "space left on device; free some space",
	    "impossible d'écrire disk/out.ronde" },
};

static const struct bad to_full_disk[] = {
	{ "export --to amina disk/out.ronde",
	    "cannot write disk/out.ronde: No space left on device; free some",
	    "impossible d'écrire disk/out.ronde : il n'y a plus de place" },
	{ "report VISIT --format html --lang fr --output disk/out.html",
	    "cannot write disk/out.html: No space left on device; free some",
	    "impossible d'écrire disk/out.html : il n'y a plus de place" },
};

static const struct bad on_read_only_disk[] = {
	{ list, "Read-only file system; choose a place that can be written",
	    "le disque est en lecture seule ; choisissez" },
	{ "init --name X --organisation Y --role inspector"
	  " --vault disk/new.ronde-vault",
	    "cannot make the vault disk/new.ronde-vault: Read-only file "
	    "system; choose",
	    "le disque est en lecture seule ; choisissez" },
};

static const struct bad to_read_only_disk[] = {
	{ "export --to amina disk/out.ronde",
	    "disk/out.ronde: Read-only file system; choose a place",
	    "disk/out.ronde : le disque est en lecture seule" },
	{ "report VISIT --format text --lang fr --output disk/out.text",
	    "disk/out.text: Read-only file system; choose a place",
	    "disk/out.text : le disque est en lecture seule" },
};

static void
a_full_or_read_only_disk_changes_nothing(void **state)
{
	char *disk = bad_in_folder("disk"), *form = bad_in_folder("form");
	struct err err = { 0 };

	(void)state;
	file_make_folders(form, &err);
	free(form);
	assert_no_err(&err);
	bad_write_sheet("form/survey.csv", "type,name,label\ntext,a,A\n");
	bad_write_text("photo", "a photo");
	bad_run("amina", "site add --name Second");
	bad_run(
	    "amina", "export --full --to zoe --to koffi second-mission.ronde");
	if (!mount_disk(disk)) {
		print_message("skipped: needs a disk of its own (tmpfs)\n");
		free(disk);
		skip();
	}
	bad_copy_vault("koffi", "disk/koffi");
	fill_disk(disk);
	bad_refuses_all("disk/koffi", on_full_disk, ARRAY_LEN(on_full_disk));
	bad_refuses_all("koffi", to_full_disk, ARRAY_LEN(to_full_disk));
	assert_int_equal(
	    mount("none", disk, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(on_read_only_disk); i++)
		bad_says("disk/koffi", &on_read_only_disk[i]);
	bad_refuses_all(
	    "koffi", to_read_only_disk, ARRAY_LEN(to_read_only_disk));
	assert_int_equal(umount(disk), 0);
	free(disk);
}

static void
write_to_full(void)
{
	dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
}

static void
a_list_that_cannot_be_written_is_no_success(void **state)
{
	(void)state;
	command_hook = write_to_full;
	bad_says("zoe",
	    &(struct bad){ list,
		"cannot write to standard output: No space left on device",
		"impossible d'écrire sur la sortie standard : il n'y a plus" });
	command_hook = NULL;
}

static void
become_nobody(void)
{
	if (setgid(NOBODY) < 0 || setuid(NOBODY) < 0)
		_exit(126);
}

static void
let_all(const char *name, mode_t mode)
{
	char *path = bad_in_folder(name);

	assert_int_equal(chmod(path, mode), 0);
	free(path);
}

static const struct bad in_read_only_folder[] = {
	{ list,
	    "cannot write beside shut/koffi.ronde-vault: its folder is "
	    "read-only or another's; put the vault where you may write",
	    "placez le coffre là où vous pouvez écrire" },
	{ "inspection set VISIT a0/operator x", "cannot write beside shut/",
	    "impossible d'écrire à côté de shut/" },
	{ "import mission.ronde", "cannot write beside shut/",
	    "impossible d'écrire à côté de shut/" },
	{ "init --name X --organisation Y --role inspector"
	  " --vault shut/new.ronde-vault",
	    "cannot make the vault shut/new.ronde-vault: Permission denied; "
	    "choose a place where you have the right to it",
	    "accès refusé ; choisissez un endroit" },
};

static void
a_read_only_folder_takes_nothing(void **state)
{
	char *path = bad_in_folder("shut");
	struct err err = { 0 };
	struct outcome outcome;
	struct buf before, after;
	bool runs;

	(void)state;
	file_make_folders(path, &err);
	bad_copy_vault("koffi", "shut/koffi");
	let_all("", 0755);
	let_all("shut/koffi.ronde-vault", 0666);
	let_all("shut/koffi.pass", 0644);
	let_all("mission.ronde", 0644);
	let_all("shut", 0555);
	bad_read_bytes("shut/koffi.ronde-vault", &before);
	command_hook = geteuid() ? NULL : become_nobody;
	command_run(&outcome, bad_folder, "shut/koffi", "--version");
	if (outcome.code == 126 || outcome.code == 127)
		print_message("skipped: needs a build that others may run\n");
	for (size_t i = 0;
	     outcome.code == 0 && i < ARRAY_LEN(in_read_only_folder); i++) {
		char *words = bad_write_out(in_read_only_folder[i].words);

		bad_says("shut/koffi",
		    &(struct bad){ words, in_read_only_folder[i].english,
			in_read_only_folder[i].french });
		free(words);
	}
	command_hook = NULL;
	bad_read_bytes("shut/koffi.ronde-vault", &after);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, before.len);
	let_all("shut", 0755);
	runs = outcome.code == 0;
	outcome_release(&outcome);
	buf_release(&before);
	buf_release(&after);
	free(path);
	if (!runs)
		skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_locale_messages_and_names_are_whole),
		TEST(a_terminal_that_cannot_draw_is_refused),
		TEST(a_passphrase_needs_a_terminal_or_a_file),
		TEST(a_list_that_cannot_be_written_is_no_success),
		TEST(a_read_only_folder_takes_nothing),
		/* Last: it takes the process into a name space of its own. */
		TEST(a_full_or_read_only_disk_changes_nothing),
	};

	bad_make_mission();
	return RUN_TESTS(tests);
}
