/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_OUTER_H
#define BUNDLES_OUTER_H

#include <stdint.h>

#include "base/archive.h"
#include "base/buf.h"
#include "base/error.h"

/*
 * The plain ustar around a signature and what it signs.  It is read before
 * the signature is checked, so nothing is left to a library or to choice: a
 * header must be, byte for byte, the one that we write for its name and size.
 */
#define OUTER_SIGNATURE "bundle.tar.zst.minisig"
#define OUTER_BODY "bundle.tar.zst"
#define OUTER_BODY_MAX (((uint64_t)1 << 33) - 1) /* eleven octal digits */

/* Writes all of it; the body is `size` bytes of `body`. */
int outer_write(const struct buf *signature, const struct byte_source *body,
    uint64_t size, const struct byte_sink *sink, struct err *err);

/* Reading, front to back. */
struct outer {
	const struct byte_source *source; /* borrowed */
	const char *name; /* of the bundle, for messages; borrowed */
	uint64_t left, padding;
};

/* Reads up to the body: the signature's text goes to `signature`. */
int outer_open(struct outer *outer, const struct byte_source *source,
    const char *name, struct buf *signature, struct err *err);

/* Reads the body: bytes, or 0 at its end, when the end was also checked. */
ssize_t outer_read(struct outer *outer, void *to, size_t room, struct err *err);

#endif
