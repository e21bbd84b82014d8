/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_AGE_HEADER_H
#define CRYPTO_AGE_HEADER_H

#include "crypto/age.h"
#include "crypto/primitive.h"

/*
 * The header of an age file: who may open it, and the key that they find
 * there.  Inside crypto/ only.
 *
 * A header is read whole and strictly before any key is tried, so that a
 * malformed file is called malformed whatever keys one has.
 */
enum {
	AGE_FILE_KEY_BYTES = 16,
	AGE_BODY_BYTES = AGE_FILE_KEY_BYTES + CHACHA_TAG_BYTES,
	AGE_SALT_BYTES = 16,
	AGE_HEADER_MAX = 256 * 1024 /* bytes of the whole header */
};

/* Bytes of a source, read ahead a little. */
struct age_input {
	struct byte_source source;
	size_t at, len;
	bool ended;
	uint8_t held[4096];
};

/* Reads until `room` is full or the source ends: bytes read, -1 with err. */
ssize_t age_input_read(
    struct age_input *input, void *to, size_t room, struct err *err);

enum age_kind { AGE_OTHER, AGE_X25519, AGE_SCRYPT };

struct age_stanza {
	enum age_kind kind;
	uint8_t share[X25519_BYTES];  /* of AGE_X25519 */
	uint8_t salt[AGE_SALT_BYTES]; /* of AGE_SCRYPT */
	int work_factor;              /* of AGE_SCRYPT */
	uint8_t body[AGE_BODY_BYTES];
};

struct age_header {
	struct buf text; /* what the MAC covers: up to "---" with it */
	size_t lines;    /* read so far, for messages */
	size_t count, x25519_count;
	struct age_stanza stanzas[AGE_STANZAS_MAX];
	uint8_t mac[SHA256_BYTES];
};

struct age_header *age_header_read(struct age_input *input, struct err *err);
void age_header_free(struct age_header *header); /* NULL is allowed */

/* The file key, after the MAC was right with it. */
struct secret *age_header_open(const struct age_header *header,
    const struct secret *const *identities, size_t count, struct err *err);
struct secret *age_header_open_passphrase(const struct age_header *header,
    const struct secret *passphrase, struct err *err);

/* Adds a whole header for a file key to `out`. */
int age_header_write(const struct secret *file_key,
    const struct age_recipient *recipients, size_t count, struct buf *out,
    struct err *err);
int age_header_write_passphrase(const struct secret *file_key,
    const struct secret *passphrase, int work_factor, struct buf *out,
    struct err *err);

/*
 * The key that wraps the file key for a holder of `shared`; and, inside the
 * header, the MAC of `len` bytes.
 */
struct secret *age_x25519_wrap_key(const uint8_t shared[X25519_BYTES],
    const uint8_t share[X25519_BYTES], const uint8_t recipient[X25519_BYTES]);
struct secret *age_scrypt_wrap_key(const struct secret *passphrase,
    const uint8_t salt[AGE_SALT_BYTES], int work_factor, struct err *err);
void age_header_mac(const struct secret *file_key, const char *text, size_t len,
    uint8_t mac[SHA256_BYTES]);

#endif
