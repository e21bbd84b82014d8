/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VFS_H
#define STORAGE_VFS_H

#include <stdbool.h>

#include "base/error.h"
#include "crypto/secret.h"
#include "storage/vault.h"
#include "storage/vault_header.h"

/*
 * The encrypting VFS: a layer between SQLite and the file system through
 * which every page of the database and of its WAL passes, sealed going down
 * and checked coming up.  There is one for each open vault, with a name of
 * its own; it opens that one database, its WAL, and nothing else.
 */
struct vfs;

/*
 * Registers a VFS for the vault file at `path` whose header is `header`
 * (copied) and whose data key is `key` (borrowed for the call).  `base` names
 * the VFS below; NULL is the system's.  `creating` allows the one step from
 * journal_mode memory that a new file needs.
 */
struct vfs *vfs_new(const char *path, const struct vault_header *header,
    const struct secret *key, const char *base, bool creating);

/* After the database was closed: takes it away, keys wiped; NULL allowed. */
void vfs_free(struct vfs *vfs);

const char *vfs_name(const struct vfs *vfs); /* borrowed */

/* The header as it stands; borrowed. */
const struct vault_header *vfs_header(const struct vfs *vfs);

/*
 * Says that the vault is open.  Until then damage that is met makes the VFS
 * write nothing any more, so that a file which is refused stays as it was;
 * from then on one bad page does not keep a person from saving others.
 */
void vfs_settle(struct vfs *vfs);

/* The head that the next header written will carry: of what is durable. */
void vfs_set_head(struct vfs *vfs, const struct vault_head *head);

/*
 * Puts these key slots into both copies of the header, each synced before the
 * next; a damaged copy is whole after it.  On failure the slots are as before
 * for whoever asks; one copy on the disk may hold the new ones until the
 * header is written again.
 */
int vfs_set_slots(struct vfs *vfs, const struct vault_slot *slots,
    const char *path, struct err *err);

/*
 * Gives the header another instance and stores it, both copies synced.  After
 * the database was opened.  On failure what stands on the disk may be either.
 */
int vfs_renew_instance(struct vfs *vfs,
    const uint8_t instance[VAULT_INSTANCE_BYTES], struct err *err);

/*
 * What the VFS of that name last refused, as a message for people: a damaged
 * page, a cut file, a folder that takes no file.  It forgets what it told.
 * False when it knows nothing.
 */
bool vfs_explain(const char *name, struct err *err);

/*
 * For a copy of the file whose WAL was taken in: how many pages it has, the
 * header that the copy begins with, and whether a page that was read from
 * `page` (from 1) of a file is the one that was written there.
 */
uint64_t vfs_pages(const struct vfs *vfs);
void vfs_copy_header(const struct vfs *vfs, uint8_t bytes[VAULT_HEADER_BYTES]);
bool vfs_page_opens(const struct vfs *vfs, uint32_t page,
    const uint8_t sealed[VAULT_PAGE_BYTES]);

/* SQL that a connection starts with. */
extern const char vfs_setup_new[], vfs_setup_open[];

#endif
