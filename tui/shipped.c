/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/shipped.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "checklists/form.h"
#include "checklists/reader.h"

static const char *given_folder;

void
shipped_set_folder(const char *folder)
{
	given_folder = folder;
}

static char *
find_folder(void)
{
	static const char beside[] = "/checklists";
	char path[PATH_MAX];
	ssize_t len;

	if (given_folder)
		return xstrdup(given_folder);
	len = readlink("/proc/self/exe", path, sizeof(path) - sizeof(beside));
	if (len > 0) {
		path[len] = '\0';
		memcpy(strrchr(path, '/'), beside, sizeof(beside));
		if (access(path, X_OK) == 0)
			return xstrdup(path);
	}
	return xstrdup(PKGDATADIR "/checklists");
}

static int
is_checklist(const struct dirent *entry)
{
	static const char end[] = ".xlsx";
	const size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > sizeof(end) - 1 &&
	    strcmp(entry->d_name + len - (sizeof(end) - 1), end) == 0;
}

/* One that does not read is no offer; importing it by hand says why. */
static int
tell_one(const char *path,
    int (*each)(void *arg, const struct shipped *shipped, struct err *err),
    void *arg, struct err *err)
{
	struct shipped shipped = { .path = path };
	struct problems problems = { 0 };
	struct buf sheets = BUF_INIT;
	struct form *form = NULL;
	struct err ignored = { 0 };
	int result = 0;

	if (reader_normalise(path, &sheets, &problems, &ignored) == 0)
		form = form_parse(sheets.data, sheets.len, &problems, &ignored);
	if (form) {
		shipped.title = form->title;
		shipped.questions = form->question_count;
		result = each(arg, &shipped, err);
	}
	form_free(form);
	problems_release(&problems);
	buf_release(&sheets);
	return result;
}

int
shipped_each(
    int (*each)(void *arg, const struct shipped *shipped, struct err *err),
    void *arg, struct err *err)
{
	char *folder = find_folder();
	struct dirent **entries = NULL;
	const int count = scandir(folder, &entries, is_checklist, alphasort);
	int result = 0;

	for (int i = 0; i < count; i++) {
		char *path = file_join(folder, entries[i]->d_name);

		if (result == 0)
			result = tell_one(path, each, arg, err);
		free(path);
		free(entries[i]);
	}
	free(entries);
	free(folder);
	return result;
}
