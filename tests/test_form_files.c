/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "checklists/form.h"
#include "checklists/reader.h"
#include "checklists/state.h"
#include "checklists/table.h"

static const char form_csv[] =
    "survey,type,name,label,calculation,choice_filter\n"
    ",select_one_from_file roads.csv,road,Road,,\n"
    ",text,kind,Kind,,\n"
    ",select_one_from_file roads.csv,other,Other,,kind = ${kind}\n"
    ",calculate,len,,\"pulldata('roads', 'length', 'name', ${road})\",\n"
    ",calculate,n,,count(instance('roads')/root/item[kind = ${kind}]),\n"
    ",calculate,who,,"
    "instance('roads')/root/item[name = current()/../road]/label,\n";

static const char roads_csv[] =
    "\xef\xbb\xbfname;label;kind;length\r\na;Alpha;x;5\r\nb;B\xc3\xaata;y;7\r\n"
    "c;Gamma;x;9\r\n";

struct opened {
	struct buf sheets;
	struct form *form;
	struct problems problems;
	struct err err;
};

static void
put(const char *folder, const char *name, const char *text)
{
	char *path = file_join(folder, name);
	struct err err = { 0 };

	file_write(path, text, strlen(text), 0600, &err);
	assert_no_err(&err);
	free(path);
}

/* Reads the form in `folder` as `ronde checklist import` does. */
static void
open_form(const char *folder, struct opened *opened)
{
	char *path = file_join(folder, "form.csv");

	*opened = (struct opened){ 0 };
	buf_init(&opened->sheets, BUF_MAX_BYTES);
	reader_set_program(test_build("ronde-reader"));
	if (reader_normalise(
		path, &opened->sheets, &opened->problems, &opened->err) == 0)
		opened->form = form_parse(opened->sheets.data,
		    opened->sheets.len, &opened->problems, &opened->err);
	free(path);
}

static void
close_form(struct opened *opened)
{
	form_free(opened->form);
	problems_release(&opened->problems);
	buf_release(&opened->sheets);
}

static int
at(const struct opened *opened, const char *path)
{
	struct err err = { 0 };
	const struct item *item = form_find(opened->form, path, &err);

	assert_no_err(&err);
	return item->index;
}

static void
answers_come_from_the_file_beside_the_form(void **state)
{
	char *folder = test_folder();
	struct opened opened;
	struct state *answers;
	size_t count;

	(void)state;
	put(folder, "form.csv", form_csv);
	put(folder, "roads.csv", roads_csv);
	open_form(folder, &opened);
	assert_no_err(&opened.err);
	answers = state_new(opened.form, 0);
	state_start(answers, true);
	state_set(answers, at(&opened, "road"), "b");
	assert_string_equal(state_value(answers, at(&opened, "len")), "7");
	assert_string_equal(state_value(answers, at(&opened, "who")), "Bêta");
	state_set(answers, at(&opened, "kind"), "x");
	assert_string_equal(state_value(answers, at(&opened, "n")), "2");
	(void)state_choices(answers, at(&opened, "other"), &count);
	assert_int_equal(count, 2);
	state_set(answers, at(&opened, "road"), "");
	assert_string_equal(state_value(answers, at(&opened, "len")), "");
	state_free(answers);
	close_form(&opened);
	free(folder);
}

/* What is kept and carried has the file in it: nothing is looked for again. */
static void
the_checklist_has_its_files_and_is_another_with_others(void **state)
{
	char *folder = test_folder();
	struct opened one, again, other;

	(void)state;
	put(folder, "form.csv", form_csv);
	put(folder, "roads.csv", roads_csv);
	open_form(folder, &one);
	assert_no_err(&one.err);
	put(folder, "roads.csv",
	    "name,label,kind,length\na,Alpha,x,5\nb,B\xeata,y,7\n"
	    "c,Gamma,x,9\n");
	open_form(folder, &again);
	assert_no_err(&again.err);
	assert_string_equal(again.sheets.data, one.sheets.data);
	assert_int_equal(again.problems.count, 1);
	assert_non_null(
	    strstr(again.problems.list[0].text, "read as Windows-1252"));
	put(folder, "roads.csv", "name,label,kind,length\na,Alpha,x,6\n");
	open_form(folder, &other);
	assert_no_err(&other.err);
	assert_memory_not_equal(
	    &other.form->identity, &one.form->identity, sizeof(struct hash));
	/* The normalised sheets are a form of one file. */
	put(folder, "form.csv", one.sheets.data);
	close_form(&other);
	open_form(folder, &other);
	assert_no_err(&other.err);
	assert_string_equal(other.sheets.data, one.sheets.data);
	close_form(&other);
	close_form(&again);
	close_form(&one);
	free(folder);
}

static void
a_file_that_is_missing_or_wrong_is_named_with_its_place(void **state)
{
	static const struct {
		const char *row, *says;
	} cases[] = {
		{ ",select_one_from_file gone.csv,a,A,\n",
		    "survey, row 2, type: the file gone.csv was not found "
		    "beside the form" },
		{ ",csv-external,gone,,\n",
		    "survey, row 2, type: the file gone.csv was not found "
		    "beside the form" },
		{ ",calculate,a,,\"pulldata('gone', 'x', 'y', '1')\"\n",
		    "survey, row 2, calculation: the file gone.csv was not "
		    "found beside the form" },
		{ ",select_one_from_file bare.csv,a,A,\n",
		    "survey, row 2, type: the file bare.csv has no column "
		    "\"name\"" },
		{ ",select_one_from_file ../roads.csv,a,A,\n",
		    "survey, row 2, type: the file ../roads.csv was not "
		    "found beside the form" },
	};
	char *folder = test_folder();

	(void)state;
	put(folder, "bare.csv", "id,label\n1,One\n");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *text = xasprintf(
		    "survey,type,name,label,calculation\n%s,note,z,Z,\n",
		    cases[i].row);
		struct opened opened;
		char *said;

		put(folder, "form.csv", text);
		open_form(folder, &opened);
		assert_null(opened.form);
		assert_true(opened.problems.count > 0);
		said = problem_text(&opened.problems.list[0]);
		assert_string_equal(said, cases[i].says);
		free(said);
		close_form(&opened);
		free(text);
	}
	free(folder);
}

static void
the_index_finds_what_looking_at_every_row_finds(void **state)
{
	enum { ROWS = 5000 };
	struct buf csv = BUF_INIT;
	struct arena *arena = arena_new();
	struct csv_rows rows;
	struct table table;
	struct err err = { 0 };

	(void)state;
	buf_add_text(&csv, "t,key,twice\n");
	for (int i = 0; i < ROWS; i++)
		buf_addf(&csv, ",k%d,%d\n", i, i % 7);
	assert_int_equal(csv_read(arena, csv.data, csv.len, &rows, &err), 0);
	table_init(
	    &table, "t.csv", &rows.list[0], rows.list + 1, rows.count - 1);
	for (int i = 0; i < ROWS + 10; i++) {
		char key[16];
		long plain = -1;

		snprintf(key, sizeof(key), i % 2 ? "k%d" : "%d", i);
		for (size_t row = 0; plain < 0 && row < ROWS; row++)
			if (strcmp(table_cell(&table, row, !(i % 2)), key) == 0)
				plain = (long)row;
		assert_int_equal(table_find(&table, !(i % 2), key), plain);
	}
	table_release(&table);
	arena_free(arena);
	buf_release(&csv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_come_from_the_file_beside_the_form),
		TEST(the_checklist_has_its_files_and_is_another_with_others),
		TEST(a_file_that_is_missing_or_wrong_is_named_with_its_place),
		TEST(the_index_finds_what_looking_at_every_row_finds),
	};

	return RUN_TESTS(tests);
}
