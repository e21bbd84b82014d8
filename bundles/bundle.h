/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_BUNDLE_H
#define BUNDLES_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/age.h"
#include "crypto/hash.h"
#include "crypto/ids.h"

struct vault;

/*
 * Bundles: chains, statements, checklists and evidence in one signed and
 * encrypted file that stock age, tar and minisign open and verify.
 * doc/formats/bundle.md has every byte.
 */
enum {
	BUNDLE_MEMBERS_MAX = 100000,
	BUNDLE_STATEMENTS_MAX = 100000,
	BUNDLE_EVENTS_MAX = 10 * 1000 * 1000
};
#define BUNDLE_BYTES_MAX ((uint64_t)16 << 30)

/* Told now and then during long work; -1 stops it (ERR_CANCELLED). */
struct progress_report {
	int (*tell)(void *arg, uint64_t done, uint64_t total);
	void *arg;
};

/* ---- sending ---- */

struct export_request {
	const struct age_recipient *recipients;
	size_t recipient_count;
	/* Devices of the roster among them: what they hold is left out. */
	const char *const *devices;
	size_t device_count;
	/* Subjects to carry; count 0: every one that concerns the recipients
	 * as `wants` says. */
	const char *const *subjects;
	size_t subject_count;
	bool full; /* everything, also what a receipt says they have */
	struct progress_report progress;
};

struct export_summary {
	size_t subjects, chains, events, statements, checklists, blobs;
	uint64_t bytes;    /* of the file */
	struct hash heads; /* the new heads statement */
	size_t recipient_count;
	struct hash file; /* BLAKE2b-256 of the file, to read it back */
};

struct bundle_needs {
	int (*form)(void *arg, const struct hash *digest, struct err *err);
	int (*blob)(void *arg, const struct hash *digest, struct err *err);
	int (*subject)(void *arg, const char *subject, struct err *err);
	void *arg;
};

/*
 * Which checklists and evidence a subject's events name is known above
 * (inspections/): this tells them.  It calls `add_form` and `add_blob`, and
 * `add_subject` for subjects that must travel with it (the site).
 */
struct bundle_contents {
	int (*of_subject)(struct vault *vault, const char *subject,
	    const struct bundle_needs *needs, struct err *err);
	/* Does this subject concern that person?  1, 0, -1. */
	int (*concerns)(struct vault *vault, const char *subject,
	    const char *person, struct err *err);
};

/* Written under a temporary name, synced, renamed; on failure no file. */
int bundle_export(struct vault *vault, const char *path,
    const struct export_request *request,
    const struct bundle_contents *contents, struct export_summary *summary,
    struct err *err);

/*
 * What bundle_export() would carry, without writing or signing anything:
 * subjects, chains, events, checklists and blobs of the summary.
 */
int bundle_preview(struct vault *vault, const struct export_request *request,
    const struct bundle_contents *contents, struct export_summary *summary,
    struct err *err);

/* ---- receiving ---- */

enum bundle_verdict {
	BUNDLE_GOOD,
	BUNDLE_REFUSED /* signature, structure, digest, recipient, limits */
};

struct import_summary {
	enum bundle_verdict verdict;
	char reason[512]; /* why it was refused */
	char sender_device[ID_MAX];
	char *sender_name, *sender_organisation; /* owned; NULL if unknown */
	size_t recipient_count;
	int64_t time;      /* the sender's clock */
	struct hash heads; /* the sender's heads statement */
	size_t subjects, chains, statements, checklists, blobs;
	size_t events;            /* inside */
	size_t new_events;        /* that were not here */
	size_t waiting, disputed; /* chains, of those inside, after import */
	size_t purged;           /* of the waiting: purged here, not all back */
	size_t returned;         /* subjects purged here and all back by it */
	int64_t returned_purged; /* when the last of them was purged */
	uint64_t bytes;
	bool nothing_new;
	bool not_for_us; /* refused only because it is for others */
};

void import_summary_release(struct import_summary *summary);

/* Says what is in a bundle and whether all of it holds; touches nothing. */
int bundle_verify(struct vault *vault, const char *path,
    struct import_summary *summary, struct err *err);

/*
 * Imports: everything or nothing, in one transaction, and leaves a receipt
 * for the next export.  A refused bundle is copied to the quarantine folder
 * beside the vault with its reason (not when `dry_run`) and gives -1 with
 * err; summary.reason says the same.
 */
int bundle_import(struct vault *vault, const char *path, bool dry_run,
    const struct progress_report *progress, struct import_summary *summary,
    struct err *err);

/* The folder where refused bundles lie; the caller's to free. */
char *quarantine_folder(const struct vault *vault);

#endif
