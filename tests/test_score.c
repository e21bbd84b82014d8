/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include "inspections/score.h"
#include "tests/inspections_support.h"

/* Section b: fence (2) and lock (3) count as one, light counts 5. */

static struct score
score_section(struct inspection *inspection, int at)
{
	size_t count;
	const struct section *sections =
	    form_sections(inspection_form(inspection), &count);

	assert_true((size_t)at < count);
	return score_of(inspection, sections[at].first, sections[at].end);
}

static void
a_section_is_weighed_and_the_weakest_counts_for_its_group(void **state)
{
	static const struct {
		const char *fence, *lock, *light;
		bool scored;
		int low, high, answered;
	} cases[] = {
		{ "yes", "yes", "yes", true, 100, 100, 3 },
		/* The weakest group has weight 3: 3*0 + 5*100 of 8. */
		{ "yes", "no", "yes", true, 63, 63, 3 },
		{ "partly", "yes", "no", true, 19, 19, 3 },
		/* N/a leaves the denominator. */
		{ "na", "na", "yes", true, 100, 100, 3 },
		{ "na", "na", "na", false, 0, 0, 3 },
		/* Not seen and unanswered are a range. */
		{ "unseen", "yes", "yes", true, 63, 100, 3 },
		{ "yes", "yes", "", true, 38, 100, 2 },
		{ "", "", "", true, 0, 100, 0 },
		{ "no", "unseen", "yes", true, 63, 63, 3 },
	};
	struct vault *vault = person_new("Awa", ROLE_INSPECTOR);
	struct inspection *inspection;
	char id[ID_MAX];

	(void)state;
	make_inspection(vault, id);
	inspection = open_inspection(vault, id);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct score score;

		answer(inspection, "fence", cases[i].fence);
		answer(inspection, "lock", cases[i].lock);
		answer(inspection, "light", cases[i].light);
		score = score_section(inspection, 1);
		assert_int_equal(score.scored, cases[i].scored);
		assert_int_equal(score.low, cases[i].low);
		assert_int_equal(score.high, cases[i].high);
		assert_int_equal(score.answered, cases[i].answered);
		assert_int_equal(score.relevant, 3);
	}
	inspection_close(inspection);
	person_free(vault);
}

static void
disputed_answers_are_a_range(void **state)
{
	struct vault *awa = person_new("Awa", ROLE_INSPECTOR);
	struct vault *ben = person_new("Ben", ROLE_INSPECTOR);
	struct inspection *inspection;
	struct score score;
	char id[ID_MAX];

	(void)state;
	make_inspection(awa, id);
	store_form(ben);
	hand_all(awa, ben);
	answer_in(awa, id, "light", "yes");
	answer_in(awa, id, "fence", "na");
	answer_in(awa, id, "lock", "na");
	answer_in(ben, id, "light", "partly");
	hand_all(awa, ben);
	inspection = open_inspection(ben, id);
	score = score_section(inspection, 1);
	assert_true(score.scored);
	assert_int_equal(score.low, 50);
	assert_int_equal(score.high, 100);
	inspection_close(inspection);
	person_free(awa);
	person_free(ben);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_section_is_weighed_and_the_weakest_counts_for_its_group),
		TEST(disputed_answers_are_a_range),
	};

	return RUN_TESTS(tests);
}
