/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_READER_H
#define CHECKLISTS_READER_H

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "checklists/problem.h"

/*
 * Reading spreadsheets that somebody else made.  The bytes are taken apart by
 * the program ronde-reader, executed with nothing but its input and output
 * descriptors, no environment, under landlock, seccomp and resource limits: a
 * hostile workbook meets a process that has no keys and cannot open, connect
 * or write anything.
 *
 * What comes back is the normalised form of the sheets, one UTF-8 CSV:
 *
 *     ronde-checklist,1
 *     survey,type,name,label::Français (fr)
 *     ,text,who,"Qui, et quand ?"
 *     choices,list_name,name,label::Français (fr)
 *     ,yn,yes,Oui
 *
 * First a line with the version of the normalisation.  Then the sheets that
 * XLSForm knows, in the order survey, choices, settings, external_choices,
 * entities, osm, each that is there once: its header row with the sheet's
 * name in the first cell, then its rows with that cell empty.  Every row of a
 * sheet has as many cells as its header.  Headers stand as they were written
 * (case, spaces, aliases, languages are for the form to understand; a header
 * may be there twice).  Cells are NFC, without white space around them, lines
 * in them end in "\n".  Columns without a header and blank rows are gone.
 * Rows end in "\n", cells are quoted only where they hold , " or a line feed.
 *
 * Those bytes are what a checklist's identity hashes: the same form as .xlsx,
 * .xls and .csv gives the same bytes, and they read as a .csv give themselves.
 * doc/formats/checklist.md describes them.
 */

/* Before the name of a file beside the form, in the first cell. */
#define FILE_MARK "file:"

enum { READER_VERSION = 1 }; /* in the first line: "ronde-checklist,1" */

/*
 * Reads `path`: an .xlsx or .xls workbook, a .csv with sheet names in its first
 * column, or a folder with survey.csv, choices.csv, settings.csv.  Adds the
 * normalised sheets to `out`.
 *
 * -1 with err when the file cannot be read at all (not a workbook, damaged,
 * a bomb, the helper died); what is wrong inside is added to `problems`.
 */
int reader_normalise(const char *path, struct buf *out,
    struct problems *problems, struct err *err);

/*
 * Where the rows were in the file that a person has: blank rows are gone from
 * the normalised sheets.  A form counts the rows of a normalised sheet from 1,
 * which is its header; reader_show_rows() turns that into the person's rows.
 */
struct reader_sheet_rows {
	char *sheet;
	int *rows; /* of the header, then of every normalised row */
	size_t count;
	int *columns; /* of every normalised column, from 0 */
	size_t column_count;
	char *headers; /* theirs, each ended by NUL */
	size_t headers_len;
};

struct reader_rows {
	struct reader_sheet_rows *list;
	size_t count, room;
};

/* As reader_normalise(), and says in `rows` (starts as { 0 }) where from. */
int reader_normalise_rows(const char *path, struct buf *out,
    struct reader_rows *rows, struct problems *problems, struct err *err);
void reader_rows_release(struct reader_rows *rows);

/*
 * For messages: gives the problems from the `first` on, which form_parse()
 * added, the rows of the person's own file, and the places of their cells.
 */
void reader_show_rows(
    const struct reader_rows *rows, struct problems *problems, size_t first);

/* Where ronde-reader is, when it is not beside the program.  Borrowed. */
void reader_set_program(const char *path);

/*
 * The work of the helper itself, without a sandbox: for ronde-reader, tests
 * and fuzzing.  `kind` is "workbook", "csv" (sheet names in the first column) or
 * "folder": for each file a line "survey.csv 123", then its 123 bytes.  `rows`
 * may be NULL.
 */
int reader_take_apart(const char *kind, const void *bytes, size_t len,
    struct buf *out, struct reader_rows *rows, struct problems *problems,
    struct err *err);

#endif
