/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_INTAKE_H
#define BUNDLES_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/archive.h"
#include "base/error.h"
#include "bundles/bundle.h"
#include "bundles/lacking.h"
#include "bundles/manifest.h"
#include "bundles/stage.h"
#include "crypto/hash.h"
#include "crypto/minisign.h"
#include "storage/identity.h"

struct vault;

/*
 * A bundle on its way in, and the parts of the way: import.c stages, leads
 * and commits; import_door.c checks who signed; import_members.c reads what
 * is inside; import_effect.c lets it have effect.  For those files only.
 */

/* The card of a device, from the bundle itself. */
struct intake_card {
	char device[ID_MAX];
	uint8_t sign_public[32];
};

/* A heads statement that was not held. */
struct intake_heads {
	char device[ID_MAX];
	struct hash hash;
};

/*
 * INTAKE_DRY rolls back; INTAKE_PEEK does all but keep what is refused, inside
 * a transaction of the caller, who rolls that back.
 */
enum intake_mode { INTAKE_KEEP, INTAKE_DRY, INTAKE_PEEK };

int intake_run(struct vault *vault, const char *path, enum intake_mode mode,
    const struct progress_report *progress, struct import_summary *summary,
    struct err *err);

struct intake {
	struct vault *vault;
	const struct progress_report *progress; /* or NULL */
	struct import_summary *summary;
	enum intake_mode mode;
	bool bare; /* members without zstd around them: the fuzz target */
	const char *place; /* where we are, for the quarantine */
	bool staged;       /* all of the ciphertext was copied */

	/* The ciphertext. */
	const char *name; /* of the file, without folders; for messages */
	struct fd_stream file;
	struct hash digest;

	/* From the door. */
	struct roster_entry sender;
	uint8_t prehash[MINISIGN_PREHASH_BYTES];
	int64_t counter;
	struct hash heads;

	/* From inside. */
	struct manifest manifest;
	uint64_t done, total;
	struct intake_card *cards; /* by device */
	size_t card_count, card_room;
	struct hash *heads_seen; /* heads statements inside, sorted by then */
	size_t heads_count, heads_room;
	struct intake_heads *new_heads;
	size_t new_heads_count, new_heads_room;
	struct lacking lacking; /* of our own events */
	struct hash own_heads;  /* a statement of ours made elsewhere */
	bool has_own_heads;
	bool roster_changed, has_heads;
	size_t new_statements, new_files;
};

/*
 * Reads the signature and hashes what it signs; then `sender`, `prehash`,
 * `counter` and `heads` are known.  Nothing is inflated or parsed before.
 */
int intake_door(struct intake *intake, struct err *err);

/* Decrypts from the start and stands before the body. */
struct plain {
	const char *name; /* borrowed */
	struct byte_source cipher, clear;
	struct age_reader *age;
	struct outer *outer;
};

int plain_open(struct intake *intake, struct plain *plain,
    struct buf *signature, struct err *err);
void plain_close(struct plain *plain); /* zeroed is allowed */

/* Reads every member of the inner archive from `body` into the vault. */
int intake_members(
    struct intake *intake, const struct byte_source *body, struct err *err);

/* The parts of that: one line of statements; one chain; both checked. */
int intake_statements(struct intake *intake, struct archive_reader *archive,
    struct hasher *hasher, struct err *err);
int intake_chain(struct intake *intake, struct archive_reader *archive,
    const struct manifest_chain *chain, struct hasher *hasher, struct err *err);

/* Counts `more` bytes as done and asks whether to go on. */
int intake_tell(struct intake *intake, uint64_t more, struct err *err);

/* Lines of at most `max` bytes go to `each` without their newline. */
struct line_sink {
	size_t max;
	int (*each)(void *arg, const char *line, size_t len, size_t number,
	    struct err *err);
	void *arg;
};

/* Reads the lines of a member. */
int intake_lines(struct intake *intake, struct archive_reader *archive,
    struct hasher *hasher, const struct line_sink *sink, struct err *err);

/* Judges, projects, counts, and makes the receipt unless dry. */
int intake_effect(struct intake *intake, struct err *err);

#endif
