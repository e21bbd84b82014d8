/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_header.h"
#include "storage/vfs_internal.h"
#include "tests/torture/history.h"
#include "tests/torture/torture.h"

/*
 * One to eight bits of one byte turn over, in a page, in the log, in a copy of
 * the header.  The vault refuses, naming damage, or has everything all the
 * same; wrong data never.  Only the end of a log may be missing without a
 * word where it cannot be told from what a power cut tears.
 */
enum { FLIPS_PER_HISTORY = 2000 };

struct flip {
	const struct torture_plan *plan;
	struct figures *figures;
	struct history history;
	struct memdisk *image;
	uint64_t random;
	long may_lose; /* transactions, at the end of the log */
	size_t at;
	const char *where;
};

static size_t
chance(struct flip *flip, size_t below)
{
	return (size_t)(random_next(&flip->random) % below);
}

/*
 * The last transaction has one event and so has the one before it, which ends
 * with the frame before `last_at`: without its commit mark and its nonce the
 * two look like one.
 */
static long
may_lose(const struct history *history, size_t at)
{
	const size_t commit = history->last_at - FRAME_BYTES;
	const size_t nonce = commit + FRAME_HEADER_BYTES + PAGE_CLEAR_BYTES;

	if (at >= history->last_at)
		return 1;
	if ((at >= commit + 4 && at < commit + 8) ||
	    (at >= nonce && at < nonce + AEAD_NONCE_BYTES))
		return 2;
	return 0;
}

/* Any byte; the headers of the file, the log and frames more than others. */
static void
choose(struct flip *flip)
{
	const bool killed = chance(flip, 3) > 0;
	const bool in_log = killed && chance(flip, 2) > 0;
	struct memfile *file;

	memdisk_copy(
	    flip->image, killed ? flip->history.killed : flip->history.closed);
	file = memdisk_file(flip->image, in_log ? MEMVAULT_WAL : MEMVAULT_PATH);
	flip->at = chance(flip, file->size);
	if (in_log && flip->at < WAL_HEADER_BYTES)
		flip->at = WAL_HEADER_BYTES;
	if (in_log && chance(flip, 8) == 0)
		flip->at = chance(flip, WAL_HEADER_BYTES);
	else if (in_log && chance(flip, 8) == 0)
		flip->at -= (flip->at - WAL_HEADER_BYTES) % FRAME_BYTES -
		    chance(flip, FRAME_HEADER_BYTES);
	else if (!in_log && chance(flip, 3) == 0)
		flip->at = chance(flip, VAULT_HEADER_BYTES);
	flip->may_lose = in_log ? may_lose(&flip->history, flip->at) : 0;
	flip->where = in_log                ? "flip_log"
	    : flip->at < VAULT_HEADER_BYTES ? "flip_header"
					    : "flip_pages";
	file->data[flip->at] ^= (uint8_t)(1 + chance(flip, 255));
}

static void
report(struct flip *flip, const char *what, long events, const struct err *err)
{
	figure_fail(flip->figures, "seed %llu, %s, byte %zu: %s (%ld): %s",
	    (unsigned long long)flip->plan->seed, flip->where, flip->at, what,
	    events, err->msg);
}

static void
judge(struct flip *flip, long events, const struct err *err)
{
	if (events == flip->history.all) {
		figure_add(flip->figures, "flip_no_harm", 1);
	} else if (events >= 0) {
		if (events == flip->history.all - flip->may_lose)
			figure_add(flip->figures, "flip_last_torn", 1);
		else
			report(flip, "lost without a word", events, err);
	} else if (err->code == ERR_FORMAT) {
		figure_add(flip->figures, "flip_refused", 1);
	} else {
		if (err->code == ERR_CONFLICT)
			figure_add(flip->figures, "flip_wrong_data", 1);
		report(flip, "is not refused as damage", events, err);
	}
}

void
torture_flip(const struct torture_plan *plan, struct figures *figures)
{
	struct flip flip = {
		.plan = plan, .figures = figures, .random = plan->seed
	};

	flip.image = memdisk_new("image");
	for (long n = 0; n < plan->count; n++) {
		struct vault *vault;
		struct err err = { 0 };
		long events = -1;

		if (n % FLIPS_PER_HISTORY == 0) {
			if (n > 0)
				history_release(&flip.history);
			history_make(&flip.history, flip.random);
		}
		choose(&flip);
		vault = memvault_open(flip.image, &err);
		if (vault)
			events = memvault_check(vault, &err);
		vault_close(vault);
		judge(&flip, events, &err);
		figure_add(figures, flip.where, 1);
		if (plan->limit > 0 && figures->failures >= plan->limit)
			break;
	}
	history_release(&flip.history);
	memdisk_free(flip.image);
	figure_add(figures, "flip_wrong_data", 0);
}
