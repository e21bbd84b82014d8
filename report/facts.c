/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

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

/* Text as it may be shown, lines kept. */
static char *
harmless(const char *text)
{
	struct buf out = BUF_INIT;

	text_show(&out, text, true);
	return buf_detach(&out);
}

static char *
detach_harmless(struct buf *raw)
{
	char *text = harmless(raw->data);

	buf_release(raw);
	return text;
}

void
fact_take(const struct facts *facts, int item, struct fact *fact)
{
	struct buf label = BUF_INIT, value = BUF_INIT;

	*fact = (struct fact){ .item = &facts->form->items[item] };
	inspection_annotation(facts->inspection, item, &fact->annotation);
	fact->conflict = inspection_conflict_at(facts->inspection, item);
	state_add_text(
	    facts->state, item, STATE_LABEL, facts->form_lang, &label);
	state_add_shown(facts->state, item, facts->form_lang, &value);
	fact->label = detach_harmless(&label);
	fact->value = detach_harmless(&value);
	fact->note = harmless(fact->annotation.note);
	fact->reason = harmless(fact->annotation.reason);
	if (fact->annotation.time)
		clock_show(fact->annotation.time, facts->lang, fact->when);
	if (fact->item->type == ITEM_SELECT_ONE) {
		const char *name = state_value(facts->state, item);

		fact->choice =
		    choice_find(fact->item->list, name, strlen(name));
	}
}

void
fact_release(struct fact *fact)
{
	free(fact->label);
	free(fact->value);
	free(fact->note);
	free(fact->reason);
}

int
facts_each(const struct facts *facts, int first, int end,
    int (*each)(void *arg, const struct fact *fact, struct err *err), void *arg,
    struct err *err)
{
	for (int i = first; i < end; i++) {
		struct fact fact;
		int result;

		if (!item_is_question(&facts->form->items[i]) ||
		    !state_is_relevant(facts->state, i))
			continue;
		fact_take(facts, i, &fact);
		result = each(arg, &fact, err);
		fact_release(&fact);
		if (result < 0)
			return -1;
	}
	return 0;
}

static bool
has_polarity(const struct fact *fact, const char *polarity)
{
	return fact->choice && fact->choice->polarity &&
	    strcmp(fact->choice->polarity, polarity) == 0;
}

bool
fact_is(const struct fact *fact, enum fact_kind kind)
{
	switch (kind) {
	case FACT_URGENT: return fact->annotation.flag;
	case FACT_STRENGTH: return has_polarity(fact, "strength");
	case FACT_NEED: return has_polarity(fact, "need");
	case FACT_DIFFERS: return fact->conflict != NULL;
	}
	return false;
}

char *
facts_section_title(const struct facts *facts, const struct section *section)
{
	struct buf title = BUF_INIT;

	if (!section->group)
		return xstrdup(_("Outside of the sections"));
	state_add_text(facts->state, section->group->index, STATE_LABEL,
	    facts->form_lang, &title);
	return detach_harmless(&title);
}

/* Adds the label of one choice of `item`, or its name. */
static void
add_choice(const struct facts *facts, const struct item *item, const char *name,
    size_t len, struct buf *out)
{
	const struct choice *choice = choice_find(item->list, name, len);

	if (choice && choice->label)
		buf_add_text(out,
		    form_text(
			facts->form, choice->label, facts->form_lang, NULL));
	else
		buf_add(out, name, len);
}

char *
facts_shown(
    const struct facts *facts, const struct item *item, const char *value)
{
	struct buf out = BUF_INIT;

	if (!item->list) {
		buf_add_text(&out, value);
	} else if (item->type == ITEM_SELECT_ONE) {
		add_choice(facts, item, value, strlen(value), &out);
	} else {
		for (size_t len; *value; value += len + (value[len] == ' ')) {
			len = strcspn(value, " ");
			if (out.len)
				buf_add_text(&out, ", ");
			add_choice(facts, item, value, len, &out);
		}
	}
	return detach_harmless(&out);
}
