/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/history.h"

#include <string.h>

/* Is what was read still what the log holds? */

struct comparing {
	const struct history *history;
	struct vault *vault;
	const struct event *event;
	size_t at;
	bool same;
};

static bool
chain_is_same(const struct chain *now, const struct chain *then, bool one_more)
{
	if (one_more)
		return now->last == then->last + 1 &&
		    now->effective == then->effective + 1;
	return now->last == then->last && now->effective == then->effective &&
	    now->status == then->status && hash_equal(&now->head, &then->head);
}

/* The log, which comes to `device` next ("" at its end), does not list a chain
 * of ours that is still empty. */
static void
skip_empty(struct comparing *comparing, const char *device)
{
	const struct history *history = comparing->history;

	if (comparing->at < history->chain_count &&
	    history->chains[comparing->at].judged.last == 0 &&
	    strcmp(history->chains[comparing->at].judged.device, device) != 0)
		comparing->at++;
}

static int
compare_chain(void *arg, const struct chain *now, struct err *err)
{
	struct comparing *comparing = arg;
	const struct history_chain *then;
	struct author author;

	skip_empty(comparing, now->device);
	if (!comparing->same)
		return 0;
	if (comparing->at >= comparing->history->chain_count) {
		comparing->same = false;
		return 0;
	}
	then = &comparing->history->chains[comparing->at++];
	comparing->same = strcmp(now->device, then->judged.device) == 0 &&
	    chain_is_same(now, &then->judged,
		comparing->event &&
		    strcmp(comparing->event->device, now->device) == 0);
	if (!comparing->same)
		return 0;

	if (author_find(comparing->vault, now->device, &author, err) < 0)
		return -1;
	comparing->same = author.known == then->author.known &&
	    author.role == then->author.role &&
	    strcmp(author.name, then->author.name) == 0 &&
	    strcmp(author.organisation, then->author.organisation) == 0;
	author_release(&author);
	return 0;
}

static bool
has_idle(const struct history *history)
{
	for (size_t i = 0; i < history->chain_count; i++)
		if (history->chains[i].judged.status != CHAIN_GOOD)
			return true;
	return history->idle_count > 0;
}

/* Has nothing but our own events come since, of which this is the next? */
static bool
follows(const struct history *history, struct vault *vault,
    const struct event *event)
{
	if (history->version != log_version(vault))
		return false;
	for (size_t i = 0; i < history->chain_count; i++) {
		const struct history_chain *chain = &history->chains[i];

		if (chain->own &&
		    strcmp(chain->judged.device, event->device) == 0)
			return chain->judged.last + 1 == event->seq &&
			    chain->judged.effective + 1 == event->seq;
	}
	return false;
}

/* Branches of a fork do not show in the chains, so what is idle is always
 * read again: it is rare, and being wrong about it is worse than slow. */
int
history_is_current(const struct history *history, struct vault *vault,
    const struct event *event, struct err *err)
{
	struct comparing comparing = {
		.history = history, .vault = vault, .event = event, .same = true
	};
	const char *subject;

	if (has_idle(history) || history->chain_count == 0)
		return 0;
	if (event && follows(history, vault, event))
		return 1;
	subject = history->chains[0].judged.subject;
	if (log_chains(vault, subject, compare_chain, &comparing, err) < 0)
		return -1;
	skip_empty(&comparing, "");
	return comparing.same && comparing.at == history->chain_count;
}
