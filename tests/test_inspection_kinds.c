/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "inspections/site.h"
#include "storage/blob.h"
#include "tests/inspections_support.h"
#include "tests/storage_support.h"

/* Answers that bring others with them: files, and what a trigger computes. */

static const char sheets[] = "ronde-checklist,1\n"
			     "survey,type,name,calculation,trigger\n"
			     ",image,photo,,\n"
			     ",integer,count,,\n"
			     ",text,word,,\n"
			     ",calculate,fired,\"concat(${word}, ' ', "
			     "${count})\",${count}\n"
			     ",text,copy,${count} * 2,${count}\n";

struct bench {
	struct vault *vault;
	struct inspection *inspection;
	char id[ID_MAX];
};

static struct bench
bench_new(void)
{
	struct bench bench = { .vault = person_new("Awa", ROLE_INSPECTOR) };
	struct err err = { 0 };
	struct hash form;
	char site[ID_MAX];

	form_store_add(bench.vault, sheets, sizeof(sheets) - 1, &form, &err);
	site_add(
	    bench.vault, "Port", "ports", NULL, "infrastructure", site, &err);
	inspection_new(bench.vault, site, &form, bench.id, &err);
	assert_no_err(&err);
	bench.inspection = open_inspection(bench.vault, bench.id);
	return bench;
}

static void
bench_free(struct bench *bench)
{
	inspection_close(bench->inspection);
	person_free(bench->vault);
}

static void
assert_value(struct bench *bench, const char *path, const char *value)
{
	assert_string_equal(state_value(inspection_state(bench->inspection),
				item_of(bench->inspection, path)),
	    value);
}

static void
open_again(struct bench *bench)
{
	inspection_close(bench->inspection);
	bench->inspection = open_inspection(bench->vault, bench->id);
}

static void
what_a_trigger_computed_is_there_after_opening_again(void **state)
{
	struct bench bench = bench_new();

	(void)state;
	answer(bench.inspection, "word", "a");
	assert_value(&bench, "fired", "");
	answer(bench.inspection, "count", "1");
	assert_value(&bench, "fired", "a 1");
	assert_value(&bench, "copy", "2");
	answer(bench.inspection, "copy", "mine");
	answer(bench.inspection, "word", "b"); /* sets nothing off */
	open_again(&bench);
	assert_value(&bench, "fired", "a 1");
	assert_value(&bench, "copy", "mine");
	assert_rebuild_is_same(bench.vault, bench.id);
	answer(bench.inspection, "count", "3");
	assert_value(&bench, "fired", "b 3");
	assert_value(&bench, "copy", "6");
	open_again(&bench);
	assert_value(&bench, "fired", "b 3");
	assert_rebuild_is_same(bench.vault, bench.id);
	bench_free(&bench);
}

static void
what_a_trigger_computed_goes_with_the_answer_to_others(void **state)
{
	struct bench bench = bench_new();
	struct vault *other = person_new("Ben", ROLE_SUPERVISOR);
	struct inspection *seen;
	struct hash form;
	struct err err = { 0 };

	(void)state;
	form_store_add(other, sheets, sizeof(sheets) - 1, &form, &err);
	assert_no_err(&err);
	answer(bench.inspection, "word", "a");
	answer(bench.inspection, "count", "1");
	hand_all(bench.vault, other);
	seen = open_inspection(other, bench.id);
	assert_string_equal(
	    state_value(inspection_state(seen), item_of(seen, "fired")), "a 1");
	inspection_close(seen);
	person_free(other);
	bench_free(&bench);
}

static struct hash
attach(struct bench *bench, const char *folder, const char *name)
{
	char *path = file_join(folder, name);
	const int photo = item_of(bench->inspection, "photo");
	struct annotation beside;
	struct err err = { 0 };

	file_write(path, name, strlen(name), 0600, &err);
	inspection_attach(bench->inspection, photo, path, &err);
	assert_no_err(&err);
	free(path);
	inspection_annotation(bench->inspection, photo, &beside);
	return beside.evidence[beside.evidence_count - 1].digest;
}

static void
detach(struct bench *bench, const struct hash *digest)
{
	struct err err = { 0 };

	inspection_detach(bench->inspection,
	    item_of(bench->inspection, "photo"), digest, &err);
	assert_no_err(&err);
}

static void
a_question_for_a_file_is_answered_by_attaching_one(void **state)
{
	struct bench bench = bench_new();
	char *folder = test_folder();
	struct hash first, second;

	(void)state;
	assert_true(state_is_unanswered(inspection_state(bench.inspection), 0));
	first = attach(&bench, folder, "one.jpg");
	assert_value(&bench, "photo", "one.jpg");
	second = attach(&bench, folder, "two.jpg");
	assert_value(&bench, "photo", "two.jpg");
	open_again(&bench);
	assert_value(&bench, "photo", "two.jpg");
	detach(&bench, &second);
	assert_value(&bench, "photo", "one.jpg");
	detach(&bench, &first);
	assert_value(&bench, "photo", "");
	assert_true(state_is_unanswered(inspection_state(bench.inspection), 0));
	assert_rebuild_is_same(bench.vault, bench.id);
	free(folder);
	bench_free(&bench);
}

static void
a_note_beside_a_file_keeps_its_name(void **state)
{
	struct bench bench = bench_new();
	char *folder = test_folder();
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct annotation beside;
	struct err err = { 0 };

	(void)state;
	attach(&bench, folder, "one.jpg");
	draft.note = "from the north";
	inspection_set(bench.inspection, 0, &draft, LANG_EN, &err);
	assert_no_err(&err);
	assert_value(&bench, "photo", "one.jpg");
	attach(&bench, folder, "two.jpg");
	inspection_annotation(bench.inspection, 0, &beside);
	assert_string_equal(beside.note, "from the north");
	assert_value(&bench, "photo", "two.jpg");
	free(folder);
	bench_free(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_trigger_computed_is_there_after_opening_again),
		TEST(what_a_trigger_computed_goes_with_the_answer_to_others),
		TEST(a_question_for_a_file_is_answered_by_attaching_one),
		TEST(a_note_beside_a_file_keeps_its_name),
	};

	return RUN_TESTS(tests);
}
