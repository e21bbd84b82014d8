/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_REPORT_SUPPORT_H
#define TESTS_REPORT_SUPPORT_H

#include "report/report.h"
#include "tests/inspections_support.h"

/*
 * One inspection of two inspectors and their supervisor, always the same but
 * for the identifiers: an open disagreement (a1/gate), one that was settled
 * (a1/light), an urgent need (a1/fence) with a file, a section without any
 * answer, a negative number (a0/altitude) and a signature.
 */

/* What people and the checklist say in it. */
struct words {
	const char *site, *label, *choice, *note, *reason, *awa;
};

extern const struct words plain_words;

struct round {
	struct vault *chief, *awa, *ben;
	struct inspection *inspection; /* as the supervisor holds it */
	char id[ID_MAX];
};

void round_begin(struct round *round, const struct words *words);
void round_end(struct round *round);

/* The report as text; the caller's to free. */
char *round_report(
    struct round *round, enum report_format format, enum lang lang);

#endif
