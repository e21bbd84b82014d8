/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a report says, in its order: first what a reader must decide on, then
 * every answer, last what the answers rest on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/formats.h"

enum { SEVERITY_MAX = 4, SCORE_TEXT_MAX = 64 };

/* The lists of the report, in their order. */
static const struct {
	const char *title;
	enum fact_kind kind;
	bool even_empty;
} lists[] = {
	{ N_("Needs immediate attention"), FACT_URGENT, true },
	{ N_("Answers that differ: a decision is needed"), FACT_DIFFERS,
	    false },
	{ N_("Strengths"), FACT_STRENGTH, true },
	{ N_("Needs"), FACT_NEED, true },
};

const char *
severity_title(int severity)
{
	static const char *const titles[] = { "", N_("critical"), N_("major"),
		N_("minor"), N_("observation") };

	if (severity < 1 || severity > SEVERITY_MAX)
		return "";
	return _(titles[severity]);
}

/* A framework by its name in the checklist; another name is shown as it is. */
static const char *
framework_title(const char *framework)
{
	static const char *const titles[] = { N_("legal"), N_("institutional"),
		N_("operational") };

	for (size_t i = 0; i < ARRAY_LEN(titles); i++)
		if (strcmp(framework, titles[i]) == 0)
			return _(titles[i]);
	return framework;
}

/* ---- lists ---- */

/* Adds "name: value", after a dot where something stands already. */
static void
add_fact_to(struct buf *line, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	if (line->len)
		buf_add_text(line, " · ");
	buf_addf(line, _("%s: %s"), name, value);
}

/* What follows from an answer: measure, severity, framework, reference. */
static void
add_finding(const struct document *document, const struct fact *fact, bool need)
{
	const struct choice *choice = need ? fact->choice : NULL;
	const struct facts *facts = document->facts;
	struct buf line = BUF_INIT;

	if (choice && choice->option)
		document_detail(document, _("Recommended measure"),
		    form_text(
			facts->form, choice->option, facts->form_lang, NULL));
	if (choice)
		add_fact_to(
		    &line, _("Severity"), severity_title(choice->severity));
	if (fact->item->framework)
		add_fact_to(&line, _("Framework"),
		    framework_title(fact->item->framework));
	add_fact_to(&line, _("Reference"), fact->item->reference);
	document_detail(document, "", line.data);
	buf_release(&line);
}

static enum mark
mark_of(const struct fact *fact)
{
	if (fact->conflict)
		return MARK_DIFFERS;
	return fact_is(fact, FACT_URGENT) ? MARK_URGENT : MARK_NONE;
}

static void
add_entry(const struct document *document, const struct fact *fact)
{
	const char *value = *fact->value ? fact->value : _("no answer");
	char *title = document->apart ? fact_title(fact) : NULL;

	document->layout->entry(document->out, title ? title : fact->label,
	    fact->conflict ? _("answers differ") : value, mark_of(fact));
	free(title);
	if (fact->conflict)
		document_branches(document, fact->item,
		    fact->conflict->branches, fact->conflict->count);
}

static int
add_listed(void *arg, const struct fact *fact, struct err *err)
{
	struct document *document = arg;
	const bool need = document->kind == FACT_NEED;

	(void)err;
	if (!fact_is(fact, document->kind) ||
	    (need && fact->choice->severity != document->severity))
		return 0;
	document->count++;
	add_entry(document, fact);
	if (!fact->conflict)
		document_detail(document, _("Note"), fact->annotation.note);
	add_finding(document, fact, need);
	document->layout->entry_end(document->out);
	return 0;
}

/* The gravest needs come first, those without a severity last. */
static int
add_needs(struct document *document, struct err *err)
{
	const struct facts *facts = document->facts;

	for (int i = 1; i <= SEVERITY_MAX + 1; i++) {
		document->severity = i % (SEVERITY_MAX + 1);
		if (facts_each(facts, 0, facts->form->item_count, add_listed,
			document, err) < 0)
			return -1;
	}
	return 0;
}

static int
add_list(struct document *document, size_t list, struct err *err)
{
	const struct facts *facts = document->facts;
	struct buf *out = document->out;
	int result;

	if (!lists[list].even_empty && facts->info->conflicts == 0)
		return 0;
	document->kind = lists[list].kind;
	document->apart = true;
	document->count = 0;
	document->layout->heading(out, _(lists[list].title));
	document->layout->open(out, BLOCK_ENTRIES);
	if (document->kind == FACT_NEED)
		result = add_needs(document, err);
	else
		result = facts_each(facts, 0, facts->form->item_count,
		    add_listed, document, err);
	document->layout->close(out, BLOCK_ENTRIES);
	if (document->count == 0)
		document->layout->paragraph(out, _("None."));
	return result;
}

/* ---- scores ---- */

/* Without any answer the range is all there is: it says nothing. */
static void
score_text(struct score *score, char text[SCORE_TEXT_MAX])
{
	if (score->answered == 0) {
		score->low = score->high = 0;
		snprintf(text, SCORE_TEXT_MAX, "%s", _("not assessed"));
	} else if (score->low == score->high) {
		snprintf(text, SCORE_TEXT_MAX, "%d", score->low);
	} else {
		snprintf(text, SCORE_TEXT_MAX, _("%d to %d"), score->low,
		    score->high);
	}
}

static void
add_section_score(
    const struct document *document, const struct section *section)
{
	struct score score =
	    score_of(document->facts->inspection, section->first, section->end);
	char *title = facts_section_title(document->facts, section);
	char text[SCORE_TEXT_MAX];

	score_text(&score, text);
	if (score.scored)
		document->layout->score(document->out, title, &score, text);
	free(title);
}

static void
add_scores(const struct document *document)
{
	size_t count;
	const struct section *sections =
	    form_sections(document->facts->form, &count);

	document->layout->heading(
	    document->out, _("Protection by section, 0 to 100"));
	document->layout->open(document->out, BLOCK_SCORES);
	for (size_t i = 0; i < count; i++)
		add_section_score(document, &sections[i]);
	document->layout->close(document->out, BLOCK_SCORES);
}

/* ---- answers ---- */

/* A decided answer has its whole story under the decisions. */
static void
add_author(const struct document *document, const struct fact *fact)
{
	const struct annotation *annotation = &fact->annotation;

	if (annotation->device[0])
		document_said(document, fact->decision ? _("Decided by") : "",
		    &(struct said){ annotation->person,
			annotation->organisation, annotation->time,
			fact->decision ? BASIS_NONE : annotation->basis });
}

static void
add_evidence(
    const struct document *document, const struct annotation *annotation)
{
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < annotation->evidence_count; i++) {
		char hex[HASH_HEX_MAX];

		hash_to_hex(&annotation->evidence[i].digest, hex);
		buf_clear(&line);
		buf_addf(&line, "%s (%s)", annotation->evidence[i].name, hex);
		document_detail(document, _("Evidence"), line.data);
	}
	buf_release(&line);
}

/* Ends the answers that are open, with those that are missing among them. */
static void
end_answers(struct document *document)
{
	struct buf line = BUF_INIT;

	if (document->count > 0)
		document->layout->close(document->out, BLOCK_ENTRIES);
	document->count = 0;
	if (document->missing.len > 0) {
		buf_addf(&line, _("No answer: %s"), document->missing.data);
		document->layout->paragraph(document->out, line.data);
	}
	buf_clear(&document->missing);
	buf_release(&line);
}

static int
add_answer(void *arg, const struct fact *fact, struct err *err)
{
	struct document *document = arg;
	const int row = state_row(document->facts->state, fact->place);

	(void)err;
	if (row != document->row) {
		end_answers(document);
		document->row = row;
		document->layout->section(
		    document->out, row >= 0 ? fact->rows : document->section);
	}
	if (!fact_is_answered(fact)) {
		buf_addf(&document->missing, "%s%s",
		    document->missing.len ? " · " : "", fact->label);
		return 0;
	}
	if (document->count++ == 0)
		document->layout->open(document->out, BLOCK_ENTRIES);
	add_entry(document, fact);
	if (!fact->conflict) {
		document_detail(document, _("Reason"), fact->annotation.reason);
		document_detail(document, _("Note"), fact->annotation.note);
		add_author(document, fact);
	}
	add_evidence(document, &fact->annotation);
	document->layout->entry_end(document->out);
	return 0;
}

static int
add_section(
    struct document *document, const struct section *section, struct err *err)
{
	char *title = facts_section_title(document->facts, section);
	int result;

	document->count = 0;
	document->apart = false;
	document->row = -1;
	buf_clear(&document->missing);
	document->section = title;
	document->layout->section(document->out, title);
	result = facts_each(document->facts, section->first, section->end,
	    add_answer, document, err);
	end_answers(document);
	free(title);
	return result;
}

static int
add_answers(struct document *document, struct err *err)
{
	size_t count;
	const struct section *sections =
	    form_sections(document->facts->form, &count);

	document->layout->heading(document->out, _("All answers"));
	for (size_t i = 0; i < count; i++)
		if (add_section(document, &sections[i], err) < 0)
			return -1;
	return 0;
}

static int
add_all(struct document *document, struct err *err)
{
	if (document_front(document, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (add_list(document, i, err) < 0)
			return -1;
	add_scores(document);
	if (add_answers(document, err) < 0)
		return -1;
	document_decisions(document);
	document_signatures(document);
	document_method(document);
	return 0;
}

int
document_write(const struct facts *facts, const struct layout *layout,
    struct buf *out, struct err *err)
{
	struct document document = { .facts = facts,
		.layout = layout,
		.out = out,
		.missing = BUF_INIT };
	char *marking = facts_named(facts, "handling");
	const struct front front = { .title = facts->info->site_name,
		.subtitle = facts->form->title,
		.marking = marking && !*marking ? _("not stated")
		    : marking                   ? marking
						: "",
		.code = facts->code,
		.lang = facts->lang };
	int result;

	layout->start(out, &front);
	result = add_all(&document, err);
	layout->end(out, &front);
	buf_release(&document.missing);
	free(marking);
	return result;
}
