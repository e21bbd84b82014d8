/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "inspections/inspection_internal.h"
#include "inspections/site.h"

/*
 * The whole of an inspection as JSON.  Nothing of the moment is in it: no
 * order or time of arrival, no clock, no language, no zone of this machine.
 */

static void
put_time(json_t *object, const char *key, int64_t when)
{
	const time_t seconds = (time_t)(when / 1000);
	struct tm tm;
	char text[64];

	gmtime_r(&seconds, &tm);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec, (int)(when % 1000));
	json_put_text(object, key, text);
}

void
inspection_put_hash(json_t *object, const char *key, const struct hash *hash)
{
	char hex[HASH_HEX_MAX];

	hash_to_hex(hash, hex);
	json_put_text(object, key, hex);
}

json_t *
inspection_show_author(const struct record *record, int chain)
{
	const struct history_chain *from = &record->history.chains[chain];
	json_t *by = json_object();

	json_put_text(by, "device", from->judged.device);
	if (from->author.known) {
		json_put_text(by, "person", from->author.person);
		json_put_text(by, "name", from->author.name);
		json_put_text(by, "organisation", from->author.organisation);
	}
	return by;
}

/* ---- items ---- */

static void
put_claim(json_t *to, const struct record *record, const struct claim *claim)
{
	json_put_text(to, "value", claim->value);
	json_put_text(to, "basis", basis_code(claim->basis));
	json_put_text(to, "note", claim->note);
	json_put_text(to, "reason", claim->reason);
	json_put_bool(to, "flag", claim->flag);
	json_object_set_new(
	    to, "by", inspection_show_author(record, claim->chain));
	put_time(to, "time", claim->time);
	inspection_put_hash(to, "event", &claim->event);
	if (claim->resolve)
		inspection_put_hash(to, "takes", &claim->take_hash);
}

static json_t *
show_evidence(const struct slot *slot)
{
	json_t *list = json_array();

	for (size_t i = 0; i < slot->evidence_count; i++) {
		const struct evidence *evidence = &slot->evidence[i];
		json_t *one = json_object();

		json_put_text(one, "name", evidence->name);
		inspection_put_hash(one, "blob", &evidence->digest);
		json_put_int(one, "size", (int64_t)evidence->size);
		json_put_text(one, "device", evidence->device);
		put_time(one, "time", evidence->time);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *
show_branches(const struct record *record, const struct slot *slot)
{
	json_t *list = json_array();

	for (size_t i = 0; i < slot->alive_count; i++) {
		json_t *one = json_object();

		put_claim(one, record, slot->alive[i]);
		json_put_bool(one, "used", i == 0);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *
show_slot(
    const struct inspection *inspection, const struct slot *slot, int item)
{
	const struct record *record = inspection->record;
	const struct claim *used = slot_used(slot);
	json_t *one = json_object();

	json_put_text(one, "path", slot->path);
	if (used)
		put_claim(one, record, used);
	if (item >= 0 && inspection->state) {
		json_put_bool(one, "relevant",
		    state_is_relevant(inspection->state, item));
		json_put_bool(
		    one, "valid", state_is_valid(inspection->state, item));
	}
	if (slot->evidence_count > 0)
		json_object_set_new(one, "evidence", show_evidence(slot));
	/* Who said the same stays to be seen, with what stands beside it. */
	if (slot->alive_count > 1)
		json_object_set_new(one, slot->conflict ? "conflict" : "agreed",
		    show_branches(record, slot));
	return one;
}

static bool
has_something(const struct slot *slot)
{
	return slot && (slot->alive_count > 0 || slot->evidence_count > 0);
}

/* In the order of the form; then, by path, what it has no question for. */
static json_t *
show_items(const struct inspection *inspection)
{
	const struct record *record = inspection->record;
	const struct state *state = inspection->state;
	json_t *list = json_array();

	for (int i = state ? state_next(state, -1) : -1; i >= 0;
	     i = state_next(state, i)) {
		const struct slot *slot = inspection_slot_at(inspection, i);

		if (has_something(slot))
			json_array_append_new(
			    list, show_slot(inspection, slot, i));
	}
	for (size_t i = 0; i < record->slot_count; i++) {
		const struct slot *slot = record->slots[i];

		if (has_something(slot) &&
		    inspection_place_at(inspection, slot->path) < 0)
			json_array_append_new(
			    list, show_slot(inspection, slot, -1));
	}
	return list;
}

/* ---- decisions, signatures ---- */

static json_t *
show_decision(const struct record *record, const struct slot *slot, size_t at)
{
	const struct claim *claim = slot->claims[at];
	json_t *one = json_object(), *settles = json_array();
	char hex[HASH_HEX_MAX];

	json_put_text(one, "path", slot->path);
	json_object_set_new(
	    one, "by", inspection_show_author(record, claim->chain));
	put_time(one, "time", claim->time);
	inspection_put_hash(one, "event", &claim->event);
	inspection_put_hash(one, "take", &claim->take_hash);
	json_put_text(one, "value", claim->value);
	json_put_text(one, "reason", claim->why);
	json_put_bool(one, "stands", claim->alive);
	for (size_t i = 0; i < claim->settles_count; i++) {
		hash_to_hex(&claim->settles[i], hex);
		json_array_append_new(settles, json_string(hex));
	}
	json_object_set_new(one, "settles", settles);
	return one;
}

static json_t *
show_decisions(const struct record *record)
{
	json_t *list = json_array();

	for (size_t i = 0; i < record->slot_count; i++)
		for (size_t j = 0; j < record->slots[i]->claim_count; j++)
			if (record->slots[i]->claims[j]->take)
				json_array_append_new(list,
				    show_decision(record, record->slots[i], j));
	return list;
}

static json_t *
show_signatures(const struct record *record)
{
	json_t *list = json_array();

	for (size_t i = 0; i < record->signing_count; i++) {
		const struct signing *signing = &record->signings[i];
		json_t *one = json_object();

		json_object_set_new(
		    one, "by", inspection_show_author(record, signing->chain));
		put_time(one, "time", signing->time);
		json_put_text(one, "code", signing->code);
		json_put_text(one, "site_name", signing->site_name);
		json_put_text(one, "site_function", signing->site_function);
		json_put_bool(one, "current", signing->current);
		inspection_put_hash(one, "event", &signing->event);
		json_array_append_new(list, one);
	}
	return list;
}

/* ---- the head ---- */

static int
show_site(const struct inspection *inspection, json_t *whole, struct err *err)
{
	json_t *one = json_object();
	struct site site;
	const int found =
	    site_find(inspection->vault, inspection->info.site, &site, err);

	json_put_text(one, "id", inspection->info.site);
	if (found > 0) {
		json_put_text(one, "name", site.name);
		json_put_text(one, "sector", site.sector);
		json_put_text(one, "organisation", site.organisation);
		json_put_text(one, "category", site.category);
		site_release(&site);
	}
	json_object_set_new(whole, "site", one);
	return found < 0 ? -1 : 0;
}

static void
show_checklist(const struct inspection *inspection, json_t *whole)
{
	json_t *one = json_object();

	inspection_put_hash(one, "identity", &inspection->info.checklist);
	json_put_bool(one, "held", inspection->form != NULL);
	if (inspection->form) {
		json_put_text(one, "title", inspection->form->title);
		json_put_text(one, "form_id", inspection->form->form_id);
		json_put_text(one, "version", inspection->form->version);
	}
	json_object_set_new(whole, "checklist", one);
}

static void
show_progress(const struct inspection_info *info, json_t *whole)
{
	json_t *one = json_object();

	json_put_int(one, "answered", info->answered);
	json_put_int(one, "relevant", info->relevant);
	json_put_int(one, "invalid", info->invalid);
	json_put_int(one, "required_missing", info->required_missing);
	json_put_int(one, "flagged", info->flagged);
	json_put_int(one, "conflicts", info->conflicts);
	json_object_set_new(whole, "progress", one);
}

static int
show_head(const struct inspection *inspection, json_t *whole, struct err *err)
{
	const struct inspection_info *info = &inspection->info;
	json_t *people = json_array();

	json_put_text(whole, "id", info->id);
	if (show_site(inspection, whole, err) < 0) {
		json_decref(people);
		return -1;
	}
	show_checklist(inspection, whole);
	json_put_text(whole, "stage", stage_code(info->stage));
	show_progress(info, whole);
	for (size_t i = 0; i < info->people_count; i++)
		json_array_append_new(people, json_string(info->people[i]));
	json_object_set_new(whole, "people", people);
	json_put_text(whole, "due", info->due);
	put_time(whole, "changed", info->changed);
	json_put_bool(whole, "newer", info->newer);
	return 0;
}

static int
show(const struct inspection *inspection, json_t *whole, struct err *err)
{
	const struct record *record = inspection->record;

	if (show_head(inspection, whole, err) < 0)
		return -1;
	json_object_set_new(whole, "items", show_items(inspection));
	json_object_set_new(whole, "decisions", show_decisions(record));
	json_object_set_new(whole, "signatures", show_signatures(record));
	json_object_set_new(whole, "chains", inspection_show_chains(record));
	json_object_set_new(
	    whole, "waiting", inspection_show_idle(record, CHAIN_WAITING));
	json_object_set_new(
	    whole, "disputed", inspection_show_idle(record, CHAIN_DISPUTED));
	json_object_set_new(
	    whole, "without_effect", inspection_show_refused(record));
	return 0;
}

/* Read afresh, so that what the form takes for "today" is the time of the
 * last event and not of this moment. */
int
inspection_show_json(
    struct inspection *inspection, struct buf *out, struct err *err)
{
	struct inspection *fresh = inspection_build(
	    inspection->vault, inspection->id, WHEN_LAST_EVENT, err);
	json_t *whole;
	int result = -1;

	if (!fresh)
		return -1;
	whole = json_object();
	if (inspection_complete_info(fresh->vault, &fresh->info, err) == 0 &&
	    show(fresh, whole, err) == 0) {
		json_write(out, whole, 2);
		buf_add_char(out, '\n');
		result = buf_check(out, _("the inspection as JSON"), err);
	}
	json_decref(whole);
	inspection_close(fresh);
	return result;
}
