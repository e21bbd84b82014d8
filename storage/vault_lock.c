/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

/*
 * flock(2) is the lock: it belongs to the open file, so not even this process
 * passes it twice.  A record lock on one byte far behind what SQLite uses
 * only tells others the process id; another open of the same file that this
 * process closes takes it away, which does no harm.
 */
enum { NAME_AT = 0x40010000 };

static struct flock
name_byte(short type)
{
	return (struct flock){
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = NAME_AT,
		.l_len = 1,
	};
}

static int
say_busy(int fd, const char *path, struct err *err)
{
	struct flock byte = name_byte(F_WRLCK);

	if (fcntl(fd, F_GETLK, &byte) == 0 && byte.l_type != F_UNLCK &&
	    byte.l_pid > 0)
		return err_set(err, ERR_BUSY,
		    _("%s is open in another ronde (process %ld); close it "
		      "there first"),
		    path, (long)byte.l_pid);
	return err_set(
	    err, ERR_BUSY, _("%s is open already; close it there first"), path);
}

int
vault_lock(int fd, const char *path, struct err *err)
{
	struct flock byte = name_byte(F_WRLCK);

	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			return say_busy(fd, path, err);
		return err_errno(err, _("cannot lock %s"), path);
	}
	(void)fcntl(fd, F_SETLK, &byte); /* for messages only */
	return 0;
}

/* While the lock was waited for or taken, another file may have got the name. */
static bool
is_still(int fd, const char *path)
{
	struct stat own, named;

	return fstat(fd, &own) == 0 && stat(path, &named) == 0 &&
	    own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

int
vault_lock_open(const char *path, struct err *err)
{
	struct stat info;
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 && errno == ENOENT)
		return err_set(
		    err, ERR_NOT_FOUND, _("there is no vault at %s"), path);
	if (fd < 0)
		return err_errno(err, _("cannot open the vault %s"), path);
	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
		err_set(err, ERR_FORMAT,
		    _("%s is not a vault: it is no regular file"), path);
		goto fail;
	}
	if (vault_lock(fd, path, err) != 0)
		goto fail;
	if (!is_still(fd, path)) {
		err_set(err, ERR_BUSY,
		    _("%s was replaced this very moment; try again"), path);
		goto fail;
	}
	return fd;
fail:
	close(fd);
	return -1;
}
