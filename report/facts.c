/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

int
facts_take(struct facts *facts, struct inspection *inspection, enum lang lang,
    struct err *err)
{
	*facts = (struct facts){
		.inspection = inspection,
		.info = inspection_info(inspection),
		.form = inspection_form(inspection),
		.state = inspection_state(inspection),
		.lang = lang,
	};
	facts->form_lang = form_lang(facts->form, lang);
	return inspection_control_code(inspection, facts->code, err);
}

/* The decision that gave `item` the answer of that time; NULL for none. */
static const struct decision *
decision_at(const struct facts *facts, int place, int64_t time)
{
	size_t count = 0;
	const struct decision *decisions =
	    inspection_decisions(facts->inspection, &count);

	for (size_t i = 0; i < count; i++)
		if (decisions[i].place == place && decisions[i].time == time)
			return &decisions[i];
	return NULL;
}

void
fact_take(const struct facts *facts, int place, struct fact *fact)
{
	struct buf label = BUF_INIT, value = BUF_INIT, rows = BUF_INIT;
	const int item = state_item(facts->state, place);

	*fact =
	    (struct fact){ .item = &facts->form->items[item], .place = place };
	inspection_annotation(facts->inspection, place, &fact->annotation);
	fact->conflict = inspection_conflict_at(facts->inspection, place);
	if (!fact->conflict)
		fact->decision =
		    decision_at(facts, place, fact->annotation.time);
	state_add_text(
	    facts->state, place, STATE_LABEL, facts->form_lang, &label);
	state_add_shown(facts->state, place, facts->form_lang, &value);
	state_add_crumbs(facts->state, place, facts->form_lang, &rows);
	fact->label = buf_detach(&label);
	fact->value = buf_detach(&value);
	fact->rows = buf_detach(&rows);
	if (fact->item->type == ITEM_SELECT_ONE) {
		const char *name = state_value(facts->state, place);

		fact->choice =
		    choice_find(fact->item->list, name, strlen(name));
	}
}

void
fact_release(struct fact *fact)
{
	free(fact->label);
	free(fact->value);
	free(fact->rows);
}

char *
fact_title(const struct fact *fact)
{
	return *fact->rows ? xasprintf("%s › %s", fact->rows, fact->label)
			   : xstrdup(fact->label);
}

/* A calculation is for logic; one with a label is for people too. */
static bool
is_reported(const struct facts *facts, int place)
{
	const struct item *at =
	    &facts->form->items[state_item(facts->state, place)];

	if (!state_is_relevant(facts->state, place))
		return false;
	if (at->type == ITEM_CALCULATE)
		return at->label && *state_value(facts->state, place);
	return item_is_question(at);
}

int
facts_each(const struct facts *facts, int first, int end,
    int (*each)(void *arg, const struct fact *fact, struct err *err), void *arg,
    struct err *err)
{
	for (int i = first < end ? first : -1;
	     i >= 0 && state_item(facts->state, i) < end;
	     i = state_next(facts->state, i)) {
		struct fact fact;
		int result;

		if (!is_reported(facts, i))
			continue;
		fact_take(facts, i, &fact);
		result = each(arg, &fact, err);
		fact_release(&fact);
		if (result < 0)
			return -1;
	}
	return 0;
}

/* What is still disputed is neither a strength nor a need. */
static bool
has_polarity(const struct fact *fact, const char *polarity)
{
	return !fact->conflict && fact->choice && fact->choice->polarity &&
	    strcmp(fact->choice->polarity, polarity) == 0;
}

/* Flagged by one of those who answered is flagged. */
static bool
is_urgent(const struct fact *fact)
{
	bool urgent = fact->annotation.flag;

	for (size_t i = 0; fact->conflict && i < fact->conflict->count; i++)
		urgent = urgent || fact->conflict->branches[i].flag;
	return urgent;
}

bool
fact_is(const struct fact *fact, enum fact_kind kind)
{
	switch (kind) {
	case FACT_URGENT: return is_urgent(fact);
	case FACT_DIFFERS: return fact->conflict != NULL;
	case FACT_STRENGTH: return has_polarity(fact, "strength");
	case FACT_NEED: return has_polarity(fact, "need");
	}
	return false;
}

bool
fact_is_answered(const struct fact *fact)
{
	return *fact->value || fact->conflict || is_urgent(fact) ||
	    *fact->annotation.note || *fact->annotation.reason ||
	    fact->annotation.evidence_count > 0;
}

char *
facts_section_title(const struct facts *facts, const struct section *section)
{
	struct buf title = BUF_INIT;

	if (!section->group)
		return xstrdup(_("Outside of the sections"));
	state_add_text(facts->state, section->group->index, STATE_LABEL,
	    facts->form_lang, &title);
	return buf_detach(&title);
}

char *
facts_shown(
    const struct facts *facts, const struct item *item, const char *value)
{
	struct buf out = BUF_INIT;

	if (*value)
		form_add_shown(
		    facts->form, item, value, facts->form_lang, &out);
	else
		buf_add_text(&out, _("no answer"));
	return buf_detach(&out);
}

/* The value of a fact, or all that stand against each other. */
static char *
all_values(const struct facts *facts, const struct fact *fact)
{
	struct buf all = BUF_INIT;

	if (!fact->conflict)
		return xstrdup(fact->value);
	for (size_t i = 0; i < fact->conflict->count; i++) {
		char *shown = facts_shown(
		    facts, fact->item, fact->conflict->branches[i].value);

		buf_addf(&all, "%s%s", i ? " / " : "", shown);
		free(shown);
	}
	return buf_detach(&all);
}

char *
facts_named(const struct facts *facts, const char *name)
{
	char *value = NULL;

	/* Outside of rows: inside there is no one answer. */
	for (int i = 0; i < facts->form->item_count && !value; i++) {
		struct fact fact;

		if (strcmp(facts->form->items[i].name, name) != 0 ||
		    item_has_members(&facts->form->items[i]) ||
		    !state_is_relevant(facts->state, i))
			continue;
		fact_take(facts, i, &fact);
		value = all_values(facts, &fact);
		fact_release(&fact);
	}
	return value;
}
