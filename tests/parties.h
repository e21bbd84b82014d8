/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PARTIES_H
#define TESTS_PARTIES_H

#include "tests/support.h"

#include "base/error.h"
#include "bundles/bundle.h"
#include "bundles/card.h"
#include "bundles/trust.h"
#include "storage/vault.h"

/*
 * People with vaults for the tests of bundles/, with a projector and contents
 * of their own, since those of inspections/ lie a layer above: an event's
 * body may name a "text", a "form", a "blob", a "site" and whom it is "for".
 * Every function fails the test when it cannot do what it says.
 */
struct party {
	char *path;
	struct vault *vault;
	struct card card;
};

extern const struct projector *const party_projectors[];
extern const struct bundle_contents party_contents;

/* From now on with these instead; for tests of the whole. */
void party_use(const struct projector *const *projectors,
    const struct bundle_contents *contents);

void party_new(
    struct party *party, const char *folder, const char *name, enum role role);
void party_new_of(struct party *party, const char *folder, const char *name,
    enum role role, const char *organisation);
void party_close(struct party *party);

/* The same vault again, from the file `from` (copied to party->path). */
void party_copy(struct party *copy, const struct party *party, const char *to);
void party_open(struct party *party);

/* `party` enrols `other`, in the role of the card. */
void party_trust(struct party *party, const struct party *other);
void party_know(struct party *one, struct party *other); /* both ways */

/* Adds an event; the texts may be NULL. */
struct hash party_note(
    struct party *party, const char *subject, const char *text);
struct hash party_note_with(struct party *party, const char *subject,
    const char *key, const char *value);

/* To one or two others (the second may be NULL). */
void party_export(struct party *party, const char *path, const struct party *to,
    const struct party *and_to, bool full);
void party_import(struct party *party, const char *path);
/* Must be refused with that code; the vault must be as it was. */
void party_refuse(struct party *party, const char *path, enum err_code code);

/* Gives `to` every statement of `from` (all: also those of others). */
void party_tell(struct party *from, struct party *to);

struct hash party_digest(struct party *party);

size_t party_statements(struct party *party); /* how many it holds */

/* The judgement on a chain; its reason "" when it is good. */
struct chain party_chain(
    struct party *party, const char *subject, const char *device);

#endif
