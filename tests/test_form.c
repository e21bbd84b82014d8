/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "checklists/form.h"

/* Sheets as the reader normalises them; `rows` come after the version. */
static struct form *
parse(const char *rows, struct problems *problems, struct err *err)
{
	struct buf csv = BUF_INIT;
	struct form *form;

	buf_add_text(&csv, "ronde-checklist,1\n");
	buf_add_text(&csv, rows);
	form = form_parse(csv.data, csv.len, problems, err);
	buf_release(&csv);
	return form;
}

static struct form *
must_parse(const char *rows)
{
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form = parse(rows, &problems, &err);

	assert_no_err(&err);
	assert_non_null(form);
	problems_release(&problems);
	return form;
}

static const struct item *
must_find(const struct form *form, const char *path)
{
	struct err err = { 0 };
	const struct item *item = form_find(form, path, &err);

	assert_no_err(&err);
	return item;
}

#define CHOICES                    \
	"choices,list_name,name\n" \
	",yn,yes\n"                \
	",yn,no\n"

/* A form, and the text of every error in it, in order, one a line. */
static const struct {
	const char *rows, *problems;
} bad_forms[] = {
	{ "choices,list_name,name\n,l,a\n",
	    "survey: the sheet \"survey\" is missing or has no rows\n" },
	{ "survey,type\n,text\nsurvey,a,b,type,name\n,,,text,a\n",
	    "survey: this sheet is there twice\n"
	    "survey, row 1: the column name is missing\n" },
	{ "survey,type,label\n,text,A\n",
	    "survey, row 1: the column name is missing\n" },
	{ "survey,type,name\n,texte,a\n",
	    "survey, row 2, type: the type \"texte\" is not known; is "
	    "\"text\" meant?\n" },
	{ "survey,type,name\n,zzzzz,a\n",
	    "survey, row 2, type: the type \"zzzzz\" is not known\n" },
	{ "survey,type,name\n,selct_one yn,a\n" CHOICES,
	    "survey, row 2, type: the type \"selct_one yn\" is not known; is "
	    "\"select_one yn\" meant?\n" },
	{ "survey,type,name\n,text,\n",
	    "survey, row 2, name: the name of the question is missing\n" },
	{ "survey,type,name\n,begin group,\n,text,a\n,end group,\n",
	    "survey, row 2, name: the name of the group is missing\n" },
	{ "survey,type,name\n,text,1a\n,text,a b\n",
	    "survey, row 2, name: \"1a\" is no name: a letter or _ first, "
	    "then letters, digits, _, - and .\n"
	    "survey, row 3, name: \"a b\" is no name: a letter or _ first, "
	    "then letters, digits, _, - and .\n" },
	{ "survey,type,name\n,,a\n,text,b\n",
	    "survey, row 2, type: the type of the question is missing\n" },
	{ "survey,type,name\n,text,a\n,integer,a\n",
	    "survey, row 3, name: the name \"a\" is there twice in this "
	    "group\n" },
	{ "survey,type,name\n,begin group,g\n,text,a\n",
	    "survey, row 2, type: the group \"g\" has no end\n" },
	{ "survey,type,name\n,text,a\n,end_group,\n",
	    "survey, row 3, type: this group ends but none has begun\n" },
	{ "survey,type,name,calculation\n,calculate,c,\n",
	    "survey, row 2, calculation: the calculation is missing\n" },
	{ "survey,type,name\n,calculate,c\n",
	    "survey, row 2: the calculation is missing\n" },
	{ "survey,type,name,relevant\n,text,alpha,\n,text,b,${alpa} = 1\n",
	    "survey, row 3, relevant: column 1: there is no item ${alpa}; is "
	    "${alpha} meant?\n" },
	{ "survey,type,name,relevant\n,text,a,${zzzz} = 1\n",
	    "survey, row 2, relevant: column 1: there is no item ${zzzz}\n" },
	{ "survey,type,name,relevance\n"
	  ",begin group,g,\n,text,a,\n,end group,,\n"
	  ",begin group,h,\n,text,a,\n,end group,,\n,text,b,${a} = 1\n",
	    "survey, row 8, relevance: column 1: ${a} may be g/a or h/a: "
	    "write a path\n" },
	{ "survey,type,name,constraint\n,integer,a,. >\n",
	    "survey, row 2, constraint: column 4: expected a value\n" },
	{ "survey,type,name,calculation\n,calculate,a,${b}\n,calculate,b,"
	  "${c}\n,calculate,c,${a}\n",
	    "survey, row 2, calculation: these items depend on each other in "
	    "a circle: a → b → c → a\n" },
	{ "survey,type,name,relevant\n,text,a,${b} = ''\n,text,b,${a} = ''\n",
	    "survey, row 2, relevant: these items depend on each other in a "
	    "circle: a → b → a\n" },
	{ "survey,type,name,calculation\n,calculate,a,. + 1\n",
	    "survey, row 2, calculation: these items depend on each other in "
	    "a circle: a → a\n" },
	{ "survey,type,name,relevant\n,begin group,g,${a} = 1\n"
	  ",integer,a,\n,end group,,\n",
	    "survey, row 2, relevant: these items depend on each other in a "
	    "circle: g → a → g\n" },
	{ "survey,type,name\n,select_one yesno,a\n" CHOICES,
	    "survey, row 2, type: there is no list of choices \"yesno\"; is "
	    "\"yn\" meant?\n" },
	{ "survey,type,name\n,select_one,a\n" CHOICES,
	    "survey, row 2, type: the name of the list of choices is "
	    "missing\n" },
	{ "survey,type,name\n,select_one l,a\nchoices,list_name,name\n,l,a\n"
	  ",l,a\n",
	    "choices, row 3, name: the list l has the choice \"a\" twice (the "
	    "setting allow_choice_duplicates allows it)\n" },
	{ "survey,type,name\n,select_one l,a\nchoices,list_name,name\n,l,\n",
	    "choices, row 2, name: the name of the choice is missing\n" },
	{ "survey,type,name\n,select_multiple l,a\n"
	  "choices,list_name,name\n,l,a b\n",
	    "survey, row 2, type: the choice \"a b\" of list l has a space in "
	    "its name, which select_multiple cannot have\n" },
	{ "survey,type,name\n,select_one l,a\nchoices,list_name,label\n,l,x\n",
	    "choices, row 1: the column name is missing\n"
	    "survey, row 2, type: there is no list of choices \"l\"\n" },
	{ "survey,type,name,choice_filter\n,select_one yn,a,zone = 1\n" CHOICES,
	    "survey, row 2, choice_filter: column 1: the choices sheet has no "
	    "column \"zone\"\n" },
	{ "survey,type,name,label\n,text,a,Hello ${nobody}\n",
	    "survey, row 2, label: there is no item ${nobody}\n" },
	{ "survey,type,name,label,label\n,text,a,A,B\n",
	    "survey, row 1, label: the columns \"label\" and \"label\" mean "
	    "the same\n" },
	{ "survey,type,name,bind::ronde:weight,bind::ronde:framework\n"
	  ",text,a,heavy,moral\n",
	    "survey, row 2, bind::ronde:weight: \"heavy\" is no weight: a "
	    "whole number from 0 to 1000\n"
	    "survey, row 2, bind::ronde:framework: \"moral\" is none of "
	    "legal, institutional, operational\n" },
	{ "survey,type,name\n,select_one l,a\n"
	  "choices,list_name,name,score,severity,polarity,reason\n"
	  ",l,a,101,9,bad,maybe\n",
	    "choices, row 2, score: \"101\" is no score: a number from 0 to "
	    "100, ? or nothing\n"
	    "choices, row 2, severity: \"9\" is no severity: 1 (critical) to "
	    "4 (observation)\n"
	    "choices, row 2, polarity: \"bad\" is neither strength nor need\n"
	    "choices, row 2, reason: \"maybe\" is neither yes nor no\n" },
	{ "survey,type,name,parameters\n,range,a,start=x\n"
	  ",range,b,step=0\n,range,c,start=1 end=4 step=5\n",
	    "survey, row 2, parameters: start=x: the start, the end and the "
	    "step of a range are numbers\n"
	    "survey, row 3, parameters: the step of a range is not 0\n"
	    "survey, row 4, parameters: the step of a range is not longer "
	    "than the range\n" },
	{ "survey,type,name,parameters\n,select_one yn,a,randomize\n"
	  ",select_one yn,b,randomize=maybe\n,select_one yn,c,seed=4\n" CHOICES,
	    "survey, row 2, parameters: \"randomize\" is no parameter: "
	    "name=value is expected\n"
	    "survey, row 3, parameters: randomize=maybe: true or false is "
	    "expected\n"
	    "survey, row 4, parameters: a seed needs randomize=true before "
	    "it\n" },
	{ "survey,type,name,choice_filter\n"
	  ",select_one yn or_other,a,name = 'yes'\n" CHOICES,
	    "survey, row 2, choice_filter: or_other and a choice_filter do "
	    "not go together: write the choice \"other\" into the choices "
	    "sheet instead\n" },
	{ "survey,type,name\n,select_one yn or_else,a\n" CHOICES,
	    "survey, row 2, type: \"or_else\" after the name of the list has "
	    "no meaning\n" },
	{ "survey,type,name,trigger\n,text,a,\n,text,b,a\n,text,c,${z}\n",
	    "survey, row 3, trigger: \"a\" is no trigger: ${name} of a "
	    "question is expected\n"
	    "survey, row 4, trigger: there is no item ${z}\n" },
	{ "survey,type,name\n,select_one_external towns,a\n" CHOICES,
	    "survey, row 2, type: there is no list of choices \"towns\"\n" },
};

/* Types that are for later, each refused by its name. */
static const struct {
	const char *rows, *problem;
} lacking[] = {
	{ "survey,type,name\n,xml-external,r\n", "external files" },
};

static char *
errors_of(const struct problems *problems)
{
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < problems->count; i++) {
		char *text;

		if (problems->list[i].kind != PROBLEM_ERROR)
			continue;
		text = problem_text(&problems->list[i]);
		buf_addf(&out, "%s\n", text);
		free(text);
	}
	return buf_detach(&out);
}

static void
every_mistake_is_named_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad_forms); i++) {
		struct problems problems = { 0 };
		struct err err = { 0 };
		char *errors;

		assert_null(parse(bad_forms[i].rows, &problems, &err));
		assert_int_equal(err.code, ERR_FORMAT);
		errors = errors_of(&problems);
		assert_string_equal(errors, bad_forms[i].problems);
		free(errors);
		problems_release(&problems);
	}
}

static void
a_calculation_that_nobody_can_compute_stays_empty(void **state)
{
	static const struct {
		const char *rows, *warning; /* NULL: the form is refused */
	} cases[] = {
		{ "survey,type,name,calculation\n,calculate,c,if(1 < 2\n",
		    "column 9: expected ',' or ')'" },
		{ "survey,type,name,calculation\n,calculate,c,so we think\n",
		    "column 1: there is no item so" },
		{ "survey,type,name,choice_filter\n,select_one yn,a,1 "
		  "=\n" CHOICES,
		    "column 4: expected a value" },
		{ "survey,type,name,calculation\n,calculate,c,${z}\n", NULL },
		{ "survey,type,name,relevant\n,text,c,if(1 < 2\n", NULL },
		{ "survey,type,name,constraint\n,text,c,if(1 < 2\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct problems problems = { 0 };
		struct err err = { 0 };
		struct form *form = parse(cases[i].rows, &problems, &err);

		assert_int_equal(form != NULL, cases[i].warning != NULL);
		if (form)
			assert_non_null(
			    strstr(problems.list[problems.count - 1].text,
				cases[i].warning));
		form_free(form);
		problems_release(&problems);
	}
}

static void
the_cell_is_shown_with_a_caret_under_the_mistake(void **state)
{
	static const struct {
		const char *cell, *place, *shown;
		int at;
	} cases[] = {
		{ "", "", "", 0 },
		{ "intger", "A4", "      A4 | intger\n", 0 },
		{ "été >< 5", "E2", "      E2 | été >< 5\n         |      ^\n",
		    6 },
		{ "a\nb = \nc", "", "         | b = \n         |     ^\n", 7 },
		{ "1 +", "F3", "      F3 | 1 +\n         |    ^\n", 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct problems problems = { 0 };
		char *shown;

		assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
		problem_add(&problems, PROBLEM_ERROR, "survey", 2, "a", "bad");
		problems_quote(&problems, 0, cases[i].cell, cases[i].at);
		strcpy(problems.list[0].place, cases[i].place);
		shown = problem_quote(&problems.list[0]);
		assert_string_equal(shown, cases[i].shown);
		free(shown);
		problems_release(&problems);
	}
}

static void
the_end_of_a_repeat_ends_a_repeat(void **state)
{
	static const struct {
		const char *rows, *problem; /* NULL: none */
	} cases[] = {
		{ "survey,type,name\n,begin repeat,r\n,text,a\n"
		  ",end repeat,\n",
		    NULL },
		{ "survey,type,name\n,begin_repeat,r\n,text,a\n"
		  ",end_repeat,\n",
		    NULL },
		{ "survey,type,name\n,begin repeat,r\n,text,a\n"
		  ",end group,\n",
		    "\"end group\" ends the repeat \"r\" of row 2" },
		{ "survey,type,name\n,begin group,g\n,text,a\n"
		  ",end repeat,\n",
		    "\"end repeat\" ends the group \"g\" of row 2" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct problems problems = { 0 };
		struct err err = { 0 };
		struct form *form = parse(cases[i].rows, &problems, &err);

		if (!cases[i].problem) {
			assert_non_null(form);
			assert_int_equal(form->items[0].type, ITEM_REPEAT);
			assert_int_equal(form->items[1].repeat, 0);
		} else {
			assert_null(form);
			assert_non_null(strstr(err.msg, cases[i].problem));
		}
		form_free(form);
		problems_release(&problems);
	}
}

static void
what_is_for_later_is_refused_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lacking); i++) {
		struct problems problems = { 0 };
		struct err err = { 0 };
		char wanted[200];

		snprintf(wanted, sizeof(wanted),
		    "%s are not supported by this version of ronde",
		    lacking[i].problem);
		assert_null(parse(lacking[i].rows, &problems, &err));
		assert_int_equal(problems.errors, 1);
		assert_non_null(strstr(err.msg, wanted));
		problems_release(&problems);
	}
}

static void
bytes_that_are_no_sheets_are_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum err_code code;
	} cases[] = {
		{ "", 0, ERR_FORMAT },
		{ "survey,type,name\n,text,a\n", 25, ERR_FORMAT },
		{ "ronde-checklist,2\nsurvey,type,name\n,text,a\n", 43,
		    ERR_UNSUPPORTED },
		{ "ronde-checklist,1\nsurvey,\"type\n", 31, ERR_FORMAT },
		{ "ronde-checklist,1\nsurvey,\xff\n", 26, ERR_FORMAT },
		{ "ronde-checklist,1\nsurvey,a\0b\n", 29, ERR_FORMAT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct problems problems = { 0 };
		struct err err = { 0 };

		assert_null(
		    form_parse(cases[i].bytes, cases[i].len, &problems, &err));
		assert_int_equal(err.code, cases[i].code);
		problems_release(&problems);
	}
}

static const char whole_form[] =
    "survey,TYPE,name,label::English (en),label::Français (fr),"
    "Hint::English (en),required,read only,relevant,default,appearance,"
    "disabled,bind::ronde:weight,bind::ronde:framework,"
    "bind::ronde:reference,bind::ronde:weakest\n"
    ",start,start,,,,,,,,,,,,,\n"
    ",begin group,a5,Perimeter,Périmètre,,,,,,,,,,,\n"
    ",Integer,height,Height,Hauteur,in metres,yes,,,2,,,3,Legal,"
    "\"2341 OP2, GP 51\",yes\n"
    ",select_one yn,gate,Gate,,,,,${height} > 1,,minimal,,,,,\n"
    ",text,old,Old,,,,,,,,yes,,,,\n"
    ",begin_group,inner,Inner,Dedans,,,,,,,,,,,\n"
    ",select multiple from yn,many,Many,Plusieurs,,no,TRUE,,,,,,,,\n"
    ",end_group,,,,,,,,,,,,,,\n"
    ",end group,,,,,,,,,,,,,,\n"
    ",note,,Thanks,Merci,,,,,,,,,,,\n"
    ",date,when,When,Quand,,true(),,,today(),,,,,,\n"
    "choices,List Name,value,label::English (en),label::Français (fr),score,"
    "severity,polarity,option::English (en),reason,zone\n"
    ",yn,yes,Yes,Oui,100,,strength,,,n\n"
    ",yn,no,No,Non,0,2,need,Build a gate,,s\n"
    ",yn,na,Not applicable,Sans objet,,,,,yes,\n"
    ",yn,unseen,Not seen,Non vu,?,,,,yes,\n"
    "settings,form_title,form id,version,default_language\n"
    ",Sites,sites,7,Français (fr)\n";

static void
sheets_become_items_in_their_order(void **state)
{
	struct form *form = must_parse(whole_form);
	const struct item *item;

	(void)state;
	assert_string_equal(form->title, "Sites");
	assert_string_equal(form->form_id, "sites");
	assert_string_equal(form->version, "7");
	assert_int_equal(form->lang_count, 2);
	assert_int_equal(form->default_lang, 1);
	assert_int_equal(form_lang(form, LANG_EN), 0);
	assert_int_equal(form_lang(form, LANG_FR), 1);
	assert_int_equal(form->item_count, 8);
	assert_int_equal(form->question_count, 4);
	item = must_find(form, "a5");
	assert_int_equal(item->type, ITEM_GROUP);
	assert_int_equal(item->index, 1);
	assert_int_equal(item->end, 6);
	item = must_find(form, "a5/inner/many");
	assert_int_equal(item->type, ITEM_SELECT_MULTIPLE);
	assert_int_equal(item->depth, 2);
	assert_non_null(item->read_only);
	assert_null(item->required);
	item = must_find(form, "when");
	assert_non_null(item->dynamic_default);
	assert_non_null(item->required);
	assert_null(item->default_text);
	form_free(form);
}

static void
the_columns_of_ronde_are_read(void **state)
{
	struct form *form = must_parse(whole_form);
	const struct item *item = must_find(form, "/data/a5/height");
	const struct choice *choices;

	(void)state;
	assert_int_equal(item->weight, 3);
	assert_true(item->weakest);
	assert_string_equal(item->framework, "legal");
	assert_string_equal(item->reference, "2341 OP2, GP 51");
	assert_string_equal(item->default_text, "2");
	item = must_find(form, "gate");
	assert_int_equal(item->weight, 1);
	assert_string_equal(item->appearance, "minimal");
	assert_int_equal(item->list->count, 4);
	choices = item->list->choices;
	assert_int_equal(choices[0].score_kind, SCORE_NUMBER);
	assert_int_equal(choices[0].score, 100);
	assert_string_equal(choices[0].polarity, "strength");
	assert_int_equal(choices[1].severity, 2);
	assert_string_equal(
	    form_text(form, choices[1].option, 0, NULL), "Build a gate");
	assert_int_equal(choices[2].score_kind, SCORE_NONE);
	assert_true(choices[2].asks_reason);
	assert_int_equal(choices[3].score_kind, SCORE_UNKNOWN);
	assert_int_equal(form->extra_count, 1);
	assert_string_equal(form->extra_names[0], "zone");
	assert_string_equal(choices[1].extra[0], "s");
	form_free(form);
}

static void
texts_fall_back_to_another_language(void **state)
{
	struct form *form = must_parse(whole_form);
	const struct item *gate = must_find(form, "gate");
	const struct item *height = must_find(form, "height");
	bool fell_back = true;

	(void)state;
	assert_string_equal(
	    form_text(form, height->label, 1, &fell_back), "Hauteur");
	assert_false(fell_back);
	assert_string_equal(
	    form_text(form, gate->label, 1, &fell_back), "Gate");
	assert_true(fell_back);
	assert_string_equal(form_text(form, NULL, 1, &fell_back), "");
	assert_false(fell_back);
	form_free(form);
}

static void
items_are_found_by_path_or_by_a_name_of_their_own(void **state)
{
	struct form *form = must_parse(
	    "survey,type,name\n,begin group,g\n,text,height\n,text,x\n"
	    ",end group,\n,begin group,h\n,text,x\n,end group,\n");
	struct err err = { 0 };

	(void)state;
	assert_int_equal(must_find(form, "g/x")->index, 2);
	assert_int_equal(must_find(form, "/h/x")->index, 4);
	assert_int_equal(must_find(form, "/data/h/x")->index, 4);
	assert_int_equal(must_find(form, "height")->index, 1);
	assert_null(form_find(form, "x", &err));
	assert_string_equal(err.msg, "${x} may be g/x or h/x: write a path");
	assert_null(form_find(form, "heigth", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.msg, "is ${height} meant?"));
	assert_null(form_find(form, "g/y", &err));
	assert_null(form_find(form, "", &err));
	form_free(form);
}

static void
sections_are_the_groups_at_the_top(void **state)
{
	struct form *form = must_parse(
	    "survey,type,name\n,text,a\n,text,b\n,begin group,g\n,text,c\n"
	    ",begin group,i\n,text,d\n,end group,\n,end group,\n,text,e\n");
	size_t count;
	const struct section *sections = form_sections(form, &count);

	(void)state;
	assert_int_equal(count, 3);
	assert_null(sections[0].group);
	assert_int_equal(sections[0].end, 2);
	assert_string_equal(sections[1].group->name, "g");
	assert_int_equal(sections[1].end, 6);
	assert_null(sections[2].group);
	assert_int_equal(sections[3].first, sections[3].end);
	form_free(form);
}

/* The hash of question "a" in a form of these rows. */
static struct hash
hash_in(const char *rows)
{
	struct form *form = must_parse(rows);
	const struct hash hash = must_find(form, "a")->text_hash;

	form_free(form);
	return hash;
}

static void
the_text_hash_follows_what_is_read_and_nothing_else(void **state)
{
	const struct hash hash = hash_in(
	    "survey,type,name,label,hint\n,select_one yn,a,A,h\n" CHOICES);
	static const struct {
		const char *rows;
		bool same;
	} cases[] = {
		{ "survey,type,name,label,hint,relevant\n,text,z,,,\n"
		  ",select_one yn,a,A,h,${z} = 1\n" CHOICES,
		    true },
		{ "survey,type,name,label,hint\n,select_one yn,a,B,h\n" CHOICES,
		    false },
		{ "survey,type,name,label,hint\n,select_one yn,a,A,\n" CHOICES,
		    false },
		{ "survey,type,name,label,hint\n,select_one yn,a,,Ah\n" CHOICES,
		    false },
		{ "survey,type,name,label,hint\n"
		  ",select_multiple yn,a,A,h\n" CHOICES,
		    false },
		{ "survey,type,name,label,hint\n"
		  ",select_one yn,a,A,h\n" CHOICES ",yn,maybe\n",
		    false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct hash other = hash_in(cases[i].rows);

		assert_int_equal(hash_equal(&hash, &other), cases[i].same);
	}
}

static void
the_identity_is_the_hash_of_the_bytes(void **state)
{
	static const char csv[] =
	    "ronde-checklist,1\nsurvey,type,name\n,text,a\n";
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form = form_parse(csv, strlen(csv), &problems, &err);
	const struct hash hash = hash_of(csv, strlen(csv));

	(void)state;
	assert_no_err(&err);
	assert_true(hash_equal(&hash, &form->identity));
	form_free(form);
	problems_release(&problems);
}

static void
what_the_reader_found_wrong_refuses_the_form(void **state)
{
	struct problems problems = { 0 };
	struct err err = { 0 };

	(void)state;
	problem_add(&problems, PROBLEM_ERROR, "choices", 3, "name", "spoilt");
	assert_null(parse("survey,type,name\n,text,a\n", &problems, &err));
	assert_string_equal(
	    err.msg, "the checklist is refused: choices, row 3, name: spoilt");
	problems_release(&problems);
}

static void
old_ways_of_writing_columns_are_known(void **state)
{
	struct form *form =
	    must_parse("survey,command,tag,caption,label:French,bind:relevant,"
		       "noAppErrorString\n"
		       ",q string,a,A,Ah,,\n"
		       ",select1 yn,b,B,Bé,${a} = 'x',\n"
		       "choices,list name,value,caption\n,yn,yes,Yes\n");
	const struct item *item = must_find(form, "b");

	(void)state;
	assert_int_equal(form->lang_count, 2);
	assert_string_equal(form->langs[1], "French");
	assert_non_null(item->relevant);
	assert_string_equal(form_text(form, item->label, 1, NULL), "Bé");
	assert_string_equal(form->items[0].name, "a");
	form_free(form);
}

static void
long_and_foreign_texts_survive(void **state)
{
	struct buf rows = BUF_INIT;
	struct form *form;
	const struct item *item;

	(void)state;
	buf_add_text(&rows, "survey,type,name,label\n,text,缅北,");
	for (int i = 0; i < 10000; i++)
		buf_add_text(&rows, "é");
	buf_add_text(&rows, "\n,text,b,\"a, \"\"b\"\"\nc\"\n");
	form = must_parse(rows.data);
	item = must_find(form, "缅北");
	assert_int_equal(strlen(form_text(form, item->label, 0, NULL)), 20000);
	item = must_find(form, "b");
	assert_string_equal(
	    form_text(form, item->label, 0, NULL), "a, \"b\"\nc");
	form_free(form);
	buf_release(&rows);
}

static void
more_problems_than_fit_are_counted(void **state)
{
	struct problems problems = { 0 };
	struct buf rows = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	buf_add_text(&rows, "survey,type,name\n");
	for (int i = 0; i < 300; i++)
		buf_addf(&rows, ",nonsense-type,a%d\n", i);
	assert_null(parse(rows.data, &problems, &err));
	assert_int_equal(problems.count, PROBLEMS_MAX);
	assert_int_equal(problems.errors, 300);
	assert_true(problems.more);
	problems_release(&problems);
	buf_release(&rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_mistake_is_named_with_its_place),
		TEST(a_calculation_that_nobody_can_compute_stays_empty),
		TEST(the_cell_is_shown_with_a_caret_under_the_mistake),
		TEST(what_is_for_later_is_refused_by_name),
		TEST(the_end_of_a_repeat_ends_a_repeat),
		TEST(bytes_that_are_no_sheets_are_refused),
		TEST(sheets_become_items_in_their_order),
		TEST(the_columns_of_ronde_are_read),
		TEST(texts_fall_back_to_another_language),
		TEST(items_are_found_by_path_or_by_a_name_of_their_own),
		TEST(sections_are_the_groups_at_the_top),
		TEST(the_text_hash_follows_what_is_read_and_nothing_else),
		TEST(the_identity_is_the_hash_of_the_bytes),
		TEST(what_the_reader_found_wrong_refuses_the_form),
		TEST(old_ways_of_writing_columns_are_known),
		TEST(long_and_foreign_texts_survive),
		TEST(more_problems_than_fit_are_counted),
	};

	return RUN_TESTS(tests);
}
