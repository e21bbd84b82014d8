/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "checklists/form.h"
#include "checklists/reader.h"
#include "checklists/state.h"

/* XForms XML, read as the sheets of an XLSForm that says the same. */

static const char head[] = "<h:html xmlns=\"http://www.w3.org/2002/xforms\""
			   " xmlns:h=\"http://www.w3.org/1999/xhtml\""
			   " xmlns:jr=\"http://openrosa.org/javarosa\""
			   " xmlns:odk=\"http://www.opendatakit.org/xforms\">"
			   "<h:head><h:title>Visit</h:title><model>";

static const char whole[] =
    "<itext><translation lang=\"French\" default=\"true()\">"
    "<text id=\"who\"><value>Qui ?</value></text>"
    "<text id=\"kind\"><value>Genre de <output value=\" /visit/who \"/>"
    "</value></text>"
    "<text id=\"a\"><value>Un</value></text>"
    "<text id=\"b\"><value>Deux</value></text></translation>"
    "<translation lang=\"English\">"
    "<text id=\"who\"><value>Who?</value></text>"
    "<text id=\"kind\"><value>-</value></text>"
    "<text id=\"a\"><value>One</value></text></translation></itext>"
    "<instance><visit id=\"visit\" version=\"4\">"
    "<begun/><who/><kind/><photo/><told/><twice/><fired/>"
    "<g><age>7</age></g>"
    "<rep jr:template=\"\"><x/><y/></rep><rep><x/><y/></rep>"
    "<meta><instanceID/><instanceName/></meta></visit></instance>"
    "<instance id=\"kinds\"><root>"
    "<item><itextId>a</itextId><name>one</name><of>Awa</of></item>"
    "<item><itextId>b</itextId><name>two</name><of>Ben</of></item>"
    "</root></instance>"
    "<bind nodeset=\"/visit/begun\" jr:preload=\"timestamp\""
    " jr:preloadParams=\"start\"/>"
    "<bind nodeset=\"/visit/who\" type=\"string\" required=\"true()\""
    " jr:constraintMsg=\"Awa or Ben\""
    " constraint=\". = 'Awa' or . = 'Ben'\"/>"
    "<bind nodeset=\"/visit/kind\" type=\"string\"/>"
    "<bind nodeset=\"/visit/photo\" type=\"binary\"/>"
    "<bind nodeset=\"/visit/told\" type=\"string\" readonly=\"true()\"/>"
    "<bind nodeset=\"/visit/twice\" calculate=\"/visit/g/age * 2\"/>"
    "<bind nodeset=\"/visit/g\" relevant=\"/visit/who = 'Awa'\"/>"
    "<bind nodeset=\"/visit/g/age\" type=\"int\"/>"
    "<bind nodeset=\"/visit/rep/x\" type=\"int\"/>"
    "<bind nodeset=\"/visit/rep/y\" calculate=\"sum(/visit/rep/x)\"/>"
    "<bind nodeset=\"/visit/meta/instanceName\""
    " calculate=\"concat('V ', /visit/who)\"/>"
    "</model></h:head><h:body>"
    "<input ref=\"/visit/who\"><label ref=\"jr:itext('who')\"/>"
    "<setvalue event=\"xforms-value-changed\" ref=\"/visit/fired\""
    " value=\"concat('t', /visit/g/age)\"/></input>"
    "<select1 ref=\"/visit/kind\" appearance=\"minimal\">"
    "<label ref=\"jr:itext('kind')\"/>"
    "<itemset nodeset=\"instance('kinds')/root/item[of = /visit/who ][name != "
    "'none']\">"
    "<value ref=\"name\"/><label ref=\"jr:itext(itextId)\"/></itemset>"
    "</select1>"
    "<upload ref=\"/visit/photo\" mediatype=\"image/*\">"
    "<label>Photo</label></upload>"
    "<input ref=\"/visit/told\"><label>Told</label></input>"
    "<group ref=\"/visit/g\"><label>G</label>"
    "<input ref=\"/visit/g/age\"><label>-</label>"
    "<setvalue event=\"xforms-value-changed\" ref=\"/visit/fired\""
    " value=\"concat('t', /visit/g/age)\"/></input></group>"
    "<group ref=\"/visit/rep\"><label>R</label>"
    "<repeat nodeset=\"/visit/rep\">"
    "<input ref=\"/visit/rep/x\"><label>X</label></input></repeat></group>"
    "</h:body></h:html>";

struct opened {
	struct form *form;
	struct state *state;
};

static int
take_apart(const char *model, struct buf *sheets, struct err *err)
{
	struct problems problems = { 0 };
	struct buf xml = BUF_INIT;
	int result;

	buf_addf(&xml, "%s%s", head, model);
	result = reader_take_apart(
	    "xform", xml.data, xml.len, sheets, NULL, &problems, err);
	problems_release(&problems);
	buf_release(&xml);
	return result;
}

static void
open_whole(struct opened *opened)
{
	struct problems problems = { 0 };
	struct buf sheets = BUF_INIT;
	struct err err = { 0 };

	take_apart(whole, &sheets, &err);
	assert_no_err(&err);
	opened->form = form_parse(sheets.data, sheets.len, &problems, &err);
	assert_no_err(&err);
	opened->state = state_new(opened->form, 1);
	state_start(opened->state, true);
	problems_release(&problems);
	buf_release(&sheets);
}

static void
close_whole(struct opened *opened)
{
	state_free(opened->state);
	form_free(opened->form);
}

static const struct item *
item_named(const struct opened *opened, const char *path)
{
	struct err err = { 0 };
	const struct item *item = form_find(opened->form, path, &err);

	assert_no_err(&err);
	return item;
}

static const char *
value_of(const struct opened *opened, const char *path)
{
	return state_value(opened->state, item_named(opened, path)->index);
}

static void
nodes_are_questions_in_their_order(void **state)
{
	static const struct {
		const char *path;
		enum item_type type;
	} expected[] = {
		{ "begun", ITEM_CALCULATE },
		{ "who", ITEM_TEXT },
		{ "kind", ITEM_SELECT_ONE },
		{ "photo", ITEM_IMAGE },
		{ "told", ITEM_NOTE },
		{ "twice", ITEM_CALCULATE },
		{ "fired", ITEM_CALCULATE },
		{ "g", ITEM_GROUP },
		{ "g/age", ITEM_INTEGER },
		{ "rep", ITEM_REPEAT },
		{ "rep/x", ITEM_INTEGER },
		{ "rep/y", ITEM_CALCULATE },
	};
	struct opened opened;

	(void)state;
	open_whole(&opened);
	assert_int_equal(opened.form->item_count, ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		assert_string_equal(
		    opened.form->items[i].path, expected[i].path);
		assert_int_equal(opened.form->items[i].type, expected[i].type);
	}
	assert_string_equal(opened.form->title, "Visit");
	assert_string_equal(opened.form->form_id, "visit");
	assert_string_equal(opened.form->version, "4");
	assert_string_equal(opened.form->root, "visit");
	assert_string_equal(item_named(&opened, "begun")->meta, "start");
	assert_string_equal(item_named(&opened, "kind")->appearance, "minimal");
	assert_non_null(opened.form->instance_name);
	close_whole(&opened);
}

static void
texts_are_there_in_each_language(void **state)
{
	struct opened opened;
	struct buf text = BUF_INIT;
	bool fell_back = false;

	(void)state;
	open_whole(&opened);
	assert_int_equal(opened.form->lang_count, 2);
	assert_string_equal(
	    opened.form->langs[opened.form->default_lang], "French");
	assert_string_equal(
	    form_text(opened.form, item_named(&opened, "who")->label, 1, NULL),
	    "Who?");
	form_text(
	    opened.form, item_named(&opened, "kind")->label, 1, &fell_back);
	assert_true(fell_back);
	state_set(opened.state, item_named(&opened, "who")->index, "Awa");
	state_add_text(opened.state, item_named(&opened, "kind")->index,
	    STATE_LABEL, 0, &text);
	assert_string_equal(text.data, "Genre de Awa");
	/* A label that is a dash is one where nothing else is meant. */
	assert_string_equal(form_text(opened.form,
				item_named(&opened, "g/age")->label, 0, NULL),
	    "-");
	buf_release(&text);
	close_whole(&opened);
}

static void
logic_is_what_the_binds_say(void **state)
{
	struct opened opened;
	size_t count;
	const int *offered;
	struct err err = { 0 };

	(void)state;
	open_whole(&opened);
	const int who = item_named(&opened, "who")->index;
	const int kind = item_named(&opened, "kind")->index;

	assert_true(state_is_required(opened.state, who));
	assert_int_equal(state_check(opened.state, who, "Zoé", 0, &err), -1);
	assert_string_equal(err.msg, "Awa or Ben");
	/* The default is there; while it is not relevant it reads as "". */
	assert_string_equal(value_of(&opened, "g/age"), "7");
	assert_string_equal(value_of(&opened, "twice"), "");
	state_set(opened.state, who, "Awa");
	assert_string_equal(value_of(&opened, "twice"), "14");
	/* Two questions set it, and only when they are answered. */
	assert_string_equal(value_of(&opened, "fired"), "t7");
	state_set(opened.state, item_named(&opened, "g/age")->index, "8");
	assert_string_equal(value_of(&opened, "fired"), "t8");
	offered = state_choices(opened.state, kind, &count);
	assert_int_equal(count, 1);
	assert_string_equal(
	    item_named(&opened, "kind")->list->choices[offered[0]].name, "one");
	close_whole(&opened);
}

/* Billions of laughs, a form that is none, one that is not closed. */
static void
what_is_no_form_is_refused_where_it_goes_wrong(void **state)
{
	static const struct {
		const char *xml, *says;
	} cases[] = {
		{ "<a/>", "this is XML, but no form" },
		{ "<h:html xmlns:h='x'>", "line 1" },
		{ "", "the form" },
		{ "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "the form" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct problems problems = { 0 };
		struct buf sheets = BUF_INIT;
		struct err err = { 0 };

		assert_int_equal(
		    reader_take_apart("xform", cases[i].xml,
			strlen(cases[i].xml), &sheets, NULL, &problems, &err),
		    -1);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("%s: %s", cases[i].xml, err.msg);
		problems_release(&problems);
		buf_release(&sheets);
	}
}

static void
nesting_without_end_is_refused(void **state)
{
	struct problems problems = { 0 };
	struct buf xml = BUF_INIT, sheets = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_add_text(&xml, "<a>");
	assert_int_equal(reader_take_apart("xform", xml.data, xml.len, &sheets,
			     NULL, &problems, &err),
	    -1);
	assert_int_equal(err.code, ERR_LIMIT);
	problems_release(&problems);
	buf_release(&xml);
	buf_release(&sheets);
}

/* The file, through the confined reader; the same file, the same form. */
static void
the_reader_takes_a_file_of_xml(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "visit.xml");
	struct problems problems = { 0 };
	struct buf xml = BUF_INIT, once = BUF_INIT, twice = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	buf_addf(&xml, "%s%s", head, whole);
	reader_set_program(test_build("ronde-reader"));
	file_write(path, xml.data, xml.len, 0600, &err);
	reader_normalise(path, &once, &problems, &err);
	assert_no_err(&err);
	reader_normalise(path, &twice, &problems, &err);
	assert_string_equal(once.data, twice.data);
	assert_non_null(strstr(once.data, "source"));
	problems_release(&problems);
	buf_release(&xml);
	buf_release(&once);
	buf_release(&twice);
	free(path);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nodes_are_questions_in_their_order),
		TEST(texts_are_there_in_each_language),
		TEST(logic_is_what_the_binds_say),
		TEST(what_is_no_form_is_refused_where_it_goes_wrong),
		TEST(nesting_without_end_is_refused),
		TEST(the_reader_takes_a_file_of_xml),
	};

	return RUN_TESTS(tests);
}
