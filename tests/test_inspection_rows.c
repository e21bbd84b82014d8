/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "inspections/score.h"
#include "inspections/site.h"
#include "storage/blob.h"
#include "tests/inspections_support.h"

/* Rows of repeats in inspections: by one, by two, taken away, brought back. */

static const char sheets[] =
    "ronde-checklist,1\n"
    "survey,type,name,label,required,repeat_count,default\n"
    ",integer,gates,How many gates?,,,\n"
    ",begin repeat,house,House,,,\n"
    ",text,name,Name,yes,,\n"
    ",select_one yn,lit,Lit?,,,\n"
    ",text,code,Code,,,\"concat('n', position(..))\"\n"
    ",begin repeat,person,Person,,,\n"
    ",integer,age,Age,,,\n"
    ",end repeat,,,,,\n"
    ",end repeat,,,,,\n"
    ",begin repeat,gate,Gate,,${gates},\n"
    ",text,guard,Guard,,,nobody\n"
    ",end repeat,,,,,\n"
    "choices,list_name,name,label,score\n"
    ",yn,yes,Yes,100\n"
    ",yn,no,No,0\n"
    "settings,form_title,form_id\n"
    ",Houses,houses\n";

static int64_t now;

static void
tick(void)
{
	now += 1000;
	clock_set(now);
}

static struct hash
store(struct vault *vault)
{
	struct err err = { 0 };
	struct hash identity;

	form_store_add(vault, sheets, sizeof(sheets) - 1, &identity, &err);
	assert_no_err(&err);
	return identity;
}

struct pair {
	struct vault *awa, *ben;
	char id[ID_MAX];
};

/* Awa begins the inspection, Ben has it too. */
static struct pair
pair_new(void)
{
	struct pair pair = { .awa = person_new("Awa", ROLE_INSPECTOR),
		.ben = person_new("Ben", ROLE_INSPECTOR) };
	struct err err = { 0 };
	struct hash form;
	char site[ID_MAX];

	now = 1800000000000;
	tick();
	form = store(pair.awa);
	store(pair.ben);
	site_add(pair.awa, "Village", NULL, NULL, "public-place", site, &err);
	inspection_new(pair.awa, site, &form, pair.id, &err);
	assert_no_err(&err);
	hand_all(pair.awa, pair.ben);
	return pair;
}

static void
pair_free(struct pair *pair)
{
	clock_set(0);
	person_free(pair->awa);
	person_free(pair->ben);
}

static void
exchange(struct pair *pair)
{
	hand_all(pair->awa, pair->ben);
	hand_all(pair->ben, pair->awa);
}

static int
place_of(const struct inspection *inspection, const char *path)
{
	struct err err = { 0 };
	const int place =
	    state_find_typed(inspection_state(inspection), path, &err);

	if (place < 0)
		fail_msg("%s", err.msg);
	return place;
}

static char *
path_of(const struct inspection *inspection, int place)
{
	struct buf path = BUF_INIT;

	state_add_path(inspection_state(inspection), place, &path);
	return buf_detach(&path);
}

/* Adds a row; its path is the caller's to free. */
static char *
add_row(struct vault *vault, const char *id, const char *repeat)
{
	struct inspection *inspection = open_inspection(vault, id);
	struct err err = { 0 };
	char *path;
	int row;

	tick();
	inspection_row_add(
	    inspection, place_of(inspection, repeat), &row, &err);
	assert_no_err(&err);
	path = path_of(inspection, row);
	inspection_close(inspection);
	assert_rebuild_is_same(vault, id);
	return path;
}

static void
set(struct vault *vault, const char *id, const char *path, const char *value)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct inspection *inspection = open_inspection(vault, id);
	struct err err = { 0 };

	tick();
	draft.value = value;
	inspection_set(
	    inspection, place_of(inspection, path), &draft, LANG_EN, &err);
	assert_no_err(&err);
	inspection_close(inspection);
	assert_rebuild_is_same(vault, id);
}

static void
remove_row(struct vault *vault, const char *id, const char *path)
{
	struct inspection *inspection = open_inspection(vault, id);
	struct err err = { 0 };

	tick();
	inspection_row_remove(inspection, place_of(inspection, path), &err);
	assert_no_err(&err);
	inspection_close(inspection);
	assert_rebuild_is_same(vault, id);
}

static size_t
count_rows(struct vault *vault, const char *id, const char *repeat)
{
	struct inspection *inspection = open_inspection(vault, id);
	size_t count;

	state_rows(
	    inspection_state(inspection), place_of(inspection, repeat), &count);
	inspection_close(inspection);
	return count;
}

static void
assert_value(
    struct vault *vault, const char *id, const char *path, const char *value)
{
	struct inspection *inspection = open_inspection(vault, id);

	assert_string_equal(state_value(inspection_state(inspection),
				place_of(inspection, path)),
	    value);
	inspection_close(inspection);
}

/* What somebody makes of it who gets the two after each other. */
static struct hash
observe(struct pair *pair, struct vault *first, struct vault *then)
{
	struct vault *observer = observer_new();
	struct hash digest;

	store(observer);
	hand_all(first, observer);
	hand_all(then, observer);
	assert_rebuild_is_same(observer, pair->id);
	digest = digest_of(observer);
	person_free(observer);
	return digest;
}

static void
assert_same(struct pair *pair)
{
	char *one = shown(pair->awa, pair->id);
	char *other = shown(pair->ben, pair->id);
	const struct hash left = observe(pair, pair->awa, pair->ben);
	const struct hash right = observe(pair, pair->ben, pair->awa);

	assert_string_equal(one, other);
	assert_true(hash_equal(&left, &right));
	free(one);
	free(other);
}

/* ---- one person ---- */

static void
a_row_and_its_answers_are_there_again(void **state)
{
	struct pair pair = pair_new();
	char *first = add_row(pair.awa, pair.id, "house");
	char *second = add_row(pair.awa, pair.id, "house");
	char *inner = add_row(pair.awa, pair.id, "house[2]/person");
	char *text;

	(void)state;
	assert_true(strcmp(first, second) < 0);
	assert_int_equal(strncmp(inner, second, strlen(second)), 0);
	set(pair.awa, pair.id, "house[2]/name", "Diallo");
	set(pair.awa, pair.id, "house[2]/person[1]/age", "40");
	assert_value(pair.awa, pair.id, inner, "");
	assert_value(pair.awa, pair.id, "house[2]/person[1]/age", "40");
	assert_value(pair.awa, pair.id, "house[1]/name", "");
	text = shown(pair.awa, pair.id);
	assert_non_null(strstr(text, inner));
	free(text);
	free(first);
	free(second);
	free(inner);
	pair_free(&pair);
}

static void
rows_of_a_clock_that_went_back_still_stand_behind(void **state)
{
	struct pair pair = pair_new();
	char *first = add_row(pair.awa, pair.id, "house");
	char *second;

	(void)state;
	now -= 100000000;
	second = add_row(pair.awa, pair.id, "house");
	assert_true(strcmp(first, second) < 0);
	free(first);
	free(second);
	pair_free(&pair);
}

static void
a_row_goes_with_its_answers_and_comes_back_with_them(void **state)
{
	struct pair pair = pair_new();
	char *path = add_row(pair.awa, pair.id, "house");
	struct inspection *inspection;
	struct err err = { 0 };

	(void)state;
	free(add_row(pair.awa, pair.id, "house"));
	set(pair.awa, pair.id, "house[1]/name", "Diallo");
	set(pair.awa, pair.id, "house[2]/name", "Ba");
	remove_row(pair.awa, pair.id, path);
	assert_int_equal(count_rows(pair.awa, pair.id, "house"), 1);
	assert_value(pair.awa, pair.id, "house[1]/name", "Ba");
	inspection = open_inspection(pair.awa, pair.id);
	assert_int_equal(inspection_info(inspection)->answered, 2);
	inspection_row_restore(inspection, path, &err);
	assert_no_err(&err);
	assert_string_equal(state_value(inspection_state(inspection),
				place_of(inspection, "house[1]/name")),
	    "Diallo");
	assert_int_equal(
	    inspection_row_restore(inspection, "house[X]", &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	inspection_close(inspection);
	assert_rebuild_is_same(pair.awa, pair.id);
	assert_value(pair.awa, pair.id, "house[2]/name", "Ba");
	free(path);
	pair_free(&pair);
}

static void
rows_that_the_form_counts_are_nobodys_to_add(void **state)
{
	struct pair pair = pair_new();
	struct inspection *inspection;
	struct err err = { 0 };
	int row;

	(void)state;
	set(pair.awa, pair.id, "gates", "2");
	set(pair.awa, pair.id, "gate[2]/guard", "Koffi");
	assert_value(pair.awa, pair.id, "gate[1]/guard", "nobody");
	inspection = open_inspection(pair.awa, pair.id);
	assert_int_equal(inspection_row_add(inspection,
			     place_of(inspection, "gate"), &row, &err),
	    -1);
	assert_int_equal(err.code, ERR_VALUE);
	assert_int_equal(inspection_row_remove(
			     inspection, place_of(inspection, "gate[1]"), &err),
	    -1);
	assert_int_equal(inspection_row_add(inspection,
			     place_of(inspection, "gates"), &row, &err),
	    -1);
	inspection_close(inspection);
	/* Fewer are asked for: what was answered is still there. */
	set(pair.awa, pair.id, "gates", "1");
	assert_value(pair.awa, pair.id, "gate[2]/guard", "Koffi");
	set(pair.awa, pair.id, "gate[2]/guard", "");
	assert_int_equal(count_rows(pair.awa, pair.id, "gate"), 1);
	pair_free(&pair);
}

static void
what_is_missing_in_a_row_is_named_and_keeps_from_signing(void **state)
{
	struct pair pair = pair_new();
	struct inspection *inspection;
	struct review review;
	struct err err = { 0 };
	int row;

	(void)state;
	set(pair.awa, pair.id, "gates", "1");
	free(add_row(pair.awa, pair.id, "house"));
	free(add_row(pair.awa, pair.id, "house"));
	set(pair.awa, pair.id, "house[1]/name", "Diallo");
	inspection = open_inspection(pair.awa, pair.id);
	inspection_review(inspection, &review);
	assert_int_equal(review.missing_required_count, 1);
	assert_int_equal(
	    review.missing_required[0], place_of(inspection, "house[2]/name"));
	assert_int_equal(review.missing_count, 3);
	review_release(&review);
	assert_int_equal(inspection_sign(inspection, "", "", &err), -1);
	assert_non_null(strstr(err.msg, "House 2 of 2 › Name"));
	inspection_close(inspection);
	set(pair.awa, pair.id, "house[2]/name", "Ba");
	inspection = open_inspection(pair.awa, pair.id);
	err = (struct err){ 0 };
	inspection_sign(inspection, "", "", &err);
	assert_no_err(&err);
	assert_true(inspection_is_signed(inspection));
	assert_int_equal(inspection_row_add(inspection,
			     place_of(inspection, "house"), &row, &err),
	    -1);
	assert_int_equal(err.code, ERR_DENIED);
	inspection_close(inspection);
	assert_rebuild_is_same(pair.awa, pair.id);
	pair_free(&pair);
}

static void
a_score_goes_over_all_rows(void **state)
{
	struct pair pair = pair_new();
	struct inspection *inspection;
	struct score score;

	(void)state;
	for (int i = 1; i <= 4; i++) {
		char path[24];

		free(add_row(pair.awa, pair.id, "house"));
		snprintf(path, sizeof(path), "house[%d]/lit", i);
		set(pair.awa, pair.id, path, i == 4 ? "no" : "yes");
	}
	inspection = open_inspection(pair.awa, pair.id);
	score =
	    score_of(inspection, 0, inspection_form(inspection)->item_count);
	assert_int_equal(score.relevant, 4);
	assert_int_equal(score.low, 75);
	assert_int_equal(score.high, 75);
	inspection_close(inspection);
	pair_free(&pair);
}

static void
a_default_is_computed_once_when_the_row_comes(void **state)
{
	struct pair pair = pair_new();

	(void)state;
	free(add_row(pair.awa, pair.id, "house"));
	free(add_row(pair.awa, pair.id, "house"));
	assert_value(pair.awa, pair.id, "house[2]/code", "n2");
	remove_row(pair.awa, pair.id, "house[1]");
	assert_value(pair.awa, pair.id, "house[1]/code", "n2");
	pair_free(&pair);
}

/* ---- two of them ---- */

static void
rows_of_two_inspectors_stand_side_by_side(void **state)
{
	struct pair pair = pair_new();

	(void)state;
	free(add_row(pair.awa, pair.id, "house"));
	set(pair.awa, pair.id, "house[1]/name", "Diallo");
	free(add_row(pair.ben, pair.id, "house"));
	set(pair.ben, pair.id, "house[1]/name", "Ba");
	free(add_row(pair.awa, pair.id, "house"));
	exchange(&pair);
	assert_same(&pair);
	assert_int_equal(count_rows(pair.ben, pair.id, "house"), 3);
	assert_value(pair.ben, pair.id, "house[1]/name", "Diallo");
	assert_value(pair.awa, pair.id, "house[2]/name", "Ba");
	pair_free(&pair);
}

static void
what_a_removal_had_not_seen_keeps_the_row(void **state)
{
	struct pair pair = pair_new();
	char *path = add_row(pair.awa, pair.id, "house");
	struct inspection *inspection;

	(void)state;
	set(pair.awa, pair.id, "house[1]/name", "Diallo");
	exchange(&pair);
	remove_row(pair.awa, pair.id, path);
	set(pair.ben, pair.id, "house[1]/lit", "yes");
	exchange(&pair);
	assert_same(&pair);
	assert_value(pair.awa, pair.id, "house[1]/name", "Diallo");
	assert_value(pair.awa, pair.id, "house[1]/lit", "yes");
	inspection = open_inspection(pair.awa, pair.id);
	assert_true(
	    inspection_row_was_removed(inspection, place_of(inspection, path)));
	inspection_close(inspection);
	/* Now she has seen it. */
	remove_row(pair.awa, pair.id, path);
	assert_int_equal(count_rows(pair.awa, pair.id, "house"), 0);
	exchange(&pair);
	assert_same(&pair);
	assert_int_equal(count_rows(pair.ben, pair.id, "house"), 0);
	free(path);
	pair_free(&pair);
}

static void
an_answer_that_kept_a_row_lets_it_go_when_taken_back(void **state)
{
	struct pair pair = pair_new();
	char *path = add_row(pair.awa, pair.id, "house");

	(void)state;
	exchange(&pair);
	remove_row(pair.awa, pair.id, path);
	set(pair.ben, pair.id, "house[1]/lit", "yes");
	exchange(&pair);
	assert_int_equal(count_rows(pair.ben, pair.id, "house"), 1);
	set(pair.ben, pair.id, "house[1]/lit", "");
	assert_int_equal(count_rows(pair.ben, pair.id, "house"), 0);
	exchange(&pair);
	assert_same(&pair);
	free(path);
	pair_free(&pair);
}

static void
answers_differ_in_a_row_as_anywhere(void **state)
{
	struct pair pair = pair_new();
	char *path = add_row(pair.awa, pair.id, "house");
	const struct conflict *conflicts;
	struct inspection *inspection;
	size_t count;

	(void)state;
	exchange(&pair);
	set(pair.awa, pair.id, "house[1]/name", "Diallo");
	set(pair.ben, pair.id, "house[1]/name", "Diop");
	exchange(&pair);
	assert_same(&pair);
	inspection = open_inspection(pair.awa, pair.id);
	conflicts = inspection_conflicts(inspection, &count);
	assert_int_equal(count, 1);
	assert_int_equal(
	    conflicts[0].place, place_of(inspection, "house[1]/name"));
	assert_int_equal(inspection_info(inspection)->conflicts, 1);
	inspection_close(inspection);
	/* Gone with the row that both had seen. */
	remove_row(pair.ben, pair.id, path);
	inspection = open_inspection(pair.ben, pair.id);
	inspection_conflicts(inspection, &count);
	assert_int_equal(count, 0);
	assert_int_equal(inspection_info(inspection)->conflicts, 0);
	inspection_close(inspection);
	free(path);
	pair_free(&pair);
}

/* ---- what is no row ---- */

static void
what_names_no_row_is_shown_and_does_nothing(void **state)
{
	static const char *const paths[] = { "house[", "house[]/name",
		"house[a b]/name", "house[A]x/name", "house/name", "gates[1]",
		"house[A]/nothing", "house[A][B]/name", "[A]",
		"house[1234567890123456789012345678901234]/name" };
	struct pair pair = pair_new();
	char *text;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		char *body =
		    xasprintf("{\"path\": \"%s\", \"value\": \"x\"}", paths[i]);

		tick();
		write_event(pair.awa, pair.id, "answer", body);
		free(body);
	}
	text = shown(pair.awa, pair.id);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		assert_non_null(strstr(text, paths[i]));
	assert_value(pair.awa, pair.id, "gates", "");
	assert_rebuild_is_same(pair.awa, pair.id);
	free(text);
	pair_free(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_row_and_its_answers_are_there_again),
		TEST(rows_of_a_clock_that_went_back_still_stand_behind),
		TEST(a_row_goes_with_its_answers_and_comes_back_with_them),
		TEST(rows_that_the_form_counts_are_nobodys_to_add),
		TEST(what_is_missing_in_a_row_is_named_and_keeps_from_signing),
		TEST(a_score_goes_over_all_rows),
		TEST(a_default_is_computed_once_when_the_row_comes),
		TEST(rows_of_two_inspectors_stand_side_by_side),
		TEST(what_a_removal_had_not_seen_keeps_the_row),
		TEST(an_answer_that_kept_a_row_lets_it_go_when_taken_back),
		TEST(answers_differ_in_a_row_as_anywhere),
		TEST(what_names_no_row_is_shown_and_does_nothing),
	};

	return RUN_TESTS(tests);
}
