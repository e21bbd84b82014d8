/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DOCTOR_PAGES_H
#define STORAGE_DOCTOR_PAGES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "storage/doctor.h"
#include "storage/doctor_tree.h"
#include "storage/vault_internal.h"

/*
 * The file of a vault and the log beside it, read with the key and without
 * SQLite.  Nothing is ever written.
 */
struct vfs;

enum page_state {
	PAGE_GOOD,
	PAGE_COVERED, /* does not open; the log has a whole newer one */
	PAGE_DAMAGED, /* does not open */
	PAGE_MISSING  /* the file ends before it */
};

struct pages {
	struct vfs *vfs; /* for its keys; it opens nothing */
	int fd, wal_fd;  /* fd is borrowed */
	int64_t size, wal_size;
	uint32_t file_pages; /* that the file has */
	uint32_t count;      /* that the database has */
	uint8_t *states;     /* enum page_state of page i + 1 */
	uint32_t *frames;    /* its newest frame that counts; 0: in the file */
	uint32_t frame_count;
	struct frame_mark *marks;
	struct tree_source source; /* over all of it */

	/* A window on the file. */
	uint8_t *window;
	uint32_t window_first, window_count;
	uint8_t *clear;
};

/*
 * Reads and authenticates all of it, with findings for what does not open.
 * -1 for failures of the disk and ERR_CANCELLED.  To be closed, on failure
 * too.
 */
int pages_open(struct pages *pages, const char *path,
    const struct vault_unlocked *unlocked, const struct doctor_options *options,
    struct doctor_report *report, struct err *err);
void pages_close(struct pages *pages);

/*
 * As much as there is of `len` bytes at `offset`, zeroes for what the disk
 * cannot read any more; -1 with err.
 */
ssize_t pages_read_at(
    int fd, void *to, size_t len, int64_t offset, struct err *err);

/*
 * doctor_frames.c: fills the frames, `count` where the log has a commit, and
 * says what is damaged; opens a sealed frame into `clear`.
 */
int pages_check_log(struct pages *pages, const struct doctor_options *options,
    struct doctor_report *report, struct err *err);
bool pages_open_frame(struct pages *pages, uint32_t frame, uint8_t *sealed);

/* Where page `page` stands in the file. */
int64_t pages_offset(uint32_t page);

#endif
