/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/i18n.h"

struct inspection;

/*
 * One inspection as a document, in clear: a deliberate way out of the vault.
 * The same inspection and language give the same bytes.
 */
enum report_format { REPORT_TEXT, REPORT_HTML, REPORT_CSV };

bool report_format_find(const char *code, enum report_format *format);

/* Adds the report to `out`, in `lang`, whatever the screen speaks. */
int report_write(struct inspection *inspection, enum report_format format,
    enum lang lang, struct buf *out, struct err *err);

/* The same to a new file of mode 0600. */
int report_save(struct inspection *inspection, enum report_format format,
    enum lang lang, const char *path, struct err *err);

#endif
