/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_INTERNAL_H
#define STORAGE_VAULT_INTERNAL_H

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/ids.h"
#include "storage/vault.h"
#include "storage/vault_header.h"

/*
 * What the files of storage/ know of a vault and nobody else does.
 *
 * vault.c makes the struct, opens the database through the encrypting VFS and
 * then calls schema_update() (log_internal.h); what is marked "of X.c" belongs
 * to that file.
 */
struct db;
struct identity;
struct recent;
struct vault_way;
struct vfs;
struct watch;

/*
 * Of log.c: how the log ended when this device last added to it, so that the
 * next event on the same subject asks for nothing.
 */
struct log_tail {
	bool is_known;
	uint64_t version; /* log_version() then */
	struct vault_head head;
	char subject[ID_MAX]; /* its own chain there needs no `seen`, ... */
	int64_t seq;          /* ... ends here, and nothing of it was purged */
	struct hash end;
};

struct vault {
	struct db *db;
	const struct projector *const *projectors; /* borrowed; or NULL */
	struct identity
	    *identity;         /* of identity.c: read when first asked for */
	struct recent *recent; /* of log.c: made when first needed */
	struct log_tail tail;
	int64_t known_changes; /* rows that log_version() does not count */
	bool appending;        /* then log_version() is as it was before */
	uint64_t version_before;

	/* Of vault.c. */
	char *path;
	char id[33];
	int lock;           /* a descriptor that holds the lock of the file */
	struct secret *key; /* the data key, for sealing slots */
	struct vfs *vfs;
	struct watch *watch; /* of vault_watch.c; NULL in a bare vault */
};

/*
 * Of vault_unlock.c: a vault whose key is known and whose database is not open yet.
 * `lock` is to be closed and `key` freed, or both given to vault_open_key().
 */
struct vault_unlocked {
	int lock;
	struct vault_header header; /* the newest genuine copy */
	struct secret *key;
	bool slots_differ; /* of the copies: a change was cut off */
};

int vault_unlock(const char *path, enum vault_slot_kind kind,
    const struct secret *words, struct vault_unlocked *unlocked,
    struct err *err);
int vault_unlock_way(const char *path, const struct vault_way *way,
    struct vault_unlocked *unlocked, struct err *err);

/*
 * Of vault.c: opens what is unlocked.  `lock` is a locked descriptor and is
 * the vault's from here on, closed on failure too.
 */
struct vault *vault_open_key(const char *path, int lock,
    const struct vault_header *header, const struct secret *key,
    const struct vault_options *options, struct err *err);

/*
 * Of vault_watch.c.  watch_begin() holds the vault, whose head is known to
 * the VFS, against its anchor, and unless it is held gives the header its new
 * instance: before anything else is written.
 */
int watch_begin(struct vault *vault, const struct vault_options *options,
    const struct secret *key, struct err *err);
void watch_committed(struct vault *vault, const struct vault_head *head);
void watch_end(struct watch *watch); /* NULL is allowed */
/* ERR_CONFLICT while the vault is held: for what adds to our chains. */
int watch_check(const struct vault *vault, struct err *err);

/* Of vault_create.c: vault_create() with the name that messages show. */
struct vault *vault_make(const char *path, const char *shown,
    const struct secret *passphrase, const struct vault_options *options,
    struct secret **recovery, struct err *err);

/* Renames and syncs; takes `path` only when it is free (ERR_EXISTS), so that
 * no vault is ever written over. */
int vault_take_name(const char *temporary, const char *path, struct err *err);

/*
 * Of vault_new.c: where a vault lies that is to be settled at `path` (to be
 * freed), and what an interruption left there taken away (ERR_BUSY: somebody
 * is at it; ERR_EXISTS: it is no vault).
 */
char *vault_place_of_new(const char *path);
int vault_remove_left_over(const char *place, struct err *err);

/*
 * Of vault_renew_left.c: once a vault was opened, no renewal goes on with the
 * copy that an interrupted one left, which holds what may be purged from now
 * on.  Empties it; that it is there says that a renewal began.
 */
void vault_renew_forget(const char *path, const uint8_t id[VAULT_ID_BYTES]);

/* ERR_IO where the closed vault at `place` still has a log beside it, which
 * would stay behind. */
int vault_check_settled(const char *place, struct err *err);

/* Takes a closed vault and its log away. */
void vault_remove_files(const char *path);

#endif
