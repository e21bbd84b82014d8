/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report as one HTML file that loads nothing: a policy that forbids all
 * but its own style sheet, bars as inline SVG, and page rules for printing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "report/formats.h"
#include "report/html.h"

static const char style[] =
    "body{font:11pt/1.4 sans-serif;max-width:60em;margin:2em auto;padding:0 "
    "1em;color:#000;background:#fff}"
    "h1{font-size:1.6em;margin:0}h2{font-size:1.2em;margin:1.6em 0 .4em;"
    "border-bottom:2px solid #000}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.25em .5em;"
    "border-bottom:1px solid #bbb}"
    "td.n{text-align:right;white-space:nowrap}"
    "td.v{width:35%}.d{color:#444;font-size:.9em}"
    ".u{border-left:.4em solid #000;padding-left:.5em}"
    "svg .rest{fill:#ddd}svg .high{fill:#999}svg .low{fill:#225}"
    "code{font-size:.85em;overflow-wrap:anywhere}"
    "@page{size:A4;margin:18mm}"
    "@media print{body{margin:0;max-width:none;font-size:10pt}"
    "h2{break-after:avoid}tr,li{break-inside:avoid}"
    "svg *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

static void
add_head(const struct facts *facts, struct buf *out)
{
	buf_addf(out,
	    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n",
	    lang_code(facts->lang));
	html_add_element(out, "title", facts->info->site_name);
	buf_addf(out, "<style>%s</style>\n</head>\n<body>\n", style);
}

static void
add_pair(struct buf *out, const char *name, const char *value)
{
	if (!*value)
		return;
	buf_add_text(out, "<tr>");
	html_add_element(out, "th scope=\"row\"", name);
	html_add_element(out, "td", value);
	buf_add_text(out, "</tr>\n");
}

static void
add_progress(const struct facts *facts, struct buf *out)
{
	const struct inspection_info *info = facts->info;
	const int percent =
	    info->relevant ? info->answered * 100 / info->relevant : 0;
	char text[128];

	snprintf(text, sizeof(text), _("%d of %d questions"), info->answered,
	    info->relevant);
	buf_add_text(out, "<tr>");
	html_add_element(out, "th scope=\"row\"", _("Answered"));
	buf_add_text(out, "<td>");
	html_add_bar(out, percent, percent, text);
	buf_add_char(out, ' ');
	html_add_text(out, text);
	buf_add_text(out, "</td></tr>\n");
}

static void
add_identity(const struct facts *facts, struct buf *out)
{
	const struct inspection_info *info = facts->info;
	char hex[HASH_HEX_MAX];
	struct buf shown = BUF_INIT;

	text_show(&shown, info->site_name, false);
	html_add_element(out, "h1", shown.data);
	buf_release(&shown);
	html_add_element(out, "p", facts->form->title);
	buf_add_text(out, "<table>\n");
	add_pair(out, _("Inspection"), info->id);
	add_pair(out, _("Site"), info->site);
	add_pair(out, _("State"), stage_title(info->stage));
	add_progress(facts, out);
	add_pair(out, _("Control code"), facts->code);
	hash_to_hex(&info->checklist, hex);
	add_pair(out, _("Checklist identity"), hex);
	buf_add_text(out, "</table>\n");
}

static void
add_section_score(
    const struct facts *facts, const struct section *section, struct buf *out)
{
	const struct score score =
	    score_of(facts->inspection, section->first, section->end);
	char text[SCORE_TEXT_MAX], *title;

	if (!score.scored)
		return;
	report_score_text(&score, text);
	title = facts_section_title(facts, section);
	buf_add_text(out, "<tr>");
	html_add_element(out, "td", title);
	buf_add_text(out, "<td>");
	html_add_bar(out, score.low, score.high, text);
	buf_add_text(out, "</td>");
	html_add_element(out, "td class=\"n\"", text);
	buf_addf(out, "<td class=\"n\">%d/%d</td></tr>\n", score.answered,
	    score.relevant);
	free(title);
}

static void
add_scores(const struct facts *facts, struct buf *out)
{
	size_t count;
	const struct section *sections = form_sections(facts->form, &count);

	html_add_element(out, "h2", _("Protection by section"));
	buf_add_text(out, "<table>\n");
	for (size_t i = 0; i < count; i++)
		add_section_score(facts, &sections[i], out);
	buf_add_text(out, "</table>\n<p class=\"d\">");
	buf_addf(out,
	    _("Method %s. A range stands where answers are missing or differ; "
	      "the last column is coverage.\n"),
	    SCORE_METHOD);
	buf_add_text(out, "</p>\n");
}

struct listing {
	const struct facts *facts;
	enum fact_kind kind;
	struct buf *out;
};

static int
add_listed(void *arg, const struct fact *fact, struct err *err)
{
	const struct listing *listing = arg;
	struct buf *out = listing->out;

	(void)err;
	if (!fact_is(fact, listing->kind))
		return 0;
	buf_addf(
	    out, "<li%s>", listing->kind == FACT_URGENT ? " class=\"u\"" : "");
	html_add_text(out, fact->label);
	buf_add_text(out, " <strong>");
	html_add_text(out, fact->value);
	buf_add_text(out, "</strong>");
	if (fact->note[0]) {
		buf_add_text(out, "<br><span class=\"d\">");
		html_add_text(out, fact->note);
		buf_add_text(out, "</span>");
	}
	buf_add_text(out, "</li>\n");
	return 0;
}

static int
add_lists(const struct facts *facts, struct buf *out, struct err *err)
{
	for (size_t i = 0; i < FACT_LIST_COUNT; i++) {
		struct listing listing = { facts, fact_lists[i].kind, out };
		size_t before;

		html_add_element(out, "h2", _(fact_lists[i].title));
		buf_add_text(out, "<ul>\n");
		before = out->len;
		if (facts_each(facts, 0, facts->form->item_count, add_listed,
			&listing, err) < 0)
			return -1;
		if (out->len == before)
			html_add_element(out, "li", _("None."));
		buf_add_text(out, "</ul>\n");
	}
	return 0;
}

/* A line of small print: "name: value". */
static void
add_detail(struct buf *out, const char *name, const char *value)
{
	buf_add_text(out, "<br><span class=\"d\">");
	html_add_text(out, name);
	buf_add_text(out, ": ");
	html_add_text(out, value);
	buf_add_text(out, "</span>");
}

static void
add_branches(
    const struct facts *facts, const struct fact *fact, struct buf *out)
{
	for (size_t i = 0; fact->conflict && i < fact->conflict->count; i++) {
		const struct branch *branch = &fact->conflict->branches[i];
		char *shown = facts_shown(facts, fact->item, branch->value);
		char when[CLOCK_SHOWN_MAX];
		struct buf line = BUF_INIT;

		clock_show(branch->time, facts->lang, when);
		buf_addf(&line, "%s, %s, %s, %s", shown, branch->person,
		    branch->organisation, when);
		add_detail(out, _("Differs"), line.data);
		buf_release(&line);
		free(shown);
	}
}

static void
add_annotation(const struct fact *fact, struct buf *out)
{
	const struct annotation *annotation = &fact->annotation;
	struct buf who = BUF_INIT;

	if (annotation->basis != BASIS_NONE)
		add_detail(out, _("Basis"), basis_title(annotation->basis));
	if (fact->reason[0])
		add_detail(out, _("Reason"), fact->reason);
	if (fact->note[0])
		add_detail(out, _("Note"), fact->note);
	for (size_t i = 0; i < annotation->evidence_count; i++) {
		char hex[HASH_HEX_MAX];

		hash_to_hex(&annotation->evidence[i].digest, hex);
		add_detail(out, _("Evidence"), annotation->evidence[i].name);
		buf_addf(out, " <code>%s</code>", hex);
	}
	if (annotation->device[0]) {
		buf_addf(&who, "%s, %s, %s", annotation->person,
		    annotation->organisation, fact->when);
		add_detail(out, _("By"), who.data);
	}
	buf_release(&who);
}

static int
add_answer(void *arg, const struct fact *fact, struct err *err)
{
	const struct listing *listing = arg;
	struct buf *out = listing->out;

	(void)err;
	buf_addf(
	    out, "<tr%s><td>", fact->annotation.flag ? " class=\"u\"" : "");
	html_add_text(out, fact->label);
	buf_add_text(out, "</td><td class=\"v\"><strong>");
	html_add_text(out, fact->value[0] ? fact->value : _("no answer"));
	buf_add_text(out, "</strong>");
	add_annotation(fact, out);
	add_branches(listing->facts, fact, out);
	buf_add_text(out, "</td></tr>\n");
	return 0;
}

static int
add_answers(const struct facts *facts, struct buf *out, struct err *err)
{
	struct listing listing = { facts, FACT_URGENT, out };
	size_t count;
	const struct section *sections = form_sections(facts->form, &count);

	for (size_t i = 0; i < count; i++) {
		char *title = facts_section_title(facts, &sections[i]);

		html_add_element(out, "h2", title);
		free(title);
		buf_add_text(out, "<table>\n");
		if (facts_each(facts, sections[i].first, sections[i].end,
			add_answer, &listing, err) < 0)
			return -1;
		buf_add_text(out, "</table>\n");
	}
	return 0;
}

static void
add_decision(
    const struct facts *facts, const struct decision *decision, struct buf *out)
{
	const struct item *item = &facts->form->items[decision->item];
	char *shown = facts_shown(facts, item, decision->value);
	char when[CLOCK_SHOWN_MAX];
	struct buf line = BUF_INIT;

	clock_show(decision->time, facts->lang, when);
	buf_addf(&line, "%s: %s", item->path, shown);
	buf_add_text(out, "<li>");
	html_add_text(out, line.data);
	buf_clear(&line);
	buf_addf(&line, "%s, %s, %s: %s", decision->person,
	    decision->organisation, when, decision->reason);
	add_detail(out, _("Decided by"), line.data);
	free(shown);
	for (size_t i = 0; i < decision->count; i++) {
		const struct branch *branch = &decision->branches[i];

		shown = facts_shown(facts, item, branch->value);
		buf_clear(&line);
		buf_addf(&line, "%s, %s: %s", branch->person,
		    branch->organisation, shown);
		add_detail(out, _("Differed"), line.data);
		free(shown);
	}
	buf_add_text(out, "</li>\n");
	buf_release(&line);
}

static void
add_decisions(const struct facts *facts, struct buf *out)
{
	size_t count = 0;
	const struct decision *decisions =
	    inspection_decisions(facts->inspection, &count);

	if (count == 0)
		return;
	html_add_element(out, "h2", _("Decisions on answers that differed"));
	buf_add_text(out, "<ul>\n");
	for (size_t i = 0; i < count; i++)
		add_decision(facts, &decisions[i], out);
	buf_add_text(out, "</ul>\n");
}

static void
add_signature(const struct facts *facts, const struct signature *signature,
    struct buf *out)
{
	char when[CLOCK_SHOWN_MAX];
	struct buf line = BUF_INIT;

	clock_show(signature->time, facts->lang, when);
	buf_addf(&line, "%s, %s, %s%s", signature->person,
	    signature->organisation, when,
	    signature->current ? "" : _(" (changed since)"));
	buf_add_text(out, "<li>");
	html_add_text(out, line.data);
	add_detail(out, _("Control code"), signature->code);
	if (signature->site_name[0]) {
		buf_clear(&line);
		buf_addf(&line, "%s, %s", signature->site_name,
		    signature->site_function);
		add_detail(out, _("For the site"), line.data);
	}
	buf_add_text(out, "</li>\n");
	buf_release(&line);
}

static void
add_signatures(const struct facts *facts, struct buf *out)
{
	size_t count = 0;
	const struct signature *signatures =
	    inspection_signatures(facts->inspection, &count);

	html_add_element(out, "h2", _("Signatures"));
	buf_add_text(out, "<ul>\n");
	if (count == 0)
		html_add_element(out, "li", _("None."));
	for (size_t i = 0; i < count; i++)
		add_signature(facts, &signatures[i], out);
	buf_add_text(out, "</ul>\n");
}

int
report_html(const struct facts *facts, struct buf *out, struct err *err)
{
	add_head(facts, out);
	add_identity(facts, out);
	add_scores(facts, out);
	if (add_lists(facts, out, err) < 0 || add_answers(facts, out, err) < 0)
		return -1;
	add_decisions(facts, out);
	add_signatures(facts, out);
	buf_add_text(out, "</body>\n</html>\n");
	return 0;
}
