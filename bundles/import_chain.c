/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/heads.h"
#include "bundles/judge.h"
#include "storage/log.h"
#include "storage/tombstone.h"

/*
 * One member of events: lines in order, all of the chain that the name says,
 * and every one of them led to by a heads statement of its device that is in
 * the same bundle.  So nobody who relays a chain can add to it: not an event
 * of its own after the last one, and not a twin of one that would make the
 * device look as if it had forked.
 */

enum { WHAT_MAX = 128 };

struct chain_reading {
	struct intake *intake;
	const struct manifest_chain *chain;
	struct chain_link *links; /* by seq, then hash */
	bool *covered;
	size_t count, room, covered_count;
	bool own;         /* a chain of this very device */
	int64_t lost_seq; /* the first of it that this vault did not hold */
};

static int
check_event(struct chain_reading *reading, const struct event *event,
    const char *what, struct err *err)
{
	const struct manifest_chain *chain = reading->chain;
	const struct chain_link *last =
	    reading->count ? &reading->links[reading->count - 1] : NULL;

	if (strcmp(event->subject, chain->subject) != 0 ||
	    strcmp(event->device, chain->device) != 0)
		return err_set(
		    err, ERR_FORMAT, _("%s: an event of another chain"), what);
	if (event->seq < chain->first || event->seq > chain->last ||
	    reading->count == (size_t)chain->events)
		return err_set(err, ERR_FORMAT,
		    _("%s: an event that the manifest does not list"), what);
	if (last &&
	    (event->seq < last->seq ||
		(event->seq == last->seq &&
		    hash_compare(&event->hash, &last->hash) <= 0)))
		return err_set(
		    err, ERR_FORMAT, _("%s: an event out of order"), what);
	return 0;
}

static int
keep_event(
    struct chain_reading *reading, const struct event *event, struct err *err)
{
	struct intake *intake = reading->intake;
	const int added = log_insert(intake->vault, event, err);

	if (added < 0)
		return -1;
	if (added && reading->own && reading->lost_seq == 0) {
		const int purged = tombstone_had(intake->vault, event->subject,
		    event->device, event->seq, &event->hash, err);

		if (purged < 0)
			return -1;
		if (purged == 0)
			reading->lost_seq = event->seq;
	}
	intake->summary->events++;
	intake->summary->new_events += (size_t)added;
	mem_grow(&reading->links, &reading->room, reading->count + 1,
	    sizeof(*reading->links));
	reading->links[reading->count++] = (struct chain_link){
		.seq = event->seq, .hash = event->hash, .prev = event->prev
	};
	return 0;
}

static int
read_event(
    void *arg, const char *line, size_t len, size_t number, struct err *err)
{
	struct chain_reading *reading = arg;
	struct event event = { 0 };
	char what[WHAT_MAX];
	int result = -1;

	snprintf(what, sizeof(what), _("events/%s/%s.jsonl, line %zu"),
	    reading->chain->subject, reading->chain->device, number);
	if (event_read(&event, line, len, what, err) < 0)
		return -1;
	if (check_event(reading, &event, what, err) == 0)
		result = keep_event(reading, &event, err);
	event_release(&event);
	return result;
}

/* ---- is all of it led to? ---- */

static size_t
find_link(
    const struct chain_reading *reading, int64_t seq, const struct hash *hash)
{
	size_t low = 0, high = reading->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct chain_link *link = &reading->links[middle];

		if (link->seq < seq ||
		    (link->seq == seq && hash_compare(&link->hash, hash) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low < reading->count && reading->links[low].seq == seq &&
		hash_equal(&reading->links[low].hash, hash)
	    ? low
	    : SIZE_MAX;
}

static void
cover(struct chain_reading *reading, const struct heads_entry *entry)
{
	size_t i = find_link(reading, entry->seq, &entry->head);

	while (i != SIZE_MAX && !reading->covered[i]) {
		const struct chain_link *link = &reading->links[i];

		reading->covered[i] = true;
		reading->covered_count++;
		i = find_link(reading, link->seq - 1, &link->prev);
	}
}

static int
compare_hashes(const void *one, const void *other)
{
	return hash_compare(one, other);
}

/* The last statement mostly covers all: then 1, and no other is asked. */
static int
cover_by(void *arg, const struct heads_entry *entry, struct err *err)
{
	struct chain_reading *reading = arg;
	const struct intake *intake = reading->intake;

	(void)err;
	if (entry->seq > 0 &&
	    bsearch(&entry->statement, intake->heads_seen, intake->heads_count,
		sizeof(*intake->heads_seen), compare_hashes))
		cover(reading, entry);
	return reading->covered_count == reading->count;
}

static int
cover_all(struct chain_reading *reading, struct err *err)
{
	reading->covered = xcalloc(reading->count, sizeof(bool));
	return heads_each_of_chain(reading->intake->vault,
	    reading->chain->device, reading->chain->subject, cover_by, reading,
	    err);
}

static int
check_covered(struct chain_reading *reading, struct err *err)
{
	if (cover_all(reading, err) < 0)
		return -1;
	for (size_t i = 0; i < reading->count; i++)
		if (!reading->covered[i])
			return err_set(err, ERR_AUTH,
			    _("events/%s/%s.jsonl: event %lld is not covered "
			      "by any heads statement of its device in the "
			      "bundle"),
			    reading->chain->subject, reading->chain->device,
			    (long long)reading->links[i].seq);
	return 0;
}

/*
 * Asked only of what a statement covers: that this device once signed it is
 * then proven, and nobody can have a person throw a good vault away by making
 * events up.
 */
static int
check_own(struct chain_reading *reading, struct err *err)
{
	if (reading->lost_seq == 0)
		return 0;
	return err_set(err, ERR_CONFLICT,
	    _("%s brings event %lld of this device on %s, which this "
	      "vault does not hold: it is an older copy, or a copy of "
	      "it was used elsewhere; put the newest backup in its "
	      "place (ronde restore), or go on as another device (ronde "
	      "restore --here)"),
	    reading->intake->name, (long long)reading->lost_seq,
	    reading->chain->subject);
}

static int
check_extent(struct chain_reading *reading, struct err *err)
{
	const struct manifest_chain *chain = reading->chain;

	if (reading->count != (size_t)chain->events ||
	    reading->links[0].seq != chain->first ||
	    reading->links[reading->count - 1].seq != chain->last)
		return err_set(err, ERR_FORMAT,
		    _("events/%s/%s.jsonl: not the events that the manifest "
		      "lists"),
		    chain->subject, chain->device);
	/* A sender holds all of its own chain, once. */
	if (strcmp(chain->device, reading->intake->sender.device) == 0 &&
	    chain->events != chain->last - chain->first + 1)
		return err_set(err, ERR_FORMAT,
		    _("events/%s/%s.jsonl: the sender's own chain has a gap or "
		      "a fork"),
		    chain->subject, chain->device);
	return check_covered(reading, err) < 0 ? -1 : check_own(reading, err);
}

int
intake_chain(struct intake *intake, struct archive_reader *archive,
    const struct manifest_chain *chain, struct hasher *hasher, struct err *err)
{
	const struct identity *self = identity_get(intake->vault);
	struct chain_reading reading = { .intake = intake,
		.chain = chain,
		.own = strcmp(self->device, chain->device) == 0 };
	const struct line_sink sink = { EVENT_LINE_MAX, read_event, &reading };
	int result = -1;

	intake->place = "events";
	if (intake_lines(intake, archive, hasher, &sink, err) == 0)
		result = check_extent(&reading, err);
	intake->summary->chains++;
	free(reading.links);
	free(reading.covered);
	return result;
}
