/* SPDX-License-Identifier: Apache-2.0 */
/* The front of a report: which site, who was there, how far they came. */
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "report/formats.h"

enum { COUNT_TEXT_MAX = 256 };

/* Questions that every report puts on its front, by name. */
static const struct {
	const char *name, *title;
} front_questions[] = {
	{ "operator", N_("Operator") },
	{ "sector", N_("Sector") },
	{ "tier", N_("Tier (I to IV)") },
	{ "visit_date", N_("Date of the visit") },
	{ "persons_met", N_("Persons met") },
	{ "areas_seen", N_("Areas seen") },
	{ "areas_not_seen", N_("Areas not seen") },
};

static void
add_pair(const struct document *document, const char *name, const char *value)
{
	if (value && *value)
		document->layout->pair(document->out, name, value);
}

static void
add_count(const struct document *document, const char *name, int count)
{
	char text[COUNT_TEXT_MAX];

	snprintf(text, sizeof(text), "%d", count);
	if (count > 0)
		add_pair(document, name, text);
}

static int
add_team(const struct document *document, struct err *err)
{
	char first[CLOCK_SHOWN_MAX], last[CLOCK_SHOWN_MAX];
	struct buf line = BUF_INIT;
	struct team team;

	if (team_take(document->facts, &team, err) < 0)
		return -1;
	for (size_t i = 0; i < team.count; i++) {
		const struct member *member = &team.members[i];

		buf_clear(&line);
		buf_addf(&line, _("%s, %s; answers: %d; %s"), member->name,
		    member->organisation, member->answers,
		    member->signed_it ? _("has signed") : _("has not signed"));
		add_pair(document, i ? "" : _("Team"), line.data);
	}
	if (team.first) {
		clock_show(team.first, document->facts->lang, first);
		clock_show(team.last, document->facts->lang, last);
		buf_clear(&line);
		buf_addf(&line, _("from %s to %s"), first, last);
		add_pair(document, _("Answers given"), line.data);
	}
	buf_release(&line);
	team_release(&team);
	return 0;
}

static void
add_progress(const struct document *document)
{
	const struct inspection_info *info = document->facts->info;
	char text[COUNT_TEXT_MAX];

	snprintf(text, sizeof(text), _("%d of %d questions"), info->answered,
	    info->relevant);
	document->layout->progress(document->out, _("Answered"), text,
	    info->relevant ? info->answered * 100 / info->relevant : 0);
	add_count(document, _("Immediate attention"), info->flagged);
	add_count(document, _("Answers that differ"), info->conflicts);
	add_count(document, _("Answers not valid"), info->invalid);
	add_count(document, _("Required, missing"), info->required_missing);
	add_count(document, _("Records that wait"), info->waiting);
	add_count(document, _("Records disputed"), info->disputed);
}

int
document_front(const struct document *document, struct err *err)
{
	const struct facts *facts = document->facts;
	const struct inspection_info *info = facts->info;

	document->layout->open(document->out, BLOCK_PAIRS);
	add_pair(document, _("Site"), info->site);
	for (size_t i = 0; i < ARRAY_LEN(front_questions); i++) {
		char *value = facts_named(facts, front_questions[i].name);

		add_pair(document, _(front_questions[i].title), value);
		free(value);
	}
	if (add_team(document, err) < 0)
		return -1;
	add_pair(document, _("Inspection"), info->id);
	add_pair(document, _("Due"), info->due);
	add_pair(document, _("State"), stage_title(info->stage));
	add_progress(document);
	add_pair(document, _("Control code"), facts->code);
	document->layout->close(document->out, BLOCK_PAIRS);
	return 0;
}
