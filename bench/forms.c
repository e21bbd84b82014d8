/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "bench/bench.h"

enum { SECTION = 10 };

/*
 * The questions of a section.  In expressions "#" stands for the section, so
 * that ${s#_q4} is one of its own; XForms have the path in its place.
 */
static const struct question {
	const char *type, *list, *label, *constraint, *calculation;
	const char *xform; /* its type there; NULL: string */
} questions[SECTION] = {
	{ "select_one yn", "yn", "Is it there?", "", "", NULL },
	{ "select_one grade", "grade", "How good is it?", "", "", NULL },
	{ "select_multiple part", "part", "Which parts?", "", "", NULL },
	{ "integer", NULL, "How many?", ". &gt;= 0", "", "int" },
	{ "decimal", NULL, "How high?", "", "", "decimal" },
	{ "date", NULL, "Since when?", "", "", "date" },
	{ "text", NULL, "Who answers?", "", "", NULL },
	{ "text", NULL, "What else?", "", "", NULL },
	{ "calculate", NULL, "", "",
	    "coalesce(${s#_q4}, 0) + coalesce(${s#_q5}, 0)", NULL },
	{ "calculate", NULL, "", "", "${s#_q9} * 2", NULL },
};

static const struct made_choice {
	const char *list, *name, *label;
} choices[] = { { "yn", "yes", "Yes" }, { "yn", "no", "No" },
	{ "grade", "a", "Very good" }, { "grade", "b", "Good" },
	{ "grade", "c", "Fair" }, { "grade", "d", "Bad" },
	{ "grade", "e", "Not there" }, { "part", "roof", "Roof" },
	{ "part", "wall", "Wall" }, { "part", "gate", "Gate" } };

static const char shown[] = "${s1_q1} = 'yes'";

/* ---- sheets ---- */

/* Text with "#" as the section's number and XML signs as they are. */
static void
add_text(struct buf *out, const char *text, int section)
{
	for (; *text; text++) {
		if (*text == '#') {
			buf_addf(out, "%d", section);
		} else if (strncmp(text, "&gt;", 4) == 0) {
			buf_add_char(out, '>');
			text += 3;
		} else {
			buf_add_char(out, *text);
		}
	}
}

static void
add_question(const struct made_form *made, const char *before, int section,
    int at, struct buf *out)
{
	const struct question *q = &questions[at];

	buf_addf(out, "%s%s,s%d_q%d,", before, q->type, section, at + 1);
	if (*q->label)
		buf_addf(out, "%d.%d %s", section, at + 1, q->label);
	buf_addf(out, ",%s,", made->flat && section > 1 ? shown : "");
	add_text(out, q->constraint, section);
	buf_add_text(out, ",\"");
	add_text(out, q->calculation, section);
	buf_add_text(out, "\"\n");
}

static void
add_total(const struct made_form *made, struct buf *out)
{
	for (int s = 1; s <= made->questions / SECTION; s++)
		buf_addf(
		    out, "%scoalesce(${s%d_q10}, 0)", s > 1 ? " + " : "", s);
}

static void
add_survey(const struct made_form *made, const char *before, struct buf *out)
{
	buf_addf(
	    out, "%stype,name,label,relevant,constraint,calculation\n", before);
	for (int s = 1; s <= made->questions / SECTION; s++) {
		if (!made->flat)
			buf_addf(out, "%sbegin group,s%d,Section %d,%s,,\n",
			    before, s, s, s > 1 ? shown : "");
		for (int i = 0; i < SECTION; i++)
			add_question(made, before, s, i, out);
		if (!made->flat)
			buf_addf(out, "%send group,,,,,\n", before);
	}
	buf_addf(out, "%scalculate,total,,,,\"", before);
	add_total(made, out);
	buf_add_text(out, "\"\n");
}

static void
add_choices(const char *before, struct buf *out)
{
	buf_addf(out, "%slist_name,name,label\n", before);
	for (size_t i = 0; i < ARRAY_LEN(choices); i++)
		buf_addf(out, "%s%s,%s,%s\n", before, choices[i].list,
		    choices[i].name, choices[i].label);
}

void
forms_add_sheets(const struct made_form *made, struct buf *out)
{
	/* The first row of a sheet has its name, the others none. */
	buf_add_text(out, "ronde-checklist,1\nsurvey");
	add_survey(made, ",", out);
	buf_add_text(out, "choices");
	add_choices(",", out);
}

static void
write_file(const char *folder, const char *name, const struct buf *text)
{
	char *path = folder ? xasprintf("%s/%s", folder, name) : xstrdup(name);
	FILE *file = fopen(path, "w");

	if (!file || fwrite(text->data, 1, text->len, file) != text->len ||
	    fclose(file) != 0)
		bench_die(path, "cannot be written");
	free(path);
}

void
forms_write_sheets(const struct made_form *made, const char *folder)
{
	struct buf text = BUF_INIT;

	add_survey(made, "", &text);
	write_file(folder, "survey.csv", &text);
	buf_clear(&text);
	add_choices("", &text);
	write_file(folder, "choices.csv", &text);
	buf_clear(&text);
	buf_addf(&text, "form_title,form_id\nMade,made_%d_%s\n",
	    made->questions, made->flat ? "flat" : "sections");
	write_file(folder, "settings.csv", &text);
	buf_release(&text);
}

/* ---- XForms ---- */

static void
add_path(
    const struct made_form *made, int section, int question, struct buf *out)
{
	buf_add_text(out, "/data/");
	if (!made->flat)
		buf_addf(out, "s%d/", section);
	buf_addf(out, "s%d_q%d", section, question);
}

/* An expression with each ${sS_qQ} as the path of that question. */
static void
add_xpath(const struct made_form *made, const char *text, int section,
    struct buf *out)
{
	while (*text) {
		int of = section, question, used = 0;

		if (sscanf(text, "${s%d_q%d}%n", &of, &question, &used) == 2 ||
		    sscanf(text, "${s#_q%d}%n", &question, &used) == 1) {
			add_path(made, of, question, out);
			text += used;
		} else {
			buf_add_char(out, *text++);
		}
	}
}

static void
add_bind(const struct made_form *made, int section, int at, struct buf *out)
{
	const struct question *q = &questions[at];

	buf_add_text(out, "<bind nodeset=\"");
	add_path(made, section, at + 1, out);
	buf_addf(out, "\" type=\"%s\"", q->xform ? q->xform : "string");
	if (made->flat && section > 1) {
		buf_add_text(out, " relevant=\"");
		add_xpath(made, shown, section, out);
		buf_add_char(out, '"');
	}
	if (*q->constraint)
		buf_addf(out, " constraint=\"%s\"", q->constraint);
	if (*q->calculation) {
		buf_add_text(out, " calculate=\"");
		add_xpath(made, q->calculation, section, out);
		buf_add_char(out, '"');
	}
	buf_add_text(out, "/>\n");
}

static void
add_model(const struct made_form *made, struct buf *out)
{
	const int sections = made->questions / SECTION;
	struct buf total = BUF_INIT;

	buf_add_text(out, "<instance><data id=\"made\">\n");
	for (int s = 1; s <= sections; s++) {
		if (!made->flat)
			buf_addf(out, "<s%d>", s);
		for (int i = 1; i <= SECTION; i++)
			buf_addf(out, "<s%d_q%d/>", s, i);
		if (!made->flat)
			buf_addf(out, "</s%d>\n", s);
	}
	buf_add_text(
	    out, "<total/><meta><instanceID/></meta></data></instance>\n");
	for (int s = 1; s <= sections; s++) {
		if (!made->flat && s > 1) {
			buf_addf(
			    out, "<bind nodeset=\"/data/s%d\" relevant=\"", s);
			add_xpath(made, shown, s, out);
			buf_add_text(out, "\"/>\n");
		}
		for (int i = 0; i < SECTION; i++)
			add_bind(made, s, i, out);
	}
	add_total(made, &total);
	buf_add_text(out,
	    "<bind nodeset=\"/data/total\" type=\"string\""
	    " calculate=\"");
	add_xpath(made, total.data, 1, out);
	buf_add_text(out, "\"/>\n");
	buf_release(&total);
}

static void
add_control(const struct made_form *made, int section, int at, struct buf *out)
{
	const struct question *q = &questions[at];
	const char *tag = !q->list ? "input" : at == 2 ? "select" : "select1";

	if (!*q->label)
		return;
	buf_addf(out, "<%s ref=\"", tag);
	add_path(made, section, at + 1, out);
	buf_addf(out, "\"><label>%s</label>", q->label);
	for (size_t i = 0; q->list && i < ARRAY_LEN(choices); i++)
		if (strcmp(choices[i].list, q->list) == 0)
			buf_addf(out,
			    "<item><label>%s</label><value>%s</value></item>",
			    choices[i].label, choices[i].name);
	buf_addf(out, "</%s>\n", tag);
}

void
forms_write_xform(const struct made_form *made, const char *path)
{
	struct buf out = BUF_INIT;

	buf_add_text(&out,
	    "<h:html xmlns=\"http://www.w3.org/2002/xforms\""
	    " xmlns:h=\"http://www.w3.org/1999/xhtml\">"
	    "<h:head><h:title>Made</h:title><model>\n");
	add_model(made, &out);
	buf_add_text(&out, "</model></h:head><h:body>\n");
	for (int s = 1; s <= made->questions / SECTION; s++) {
		if (!made->flat)
			buf_addf(&out,
			    "<group ref=\"/data/s%d\">"
			    "<label>Section %d</label>\n",
			    s, s);
		for (int i = 0; i < SECTION; i++)
			add_control(made, s, i, &out);
		if (!made->flat)
			buf_add_text(&out, "</group>\n");
	}
	buf_add_text(&out, "</h:body></h:html>\n");
	write_file(NULL, path, &out);
	buf_release(&out);
}

/* ---- rows, choices ---- */

/*
 * Twenty questions a row: choices, numbers, dates, texts, relevance on the
 * first, two calculations in the row, and sums over all rows outside.
 */
const char forms_rows[] =
    "ronde-checklist,1\n"
    "survey,type,name,label,relevant,constraint,calculation\n"
    ",text,place,Place,,,\n"
    ",begin repeat,r,Row,,,\n"
    ",select_one yn,q1,Q1,,,\n"
    ",select_one yn,q2,Q2,${q1} = 'yes',,\n"
    ",select_multiple yn,q3,Q3,${q1} = 'yes',,\n"
    ",integer,q4,Q4,,. >= 0,\n"
    ",decimal,q5,Q5,,. >= 0,\n"
    ",date,q6,Q6,,,\n"
    ",text,q7,Q7,,,\n"
    ",text,q8,Q8,,,\n"
    ",select_one yn,q9,Q9,,,\n"
    ",select_one yn,q10,Q10,,,\n"
    ",integer,q11,Q11,,. >= 0,\n"
    ",integer,q12,Q12,,. >= 0,\n"
    ",decimal,q13,Q13,,,\n"
    ",date,q14,Q14,,,\n"
    ",time,q15,Q15,,,\n"
    ",text,q16,Q16,${q9} = 'yes',,\n"
    ",text,q17,Q17,${q9} = 'yes',,\n"
    ",select_multiple yn,q18,Q18,,,\n"
    ",integer,q19,Q19,,,\n"
    ",text,q20,Q20,,,\n"
    ",calculate,c1,,,,${q4} + ${q11}\n"
    ",calculate,c2,,,,position(..)\n"
    ",end repeat,,,,,\n"
    ",calculate,total,,,,sum(${c1})\n"
    ",calculate,rows,,,,count(${r})\n"
    "choices,list_name,name,label\n"
    ",yn,yes,Yes\n"
    ",yn,no,No\n";

void
forms_add_choices(int count, struct buf *out)
{
	buf_add_text(out,
	    "ronde-checklist,1\n"
	    "survey,type,name,label,choice_filter\n"
	    ",integer,district,District,\n"
	    ",select_one village,village,Village,district = ${district}\n"
	    "choices,list_name,name,label,district\n");
	for (int i = 0; i < count; i++)
		buf_addf(out, ",village,v%d,Village %d,%d\n", i, i, i / 100);
}
