/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The promise of the status line: an answer that was acknowledged is there
 * after kill -9, at whatever moment, and nothing of it is on disk in clear.
 */
#include "tests/support.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/setup.h"
#include "base/file.h"
#include "base/mem.h"
#include "checklists/reader.h"
#include "inspections/inspection.h"
#include "inspections/site.h"
#include "storage/identity.h"
#include "storage/vault.h"

enum { KILLS = 200, LONGEST_LIFE_MS = 40 };

#define PASSPHRASE "correct horse"
#define SITE_NAME "Zone interdite 缅北禁地"
#define NOTE_TEXT "registre introuvable"
#define PATH "a1/people_served"
#define LABEL_TEXT "Nombre de personnes desservies"

struct place {
	char *folder, *vault;
	char inspection[ID_MAX];
};

static struct secret *
make_passphrase(void)
{
	char text[] = PASSPHRASE;

	return secret_take(text, strlen(text), true);
}

static struct vault *
open_vault(const struct place *place)
{
	struct secret *passphrase = make_passphrase();
	struct err err = { 0 };
	struct vault *vault =
	    vault_open(place->vault, passphrase, setup_vault_options(), &err);

	secret_free(passphrase);
	assert_no_err(&err);
	return vault;
}

static void
fill_vault(struct vault *vault, struct place *place, struct err *err)
{
	struct problems problems = { 0 };
	char site[ID_MAX];
	struct hash checklist;
	bool added;

	identity_create(vault, "Zoé", "Eau", ROLE_INSPECTOR, NULL, err);
	assert_no_err(err);
	site_add(vault, SITE_NAME, NULL, NULL, NULL, site, err);
	assert_no_err(err);
	checklist_import(vault,
	    test_build("checklists/critical-infrastructure.xlsx"), &problems,
	    &checklist, &added, err);
	problems_release(&problems);
	assert_no_err(err);
	inspection_new(vault, site, &checklist, place->inspection, err);
	assert_no_err(err);
}

static void
make_place(struct place *place)
{
	struct secret *passphrase = make_passphrase();
	struct secret *recovery = NULL;
	struct err err = { 0 };
	struct vault *vault;

	place->folder = test_folder();
	place->vault = file_join(place->folder, "v.ronde-vault");
	vault = vault_create(
	    place->vault, passphrase, setup_vault_options(), &recovery, &err);
	assert_no_err(&err);
	fill_vault(vault, place, &err);
	vault_close(vault);
	secret_free(recovery);
	secret_free(passphrase);
}

/* The child: answers for ever and says which answer the disk has. */
static void
answer_for_ever(const struct place *place, int pipe_end, int from)
{
	struct vault *vault = open_vault(place);
	struct err err = { 0 };
	struct inspection *inspection =
	    inspection_open(vault, place->inspection, &err);
	const struct item *item;

	if (!inspection)
		_exit(2);
	item = form_find(inspection_form(inspection), PATH, &err);
	for (int number = from;; number++) {
		char value[16];
		struct answer_draft draft = ANSWER_DRAFT_INIT;

		snprintf(value, sizeof(value), "%d", number);
		draft.value = value;
		draft.note = NOTE_TEXT;
		if (inspection_set(
			inspection, item->index, &draft, LANG_FR, &err) < 0)
			_exit(3);
		if (write(pipe_end, &number, sizeof(number)) !=
		    (ssize_t)sizeof(number))
			_exit(4);
	}
}

static int
saved_number(const struct place *place)
{
	struct vault *vault = open_vault(place);
	struct err err = { 0 };
	struct inspection *inspection =
	    inspection_open(vault, place->inspection, &err);
	const struct item *item;
	int number;

	assert_no_err(&err);
	item = form_find(inspection_form(inspection), PATH, &err);
	assert_no_err(&err);
	number = atoi(state_value(inspection_state(inspection), item->index));
	inspection_close(inspection);
	vault_close(vault);
	return number;
}

static bool
has_bytes(const struct buf *bytes, const char *text)
{
	return memmem(bytes->data, bytes->len, text, strlen(text)) != NULL;
}

/* Fails when a file of the vault's folder has a text in clear. */
static void
assert_nothing_in_clear(const struct place *place)
{
	static const char *const texts[] = { SITE_NAME, NOTE_TEXT, LABEL_TEXT,
		"people_served", "answer", "CREATE TABLE", "Zoé" };
	DIR *folder = opendir(place->folder);
	const struct dirent *entry;
	int files = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		char *path = file_join(place->folder, entry->d_name);
		struct buf bytes = BUF_INIT;
		struct err err = { 0 };

		if (entry->d_name[0] != '.') {
			file_read(path, &bytes, &err);
			assert_no_err(&err);
			for (size_t i = 0; i < ARRAY_LEN(texts); i++)
				if (has_bytes(&bytes, texts[i]))
					fail_msg("%s has \"%s\" in clear", path,
					    texts[i]);
			files++;
		}
		buf_release(&bytes);
		free(path);
	}
	closedir(folder);
	assert_true(files > 0);
}

/* Lets a child answer for a random while, kills it; the last number that it
 * acknowledged, or `from` - 1. */
static int
kill_one(const struct place *place, int from, bool look_at_disk)
{
	int ends[2], number, last = from - 1;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		answer_for_ever(place, ends[1], from);
	}
	close(ends[1]);
	/* The first acknowledgement, so that every kill meets a saving. */
	if (read(ends[0], &number, sizeof(number)) == (ssize_t)sizeof(number))
		last = number;
	poll(NULL, 0, rand() % LONGEST_LIFE_MS);
	if (look_at_disk)
		assert_nothing_in_clear(place);
	kill(child, SIGKILL);
	while (
	    read(ends[0], &number, sizeof(number)) == (ssize_t)sizeof(number))
		last = number;
	close(ends[0]);
	assert_int_equal(waitpid(child, &number, 0), child);
	assert_true(WIFSIGNALED(number));
	return last;
}

static void
no_acknowledged_answer_is_lost_by_kill_9(void **state)
{
	struct place place;
	int last = 0, total = 0;

	(void)state;
	make_place(&place);
	srand(20261123);
	for (int i = 0; i < KILLS; i++) {
		const int acknowledged =
		    kill_one(&place, last + 1, i % 20 == 0);

		last = saved_number(&place);
		assert_true(last >= acknowledged);
		assert_true(last <= acknowledged + 1);
		total = last;
	}
	assert_nothing_in_clear(&place);
	printf("%d kills, %d answers saved, 0 lost\n", KILLS, total);
	free(place.folder);
	free(place.vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_acknowledged_answer_is_lost_by_kill_9),
	};
	struct err err = { 0 };

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	reader_set_program(test_build("ronde-reader"));
	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
