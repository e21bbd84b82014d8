/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inspections/inspection_internal.h"

/* What was answered, in turn: the claims of all questions, by time. */

struct step {
	const struct slot *slot;
	const struct claim *claim;
	size_t turn; /* among all, so that sorting is stable */
};

static int
compare_steps(const void *one, const void *other)
{
	const struct step *a = one, *b = other;

	if (a->claim->time != b->claim->time)
		return a->claim->time < b->claim->time ? -1 : 1;
	return a->turn < b->turn ? -1 : 1;
}

static struct step *
collect(const struct record *record, size_t *count)
{
	struct step *steps = NULL;
	size_t room = 0;

	*count = 0;
	for (size_t i = 0; i < record->slot_count; i++) {
		const struct slot *slot = record->slots[i];

		for (size_t n = 0; n < slot->claim_count; n++) {
			mem_grow(&steps, &room, *count + 1, sizeof(*steps));
			steps[*count] =
			    (struct step){ slot, slot->claims[n], *count };
			++*count;
		}
	}
	if (*count > 0)
		qsort(steps, *count, sizeof(*steps), compare_steps);
	return steps;
}

/* The value that was there before the step at `at`. */
static const char *
value_before(const struct step *steps, size_t at)
{
	for (size_t i = at; i > 0; i--)
		if (steps[i - 1].slot == steps[at].slot)
			return steps[i - 1].claim->value;
	return "";
}

static const char *
name_of(const struct record *record, int chain)
{
	const struct history_chain *from = &record->history.chains[chain];

	return from->author.known ? from->author.name : from->judged.device;
}

int
inspection_trail(const struct inspection *inspection,
    int (*each)(void *arg, const struct trail_step *step, struct err *err),
    void *arg, struct err *err)
{
	const struct record *record = inspection->record;
	size_t count;
	struct step *steps = collect(record, &count);
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		const struct claim *claim = steps[i].claim;
		const struct trail_step step = { .path = steps[i].slot->path,
			.place = inspection_place_at(
			    inspection, steps[i].slot->path),
			.before = value_before(steps, i),
			.value = claim->value,
			.person = name_of(record, claim->chain),
			.time = claim->time };

		result = each(arg, &step, err);
	}
	free(steps);
	return result;
}

unsigned
inspection_edition(const struct inspection *inspection)
{
	const struct history *history = &inspection->record->history;
	unsigned edition = 0;

	for (size_t i = 0; i < history->entry_count; i++)
		edition += history->entries[i].kind == KIND_REOPEN;
	return edition;
}
