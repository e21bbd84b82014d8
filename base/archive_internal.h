/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARCHIVE_INTERNAL_H
#define BASE_ARCHIVE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/archive.h"
#include "base/error.h"

/*
 * What reading tar (archive.c), reading zip (archive_zip.c) and writing tar
 * (archive_write.c) share: the names of members and what is said when an
 * archive is refused (archive_names.c).
 */

struct archive; /* libarchive's */

enum { ARCHIVE_PIECE_BYTES = 64 * 1024 }; /* what is moved at a time */

/* The names seen so far; zeros are none. */
struct archive_names {
	void *tree;
};

/* Copies `name`; false when it was there before. */
bool archive_names_add(struct archive_names *names, const char *name);
void archive_names_release(struct archive_names *names);

/* A relative path without an empty part, "." or "..". */
bool archive_name_is_plain(const char *name);

/* A plain name that a ustar header holds, of [A-Za-z0-9._/-] only. */
bool archive_name_is_tar(const char *name);

/*
 * Each says why the archive called `archive` is refused; always -1.  The codes
 * are ERR_FORMAT for a name that is not allowed (NULL: none could be read) or
 * there twice, ERR_LIMIT for a size or a count above `max`.
 */
int archive_refuse_name(const char *archive, const char *name, struct err *err);
int archive_refuse_twice(
    const char *archive, const char *name, struct err *err);
int archive_refuse_size(
    const char *archive, const char *name, uint64_t max, struct err *err);
int archive_refuse_count(const char *archive, size_t max, struct err *err);

/* What libarchive says of the archive called `name`: ERR_FORMAT; always -1. */
int archive_refuse_damaged(
    struct archive *archive, const char *name, struct err *err);

#endif
