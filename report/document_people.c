/* SPDX-License-Identifier: Apache-2.0 */
/* Who said what, who decided, who signed, and what it all rests on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/formats.h"

void
document_detail(
    const struct document *document, const char *name, const char *value)
{
	struct buf line = BUF_INIT;

	if (!*value)
		return;
	if (*name)
		buf_addf(&line, _("%s: %s"), name, value);
	else
		buf_add_text(&line, value);
	document->layout->detail(document->out, line.data);
	buf_release(&line);
}

static void
add_said(
    const struct document *document, const struct said *said, struct buf *line)
{
	char when[CLOCK_SHOWN_MAX];

	clock_show(said->time, document->facts->lang, when);
	if (said->basis != BASIS_NONE)
		buf_addf(line, "%s · ", basis_title(said->basis));
	buf_addf(line, "%s, %s, %s", said->person, said->organisation, when);
}

void
document_said(
    const struct document *document, const char *name, const struct said *said)
{
	struct buf line = BUF_INIT;

	add_said(document, said, &line);
	document_detail(document, name, line.data);
	buf_release(&line);
}

/* Adds " · Note: ..." where there is one. */
static void
add_remark(struct buf *line, const char *name, const char *text)
{
	if (!*text)
		return;
	buf_add_text(line, " · ");
	buf_addf(line, _("%s: %s"), name, text);
}

static void
add_branch(const struct document *document, const struct item *item,
    const struct branch *branch)
{
	const struct said said = { branch->person, branch->organisation,
		branch->time, branch->basis };
	char *shown = facts_shown(document->facts, item, branch->value);
	struct buf line = BUF_INIT;

	add_said(document, &said, &line);
	add_remark(&line, _("Reason"), branch->reason);
	add_remark(&line, _("Note"), branch->note);
	document_detail(document, shown, line.data);
	buf_release(&line);
	free(shown);
}

void
document_branches(const struct document *document, const struct item *item,
    const struct branch *branches, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_branch(document, item, &branches[i]);
}

static void
add_decision(const struct document *document, const struct decision *decision)
{
	const struct facts *facts = document->facts;
	const struct item *item =
	    &facts->form->items[state_item(facts->state, decision->place)];
	char *shown = facts_shown(facts, item, decision->value);
	const struct said said = { decision->person, decision->organisation,
		decision->time, BASIS_NONE };
	struct buf label = BUF_INIT;

	state_add_crumbs(
	    facts->state, decision->place, facts->form_lang, &label);
	if (label.len > 0)
		buf_add_text(&label, " › ");
	state_add_text(facts->state, decision->place, STATE_LABEL,
	    facts->form_lang, &label);
	document->layout->entry(document->out, label.data, shown, MARK_NONE);
	document_said(document, _("Decided by"), &said);
	document_detail(document, _("Reason"), decision->reason);
	document->layout->detail(document->out, _("The answers were:"));
	document_branches(document, item, decision->branches, decision->count);
	document->layout->entry_end(document->out);
	buf_release(&label);
	free(shown);
}

void
document_decisions(const struct document *document)
{
	size_t count = 0;
	const struct decision *decisions =
	    inspection_decisions(document->facts->inspection, &count);

	if (count == 0)
		return;
	document->layout->heading(
	    document->out, _("Decisions on answers that differed"));
	document->layout->open(document->out, BLOCK_ENTRIES);
	for (size_t i = 0; i < count; i++)
		if (decisions[i].place >= 0)
			add_decision(document, &decisions[i]);
	document->layout->close(document->out, BLOCK_ENTRIES);
}

static void
add_signature(
    const struct document *document, const struct signature *signature)
{
	struct buf line = BUF_INIT;
	char when[CLOCK_SHOWN_MAX];

	clock_show(signature->time, document->facts->lang, when);
	buf_addf(&line, "%s, %s", signature->person, signature->organisation);
	document->layout->entry(document->out, line.data, when,
	    signature->current ? MARK_NONE : MARK_DIFFERS);
	document_detail(document, _("Control code"), signature->code);
	if (!signature->current)
		document->layout->detail(document->out,
		    _("Answers were changed after this signature"));
	if (*signature->site_name) {
		buf_clear(&line);
		buf_addf(&line, "%s, %s", signature->site_name,
		    signature->site_function);
		document_detail(document, _("For the site"), line.data);
	}
	document->layout->entry_end(document->out);
	buf_release(&line);
}

void
document_signatures(const struct document *document)
{
	size_t count = 0;
	const struct signature *signatures =
	    inspection_signatures(document->facts->inspection, &count);

	document->layout->heading(document->out, _("Signatures"));
	document->layout->open(document->out, BLOCK_ENTRIES);
	for (size_t i = 0; i < count; i++)
		add_signature(document, &signatures[i]);
	document->layout->close(document->out, BLOCK_ENTRIES);
	if (count == 0)
		document->layout->paragraph(document->out, _("None."));
}

void
document_method(const struct document *document)
{
	const struct inspection_info *info = document->facts->info;
	const struct layout *layout = document->layout;
	struct buf line = BUF_INIT, *out = document->out;
	char hex[HASH_HEX_MAX];

	layout->heading(out, _("Method and limits"));
	buf_addf(&line,
	    _("Protection is computed by method %s from the weights of the "
	      "checklist. What does not apply is left out. A range stands "
	      "where answers are missing, not observed or differ: from the "
	      "worst to the best that they can mean. Coverage says how many "
	      "of the questions that count have an answer."),
	    SCORE_METHOD);
	layout->paragraph(out, line.data);
	layout->paragraph(out,
	    _("Each answer stands with its author, the time of the author's "
	      "computer and how it was found. Nothing here was verified "
	      "beyond that. This file itself is not signed: its control code "
	      "can be compared with what the program shows for the "
	      "inspection. The code of a signature is of the answers as they "
	      "were when it was given."));
	if (info->waiting > 0 || info->disputed > 0 || info->newer)
		layout->paragraph(out,
		    _("Some records wait, are disputed or need a newer "
		      "version of the program: they are kept and have no "
		      "effect on this report."));
	hash_to_hex(&info->checklist, hex);
	buf_clear(&line);
	buf_addf(&line, _("%s: %s"), _("Checklist identity"), hex);
	layout->paragraph(out, line.data);
	buf_release(&line);
}
