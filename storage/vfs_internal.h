/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VFS_INTERNAL_H
#define STORAGE_VFS_INTERNAL_H

#include <sqlite3.h>

#include <stdbool.h>
#include <stdint.h>

#include "crypto/secret.h"
#include "storage/vault_header.h"
#include "storage/vfs.h"

/*
 * What the files of the encrypting VFS share:
 *
 *   vfs.c         the VFS itself: which files it opens, and which never
 *   vfs_db.c      the database file: pages behind the header
 *   vfs_wal.c     the WAL: frames, whose header waits for its page
 *   vfs_scan.c    at opening: where the WAL ends, and whether it is damaged
 *   vfs_page.c    one page sealed and opened
 *   vfs_header.c  both header copies written
 *   vfs_rules.c   the PRAGMAs that would undo the protection
 *   vfs_trouble.c what was refused, in words
 */
enum {
	WAL_HEADER_BYTES = VAULT_WAL_HEADER_BYTES,
	FRAME_HEADER_BYTES = 24,
	FRAME_BYTES = FRAME_HEADER_BYTES + VAULT_PAGE_BYTES,
	PAGE_CLEAR_BYTES = VAULT_PAGE_BYTES - VAULT_RESERVE_BYTES,
	SALT_BYTES = 8,
	WAL_SALT_AT = 16,  /* in the header of the WAL */
	WAL_SUM_AT = 24,   /* the same, its checksum */
	FRAME_SALT_AT = 8, /* in the header of a frame */
	FRAME_SUM_AT = 16  /* the same, its checksum, masked on disk */
};

enum trouble_kind {
	TROUBLE_NONE,
	TROUBLE_PAGE,     /* a page does not authenticate */
	TROUBLE_MISSING,  /* a page that must be there is not */
	TROUBLE_FRAME,    /* a frame of the WAL, the same */
	TROUBLE_WAL_LOST, /* damage before the last synced frame */
	TROUBLE_FOLDER,   /* no WAL can be made beside the vault */
	TROUBLE_WRITE     /* writing failed; `number` is errno */
};

struct trouble {
	enum trouble_kind kind;
	uint32_t number; /* page or frame */
	int64_t offset;  /* in the file on disk */
};

/* Where a page stands: what its seal is bound to besides the vault. */
enum place_kind { PLACE_DB = 1, PLACE_WAL = 2 };

struct place {
	enum place_kind kind;
	uint32_t page;
	uint32_t frame, commit;    /* zero in the database */
	uint8_t salts[SALT_BYTES]; /* the same */
};

struct vfs_file {
	sqlite3_file base; /* first: a sqlite3_file * is a vfs_file * */
	struct vfs *vfs;
	sqlite3_file *real; /* of the VFS below, behind this struct */
};

struct vfs {
	sqlite3_vfs methods;
	sqlite3_vfs *below;
	char name[40];
	char *path; /* as vault.c gave it */
	char *full; /* as the VFS below made it; NULL before the first open */
	bool creating;

	struct secret *page_key, *mask_key, *header_key;
	struct vault_header header;
	struct vault_head head; /* for the next header */
	struct trouble trouble;
	bool settled;    /* vfs_settle() was called */
	bool left_alone; /* damage was met before that: write nothing */

	struct vfs_file *db;
	int64_t db_size;   /* of the pages, without the header */
	int64_t db_least;  /* what page 1 said the file has */
	int64_t db_synced; /* of it, known to be on the disk */

	int64_t wal_size;    /* as SQLite sees it */
	uint32_t wal_commit; /* the last commit frame written */
	uint32_t wal_synced; /* the last one known to be on the disk */
	int64_t pending_at;  /* offset of the frame header held; 0: none */
	uint8_t pending[FRAME_HEADER_BYTES];
	uint8_t frame[FRAME_BYTES]; /* sealed, on its way */
	uint8_t clear[FRAME_BYTES]; /* opened, on its way */
};

/* vfs_page.c; the reserve of `clear` is zero after page_open(). */
void page_seal(const struct vfs *vfs, const struct place *place,
    const uint8_t *clear, uint8_t *sealed);
int page_open(const struct vfs *vfs, const struct place *place,
    const uint8_t *sealed, uint8_t *clear);
bool page_reserve_is_zero(const uint8_t *clear);
/*
 * Zeroes the part of a page of a table or an index in which there is nothing:
 * where SQLite moves rows it leaves what they were, also with secure_delete.
 */
void page_tidy(uint32_t page, uint8_t *clear);
/* Masks or unmasks the checksum in the header of a sealed frame. */
void frame_mask(
    const struct vfs *vfs, const uint8_t *sealed_page, uint8_t *frame_header);
void wal_place(const struct vfs *vfs, const uint8_t *frame_header,
    uint32_t frame, struct place *place);

/* vfs_db.c, vfs_wal.c */
extern const sqlite3_io_methods vfs_db_methods, vfs_wal_methods;
int db_file_opened(struct vfs *vfs, struct vfs_file *file);
int64_t frame_offset(uint32_t frame); /* from 1 */

/* vfs_scan.c: sets vfs->wal_size. */
int wal_scan(struct vfs *vfs, sqlite3_file *real);

/*
 * vfs_header.c: header_forget_wal() says that no WAL counts, once all of it
 * is in the database and synced.
 */
int header_store(struct vfs *vfs);
int header_forget_wal(struct vfs *vfs);

/* vfs_rules.c */
int rules_pragma(const struct vfs *vfs, char **args);

/* vfs_trouble.c: records, and gives `code` back. */
int trouble_set(struct vfs *vfs, enum trouble_kind kind, uint32_t number,
    int64_t offset, int code);
/*
 * For a read that failed with `code`: only one that ends early is damage; a
 * disk that does not answer says nothing of what is on it.
 */
int trouble_read(struct vfs *vfs, enum trouble_kind kind, uint32_t number,
    int64_t offset, int code);

/* Common methods that pass through. */
int file_lock(sqlite3_file *file, int level);
int file_unlock(sqlite3_file *file, int level);
int file_check_lock(sqlite3_file *file, int *held);
int file_sector_size(sqlite3_file *file);
int file_characteristics(sqlite3_file *file);
int file_control(sqlite3_file *file, int op, void *arg);

#endif
