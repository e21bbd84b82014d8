/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_renew_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/vfs_internal.h"

/*
 * Pages from one file to another, sealed anew; a run of them at a time.  Two
 * VFSs that open nothing hold the keys.
 */
enum { RUN_PAGES = 256, RUN_BYTES = RUN_PAGES * VAULT_PAGE_BYTES };

struct copier {
	struct vault_renewal *renewal;
	const struct progress *progress;
	uint64_t done; /* of twice the pages: copied, compared */
	struct vfs *from, *to;
	struct secret *clear, *other; /* a page each */
	uint8_t *read, *written;      /* a run each, sealed */
};

static void
copier_init(struct copier *copier, struct vault_renewal *renewal,
    const struct progress *progress)
{
	*copier = (struct copier){
		.renewal = renewal,
		.progress = progress,
		.from = vfs_new(renewal->path, &renewal->from.header,
		    renewal->from.key, NULL, false),
		.to = vfs_new(renewal->place, &renewal->header, renewal->key,
		    NULL, false),
		.clear = secret_new(VAULT_PAGE_BYTES),
		.other = secret_new(VAULT_PAGE_BYTES),
		.read = xcalloc(1, RUN_BYTES),
		.written = xcalloc(1, RUN_BYTES),
	};
}

static void
copier_release(struct copier *copier)
{
	vfs_free(copier->from);
	vfs_free(copier->to);
	secret_free(copier->clear);
	secret_free(copier->other);
	free(copier->read);
	free(copier->written);
}

static off_t
offset_of(uint64_t index)
{
	return (off_t)(VAULT_HEADER_BYTES + index * VAULT_PAGE_BYTES);
}

static struct place
place_of(uint64_t index)
{
	return (struct place){ .kind = PLACE_DB, .page = (uint32_t)index + 1 };
}

/* Fills `to` or gives what there was before the end; -1 on failure. */
static ssize_t
read_run(int fd, uint8_t *to, size_t len, off_t at)
{
	size_t have = 0;

	while (have < len) {
		const ssize_t got =
		    pread(fd, to + have, len - have, at + (off_t)have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

static int
write_run(int fd, const uint8_t *from, size_t len, off_t at)
{
	while (len > 0) {
		const ssize_t put = pwrite(fd, from, len, at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		from += put;
		at += put;
		len -= (size_t)put;
	}
	return 0;
}

static int
say_damaged(const struct copier *copier, uint64_t index, struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    _("page %llu of %s (byte %lld) is damaged; ronde doctor tells "
	      "what can be saved"),
	    (unsigned long long)index + 1, copier->renewal->path,
	    (long long)offset_of(index));
}

static int
read_source(
    struct copier *copier, uint64_t first, size_t count, struct err *err)
{
	const size_t len = count * VAULT_PAGE_BYTES;
	const ssize_t got = read_run(
	    copier->renewal->from.lock, copier->read, len, offset_of(first));

	if (got < 0)
		return err_errno(
		    err, _("cannot read %s"), copier->renewal->path);
	if ((size_t)got < len)
		return say_damaged(
		    copier, first + (size_t)got / VAULT_PAGE_BYTES, err);
	return 0;
}

/* Does the copy have all of this run, from an earlier time? */
static bool
has_run(struct copier *copier, uint64_t first, size_t count)
{
	const size_t len = count * VAULT_PAGE_BYTES;

	if (copier->renewal->start != RENEWAL_RESUMED ||
	    read_run(copier->renewal->copy, copier->written, len,
		offset_of(first)) != (ssize_t)len)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct place place = place_of(first + i);

		if (page_open(copier->to, &place,
			copier->written + i * VAULT_PAGE_BYTES,
			copier->clear->data) != 0)
			return false;
	}
	return true;
}

static int
copy_run(struct copier *copier, uint64_t first, size_t count, struct err *err)
{
	if (has_run(copier, first, count))
		return 0;
	if (read_source(copier, first, count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct place place = place_of(first + i);
		const size_t at = i * VAULT_PAGE_BYTES;

		if (page_open(copier->from, &place, copier->read + at,
			copier->clear->data) != 0)
			return say_damaged(copier, first + i, err);
		page_seal(copier->to, &place, copier->clear->data,
		    copier->written + at);
	}
	if (write_run(copier->renewal->copy, copier->written,
		count * VAULT_PAGE_BYTES, offset_of(first)) != 0)
		return err_errno(
		    err, _("cannot write %s"), copier->renewal->place);
	/* The disk works while the next run is sealed. */
	(void)sync_file_range(copier->renewal->copy, offset_of(first),
	    (off_t)count * VAULT_PAGE_BYTES, SYNC_FILE_RANGE_WRITE);
	return 0;
}

static bool
is_same(struct copier *copier, uint64_t index, size_t at)
{
	const struct place place = place_of(index);

	return page_open(copier->to, &place, copier->written + at,
		   copier->other->data) == 0 &&
	    memcmp(copier->clear->data, copier->other->data,
		PAGE_CLEAR_BYTES) == 0;
}

static int
compare_run(
    struct copier *copier, uint64_t first, size_t count, struct err *err)
{
	const size_t len = count * VAULT_PAGE_BYTES;
	const ssize_t got = read_run(
	    copier->renewal->copy, copier->written, len, offset_of(first));

	if (got < 0)
		return err_errno(
		    err, _("cannot read %s"), copier->renewal->place);
	if ((size_t)got < len)
		memset(copier->written + got, 0, len - (size_t)got);
	if (read_source(copier, first, count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct place place = place_of(first + i);
		const size_t at = i * VAULT_PAGE_BYTES;

		if (page_open(copier->from, &place, copier->read + at,
			copier->clear->data) != 0)
			return say_damaged(copier, first + i, err);
		if (!is_same(copier, first + i, at))
			return err_set(err, ERR_CONFLICT,
			    _("page %llu of the copy %s is not what was "
			      "written: the disk may be failing; make a "
			      "backup on another one"),
			    (unsigned long long)(first + i) + 1,
			    copier->renewal->place);
	}
	return 0;
}

static int
each_run(struct copier *copier,
    int (*work)(
	struct copier *copier, uint64_t first, size_t count, struct err *err),
    struct err *err)
{
	const uint64_t pages = copier->renewal->pages;

	for (uint64_t first = 0; first < pages; first += RUN_PAGES) {
		const uint64_t left = pages - first;
		const size_t count =
		    left < RUN_PAGES ? (size_t)left : RUN_PAGES;

		if (progress_step(copier->progress, copier->done + first,
			2 * pages, err) != 0 ||
		    work(copier, first, count, err) != 0)
			return -1;
	}
	return 0;
}

int
renewal_copy(struct vault_renewal *renewal, const struct progress *progress,
    struct err *err)
{
	struct copier copier;
	int result;

	copier_init(&copier, renewal, progress);
	result = each_run(&copier, copy_run, err);
	copier_release(&copier);
	return result;
}

int
renewal_compare(struct vault_renewal *renewal, const struct progress *progress,
    struct err *err)
{
	struct copier copier;
	int result;

	copier_init(&copier, renewal, progress);
	copier.done = renewal->pages;
	/* From the disk, where the system lets it go. */
	(void)posix_fadvise(renewal->copy, 0, 0, POSIX_FADV_DONTNEED);
	result = each_run(&copier, compare_run, err);
	copier_release(&copier);
	return result;
}
