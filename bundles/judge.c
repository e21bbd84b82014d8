/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/judge.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bundles/roster.h"
#include "storage/tombstone.h"

/*
 * How far a chain has effect is the least of four numbers:
 *
 *  (1) linked: events 1 to n are held, each names the one before;
 *  (2) undivided: the event before the first that the device made twice,
 *      which shows as two events with one seq, as a link to an event that is
 *      not the one held, or as a statement that lists another;
 *  (3) kept: what the device's later statements still list;
 *  (4) covered: what a statement that counts leads to by the links, or what
 *      this vault wrote itself when it was that device.
 */
struct limits {
	int64_t linked, undivided, kept, covered;
};

#define NO_LIMIT INT64_MAX /* an enumerator is an int */

/* The first link with that seq, or where it would stand. */
static size_t
find_seq(const struct chain_case *judged, int64_t seq)
{
	size_t low = 0, high = judged->link_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (judged->links[middle].seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct chain_link *
find_link(const struct chain_case *judged, int64_t seq, const struct hash *hash)
{
	size_t i = find_seq(judged, seq);

	for (; i < judged->link_count && judged->links[i].seq == seq; i++)
		if (hash_equal(&judged->links[i].hash, hash))
			return &judged->links[i];
	return NULL;
}

static void
limit(int64_t *limited, int64_t to)
{
	if (to < *limited)
		*limited = to;
}

/* Links stand at index seq - 1 as long as each is held just once. */
static void
follow_links(const struct chain_case *judged, struct limits *limits)
{
	const struct chain_link *links = judged->links;
	const size_t count = judged->link_count;
	size_t i;

	for (i = 0; i < count && links[i].seq == (int64_t)i + 1; i++) {
		if (i + 1 < count && links[i + 1].seq == links[i].seq) {
			limit(&limits->undivided, links[i].seq - 1);
			break;
		}
		if (i > 0 && !hash_equal(&links[i].prev, &links[i - 1].hash)) {
			limit(&limits->undivided, links[i - 1].seq - 1);
			break;
		}
	}
	limits->linked = (int64_t)i;
}

static bool
counts(const struct chain_case *judged, const struct heads_entry *entry)
{
	if (judged->trust == TRUST_REVOKED)
		return hash_equal(&entry->statement, &judged->cut);
	return judged->trust == TRUST_YES || judged->trust == TRUST_SELF;
}

/* From a listed head down the links to where the linked part ends. */
static int64_t
covers(const struct chain_case *judged, const struct heads_entry *entry,
    int64_t linked)
{
	const struct chain_link *link =
	    find_link(judged, entry->seq, &entry->head);

	while (link && link->seq > linked)
		link = find_link(judged, link->seq - 1, &link->prev);
	if (!link || link->seq < 1 ||
	    !hash_equal(&judged->links[link->seq - 1].hash, &link->hash))
		return 0;
	return link->seq;
}

static void
hear_statements(const struct chain_case *judged, struct limits *limits)
{
	int64_t most = 0;

	limits->covered = judged->own_until;
	for (size_t i = 0; i < judged->entry_count; i++) {
		const struct heads_entry *entry = &judged->entries[i];
		int64_t covered;

		if (!counts(judged, entry))
			continue;
		if (entry->seq < most)
			limit(&limits->kept, entry->seq);
		else
			most = entry->seq;
		if (entry->seq > 0 && entry->seq <= limits->linked &&
		    !find_link(judged, entry->seq, &entry->head))
			limit(&limits->undivided, entry->seq - 1);
		covered = covers(judged, entry, limits->linked);
		if (covered > limits->covered)
			limits->covered = covered;
	}
}

static bool
is_listed_beyond(const struct chain_case *judged, int64_t effective)
{
	for (size_t i = 0; i < judged->entry_count; i++)
		if (judged->entries[i].seq > effective)
			return true;
	return false;
}

static void
give_reason(const struct chain_case *judged, const struct limits *limits,
    struct chain *chain)
{
	const size_t next = find_seq(judged, chain->effective + 1);
	const bool has_next = next < judged->link_count &&
	    judged->links[next].seq == chain->effective + 1;
	const char *reason = "unsigned";
	bool disputed = false;

	if (judged->trust == TRUST_NONE) {
		reason = "untrusted";
	} else if (limits->undivided <= chain->effective) {
		reason = "fork";
		disputed = true;
	} else if (limits->kept <= chain->effective) {
		reason = "shortened";
		disputed = true;
	} else if (!has_next) {
		reason = "gap";
	} else if (judged->trust == TRUST_REVOKED &&
	    is_listed_beyond(judged, chain->effective)) {
		reason = "revoked";
		disputed = true;
	}
	chain->status = disputed ? CHAIN_DISPUTED : CHAIN_WAITING;
	snprintf(chain->reason, sizeof(chain->reason), "%s", reason);
}

void
judge_chain(const struct chain_case *judged, struct chain *chain)
{
	struct limits limits = { .undivided = NO_LIMIT, .kept = NO_LIMIT };
	int64_t effective;

	follow_links(judged, &limits);
	hear_statements(judged, &limits);
	effective = limits.covered;
	limit(&effective, limits.linked);
	limit(&effective, limits.undivided);
	limit(&effective, limits.kept);
	chain->effective = effective;
	chain->last =
	    judged->link_count ? judged->links[judged->link_count - 1].seq : 0;
	chain->head = effective > 0 ? judged->links[effective - 1].hash
				    : (struct hash){ 0 };
	chain->reason[0] = '\0';
	chain->status = CHAIN_GOOD;
	if (effective < chain->last)
		give_reason(judged, &limits, chain);
}

/* ---- the chains of a vault ---- */

/* What came back of a chain that was purged has effect when all of it is. */
static int
judge_purged(struct vault *vault, struct chain *chain, struct err *err)
{
	chain->effective = 0;
	chain->head = (struct hash){ 0 };
	chain->status = CHAIN_WAITING;
	snprintf(chain->reason, sizeof(chain->reason), "%s", CHAIN_PURGED);
	return log_judge(vault, chain, err);
}

static int
judge_one(struct vault *vault, struct chain *chain, struct err *err)
{
	struct chain_case judged = { 0 };
	struct chain_link *links = NULL;
	struct heads_entry *entries = NULL;
	const struct former_device *former =
	    identity_former(vault, chain->device);
	int result = -1;

	if (roster_standing(
		vault, chain->device, &judged.trust, &judged.cut, err) < 0 ||
	    log_links(vault, chain->subject, chain->device, &links,
		&judged.link_count, err) < 0 ||
	    heads_of_chain(vault, chain->device, chain->subject, &entries,
		&judged.entry_count, err) < 0 ||
	    (former &&
		log_seq_until(vault, chain->subject, chain->device,
		    former->until, &judged.own_until, err) < 0))
		goto out;
	judged.links = links;
	judged.entries = entries;
	judge_chain(&judged, chain);
	result = log_judge(vault, chain, err);
out:
	free(links);
	free(entries);
	return result;
}

struct chain_list {
	struct chain *chains;
	size_t count, room;
};

static int
add_chain(void *arg, const struct chain *chain, struct err *err)
{
	struct chain_list *list = arg;

	(void)err;
	mem_grow(
	    &list->chains, &list->room, list->count + 1, sizeof(*list->chains));
	list->chains[list->count++] = *chain;
	return 0;
}

int
judge_subject(struct vault *vault, const char *subject, struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct chain_list list = { 0 };
	int result = log_chains(vault, subject, add_chain, &list, err);

	for (size_t i = 0; result == 0 && i < list.count; i++) {
		struct chain *chain = &list.chains[i];
		const bool own =
		    self && strcmp(chain->device, self->device) == 0;
		const int open =
		    tombstone_is_open(vault, subject, chain->device, err);

		if (open < 0)
			result = -1;
		else if (open)
			result = judge_purged(vault, chain, err);
		else if (own) /* good as it is held, without a judgement */
			result =
			    log_unjudge(vault, subject, chain->device, err);
		else
			result = judge_one(vault, chain, err);
	}
	free(list.chains);
	return result;
}
