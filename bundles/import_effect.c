/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bundles/judge.h"
#include "bundles/receipt.h"
#include "bundles/roster.h"
#include "storage/log.h"
#include "storage/tombstone.h"
#include "storage/vault.h"

/*
 * What follows from what came in: the roster, judgements and projections of
 * the subjects that are touched, and the receipt.
 */

struct subjects {
	char (*ids)[ID_MAX];
	size_t count, room;
};

static void
add_subject(struct subjects *subjects, const char *id)
{
	/* They come in their order, so twins are neighbours. */
	if (subjects->count > 0 &&
	    strcmp(subjects->ids[subjects->count - 1], id) == 0)
		return;
	mem_grow(&subjects->ids, &subjects->room, subjects->count + 1, ID_MAX);
	memcpy(subjects->ids[subjects->count++], id, strlen(id) + 1);
}

static void
list_inside(const struct intake *intake, struct subjects *subjects)
{
	for (size_t i = 0; i < intake->manifest.chain_count; i++)
		add_subject(subjects, intake->manifest.chains[i].subject);
}

static int
by_id(const void *one, const void *other)
{
	return strcmp(one, other);
}

static bool
is_inside(const struct subjects *subjects, const char *id)
{
	return subjects->count &&
	    bsearch(id, subjects->ids, subjects->count, ID_MAX, by_id);
}

/* ---- subjects that a new heads statement may change ---- */

static int
add_judgement(void *arg, const struct chain *chain, struct err *err)
{
	struct hasher *hasher = arg;
	const int64_t numbers[] = { chain->effective, (int64_t)chain->status };

	(void)err;
	hasher_add(hasher, chain->device, sizeof(chain->device));
	hasher_add(hasher, numbers, sizeof(numbers));
	hasher_add(hasher, chain->head.bytes, HASH_BYTES);
	hasher_add(hasher, chain->reason, strlen(chain->reason) + 1);
	return 0;
}

static int
digest_judgements(struct vault *vault, const char *subject, struct hash *digest,
    struct err *err)
{
	struct hasher hasher;

	hasher_begin(&hasher);
	if (log_chains(vault, subject, add_judgement, &hasher, err) < 0)
		return -1;
	*digest = hasher_end_hash(&hasher);
	return 0;
}

/* What is judged as before need not be projected. */
static int
judge_again(struct vault *vault, const char *subject, struct err *err)
{
	struct hash before, after;

	if (digest_judgements(vault, subject, &before, err) < 0 ||
	    judge_subject(vault, subject, err) < 0 ||
	    digest_judgements(vault, subject, &after, err) < 0)
		return -1;
	return hash_equal(&before, &after)
	    ? 0
	    : projection_run(vault, subject, err);
}

struct hearing {
	struct vault *vault;
	const struct subjects *inside; /* judged already */
};

static int
hear(void *arg, const char *subject, struct err *err)
{
	const struct hearing *hearing = arg;

	return is_inside(hearing->inside, subject)
	    ? 0
	    : judge_again(hearing->vault, subject, err);
}

static int
project(struct intake *intake, const struct subjects *inside, struct err *err)
{
	struct hearing hearing = { intake->vault, inside };
	bool changed = false;

	if (intake->roster_changed &&
	    roster_renew(intake->vault, &changed, err) < 0)
		return -1;
	if (changed)
		return projection_run_all(intake->vault, err);
	if (intake->summary->new_events > 0 || intake->new_statements > 0)
		for (size_t i = 0; i < inside->count; i++)
			if (projection_run(intake->vault, inside->ids[i], err) <
			    0)
				return -1;
	for (size_t i = 0; i < intake->new_heads_count; i++)
		if (judge_heard(intake->vault, intake->new_heads[i].device,
			&intake->new_heads[i].hash, hear, &hearing, err) < 0)
			return -1;
	return 0;
}

/* ---- what was purged here and is back ---- */

static int
settle(struct intake *intake, const char *subject, struct err *err)
{
	struct import_summary *summary = intake->summary;
	int64_t purged;
	const int back = tombstone_settle(intake->vault, subject, &purged, err);

	if (back <= 0)
		return back;
	summary->returned++;
	if (purged > summary->returned_purged)
		summary->returned_purged = purged;
	return log_renew_seen_on(intake->vault, subject, err);
}

/* ---- counting, and the receipt ---- */

static int
by_name(const void *one, const void *other)
{
	const struct manifest_chain *left = one, *right = other;
	const int order = strcmp(left->subject, right->subject);

	return order ? order : strcmp(left->device, right->device);
}

static int
count_chain(void *arg, const struct chain *chain, struct err *err)
{
	struct intake *intake = arg;
	struct manifest_chain key;

	(void)err;
	memcpy(key.subject, chain->subject, sizeof(key.subject));
	memcpy(key.device, chain->device, sizeof(key.device));
	if (!bsearch(&key, intake->manifest.chains,
		intake->manifest.chain_count, sizeof(key), by_name))
		return 0;
	intake->summary->waiting += chain->status == CHAIN_WAITING;
	intake->summary->purged += strcmp(chain->reason, CHAIN_PURGED) == 0;
	intake->summary->disputed += chain->status == CHAIN_DISPUTED;
	return 0;
}

static int
make_receipt(
    struct intake *intake, const struct subjects *inside, struct err *err)
{
	const struct manifest *manifest = &intake->manifest;
	struct hash *files = xcalloc(manifest->file_count, sizeof(*files));
	struct receipt_scope scope = {
		.of = intake->sender.device,
		.statement = manifest->heads,
		.subjects = inside->ids,
		.subject_count = inside->count,
		.files = files,
	};
	int result;

	for (size_t i = 0; i < manifest->file_count; i++)
		if (manifest->files[i].kind == MEMBER_CHECKLIST ||
		    manifest->files[i].kind == MEMBER_BLOB)
			files[scope.file_count++] = manifest->files[i].digest;
	/* A bundle of receipts alone has none, or there would be no end. */
	result = scope.subject_count + scope.file_count == 0
	    ? 0
	    : receipt_make(intake->vault, &scope, err);
	free(files);
	return result;
}

int
intake_effect(struct intake *intake, struct err *err)
{
	struct subjects inside = { 0 };
	int result = -1;

	intake->place = "effect";
	list_inside(intake, &inside);
	intake->summary->subjects = inside.count;
	for (size_t i = 0; i < inside.count; i++)
		if (settle(intake, inside.ids[i], err) < 0)
			goto out;
	if (project(intake, &inside, err) < 0)
		goto out;
	for (size_t i = 0; i < inside.count; i++)
		if (log_chains(intake->vault, inside.ids[i], count_chain,
			intake, err) < 0)
			goto out;
	intake->summary->nothing_new = intake->summary->new_events == 0 &&
	    intake->new_statements == 0 && intake->new_files == 0;
	result =
	    intake->mode == INTAKE_DRY || intake->sender.trust == TRUST_SELF
	    ? 0
	    : make_receipt(intake, &inside, err);
out:
	free(inside.ids);
	return result;
}
