/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_DOCTOR_H
#define STORAGE_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/progress.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "storage/vault.h"

/*
 * The doctor looks at every byte of a vault: whether it is what was written,
 * whether what was written hangs together, and whether the tables follow from
 * the events.  It says what is damaged and what of it can be saved.
 *
 * It works in two steps.  First the file itself: both copies of the header,
 * every page and every frame of the log beside it, each authenticated, without
 * SQLite.  Where all of that is whole the vault is opened and what is in it is
 * checked.  Where it is not, SQLite never touches the file: its trees are
 * walked here, to say what the damaged pages held and what is left.
 */

/* Something that is wrong; texts are owned by the report. */
struct doctor_finding {
	const char *part;    /* "header", "page", "log", "event", ...: static */
	char *text;          /* for people */
	uint32_t page;       /* of the file or frame of the log; 0: none */
	int64_t byte;        /* in the file; -1: none */
	const char *table;   /* the table or index; NULL: none */
	const char *subject; /* or device, digest; NULL: none */
	int64_t number;      /* of the event; 0: none */
};

/* A table that follows from the events. */
struct doctor_table {
	char name[64];
	int64_t rows, right_rows; /* as it is, as it should be */
	bool differs;
};

/* Of one kind of things: how many can be saved (or were), and how many not. */
struct doctor_share {
	uint64_t saved, lost;
};

struct doctor_saved {
	struct doctor_share events, statements, files, checklists, settings;
	struct doctor_share purged; /* what tombstones know of events */
	bool owner;                 /* the owner and his keys */
	bool own_events_lost;       /* of this device: its keys must go */
	bool keys_renewed;          /* set by who renewed them */
	bool programme_dropped;
	/* the old one had a programme key */ /* set by who renewed them */
};

enum { DOCTOR_FINDINGS_MAX = 1000, DOCTOR_TABLES_MAX = 64 };

struct doctor_report {
	struct doctor_finding *findings;
	size_t count; /* of findings kept: the first DOCTOR_FINDINGS_MAX */
	size_t found;
	char vault_id[33];

	uint64_t pages, damaged_pages, frames, damaged_frames;
	bool opened; /* the vault was whole enough for what follows */
	struct vault_head head;
	uint64_t subjects, chains, waiting; /* chains that miss something */
	uint64_t purged;                /* events that tombstones stand for */
	uint64_t statements, unchecked; /* signers that are not known */
	uint64_t files, file_bytes, checklists;
	struct doctor_table tables[DOCTOR_TABLES_MAX];
	size_t table_count;
	bool rebuilt;
	char *last_event; /* what it is, as a text; or NULL */
	char *notice;     /* what opening noticed of the whole; or NULL */
	/* The same for programs, as in vault_notice(): NULL where the vault
	 * was not opened. */
	const char *state; /* vault_finding_code() */
	uint64_t missing, known;
	char *trouble; /* why no anchor is kept; or NULL */

	bool weighed; /* `saved` says what can be saved, or was */
	struct doctor_saved saved;
};

/* A check that a folder above adds; it reports with doctor_find(). */
struct doctor_check {
	const char *title; /* marked with N_() */
	int (*run)(struct vault *vault, struct doctor_report *report,
	    const struct progress *progress, struct err *err);
};

struct doctor_options {
	struct vault_options vault;
	bool rebuild; /* keep the tables made anew */
	const struct doctor_check *const *checks; /* NULL at the end; or NULL */
	const struct progress *progress;          /* or NULL */
	void (*stage)(void *arg, const char *title); /* what it does now */
	void *stage_arg;
};

/*
 * Examines the vault at `path`.  0 with the report, whatever was found; -1
 * where nothing can be said: ERR_AUTH, ERR_NOT_FOUND, ERR_BUSY, ERR_CANCELLED,
 * ERR_FORMAT where no copy of the header is left.  The report is to be
 * released, on failure too.
 */
int doctor_examine(const char *path, const struct secret *passphrase,
    const struct doctor_options *options, struct doctor_report *report,
    struct err *err);

/*
 * Makes a vault at `to`, which must not exist, with all that can still be
 * read of the one at `from`: of the same owner and passphrase, with a data key
 * and a recovery code of its own.  `from` is left as it is.  The new vault was
 * begun (vault_begin() in vault.h): it is at its place after vault_settle(),
 * when the person holds the code.  Where something that this device wrote is
 * lost (`saved.own_events_lost`), its keys are to be renewed before that.
 * NULL with err when nothing could be made.
 */
struct vault *doctor_salvage(const char *from, const char *to,
    const struct secret *passphrase, const struct doctor_options *options,
    struct doctor_report *report, struct secret **recovery, struct err *err);

/* Adds a finding, a copy of `finding` with the text. */
void doctor_find(struct doctor_report *report,
    const struct doctor_finding *finding, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

void doctor_report_release(struct doctor_report *report);

#endif
