/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_FORMS_H
#define BENCH_FORMS_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Forms made for benches and for every engine alike.  Sections of ten
 * questions (2 selects, select_multiple, int, decimal, date, 2 texts, 2
 * calculates); all but the first are relevant when question 1 says yes; a
 * grand total comes last.  Flat: the same questions without groups, each with
 * the relevance of its section.
 */
struct made_form {
	int questions; /* in tens */
	bool flat;
};

/* As normalised sheets, which form_parse() reads. */
void forms_add_sheets(const struct made_form *made, struct buf *out);

/* survey.csv, choices.csv and settings.csv for the packer of workbooks. */
void forms_write_sheets(const struct made_form *made, const char *folder);

/* As the XForm that pyxform makes of it, for other engines. */
void forms_write_xform(const struct made_form *made, const char *path);

/* A repeat r of twenty questions, and sums over its rows outside. */
extern const char forms_rows[];

/* `count` villages in districts of a hundred, filtered by ${district}. */
void forms_add_choices(int count, struct buf *out);

#endif
