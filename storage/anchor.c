/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/anchor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"

static const char purpose[] = "ronde/vault/anchor/1";

struct anchor {
	char *folder, *path;
	uint8_t id[VAULT_ID_BYTES];
	struct secret *mac_key;
	int fd;         /* -1: not there, or it cannot be opened */
	bool is_ours;   /* locked, open for writing */
	bool is_new;    /* its name is not synced yet */
	bool dirty;     /* written since it was synced */
	size_t place;   /* of the last record written or read */
	size_t settled; /* of the record that is not to be written over */
	int64_t synced; /* when */
	enum anchor_found found;
	struct anchor_record last;
	struct err trouble;
};

static int
fail(struct anchor *anchor, const char *what)
{
	return err_errno(&anchor->trouble, "%s", what);
}

/* Another copy of the vault may be open on this computer. */
static int
lock(struct anchor *anchor)
{
	if (flock(anchor->fd, LOCK_EX | LOCK_NB) == 0) {
		anchor->is_ours = true;
		return 0;
	}
	if (errno != EWOULDBLOCK)
		return fail(anchor, _("cannot lock the anchor of the vault"));
	return err_set(&anchor->trouble, ERR_BUSY,
	    _("another copy of this vault is open on this computer"));
}

/* A file that has another name too may be somebody's: it is only read. */
static int
check_file(struct anchor *anchor)
{
	struct stat info;

	if (fstat(anchor->fd, &info) == 0 && S_ISREG(info.st_mode) &&
	    info.st_nlink == 1)
		return 0;
	return err_set(&anchor->trouble, ERR_FORMAT,
	    _("the anchor of the vault is no file of its own; remove %s"),
	    anchor->path);
}

static void
open_file(struct anchor *anchor)
{
	const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

	anchor->fd = open(anchor->path, O_RDWR | flags);
	if (anchor->fd >= 0) {
		if (check_file(anchor) == 0)
			lock(anchor);
		return;
	}
	if (errno == ENOENT || errno == ENOTDIR)
		return;
	fail(anchor, _("cannot write the anchor of the vault"));
	anchor->fd = open(anchor->path, O_RDONLY | flags);
	if (anchor->fd < 0)
		anchor->found = ANCHOR_DAMAGED;
}

/* ---- former keys ---- */

static off_t
place_of_former(size_t i)
{
	return (off_t)(ANCHOR_RECORDS + i) * ANCHOR_RECORD_STEP;
}

/*
 * Where the record of this key is, or would go: there, else where none is,
 * else in the place of the oldest.  What stands there goes to `*record` and
 * is genuine if true is returned.
 */
static bool
find_former(
    const struct anchor *anchor, size_t *place, struct anchor_record *record)
{
	uint64_t oldest = UINT64_MAX;

	*place = 0;
	for (size_t i = 0; i < ANCHOR_FORMER; i++) {
		uint8_t bytes[ANCHOR_RECORD_BYTES] = { 0 };

		if (pread(anchor->fd, bytes, sizeof(bytes),
			place_of_former(i)) < 0)
			continue;
		if (anchor_record_read(
			record, bytes, anchor->id, anchor->mac_key->data)) {
			*place = i;
			return true;
		}
		if (anchor_record_claims(bytes) < oldest) {
			oldest = anchor_record_claims(bytes);
			*place = i;
		}
	}
	return false;
}

/* With the key of the anchor, which is about to be a former one. */
static void
put_former(struct anchor *anchor)
{
	struct anchor_record record, ignored;
	uint8_t bytes[ANCHOR_RECORD_BYTES];
	size_t place;

	(void)find_former(anchor, &place, &ignored);
	record = anchor->last;
	record.time = clock_now();
	anchor_record_write(&record, anchor->id, anchor->mac_key->data, bytes);
	if (pwrite(anchor->fd, bytes, sizeof(bytes), place_of_former(place)) ==
	    (ssize_t)sizeof(bytes))
		anchor->dirty = true;
}

static void
read_file(struct anchor *anchor)
{
	uint8_t bytes[ANCHOR_FILE_BYTES];
	size_t len = 0;
	ssize_t got = 0;

	do {
		got = pread(
		    anchor->fd, bytes + len, sizeof(bytes) - len, (off_t)len);
		len += got > 0 ? (size_t)got : 0;
	} while (got > 0 && len < sizeof(bytes));
	if (got < 0) {
		fail(anchor, _("cannot read the anchor of the vault"));
		anchor->found = ANCHOR_DAMAGED;
		return;
	}
	anchor->found = anchor_records_read(&anchor->last, &anchor->place,
	    bytes, len, anchor->id, anchor->mac_key->data);
	/* What a process that was killed has written may not be synced. */
	anchor->settled = anchor->place;
	anchor->dirty = anchor->found == ANCHOR_WHOLE;
	if (anchor->found == ANCHOR_DAMAGED) {
		struct anchor_record record;
		size_t place;

		if (find_former(anchor, &place, &record)) {
			anchor->last = record;
			anchor->found = ANCHOR_RENEWED;
		}
	}
}

struct anchor *
anchor_open(const char *folder, const uint8_t id[VAULT_ID_BYTES],
    const struct secret *data_key)
{
	struct anchor *anchor = xcalloc(1, sizeof(*anchor));
	char name[2 * VAULT_ID_BYTES + 1];

	hex_write(id, VAULT_ID_BYTES, name);
	memcpy(anchor->id, id, VAULT_ID_BYTES);
	anchor->folder = xstrdup(folder);
	anchor->path = xasprintf("%s/%s.anchor", folder, name);
	anchor->mac_key = kdf_subkey(data_key, purpose);
	open_file(anchor);
	if (anchor->fd >= 0)
		read_file(anchor);
	return anchor;
}

void
anchor_close(struct anchor *anchor)
{
	if (!anchor)
		return;
	if (anchor->is_ours)
		(void)anchor_sync(anchor);
	if (anchor->fd >= 0)
		close(anchor->fd);
	secret_free(anchor->mac_key);
	free(anchor->folder);
	free(anchor->path);
	free(anchor);
}

const char *
anchor_path(const struct anchor *anchor)
{
	return anchor->path;
}

enum anchor_found
anchor_found(const struct anchor *anchor)
{
	return anchor->found;
}

const struct anchor_record *
anchor_last(const struct anchor *anchor)
{
	return &anchor->last;
}

static int
make_file(struct anchor *anchor)
{
	if (anchor->fd >= 0)
		return -1; /* there, and not to be written */
	if (file_make_folders(anchor->folder, &anchor->trouble) < 0)
		return -1;
	anchor->fd = open(anchor->path,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (anchor->fd < 0)
		return fail(anchor, _("cannot make the anchor of the vault"));
	anchor->is_new = true;
	return lock(anchor);
}

/* The first record of a file may go anywhere, others beside the settled. */
static size_t
next_place(const struct anchor *anchor)
{
	return anchor->found == ANCHOR_WHOLE ? 1 - anchor->settled : 0;
}

int
anchor_put(struct anchor *anchor, const struct anchor_record *record)
{
	uint8_t bytes[ANCHOR_RECORD_BYTES];
	struct anchor_record next = *record;
	const size_t place = next_place(anchor);
	ssize_t put;

	if (!anchor->is_ours && make_file(anchor) < 0)
		return -1;
	next.generation = anchor->last.generation + 1;
	anchor_record_write(&next, anchor->id, anchor->mac_key->data, bytes);
	put = pwrite(anchor->fd, bytes, sizeof(bytes),
	    (off_t)place * ANCHOR_RECORD_STEP);
	if (put != (ssize_t)sizeof(bytes)) {
		if (put >= 0)
			errno = ENOSPC;
		return fail(anchor, _("cannot write the anchor of the vault"));
	}
	if (anchor->found != ANCHOR_WHOLE)
		anchor->settled = 1 - place; /* there is none yet */
	anchor->found = ANCHOR_WHOLE;
	anchor->place = place;
	anchor->last = next;
	anchor->dirty = true;
	anchor->trouble = (struct err){ 0 };
	return 0;
}

int
anchor_sync(struct anchor *anchor)
{
	if (!anchor->is_ours)
		return -1;
	if (!anchor->dirty)
		return 0;
	anchor->synced = clock_now();
	if (fdatasync(anchor->fd) != 0)
		return fail(anchor, _("cannot write the anchor of the vault"));
	if (anchor->is_new &&
	    file_sync_folder(anchor->path, &anchor->trouble) < 0)
		return -1;
	anchor->is_new = anchor->dirty = false;
	anchor->settled = anchor->place;
	return 0;
}

void
anchor_tick(struct anchor *anchor)
{
	const int64_t now = clock_now();

	/* A clock that was put back says nothing: then it is time. */
	if (anchor->is_ours && anchor->dirty &&
	    (now < anchor->synced || now - anchor->synced >= ANCHOR_SYNC_MS))
		(void)anchor_sync(anchor);
}

bool
anchor_is_dirty(const struct anchor *anchor)
{
	return anchor->is_ours && anchor->dirty;
}

const char *
anchor_trouble(const struct anchor *anchor)
{
	return anchor->trouble.code ? anchor->trouble.msg : NULL;
}

void
anchor_give_key(const char *folder, const uint8_t id[VAULT_ID_BYTES],
    const struct secret *old_key, const struct secret *new_key)
{
	struct anchor *anchor = anchor_open(folder, id, old_key);

	if (anchor->found == ANCHOR_WHOLE && anchor_sync(anchor) == 0) {
		put_former(anchor);
		secret_free(anchor->mac_key);
		anchor->mac_key = kdf_subkey(new_key, purpose);
		(void)anchor_put(anchor, &anchor->last);
	}
	anchor_close(anchor);
}
