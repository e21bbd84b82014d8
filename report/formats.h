/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "base/buf.h"
#include "report/facts.h"

/* One function a format; each adds the whole report to `out`. */
int report_text(const struct facts *facts, struct buf *out, struct err *err);
int report_html(const struct facts *facts, struct buf *out, struct err *err);
int report_csv(const struct facts *facts, struct buf *out, struct err *err);

/* The lists of the report, in their order, with their titles. */
struct fact_list {
	enum fact_kind kind;
	const char *title; /* marked with N_() */
};

enum { FACT_LIST_COUNT = 3 };
extern const struct fact_list fact_lists[FACT_LIST_COUNT];

/* "82", "61-70" or "-": protection of a section. */
enum { SCORE_TEXT_MAX = 24 };
void report_score_text(const struct score *score, char text[SCORE_TEXT_MAX]);

#endif
