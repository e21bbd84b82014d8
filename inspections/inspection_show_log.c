/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "inspections/inspection_internal.h"

/* Chains, and events without effect, as JSON. */

json_t *
inspection_show_chains(const struct record *record)
{
	static const char *const statuses[] = { [CHAIN_GOOD] = "good",
		[CHAIN_WAITING] = "waiting",
		[CHAIN_DISPUTED] = "disputed" };
	json_t *list = json_array();

	for (size_t i = 0; i < record->history.chain_count; i++) {
		const struct chain *chain = &record->history.chains[i].judged;
		json_t *one;

		if (chain->last == 0)
			continue;
		one = inspection_show_author(record, (int)i);
		json_put_text(one, "status", statuses[chain->status]);
		if (chain->status != CHAIN_GOOD)
			json_put_text(one, "reason", chain->reason);
		json_put_int(one, "effective", chain->effective);
		json_put_int(one, "last", chain->last);
		inspection_put_hash(one, "head", &chain->head);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *
show_event(
    const struct record *record, const struct entry *entry, const char *reason)
{
	json_t *one = json_object();

	json_put_text(
	    one, "device", history_device(&record->history, entry->chain));
	json_put_int(one, "seq", entry->seq);
	json_put_text(one, "kind", entry->kind_name);
	inspection_put_hash(one, "hash", &entry->hash);
	json_put_text(one, "reason", reason);
	return one;
}

/* They are ordered by the log. */
json_t *
inspection_show_idle(const struct record *record, enum chain_status status)
{
	const struct history *history = &record->history;
	json_t *list = json_array();

	for (size_t i = 0; i < history->idle_count; i++) {
		const struct entry *entry = &history->idle[i];
		const struct chain *chain =
		    &history->chains[entry->chain].judged;
		const bool disputed = chain->status == CHAIN_DISPUTED;

		if (disputed == (status == CHAIN_DISPUTED))
			json_array_append_new(
			    list, show_event(record, entry, chain->reason));
	}
	return list;
}

static int
compare_entries(const void *one, const void *other)
{
	const struct entry *const *a = one, *const *b = other;

	if ((*a)->chain != (*b)->chain)
		return (*a)->chain < (*b)->chain ? -1 : 1;
	if ((*a)->seq != (*b)->seq)
		return (*a)->seq < (*b)->seq ? -1 : 1;
	return 0;
}

json_t *
inspection_show_refused(const struct record *record)
{
	const struct history *history = &record->history;
	const struct entry **entries = NULL;
	json_t *list = json_array();
	size_t count = 0;

	for (size_t i = 0; i < history->entry_count; i++) {
		if (!history->entries[i].refused)
			continue;
		entries = xrealloc(entries, count + 1, sizeof(struct entry *));
		entries[count++] = &history->entries[i];
	}
	if (count > 1)
		qsort(entries, count, sizeof(struct entry *), compare_entries);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(
		    list, show_event(record, entries[i], entries[i]->refused));
	free(entries);
	return list;
}
