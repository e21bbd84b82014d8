/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "inspections/inspection.h"
#include "inspections/score.h"

/*
 * What every format of a report says, taken from an open inspection.  Texts
 * are as people wrote them: each format has one door through which they pass
 * on their way out, and there they become harmless.
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

/* A relevant question, or a calculation that has a label; release it. */
struct fact {
	const struct item *item;
	int place;
	struct annotation annotation;    /* borrowed from the inspection */
	const struct conflict *conflict; /* NULL where all agree */
	const struct decision *decision; /* whence the answer is; or NULL */
	char *label, *value;             /* owned; value "" where none */
	char *rows; /* "Household 2 of 5", "" outside of rows; owned */
	const struct choice *choice;     /* of a select_one; or NULL */
};

void fact_take(const struct facts *facts, int place, struct fact *fact);
void fact_release(struct fact *fact);

/* Calls `each` for every one of them in items [first, end), which are outside
 * of repeats or hold them whole: row after row. */
int facts_each(const struct facts *facts, int first, int end,
    int (*each)(void *arg, const struct fact *fact, struct err *err), void *arg,
    struct err *err);

/* Which questions a list of the report holds. */
enum fact_kind { FACT_URGENT, FACT_DIFFERS, FACT_STRENGTH, FACT_NEED };
bool fact_is(const struct fact *fact, enum fact_kind kind);

/* "Household 2 of 5 › Name", for a list of what stands apart; to free. */
char *fact_title(const struct fact *fact);

/* False for a question that nobody has answered. */
bool fact_is_answered(const struct fact *fact);

/* "A5 Perimeter", from the group's label; the caller's to free. */
char *facts_section_title(
    const struct facts *facts, const struct section *section);

/* A value of `item` as people read it (a branch's); the caller's to free. */
char *facts_shown(
    const struct facts *facts, const struct item *item, const char *value);

/*
 * The answer to the question that is named `name`, whatever its group, where
 * it applies: "" when nobody answered, all answers joined by " / " where they
 * differ, NULL when the checklist has no such question.  The caller's to free.
 */
char *facts_named(const struct facts *facts, const char *name);

/* The team: who answered or signed, each once, and how often. */
struct member {
	const char *name, *organisation; /* borrowed from the inspection */
	int answers;
	bool signed_it;
};

struct team {
	struct member *members; /* in the order of their first answer */
	size_t count;
	int64_t first, last; /* times of the answers; 0: none */
};

int team_take(const struct facts *facts, struct team *team, struct err *err);
void team_release(struct team *team);

#endif
