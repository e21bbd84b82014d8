/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Files.  A file is made under a temporary name beside its place, synced and
 * renamed, so that a name holds either the whole new content or what it held
 * before.  Messages name the path.
 */

/* Reads the whole of `path` into `out`, at most out->max bytes. */
int file_read(const char *path, struct buf *out, struct err *err);
int file_read_fd(int fd, const char *path, struct buf *out, struct err *err);

/*
 * A file under way.  Write to `fd`, then file_finish(), which syncs and takes
 * the name; file_abandon() takes the temporary file away.  After either the
 * struct is empty, and abandoning an empty one does nothing.
 */
struct new_file {
	int fd;
	char *path, *temporary;
};

#define NEW_FILE_INIT    \
	{                \
		.fd = -1 \
	}

/*
 * `mode` as for open(2): 0600 for what is in clear or a vault.  ERR_USAGE where
 * the name is that of a folder, a device or a pipe.
 */
int file_begin(
    struct new_file *file, const char *path, mode_t mode, struct err *err);
int file_finish(struct new_file *file, struct err *err);
void file_abandon(struct new_file *file);

int file_write_all(
    int fd, const void *bytes, size_t len, const char *path, struct err *err);

/* file_begin(), file_write_all() and file_finish() in one. */
int file_write(const char *path, const void *bytes, size_t len, mode_t mode,
    struct err *err);

/* Syncs the folder that holds `path`, so that a rename in it lasts. */
int file_sync_folder(const char *path, struct err *err);

/* Makes a folder and those above it, mode 0700; being there is no error. */
int file_make_folders(const char *path, struct err *err);

/*
 * An unlinked file in `folder` (NULL: TMPDIR, else /var/tmp); closing it ends
 * it.  For bytes that are already encrypted.  Returns the descriptor or -1.
 */
int file_open_unlinked(const char *folder, struct err *err);

/*
 * ERR_FULL where the disk that has, or would have, `path` has less than
 * `bytes` free for us; 0 also where it does not say.  Only writing tells for
 * sure.
 */
int file_check_room(const char *path, uint64_t bytes, struct err *err);

bool file_exists(const char *path);

/* "folder/name"; the caller's to free. */
char *file_join(const char *folder, const char *name);

/* The last part of `path`; borrowed from it. */
const char *file_name(const char *path);

#endif
