/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/vault_copy.h"
#include "storage/vault_header.h"
#include "storage/vault_internal.h"
#include "storage/vault_lock.h"

/*
 * A backup may lie where nothing can be written, and may be a plain copy of a
 * vault that crashed: then its WAL lies beside it and is taken along.
 */

/* ---- opening what is copied ---- */

/* 1 with a descriptor, 0 where nothing is, -1. */
static int
open_part(const char *path, int *fd, uint64_t *size, struct err *err)
{
	struct stat info;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0 && errno == ENOENT)
		return 0;
	if (*fd < 0)
		return err_errno(err, _("cannot read %s"), path);
	if (fstat(*fd, &info) != 0 || !S_ISREG(info.st_mode)) {
		close(*fd);
		*fd = -1;
		return err_set(err, ERR_FORMAT,
		    _("%s is not a vault: it is no regular file"), path);
	}
	*size = (uint64_t)info.st_size;
	return 1;
}

/*
 * A vault has no holes behind its header: whoever adds a terabyte of them to
 * a backup sends a few bytes and fills the disk that it is restored to.
 */
static int
check_holes(const char *path, int fd, uint64_t size, struct err *err)
{
	const off_t hole = lseek(fd, VAULT_HEADER_BYTES, SEEK_HOLE);

	(void)lseek(fd, 0, SEEK_SET);
	if (hole < 0 || (uint64_t)hole >= size)
		return 0; /* or a file system that knows nothing of holes */
	return err_set(err, ERR_FORMAT,
	    _("%s has a hole at byte %lld, which no backup has: it was not "
	      "copied whole, or somebody made it larger; take another copy"),
	    path, (long long)hole);
}

/* Nothing is copied that is no vault, or one that somebody is writing. */
static int
check_backup(const char *path, int fd, struct err *err)
{
	uint8_t bytes[16];

	if (flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return err_set(err, ERR_BUSY,
		    _("%s is a vault that is open in another ronde; close it "
		      "there first"),
		    path);
	if (pread(fd, bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes) ||
	    !vault_header_begins(bytes, sizeof(bytes)))
		return err_set(
		    err, ERR_FORMAT, _("%s is not a backup of a vault"), path);
	return 0;
}

/* ---- copying ---- */

static int
copy_file(struct copying *copying, uint64_t size, struct err *err)
{
	int result = -1;

	copying->to_fd =
	    open(copying->to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (copying->to_fd < 0)
		return err_errno(err, _("cannot write %s"), copying->to);
	if (copy_bytes(copying, 0, size, err) == 0)
		result = sync_and_forget(copying->to_fd, copying->to, err);
	close(copying->to_fd);
	return result;
}

static int
copy_both(const char *backup, const char *to, const struct progress *progress,
    struct err *err)
{
	char *wal = xasprintf("%s-wal", backup), *to_wal;
	uint64_t size = 0, wal_size = 0;
	int fd = -1, wal_fd = -1, found, result = -1;
	struct copying copying = {
		.from = backup, .to = to, .progress = progress
	};

	to_wal = xasprintf("%s-wal", to);
	found = open_part(backup, &fd, &size, err);
	if (found == 0)
		err_set(
		    err, ERR_NOT_FOUND, _("there is no backup at %s"), backup);
	if (found <= 0 || check_backup(backup, fd, err) < 0 ||
	    open_part(wal, &wal_fd, &wal_size, err) < 0)
		goto out;
	copying.from_fd = fd;
	copying.total = size + wal_size;
	if (file_check_room(to, copying.total, err) == 0 &&
	    check_holes(backup, fd, size, err) == 0 &&
	    check_holes(wal, wal_fd, wal_size, err) == 0)
		result = copy_file(&copying, size, err);
	if (result == 0 && wal_size > 0) {
		copying.from_fd = wal_fd;
		copying.from = wal;
		copying.to = to_wal;
		result = copy_file(&copying, wal_size, err);
	}
out:
	if (fd >= 0)
		close(fd);
	if (wal_fd >= 0)
		close(wal_fd);
	free(wal);
	free(to_wal);
	return result;
}

struct vault *
vault_restore(const char *backup, const char *path,
    const struct secret *passphrase, const struct vault_options *options,
    const struct progress *progress, struct err *err)
{
	char *place = vault_place_of_new(path);
	struct vault *vault = NULL;

	if (vault_remove_left_over(place, err) < 0)
		goto out;
	if (copy_both(backup, place, progress, err) < 0)
		goto fail;
	vault = vault_open(place, passphrase, options, err);
	if (!vault)
		goto fail;
	if (vault_check_pages(vault, progress, err) == 0)
		goto out;
	vault_close(vault);
	vault = NULL;
fail:
	vault_remove_files(place);
out:
	free(place);
	return vault;
}

/* ---- making room ---- */

static char *
dated_name(const char *path)
{
	const time_t now = (time_t)(clock_now() / 1000);
	struct tm day;

	localtime_r(&now, &day);
	return xasprintf("%s.%04d-%02d-%02d-%02d%02d%02d.old", path,
	    day.tm_year + 1900, day.tm_mon + 1, day.tm_mday, day.tm_hour,
	    day.tm_min, day.tm_sec);
}

static int
rename_both(const char *path, const char *name, struct err *err)
{
	char *wal = xasprintf("%s-wal", path);
	char *to_wal = xasprintf("%s-wal", name);
	int result = 0;

	if (rename(path, name) != 0) {
		result = err_errno(err, _("cannot rename %s"), path);
	} else if (rename(wal, to_wal) != 0 && errno != ENOENT) {
		result = err_errno(err, _("cannot rename %s"), wal);
		(void)rename(name, path);
	}
	free(wal);
	free(to_wal);
	return result < 0 ? -1 : file_sync_folder(path, err);
}

/*
 * The vault at `path` has its dated name too before the one at `place` takes
 * `path` from it: at every moment there is a whole vault at `path`.  Until its
 * log is gone the new one passes it over, since it is another one's.  ERR_NONE
 * with -1 where a file can have one name only.
 */
static int
rename_over(
    const char *place, const char *path, const char *name, struct err *err)
{
	char *wal = xasprintf("%s-wal", path);
	char *to_wal = xasprintf("%s-wal", name);
	int result = -1;

	if (link(path, name) != 0)
		goto out;
	if (link(wal, to_wal) != 0 && errno != ENOENT)
		err_errno(err, _("cannot rename %s"), wal);
	else if (file_sync_folder(path, err) == 0 && rename(place, path) != 0)
		err_errno(err, _("cannot put the vault at %s"), path);
	if (err->code) {
		unlink(to_wal);
		unlink(name);
		goto out;
	}
	result = file_sync_folder(path, err);
	if (result == 0)
		unlink(wal);
out:
	free(wal);
	free(to_wal);
	return result;
}

/* The bytes of the log at `from`, when there is one, on the disk as `to`. */
static int
copy_log(const char *from, const char *to, struct err *err)
{
	struct buf bytes = BUF_INIT;
	int result = 0;

	if (file_exists(from) &&
	    (file_read(from, &bytes, err) < 0 ||
		file_write(to, bytes.data, bytes.len, 0600, err) < 0))
		result = -1;
	buf_release(&bytes);
	return result;
}

/*
 * Where a file can have one name only: the new vault takes the dated name, and
 * then the two change names in one step.  The log of the old one is copied to
 * where it will be needed; until then it is passed over there.  ERR_NONE with
 * -1, and all as it was, where the file system cannot do that step either.
 */
static int
exchange_names(
    const char *place, const char *path, const char *name, struct err *err)
{
	char *wal = xasprintf("%s-wal", path);
	char *to_wal = xasprintf("%s-wal", name);
	int result = -1;

	if (copy_log(wal, to_wal, err) < 0 ||
	    vault_take_name(place, name, err) < 0)
		goto undo;
	if (renameat2(AT_FDCWD, name, AT_FDCWD, path, RENAME_EXCHANGE) != 0) {
		if (errno != EINVAL && errno != ENOSYS)
			err_errno(err, _("cannot put the vault at %s"), path);
		(void)rename(name, place);
		goto undo;
	}
	result = file_sync_folder(path, err);
	if (result == 0)
		unlink(wal);
	goto out;
undo:
	unlink(to_wal);
out:
	free(wal);
	free(to_wal);
	return result;
}

/* In two steps then: between them nothing is at `path`. */
static int
rename_aside(
    const char *place, const char *path, const char *name, struct err *err)
{
	struct err back = { 0 };

	if (rename_both(path, name, err) < 0)
		return -1;
	if (vault_take_name(place, path, err) == 0)
		return 0;
	if (!file_exists(path))
		(void)rename_both(name, path, &back);
	return -1;
}

static int
take_over(
    const char *place, const char *path, const char *name, struct err *err)
{
	if (file_exists(name))
		return err_set(err, ERR_EXISTS,
		    _("%s exists already; choose another name"), name);
	if (rename_over(place, path, name, err) == 0)
		return 0;
	if (err->code == ERR_NONE &&
	    exchange_names(place, path, name, err) == 0)
		return 0;
	return err->code ? -1 : rename_aside(place, path, name, err);
}

struct vault *
vault_settle_over(struct vault *vault, const char *path,
    const struct secret *passphrase, const struct vault_options *options,
    char **name, struct err *err)
{
	char *place, *dated;
	struct vault *settled = NULL;
	int lock, result = -1;

	/* First of all, as it may take long: then only names change. */
	vault_close(vault);
	if (!file_exists(path))
		return vault_settle(NULL, path, passphrase, options, err);
	place = vault_place_of_new(path);
	dated = dated_name(path);
	lock = vault_lock_open(path, err);
	if (lock >= 0 && vault_check_settled(place, err) == 0)
		result = take_over(place, path, dated, err);
	if (lock >= 0)
		close(lock);
	if (result == 0 || !file_exists(place)) {
		*name = dated;
		dated = NULL; /* now the caller's */
	}
	if (result == 0)
		settled = vault_open(path, passphrase, options, err);
	else
		vault_remove_files(place);
	free(place);
	free(dated);
	return settled;
}

int
vault_is_free(const char *path, struct err *err)
{
	const int lock = vault_lock_open(path, err);

	if (lock < 0)
		return -1;
	close(lock);
	return 0;
}
