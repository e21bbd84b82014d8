/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_AGE_HELP_H
#define TESTS_AGE_HELP_H

#include "base/buf.h"
#include "crypto/age.h"

/* Bytes in memory as a source that hands out at most `step` at a time. */
struct memory {
	const char *bytes;
	size_t len, at, step;
	size_t fails_at; /* an offset where reading fails; 0: nowhere */
};

struct byte_source memory_source(struct memory *memory);

/* A sink that adds to a buffer, and fails when the buffer is full. */
struct byte_sink buf_sink(struct buf *buf);

/* Reads to the end, `room` at a time; what was released is in `out`. */
int age_read_all(
    struct age_reader *reader, size_t room, struct buf *out, struct err *err);

/* A whole age file for one recipient, and its content again. */
void age_seal_bytes(const struct age_recipient *recipient, const void *bytes,
    size_t len, struct buf *out);
int age_open_bytes(const struct secret *identity, const char *bytes, size_t len,
    struct buf *out, struct err *err);

/* `len` bytes that are not all alike; the caller's to free. */
char *some_bytes(size_t len);

#endif
