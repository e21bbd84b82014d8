/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/score.h"

#include <stdint.h>
#include <string.h>

#include "inspections/inspection_internal.h"

enum { WORST = 0, BEST = 100 };

/* What the answers to one item can mean. */
struct range {
	bool applies, answered;
	int low, high;
};

/* Sums of a section, and the weakest of its items that are marked so. */
struct sums {
	int64_t weight, low, high;
	int64_t weakest_weight;
	struct range weakest;
};

static bool
is_scored(const struct item *item)
{
	if (item->type != ITEM_SELECT_ONE || !item->list)
		return false;
	for (size_t i = 0; i < item->list->count; i++)
		if (item->list->choices[i].score_kind != SCORE_NONE)
			return true;
	return false;
}

/* Widens the range by one answer; n/a adds nothing. */
static void
widen(struct range *range, const struct item *item, const char *value)
{
	const struct choice *choice =
	    *value ? choice_find(item->list, value, strlen(value)) : NULL;
	int low = WORST, high = BEST;

	if (choice && choice->score_kind == SCORE_NONE)
		return;
	if (choice && choice->score_kind == SCORE_NUMBER)
		low = high = choice->score;
	if (!range->applies || low < range->low)
		range->low = low;
	if (!range->applies || high > range->high)
		range->high = high;
	range->applies = true;
}

static struct range
range_of(const struct inspection *inspection, int place)
{
	const struct item *of = inspection_item(inspection, place);
	const struct conflict *conflict =
	    inspection_conflict_at(inspection, place);
	const char *value = state_value(inspection->state, place);
	struct range range = { .answered = *value != '\0' };

	if (!conflict) {
		widen(&range, of, value);
		return range;
	}
	for (size_t i = 0; i < conflict->count; i++)
		widen(&range, of, conflict->branches[i].value);
	return range;
}

static void
add_range(struct sums *sums, const struct item *item, struct range range)
{
	if (!item->weakest) {
		sums->weight += item->weight;
		sums->low += (int64_t)item->weight * range.low;
		sums->high += (int64_t)item->weight * range.high;
		return;
	}
	if (item->weight > sums->weakest_weight)
		sums->weakest_weight = item->weight;
	if (!sums->weakest.applies || range.low < sums->weakest.low)
		sums->weakest.low = range.low;
	if (!sums->weakest.applies || range.high < sums->weakest.high)
		sums->weakest.high = range.high;
	sums->weakest.applies = true;
}

static int
nearest(int64_t sum, int64_t weight)
{
	return (int)((2 * sum + weight) / (2 * weight));
}

struct score
score_of(const struct inspection *inspection, int first, int end)
{
	struct score score = { 0 };
	struct sums sums = { 0 };

	/* What is in rows counts as often as there are rows. */
	for (int i = first; i >= 0 && i < state_places(inspection->state) &&
	     state_item(inspection->state, i) < end;
	     i = state_next(inspection->state, i)) {
		const struct item *item = inspection_item(inspection, i);
		struct range range;

		if (!is_scored(item) ||
		    !state_is_relevant(inspection->state, i))
			continue;
		range = range_of(inspection, i);
		score.relevant++;
		score.answered += range.answered;
		if (range.applies && item->weight > 0)
			add_range(&sums, item, range);
	}
	if (sums.weakest.applies) {
		sums.weight += sums.weakest_weight;
		sums.low += sums.weakest_weight * sums.weakest.low;
		sums.high += sums.weakest_weight * sums.weakest.high;
	}
	score.scored = sums.weight > 0;
	if (score.scored) {
		score.low = nearest(sums.low, sums.weight);
		score.high = nearest(sums.high, sums.weight);
	}
	return score;
}
