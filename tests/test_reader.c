/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "checklists/reader.h"
#include "tests/make_zip.h"

/* What reading gave, until forget(). */
struct result {
	struct buf out;
	struct reader_rows rows;
	struct problems problems;
	struct err err;
	int status;
};

static void
begin(struct result *result)
{
	*result = (struct result){ 0 };
	buf_init(&result->out, BUF_MAX_BYTES);
}

static void
forget(struct result *result)
{
	buf_release(&result->out);
	reader_rows_release(&result->rows);
	problems_release(&result->problems);
}

/* Reads a path by the real helper program. */
static void
read_path(const char *path, struct result *result)
{
	begin(result);
	reader_set_program(test_build("ronde-reader"));
	result->status = reader_normalise_rows(
	    path, &result->out, &result->rows, &result->problems, &result->err);
}

static void
read_bytes(
    const char *kind, const void *bytes, size_t len, struct result *result)
{
	begin(result);
	result->status = reader_take_apart(kind, bytes, len, &result->out,
	    &result->rows, &result->problems, &result->err);
}

/* All problems, one a line; static. */
static const char *
problems_of(const struct result *result)
{
	static char text[4096];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < result->problems.count; i++) {
		char *line = problem_text(&result->problems.list[i]);

		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%c %s\n",
		    result->problems.list[i].kind == PROBLEM_ERROR ? 'E' : 'W',
		    line);
		free(line);
	}
	return text;
}

static char *
write_file(const char *folder, const char *name, const char *text, size_t len)
{
	char *path = file_join(folder, name);
	struct err err = { 0 };

	file_write(path, text, len, 0700, &err);
	assert_no_err(&err);
	return path;
}

static void
every_real_workbook_is_read(void **state)
{
	const char *found = test_shared("forms/xlsform");
	char *folder;
	struct dirent *entry;
	int read = 0, old = 0;
	DIR *dir;

	(void)state;
	if (!found)
		skip();
	folder = xstrdup(found);
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char *path = file_join(folder, entry->d_name);
		const char *dot = strrchr(entry->d_name, '.');
		struct result result;

		if (strncmp(dot, ".xls", 4) == 0) {
			read_path(path, &result);
			assert_no_err(&result.err);
			assert_int_equal(result.problems.errors, 0);
			assert_non_null(strstr(result.out.data, "\nsurvey,"));
			forget(&result);
			old += dot[4] == '\0';
			read++;
		}
		free(path);
	}
	closedir(dir);
	free(folder);
	assert_in_range(read, 60, 1000);
	assert_in_range(old, 10, 1000);
}

/* Forms that their authors keep as both give the same bytes. */
static void
an_old_workbook_is_the_same_checklist_as_its_xlsx(void **state)
{
	static const char *const names[] = { "case_insensitivity",
		"yes_or_no_question" };

	(void)state;
	if (!test_shared("forms/xlsform"))
		skip();
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *file = xasprintf(
		    "forms/xlsform/XLSForm-pyxform--%s.xlsx", names[i]);
		char *path = xstrdup(test_shared(file));
		struct result one, other;

		read_path(path, &one);
		path[strlen(path) - 1] = '\0'; /* .xls */
		read_path(path, &other);
		assert_no_err(&other.err);
		assert_string_equal(other.out.data, one.out.data);
		forget(&one);
		forget(&other);
		free(path);
		free(file);
	}
}

static const char form_bytes[] =
    "ronde-checklist,1\n"
    "survey,type,name,label::Français (fr),label::中文,constraint\n"
    ",text,who,\"Qui, et \"\"quand\"\" ?\",缅北禁地,\n"
    ",integer,n,Combien,,. < 3\n"
    ",note,x,\"deux\nlignes\",,\n"
    "choices,list_name,name,score\n"
    ",yn,yes,100\n"
    ",yn,no,0.1\n"
    "settings,form_title,version\n"
    ",Été,2026-11-23\n";

/* The same form as a workbook. */
static void
write_workbook(const char *path)
{
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *survey = workbook_add_worksheet(book, "Survey");
	lxw_worksheet *notes = workbook_add_worksheet(book, "_notes");
	lxw_worksheet *settings = workbook_add_worksheet(book, "settings");
	lxw_worksheet *choices = workbook_add_worksheet(book, "choices");
	lxw_format *date = workbook_add_format(book);
	lxw_format *bold = workbook_add_format(book);
	char first[] = "Qui, et ", second[] = "\"quand\"", third[] = " ?";
	lxw_rich_string_tuple one = { NULL, first }, two = { bold, second };
	lxw_rich_string_tuple three = { NULL, third };
	lxw_rich_string_tuple *runs[] = { &one, &two, &three, NULL };
	lxw_datetime day = { 2026, 11, 23, 0, 0, 0 };
	/* The cedilla stands apart; the cell that is read has it composed. */
	static const char french[] = "label::Franc\xcc\xa7"
				     "ais (fr)";
	static const char *const headers[] = { "type", "name", french,
		"label::中文", "constraint" };

	format_set_num_format(date, "dd/mm/yyyy");
	format_set_bold(bold);
	for (lxw_col_t i = 0; i < 5; i++)
		worksheet_write_string(survey, 0, i, headers[i], NULL);
	worksheet_write_string(survey, 1, 0, "text ", NULL);
	worksheet_write_string(survey, 1, 1, "who", NULL);
	worksheet_write_rich_string(survey, 1, 2, runs, NULL);
	worksheet_write_string(survey, 1, 3, "缅北禁地", NULL);
	worksheet_write_blank(survey, 5, 1, bold);
	worksheet_write_string(survey, 9, 0, "integer", NULL);
	worksheet_write_formula_str(survey, 9, 1, "=LOWER(\"N\")", NULL, "n");
	worksheet_write_string(survey, 9, 2, "Combien", NULL);
	worksheet_write_string(survey, 9, 4, ". < 3", NULL);
	worksheet_write_string(survey, 10, 0, "note", NULL);
	worksheet_write_string(survey, 10, 1, "x", NULL);
	worksheet_write_string(survey, 10, 2, "deux\r\nlignes", NULL);
	worksheet_write_string(notes, 0, 0, "not part of it", NULL);
	worksheet_write_string(settings, 0, 0, "form_title", NULL);
	worksheet_write_string(settings, 0, 1, "version", NULL);
	worksheet_write_string(settings, 1, 0, "Été", NULL);
	worksheet_write_datetime(settings, 1, 1, &day, date);
	worksheet_write_string(choices, 0, 0, "list_name", NULL);
	worksheet_write_string(choices, 0, 1, "name", NULL);
	worksheet_write_string(choices, 0, 3, "score", NULL);
	worksheet_write_string(choices, 1, 0, "yn", NULL);
	worksheet_write_string(choices, 1, 1, "yes", NULL);
	worksheet_write_number(choices, 1, 3, 100.0, NULL);
	worksheet_write_string(choices, 2, 0, "yn", NULL);
	worksheet_write_string(choices, 2, 1, "no", NULL);
	worksheet_write_number(choices, 2, 3, 0.1, NULL);
	assert_int_equal(workbook_close(book), 0);
}

static void
a_form_has_the_same_bytes_from_any_source(void **state)
{
	char *folder = test_folder(), *inner = file_join(folder, "form");
	char *book = file_join(folder, "form.xlsx");
	static const char survey[] =
	    "type;name;label::Français (fr);label::中文;constraint\r\n"
	    "text;who;\"Qui, et \"\"quand\"\" ?\";缅北禁地\r\n\r\n;;\r\n"
	    "integer;n;Combien;;. < 3\r\nnote;x;\"deux\r\nlignes\"\r\n";
	static const char choices[] = "\xef\xbb\xbflist_name\tname\tscore\n"
				      "yn\tyes\t100\nyn\tno\t0.1";
	static const char settings[] =
	    "form_title,version\n\xc9t\xe9,2026-11-23\n";
	char *paths[3];

	(void)state;
	write_workbook(book);
	mkdir(inner, 0700);
	free(write_file(inner, "Survey.csv", survey, sizeof(survey) - 1));
	free(write_file(inner, "choices.csv", choices, sizeof(choices) - 1));
	free(write_file(inner, "settings.csv", settings, sizeof(settings) - 1));
	paths[0] = book;
	paths[1] = inner;
	paths[2] =
	    write_file(folder, "form.csv", form_bytes, sizeof(form_bytes) - 1);
	for (size_t i = 0; i < 3; i++) {
		struct result result;

		read_path(paths[i], &result);
		assert_no_err(&result.err);
		assert_string_equal(result.out.data, form_bytes);
		assert_string_equal(problems_of(&result),
		    i == 1 ? "W settings: not UTF-8, so it was read as "
			     "Windows-1252; look at the accents, and better "
			     "save it as UTF-8\n"
			   : "");
		free(paths[i]);
		forget(&result);
	}
	free(folder);
}

static void
rows_are_shown_as_the_spreadsheet_counts_them(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "form.xlsx");
	static const int there[] = { 1, 2, 10, 11 };
	struct result result;

	(void)state;
	write_workbook(path);
	read_path(path, &result);
	assert_no_err(&result.err);
	assert_int_equal(result.rows.count, 3);
	assert_string_equal(result.rows.list[0].sheet, "survey");
	assert_int_equal(result.rows.list[0].count, 4);
	assert_memory_equal(result.rows.list[0].rows, there, sizeof(there));
	problem_add(&result.problems, PROBLEM_ERROR, "choices", 3, "", "old");
	problem_add(&result.problems, PROBLEM_ERROR, "survey", 3, "", "a");
	problem_add(&result.problems, PROBLEM_ERROR, "survey", 99, "", "b");
	problem_add(&result.problems, PROBLEM_ERROR, "", 0, "", "c");
	problem_add(&result.problems, PROBLEM_ERROR, "survey", 3, "name", "d");
	reader_show_rows(&result.rows, &result.problems, 1);
	assert_string_equal(problems_of(&result),
	    "E choices, row 3: old\nE survey, row 10: a\n"
	    "E survey, row 99: b\nE c\nE survey, row 10, name: d\n");
	assert_string_equal(result.problems.list[4].place, "B10");
	forget(&result);
	free(path);
	free(folder);
}

#define MAIN_NS "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define REL_NS \
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE_NS \
	"http://schemas.openxmlformats.org/package/2006/relationships"
#define RELATION(id, kind, target)                                             \
	"<Relationship Id='" id "' Type='" REL_NS "/" kind "' Target='" target \
	"'/>"

static const struct made_file root_rels = { "_rels/.rels",
	"<Relationships xmlns='" PACKAGE_NS "'>" RELATION(
	    "r1", "officeDocument", "/xl/workbook.xml") "</Relationships>",
	0 };
static const struct made_file book_rels = { "xl/_rels/workbook.xml.rels",
	"<Relationships xmlns='" PACKAGE_NS "'>" RELATION("s1", "worksheet",
	    "/xl/one.xml") RELATION("s2", "worksheet", "sheets/../two.xml")
	    RELATION("s3", "sharedStrings", "strings.xml")
		RELATION("s4", "styles", "./styles.xml") "</Relationships>",
	0 };
static const struct made_file book_xml = { "xl/workbook.xml",
	"<workbook xmlns='" MAIN_NS "' xmlns:r='" REL_NS "'><sheets>"
	"<sheet name='survey' sheetId='1' r:id='s1'/>"
	"<sheet name='CHOICES' sheetId='2' r:id='s2'/></sheets></workbook>",
	0 };
static const struct made_file book_1904 = { "xl/workbook.xml",
	"<workbook xmlns='" MAIN_NS "' xmlns:r='" REL_NS "'>"
	"<workbookPr date1904='1'/><sheets>"
	"<sheet name='survey' sheetId='1' r:id='s1'/></sheets></workbook>",
	0 };
static const struct made_file strings_xml = { "xl/strings.xml",
	"<sst xmlns='" MAIN_NS "'><si><t>plain</t></si>"
	"<si><r><t xml:space='preserve'>two </t></r><r><rPr/><t>runs</t></r>"
	"<rPh sb='0' eb='1'><t>LOUD</t></rPh><phoneticPr/></si>"
	"<si><t>a_x000D_\nb_x005F_x000A_ c_x0041_</t></si></sst>",
	0 };
static const struct made_file styles_xml = { "xl/styles.xml",
	"<styleSheet xmlns='" MAIN_NS "'><numFmts>"
	"<numFmt numFmtId='164' formatCode='yyyy\\-mm\\-dd hh:mm'/>"
	"<numFmt numFmtId='165' formatCode='0.00\" days\"'/>"
	"<numFmt numFmtId='166' formatCode='[Red]d mmm'/></numFmts>"
	"<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs>"
	"<xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/>"
	"<xf numFmtId='165'/><xf numFmtId='20'/><xf numFmtId='166'/>"
	"</cellXfs></styleSheet>",
	0 };
static const struct made_file two_xml = { "xl/two.xml",
	"<worksheet xmlns='" MAIN_NS "'><sheetData/></worksheet>", 0 };

/* Reads a workbook whose survey has `cells` in the row after the header. */
static void
read_cells(
    const struct made_file *book, const char *cells, struct result *result)
{
	char *xml = xasprintf("<worksheet xmlns='" MAIN_NS
			      "'><sheetData><row><c t='inlineStr'><is><t>a"
			      "</t></is></c><c t='inlineStr'><is><t>b</t>"
			      "</is></c></row>%s</sheetData></worksheet>",
	    cells);
	const struct made_file files[] = { root_rels, *book, book_rels,
		strings_xml, styles_xml, { "xl/one.xml", xml, 0 }, two_xml };
	struct buf zip = BUF_INIT;

	make_zip(&zip, files, ARRAY_LEN(files));
	read_bytes("workbook", zip.data, zip.len, result);
	buf_release(&zip);
	free(xml);
}

static void
cells_become_the_text_that_people_see(void **state)
{
	static const struct {
		const char *cell, *text;
	} cases[] = {
		{ "<c t='s'><v>0</v></c>", "plain" },
		{ "<c t='s'><v>1</v></c>", "two runs" },
		{ "<c t='s'><v>2</v></c>", "\"a\nb_x000A_ c_x0041_\"" },
		{ "<c t='inlineStr'><is><r><t>x</t></r><rPh><t>no</t></rPh>"
		  "</is></c>",
		    "x" },
		{ "<c><v>1</v></c>", "1" },
		{ "<c><v>1.0</v></c>", "1" },
		{ "<c t='n'><v>1E3</v></c>", "1000" },
		{ "<c><v>-0.10000000000000001</v></c>", "-0.1" },
		{ "<c><v>1e21</v></c>", "1000000000000000000000" },
		{ "<c><v>0.000001</v></c>", "0.000001" },
		{ "<c t='b'><v>1</v></c>", "TRUE" },
		{ "<c t='b'><v>0</v></c>", "FALSE" },
		{ "<c t='str'><f>A1</f><v>done</v></c>", "done" },
		{ "<c t='d'><v>2026-11-23</v></c>", "2026-11-23" },
		{ "<c s='1'><v>46349</v></c>", "2026-11-23" },
		{ "<c s='1'><v>1</v></c>", "1900-01-01" },
		{ "<c s='1'><v>59</v></c>", "1900-02-28" },
		{ "<c s='1'><v>60</v></c>", "60" },
		{ "<c s='1'><v>61</v></c>", "1900-03-01" },
		{ "<c s='1'><v>-1</v></c>", "-1" },
		{ "<c s='2'><v>46349.60486111111</v></c>",
		    "2026-11-23T14:31:00" },
		{ "<c s='3'><v>2.5</v></c>", "2.5" },
		{ "<c s='4'><v>0.5</v></c>", "12:00:00" },
		{ "<c s='5'><v>45000</v></c>", "2023-03-15" },
		{ "<c s='99'><v>7</v></c>", "7" },
		{ "<c r='A2' t='inlineStr'><is><t>\xc2\xa0 x\t</t></is></c>",
		    "x" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *row = xasprintf("<row>%s</row>", cases[i].cell);
		char *want = xasprintf(
		    "ronde-checklist,1\nsurvey,a,b\n,%s,\n", cases[i].text);
		struct result result;

		read_cells(&book_xml, row, &result);
		assert_no_err(&result.err);
		assert_string_equal(result.out.data, want);
		assert_string_equal(problems_of(&result), "");
		forget(&result);
		free(row);
		free(want);
	}
}

static void
a_workbook_of_1904_counts_its_own_days(void **state)
{
	struct result result;

	(void)state;
	read_cells(&book_1904, "<row><c s='1'><v>44887</v></c></row>", &result);
	assert_no_err(&result.err);
	assert_string_equal(
	    result.out.data, "ronde-checklist,1\nsurvey,a,b\n,2026-11-23,\n");
	forget(&result);
}

static void
doubtful_cells_are_named(void **state)
{
	static const struct {
		const char *rows, *problems;
	} cases[] = {
		{ "<row r='5'><c r='B5' t='e'><v>#REF!</v></c></row>",
		    "E survey, row 5, B5: the formula gives the error #REF!; "
		    "mend it in the spreadsheet\n" },
		{ "<row><c t='s'><v>77</v></c></row>",
		    "E survey, row 2, A2: points to a text that the workbook "
		    "does not have\n" },
		{ "<row><c><v>x</v></c></row>",
		    "E survey, row 2, A2: holds a number that is none\n" },
		{ "<row><c><f>A1</f></c></row>",
		    "W survey, row 2, A2: the formula has no saved value; "
		    "open the file in a spreadsheet program and save it\n" },
		{ "<row><c t='inlineStr'><is><t>a_x0007_b</t></is></c></row>",
		    "E survey, row 2, a: holds the control character U+0007; "
		    "take it away\n" },
		{ "<row r='62'><c><v>1</v></c></row>",
		    "W survey, row 62: after 60 blank rows this row and the "
		    "next are not read\n" },
		{ "<row r='61'><c><v>1</v></c></row>", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct result result;

		read_cells(&book_xml, cases[i].rows, &result);
		assert_no_err(&result.err);
		assert_string_equal(problems_of(&result), cases[i].problems);
		forget(&result);
	}
}

static void
a_damaged_worksheet_is_refused(void **state)
{
	static const struct {
		const char *rows;
		enum err_code code;
		const char *said;
	} cases[] = {
		{ "<row r='1'/>", ERR_FORMAT, "a number that cannot be" },
		{ "<row r='x'/>", ERR_FORMAT, "a number that cannot be" },
		{ "<row r='9999999'/>", ERR_FORMAT, "cannot be" },
		{ "<row><c r='A1'/></row>", ERR_FORMAT,
		    "a place that cannot be" },
		{ "<row><c r='ZZZZ2'/></row>", ERR_FORMAT,
		    "a place that cannot be" },
		{ "<row><c r='B2'/><c r='A2'/></row>", ERR_FORMAT,
		    "not in order" },
		{ "<row><c></row>", ERR_FORMAT, "mismatched tag" },
		{ "<!DOCTYPE x>", ERR_FORMAT, "survey, line 1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct result result;

		read_cells(&book_xml, cases[i].rows, &result);
		assert_int_equal(result.status, -1);
		assert_int_equal(result.err.code, cases[i].code);
		if (!strstr(result.err.msg, cases[i].said))
			fail_msg("%s: %s", cases[i].rows, result.err.msg);
		assert_int_equal(result.out.len, 0);
		forget(&result);
	}
}

static void
hostile_and_foreign_workbooks_are_refused(void **state)
{
	static const struct {
		struct made_file files[3];
		size_t less;
		enum err_code code;
		const char *said;
	} cases[] = {
		{ { { "xl/a.xml", "<a/>", 0 }, { "xl/a.xml", "<a/>", 0 } }, 0,
		    ERR_FORMAT, "twice" },
		{ { { "../xl/a.xml", "<a/>", 0 } }, 0, ERR_FORMAT,
		    "not allowed" },
		{ { { "xl/a.xml", "<a/>", 900000000 } }, 0, ERR_LIMIT,
		    "unpacks to more" },
		{ { { "xl/media/a.png", "", 100000000 },
		      { "xl/media/b.png", "", 100000000 } },
		    0, ERR_LIMIT, "unpacks to more" },
		{ { { "xl/a.xml", "<a/>", 5000 } }, 40, ERR_FORMAT,
		    "damaged or cut short" },
		{ { { "mimetype", "x", 0 }, { "content.xml", "<a/>", 0 } }, 0,
		    ERR_UNSUPPORTED, "another kind of document" },
		{ { { "word/document.xml", "<a/>", 0 } }, 0, ERR_UNSUPPORTED,
		    "another kind of document" },
		{ { { "a.txt", "x", 0 } }, 0, ERR_FORMAT, "no list of sheets" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *folder = test_folder(), *path;
		struct buf zip = BUF_INIT;
		struct result result;
		size_t count = 0;

		while (count < 3 && cases[i].files[count].name)
			count++;
		make_zip(&zip, cases[i].files, count);
		path = write_file(
		    folder, "a.xlsx", zip.data, zip.len - cases[i].less);
		read_path(path, &result);
		if (result.err.code != cases[i].code ||
		    !strstr(result.err.msg, cases[i].said))
			fail_msg("case %zu: %s", i, result.err.msg);
		assert_non_null(strstr(result.err.msg, path));
		assert_int_equal(result.out.len, 0);
		forget(&result);
		buf_release(&zip);
		free(path);
		free(folder);
	}
}

static void
csv_files_say_what_is_wrong_and_where(void **state)
{
	static const struct {
		const char *text, *msg, *problems;
	} cases[] = {
		{ "survey,type\n,\"x\n",
		    "row 2: a quotation mark is opened and never closed", "" },
		{ "survey,type\n,a\n,x\"y,z\n",
		    "row 3: a quotation mark inside a cell; put the cell in "
		    "quotation marks and double those in it",
		    "" },
		{ ",type\n",
		    "row 1: the first column must name a sheet (survey, "
		    "choices, settings) before its rows",
		    "" },
		{ "survey,type\n,a\xff\x81\n",
		    "the file, line 2, byte 4: byte 81 is not UTF-8; save it "
		    "as UTF-8 text",
		    "" },
		{ "", "",
		    "E there is no sheet called survey with rows in it "
		    "(sheets: )\n" },
		{ "survey,,,,,,,,,,,,,,,,,,,,,,,type\n,a\n", "",
		    "W survey, row 1, type: after 20 columns without a header "
		    "this column and the next are not read\n"
		    "E there is no sheet called survey with rows in it "
		    "(sheets: survey)\n" },
		{ "PK\3\4",
		    "not a .csv file but a workbook; give it the "
		    "ending .xlsx",
		    "" },
		{ "survey,type\n,a\nSURVEY,type\n,b\n", "",
		    "E survey: there are two sheets of this name\n" },
		{ "survey,type\n,a\nchoises,name\n,b\n", "",
		    "W choises: this sheet is not read; should it be called "
		    "choices?\n" },
		{ "survey,type,name\n,a,\xe9\n", "",
		    "W not UTF-8, so it was read as Windows-1252; look at the "
		    "accents, and better save it as UTF-8\n" },
		{ "survey,type,,,,,,,,,,,,,,,,,,,,name\n,a\n", "", "" },
		{ "survey,type,,,,,,,,,,,,,,,,,,,,,name\n,a\n", "",
		    "W survey, row 1, name: after 20 columns without a header "
		    "this column and the next are not read\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct result result;

		read_bytes(
		    "csv", cases[i].text, strlen(cases[i].text), &result);
		assert_string_equal(result.err.msg, cases[i].msg);
		assert_string_equal(problems_of(&result), cases[i].problems);
		forget(&result);
	}
}

static void
a_long_name_and_all_scripts_come_through(void **state)
{
	struct buf text = BUF_INIT;
	struct result result;

	(void)state;
	buf_add_text(&text, "ronde-checklist,1\nsurvey,type,label\n,");
	for (int i = 0; i < 10000; i++)
		buf_add_text(&text, "é");
	buf_add_text(&text, ",مفتش 缅北禁地 œuvre\n");
	read_bytes("csv", text.data, text.len, &result);
	assert_no_err(&result.err);
	assert_string_equal(result.out.data, text.data);
	forget(&result);
	buf_release(&text);
}

static void
paths_that_are_no_form_are_refused(void **state)
{
	char *folder = test_folder(), *none = file_join(folder, "none.xlsx");
	struct result result;

	(void)state;
	read_path(none, &result);
	assert_int_equal(result.err.code, ERR_NOT_FOUND);
	forget(&result);
	read_path(folder, &result);
	assert_int_equal(result.err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(result.err.msg, "has no survey.csv"));
	forget(&result);
	read_path("/dev/null", &result);
	assert_int_equal(result.err.code, ERR_UNSUPPORTED);
	forget(&result);
	free(none);
	free(folder);
}

static void
a_helper_that_fails_or_lies_is_an_error(void **state)
{
	static const struct {
		const char *script, *said;
	} cases[] = {
		{ "#!/bin/sh\nkill -9 $$\n", "died of it (signal 9)" },
		{ "#!/bin/sh\nexit 3\n", "(status 3)" },
		{ "#!/bin/sh\nexit 0\n", "not the one that belongs" },
		{ "#!/bin/sh\necho ronde-reader 1\n", "answer that cannot be" },
		{ "#!/bin/sh\nprintf 'ronde-reader 1\\nC\\377\\377\\0\\0x'\n",
		    "answer that cannot be" },
		{ "#!/bin/sh\nprintf 'ronde-reader 1\\nC\\1\\0\\0\\0\\377Z"
		  "\\0\\0\\0\\0'\n",
		    "answer that cannot be" },
		{ "#!/bin/sh\nprintf 'ronde-reader 1\\nP\\2\\0\\0\\0EEZ"
		  "\\0\\0\\0\\0'\n",
		    "answer that cannot be" },
		{ "#!/bin/sh\nprintf 'ronde-reader 1\\nZ\\0\\0\\0\\0'\n",
		    "answer that cannot be" },
	};
	char *folder = test_folder(), *program;
	char *path = write_file(folder, "a.csv", "survey,type\n", 12);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct result result;

		program = write_file(
		    folder, "helper", cases[i].script, strlen(cases[i].script));
		begin(&result);
		reader_set_program(program);
		assert_int_equal(reader_normalise(path, &result.out,
				     &result.problems, &result.err),
		    -1);
		if (!strstr(result.err.msg, cases[i].said))
			fail_msg("case %zu: %s", i, result.err.msg);
		forget(&result);
		free(program);
	}
	reader_set_program("/nonexistent/ronde-reader");
	{
		struct result result;

		begin(&result);
		assert_int_equal(reader_normalise(path, &result.out,
				     &result.problems, &result.err),
		    -1);
		assert_non_null(strstr(result.err.msg, "cannot start"));
		forget(&result);
	}
	free(path);
	free(folder);
}

static void
the_helper_speaks_the_language_of_the_moment(void **state)
{
	char *folder = test_folder();
	char *path = write_file(folder, "a.csv", "survey,type\n,\"x\n", 15);
	struct result result;

	(void)state;
	i18n_set(LANG_FR);
	read_path(path, &result);
	i18n_set(LANG_EN);
	if (!strstr(result.err.msg, "un guillemet est ouvert"))
		fail_msg("%s", result.err.msg);
	forget(&result);
	free(path);
	free(folder);
}

/* The value of `field` in /proc/PID/status. */
static int
status_of(pid_t pid, const char *field)
{
	char path[64], line[256];
	int value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, field, strlen(field)) == 0)
			value = atoi(line + strlen(field));
	fclose(file);
	return value;
}

static int
count_descriptors(pid_t pid)
{
	char path[64];
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	if (!dir)
		return -1; /* not dumpable, and this is not root */
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

static void
the_helper_is_confined_before_it_reads(void **state)
{
	const char *program = test_build("ronde-reader");
	int to[2], from[2], count, status;
	char greeting[16] = "";
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	pid = fork();
	if (pid == 0) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		close_range(3, ~0U, 0);
		execl(program, program, "csv", "en", (char *)NULL);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	/* It greets when it is confined, and its input is still open. */
	assert_int_equal(read(from[0], greeting, 15), 15);
	assert_string_equal(greeting, "ronde-reader 1\n");
	assert_int_equal(status_of(pid, "Seccomp:"), 2);
	assert_int_equal(status_of(pid, "NoNewPrivs:"), 1);
	count = count_descriptors(pid);
	assert_true(count == 3 || count == -1);
	close(to[1]);
	close(from[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_real_workbook_is_read),
		TEST(an_old_workbook_is_the_same_checklist_as_its_xlsx),
		TEST(a_form_has_the_same_bytes_from_any_source),
		TEST(rows_are_shown_as_the_spreadsheet_counts_them),
		TEST(cells_become_the_text_that_people_see),
		TEST(a_workbook_of_1904_counts_its_own_days),
		TEST(doubtful_cells_are_named),
		TEST(a_damaged_worksheet_is_refused),
		TEST(hostile_and_foreign_workbooks_are_refused),
		TEST(csv_files_say_what_is_wrong_and_where),
		TEST(a_long_name_and_all_scripts_come_through),
		TEST(paths_that_are_no_form_are_refused),
		TEST(a_helper_that_fails_or_lies_is_an_error),
		TEST(the_helper_speaks_the_language_of_the_moment),
		TEST(the_helper_is_confined_before_it_reads),
	};

	return RUN_TESTS(tests);
}
