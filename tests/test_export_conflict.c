/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "inspections/site.h"
#include "report/export.h"
#include "tests/inspections_support.h"

/* What others wrote, on its way out: answers that differ, names of files. */

struct pair {
	struct vault *chief, *awa, *ben;
	char id[ID_MAX], *folder;
};

static struct pair
pair_new(void)
{
	struct pair pair = { .chief = person_new("Chef", ROLE_SUPERVISOR),
		.awa = person_new("Awa", ROLE_INSPECTOR),
		.ben = person_new("Ben", ROLE_INSPECTOR),
		.folder = test_folder() };
	const char *people[2] = { identity_get(pair.awa)->person,
		identity_get(pair.ben)->person };
	struct err err = { 0 };
	struct hash form;
	char site[ID_MAX];

	clock_set(1800000000000);
	form = store_form(pair.chief);
	store_form(pair.awa);
	store_form(pair.ben);
	site_add(pair.chief, "Kolda", NULL, NULL, NULL, site, &err);
	mission_new(
	    pair.chief, site, &form, people, 2, "2027-03-01", pair.id, &err);
	assert_no_err(&err);
	hand_all(pair.chief, pair.awa);
	hand_all(pair.chief, pair.ben);
	return pair;
}

static void
pair_free(struct pair *pair)
{
	clock_set(0);
	person_free(pair->chief);
	person_free(pair->awa);
	person_free(pair->ben);
	free(pair->folder);
}

/* The text of a file of the export `name`; the caller's to free. */
static char *
exported(struct pair *pair, enum export_format format, const char *name,
    const char *file, int missing)
{
	const char *const ids[1] = { pair->id };
	char *folder = file_join(pair->folder, name), *path, *inside;
	struct buf text = BUF_INIT;
	struct err err = { 0 };

	assert_int_equal(
	    export_data(pair->awa, ids, 1, format, folder, &err), missing);
	inside = file_join(folder, pair->id);
	path = file_join(inside, file);
	if (file_exists(path)) {
		assert_int_equal(file_read(path, &text, &err), 0);
		buf_add_text(&text, "");
	}
	free(folder);
	free(inside);
	free(path);
	return buf_detach(&text);
}

static void
answers_that_differ_are_named_beside_the_submission(void **state)
{
	struct pair pair = pair_new();
	char *text;

	(void)state;
	answer_in(pair.awa, pair.id, "a/name", "Moussa");
	text = exported(&pair, EXPORT_OPENROSA, "one", "differing.txt", 0);
	assert_true(!text || !*text);
	free(text);
	clock_set(1800000001000);
	answer_in(pair.ben, pair.id, "a/name", "Demba");
	hand_all(pair.ben, pair.awa);
	text = exported(&pair, EXPORT_OPENROSA, "two", "differing.txt", 0);
	assert_string_equal(text, "a/name\n");
	free(text);
	text = exported(&pair, EXPORT_OPENROSA, "three", "submission.xml", 0);
	/* One answer, and always the same one. */
	assert_true(!strstr(text, "<name>Moussa</name>") !=
	    !strstr(text, "<name>Demba</name>"));
	free(text);
	pair_free(&pair);
}

static void
files_that_are_elsewhere_are_counted_as_left_out(void **state)
{
	struct pair pair = pair_new();
	struct inspection *inspection;
	struct err err = { 0 };
	char *photo = file_join(pair.folder, "a.jpg");

	(void)state;
	file_write(photo, "photo", 5, 0600, &err);
	inspection = open_inspection(pair.ben, pair.id);
	inspection_attach(
	    inspection, item_of(inspection, "a/name"), photo, &err);
	assert_no_err(&err);
	inspection_close(inspection);
	hand_all(pair.ben, pair.awa);
	free(exported(&pair, EXPORT_OPENROSA, "out", "a.jpg", 1));
	free(photo);
	pair_free(&pair);
}

static void
names_of_files_never_lead_out_of_the_folder(void **state)
{
	static const struct {
		const char *given, *written;
	} cases[] = {
		{ "../../../up.jpg", "up.jpg" },
		{ "UP.jpg", "2-UP.jpg" },
		{ "..", "_." },
		{ "a/", "file" },
		{ ".profile", "_profile" },
		{ "Audit.csv", "2-Audit.csv" },
		{ "submission.xml", "2-submission.xml" },
		{ "C:\\x\ty", "C__x_y" },
	};
	struct pair pair = pair_new();
	struct err err = { 0 };
	char *photo = file_join(pair.folder, "a.jpg");
	struct inspection *inspection;
	const struct evidence *held;
	struct annotation annotation;
	char hex[HASH_HEX_MAX], name[16];

	(void)state;
	file_write(photo, "photo", 5, 0600, &err);
	inspection = open_inspection(pair.awa, pair.id);
	inspection_attach(
	    inspection, item_of(inspection, "a/height"), photo, &err);
	assert_no_err(&err);
	inspection_annotation(
	    inspection, item_of(inspection, "a/height"), &annotation);
	assert_int_equal(annotation.evidence_count, 1);
	held = &annotation.evidence[0];
	hash_to_hex(&held->digest, hex);
	inspection_close(inspection);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf body = BUF_INIT;
		char *text;

		/* A question a name: one file is evidence of it only once. */
		buf_addf(&body, "{\"blob\":\"%s\",\"name\":\"", hex);
		for (const char *at = cases[i].given; *at; at++) {
			if (*at == '\\')
				buf_add_char(&body, '\\');
			if (*at == '\t')
				buf_add_text(&body, "\\t");
			else
				buf_add_char(&body, *at);
		}
		buf_addf(&body, "\",\"path\":\"%s\",\"size\":5}",
		    ((const char *const[]){ "a/name", "a/gate", "b/fence",
			"b/lock", "b/light", "b/planned", "a", "b" })[i]);
		write_event(pair.awa, pair.id, "evidence", body.data);
		buf_release(&body);
		snprintf(name, sizeof(name), "out%zu", i);
		text =
		    exported(&pair, EXPORT_OPENROSA, name, cases[i].written, 0);
		if (!text || strcmp(text, "photo") != 0)
			fail_msg("%s is not written as %s", cases[i].given,
			    cases[i].written);
		free(text);
	}
	free(photo);
	pair_free(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_that_differ_are_named_beside_the_submission),
		TEST(files_that_are_elsewhere_are_counted_as_left_out),
		TEST(names_of_files_never_lead_out_of_the_folder),
	};

	return RUN_TESTS(tests);
}
