/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_MANIFEST_H
#define BUNDLES_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "crypto/age.h"
#include "crypto/hash.h"
#include "crypto/ids.h"
#include "crypto/minisign.h"

/*
 * manifest.json, the first member: who sends what to whom, and every other
 * member with its size and digest, in the order in which they stand.
 * doc/formats/bundle.md has its fields.
 */
#define MANIFEST_FORMAT "ronde/bundle/1"
#define MANIFEST_NAME "manifest.json"

enum {
	MANIFEST_BYTES_MAX = 64 * 1024 * 1024,
	MANIFEST_NAME_MAX = 96, /* of a member, with the NUL */
	CHAIN_EVENTS_MAX = 1000 * 1000
};

/* In the order in which they stand. */
enum member_kind {
	MEMBER_STATEMENTS,
	MEMBER_CHECKLIST,
	MEMBER_EVENTS,
	MEMBER_BLOB
};

struct manifest_file {
	char name[MANIFEST_NAME_MAX];
	enum member_kind kind;
	uint64_t size;
	struct hash digest;
};

struct manifest_chain {
	char subject[ID_MAX], device[ID_MAX];
	int64_t first, last, events;
};

struct manifest {
	char device[ID_MAX], person[ID_MAX]; /* the sender */
	struct minisign_public minisign_public;
	uint8_t sign_public[32];
	struct age_recipient age_recipient;
	struct age_recipient *recipients;
	size_t recipient_count;
	int64_t time;
	struct hash heads; /* the sender's heads statement */
	bool has_receipt;
	struct hash receipt;           /* the last one seen from a recipient */
	struct manifest_chain *chains; /* one for each member of events */
	size_t chain_count, chain_room;
	struct manifest_file *files;
	size_t file_count, file_room;
};

void manifest_release(struct manifest *manifest); /* zeroed is allowed */

struct manifest_file *manifest_add_file(struct manifest *manifest,
    enum member_kind kind, const char *name, uint64_t size,
    const struct hash *digest);
struct manifest_chain *manifest_add_chain(struct manifest *manifest);

/* The name of a member. */
void manifest_digest_name(enum member_kind kind, const struct hash *digest,
    char name[MANIFEST_NAME_MAX]);
void manifest_chain_name(
    const char *subject, const char *device, char name[MANIFEST_NAME_MAX]);

void manifest_write(const struct manifest *manifest, struct buf *out);

/*
 * Reads it strictly: every field and none besides, every member by the name
 * that its kind gives it, in order, none twice.  ERR_FORMAT, ERR_LIMIT,
 * ERR_UNSUPPORTED (a later format).
 */
int manifest_read(
    const char *text, size_t len, struct manifest *manifest, struct err *err);

#endif
