/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/inspection_internal.h"

#include <string.h>

#include "base/mem.h"
#include "storage/log.h"

/* What follows from an event: counts, lists, and taking in one of our own. */

static void
count_slot(struct inspection_info *info, const struct slot *slot)
{
	info->flagged += slot->flagged;
	info->conflicts += slot->conflict;
}

static void
count_items(struct inspection *inspection)
{
	const struct record *record = inspection->record;
	struct inspection_info *info = &inspection->info;

	info->flagged = info->conflicts = 0;
	for (size_t i = 0; i < record->slot_count; i++) {
		const struct slot *slot = record->slots[i];

		if (!inspection->form || !slot->in_rows)
			count_slot(info, slot);
	}
	/* What is in a row that was taken away counts no more. */
	for (size_t i = 0; i < inspection->slot_room; i++) {
		const struct slot *slot = inspection->slots[i];

		if (slot && slot->in_rows)
			count_slot(info, slot);
	}
}

static void
count_idle(struct inspection *inspection)
{
	const struct history *history = &inspection->record->history;
	struct inspection_info *info = &inspection->info;

	info->waiting = info->disputed = 0;
	for (size_t i = 0; i < history->idle_count; i++) {
		const int chain = history->idle[i].chain;

		if (history->chains[chain].judged.status == CHAIN_DISPUTED)
			info->disputed++;
		else
			info->waiting++;
	}
}

static bool
has_answers(const struct record *record)
{
	for (size_t i = 0; i < record->slot_count; i++)
		if (record->slots[i]->alive_count > 0 ||
		    record->slots[i]->evidence_count > 0)
			return true;
	return false;
}

void
inspection_refresh(struct inspection *inspection)
{
	const struct record *record = inspection->record;
	struct inspection_info *info = &inspection->info;
	struct state_counts progress = { 0 };

	if (inspection->form)
		progress = state_progress(
		    inspection->state, 0, inspection->form->item_count);
	info->relevant = progress.relevant;
	info->answered = progress.answered;
	info->invalid = progress.invalid;
	info->required_missing = progress.required_missing;
	info->changed = record->changed;
	info->newer = record->newer;
	count_items(inspection);
	count_idle(inspection);
	if (record_is_signed(record)) {
		if (info->stage < STAGE_SIGNED)
			info->stage = STAGE_SIGNED;
	} else {
		info->stage =
		    has_answers(record) ? STAGE_UNDER_WAY : STAGE_TO_DO;
	}

	arena_free(inspection->derived);
	inspection->derived = arena_new();
	inspection_list_conflicts(inspection);
	inspection_list_decisions(inspection);
	inspection_list_signatures(inspection);
}

bool
inspection_take(struct inspection *inspection, const struct event *event,
    struct slot **slot)
{
	if (!record_add(inspection->record, event, slot))
		return false;
	if (*slot && inspection->form)
		inspection_take_slot(inspection, *slot);
	inspection_refresh(inspection);
	return true;
}

struct taking {
	struct inspection *inspection;
	bool taken;
};

static int
take_written(void *arg, const struct event *event, struct err *err)
{
	struct taking *taking = arg;
	struct slot *slot;
	const int current =
	    history_is_current(&taking->inspection->record->history,
		taking->inspection->vault, event, err);

	if (current < 0)
		return -1;
	taking->taken =
	    current > 0 && inspection_take(taking->inspection, event, &slot);
	return 0;
}

/* What was written is read back from the log, so that memory and disk have
 * it from the same bytes. */
int
inspection_write(struct inspection *inspection, enum kind kind, json_t *body,
    struct err *err)
{
	struct taking taking = { .inspection = inspection };
	const struct record *record = inspection->record;
	const int own = record_own_chain(record);
	const struct identity *self = identity_get(inspection->vault);
	const int64_t last =
	    own < 0 ? 0 : record->history.chains[own].judged.last;
	struct err trouble = { 0 };

	if (log_append(inspection->vault, inspection->id, kind_name(kind), body,
		NULL, err) < 0)
		return -1;
	if (own >= 0 &&
	    log_read_chain(inspection->vault, inspection->id, self->device,
		last + 1, take_written, &taking, &trouble) == 0 &&
	    taking.taken)
		return 0;
	return inspection_reload(inspection, err);
}
