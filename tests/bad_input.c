/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bad_input.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/command.h"
#include "tests/support.h"

#define CHECKLIST "checklists/critical-infrastructure.xlsx"

char *bad_folder;
char bad_visit[64];

/* ---- what must stay as it was ---- */

char *
bad_in_folder(const char *name)
{
	return file_join(bad_folder, name);
}

void
bad_write_bytes(const char *name, const void *bytes, size_t len)
{
	struct err err = { 0 };
	char *path = bad_in_folder(name);

	file_write(path, bytes, len, 0600, &err);
	assert_no_err(&err);
	free(path);
}

void
bad_write_text(const char *name, const char *text)
{
	bad_write_bytes(name, text, strlen(text));
}

void
bad_read_bytes(const char *name, struct buf *to)
{
	struct err err = { 0 };
	char *path = bad_in_folder(name);

	buf_init(to, BUF_MAX_BYTES);
	file_read(path, to, &err);
	assert_no_err(&err);
	free(path);
}

/* What is refused goes to the quarantine; that is no change. */
static bool
is_compared(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	    !strstr(name, "-wal") && !strstr(name, ".quarantine");
}

/* An opened vault writes its header anew; its state is compared instead. */
static bool
has_plain_bytes(const char *name, const char *path)
{
	struct stat info;

	return !strstr(name, ".ronde-vault") && stat(path, &info) == 0 &&
	    S_ISREG(info.st_mode);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in `where` that are compared; the caller's to free. */
static size_t
list_names(const char *where, char **names, size_t room)
{
	size_t count = 0;
	const struct dirent *entry;
	DIR *dir = opendir(where);

	while (dir && (entry = readdir(dir)))
		if (is_compared(entry->d_name)) {
			assert_true(count < room);
			names[count++] = xstrdup(entry->d_name);
		}
	if (dir)
		closedir(dir);
	qsort(names, count, sizeof(names[0]), by_name);
	return count;
}

/* Every other file in `where` with its bytes, as one text. */
static void
add_files(struct buf *to, const char *where)
{
	char *names[256];
	const size_t count = list_names(where, names, ARRAY_LEN(names));

	for (size_t i = 0; i < count; i++) {
		char *path = file_join(where, names[i]);
		struct err err = { 0 };

		buf_addf(to, "%s\n", names[i]);
		if (has_plain_bytes(names[i], path))
			file_read(path, to, &err);
		assert_no_err(&err);
		free(path);
		free(names[i]);
	}
}

static void
add_state(struct buf *to, const char *who)
{
	static const char *const words[] = { "site list", "checklist list",
		"trust list", "inspection list" };
	struct outcome outcome;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		command_run(&outcome, bad_folder, who, "%s --json", words[i]);
		assert_int_equal(outcome.code, 0);
		buf_add(to, outcome.out.data, outcome.out.len);
		outcome_release(&outcome);
	}
	command_run(
	    &outcome, bad_folder, who, "inspection show %s --json", bad_visit);
	assert_int_equal(outcome.code, 0);
	buf_add(to, outcome.out.data, outcome.out.len);
	outcome_release(&outcome);
}

/* NULL for `who`: only the files. */
struct buf
bad_snapshot(const char *who)
{
	struct buf all;
	char *disk;

	buf_init(&all, BUF_MAX_BYTES);
	if (who)
		add_state(&all, who);
	add_files(&all, bad_folder);
	disk = bad_in_folder("disk");
	add_files(&all, disk);
	free(disk);
	return all;
}

void
bad_assert_as_it_was(struct buf *before, const char *who, const char *words)
{
	struct buf after = bad_snapshot(who);

	if (after.len != before->len ||
	    memcmp(after.data, before->data, after.len) != 0)
		fail_msg("%s changed something", words);
	buf_release(before);
	buf_release(&after);
}

/* ---- what is said ---- */

void
bad_says(const char *who, const struct bad *bad)
{
	setenv("RONDE_LANG", "fr", 1);
	command_says(bad_folder, who, 1, bad->french, "%s", bad->words);
	setenv("RONDE_LANG", "en", 1);
	command_says(bad_folder, who, 1, bad->english, "%s", bad->words);
}

void
bad_refuses(const char *who, const struct bad *bad)
{
	struct buf before = bad_snapshot(who);

	bad_says(who, bad);
	bad_assert_as_it_was(&before, who, bad->words);
}

/* ---- three people on one mission ---- */

static void
copy(const char *from, const char *to)
{
	struct buf bytes;

	bad_read_bytes(from, &bytes);
	bad_write_bytes(to, bytes.data, bytes.len);
	buf_release(&bytes);
}

void
bad_copy_vault(const char *from, const char *to)
{
	char *names[] = { xasprintf("%s.ronde-vault", from),
		xasprintf("%s.ronde-vault", to), xasprintf("%s.pass", from),
		xasprintf("%s.pass", to) };

	copy(names[0], names[1]);
	copy(names[2], names[3]);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		free(names[i]);
}

void
bad_run(const char *who, const char *words)
{
	free(command_expect(bad_folder, who, 0, "%s", words));
}

void
bad_make_mission(void)
{
	char *id;

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_LANG", "en", 1);
	bad_folder = test_folder();
	command_make_vault(bad_folder, "amina", "authority");
	command_make_vault(bad_folder, "zoe", "inspector");
	command_make_vault(bad_folder, "koffi", "inspector");
	command_make_vault(bad_folder, "paul", "inspector");
	bad_run("amina", "trust add zoe.card");
	bad_run("amina", "trust add koffi.card");
	bad_run("zoe", "trust add amina.card");
	bad_run("koffi", "trust add amina.card");
	bad_run("amina", "site add --name 'Poste Kribi'");
	free(command_expect(bad_folder, "amina", 0, "checklist import %s",
	    test_build(CHECKLIST)));
	id = command_expect(bad_folder, "amina", 0,
	    "mission new --site Poste --checklist Infra --to zoe koffi");
	snprintf(bad_visit, sizeof(bad_visit), "%s", id);
	free(id);
	bad_run("amina", "export --to zoe --to koffi mission.ronde");
	bad_run("zoe", "import mission.ronde");
	bad_run("koffi", "import mission.ronde");
	bad_copy_vault("amina", "early");
	free(command_expect(bad_folder, "zoe", 0,
	    "inspection set %s a0/operator one", bad_visit));
	bad_run("zoe", "export --to amina zoe.ronde");
}

void
bad_set_answer(const char *who, const char *path_and_value)
{
	free(command_expect(bad_folder, who, 0, "inspection set %s %s",
	    bad_visit, path_and_value));
}

void
bad_write_sheet(const char *name, const char *text)
{
	char *path = bad_in_folder(name);

	if (text)
		bad_write_text(name, text);
	else
		unlink(path);
	free(path);
}

/* The words with VISIT and LONG written out; the caller's to free. */
char *
bad_write_out(const char *words)
{
	struct buf out = BUF_INIT;

	while (*words) {
		if (strncmp(words, "VISIT", 5) == 0) {
			buf_add_text(&out, bad_visit);
			words += 5;
		} else if (strncmp(words, "LONG", 4) == 0) {
			for (int i = 0; i < BAD_LONG + 1; i++)
				buf_add(&out, "x", 1);
			words += 4;
		} else {
			buf_add(&out, words++, 1);
		}
	}
	return buf_detach(&out);
}

void
bad_refuses_all(const char *who, const struct bad *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *words = bad_write_out(cases[i].words);

		bad_refuses(who,
		    &(struct bad){ words, cases[i].english, cases[i].french });
		free(words);
	}
}
