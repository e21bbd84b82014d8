/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_AGE_H
#define CRYPTO_AGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/archive.h"
#include "base/buf.h"
#include "base/error.h"
#include "crypto/secret.h"

/*
 * age v1 files (C2SP age.md): X25519 recipients for bundles, passphrases
 * (scrypt) for the exported key, both streamed; binary, and ASCII armour for
 * reading.  age says nothing of who wrote a file: only the signature inside
 * does.
 */
enum {
	AGE_KEY_BYTES = 32,
	AGE_TEXT_MAX = 96,       /* "age1...", "AGE-SECRET-KEY-1..." */
	AGE_RECIPIENTS_MAX = 64, /* X25519 stanzas that we write or read */
	AGE_STANZAS_MAX = 256,
	AGE_WORK_FACTOR_MAX = 20 /* scrypt: 2^20 is 1 GiB */
};

struct age_recipient {
	uint8_t key[AGE_KEY_BYTES];
};

/* The secret is the X25519 scalar, AGE_KEY_BYTES long. */
struct secret *age_new_identity(struct age_recipient *recipient);
void age_recipient_of(
    const struct secret *identity, struct age_recipient *recipient);

void age_recipient_write(
    const struct age_recipient *recipient, char text[AGE_TEXT_MAX]);
int age_recipient_read(
    const char *text, struct age_recipient *recipient, struct err *err);
/* "AGE-SECRET-KEY-1...", as a secret with its NUL. */
struct secret *age_identity_write(const struct secret *identity);
struct secret *age_identity_read(const char *text, size_t len, struct err *err);

/*
 * Encrypts what is written to the file that `sink` receives.  All sinks and
 * sources are borrowed until the end.
 */
struct age_writer;

struct age_writer *age_encrypt(const struct age_recipient *recipients,
    size_t count, const struct byte_sink *sink, struct err *err);
struct age_writer *age_encrypt_passphrase(const struct secret *passphrase,
    int work_factor, const struct byte_sink *sink, struct err *err);
int age_write(
    struct age_writer *writer, const void *bytes, size_t len, struct err *err);
/* Writes the last chunk and frees. */
int age_finish(struct age_writer *writer, struct err *err);
void age_writer_free(struct age_writer *writer); /* abandons; NULL allowed */

/*
 * Decrypts.  The header is read and checked at once: ERR_NOT_FOUND where no
 * stanza is for these keys or the passphrase is wrong (age cannot tell that
 * from a stanza that was altered), ERR_AUTH where the header's MAC is wrong,
 * ERR_FORMAT, ERR_LIMIT, ERR_UNSUPPORTED (a later version).  age_read() gives
 * ERR_AUTH for whatever is wrong after the header, cut short or altered.  Each
 * chunk is handed out only after its tag was right; the end only after the
 * last one.
 */
struct age_reader;

struct age_reader *age_decrypt(const struct secret *const *identities,
    size_t count, const struct byte_source *source, struct err *err);
struct age_reader *age_decrypt_passphrase(const struct secret *passphrase,
    const struct byte_source *source, struct err *err);
/* Bytes read, 0 at the true end, -1 with err (and then always). */
ssize_t age_read(
    struct age_reader *reader, void *to, size_t room, struct err *err);
void age_reader_free(struct age_reader *reader); /* NULL is allowed */

/* Takes "-----BEGIN AGE ENCRYPTED FILE-----" armour off, strictly. */
int age_dearmor(const char *text, size_t len, struct buf *out, struct err *err);

#endif
