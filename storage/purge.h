/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_PURGE_H
#define STORAGE_PURGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/progress.h"
#include "crypto/hash.h"
#include "crypto/ids.h"

struct vault;

/*
 * Taking whole subjects out of a vault, in three steps, each of which may be
 * interrupted at any moment and done again:
 *
 *  (1) purge_subject() for each subject: its events go, tombstones
 *      (tombstone.h) and an event that tells others of it come, all in one
 *      transaction;
 *  (2) purge_files(): evidence that no event names any more goes, each file
 *      in one transaction, so that a full disk is no obstacle;
 *  (3) purge_shrink(): the file is made smaller.
 *
 * Whether a subject may go is asked above (bundles/cover.h).  Where the file
 * was freed nothing can be read even with the key: freed parts of pages and
 * freed pages are zeroed (PRAGMA secure_delete).  What flash memory keeps of
 * old sectors can be read with the old key only.
 */
#define PURGE_KIND "purge" /* of the event, on this device as the subject */

struct purge_order {
	const char *subject;
	const struct hash *receipt; /* that covers it; NULL: none does */
	const char *holder;         /* the device that gave it; or NULL */
	const char *reason;         /* why; may be "" where one covers it */
};

struct purge_count {
	uint64_t subjects, chains, events;
	uint64_t files, file_bytes; /* of evidence */
};

/*
 * What purge_subject() and purge_files() would take, added to `*count`; files
 * that no event of another subject than those of `subjects` names.  With no
 * subject: what a purge that was cut off, or an attachment, has left.
 */
int purge_preview(struct vault *vault, const char *const *subjects,
    size_t subject_count, struct purge_count *count, struct err *err);

/*
 * ERR_NOT_FOUND when nothing is held of the subject, ERR_DENIED for a device
 * (its chain tells of purges).  Adds to `*count` (subjects, chains, events).
 */
int purge_subject(struct vault *vault, const struct purge_order *order,
    struct purge_count *count, struct err *err);

/* Drops evidence that no event names; adds to `*count` (files). */
int purge_files(struct vault *vault, const struct progress *progress,
    struct purge_count *count, struct err *err);

/*
 * Makes the file as small as what it holds, if that is at most
 * PURGE_SHRINK_MAX_BYTES, since the whole of it passes through memory: where
 * it is more, `*too_large` is set and the freed pages are there to be used
 * again.  Not inside a transaction.  `before` and `after`: bytes of the file.
 */
#define PURGE_SHRINK_MAX_BYTES ((uint64_t)256 << 20)

struct purge_shrink {
	uint64_t before, after;
	bool too_large;
};

int purge_shrink(
    struct vault *vault, struct purge_shrink *shrink, struct err *err);

/*
 * Is so much of the file free, and the rest small enough, that shrinking it is
 * worth while?  So it is after a purge that was cut off.  1, 0, -1.
 */
int purge_wants_shrink(struct vault *vault, struct err *err);

#endif
