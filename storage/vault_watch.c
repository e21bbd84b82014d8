/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/identity.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"
#include "storage/vault_watch.h"
#include "storage/vfs.h"

/*
 * A vault against its anchor.  In this order, so that neither a crash nor a
 * power cut ever looks like another state of the vault that is put back:
 *
 *  (1) An anchor is written only after the commit that it tells of is
 *      durable: it may lag, and is never ahead.
 *  (2) At opening the anchor first says, synced, which instance comes next;
 *      then the header gets it; then the anchor has it as its own.  A header
 *      with either is from here.
 *  (3) Where the anchor that is there cannot be written, the instance stays
 *      as it is: else the next opening would find a vault used elsewhere.
 *  (4) While the vault is held nothing of all this is written.
 */

static bool
is_from_here(const struct anchor_record *record, const uint8_t *instance)
{
	static const uint8_t none[VAULT_INSTANCE_BYTES];

	if (memcmp(record->instance, instance, VAULT_INSTANCE_BYTES) == 0)
		return true;
	return memcmp(record->next, none, sizeof(none)) != 0 &&
	    memcmp(record->next, instance, sizeof(none)) == 0;
}

/* Against a whole anchor. */
static int
compare(struct vault *vault, const struct vault_head *head, struct err *err)
{
	struct vault_notice *notice = &vault->watch->notice;
	const struct anchor_record *record = anchor_last(vault->watch->anchor);
	struct hash hash;
	int found;

	notice->known = record->head.count;
	notice->known_time = record->time;
	if (record->head.count > head->count) {
		notice->finding = VAULT_OLDER;
		notice->missing = record->head.count - head->count;
		return 0;
	}
	found = log_head_at(vault->db, record->head.count, &hash, err);
	if (found < 0)
		return -1;
	if (!found || !hash_equal(&hash, &record->head.hash))
		notice->finding = VAULT_FORKED;
	else if (!is_from_here(record, vfs_header(vault->vfs)->instance) ||
	    (record->flags & ANCHOR_ASK_ELSEWHERE))
		notice->finding = VAULT_USED_ELSEWHERE;
	else if (record->flags & ANCHOR_ASK_DAMAGED)
		notice->finding = VAULT_ANCHOR_DAMAGED;
	if (record->flags) {
		notice->known = record->known_count;
		notice->known_time = record->known_time;
	}
	return 0;
}

static int
against_anchor(
    struct vault *vault, const struct vault_head *head, struct err *err)
{
	struct vault_notice *notice = &vault->watch->notice;

	switch (anchor_found(vault->watch->anchor)) {
	case ANCHOR_WHOLE: return compare(vault, head, err);
	case ANCHOR_RENEWED:
		notice->finding = VAULT_RENEWED;
		notice->known = anchor_last(vault->watch->anchor)->head.count;
		notice->known_time = anchor_last(vault->watch->anchor)->time;
		break;
	case ANCHOR_DAMAGED: notice->finding = VAULT_ANCHOR_DAMAGED; break;
	case ANCHOR_NONE:
		/* Of a vault without events nothing can be missing. */
		if (head->count > 0)
			notice->finding = VAULT_FIRST_HERE;
		break;
	}
	return 0;
}

struct shortage {
	struct vault_notice *notice;
	struct vault_missing last;
};

/* Of several events of one chain, which come together, the last counts. */
static int
add_missing(void *arg, const struct vault_missing *missing, struct err *err)
{
	struct shortage *all = arg;
	const int64_t lacks = missing->seq - missing->held;
	const int64_t before = all->last.seq - all->last.held;
	const bool same = missing->subject[0] && all->notice->short_count > 0 &&
	    strcmp(missing->subject, all->last.subject) == 0;

	(void)err;
	if (!same)
		all->notice->short_count++;
	if (!same || lacks > before) {
		all->notice->missing += (uint64_t)(lacks > 0 ? lacks : 1);
		if (same)
			all->notice->missing -=
			    (uint64_t)(before > 0 ? before : 1);
		all->last = *missing;
	}
	return 0;
}

static int
against_others(struct vault *vault, struct err *err)
{
	struct vault_notice *notice = &vault->watch->notice;
	struct shortage all = { .notice = notice };

	if (notice->finding > VAULT_SHORT)
		return 0;
	if (vault_each_missing(vault, add_missing, &all, err) != 0)
		return -1;
	if (notice->short_count > 0)
		notice->finding = VAULT_SHORT;
	return 0;
}

/* ---- writing ---- */

static uint32_t
flags_of(enum vault_finding finding)
{
	switch (finding) {
	case VAULT_USED_ELSEWHERE: return ANCHOR_ASK_ELSEWHERE;
	case VAULT_ANCHOR_DAMAGED: return ANCHOR_ASK_DAMAGED;
	default: return 0;
	}
}

static int
put(struct watch *watch, const struct anchor_record *record)
{
	if (anchor_put(watch->anchor, record) < 0)
		return -1;
	watch->anchored = record->head;
	return 0;
}

/* Rules (2) and (3); 1 where the anchor could not be written. */
static int
renew(struct vault *vault, struct err *err)
{
	struct watch *watch = vault->watch;
	struct anchor_record record = {
		.flags = flags_of(watch->notice.finding),
		.known_count = watch->notice.known,
		.known_time = watch->notice.known_time,
		.time = clock_now(),
	};
	uint8_t next[VAULT_INSTANCE_BYTES];
	bool kept = false;

	if (log_head(vault->db, &record.head, err) != 0)
		return -1;
	random_bytes(next, sizeof(next));
	if (watch->anchor) {
		const bool was_there =
		    anchor_found(watch->anchor) != ANCHOR_NONE;

		memcpy(record.instance, vfs_header(vault->vfs)->instance,
		    sizeof(next));
		memcpy(record.next, next, sizeof(next));
		/* What a killed process left first: it is the settled one. */
		kept = anchor_sync(watch->anchor) == 0 || !was_there;
		kept = kept && put(watch, &record) == 0 &&
		    anchor_sync(watch->anchor) == 0;
		if (!kept && was_there)
			return 1;
	}
	if (vfs_renew_instance(vault->vfs, next, err) != 0)
		return -1;
	memcpy(record.instance, next, sizeof(next));
	memset(record.next, 0, sizeof(record.next));
	if (kept)
		put(watch, &record);
	return 0;
}

static void
keep_device(struct vault *vault)
{
	const struct identity *self = identity_get(vault);

	snprintf(vault->watch->device, sizeof(vault->watch->device), "%s",
	    self ? self->device : "");
}

int
watch_begin(struct vault *vault, const struct vault_options *options,
    const struct secret *key, struct err *err)
{
	struct watch *watch = xcalloc(1, sizeof(*watch));
	struct vault_head head;

	vault->watch = watch;
	if (!options || !options->is_new_device)
		keep_device(vault);
	if (log_head(vault->db, &head, err) != 0)
		return -1;
	watch->anchored = head;
	if (options && options->state_folder) {
		watch->anchor = anchor_open(
		    options->state_folder, vfs_header(vault->vfs)->id, key);
		watch->notice.anchor = anchor_path(watch->anchor);
		if (against_anchor(vault, &head, err) != 0)
			return -1;
	}
	if (against_others(vault, err) != 0)
		return -1;
	watch->is_held = watch->notice.finding >= VAULT_SHORT;
	return watch->is_held || renew(vault, err) >= 0 ? 0 : -1;
}

void
watch_committed(struct vault *vault, const struct vault_head *head)
{
	struct watch *watch = vault->watch;
	struct anchor_record record;

	if (!watch || !watch->anchor || watch->is_held)
		return;
	if (head->count != watch->anchored.count ||
	    !hash_equal(&head->hash, &watch->anchored.hash)) {
		record = *anchor_last(watch->anchor);
		record.head = *head;
		record.time = clock_now();
		(void)put(watch, &record);
	}
	anchor_tick(watch->anchor);
}

void
watch_end(struct watch *watch)
{
	if (!watch)
		return;
	anchor_close(watch->anchor);
	free(watch);
}

int
watch_check(const struct vault *vault, struct err *err)
{
	if (!vault_is_held(vault))
		return 0;
	return err_set(err, ERR_CONFLICT,
	    _("nothing can be added to this vault: it lacks events that "
	      "exist; take the newest backup, or go on with new device keys"));
}

/* ---- for everybody ---- */

bool
vault_is_held(const struct vault *vault)
{
	return vault->watch && vault->watch->is_held;
}

void
vault_tick(struct vault *vault)
{
	if (vault->watch && vault->watch->anchor && !vault->watch->is_held)
		anchor_tick(vault->watch->anchor);
}

bool
vault_tick_waits(const struct vault *vault)
{
	return vault->watch && vault->watch->anchor &&
	    anchor_is_dirty(vault->watch->anchor);
}

int
vault_accept(struct vault *vault, struct err *err)
{
	struct watch *watch = vault->watch;
	const struct identity *self = identity_get(vault);
	const struct vault_notice before = watch->notice;
	int result;

	if (watch->is_held && self && strcmp(self->device, watch->device) == 0)
		return err_set(err, ERR_CONFLICT,
		    _("this vault lacks events that exist: it can only go on "
		      "with new device keys"));
	watch->notice = (struct vault_notice){ .anchor = before.anchor };
	result = renew(vault, err);
	if (result == 0 && watch->anchor && anchor_sync(watch->anchor) != 0)
		result = 1;
	if (result == 0) {
		watch->is_held = watch->has_last = false;
		keep_device(vault);
		return 0;
	}
	watch->notice = before;
	if (result > 0)
		err_set(err, ERR_IO, "%s", anchor_trouble(watch->anchor));
	return -1;
}
