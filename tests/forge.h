/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include "tests/parties.h"

#include "base/buf.h"
#include "crypto/minisign.h"

/*
 * A bundle taken apart, to be put together again with something wrong in it
 * and a right signature over that.
 */
enum { FORGE_MEMBERS_MAX = 16 };

struct forge_member {
	char name[128];
	struct buf bytes;
};

struct forge {
	struct forge_member members[FORGE_MEMBERS_MAX];
	size_t count;
	char trusted[MINISIGN_SIGNATURE_MAX]; /* the trusted comment */
	bool plain_names; /* false: any name, packed by hand and zstd */
};

/* Opens a good bundle as one of its readers. */
void forge_open(struct forge *forge, struct party *reader, const char *path);
void forge_release(struct forge *forge);

struct forge_member *forge_member(struct forge *forge, const char *part);
struct forge_member *forge_add(
    struct forge *forge, const char *name, const char *text);

/* Brings sizes and digests in the manifest up to date. */
void forge_remanifest(struct forge *forge);
/* Replaces the first `from` in a member's text. */
void forge_replace(
    struct forge_member *member, const char *from, const char *to);

/* Signs as `signer`, encrypts to `reader`. */
void forge_write(struct forge *forge, struct party *signer,
    const struct party *reader, const char *path);

/* The inner archive alone. */
void forge_pack(struct forge *forge, struct buf *out);

#endif
