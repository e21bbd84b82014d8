/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/record.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"

/* Which mission or opening decides site and checklist, and who goes. */

enum { PEOPLE_MAX = 1000 };

bool
record_is_base(const struct entry *entry)
{
	return !entry->refused &&
	    (entry->kind == KIND_MISSION || entry->kind == KIND_OPEN);
}

static bool
read_base(struct entry *entry, const char **site, struct hash *checklist)
{
	*site = json_opt_text(entry->body, "site");
	if (*site && id_is(ID_SITE, *site) &&
	    record_read_hash(entry->body, "checklist", checklist))
		return true;
	entry->refused = refused_malformed;
	return false;
}

/* The first: seen by those that came after it; else by the fixed rule. */
static struct entry *
find_base(struct record *record)
{
	const struct history *history = &record->history;
	struct entry *base = NULL;

	for (size_t i = 0; i < history->entry_count; i++) {
		struct entry *entry = &history->entries[i];
		struct hash checklist;
		const char *site;
		bool first;

		if (!record_is_base(entry) ||
		    !read_base(entry, &site, &checklist))
			continue;
		first = !base || history_compare(history, entry, base) < 0;
		if (base &&
		    history_saw(history, entry->chain, entry->seq, base->chain,
			base->seq))
			first = false;
		if (base &&
		    history_saw(history, base->chain, base->seq, entry->chain,
			entry->seq))
			first = true;
		if (first)
			base = entry;
	}
	return base;
}

static void
read_mission(struct record *record, const struct entry *mission)
{
	const json_t *to = json_object_get(mission->body, "to");
	size_t count = json_array_size(to);

	record->due = record_keep_text(record, mission->body, "due");
	if (!clock_is_date(record->due))
		record->due = "";
	if (count > PEOPLE_MAX)
		count = PEOPLE_MAX;
	record->people =
	    arena_alloc(record->arena, (count + 1) * sizeof(char *));
	record->people_count = 0;
	for (size_t i = 0; i < count; i++) {
		const char *person = json_string_value(json_array_get(to, i));

		if (person && id_is(ID_PERSON, person))
			record->people[record->people_count++] =
			    arena_strdup(record->arena, person);
	}
}

static bool
mission_is_later(const struct history *history, const struct entry *one,
    const struct entry *other)
{
	if (history_saw(
		history, one->chain, one->seq, other->chain, other->seq))
		return true;
	if (history_saw(
		history, other->chain, other->seq, one->chain, one->seq))
		return false;
	return history_compare(history, one, other) > 0;
}

/* What disagrees with the base is shown and has no effect; of missions that
 * agree with it the last says for whom and until when. */
void
record_settle_base(struct record *record)
{
	const struct entry *base = find_base(record), *last = NULL;
	const char *site;

	if (!base)
		return;
	record_read_hash(base->body, "checklist", &record->checklist);
	site = json_opt_text(base->body, "site");
	memcpy(record->site, site, strlen(site) + 1);

	for (size_t i = 0; i < record->history.entry_count; i++) {
		struct entry *entry = &record->history.entries[i];
		struct hash checklist;

		if (!record_is_base(entry) ||
		    !read_base(entry, &site, &checklist))
			continue;
		if (strcmp(site, record->site) != 0 ||
		    !hash_equal(&checklist, &record->checklist)) {
			entry->refused = refused_base;
			continue;
		}
		if (entry->kind == KIND_MISSION &&
		    (!last || mission_is_later(&record->history, entry, last)))
			last = entry;
	}
	if (last)
		read_mission(record, last);
}
