/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DOCTOR_INTERNAL_H
#define STORAGE_DOCTOR_INTERNAL_H

#include "crypto/ids.h"
#include "storage/doctor.h"
#include "storage/doctor_pages.h"
#include "storage/doctor_rows.h"

/*
 * What the files of the doctor share:
 *
 *   doctor.c         in which order it works
 *   doctor_report.c  findings
 *   doctor_pages.c   the file, authenticated; doctor_frames.c: its log
 *   doctor_tree.c    SQLite's pages taken apart
 *   doctor_rows.c    rows of a damaged vault; doctor_walk.c: where they are
 *   doctor_lost.c    what is not there any more, in words
 *   doctor_salvage.c what can be saved, counted or put into a new vault
 *   doctor_events.c  the same of events; doctor_files.c: of files
 *   doctor_log.c     of an open vault: events, heads
 *   doctor_store.c   statements, files, checklists
 *   doctor_tables.c  tables that follow from the events
 */

/* A damaged vault on its way to a new one, or to being counted. */
struct rescue {
	struct gathered *all;
	struct vault *to; /* NULL: only counts */
	const struct doctor_options *options;
	struct doctor_report *report;
	char own[ID_MAX]; /* this device; "" where its owner is lost */

	int64_t *numbers; /* old ones of events saved or purged, ascending */
	size_t number_count, number_room;
	struct vault_head head;          /* of the new vault */
	struct hash *statements, *files; /* saved, ascending when complete */
	size_t statement_count, statement_room, file_count, file_room;
	struct buf payload;
};

/* doctor_salvage.c: `to` may be NULL. */
int rescue_run(struct rescue *rescue, struct err *err);
void rescue_release(struct rescue *rescue);
/* The column `at` of a row as a hash; false when it is none. */
bool rescue_hash(const struct rescue *rescue, const struct row *record,
    unsigned at, struct hash *hash);
bool rescue_text(const struct rescue *rescue, const struct row *record,
    unsigned at, char *text, size_t room);
bool rescue_has(const struct hash *list, size_t count, const struct hash *hash);
void rescue_sort(struct hash *list, size_t count);
/* ERR_CANCELLED when it is to stop. */
int rescue_step(
    const struct rescue *rescue, size_t done, size_t total, struct err *err);

/* Reads row `i` of a kind into the payload: 1, 0 where it is lost, -1. */
int rescue_row(struct rescue *rescue, enum row_kind kind, size_t i,
    struct row *row, struct err *err);
/* One transaction for many rows, so that neither disk nor memory is short. */
int rescue_commit(struct rescue *rescue, struct err *err);

/* doctor_events.c: events, tombstones; then the former devices. */
int rescue_events(struct rescue *rescue, struct err *err);
int rescue_former(struct rescue *rescue, struct err *err);

/* doctor_files.c: files and checklists. */
int rescue_files(struct rescue *rescue, struct err *err);

/* doctor_lost.c: says what damaged pages held, and what is lost. */
void lost_say_pages(const struct gathered *all, const struct pages *pages,
    struct doctor_report *report);
int lost_say_rows(struct rescue *rescue, uint64_t known, struct err *err);

/* Checks of an open vault; -1 only where the work itself failed. */
int check_structure(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err);
int check_events(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err);
int check_statements(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err);
int check_files(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err);
int check_tables(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err);

/* Tells what it does now. */
void doctor_stage(const struct doctor_options *options, const char *title);

#endif
