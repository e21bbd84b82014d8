/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "inspections/inspection.h"
#include "inspections/score.h"

/*
 * What every format of a report says, taken from an open inspection: texts
 * in the language of the report, without control characters.
 */
struct facts {
	struct inspection *inspection; /* borrowed */
	const struct inspection_info *info;
	const struct form *form;
	const struct state *state;
	enum lang lang;
	size_t form_lang;
	char code[FINGERPRINT_MAX]; /* control code of the state */
};

int facts_take(struct facts *facts, struct inspection *inspection,
    enum lang lang, struct err *err);

/* A relevant question; release it. */
struct fact {
	const struct item *item;
	struct annotation annotation;        /* borrowed from the inspection */
	const struct conflict *conflict;     /* NULL where all agree */
	char *label, *value, *note, *reason; /* owned; "" where none */
	char when[CLOCK_SHOWN_MAX];          /* "" where unanswered */
	const struct choice *choice;         /* of a select_one; or NULL */
};

void fact_take(const struct facts *facts, int item, struct fact *fact);
void fact_release(struct fact *fact);

/* Calls `each` for every relevant question of items [first, end). */
int facts_each(const struct facts *facts, int first, int end,
    int (*each)(void *arg, const struct fact *fact, struct err *err), void *arg,
    struct err *err);

/* Which questions a list of the report holds. */
enum fact_kind { FACT_URGENT, FACT_STRENGTH, FACT_NEED, FACT_DIFFERS };
bool fact_is(const struct fact *fact, enum fact_kind kind);

/* "A5 Perimeter", from the group's label; the caller's to free. */
char *facts_section_title(
    const struct facts *facts, const struct section *section);

/* A value of `item` as people read it (a branch's); the caller's to free. */
char *facts_shown(
    const struct facts *facts, const struct item *item, const char *value);

#endif
