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
 * What comes back is the normalised form of the sheets, one UTF-8 CSV: first
 * a line that names the normalisation's version, then per sheet its rows with
 * the sheet's name in the first cell of its header row, in the order survey,
 * choices, settings (then others that XLSForm knows).  Those bytes are what a
 * checklist's identity hashes: the same form as .xlsx and .csv gives the same
 * bytes.  doc/formats/checklist.md describes them.
 */

/*
 * Reads `path`: an .xlsx workbook, a .csv with sheet names in its first
 * column, or a folder with survey.csv, choices.csv, settings.csv.  Adds the
 * normalised sheets to `out`.
 *
 * -1 with err when the file cannot be read at all (not a workbook, damaged,
 * a bomb, the helper died); what is wrong inside is added to `problems`.
 */
int reader_normalise(const char *path, struct buf *out,
    struct problems *problems, struct err *err);

/* Where ronde-reader is, when it is not beside the program.  Borrowed. */
void reader_set_program(const char *path);

/*
 * The work of the helper itself, without a sandbox: for ronde-reader, tests
 * and fuzzing.  `kind` is "xlsx" or "csv".
 */
int reader_take_apart(const char *kind, const void *bytes, size_t len,
    struct buf *out, struct problems *problems, struct err *err);

#endif
