/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/paths.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

enum { NAMES_TRIED = 99 }; /* then the last one is offered all the same */

char *
path_expand(const char *typed)
{
	const char *home = getenv("HOME");

	if (typed[0] == '~' && (typed[1] == '/' || !typed[1]) && home)
		return xasprintf("%s%s", home, typed + 1);
	return xstrdup(typed);
}

/* The folder of a typed path: "" becomes ".", "/a" becomes "/". */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	return slash == path ? xstrdup("/")
			     : xstrndup(path, (size_t)(slash - path));
}

static bool
is_folder(const char *folder, const char *name)
{
	char *path = file_join(folder, name);
	struct stat found;
	const bool is = stat(path, &found) == 0 && S_ISDIR(found.st_mode);

	free(path);
	return is;
}

/* Shortens `common` (NULL at first) to what it shares with `name`. */
static char *
share(char *common, const char *name)
{
	size_t len = 0;

	if (!common)
		return xstrdup(name);
	while (common[len] && common[len] == name[len])
		len++;
	while (len > 0 && ((unsigned char)common[len] & 0xc0) == 0x80)
		len--;
	common[len] = '\0';
	return common;
}

char *
path_complete(const char *typed)
{
	char *path = path_expand(typed), *folder = folder_of(path);
	char *common = NULL, *result = NULL;
	const char *start = file_name(path);
	DIR *dir = opendir(folder);
	size_t found = 0;

	while (dir) {
		const struct dirent *entry = readdir(dir);

		if (!entry)
			break;
		if (strncmp(entry->d_name, start, strlen(start)) != 0 ||
		    (entry->d_name[0] == '.' && start[0] != '.'))
			continue;
		common = share(common, entry->d_name);
		found++;
	}
	if (common)
		result = xasprintf("%.*s%s%s", (int)(start - path), path,
		    common, found == 1 && is_folder(folder, common) ? "/" : "");
	if (dir)
		closedir(dir);
	free(common);
	free(folder);
	free(path);
	return result;
}

static void
add_entry(struct path_list *list, const char *folder, const char *name)
{
	char *path = file_join(folder, name);
	struct stat found;

	if (stat(path, &found) == 0 &&
	    (S_ISDIR(found.st_mode) || S_ISREG(found.st_mode))) {
		mem_grow(&list->entries, &list->room, list->count + 1,
		    sizeof(*list->entries));
		list->entries[list->count++] = (struct path_entry){
			.name = xstrdup(name),
			.is_folder = S_ISDIR(found.st_mode),
			.size = (uint64_t)found.st_size,
			.time = (int64_t)found.st_mtim.tv_sec * 1000 +
			    found.st_mtim.tv_nsec / 1000000,
		};
	}
	free(path);
}

static int
compare(const void *one, const void *other)
{
	const struct path_entry *a = one, *b = other;
	const bool a_up = strcmp(a->name, "..") == 0;
	const bool b_up = strcmp(b->name, "..") == 0;

	if (a_up != b_up)
		return a_up ? -1 : 1;
	if (a->time != b->time)
		return a->time > b->time ? -1 : 1;
	return strcmp(a->name, b->name);
}

int
path_list_read(struct path_list *list, const char *folder, struct err *err)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	*list = (struct path_list){ 0 };
	if (!dir)
		return err_errno(err, _("cannot read the folder %s"), folder);
	while ((entry = readdir(dir)) && list->count < PATH_ENTRIES_MAX)
		if (entry->d_name[0] != '.' || strcmp(entry->d_name, "..") == 0)
			add_entry(list, folder, entry->d_name);
	closedir(dir);
	if (list->count > 1)
		qsort(list->entries, list->count, sizeof(*list->entries),
		    compare);
	return 0;
}

void
path_list_release(struct path_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->entries[i].name);
	free(list->entries);
	*list = (struct path_list){ 0 };
}

static char *
first_folder_in(const char *folder)
{
	struct path_list list;
	struct err err = { 0 };
	char *found = NULL;

	if (path_list_read(&list, folder, &err) != 0)
		return NULL;
	for (size_t i = 0; i < list.count && !found; i++)
		if (list.entries[i].is_folder &&
		    strcmp(list.entries[i].name, "..") != 0)
			found = file_join(folder, list.entries[i].name);
	path_list_release(&list);
	return found;
}

char *
path_removable(void)
{
	static const char *const places[] = { "/media", "/run/media" };
	const struct passwd *user = getpwuid(getuid());
	char *found = NULL;

	for (size_t i = 0; user && i < ARRAY_LEN(places) && !found; i++) {
		char *folder = file_join(places[i], user->pw_name);

		found = first_folder_in(folder);
		free(folder);
	}
	return found;
}

char *
path_free_name(const char *folder, const char *name, const char *suffix)
{
	char *path = xasprintf("%s/%s%s", folder, name, suffix);

	for (int i = 2; i <= NAMES_TRIED; i++) {
		char *whole = path_expand(path);
		const bool there = file_exists(whole);

		free(whole);
		if (!there)
			break;
		free(path);
		path = xasprintf("%s/%s-%d%s", folder, name, i, suffix);
	}
	return path;
}

int
path_check_new(const char *path, struct err *err)
{
	if (!file_exists(path))
		return 0;
	return err_set(err, ERR_EXISTS,
	    _("%s is already there and was left as it is; choose another "
	      "name"),
	    path);
}
