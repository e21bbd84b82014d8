/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_SCORE_H
#define INSPECTIONS_SCORE_H

#include <stdbool.h>

struct inspection;

/*
 * Protection, 0 to 100, of a section: sum(weight * score) over sum(weight) of
 * what applies, integers only, rounded to nearest.  N/a leaves the
 * denominator; not seen, unanswered and disputed answers give a range: `low`
 * counts them at their worst, `high` at their best.  The items of a section
 * marked weakest count as one, with the least of them.  Coverage stands
 * beside it and is never mixed in.
 */
#define SCORE_METHOD "ronde-score-1"

struct score {
	bool scored; /* the section has scored items that apply */
	int low, high;
	int answered, relevant; /* scored items: coverage */
};

struct score score_of(const struct inspection *inspection, int first, int end);

#endif
