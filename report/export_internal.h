/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_EXPORT_INTERNAL_H
#define REPORT_EXPORT_INTERNAL_H

#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"
#include "checklists/submission.h"
#include "inspections/inspection.h"
#include "report/export.h"

/*
 * What the files of the export share: an inspection as it leaves
 * (export_files.c), folders and formats (export.c), tables (export_table.c),
 * JSON (export_json.c), the audit (export_audit.c).
 */

/* A file of evidence under the name that it gets in the folder. */
struct export_file {
	int place;
	struct hash digest;
	uint64_t size;
	char *name; /* owned; unlike all others of the inspection */
};

/* An inspection on its way out. */
struct exported {
	struct inspection *inspection; /* owned */
	const struct form *form;
	const struct state *state;
	const char *id;
	char instance_id[SUBMISSION_ID_MAX], replaces[SUBMISSION_ID_MAX];
	const char *person; /* who answered or signed last; "" */
	char device[ID_MAX], time[CLOCK_TEXT_MAX]; /* of the last event */
	struct export_file *files;
	size_t file_count, file_room;
	struct submission submission; /* says all this */
};

int exported_open(struct vault *vault, const char *id,
    struct exported *exported, struct err *err);
void exported_close(struct exported *exported);

/* Questions whose answers differ, by their numbered paths, joined by "; ". */
void exported_add_conflicts(const struct exported *exported, struct buf *out);

/* Writes all its files into the folder, which is made where there are any;
 * those that have not come to this vault are added to `*missing`. */
int exported_write_files(const struct exported *exported, struct vault *vault,
    const char *folder, size_t *missing, struct err *err);

/* Does the form ask for an audit, or is one made anyway: its text. */
int export_audit(
    const struct exported *exported, struct buf *out, struct err *err);

/* ---- export_table.c ---- */

enum table_style { TABLE_ODK, TABLE_KOBO };

/* The tables of one checklist; rows are added inspection by inspection. */
struct tables;

struct tables *tables_new(const struct form *form, enum table_style style);
void tables_free(struct tables *tables); /* NULL is allowed */
void tables_add(struct tables *tables, const struct exported *exported);
/* Writes "STEM.csv" and "STEM-REPEAT.csv" for each repeat. */
int tables_write(const struct tables *tables, const char *folder,
    const char *stem, struct err *err);

/* ---- export_json.c ---- */

json_t *export_json(const struct exported *exported);

#endif
