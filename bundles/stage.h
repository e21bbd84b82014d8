/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_STAGE_H
#define BUNDLES_STAGE_H

#include <stdint.h>

#include "base/archive.h"
#include "base/error.h"

/*
 * A place for clear bytes on their way into a bundle: an unlinked file beside
 * the vault, age-encrypted to a key that is made for it and never leaves
 * memory.  Written once, then read once.
 */
struct stage;

struct stage *stage_open(const char *folder, struct err *err);
void stage_close(struct stage *stage); /* NULL is allowed */

/* What is written goes in; stage_turn() ends that and begins the reading. */
struct byte_sink stage_sink(struct stage *stage);
int stage_turn(struct stage *stage, struct err *err);
struct byte_source stage_source(struct stage *stage);

uint64_t stage_size(const struct stage *stage); /* clear bytes written */
/* BLAKE2b-512 of them, after stage_turn(). */
const uint8_t *stage_prehash(const struct stage *stage);

/* A descriptor, read or written from where it stands. */
struct fd_stream {
	int fd;
	const char *name; /* borrowed; for messages */
};

struct byte_source fd_source(struct fd_stream *stream);
struct byte_sink fd_sink(struct fd_stream *stream);

#endif
