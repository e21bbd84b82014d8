/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answers as CSV (UTF-8 with a byte order mark so that
 * spreadsheets read the accents).  A row a question; where answers differ, a
 * row for each of them, and after a decision a row for each that it put
 * aside.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/csv.h"
#include "report/formats.h"

enum { ROW_CELLS = 18 };

/* NULL is an empty cell. */
static void
add_row(struct buf *out, const char *const cells[ROW_CELLS])
{
	for (size_t i = 0; i < ROW_CELLS; i++)
		csv_add_cell(out, cells[i] ? cells[i] : "", i == 0);
	buf_add_text(out, "\r\n");
}

static void
add_evidence(struct buf *names, const struct annotation *annotation)
{
	for (size_t i = 0; i < annotation->evidence_count; i++) {
		char hex[HASH_HEX_MAX];

		hash_to_hex(&annotation->evidence[i].digest, hex);
		buf_addf(names, "%s%s (%s)", i ? "; " : "",
		    annotation->evidence[i].name, hex);
	}
}

struct sheet {
	const struct facts *facts;
	struct buf *out;
};

/* What one person said; `state` is one of the words below. */
static void
add_branch_row(const struct sheet *sheet, const struct fact *fact,
    const struct branch *branch, const char *state)
{
	char *shown = facts_shown(sheet->facts, fact->item, branch->value);
	struct buf path = BUF_INIT;
	char when[CLOCK_TEXT_MAX];

	state_add_path(sheet->facts->state, fact->place, &path);
	clock_format(branch->time, when);
	const char *const cells[ROW_CELLS] = { path.data, fact->label,
		branch->value, shown, state, basis_title(branch->basis),
		branch->flag ? _("yes") : "", branch->note, branch->reason,
		branch->person, branch->organisation, branch->device, when,
		NULL, NULL, fact->item->framework, fact->item->reference,
		fact->rows };

	add_row(sheet->out, cells);
	buf_release(&path);
	free(shown);
}

/* The answer that stands, with the reason of the decision that chose it. */
static void
add_answer_row(const struct sheet *sheet, const struct fact *fact)
{
	const struct annotation *annotation = &fact->annotation;
	const struct decision *decision = fact->decision;
	struct buf names = BUF_INIT, path = BUF_INIT;
	char when[CLOCK_TEXT_MAX] = "";
	const char *state = *fact->value ? _("answered") : _("no answer");

	if (decision)
		state = _("decided");
	if (annotation->time)
		clock_format(annotation->time, when);
	add_evidence(&names, annotation);
	state_add_path(sheet->facts->state, fact->place, &path);
	const char *const cells[ROW_CELLS] = { path.data, fact->label,
		state_value(sheet->facts->state, fact->place), fact->value,
		state,
		annotation->device[0] ? basis_title(annotation->basis) : "",
		annotation->flag ? _("yes") : "", annotation->note,
		annotation->reason, annotation->person,
		annotation->organisation, annotation->device, when, names.data,
		decision ? decision->reason : NULL, fact->item->framework,
		fact->item->reference, fact->rows };

	add_row(sheet->out, cells);
	buf_release(&path);
	buf_release(&names);
}

static int
add_fact(void *arg, const struct fact *fact, struct err *err)
{
	const struct conflict *conflict = fact->conflict;
	const struct decision *decision = fact->decision;
	const struct sheet *sheet = arg;

	(void)err;
	if (!conflict)
		add_answer_row(sheet, fact);
	for (size_t i = 0; conflict && i < conflict->count; i++)
		add_branch_row(
		    sheet, fact, &conflict->branches[i], _("differs"));
	for (size_t i = 0; decision && i < decision->count; i++)
		add_branch_row(sheet, fact, &decision->branches[i],
		    _("before the decision"));
	return 0;
}

int
report_csv(const struct facts *facts, struct buf *out, struct err *err)
{
	const char *const header[ROW_CELLS] = { _("path"), _("question"),
		_("value"), _("answer"), _("state"), _("basis"), _("urgent"),
		_("note"), _("reason"), _("person"), _("organisation"),
		_("device"), _("time"), _("evidence"), _("decision"),
		_("framework"), _("reference"), _("row") };
	struct sheet sheet = { facts, out };

	buf_add_text(out, "\xef\xbb\xbf");
	add_row(out, header);
	return facts_each(
	    facts, 0, facts->form->item_count, add_fact, &sheet, err);
}
