/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "checklists/form.h"
#include "checklists/reader.h"
#include "checklists/state.h"

/*
 * Real forms of many authors.  What pyxform takes must open, unless it needs
 * what this version lacks; what it refuses is refused for the same reason.
 */
static const struct {
	const char *name, *why;
} refused[] = {
	{ "XLSForm-pyxform--calculate_without_calculation.xls",
	    "the calculation is missing" },
	{ "XLSForm-pyxform--include.xlsx", "included forms are not supported" },
	{ "onaio-onadata--enumerator_weekly.xlsx",
	    "the columns \"label\" and \"label\" mean the same" },
	{ "onaio-onadata--transportation.no_choices.xlsx",
	    "there is no list of choices \"transport_types\"" },
	{ "onaio-onadata--xlsx_output.xlsx",
	    "the type \"set form title\" is not known" },
	{ "opengisch-xlsform2qgis--service_rating.xlsx",
	    "the type \"country\" is not known" },
	{ "validmeasures-liberiaS3Mforms--liberiaCoverage.xlsx",
	    "has the choice \"4\" twice" },
}, lacking[] = {
	/* pyxform looks at no file beside a form. */
	{ "XLSForm-pyxform--pull_data.xlsx",
	    "the file fruits.csv was not found beside the form" },
	{ "getodk-web-forms--all-question-types-v2024091201-3.xlsx",
	    "only .csv files are supported by this version" },
}, empty[] = {
	/* What nobody can compute; pyxform does not look at it. */
	{ "XLSForm-pyxform--bad_calc.xlsx", "there is no item because" },
	{ "onaio-onadata--error_test_form.xlsx", "expected ',' or ')'" },
};

struct tally {
	int forms, opened, refused, agreed_refusals;
};

static bool
pyxform_takes(const char *index, const char *name)
{
	const char *line = strstr(index, name);
	char *xform;
	bool takes;

	assert_non_null(line);
	xform = xstrdup(line);
	xform[strcspn(xform, "\n")] = '\0';
	takes = strstr(xform, "\tok\t") != NULL;
	free(xform);
	return takes;
}

/* Every item is bound in the XForm that pyxform made, under its path. */
static void
compare_with_xform(const struct form *form, const char *name)
{
	struct buf xform = BUF_INIT;
	struct err err = { 0 };
	char *file = xasprintf(
	    "forms/xform/%.*s.xml", (int)(strrchr(name, '.') - name), name);
	const char *path = test_shared(file);

	assert_non_null(path);
	/* The .xls has a question more than its .xlsx, whose XForm that is. */
	if (strstr(name, "extra_columns.xls") && !strstr(name, ".xlsx")) {
		free(file);
		return;
	}
	assert_int_equal(file_read(path, &xform, &err), 0);
	for (int i = 0; i < form->item_count; i++) {
		const struct item *item = &form->items[i];
		/* With the setting "flat" groups are no part of paths. */
		char *bound = xasprintf("/%s\"",
		    strstr(name, "flat_xlsform") ? item->name : item->path);

		if (item_is_question(item) && !strstr(xform.data, bound))
			fail_msg(
			    "%s: %s is not in the XForm", name, item->path);
		free(bound);
	}
	free(file);
	buf_release(&xform);
}

static void
answer_everything(const struct form *form)
{
	struct state *state = state_new(form, 0);
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	state_start(state, true);
	for (int i = 0; i < form->item_count; i++) {
		buf_clear(&out);
		err.code = ERR_NONE;
		if (item_is_question(&form->items[i]) &&
		    state_read_typed(state, i, "1", 0, &out, &err) == 0 &&
		    state_check(state, i, out.data, 0, &err) == 0)
			state_set(state, i, out.data);
		state_add_text(state, i, STATE_LABEL, 0, &out);
	}
	buf_release(&out);
	state_free(state);
}

static bool
says(const struct problems *problems, enum problem_kind kind, const char *text)
{
	for (size_t i = 0; i < problems->count; i++)
		if (problems->list[i].kind == kind &&
		    strstr(problems->list[i].text, text))
			return true;
	return false;
}

/* Needs what is not there, or what this version lacks; and says so. */
static bool
is_lacking(const char *name, const struct problems *problems)
{
	for (size_t i = 0; i < ARRAY_LEN(lacking); i++)
		if (strcmp(lacking[i].name, name) == 0)
			return says(problems, PROBLEM_ERROR, lacking[i].why);
	return false;
}

/* The reason is that of pyxform. */
static void
check_reason(const char *name, const struct problems *problems)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (strcmp(refused[i].name, name) == 0) {
			if (!says(problems, PROBLEM_ERROR, refused[i].why))
				fail_msg("%s: refused, but not for \"%s\"",
				    name, refused[i].why);
			return;
		}
	fail_msg("%s: refused for \"%s\"", name, problems->list[0].text);
}

static void
check_warning(const char *name, const struct problems *problems)
{
	for (size_t i = 0; i < ARRAY_LEN(empty); i++)
		if (strcmp(empty[i].name, name) == 0 &&
		    !says(problems, PROBLEM_WARNING, empty[i].why))
			fail_msg("%s: opened without a warning", name);
}

static void
check_refusal(const char *name, const struct problems *problems,
    bool pyxform_ok, struct tally *tally)
{
	tally->refused++;
	tally->agreed_refusals += !pyxform_ok;
	assert_true(problems->errors > 0);
	for (size_t i = 0; i < problems->count; i++) {
		assert_true(problems->list[i].sheet[0] != '\0');
		assert_true(problems->list[i].text[0] != '\0');
	}
	if (!pyxform_ok || !is_lacking(name, problems))
		check_reason(name, problems);
}

static void
check_form(const char *index, const char *name, struct tally *tally)
{
	char *file = xasprintf("forms/xlsform/%s", name);
	struct buf bytes = BUF_INIT, csv = BUF_INIT;
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form;
	const bool pyxform_ok = pyxform_takes(index, name);

	tally->forms++;
	assert_int_equal(file_read(test_shared(file), &bytes, &err), 0);
	if (reader_take_apart("workbook", bytes.data, bytes.len, &csv, NULL,
		&problems, &err) != 0)
		fail_msg("%s: %s", name, err.msg);
	form = form_parse(csv.data, csv.len, &problems, &err);
	if (form) {
		tally->opened++;
		assert_true(pyxform_ok);
		check_warning(name, &problems);
		compare_with_xform(form, name);
		answer_everything(form);
	} else {
		check_refusal(name, &problems, pyxform_ok, tally);
	}
	form_free(form);
	problems_release(&problems);
	buf_release(&csv);
	buf_release(&bytes);
	free(file);
}

static void
real_forms_open_or_say_what_they_need(void **state)
{
	const char *folder = test_shared("forms/xlsform");
	struct buf index = BUF_INIT;
	struct tally tally = { 0 };
	struct err err = { 0 };
	struct dirent *entry;
	DIR *dir;

	(void)state;
	if (!folder)
		skip();
	dir = opendir(folder);
	assert_non_null(dir);
	assert_int_equal(
	    file_read(test_shared("forms/index.tsv"), &index, &err), 0);
	while ((entry = readdir(dir))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (dot && strncmp(dot, ".xls", 4) == 0)
			check_form(index.data, entry->d_name, &tally);
	}
	closedir(dir);
	buf_release(&index);
	printf("real forms: %d read, %d open, %d refused by name (%d of them "
	       "also by pyxform)\n",
	    tally.forms, tally.opened, tally.refused, tally.agreed_refusals);
	assert_int_equal(
	    tally.refused, ARRAY_LEN(refused) + ARRAY_LEN(lacking));
	assert_int_equal(tally.agreed_refusals, ARRAY_LEN(refused));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(real_forms_open_or_say_what_they_need),
	};

	return RUN_TESTS(tests);
}
