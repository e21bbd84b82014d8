/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_STATEMENT_H
#define STORAGE_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/ids.h"

struct vault;

/*
 * A statement is a signed text of a device, one line:
 *
 * ["ronde/heads/1",{"device":"D-...","time":"...",...},"<base64 signature>"]
 *
 * What is signed is the type, a newline, and the exact bytes of the object,
 * by the device's statement key (Ed25519).  Its hash is BLAKE2b-256 of the
 * whole line.
 */
#define STATEMENT_CARD "ronde/card/1"
#define STATEMENT_ENROLMENT "ronde/enrolment/1"
#define STATEMENT_REVOCATION "ronde/revocation/1"
#define STATEMENT_HEADS "ronde/heads/1"
#define STATEMENT_RECEIPT "ronde/receipt/1"

enum { STATEMENT_LINE_MAX = 16 * 1024 * 1024, STATEMENT_TYPE_MAX = 32 };

struct statement {
	char type[STATEMENT_TYPE_MAX], device[ID_MAX];
	int64_t time;
	struct hash hash;
	const char *line; /* borrowed */
	size_t len;
	const char *signed_body; /* inside line */
	size_t signed_len;
	uint8_t signature[64];
	json_t *body; /* owned */
	char *kept;   /* owned: what `line` points to, after statement_find() */
};

/* Takes a line apart, strictly; the signature is not checked here. */
int statement_read(struct statement *statement, const char *line, size_t len,
    const char *what, struct err *err);
void statement_release(struct statement *statement); /* zeroed is allowed */
bool statement_is_signed_by(
    const struct statement *statement, const uint8_t public_key[32]);

/*
 * Signs `body` (which gets "device" and "time" if it has none) with this
 * vault's statement key, stores it, and gives its hash.  No projector runs.
 */
int statement_make(struct vault *vault, const char *type, json_t *body,
    struct hash *hash, struct err *err);

/* 1 new, 0 there already, -1 err.  The caller has checked the signature. */
int statement_insert(
    struct vault *vault, const struct statement *statement, struct err *err);

struct statement_line {
	const char *device; /* all borrowed for the call */
	struct hash hash;
	const char *line;
	size_t len;
};

/*
 * What is known of a statement without reading it: 1 and filled when the one
 * with that hash is held, 0, -1.  Its bytes were checked when it came.
 */
struct statement_mark {
	char type[STATEMENT_TYPE_MAX], device[ID_MAX];
	int64_t counter; /* of the body; 0: none */
};

int statement_find_mark(struct vault *vault, const struct hash *hash,
    struct statement_mark *mark, struct err *err);

/*
 * Calls `each` for the statements of `type` in the order of statement_each(),
 * not parsed: to be passed on as they are.
 */
int statement_each_line(struct vault *vault, const char *type,
    int (*each)(void *arg, const struct statement_line *line, struct err *err),
    void *arg, struct err *err);

/*
 * Calls `each` for the statements of `type` (NULL: all) by `device` (NULL:
 * all), ordered by type, device, "counter" of the body if any, hash.
 */
int statement_each(struct vault *vault, const char *type, const char *device,
    int (*each)(void *arg, const struct statement *statement, struct err *err),
    void *arg, struct err *err);

/* The statement with that hash: 1 and filled (release it), 0, -1. */
int statement_find(struct vault *vault, const struct hash *hash,
    struct statement *statement, struct err *err);

#endif
