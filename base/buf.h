/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Growing bytes.  The bytes are always followed by a NUL that `len` does not
 * count, so that `buf.data` can be used as a string.  A buffer has a maximum;
 * what would pass it is dropped and the buffer says so with buf_is_full(), so
 * that a long series of additions is checked once, at its end.
 *
 * Starts with BUF_INIT or buf_init(); ends with buf_release().
 */
struct buf {
	char *data; /* "" until something was added; never NULL */
	size_t len, room, max;
	bool full; /* something was dropped */
};

enum { BUF_MAX_BYTES = 256 * 1024 * 1024 }; /* where no other is given */

extern char buf_empty[1];
#define BUF_INIT                                        \
	{                                               \
		.data = buf_empty, .max = BUF_MAX_BYTES \
	}

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);      /* may be used again after it */
void buf_wipe_release(struct buf *buf); /* the same, bytes zeroed before */
void buf_clear(struct buf *buf);        /* keeps the memory */

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_char(struct buf *buf, char c);
void buf_add_text(struct buf *buf, const char *text);
void buf_addf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Shortens to `len` bytes, which must not be more than there are. */
void buf_cut(struct buf *buf, size_t len);

/* Hands the bytes over: the caller's to free.  The buffer is empty after. */
char *buf_detach(struct buf *buf);

bool buf_is_full(const struct buf *buf);

/* 0, or ERR_LIMIT with "<what> is larger than N bytes". */
int buf_check(const struct buf *buf, const char *what, struct err *err);

/* Numbers in files: fixed width, little or big end first. */
uint32_t load_le32(const uint8_t *from);
uint64_t load_le64(const uint8_t *from);
uint32_t load_be32(const uint8_t *from);
void store_le32(uint8_t *to, uint32_t value);
void store_le64(uint8_t *to, uint64_t value);

#endif
