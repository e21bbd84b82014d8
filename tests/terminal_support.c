/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/terminal_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/tui_support.h"

char *home_folder, *form;

/* ---- a vault, made by the command line ---- */

static void
run(const char *arguments)
{
	char command[LINE_ROOM];

	snprintf(command, sizeof(command),
	    "HOME='%s' '%s' %s --passphrase-file '%s/phrase' >'%s/out' "
	    "2>'%s/messages'",
	    home_folder, test_build("ronde"), arguments, home_folder,
	    home_folder, home_folder);
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

static char *
last_output(void)
{
	struct buf out = BUF_INIT;
	struct err err = { 0 };
	char *path = file_join(home_folder, "out"), *text;

	file_read(path, &out, &err);
	assert_no_err(&err);
	free(path);
	text = buf_detach(&out);
	return text;
}

/* The first word of the last output that begins so. */
static void
find_word(const char *start, char *word, size_t room)
{
	char *text = last_output(), *found = strstr(text, start);

	assert_non_null(found);
	snprintf(
	    word, room, "%.*s", (int)strcspn(found, " \t\r\n\"',;)"), found);
	free(text);
}

static void
make_vault(const char *passphrase, const char *name)
{
	struct err err = { 0 };
	char *phrase = file_join(home_folder, "phrase");
	char command[LINE_ROOM], site[64], checklist[80];

	file_write(phrase, passphrase, strlen(passphrase), 0600, &err);
	assert_no_err(&err);
	free(phrase);
	run("init --name 'Zoé Œuvré' --organisation Eau --role inspector");
	snprintf(command, sizeof(command), "site add --name '%s' --json", name);
	run(command);
	find_word("S-", site, sizeof(site));
	snprintf(command, sizeof(command), "checklist import '%s'", form);
	run(command);
	run("checklist list --json");
	find_word("small", checklist, sizeof(checklist));
	snprintf(command, sizeof(command),
	    "inspection new --site %s --checklist small", site);
	run(command);
}

void
terminal_run(const char *command)
{
	run(command);
}

void
terminal_set_up(const char *passphrase, const char *site)
{
	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_LANG", "en", 1);
	unsetenv("XDG_DATA_HOME");
	unsetenv("RONDE_VAULT");
	home_folder = test_folder();
	form = small_checklist(home_folder);
	make_vault(passphrase, site);
}

/* ---- the program ---- */

struct vt *
terminal_start(const struct terminal *terminal)
{
	char home[LINE_ROOM], phrase[LINE_ROOM];
	const char *variables[12] = { home, phrase, "RONDE_LANG=en",
		"LC_ALL=C.UTF-8", "XDG_DATA_HOME", "RONDE_VAULT" };
	const char *const argv[] = { test_build("ronde"), NULL };
	const char *const *more = terminal->environment;
	size_t count = 6;

	snprintf(home, sizeof(home), "HOME=%s", home_folder);
	snprintf(phrase, sizeof(phrase), "RONDE_PASSPHRASE_FILE=%s/phrase",
	    home_folder);
	if (terminal->asks)
		*strchr(phrase, '=') = '\0';
	while (more && *more && count + 1 < ARRAY_LEN(variables))
		variables[count++] = *more++;
	return vt_start(&(struct vt_options){ .argv = argv,
	    .environment = variables,
	    .term = terminal->term,
	    .rows = terminal->rows,
	    .cols = terminal->cols });
}

struct vt *
start_plain(void)
{
	return terminal_start(&(struct terminal){ 0 });
}

void
open_question(struct vt *vt, const char *typed, const char *label)
{
	vt_send(vt, "\r");
	vt_send(vt, F7);
	vt_send(vt, typed);
	vt_send(vt, "\r");
	assert_shown(vt, label);
}

void
open_remarks(struct vt *vt)
{
	open_question(vt, "remarks", "Remarks");
}
