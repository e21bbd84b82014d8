/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

int
file_read_fd(int fd, const char *path, struct buf *out, struct err *err)
{
	char piece[64 * 1024];
	ssize_t got;

	for (;;) {
		got = read(fd, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		buf_add(out, piece, (size_t)got);
		if (buf_is_full(out))
			return buf_check(out, path, err);
	}
	if (got < 0)
		return err_errno(err, _("cannot read %s"), path);
	return 0;
}

int
file_read(const char *path, struct buf *out, struct err *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return err_errno(err, _("cannot open %s"), path);
	result = file_read_fd(fd, path, out, err);
	close(fd);
	return result;
}

int
file_write_all(
    int fd, const void *bytes, size_t len, const char *path, struct err *err)
{
	const char *from = bytes;

	while (len > 0) {
		const ssize_t put = write(fd, from, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_errno(err, _("cannot write %s"), path);
		from += put;
		len -= (size_t)put;
	}
	return 0;
}

/* Renaming over /dev/null would take it away from the whole computer. */
static int
check_replaceable(const char *path, struct err *err)
{
	struct stat found;

	if (stat(path, &found) < 0 || S_ISREG(found.st_mode))
		return 0;
	return err_set(err, ERR_USAGE,
	    _("cannot write %s: it is there and is not a file; give another "
	      "name"),
	    path);
}

int
file_begin(
    struct new_file *file, const char *path, mode_t mode, struct err *err)
{
	char *temporary;
	int fd;

	if (check_replaceable(path, err) < 0)
		return -1;
	temporary = xasprintf("%s.XXXXXX", path);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		free(temporary);
		return err_errno(err, _("cannot create %s"), path);
	}
	if (fchmod(fd, mode) < 0 && errno != EPERM) {
		/* FAT has no modes and says EPERM: that is no failure. */
		err_errno(err, _("cannot create %s"), path);
		unlink(temporary);
		free(temporary);
		close(fd);
		return -1;
	}
	file->fd = fd;
	file->path = xstrdup(path);
	file->temporary = temporary;
	return 0;
}

static void
forget(struct new_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	free(file->path);
	free(file->temporary);
	*file = (struct new_file)NEW_FILE_INIT;
}

void
file_abandon(struct new_file *file)
{
	if (file->temporary)
		unlink(file->temporary);
	forget(file);
}

int
file_finish(struct new_file *file, struct err *err)
{
	assert(file->path && file->temporary);
	if (fsync(file->fd) < 0 || rename(file->temporary, file->path) < 0) {
		err_errno(err, _("cannot write %s"), file->path);
		file_abandon(file);
		return -1;
	}
	if (file_sync_folder(file->path, err) < 0) {
		forget(file);
		return -1;
	}
	forget(file);
	return 0;
}

int
file_write(const char *path, const void *bytes, size_t len, mode_t mode,
    struct err *err)
{
	struct new_file file = NEW_FILE_INIT;

	if (file_begin(&file, path, mode, err) < 0)
		return -1;
	if (file_write_all(file.fd, bytes, len, path, err) < 0) {
		file_abandon(&file);
		return -1;
	}
	return file_finish(&file, err);
}

/* "a/b" gives "a", "b" gives ".", "/b" gives "/"; the caller's to free. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	return xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
}

int
file_sync_folder(const char *path, struct err *err)
{
	char *folder = folder_of(path);
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = 0;

	/* Some file systems cannot sync a folder and say EINVAL. */
	if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
		result = err_errno(err, _("cannot sync %s"), folder);
	if (fd >= 0)
		close(fd);
	free(folder);
	return result;
}

/* Leaves EEXIST in errno where it is something else. */
static bool
is_folder(const char *path)
{
	struct stat found;

	if (stat(path, &found) == 0 && S_ISDIR(found.st_mode))
		return true;
	errno = EEXIST;
	return false;
}

int
file_make_folders(const char *path, struct err *err)
{
	char *part = xstrdup(path);
	int result = 0;

	for (char *at = part + 1; result == 0; at++) {
		const char c = *at;

		if (c != '/' && c != '\0')
			continue;
		*at = '\0';
		if (mkdir(part, 0700) < 0 &&
		    (errno != EEXIST || !is_folder(part)))
			result = err_errno(
			    err, _("cannot make the folder %s"), part);
		*at = c;
		if (c == '\0')
			break;
	}
	free(part);
	return result;
}

int
file_open_unlinked(const char *folder, struct err *err)
{
	const char *where = folder ? folder : getenv("TMPDIR");
	char *name;
	int fd;

	if (!where || !*where)
		where = "/var/tmp";
	name = file_join(where, "ronde.XXXXXX");
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		err_errno(err, _("cannot make a temporary file in %s"), where);
	else
		unlink(name);
	free(name);
	return fd;
}

int
file_check_room(const char *path, uint64_t bytes, struct err *err)
{
	enum { MIB = 1024 * 1024 };
	char *folder = folder_of(path);
	struct statvfs disk = { 0 };
	const bool told = statvfs(folder, &disk) == 0 && disk.f_blocks > 0;
	const uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;

	free(folder);
	if (!told || bytes <= room)
		return 0;
	return err_set(err, ERR_FULL,
	    _("%s would take %llu MiB and its disk has %llu MiB free; make "
	      "room, or take another disk"),
	    path, (unsigned long long)(bytes / MIB + 1),
	    (unsigned long long)(room / MIB));
}

bool
file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

char *
file_join(const char *folder, const char *name)
{
	const size_t len = strlen(folder);
	const bool ends = len > 0 && folder[len - 1] == '/';

	return xasprintf("%s%s%s", folder, ends ? "" : "/", name);
}

const char *
file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
