/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/backup.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db_internal.h"
#include "storage/vault_copy.h"
#include "storage/vault_header.h"
#include "storage/vault_internal.h"
#include "storage/vault_lock.h"
#include "storage/vfs.h"

/*
 * Once the WAL is in the database the file holds all of the vault, and nobody
 * but this thread writes to it: its bytes are copied as they stand, no page
 * is opened.  What is new is the header: the copy has no WAL.
 */

static int
take_wal_in(struct vault *vault, struct err *err)
{
	struct db_query *query;
	int result = 0;

	assert(!db_in_transaction(vault->db));
	query = db_query(vault->db, "PRAGMA wal_checkpoint(TRUNCATE)", err);
	if (!query || db_step(query, err) < 0)
		return -1;
	if (db_int(query, 0) != 0)
		result = err_set(err, ERR_BUSY,
		    _("something in %s is still being read or written"),
		    vault->path);
	db_reset(query);
	return result;
}

/* ---- checking what was written ---- */

struct checking {
	const struct vault *vault;
	int fd;
	const char *name; /* of the file, for messages */
	uint64_t pages;
	const struct progress *progress;
	uint64_t done, total; /* of the progress, in bytes */
};

static uint64_t
place_of(uint64_t page)
{
	return VAULT_HEADER_BYTES + (page - 1) * VAULT_PAGE_BYTES;
}

/* The first page that does not open; 0: all do. */
static int
find_bad_page(struct checking *checking, uint64_t *bad, struct err *err)
{
	uint8_t *bytes = xcalloc(1, COPY_BYTES);
	uint64_t page = 1, count;
	int result = 0;

	*bad = 0;
	for (; result == 0 && page <= checking->pages && !*bad; page += count) {
		count = COPY_BYTES / VAULT_PAGE_BYTES;
		if (count > checking->pages - page + 1)
			count = checking->pages - page + 1;
		result = progress_step(
		    checking->progress, checking->done, checking->total, err);
		if (result == 0)
			result = read_whole(checking->fd, checking->name, bytes,
			    count * VAULT_PAGE_BYTES, place_of(page), err);
		for (uint64_t i = 0; result == 0 && i < count && !*bad; i++)
			if (!vfs_page_opens(checking->vault->vfs,
				(uint32_t)(page + i),
				bytes + i * VAULT_PAGE_BYTES))
				*bad = page + i;
		checking->done += count * VAULT_PAGE_BYTES;
	}
	free(bytes);
	return result;
}

/* Whose fault it is decides what is to be done. */
static int
tell_bad_page(const struct checking *checking, uint64_t page, struct err *err)
{
	const struct vault *vault = checking->vault;
	uint8_t bytes[VAULT_PAGE_BYTES];

	if (read_whole(vault->lock, vault->path, bytes, sizeof(bytes),
		place_of(page), err) < 0)
		return -1;
	if (!vfs_page_opens(vault->vfs, (uint32_t)page, bytes))
		return err_set(err, ERR_FORMAT,
		    _("page %llu of %s (byte %llu) is damaged, so a backup "
		      "would be no good; ronde doctor says what can be saved"),
		    (unsigned long long)page, vault->path,
		    (unsigned long long)place_of(page));
	return err_set(err, ERR_IO,
	    _("%s does not read back as it was written, at byte %llu: its "
	      "disk fails; use another one"),
	    checking->name, (unsigned long long)place_of(page));
}

int
vault_check_pages(
    struct vault *vault, const struct progress *progress, struct err *err)
{
	struct checking checking = { .vault = vault,
		.fd = vault->lock,
		.name = vault->path,
		.progress = progress };
	uint64_t bad;

	if (take_wal_in(vault, err) < 0)
		return -1;
	checking.pages = vfs_pages(vault->vfs);
	checking.total = checking.pages * VAULT_PAGE_BYTES;
	if (find_bad_page(&checking, &bad, err) < 0)
		return -1;
	return bad ? tell_bad_page(&checking, bad, err) : 0;
}

/* ---- writing ---- */

static int
check_copy(struct copying *copying, const struct vault *vault,
    const uint8_t header[VAULT_HEADER_BYTES], struct err *err)
{
	uint8_t found[VAULT_HEADER_BYTES];
	struct checking checking = { .vault = vault,
		.fd = copying->to_fd,
		.name = copying->to,
		.pages = vfs_pages(vault->vfs),
		.progress = copying->progress,
		.done = copying->done,
		.total = copying->total };
	uint64_t bad;

	if (read_whole(
		copying->to_fd, copying->to, found, sizeof(found), 0, err) < 0)
		return -1;
	if (memcmp(found, header, sizeof(found)) != 0)
		return err_set(err, ERR_IO,
		    _("%s does not read back as it was written, at byte %llu: "
		      "its disk fails; use another one"),
		    copying->to, 0ULL);
	if (find_bad_page(&checking, &bad, err) < 0)
		return -1;
	return bad ? tell_bad_page(&checking, bad, err) : 0;
}

/*
 * A disk that is too small says so now and not after ten minutes; that of a
 * stick often knows nothing of fallocate(2).
 */
static int
make_room(const struct copying *copying, uint64_t size, struct err *err)
{
	if (file_check_room(copying->to, size, err) < 0)
		return -1;
	if (fallocate(copying->to_fd, 0, 0, (off_t)size) == 0 ||
	    errno == EOPNOTSUPP || errno == ENOSYS || errno == EINTR)
		return 0;
	return err_errno(err, _("cannot write %s"), copying->to);
}

static int
write_copy(struct vault *vault, int fd, const char *name,
    const struct progress *progress, struct err *err)
{
	const uint64_t pages = vfs_pages(vault->vfs) * VAULT_PAGE_BYTES;
	uint8_t header[VAULT_HEADER_BYTES];
	struct copying copying = { .from = vault->path,
		.to = name,
		.from_fd = vault->lock,
		.to_fd = fd,
		.progress = progress,
		.total = 2 * pages };

	vfs_copy_header(vault->vfs, header);
	if (make_room(&copying, VAULT_HEADER_BYTES + pages, err) < 0 ||
	    file_write_all(fd, header, sizeof(header), name, err) < 0 ||
	    copy_bytes(&copying, VAULT_HEADER_BYTES, pages, err) < 0 ||
	    sync_and_forget(fd, name, err) < 0)
		return -1;
	return check_copy(&copying, vault, header, err);
}

int
vault_backup_name(const char *path, struct err *err)
{
	if (vault_spare(path, err) < 0)
		return -1;
	if (file_exists(path))
		return err_set(err, ERR_EXISTS,
		    _("%s exists already; choose another name"), path);
	return 0;
}

/* A name in which the characters of a pattern stand for themselves. */
static char *
pattern_of_parts(const char *path)
{
	static const char end[] = ".part-??????";
	char *pattern = xcalloc(2 * strlen(path) + sizeof(end), 1);
	char *to = pattern;

	for (const char *at = path; *at; at++) {
		if (strchr("*?[\\", *at))
			*to++ = '\\';
		*to++ = *at;
	}
	memcpy(to, end, sizeof(end));
	return pattern;
}

/*
 * What a backup to the same name left when it was killed: as large as the
 * vault, and nobody would look for it.  One that is being written is locked,
 * and what is no vault stays; so does what cannot be removed, since the backup
 * itself does not need its name.
 */
static void
remove_parts(const char *path)
{
	char *pattern = pattern_of_parts(path);
	glob_t found = { 0 };

	if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			struct err ignored = { 0 };

			(void)vault_remove_left_over(
			    found.gl_pathv[i], &ignored);
		}
	}
	globfree(&found);
	free(pattern);
}

/* Locked, where the file system can: remove_parts() of another passes it. */
static int
open_part(char *temporary, const char *path, struct err *err)
{
	struct err ignored = { 0 };
	const int fd = mkostemp(temporary, O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, _("cannot write %s"), path);
	(void)vault_lock(fd, temporary, &ignored);
	return fd;
}

int
vault_backup(struct vault *vault, const char *path,
    const struct progress *progress, struct err *err)
{
	char *temporary;
	int fd, result = -1;

	if (vault_backup_name(path, err) < 0 || take_wal_in(vault, err) < 0)
		return -1;
	remove_parts(path);
	temporary = xasprintf("%s.part-XXXXXX", path);
	fd = open_part(temporary, path, err);
	if (fd < 0)
		goto out;
	if (write_copy(vault, fd, path, progress, err) == 0)
		result = vault_take_name(temporary, path, err);
	if (result < 0)
		unlink(temporary);
	close(fd);
out:
	free(temporary);
	return result;
}
