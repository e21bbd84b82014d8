/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "storage/vault.h"

struct inspection;

/*
 * Answers as data, for programs that others use: a deliberate way out of the
 * vault, in clear.  doc/formats/export.md describes every file.
 *
 * openrosa: a folder for each inspection with submission.xml, the files that
 * it names and audit.csv, as ODK Collect hands them to a server.  csv-odk and
 * csv-kobo: a table for each checklist and each of its repeats, as ODK Central
 * and KoboToolbox write them, and the files in media/.  json: one document for
 * each checklist.
 *
 * Where answers differ, the one that logic uses meanwhile is exported, and a
 * column (JSON: a list) names the questions.
 */
enum export_format {
	EXPORT_OPENROSA,
	EXPORT_CSV_ODK,
	EXPORT_CSV_KOBO,
	EXPORT_JSON
};

/* By "openrosa", "csv-odk", "csv-kobo", "json"; false for anything else. */
bool export_format_find(const char *code, enum export_format *format);

enum { EXPORT_INSPECTIONS_MAX = 100000 };

/*
 * Writes the inspections with these identifiers into the new folder `folder`
 * (mode 0700, its files 0600).  ERR_EXISTS where something is there already;
 * ERR_NOT_FOUND, ERR_IO, ERR_FULL and what opening an inspection gives.  On failure there is
 * no such folder.  Otherwise returns how many files of evidence are left
 * out, since they have not come to this vault.
 */
int export_data(struct vault *vault, const char *const *ids, size_t count,
    enum export_format format, const char *folder, struct err *err);

#endif
