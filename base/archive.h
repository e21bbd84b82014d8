/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARCHIVE_H
#define BASE_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Archives through libarchive: zip, ustar and zstd and nothing else.  Every
 * member is a regular file with a plain relative name ([A-Za-z0-9._/-] in
 * tar; any UTF-8 in zip; no "..", no "." part, no leading "/"); a name twice
 * is ERR_FORMAT; counts and inflated bytes are limited while reading, so a
 * bomb ends with ERR_LIMIT long before memory does.
 */

struct archive_limits {
	size_t members;        /* files in it */
	uint64_t member_bytes; /* of one, inflated */
	uint64_t total_bytes;  /* of all, inflated */
};

/*
 * Bytes come from `read`: at most `room` into `to`; returns how many, 0 at
 * the end, -1 with err set.
 */
struct byte_source {
	ssize_t (*read)(void *arg, void *to, size_t room, struct err *err);
	void *arg;
};

/* Bytes go to `write`: all `len` of them or -1 with err set. */
struct byte_sink {
	int (*write)(void *arg, const void *from, size_t len, struct err *err);
	void *arg;
};

struct archive_reader;

enum archive_kind { ARCHIVE_TAR, ARCHIVE_TAR_ZSTD };

/* Reads a tar from front to back.  `name` is for messages; copied. */
struct archive_reader *archive_open(enum archive_kind kind, const char *name,
    const struct byte_source *source, const struct archive_limits *limits,
    struct err *err);
void archive_close(struct archive_reader *reader); /* NULL is allowed */

/*
 * Goes to the next member.  Returns 1 with `*member` (borrowed until the next
 * call) and `*size`, 0 at the end, -1 with err.
 */
int archive_next(struct archive_reader *reader, const char **member,
    uint64_t *size, struct err *err);

/* Reads on in the member: bytes read, 0 at its end, -1 with err. */
ssize_t archive_read_some(
    struct archive_reader *reader, void *to, size_t room, struct err *err);

/* Reads the rest of the member into `out`. */
int archive_read_rest(
    struct archive_reader *reader, struct buf *out, struct err *err);

/*
 * Reads a zip that is wholly in memory and hands every member to `each`; a
 * return of -1 from it (with err set) ends the walk.
 */
int archive_walk_zip(const void *bytes, size_t len, const char *name,
    const struct archive_limits *limits,
    int (*each)(void *arg, const char *member, const char *data, size_t size,
	struct err *err),
    void *arg, struct err *err);

/*
 * Writes a ustar, through zstd level 3 for ARCHIVE_TAR_ZSTD: mode 0644, owner
 * 0, time 0, so that the same members give the same bytes.
 */
struct archive_writer;

struct archive_writer *archive_create(enum archive_kind kind, const char *name,
    const struct byte_sink *sink, struct err *err);
int archive_begin_member(struct archive_writer *writer, const char *member,
    uint64_t size, struct err *err);
int archive_write_some(struct archive_writer *writer, const void *bytes,
    size_t len, struct err *err);
int archive_add(struct archive_writer *writer, const char *member,
    const void *bytes, size_t len, struct err *err);
/* Writes what is left and frees; on failure the output is incomplete. */
int archive_finish(struct archive_writer *writer, struct err *err);
void archive_abandon(struct archive_writer *writer); /* NULL is allowed */

#endif
