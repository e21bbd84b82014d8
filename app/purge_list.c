/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "app/purge_plan.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/tombstone.h"

/* What was purged: here, by the tombstones; elsewhere, by what devices said. */

struct listing {
	struct vault *vault;
	json_t *here, *elsewhere; /* NULL: shown as text */
	size_t shown;
	bool headed;
	char subject[ID_MAX]; /* of the last tombstone shown, and its purge */
	struct hash said;
};

/* ---- here ---- */

static json_t *
json_of_stone(const struct tombstone *stone)
{
	json_t *json = json_object();
	char hex[HASH_HEX_MAX], time[CLOCK_TEXT_MAX];

	json_put_text(json, "subject", stone->subject);
	json_put_text(json, "device", stone->device);
	json_put_int(json, "last", stone->seq);
	hash_to_hex(&stone->head, hex);
	json_put_text(json, "head", hex);
	json_put_int(json, "events", stone->events);
	hash_to_hex(&stone->receipt, hex);
	json_object_set_new(json, "receipt",
	    hash_is_zero(&stone->receipt) ? json_null() : json_string(hex));
	json_put_text(json, "holder", stone->holder);
	json_put_text(json, "reason", stone->reason);
	clock_format(stone->time, time);
	json_put_text(json, "time", time);
	clock_format(stone->ended, time);
	json_object_set_new(
	    json, "back_since", stone->ended ? json_string(time) : json_null());
	return json;
}

static void
show_receipt(const struct tombstone *stone)
{
	char hex[HASH_HEX_MAX];

	hash_to_hex(&stone->receipt, hex);
	if (hash_is_zero(&stone->receipt))
		cli_print(_("  without a receipt: %s\n"), stone->reason);
	else
		cli_print(_("  receipt %.16s of %s\n"), hex, stone->holder);
}

static int
show_stone(void *arg, const struct tombstone *stone, struct err *err)
{
	struct listing *listing = arg;
	char when[CLOCK_SHOWN_MAX], back[CLOCK_SHOWN_MAX];

	(void)err;
	listing->shown++;
	if (listing->here) {
		json_array_append_new(listing->here, json_of_stone(stone));
		return 0;
	}
	if (strcmp(listing->subject, stone->subject) != 0 ||
	    !hash_equal(&listing->said, &stone->said)) {
		clock_show(stone->time, i18n_lang(), when);
		clock_show(stone->ended, i18n_lang(), back);
		if (stone->ended)
			cli_print(_("%s, purged %s, back since %s\n"),
			    stone->subject, when, back);
		else
			cli_print(_("%s, purged %s\n"), stone->subject, when);
		show_receipt(stone);
		memcpy(listing->subject, stone->subject, ID_MAX);
		listing->said = stone->said;
	}
	cli_print(_("  %s: %lld events, the last %lld\n"), stone->device,
	    (long long)stone->events, (long long)stone->seq);
	return 0;
}

/* ---- elsewhere ---- */

static long long
count_events(const json_t *body)
{
	const json_t *chains = json_object_get(body, "chains");
	const json_t *chain;
	long long events = 0;
	size_t i;

	json_array_foreach(chains, i, chain) events +=
	    json_integer_value(json_array_get(chain, 3));
	return events;
}

static void
show_saying(const struct listing *listing, const struct event *event)
{
	const char *subject = json_opt_text(event->body, "subject");
	const char *reason = json_opt_text(event->body, "reason");
	const char *receipt = json_opt_text(event->body, "receipt");
	struct roster_entry entry = { 0 };
	struct err ignored = { 0 };
	char when[CLOCK_SHOWN_MAX];

	clock_show(event->time, i18n_lang(), when);
	roster_find(listing->vault, event->device, &entry, &ignored);
	cli_print(_("%s, purged %s by %s (%s): %lld events\n"),
	    subject ? subject : "?", when,
	    entry.name ? entry.name : _("unknown"), event->device,
	    count_events(event->body));
	if (receipt)
		cli_print(_("  receipt %.16s\n"), receipt);
	else
		cli_print(_("  WITHOUT A RECEIPT: %s\n"), reason ? reason : "");
	roster_entry_release(&entry);
}

static int
take_saying(void *arg, const struct event *event, struct err *err)
{
	struct listing *listing = arg;
	char time[CLOCK_TEXT_MAX];
	json_t *json;

	(void)err;
	if (strcmp(event->kind, PURGE_KIND) != 0)
		return 0;
	listing->shown++;
	if (listing->elsewhere) {
		json = json_deep_copy(event->body);
		json_put_text(json, "device", event->device);
		clock_format(event->time, time);
		json_put_text(json, "time", time);
		json_array_append_new(listing->elsewhere, json);
		return 0;
	}
	if (!listing->headed)
		puts(_("Other devices have said:"));
	listing->headed = true;
	show_saying(listing, event);
	return 0;
}

/* A device tells of its own purges on itself as the subject. */
static int
ask_device(void *arg, const char *subject, struct err *err)
{
	struct listing *listing = arg;
	const struct identity *self = identity_get(listing->vault);

	if (subject[0] != ID_DEVICE ||
	    (self && strcmp(self->device, subject) == 0))
		return 0;
	return log_read(
	    listing->vault, subject, LOG_EFFECTIVE, take_saying, listing, err);
}

int
purge_list_show(struct vault *vault, bool json, struct err *err)
{
	struct listing listing = { .vault = vault };
	int result = -1;

	if (json) {
		listing.here = json_array();
		listing.elsewhere = json_array();
	}
	if (tombstone_each(vault, NULL, show_stone, &listing, err) == 0 &&
	    log_subjects(vault, ask_device, &listing, err) == 0)
		result = 0;
	if (!json && result == 0 && listing.shown == 0)
		puts(_("Nothing was purged."));
	if (json && result == 0) {
		cli_print_json(json_pack("{s:o, s:o}", "here", listing.here,
		    "elsewhere", listing.elsewhere));
		return 0;
	}
	json_decref(listing.here);
	json_decref(listing.elsewhere);
	return result;
}
