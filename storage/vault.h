/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_H
#define STORAGE_VAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/ids.h"
#include "crypto/kdf.h"
#include "crypto/secret.h"

/*
 * A vault is one encrypted SQLite file (and its WAL) that holds everything a
 * device knows: its keys, the event log, statements, checklists, evidence and
 * what was projected from them.  doc/formats/vault.md has every byte of it.
 *
 * One thread of one process uses a vault at a time; a second process is told
 * who has it (ERR_BUSY).
 */
struct buf;
struct vault;
struct db;
struct event;
struct progress;

/*
 * What the folders above make of the log.  A projector owns tables that can
 * always be made again from events and statements; storage calls it inside
 * the transaction that adds them, so the two never disagree.  Projectors run
 * in the order of the list, each may read what those before it made.
 */
struct projector {
	const char *name;
	/* One more whenever it makes other rows of the same events: vaults
	 * that were projected by another one are projected anew. */
	int version;
	const char *schema;        /* CREATE TABLE IF NOT EXISTS ...; */
	const char *const *tables; /* their names, NULL at the end */

	/* Makes what follows from statements alone (the roster); or NULL. */
	int (*project_all)(struct vault *vault, struct err *err);

	/* Deletes what it has of `subject` and makes it from its events. */
	int (*project)(
	    struct vault *vault, const char *subject, struct err *err);

	/*
	 * Brings it up to date with one event that this very device has just
	 * added to `event->subject`; NULL: project() is called.
	 */
	int (*apply)(
	    struct vault *vault, const struct event *event, struct err *err);
};

/* `projectors` is borrowed for the vault's life, NULL at its end. */
struct vault_options {
	const struct projector *const *projectors;
	struct kdf_cost cost; /* of new key slots; passes 0: as fits here */
	/*
	 * Where anchors are kept, for vaults that a person works with; NULL:
	 * none is read or written.  Borrowed for the call.
	 */
	const char *state_folder;
	/*
	 * It got new device keys this very moment, before it had its place:
	 * vault_accept() may follow if it is held.
	 */
	bool is_new_device;
	/*
	 * Told when opening takes long, since the vault was last opened by
	 * another version; or NULL.  When it stops, the vault is not opened
	 * (ERR_CANCELLED) and stays as it was.  Borrowed for the call.
	 */
	const struct progress *progress;
};

enum { RECOVERY_CODE_MAX = 64 }; /* bytes, with the NUL */

/*
 * Makes a vault at `path`, which must not exist: whole or not at all.  The
 * recovery code, shown once to the person and never stored, goes to
 * `*recovery` (the caller's to free): groups of characters with a checksum.
 * The vault is left open; it has no identity yet (identity.h).
 */
struct vault *vault_create(const char *path, const struct secret *passphrase,
    const struct vault_options *options, struct secret **recovery,
    struct err *err);

/*
 * Opens with the passphrase, or with the recovery code (spaces, dashes and
 * case do not matter).  ERR_AUTH wrong passphrase or code; ERR_FORMAT not a
 * vault or damaged, with the place; ERR_BUSY; ERR_UNSUPPORTED made by a later
 * ronde.  The file is left as it was.
 */
struct vault *vault_open(const char *path, const struct secret *passphrase,
    const struct vault_options *options, struct err *err);
struct vault *vault_open_recovery(const char *path, const struct secret *code,
    const struct vault_options *options, struct err *err);

/* The same with any of these age identities, one of which has a slot. */
struct vault *vault_open_programme(const char *path,
    const struct secret *const *identities, size_t count,
    const struct vault_options *options, struct err *err);

/* Ends it, keys wiped; NULL is allowed. */
void vault_close(struct vault *vault);

/*
 * The same for a vault that gets an owner: it lies at "<path>.new" until
 * vault_settle(), which comes when the person holds the recovery code, so that
 * an interruption leaves nothing at `path`.  What an interrupted one left is
 * taken away; ERR_EXISTS where `path` is there, ERR_BUSY where another process
 * is making one.
 */
struct vault *vault_begin(const char *path, const struct secret *passphrase,
    const struct vault_options *options, struct secret **recovery,
    struct err *err);

/*
 * Closes `vault`, whatever happens, gives it its place and opens it there.  On
 * failure NULL; nothing is at `path` unless it was there before or the opening
 * failed.
 */
struct vault *vault_settle(struct vault *vault, const char *path,
    const struct secret *passphrase, const struct vault_options *options,
    struct err *err);

/* Closes a vault that was begun and takes its files away; NULL is allowed. */
void vault_discard(struct vault *vault);

/* True when `code` is the recovery code just made: it is asked back. */
bool vault_recovery_matches(const struct secret *recovery, const char *typed);

const char *vault_path(const struct vault *vault); /* borrowed */

/*
 * For the name of a file that is to be written: ERR_EXISTS where a vault, this
 * one or any other, or the WAL of one has that name.
 */
int vault_spare(const char *path, struct err *err);

/* The database behind it: for projectors and the modules of storage/. */
struct db *vault_db(struct vault *vault);

/* The identifier of the vault, random, hexadecimal; borrowed. */
const char *vault_id(const struct vault *vault);

/*
 * The vault-wide head: how many events were ever added and a running hash
 * over their hashes in the order of their arrival.
 */
struct vault_head {
	uint64_t count;
	struct hash hash;
};

struct vault_head vault_head(struct vault *vault);

/*
 * What opening noticed: the vault against its anchor on this computer
 * (anchor.h) and against what others say that they hold of it.
 */
enum vault_finding {
	VAULT_AS_LEFT,        /* nothing unusual, or no folder of anchors */
	VAULT_FIRST_HERE,     /* no anchor of it is on this computer yet */
	VAULT_ANCHOR_DAMAGED, /* altered, unreadable, or by another key */
	VAULT_USED_ELSEWHERE, /* goes on from the anchor, but not from here */
	VAULT_SHORT,          /* others hold events of ours that it lacks */
	VAULT_OLDER,          /* the anchor knows more events */
	VAULT_FORKED,         /* the anchor knows other events */
	VAULT_RENEWED,        /* from before it got another data key */
	VAULT_FINDINGS
};

/* "7K3F-Q2AB" and the NUL: the first 40 bits of the head's hash. */
enum { VAULT_SHORT_HASH_MAX = 10 };

struct vault_notice {
	enum vault_finding finding;
	uint64_t number; /* of the last event; 0: none yet */
	char hash[VAULT_SHORT_HASH_MAX];
	int64_t time; /* of that event, as its device's clock said */

	uint64_t known; /* what the anchor had as the last one */
	int64_t known_time;
	uint64_t missing;    /* events; of VAULT_OLDER and VAULT_SHORT */
	size_t short_count;  /* chains; of VAULT_SHORT */
	const char *anchor;  /* its path; NULL: no folder was given */
	const char *trouble; /* why no anchor is kept now; or NULL */
};

/*
 * The last event is that of the moment, the rest as it was at opening.
 * Borrowed until the vault is used again.
 */
const struct vault_notice *vault_notice(struct vault *vault);

/* "as-left", "first-here", ...: for --json and tests. */
const char *vault_finding_code(enum vault_finding finding);

/*
 * True for VAULT_SHORT and what stands behind it: going on would make
 * other events with the numbers of events that exist.  Until vault_accept()
 * no event can be added, nothing is written at opening and the anchor stays
 * as it is.
 */
bool vault_is_held(const struct vault *vault);

/* What was found, and what can be done, as a text for people. */
void vault_notice_say(struct vault *vault, struct buf *out);

/* Of it only what the vault lacks, without what can be done; else nothing. */
void vault_missing_say(struct vault *vault, struct buf *out);

/* "Last event 1 234 · 7K3F-Q2AB · 23 Nov 2026 14:32" */
void vault_last_event_say(struct vault *vault, struct buf *out);

/*
 * The person has read it: the anchor is written anew from what the vault is
 * now.  ERR_CONFLICT for a vault that is held and has its old device keys
 * (identity_renew() in identity.h comes first).  Also after a vault got
 * another data key or was restored.
 */
int vault_accept(struct vault *vault, struct err *err);

/* From time to time while nothing is done: syncs the anchor when it is due. */
void vault_tick(struct vault *vault);
/* True while the anchor has something that is not synced. */
bool vault_tick_waits(const struct vault *vault);

/* An event of this device that others hold and this vault may lack. */
struct vault_missing {
	char subject[ID_MAX]; /* "": one that this vault does not know */
	char device[ID_MAX], witness[ID_MAX]; /* ours; who says so */
	int64_t seq, held;                    /* what it should have, and has */
	struct hash hash;                     /* of the event at seq */
};

/*
 * Remembers such an event until it is there.  Told again at each opening.
 * `held` is not read.
 */
int vault_note_missing(
    struct vault *vault, const struct vault_missing *missing, struct err *err);
/* Calls `each` for those of this device that are still not there. */
int vault_each_missing(struct vault *vault,
    int (*each)(
	void *arg, const struct vault_missing *missing, struct err *err),
    void *arg, struct err *err);

#endif
