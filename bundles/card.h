/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_CARD_H
#define BUNDLES_CARD_H

#include "base/buf.h"
#include "base/error.h"
#include "crypto/ids.h"
#include "storage/identity.h"
#include "storage/statement.h"

struct vault;

enum { CARD_FILE_MAX = 64 * 1024 }; /* bytes; a card has about a thousand */

/*
 * A card says who somebody is: person, name, organisation, role, the device
 * and its public keys, self-signed.  As a file it is a few lines to read
 * aloud and the statement's line; only that line counts.
 */
struct card {
	char device[ID_MAX], person[ID_MAX];
	char *name, *organisation; /* owned */
	enum role role;            /* as claimed */
	uint8_t sign_public[32];
	struct minisign_public minisign_public;
	struct age_recipient age_recipient;
	char fingerprint[FINGERPRINT_MAX]; /* over all public keys */
	char *line;                        /* the statement; owned */
};

void card_release(struct card *card);

/* This vault's own card; made as a statement the first time. */
int card_own(struct vault *vault, struct card *card, struct err *err);

/*
 * Reads a card from a statement, or from a file's text that has such a line
 * (the text of card_write(), the bare line, or JSON with a "card" member).
 * Checks the signature and that the device id follows from the keys.
 */
int card_of_statement(
    const struct statement *statement, struct card *card, struct err *err);
int card_read(const char *text, size_t len, const char *what, struct card *card,
    struct err *err);

/* Adds the card as a file: lines for people, then the statement. */
void card_write(const struct card *card, struct buf *out);

#endif
