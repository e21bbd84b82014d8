/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bundles/roster.h"
#include "storage/db.h"
#include "storage/vault.h"

/*
 * Which chains a new heads statement may change.  A statement lists every
 * chain of its device and mostly repeats what the one before it said, so all
 * it says is held against what its two neighbours say, and only what does not
 * fit between them is judged anew.
 */

static int64_t
clip(const struct chain *chain, int64_t seq)
{
	return seq < chain->effective ? seq : chain->effective;
}

/*
 * A good chain has effect to its end, so every number up to there that a
 * statement lists names the event that is held, and what the statements list
 * one after another, cut off at that end, never falls.  One more that keeps
 * both so changes nothing.
 */
bool
judge_stays_good(
    const struct chain *chain, const struct heads_around *around, bool is_held)
{
	const int64_t seq = clip(chain, around->now.seq);

	return chain->status == CHAIN_GOOD && chain->effective > 0 && is_held &&
	    clip(chain, around->before.seq) <= seq &&
	    (!around->has_after || seq <= clip(chain, around->after.seq));
}

/* ---- the chains of a device ---- */

struct chain_list {
	struct chain *chains;
	size_t count, room;
};

static int
list_chains(struct vault *vault, const char *device, struct chain_list *list,
    struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT subject, effective, head, status FROM chain"
	    " WHERE device = ?1 ORDER BY subject",
	    err);
	int more;

	if (!query)
		return -1;
	db_bind_text(query, 1, device);
	while ((more = db_step(query, err)) > 0) {
		struct chain *chain;
		const void *head;
		size_t len;

		mem_grow(&list->chains, &list->room, list->count + 1,
		    sizeof(*list->chains));
		chain = &list->chains[list->count++];
		*chain = (struct chain){ .effective = db_int(query, 1),
			.status = (enum chain_status)db_int(query, 3) };
		snprintf(chain->subject, sizeof(chain->subject), "%s",
		    db_text(query, 0));
		snprintf(chain->device, sizeof(chain->device), "%s", device);
		head = db_blob(query, 2, &len);
		if (len == HASH_BYTES)
			memcpy(chain->head.bytes, head, len);
	}
	return more;
}

/* Beyond the end it names what is not held yet, which is no harm. */
static int
find_event(struct vault *vault, const struct chain *chain,
    const struct heads_entry *entry, struct err *err)
{
	if (entry->seq == 0 || entry->seq > chain->effective)
		return 1;
	if (entry->seq == chain->effective)
		return hash_equal(&entry->head, &chain->head);
	return log_has(vault, chain->subject, chain->device, entry->seq,
	    &entry->head, err);
}

static int
stays_good(struct vault *vault, const struct heads_lists *lists,
    const struct chain *chain, struct err *err)
{
	struct heads_around around;
	int held;

	if (chain->status != CHAIN_GOOD)
		return 0;
	heads_lists_find(lists, chain->subject, &around);
	held = find_event(vault, chain, &around.now, err);
	return held < 0 ? -1 : judge_stays_good(chain, &around, held > 0);
}

struct hearing {
	struct vault *vault;
	bool all; /* whatever was said: the device lost its standing */
	int (*each)(void *arg, const char *subject, struct err *err);
	void *arg;
};

static int
judge_list(const struct hearing *hearing, const struct heads_lists *lists,
    const struct chain_list *list, struct err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct chain *chain = &list->chains[i];
		const int stays = hearing->all
		    ? 0
		    : stays_good(hearing->vault, lists, chain, err);

		if (stays < 0 ||
		    (stays == 0 &&
			hearing->each(hearing->arg, chain->subject, err) < 0))
			return -1;
	}
	return 0;
}

int
judge_heard(struct vault *vault, const char *device,
    const struct hash *statement,
    int (*each)(void *arg, const char *subject, struct err *err), void *arg,
    struct err *err)
{
	struct hearing hearing = { .vault = vault, .each = each, .arg = arg };
	struct heads_lists lists = { 0 };
	struct chain_list list = { 0 };
	enum trust trust;
	struct hash cut;
	int result = -1;

	if (roster_standing(vault, device, &trust, &cut, err) < 0)
		return -1;
	if (trust == TRUST_NONE || trust == TRUST_SELF)
		return 0; /* nothing that it says counts; it is not judged */
	hearing.all = trust == TRUST_REVOKED;
	if (list_chains(vault, device, &list, err) == 0 &&
	    heads_lists_load(vault, device, statement, &lists, err) == 0)
		result = judge_list(&hearing, &lists, &list, err);
	heads_lists_release(&lists);
	free(list.chains);
	return result;
}
