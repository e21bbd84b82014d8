/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_COPY_H
#define STORAGE_VAULT_COPY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/progress.h"

/* Large copies between files, with progress; inside storage/ only. */

enum { COPY_BYTES = 1024 * 1024 };

struct copying {
	const char *from, *to; /* for messages */
	int from_fd, to_fd;
	const struct progress *progress;
	uint64_t done, total; /* of the progress, in bytes */
};

/* Copies `len` bytes at `offset`, to the same offset. */
int copy_bytes(
    struct copying *copying, uint64_t offset, uint64_t len, struct err *err);

/* Reads exactly `len` bytes; ERR_FORMAT when the file ends before. */
int read_whole(int fd, const char *name, void *to, size_t len, uint64_t offset,
    struct err *err);

/* Syncs, and asks the system to forget what it holds, so that what is read
 * next comes from the medium as far as the system can tell. */
int sync_and_forget(int fd, const char *name, struct err *err);

#endif
