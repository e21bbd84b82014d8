/* SPDX-License-Identifier: Apache-2.0 */
/* The report as plain text, 78 columns, for a terminal or a printer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "report/formats.h"

enum { TEXT_COLUMNS = 78, INDENT = 4, TITLE_COLUMNS = 44, BAR_COLUMNS = 20 };

static void
add_rule(struct buf *out, char c)
{
	for (int i = 0; i < TEXT_COLUMNS; i++)
		buf_add_char(out, c);
	buf_add_char(out, '\n');
}

static void
add_heading(struct buf *out, const char *title)
{
	buf_addf(out, "\n%s\n", title);
	add_rule(out, '-');
}

/* The bytes of `text` that go on one line of `columns`, cut at a space. */
static size_t
line_length(const char *text, size_t len, size_t columns)
{
	size_t fits = text_fit(text, len, columns), at;

	if (fits == len)
		return len;
	for (at = fits; at > 0 && text[at] != ' '; at--)
		;
	if (at > 0)
		return at;
	return fits > 0 ? fits : len;
}

/* Adds `text` in lines, each after `indent` spaces. */
static void
add_wrapped(struct buf *out, const char *text, int indent)
{
	while (*text) {
		const size_t whole = strcspn(text, "\n");
		size_t len =
		    line_length(text, whole, (size_t)(TEXT_COLUMNS - indent));

		buf_addf(out, "%*s%.*s\n", indent, "", (int)len, text);
		text += len;
		while (*text == ' ' || *text == '\n')
			text++;
	}
}

static void
add_pair(struct buf *out, const char *name, const char *value)
{
	const size_t width = text_width(name, strlen(name));

	if (!*value)
		return;
	buf_addf(out, "%s%*s %s\n", name, width < 24 ? (int)(24 - width) : 0,
	    "", value);
}

static void
add_identity(const struct facts *facts, struct buf *out)
{
	const struct inspection_info *info = facts->info;
	struct buf shown = BUF_INIT;
	char text[128], hex[HASH_HEX_MAX];

	text_show(&shown, info->site_name, false);
	buf_addf(out, "%s\n", shown.data);
	add_rule(out, '=');
	add_pair(out, _("Checklist"), facts->form->title);
	add_pair(out, _("Inspection"), info->id);
	add_pair(out, _("Site"), info->site);
	add_pair(out, _("State"), stage_title(info->stage));
	snprintf(text, sizeof(text), _("%d of %d questions"), info->answered,
	    info->relevant);
	add_pair(out, _("Answered"), text);
	add_pair(out, _("Control code"), facts->code);
	hash_to_hex(&info->checklist, hex);
	add_pair(out, _("Checklist identity"), hex);
	buf_release(&shown);
}

static void
add_bar(struct buf *out, int percent)
{
	for (int i = 0; i < BAR_COLUMNS; i++)
		buf_add_text(out, i * 100 < percent * BAR_COLUMNS ? "█" : "░");
}

static void
add_section_score(
    const struct facts *facts, const struct section *section, struct buf *out)
{
	const struct score score =
	    score_of(facts->inspection, section->first, section->end);
	char *title = facts_section_title(facts, section);
	char text[SCORE_TEXT_MAX];
	const size_t fits = text_fit(title, strlen(title), TITLE_COLUMNS);
	const size_t width = text_width(title, fits);

	if (score.scored) {
		report_score_text(&score, text);
		buf_addf(out, "%.*s%*s ", (int)fits, title,
		    (int)(TITLE_COLUMNS - width), "");
		add_bar(out, score.low);
		buf_addf(
		    out, " %-7s %d/%d\n", text, score.answered, score.relevant);
	}
	free(title);
}

static void
add_scores(const struct facts *facts, struct buf *out)
{
	size_t count;
	const struct section *sections = form_sections(facts->form, &count);

	add_heading(out, _("Protection by section"));
	for (size_t i = 0; i < count; i++)
		add_section_score(facts, &sections[i], out);
	buf_addf(out,
	    _("Method %s. A range stands where answers are missing or differ; "
	      "the last column is coverage.\n"),
	    SCORE_METHOD);
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

	(void)err;
	if (!fact_is(fact, listing->kind))
		return 0;
	buf_add_text(listing->out, "  - ");
	add_wrapped(listing->out, fact->label, 0);
	add_wrapped(listing->out, fact->value, INDENT);
	add_wrapped(listing->out, fact->note, INDENT);
	return 0;
}

static int
add_lists(const struct facts *facts, struct buf *out, struct err *err)
{
	for (size_t i = 0; i < FACT_LIST_COUNT; i++) {
		struct listing listing = { facts, fact_lists[i].kind, out };
		size_t before;

		add_heading(out, _(fact_lists[i].title));
		before = out->len;
		if (facts_each(facts, 0, facts->form->item_count, add_listed,
			&listing, err) < 0)
			return -1;
		if (out->len == before)
			buf_addf(out, "%s\n", _("None."));
	}
	return 0;
}

static void
add_branches(
    const struct facts *facts, const struct fact *fact, struct buf *out)
{
	char when[CLOCK_SHOWN_MAX];

	for (size_t i = 0; fact->conflict && i < fact->conflict->count; i++) {
		const struct branch *branch = &fact->conflict->branches[i];
		char *shown = facts_shown(facts, fact->item, branch->value);

		clock_show(branch->time, facts->lang, when);
		buf_addf(out, "      %s: %s, %s, %s, %s\n", _("Differs"), shown,
		    branch->person, branch->organisation, when);
		free(shown);
	}
}

static void
add_annotation(const struct fact *fact, struct buf *out)
{
	const struct annotation *annotation = &fact->annotation;

	if (annotation->device[0])
		buf_addf(out, "      %s, %s, %s%s%s\n", annotation->person,
		    annotation->organisation, fact->when,
		    annotation->basis != BASIS_NONE ? ", " : "",
		    annotation->basis != BASIS_NONE
			? basis_title(annotation->basis)
			: "");
	if (fact->reason[0])
		buf_addf(out, "      %s: %s\n", _("Reason"), fact->reason);
	if (fact->note[0]) {
		buf_addf(out, "      %s:\n", _("Note"));
		add_wrapped(out, fact->note, 8);
	}
	for (size_t i = 0; i < annotation->evidence_count; i++) {
		char hex[HASH_HEX_MAX];

		hash_to_hex(&annotation->evidence[i].digest, hex);
		buf_addf(out, "      %s: %s\n        %s\n", _("Evidence"),
		    annotation->evidence[i].name, hex);
	}
}

static int
add_answer(void *arg, const struct fact *fact, struct err *err)
{
	const struct listing *listing = arg;

	(void)err;
	add_wrapped(listing->out, fact->label, 2);
	add_wrapped(listing->out, fact->value[0] ? fact->value : _("no answer"),
	    INDENT + 2);
	add_annotation(fact, listing->out);
	add_branches(listing->facts, fact, listing->out);
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

		add_heading(out, title);
		free(title);
		if (facts_each(facts, sections[i].first, sections[i].end,
			add_answer, &listing, err) < 0)
			return -1;
	}
	return 0;
}

static void
add_decisions(const struct facts *facts, struct buf *out)
{
	size_t count = 0;
	const struct decision *decisions =
	    inspection_decisions(facts->inspection, &count);
	char when[CLOCK_SHOWN_MAX];

	if (count > 0)
		add_heading(out, _("Decisions on answers that differed"));
	for (size_t i = 0; i < count; i++) {
		const struct decision *decision = &decisions[i];
		const struct item *item = &facts->form->items[decision->item];
		char *shown = facts_shown(facts, item, decision->value);

		clock_show(decision->time, facts->lang, when);
		buf_addf(out, "  %s: %s\n    %s, %s, %s: %s\n", item->path,
		    shown, decision->person, decision->organisation, when,
		    decision->reason);
		free(shown);
		for (size_t b = 0; b < decision->count; b++) {
			const struct branch *branch = &decision->branches[b];

			shown = facts_shown(facts, item, branch->value);
			buf_addf(out, "    - %s: %s, %s\n", shown,
			    branch->person, branch->organisation);
			free(shown);
		}
	}
}

static void
add_signatures(const struct facts *facts, struct buf *out)
{
	size_t count = 0;
	const struct signature *signatures =
	    inspection_signatures(facts->inspection, &count);
	char when[CLOCK_SHOWN_MAX];

	add_heading(out, _("Signatures"));
	if (count == 0)
		buf_addf(out, "%s\n", _("None."));
	for (size_t i = 0; i < count; i++) {
		const struct signature *signature = &signatures[i];

		clock_show(signature->time, facts->lang, when);
		buf_addf(out, "  %s, %s, %s\n    %s %s%s\n", signature->person,
		    signature->organisation, when, _("Control code"),
		    signature->code,
		    signature->current ? "" : _(" (changed since)"));
		if (signature->site_name[0])
			buf_addf(out, "    %s: %s, %s\n", _("For the site"),
			    signature->site_name, signature->site_function);
	}
}

int
report_text(const struct facts *facts, struct buf *out, struct err *err)
{
	add_identity(facts, out);
	add_scores(facts, out);
	if (add_lists(facts, out, err) < 0 || add_answers(facts, out, err) < 0)
		return -1;
	add_decisions(facts, out);
	add_signatures(facts, out);
	return 0;
}
