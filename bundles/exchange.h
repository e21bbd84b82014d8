/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_EXCHANGE_H
#define BUNDLES_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "bundles/bundle.h"
#include "bundles/card.h"

struct vault;

/*
 * One action with a USB stick or a folder: takes what others left there and
 * leaves there what is for them.  exchange_look() says what would be done and
 * touches nothing; exchange_run() does it.
 *
 * An inspector sends one bundle to all trusted supervisors and authorities; a
 * supervisor or authority sends one to each person whom a subject concerns,
 * readable by the trusted authorities too.  Each carries only what its
 * recipients are not known to hold.
 */
enum exchange_kind {
	EXCHANGE_IMPORT, /* a bundle found there */
	EXCHANGE_CARD,  /* a card found there: shown, never trusted by itself */
	EXCHANGE_EXPORT /* a bundle to leave there */
};

enum exchange_state {
	EXCHANGE_READY,   /* will be done; a card: is not on the roster yet */
	EXCHANGE_KNOWN,   /* taken before, one's own, card on the roster */
	EXCHANGE_OTHERS,  /* a bundle that is not for this device */
	EXCHANGE_REFUSED, /* `note` says why; goes to quarantine when run */
	EXCHANGE_NOTHING, /* an export with nothing new for them */
	EXCHANGE_DONE,
	EXCHANGE_FAILED /* `note` says why */
};

enum { EXCHANGE_FILES_MAX = 1000, EXCHANGE_PERSONS_MAX = 1000 };

struct exchange_item {
	enum exchange_kind kind;
	enum exchange_state state;
	char *file; /* name in the folder; of an export once it is written */
	char note[ERR_MSG_MAX];
	struct import_summary import; /* EXCHANGE_IMPORT that is good */
	struct card card;             /* EXCHANGE_CARD */

	/* EXCHANGE_EXPORT: for whom, and what (bytes only once written). */
	char person[ID_MAX]; /* "" for all supervisors */
	char *name;          /* of the person, or of those; owned */
	size_t device_count; /* theirs */
	/* All that can open it; with 1, its loss is the bundle's. */
	size_t recipient_count;
	size_t receipts; /* to tell them what came */
	struct export_summary export;
};

struct exchange {
	char *folder;                /* owned */
	struct exchange_item *items; /* files by name, then exports */
	size_t count, room;
	size_t imports, cards, exports; /* that are EXCHANGE_READY */
};

/*
 * `progress` (NULL: nobody) is told the files looked at, of all; when it says
 * so the look stops with ERR_CANCELLED and there is nothing to release.
 */
int exchange_look(struct vault *vault, const char *folder,
    const struct bundle_contents *contents,
    const struct progress_report *progress, struct exchange *exchange,
    struct err *err);

/* How many items are of that kind and state. */
size_t exchange_count(const struct exchange *exchange, enum exchange_kind kind,
    enum exchange_state state);

/*
 * Does what exchange_look() found: imports, then exports (what came may add
 * to them).  What was written is synced, read back and compared.  Single
 * files that fail are said so in their item and do not stop the others; -1
 * only when the whole cannot go on (ERR_CANCELLED, ERR_IO): what is
 * EXCHANGE_DONE then stays done, and no file is left half written.  `progress`
 * (NULL: nobody) is told the bytes of the bundle at hand.
 */
int exchange_run(struct vault *vault, const struct bundle_contents *contents,
    const struct progress_report *progress, struct exchange *exchange,
    struct err *err);

void exchange_release(struct exchange *exchange); /* zeroed is allowed */

#endif
