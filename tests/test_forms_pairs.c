/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "checklists/form.h"
#include "checklists/form_diff.h"
#include "checklists/reader.h"

/*
 * An XLSForm and the XForm that pyxform made of it are the same form: the same
 * questions in the same order, of the same types, with the same texts and
 * choices, asked under the same conditions.  The pairs lie in ../shared/forms.
 */

/* A row for each pair that differs, with what pyxform does and we do not. */
static const struct {
	const char *name, *why;
} differing[] = {
	{ "CorrelAid-xlsform2lstsv--testA",
	    "texts without itext have no language, the sheet's columns do" },
	{ "XLSForm-pyxform--ODKValidateWarnings", "bent quotes are straight" },
	{ "XLSForm-pyxform--flat_xlsform_test",
	    "its flat groups are in no XForm" },
	{ "XLSForm-pyxform--group", "bent quotes are straight" },
	{ "XLSForm-pyxform--repeat_date_test",
	    "a row of the .xls that its .xlsx does not have" },
	{ "XLSForm-pyxform--table-list",
	    "headings of a table are questions of their own" },
	{ "XLSForm-pyxform--xlsform_spec_test",
	    "texts without a language are a language of their own" },
	{ "getodk-web-forms--whova_form", "bent quotes are straight" },
	{ "onaio-onadata--grains", "bent quotes are straight" },
	{ "onaio-onadata--mali_health",
	    "a language without any text is in no XForm" },
};

struct tally {
	int same, differ, not_open;
	bool differed[ARRAY_LEN(differing)];
};

static struct form *
open_form(const char *path, const char *kind)
{
	struct buf bytes = BUF_INIT, sheets = BUF_INIT;
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form = NULL;

	if (file_read(path, &bytes, &err) == 0 &&
	    reader_take_apart(kind, bytes.data, bytes.len, &sheets, NULL,
		&problems, &err) == 0)
		form = form_parse(sheets.data, sheets.len, &problems, &err);
	problems_release(&problems);
	buf_release(&bytes);
	buf_release(&sheets);
	return form;
}

static void
note_change(void *arg, enum item_change change, const struct item *old,
    const struct item *new)
{
	(void)old;
	(void)new;
	if (change != ITEM_SAME)
		++*(int *)arg;
}

static bool
has_same_logic(const struct item *one, const struct item *other)
{
	return one->type == other->type && !one->relevant == !other->relevant &&
	    !one->constraint == !other->constraint &&
	    !one->calculation == !other->calculation &&
	    !one->choice_filter == !other->choice_filter &&
	    !one->repeat_count == !other->repeat_count &&
	    !one->triggered == !other->triggered &&
	    strcmp(one->path, other->path) == 0 &&
	    strcmp(one->appearance, other->appearance) == 0;
}

static bool
are_same(const struct form *sheets, const struct form *xform)
{
	int changes = 0;

	form_diff(sheets, xform, note_change, &changes);
	if (changes > 0 || sheets->item_count != xform->item_count ||
	    strcmp(sheets->version, xform->version) != 0)
		return false;
	for (int i = 0; i < sheets->item_count; i++)
		if (!has_same_logic(&sheets->items[i], &xform->items[i]))
			return false;
	return true;
}

static int
known_as_differing(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(differing); i++)
		if (strcmp(differing[i].name, name) == 0)
			return (int)i;
	return -1;
}

static void
compare(const char *folder, const char *name, struct tally *tally)
{
	char *sheet = xasprintf("%s/xlsform/%s.xlsx", folder, name);
	char *xml = xasprintf("%s/xform/%s.xml", folder, name);
	const int known = known_as_differing(name);
	struct form *sheets, *xform;

	if (!file_exists(sheet))
		sheet[strlen(sheet) - 1] = '\0'; /* .xls */
	sheets = open_form(sheet, "workbook");
	xform = open_form(xml, "xform");
	if (!sheets || !xform) {
		tally->not_open++;
	} else if (are_same(sheets, xform)) {
		tally->same++;
	} else if (known >= 0) {
		tally->differ++;
		tally->differed[known] = true;
	} else {
		fail_msg("%s: the XForm is another form", name);
	}
	form_free(sheets);
	form_free(xform);
	free(sheet);
	free(xml);
}

static void
a_form_and_its_xform_are_the_same(void **state)
{
	const char *folder = test_shared("forms");
	struct tally tally = { 0 };
	struct dirent *entry;
	char *path;
	DIR *dir;

	(void)state;
	if (!folder)
		skip();
	path = xasprintf("%s/xform", folder);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char *dot = strrchr(entry->d_name, '.');

		if (!dot || strcmp(dot, ".xml") != 0)
			continue;
		*dot = '\0';
		compare(folder, entry->d_name, &tally);
	}
	closedir(dir);
	free(path);
	printf("%d pairs are the same, %d differ as known, %d need what this "
	       "version lacks\n",
	    tally.same, tally.differ, tally.not_open);
	for (size_t i = 0; i < ARRAY_LEN(differing); i++)
		if (!tally.differed[i])
			fail_msg("%s differs no more", differing[i].name);
	assert_true(tally.same >= 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_form_and_its_xform_are_the_same),
	};

	return RUN_TESTS(tests);
}
