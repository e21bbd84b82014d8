/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/doctor_pages.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/doctor_internal.h"
#include "storage/vfs_internal.h"

/*
 * The order of this file: reading, the header, the pages of the file, one page
 * for who walks the trees.
 */

enum {
	BLOCK_PAGES = 256, /* read at once in the pass over all */
	WINDOW_PAGES = 16, /* read at once by who walks trees */
	COUNT_AT = 28,     /* in page 1: pages of the database */
	UNKNOWN_PAGES_MAX = 1024 * 1024
};

int64_t
pages_offset(uint32_t page)
{
	return VAULT_HEADER_BYTES + (int64_t)(page - 1) * VAULT_PAGE_BYTES;
}

/*
 * A sector that the disk cannot read is damage like any other: its pages read
 * as zeroes, which no page is, and the others are read one by one.
 */
static ssize_t
read_around(int fd, uint8_t *to, size_t len, int64_t offset, struct err *err)
{
	size_t have = 0;

	while (have < len) {
		const size_t left = len - have;
		const size_t piece =
		    left < VAULT_PAGE_BYTES ? left : VAULT_PAGE_BYTES;
		ssize_t got;

		do
			got = pread(
			    fd, to + have, piece, (off_t)offset + (off_t)have);
		while (got < 0 && errno == EINTR);
		if (got < 0 && errno != EIO)
			return err_errno(err, _("cannot read the vault"));
		if (got < 0)
			memset(to + have, 0, piece);
		if (got == 0)
			break;
		have += got < 0 ? piece : (size_t)got;
	}
	return (ssize_t)have;
}

ssize_t
pages_read_at(int fd, void *to, size_t len, int64_t offset, struct err *err)
{
	size_t have = 0;

	while (have < len) {
		const ssize_t got = pread(fd, (uint8_t *)to + have, len - have,
		    (off_t)offset + (off_t)have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EIO)
			return read_around(fd, to, len, offset, err);
		if (got < 0)
			return err_errno(err, _("cannot read the vault"));
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

static int64_t
size_of(int fd)
{
	struct stat info;

	return fd >= 0 && fstat(fd, &info) == 0 ? (int64_t)info.st_size : 0;
}

/* ---- the header ---- */

static int
check_header(struct pages *pages, struct doctor_report *report, struct err *err)
{
	struct vault_copies copies;
	uint8_t bytes[VAULT_HEADER_BYTES];
	const ssize_t got =
	    pages_read_at(pages->fd, bytes, sizeof(bytes), 0, err);

	if (got < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		const uint8_t *copy = bytes + (size_t)i * VAULT_COPY_BYTES;
		uint8_t twice[VAULT_HEADER_BYTES];
		struct err ignored = { 0 };

		/* One copy, seen as both, is read or refused on its own. */
		memcpy(twice, copy, VAULT_COPY_BYTES);
		memcpy(twice + VAULT_COPY_BYTES, copy, VAULT_COPY_BYTES);
		if (vault_header_read(
			&copies, twice, (size_t)got, "", &ignored) == 0 &&
		    vault_copy_is_genuine(copy, pages->vfs->header_key->data))
			continue;
		doctor_find(report,
		    &(struct doctor_finding){ .part = "header",
			.byte = (int64_t)i * VAULT_COPY_BYTES },
		    _("copy %s of the header is damaged (bytes %d to %d); the "
		      "other one is whole"),
		    i == 0 ? "A" : "B", i * VAULT_COPY_BYTES,
		    (i + 1) * VAULT_COPY_BYTES - 1);
	}
	return 0;
}

/* ---- the pages of the file ---- */

static bool
is_covered(const struct pages *pages, uint32_t page)
{
	return page <= pages->file_pages + pages->frame_count &&
	    pages->frames[page] > 0;
}

/* Whole pages again, so that a page at the border is read as one. */
static int
check_block(
    struct pages *pages, uint32_t first, uint8_t *block, struct err *err)
{
	uint32_t left = pages->file_pages - first + 1;
	const uint32_t take = left < BLOCK_PAGES ? left : BLOCK_PAGES;

	if (pages_read_at(pages->fd, block, (size_t)take * VAULT_PAGE_BYTES,
		pages_offset(first), err) < 0)
		return -1;
	for (uint32_t i = 0; i < take; i++) {
		const struct place place = { .kind = PLACE_DB,
			.page = first + i };

		if (page_open(pages->vfs, &place,
			block + (size_t)i * VAULT_PAGE_BYTES,
			pages->clear) == 0)
			continue;
		pages->states[first - 1 + i] =
		    is_covered(pages, first + i) ? PAGE_COVERED : PAGE_DAMAGED;
	}
	return 0;
}

static int
check_pages(struct pages *pages, const struct progress *progress,
    struct doctor_report *report, struct err *err)
{
	uint8_t *block = xcalloc(BLOCK_PAGES, VAULT_PAGE_BYTES);
	int result = 0;

	pages->states = xcalloc((size_t)pages->file_pages + 1, 1);
	for (uint32_t first = 1; first <= pages->file_pages && result == 0;
	     first += BLOCK_PAGES) {
		result = progress_step(progress, first, pages->file_pages, err);
		if (result == 0)
			result = check_block(pages, first, block, err);
	}
	free(block);
	report->pages = pages->file_pages;
	return result;
}

/* How many pages there should be: by the log, by page 1, by the header. */
static int
count_pages(struct pages *pages, struct err *err)
{
	uint32_t count = pages->count, most;
	const uint32_t by_header = pages->vfs->header.db_pages;
	int got;

	if (count == 0) {
		pages->count = pages->source.pages = pages->file_pages;
		got = pages->source.read(pages, 1, pages->clear, err);
		if (got < 0)
			return -1;
		count = pages->file_pages;
		if (got > 0 && load_be32(pages->clear + COUNT_AT) > count)
			count = load_be32(pages->clear + COUNT_AT);
		count = by_header > count ? by_header : count;
	}
	most = pages->file_pages + pages->frame_count + UNKNOWN_PAGES_MAX;
	pages->count = count < most ? count : most;
	pages->source.pages = pages->count;
	return 0;
}

/* The states of what is not in the file, too. */
static void
note_missing(struct pages *pages, struct doctor_report *report)
{
	uint32_t first = 0, missing = 0;

	for (uint32_t page = pages->file_pages + 1; page <= pages->count;
	     page++) {
		if (is_covered(pages, page))
			continue;
		first = first ? first : page;
		missing++;
	}
	if (missing == 0)
		return;
	report->damaged_pages += missing;
	doctor_find(report,
	    &(struct doctor_finding){
		.part = "page", .page = first, .byte = pages_offset(first) },
	    _("the file is cut short: it ends at byte %lld, and %u pages from "
	      "page %u on are missing"),
	    (long long)pages->size, missing, first);
}

/* ---- one page ---- */

static int
read_frame_page(
    struct pages *pages, uint32_t frame, uint8_t *bytes, struct err *err)
{
	uint8_t sealed[FRAME_BYTES];

	if (pages_read_at(pages->wal_fd, sealed, sizeof(sealed),
		frame_offset(frame), err) < 0)
		return -1;
	if (!pages_open_frame(pages, frame, sealed))
		return 0;
	memcpy(bytes, pages->clear, VAULT_PAGE_BYTES);
	return 1;
}

static int
fill_window(struct pages *pages, uint32_t page, struct err *err)
{
	const uint32_t left = pages->file_pages - page + 1;

	if (page >= pages->window_first &&
	    page - pages->window_first < pages->window_count)
		return 0;
	pages->window_count = 0;
	if (pages_read_at(pages->fd, pages->window,
		(size_t)WINDOW_PAGES * VAULT_PAGE_BYTES, pages_offset(page),
		err) < 0)
		return -1;
	pages->window_first = page;
	pages->window_count = left < WINDOW_PAGES ? left : WINDOW_PAGES;
	return 0;
}

static int
read_page(void *arg, uint32_t page, uint8_t *bytes, struct err *err)
{
	struct pages *pages = arg;
	const struct place place = { .kind = PLACE_DB, .page = page };

	if (page == 0 || page > pages->count)
		return 0;
	if (is_covered(pages, page))
		return read_frame_page(pages, pages->frames[page], bytes, err);
	if (page > pages->file_pages)
		return 0;
	if (fill_window(pages, page, err) < 0)
		return -1;
	return page_open(pages->vfs, &place,
		   pages->window +
		       (size_t)(page - pages->window_first) * VAULT_PAGE_BYTES,
		   bytes) == 0;
}

/* ---- opening ---- */

static int
open_log(struct pages *pages, const char *path, struct err *err)
{
	char *full = realpath(path, NULL), *name;
	int result = 0;

	if (!full)
		return err_errno(err, _("cannot open the vault %s"), path);
	name = xasprintf("%s-wal", full);
	pages->wal_fd =
	    open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (pages->wal_fd < 0 && errno != ENOENT)
		result = err_errno(err, _("cannot read %s"), name);
	free(name);
	free(full);
	return result;
}

int
pages_open(struct pages *pages, const char *path,
    const struct vault_unlocked *unlocked, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	*pages = (struct pages){ .fd = unlocked->lock, .wal_fd = -1 };
	pages->source = (struct tree_source){ .read = read_page, .arg = pages };
	pages->vfs =
	    vfs_new(path, &unlocked->header, unlocked->key, NULL, false);
	pages->window = xcalloc(WINDOW_PAGES, VAULT_PAGE_BYTES);
	pages->clear = xcalloc(1, VAULT_PAGE_BYTES);
	if (open_log(pages, path, err) < 0)
		return -1;
	pages->size = size_of(pages->fd);
	pages->wal_size = size_of(pages->wal_fd);
	pages->file_pages =
	    (uint32_t)((pages->size - VAULT_HEADER_BYTES) / VAULT_PAGE_BYTES);
	doctor_stage(options, _("Reading the pages"));
	if (check_header(pages, report, err) < 0 ||
	    pages_check_log(pages, options, report, err) < 0 ||
	    check_pages(pages, options->progress, report, err) < 0 ||
	    count_pages(pages, err) < 0)
		return -1;
	for (uint32_t i = 0; i < pages->file_pages; i++)
		report->damaged_pages += pages->states[i] == PAGE_DAMAGED;
	note_missing(pages, report);
	return 0;
}

void
pages_close(struct pages *pages)
{
	if (pages->wal_fd >= 0)
		close(pages->wal_fd);
	vfs_free(pages->vfs);
	if (pages->clear)
		wipe(pages->clear, VAULT_PAGE_BYTES);
	free(pages->clear);
	free(pages->window);
	free(pages->marks);
	free(pages->frames);
	free(pages->states);
}
