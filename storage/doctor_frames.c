/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/doctor_internal.h"
#include "storage/vfs_internal.h"

/*
 * The log beside the file: every frame authenticated, what was synced told
 * from a torn end by the rules of vfs_scan.c, and the newest frame of each
 * page noted.
 */
struct frame_mark {
	uint32_t page, commit;
	bool opens;
};

/* What vfs_scan.c reads through. */
struct log_file {
	sqlite3_file base;
	const struct pages *pages;
};

static int
log_read(sqlite3_file *base, void *to, int amount, sqlite3_int64 offset)
{
	const struct log_file *file = (const struct log_file *)base;
	struct err ignored = { 0 };
	const ssize_t got = pages_read_at(
	    file->pages->wal_fd, to, (size_t)amount, offset, &ignored);

	if (got < 0)
		return SQLITE_IOERR_READ;
	if (got == amount)
		return SQLITE_OK;
	memset((uint8_t *)to + got, 0, (size_t)(amount - got));
	return SQLITE_IOERR_SHORT_READ;
}

static int
log_size(sqlite3_file *base, sqlite3_int64 *size)
{
	*size = ((const struct log_file *)base)->pages->wal_size;
	return SQLITE_OK;
}

/* The last frame that counts; `*damaged`: what was synced does not open. */
static uint32_t
judge_log(struct pages *pages, bool *damaged)
{
	static const sqlite3_io_methods methods = {
		.iVersion = 1, .xRead = log_read, .xFileSize = log_size
	};
	struct log_file file = { { &methods }, pages };

	*damaged = wal_scan(pages->vfs, &file.base) != SQLITE_OK;
	pages->vfs->trouble.kind = TROUBLE_NONE;
	if (*damaged)
		return pages->frame_count;
	if (pages->vfs->wal_size == 0)
		return 0;
	return (
	    uint32_t)((pages->vfs->wal_size - WAL_HEADER_BYTES) / FRAME_BYTES);
}

bool
pages_open_frame(struct pages *pages, uint32_t frame, uint8_t *sealed)
{
	struct place place;

	wal_place(pages->vfs, sealed, frame, &place);
	return page_open(pages->vfs, &place, sealed + FRAME_HEADER_BYTES,
		   pages->clear) == 0;
}

static int
mark_frames(struct pages *pages, const struct progress *progress,
    struct doctor_report *report, struct err *err)
{
	uint8_t sealed[FRAME_BYTES];

	pages->marks =
	    xcalloc((size_t)pages->frame_count + 1, sizeof(*pages->marks));
	for (uint32_t i = 1; i <= pages->frame_count; i++) {
		struct frame_mark *mark = &pages->marks[i];

		if (pages_read_at(pages->wal_fd, sealed, sizeof(sealed),
			frame_offset(i), err) < 0 ||
		    progress_step(progress, i, pages->frame_count, err) < 0)
			return -1;
		mark->page = load_be32(sealed);
		mark->commit = load_be32(sealed + 4);
		mark->opens = pages_open_frame(pages, i, sealed);
	}
	report->frames = pages->frame_count;
	return 0;
}

/* The last whole commit frame up to `last`. */
static uint32_t
last_commit(const struct pages *pages, uint32_t last)
{
	while (last > 0 &&
	    !(pages->marks[last].opens && pages->marks[last].commit > 0))
		last--;
	return last;
}

static void
say_frames(struct pages *pages, uint32_t from, uint32_t until,
    struct doctor_report *report)
{
	for (uint32_t i = from; i <= until; i++) {
		if (pages->marks[i].opens)
			continue;
		report->damaged_frames++;
		doctor_find(report,
		    &(struct doctor_finding){
			.part = "log", .page = i, .byte = frame_offset(i) },
		    _("frame %u of the log is damaged (byte %lld of the file "
		      "ending in -wal)"),
		    i, (long long)frame_offset(i));
	}
}

static void
say_short_log(struct pages *pages, struct doctor_report *report)
{
	const uint32_t least = pages->vfs->header.wal_frames;

	if (pages->frame_count >= least)
		return;
	report->damaged_frames += least - pages->frame_count;
	doctor_find(report,
	    &(struct doctor_finding){ .part = "log",
		.page = pages->frame_count + 1,
		.byte = frame_offset(pages->frame_count + 1) },
	    _("the log (the file ending in -wal) is cut short: it has %u "
	      "frames, and %u were safely on the disk"),
	    pages->frame_count, least);
}

/*
 * Which frame is the newest of each page.  Where the log is damaged inside,
 * what is behind the damage counts as well: who reads it takes only what
 * proves itself.
 */
static void
apply_log(struct pages *pages, uint32_t last)
{
	const uint32_t most = pages->file_pages + pages->frame_count;
	uint32_t start = 1;

	pages->frames = xcalloc((size_t)most + 1, sizeof(*pages->frames));
	for (uint32_t i = 1; i <= last; i++) {
		const struct frame_mark *mark = &pages->marks[i];

		if (!mark->opens || mark->commit == 0)
			continue;
		for (; start <= i; start++)
			if (pages->marks[start].opens &&
			    pages->marks[start].page <= most)
				pages->frames[pages->marks[start].page] = start;
		pages->count = mark->commit <= most ? mark->commit : most;
	}
}

int
pages_check_log(struct pages *pages, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	uint32_t last, good = 0;
	bool damaged;

	if (pages->wal_size > WAL_HEADER_BYTES)
		pages->frame_count =
		    (uint32_t)((pages->wal_size - WAL_HEADER_BYTES) /
			FRAME_BYTES);
	if (mark_frames(pages, options->progress, report, err) < 0)
		return -1;
	last = judge_log(pages, &damaged);
	if (damaged) {
		const uint32_t least = pages->vfs->header.wal_frames;

		last = last_commit(pages, last);
		good = last > least ? last : least;
		say_frames(pages, 1,
		    good < pages->frame_count ? good : pages->frame_count,
		    report);
		say_short_log(pages, report);
		if (report->damaged_frames == 0)
			report->damaged_frames = 1;
	}
	apply_log(pages, last);
	return 0;
}
