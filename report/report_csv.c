/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answers as CSV (RFC 4180, UTF-8 with a byte order mark so that
 * spreadsheets read the accents).  A row a question; where answers differ, a
 * row for each of them.  A cell that a spreadsheet would take for a formula
 * gets an apostrophe in front.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/formats.h"

static void
add_cell(struct buf *out, const char *text, bool first)
{
	if (!first)
		buf_add_char(out, ',');
	buf_add_char(out, '"');
	if (*text && strchr("=+-@\t\r", *text))
		buf_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_add_char(out, '"');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

static void
add_row(struct buf *out, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_cell(out, cells[i], i == 0);
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

static void
add_branch_row(const struct sheet *sheet, const struct fact *fact,
    const struct branch *branch)
{
	char *shown = facts_shown(sheet->facts, fact->item, branch->value);
	char when[CLOCK_TEXT_MAX];

	clock_format(branch->time, when);
	const char *const cells[] = { fact->item->path, fact->label,
		branch->value, shown, basis_title(branch->basis),
		branch->flag ? _("yes") : "", branch->note, branch->reason,
		branch->person, branch->organisation, branch->device, when, "",
		_("differs") };

	add_row(sheet->out, cells, ARRAY_LEN(cells));
	free(shown);
}

static int
add_fact(void *arg, const struct fact *fact, struct err *err)
{
	const struct sheet *sheet = arg;
	const struct annotation *annotation = &fact->annotation;
	struct buf names = BUF_INIT;
	char when[CLOCK_TEXT_MAX] = "";

	(void)err;
	if (fact->conflict) {
		for (size_t i = 0; i < fact->conflict->count; i++)
			add_branch_row(
			    sheet, fact, &fact->conflict->branches[i]);
		return 0;
	}
	if (annotation->time)
		clock_format(annotation->time, when);
	add_evidence(&names, annotation);
	const char *const cells[] = { fact->item->path, fact->label,
		state_value(sheet->facts->state, fact->item->index),
		fact->value, basis_title(annotation->basis),
		annotation->flag ? _("yes") : "", fact->note, fact->reason,
		annotation->person, annotation->organisation,
		annotation->device, when, names.data, "" };

	add_row(sheet->out, cells, ARRAY_LEN(cells));
	buf_release(&names);
	return 0;
}

int
report_csv(const struct facts *facts, struct buf *out, struct err *err)
{
	const char *const header[] = { _("path"), _("question"), _("value"),
		_("answer"), _("basis"), _("urgent"), _("note"), _("reason"),
		_("person"), _("organisation"), _("device"), _("time"),
		_("evidence"), _("state") };
	struct sheet sheet = { facts, out };

	buf_add_text(out, "\xef\xbb\xbf");
	add_row(out, header, ARRAY_LEN(header));
	return facts_each(
	    facts, 0, facts->form->item_count, add_fact, &sheet, err);
}
