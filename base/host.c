/* SPDX-License-Identifier: Apache-2.0 */
#include "base/host.h"

#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

enum { DEPTH_MAX = 8, FILE_MAX = 1024 * 1024 };

static bool is_encrypted_path(const char *root, const char *path, int depth);

/* ---- small files ---- */

/* What a file holds, without the newline at its end; "" where it cannot be
 * read.  The caller's to free. */
static char *PRINTF_LIKE(2, 3) read_text(const char *root, const char *fmt, ...)
{
	struct buf text = BUF_INIT;
	struct err ignored = { 0 };
	char *name = NULL, *path;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&name, fmt, args) < 0)
		mem_exhausted();
	va_end(args);
	path = xasprintf("%s%s", root, name);
	text.max = FILE_MAX;
	if (file_read(path, &text, &ignored) != 0)
		buf_clear(&text);
	while (text.len > 0 && text.data[text.len - 1] == '\n')
		buf_cut(&text, text.len - 1);
	free(name);
	free(path);
	return buf_detach(&text);
}

static bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The kernel writes blanks of names as \040. */
static void
unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		unsigned code = 0;

		if (text[0] == '\\' && sscanf(text + 1, "%3o", &code) == 1 &&
		    text[1] && text[2] && text[3]) {
			*to++ = (char)code;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* The next of the words that blanks part; NULL at the end. */
static char *
next_word(char **rest)
{
	char *word;

	do
		word = strsep(rest, " \t");
	while (word && !*word);
	return word;
}

/* ---- devices ---- */

/* `folder` is the device's in /sys. */
static bool is_encrypted_device(
    const char *root, const char *folder, int depth);

/* A device that lies on others is encrypted when all of them are. */
static bool
are_slaves_encrypted(const char *root, const char *folder, int depth)
{
	char *path = xasprintf("%s%s/slaves", root, folder);
	DIR *slaves = opendir(path);
	const struct dirent *one;
	int count = 0, encrypted = 0;

	free(path);
	while (slaves && (one = readdir(slaves))) {
		if (one->d_name[0] == '.')
			continue;
		path = xasprintf("/sys/class/block/%s", one->d_name);
		count++;
		encrypted += is_encrypted_device(root, path, depth + 1);
		free(path);
	}
	if (slaves)
		closedir(slaves);
	return count > 0 && encrypted == count;
}

/* Memory, unless a disk is behind it. */
static bool
is_zram_encrypted(const char *root, const char *folder, int depth)
{
	char *disk = read_text(root, "%s/backing_dev", folder);
	const bool result = !*disk || strcmp(disk, "none") == 0 ||
	    is_encrypted_path(root, disk, depth + 1);

	free(disk);
	return result;
}

static bool
is_zram(const char *root, const char *folder)
{
	char real[PATH_MAX], *path = xasprintf("%s%s", root, folder);
	const bool found = realpath(path, real) != NULL;

	free(path);
	return found && starts(file_name(real), "zram");
}

static bool
is_encrypted_device(const char *root, const char *folder, int depth)
{
	char *uuid, *path;
	bool result;

	if (depth > DEPTH_MAX)
		return false;
	if (is_zram(root, folder))
		return is_zram_encrypted(root, folder, depth);
	uuid = read_text(root, "%s/dm/uuid", folder);
	result =
	    starts(uuid, "CRYPT-") || are_slaves_encrypted(root, folder, depth);
	free(uuid);
	path = xasprintf("%s%s/partition", root, folder);
	if (!result && file_exists(path)) { /* what the whole lies on */
		char *whole = xasprintf("%s/..", folder);

		result = are_slaves_encrypted(root, whole, depth);
		free(whole);
	}
	free(path);
	return result;
}

/* /dev/mapper has a name where the kernel has a number. */
static bool
is_encrypted_mapping(const char *root, const char *name, int depth)
{
	char *path = xasprintf("%s/sys/class/block", root);
	DIR *devices = opendir(path);
	const struct dirent *one;
	bool result = false;

	free(path);
	while (devices && !result && (one = readdir(devices))) {
		char *folder = xasprintf("/sys/class/block/%s", one->d_name);
		char *its = read_text(root, "%s/dm/name", folder);

		result = *its && strcmp(its, name) == 0 &&
		    is_encrypted_device(root, folder, depth);
		free(its);
		free(folder);
	}
	if (devices)
		closedir(devices);
	return result;
}

/* "/dev/sda2", "/dev/mapper/swap". */
static bool
is_encrypted_path(const char *root, const char *path, int depth)
{
	char *folder;
	bool result;

	if (starts(path, "/dev/mapper/"))
		return is_encrypted_mapping(root, file_name(path), depth);
	if (!starts(path, "/dev/"))
		return false;
	folder = xasprintf("/sys/class/block/%s", file_name(path));
	result = is_encrypted_device(root, folder, depth);
	free(folder);
	return result;
}

/* "254:1". */
static bool
is_encrypted_number(const char *root, const char *number)
{
	char *folder = xasprintf("/sys/dev/block/%s", number);
	const bool result = is_encrypted_device(root, folder, 0);

	free(folder);
	return result;
}

/* ---- files that are swapped to ---- */

/* What a line of mountinfo says. */
struct mount {
	char *number, *point, *source;
};

/* "36 35 98:0 / /mnt rw - ext4 /dev/sda1 rw" */
static bool
read_mount(char *line, struct mount *mount)
{
	char *rest = line, *word;

	(void)next_word(&rest);
	(void)next_word(&rest);
	mount->number = next_word(&rest);
	(void)next_word(&rest);
	mount->point = next_word(&rest);
	while ((word = next_word(&rest)) && strcmp(word, "-") != 0)
		;
	(void)next_word(&rest);
	mount->source = next_word(&rest);
	if (!mount->source)
		return false;
	unescape(mount->point);
	unescape(mount->source);
	return true;
}

static bool
is_below(const char *path, const char *folder)
{
	const size_t len = strlen(folder);

	return strcmp(folder, "/") == 0 ||
	    (starts(path, folder) && (path[len] == '/' || !path[len]));
}

/* The file system of the longest mount point that the path lies below; of
 * two, the later one covers the other. */
static bool
is_encrypted_file(const char *root, const char *path)
{
	char *all = read_text(root, "/proc/self/mountinfo"), *rest = all, *line;
	struct mount best = { 0 }, one;
	bool result = false;

	while ((line = strsep(&rest, "\n")))
		if (read_mount(line, &one) && is_below(path, one.point) &&
		    (!best.point || strlen(one.point) >= strlen(best.point)))
			best = one;
	/* btrfs and the like have a number of their own: 0:40. */
	if (best.point)
		result = starts(best.number, "0:")
		    ? is_encrypted_path(root, best.source, 0)
		    : is_encrypted_number(root, best.number);
	free(all);
	return result;
}

static void
look_at_swaps(const char *root, struct host *host)
{
	char *all = read_text(root, "/proc/swaps"), *rest = all, *line;

	(void)strsep(&rest, "\n"); /* the heading */
	while ((line = strsep(&rest, "\n")) && !host->swaps_in_clear) {
		char *words = line, *name = next_word(&words);
		const char *kind = next_word(&words);

		if (!name || !kind)
			continue;
		unescape(name);
		if (strcmp(kind, "file") == 0
			? is_encrypted_file(root, name)
			: is_encrypted_path(root, name, 0))
			continue;
		host->swaps_in_clear = true;
		snprintf(host->swap, sizeof(host->swap), "%s", name);
	}
	free(all);
}

/* ---- hibernating ---- */

static bool
has_word(char *text, const char *wanted)
{
	char *word;

	while ((word = next_word(&text)))
		if (strcmp(word, wanted) == 0)
			return true;
	return false;
}

/* Where the kernel was told to look for an image: 1 in clear, 0 encrypted,
 * -1 it was not told. */
static int
target_of_command_line(const char *root)
{
	char *all = read_text(root, "/proc/cmdline"), *rest = all, *word;
	int result = -1;

	while ((word = next_word(&rest)))
		if (starts(word, "resume="))
			result = !is_encrypted_path(root, word + 7, 0);
	free(all);
	return result;
}

static void
look_at_hibernation(const char *root, struct host *host)
{
	char *state = read_text(root, "/sys/power/state");
	char *how = read_text(root, "/sys/power/disk");
	char *number = read_text(root, "/sys/power/resume");

	if (has_word(state, "disk") && !strstr(how, "[disabled]"))
		host->hibernates_in_clear =
		    *number && strcmp(number, "0:0") != 0
		    ? !is_encrypted_number(root, number)
		    : target_of_command_line(root) == 1;
	free(state);
	free(how);
	free(number);
}

void
host_look(const char *root, struct host *host)
{
	*host = (struct host){ 0 };
	look_at_swaps(root, host);
	look_at_hibernation(root, host);
}
