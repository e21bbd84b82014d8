/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"

enum { FOLDERS_MAX = 256, PATH_ROOM = 4096 };

static char *folders[FOLDERS_MAX];
static size_t folder_count;

static int
remove_one(const char *path, const struct stat *stat, int flag, struct FTW *ftw)
{
	(void)stat;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void
remove_folders(void)
{
	for (size_t i = 0; i < folder_count; i++) {
		nftw(folders[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
		free(folders[i]);
	}
	folder_count = 0;
}

/* Anchors of vaults are not to be written into a home: beside the first. */
static void
set_state_folder(const char *name)
{
	folders[folder_count] = xasprintf("%s.state", name);
	setenv("XDG_STATE_HOME", folders[folder_count++], 1);
}

char *
test_folder(void)
{
	char name[] = "/tmp/ronde-test.XXXXXX";

	assert_non_null(mkdtemp(name));
	assert_true(folder_count < FOLDERS_MAX);
	if (folder_count == 0) {
		atexit(remove_folders);
		set_state_folder(name);
	}
	folders[folder_count++] = xstrdup(name);
	return xstrdup(name);
}

static const char *
place(const char *variable, const char *otherwise, const char *name)
{
	static char paths[8][PATH_ROOM];
	static size_t turn;
	const char *folder = getenv(variable);
	char *path = paths[turn++ % 8];

	snprintf(path, PATH_ROOM, "%s/%s", folder ? folder : otherwise, name);
	return path;
}

const char *
test_source(const char *name)
{
	return place("RONDE_TEST_SRCDIR", ".", name);
}

const char *
test_build(const char *name)
{
	return place("RONDE_TEST_BUILDDIR", ".", name);
}

const char *
test_shared(const char *name)
{
	const char *path = place("RONDE_TEST_SHARED", "../shared", name);

	if (access(path, R_OK) == 0)
		return path;
	printf("skipped: needs ../shared\n");
	return NULL;
}

void
assert_no_err(const struct err *err)
{
	if (err->code != ERR_NONE)
		fail_msg("%s: %s", err_code_name(err->code), err->msg);
}

int
test_has_program(const char *name)
{
	char command[PATH_ROOM];

	snprintf(
	    command, sizeof(command), "command -v %s >/dev/null 2>&1", name);
	if (system(command) == 0)
		return 1;
	printf("skipped: needs %s\n", name);
	return 0;
}
