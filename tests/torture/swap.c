/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/compiler.h"
#include "storage/vault_header.h"
#include "storage/vfs_internal.h"
#include "tests/torture/history.h"
#include "tests/torture/torture.h"

/*
 * Someone without the key moves sealed bytes about: a page or a frame takes
 * another's place, a page gets its older state back, an older log lies beside
 * the newer file or an older file beside the newer log.
 *
 * Each is noticed: at opening, at reading, or by what `ronde doctor` compares
 * (SQLite's integrity, the chains, the projections); or it changed nothing
 * that anyone reads.  Only an older file may open as what it once was, and one
 * whose log is gone as what it was at the last checkpoint: that is for the
 * anchor to notice.
 */
enum { SWAPS_PER_HISTORY = 1000 };

struct swap {
	const struct torture_plan *plan;
	struct figures *figures;
	struct history history;
	struct memdisk *image;
	uint64_t random;
	long as_once; /* events that an older file may open with; or -1 */
	const char *kind;
};

static size_t
chance(struct swap *swap, size_t below)
{
	return (size_t)(random_next(&swap->random) % below);
}

static struct memdisk *
some_state(struct swap *swap, size_t *number)
{
	*number = chance(swap, swap->history.count);
	return swap->history.states[*number];
}

static size_t
pages_of(const struct memfile *file)
{
	return (file->size - VAULT_HEADER_BYTES) / VAULT_PAGE_BYTES;
}

static struct memfile *
begin(struct swap *swap, bool killed, const char *name)
{
	memdisk_copy(
	    swap->image, killed ? swap->history.killed : swap->history.closed);
	return memdisk_file(swap->image, name);
}

static void
page_for_page(struct swap *swap)
{
	struct memfile *file = begin(swap, chance(swap, 2), MEMVAULT_PATH);
	const size_t from = chance(swap, pages_of(file));
	const size_t to = chance(swap, pages_of(file));

	memmove(file->data + VAULT_HEADER_BYTES + to * VAULT_PAGE_BYTES,
	    file->data + VAULT_HEADER_BYTES + from * VAULT_PAGE_BYTES,
	    VAULT_PAGE_BYTES);
}

static void
frame_for_frame(struct swap *swap)
{
	struct memfile *file = begin(swap, true, MEMVAULT_WAL);
	/* Not the last transaction, whose loss is a torn end. */
	const size_t frames =
	    (swap->history.last_at - WAL_HEADER_BYTES) / FRAME_BYTES;

	const size_t to = chance(swap, frames), from = chance(swap, frames);

	/* The end of the transaction before the last one: they look like one. */
	if (to + 1 == frames && from != to)
		swap->as_once = swap->history.all - 2;
	memmove(file->data + WAL_HEADER_BYTES + to * FRAME_BYTES,
	    file->data + WAL_HEADER_BYTES + from * FRAME_BYTES, FRAME_BYTES);
}

static void
older_page(struct swap *swap)
{
	struct memfile *file = begin(swap, chance(swap, 2), MEMVAULT_PATH);
	size_t number;
	const struct memfile *old =
	    memdisk_file(some_state(swap, &number), MEMVAULT_PATH);
	const size_t pages =
	    pages_of(file) < pages_of(old) ? pages_of(file) : pages_of(old);
	const size_t at =
	    VAULT_HEADER_BYTES + chance(swap, pages) * VAULT_PAGE_BYTES;

	memcpy(file->data + at, old->data + at, VAULT_PAGE_BYTES);
}

static void
older_log(struct swap *swap)
{
	size_t number;
	const struct memfile *old =
	    memdisk_file(some_state(swap, &number), MEMVAULT_WAL);

	begin(swap, true, MEMVAULT_PATH);
	swap->as_once = swap->history.carried; /* what lies in the file */
	if (old)
		memdisk_put(swap->image, MEMVAULT_WAL, old->data, old->size);
	else
		memdisk_remove(swap->image, MEMVAULT_WAL);
}

static void
older_file(struct swap *swap)
{
	size_t number;
	const struct memfile *old =
	    memdisk_file(some_state(swap, &number), MEMVAULT_PATH);

	begin(swap, chance(swap, 2), MEMVAULT_PATH);
	memdisk_put(swap->image, MEMVAULT_PATH, old->data, old->size);
	swap->as_once = swap->history.events[number];
}

static const struct kind {
	const char *name;
	void (*make)(struct swap *swap);
} kinds[] = {
	{ "swap_page_for_page", page_for_page },
	{ "swap_frame_for_frame", frame_for_frame },
	{ "swap_older_page", older_page },
	{ "swap_older_log", older_log },
	{ "swap_older_file", older_file },
};

static void
report(struct swap *swap, const char *what, long events, const struct err *err)
{
	figure_fail(swap->figures, "seed %llu, %s: %s (%ld of %ld): %s",
	    (unsigned long long)swap->plan->seed, swap->kind, what, events,
	    swap->history.all, err->msg);
}

/* Where it was noticed, if it was. */
static void
judge(struct swap *swap, bool opened, long events, const struct err *err)
{
	const char *outcome;

	if (events == swap->history.all)
		outcome = "swap_no_harm";
	else if (events >= 0 && events <= swap->as_once)
		outcome = "swap_older_state";
	else if (events >= 0)
		outcome = "swap_unnoticed";
	else if (!opened)
		outcome = "swap_noticed_opening";
	else if (err->code == ERR_CONFLICT)
		outcome = "swap_noticed_comparing";
	else
		outcome = "swap_noticed_reading";
	figure_add(swap->figures, outcome, 1);
	if (strcmp(outcome, "swap_unnoticed") == 0)
		report(swap, "is not noticed", events, err);
	else if (events < 0 && err->code != ERR_CONFLICT &&
	    err->code != ERR_FORMAT)
		report(swap, "is refused for another reason", events, err);
}

void
torture_swap(const struct torture_plan *plan, struct figures *figures)
{
	struct swap swap = {
		.plan = plan, .figures = figures, .random = plan->seed
	};

	swap.image = memdisk_new("image");
	for (long n = 0; n < plan->count; n++) {
		const struct kind *kind = &kinds[n % (long)ARRAY_LEN(kinds)];
		struct vault *vault;
		struct err err = { 0 };
		long events = -1;

		if (n % SWAPS_PER_HISTORY == 0) {
			if (n > 0)
				history_release(&swap.history);
			history_make(&swap.history, swap.random);
		}
		swap.as_once = -1;
		swap.kind = kind->name;
		kind->make(&swap);
		vault = memvault_open(swap.image, &err);
		if (vault)
			events = memvault_check(vault, &err);
		judge(&swap, vault != NULL, events, &err);
		vault_close(vault);
		figure_add(figures, kind->name, 1);
		if (plan->limit > 0 && figures->failures >= plan->limit)
			break;
	}
	history_release(&swap.history);
	memdisk_free(swap.image);
	figure_add(figures, "swap_unnoticed", 0);
}
