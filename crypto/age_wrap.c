/* SPDX-License-Identifier: Apache-2.0 */
/* The file key in stanzas: opening them and writing them. */
#include "crypto/age_header.h"

#include <string.h>

#include "base/i18n.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"

static const char x25519_info[] = "age-encryption.org/v1/X25519";
static const char scrypt_label[] = "age-encryption.org/v1/scrypt";

/* A wrapping key is used once, so its nonce may be zero. */
static const uint8_t zero_nonce[CHACHA_NONCE_BYTES];

struct secret *
age_x25519_wrap_key(const uint8_t shared[X25519_BYTES],
    const uint8_t share[X25519_BYTES], const uint8_t recipient[X25519_BYTES])
{
	struct secret *key = secret_new(CHACHA_KEY_BYTES);
	uint8_t salt[2 * X25519_BYTES];

	memcpy(salt, share, X25519_BYTES);
	memcpy(salt + X25519_BYTES, recipient, X25519_BYTES);
	hkdf_sha256(shared, X25519_BYTES, salt, sizeof(salt), x25519_info,
	    sizeof(x25519_info) - 1, key->data, key->len);
	return key;
}

struct secret *
age_scrypt_wrap_key(const struct secret *passphrase,
    const uint8_t salt[AGE_SALT_BYTES], int work_factor, struct err *err)
{
	struct secret *key = secret_new(CHACHA_KEY_BYTES);
	uint8_t labelled[sizeof(scrypt_label) - 1 + AGE_SALT_BYTES];

	memcpy(labelled, scrypt_label, sizeof(scrypt_label) - 1);
	memcpy(labelled + sizeof(scrypt_label) - 1, salt, AGE_SALT_BYTES);
	if (scrypt_derive(passphrase->data, passphrase->len, labelled,
		sizeof(labelled), work_factor, key->data) == 0)
		return key;
	secret_free(key);
	err_set(err, ERR_LIMIT,
	    _("not enough memory for the passphrase: it needs %llu MiB, close "
	      "other programs"),
	    1ULL << work_factor >> 10);
	return NULL;
}

void
age_header_mac(const struct secret *file_key, const char *text, size_t len,
    uint8_t mac[SHA256_BYTES])
{
	struct secret *key = secret_new(SHA256_BYTES);

	hkdf_sha256(file_key->data, file_key->len, NULL, 0, "header", 6,
	    key->data, key->len);
	hmac_sha256(key->data, key->len, text, len, mac);
	secret_free(key);
}

static int
check_mac(const struct age_header *header, const struct secret *file_key,
    struct err *err)
{
	uint8_t mac[SHA256_BYTES];

	age_header_mac(file_key, header->text.data, header->text.len, mac);
	if (bytes_equal(mac, header->mac, sizeof(mac)))
		return 0;
	return err_set(
	    err, ERR_AUTH, _("the header of the age file was altered"));
}

/* The file key if `wrap_key` opens the stanza; frees `wrap_key`. */
static struct secret *
unwrap(const struct age_stanza *stanza, struct secret *wrap_key)
{
	const struct chacha with = { wrap_key->data, zero_nonce, NULL, 0 };
	struct secret *file_key = secret_new(AGE_FILE_KEY_BYTES);

	if (chacha_open(&with, stanza->body, sizeof(stanza->body),
		file_key->data) < 0) {
		secret_free(file_key);
		file_key = NULL;
	}
	secret_free(wrap_key);
	return file_key;
}

/* Returns 0 with `*file_key` NULL where the stanza is for someone else. */
static int
try_identity(const struct age_stanza *stanza, const struct secret *identity,
    const struct age_recipient *recipient, struct secret **file_key,
    struct err *err)
{
	struct secret *shared = secret_new(X25519_BYTES);
	int result = 0;

	if (x25519(identity->data, stanza->share, shared->data) < 0)
		result = err_set(err, ERR_FORMAT,
		    _("the age file has a recipient that gives no secret"));
	else
		*file_key = unwrap(stanza,
		    age_x25519_wrap_key(
			shared->data, stanza->share, recipient->key));
	secret_free(shared);
	return result;
}

static int
try_stanzas(const struct age_header *header, const struct secret *identity,
    struct secret **file_key, struct err *err)
{
	struct age_recipient recipient;

	age_recipient_of(identity, &recipient);
	for (size_t i = 0; i < header->count && !*file_key; i++)
		if (header->stanzas[i].kind == AGE_X25519 &&
		    try_identity(&header->stanzas[i], identity, &recipient,
			file_key, err) < 0)
			return -1;
	return 0;
}

/* Hands `file_key` on if the MAC is right with it; else frees it. */
static struct secret *
proven(
    const struct age_header *header, struct secret *file_key, struct err *err)
{
	if (check_mac(header, file_key, err) == 0)
		return file_key;
	secret_free(file_key);
	return NULL;
}

struct secret *
age_header_open(const struct age_header *header,
    const struct secret *const *identities, size_t count, struct err *err)
{
	struct secret *file_key = NULL;

	for (size_t i = 0; i < count && !file_key; i++)
		if (try_stanzas(header, identities[i], &file_key, err) < 0)
			return NULL;
	if (file_key)
		return proven(header, file_key, err);
	if (header->stanzas[0].kind == AGE_SCRYPT)
		err_set(err, ERR_NOT_FOUND,
		    _("the age file is for a passphrase, not for a key"));
	else
		err_set(err, ERR_NOT_FOUND,
		    _("the age file is not for this key: ask its sender to "
		      "encrypt it for you"));
	return NULL;
}

struct secret *
age_header_open_passphrase(const struct age_header *header,
    const struct secret *passphrase, struct err *err)
{
	const struct age_stanza *stanza = &header->stanzas[0];
	struct secret *file_key, *wrap_key;

	if (stanza->kind != AGE_SCRYPT) {
		err_set(err, ERR_NOT_FOUND,
		    _("the age file is for keys, not for a passphrase"));
		return NULL;
	}
	wrap_key = age_scrypt_wrap_key(
	    passphrase, stanza->salt, stanza->work_factor, err);
	if (!wrap_key)
		return NULL;
	file_key = unwrap(stanza, wrap_key);
	if (file_key)
		return proven(header, file_key, err);
	err_set(err, ERR_NOT_FOUND,
	    _("wrong passphrase for the age file, or the file was altered"));
	return NULL;
}

static void
add_base64(struct buf *out, const void *bytes, size_t len)
{
	char text[BASE64_MAX_OF_64];

	base64_write(bytes, len, false, text, sizeof(text));
	buf_add_text(out, text);
	buf_add_char(out, '\n');
}

/* The body of 43 characters is one short line; frees `wrap_key`. */
static void
add_body(
    struct buf *out, struct secret *wrap_key, const struct secret *file_key)
{
	const struct chacha with = { wrap_key->data, zero_nonce, NULL, 0 };
	uint8_t body[AGE_BODY_BYTES];

	chacha_seal(&with, file_key->data, file_key->len, body);
	add_base64(out, body, sizeof(body));
	secret_free(wrap_key);
}

static int
add_x25519(struct buf *out, const struct secret *file_key,
    const struct age_recipient *recipient, struct err *err)
{
	struct age_recipient share;
	struct secret *ephemeral = age_new_identity(&share);
	struct secret *shared = secret_new(X25519_BYTES);
	int result = 0;

	if (x25519(ephemeral->data, recipient->key, shared->data) < 0) {
		result = err_set(err, ERR_FORMAT,
		    _("a recipient's key is not one that can be used"));
		goto out;
	}
	buf_add_text(out, "-> X25519 ");
	add_base64(out, share.key, sizeof(share.key));
	add_body(out,
	    age_x25519_wrap_key(shared->data, share.key, recipient->key),
	    file_key);
out:
	secret_free(shared);
	secret_free(ephemeral);
	return result;
}

static int
add_end(struct buf *out, const struct secret *file_key, struct err *err)
{
	uint8_t mac[SHA256_BYTES];

	buf_add_text(out, "---");
	age_header_mac(file_key, out->data, out->len, mac);
	buf_add_char(out, ' ');
	add_base64(out, mac, sizeof(mac));
	return buf_check(out, _("the header of the age file"), err);
}

int
age_header_write(const struct secret *file_key,
    const struct age_recipient *recipients, size_t count, struct buf *out,
    struct err *err)
{
	if (count == 0)
		return err_set(err, ERR_USAGE,
		    _("nobody to encrypt for: name a recipient"));
	if (count > AGE_RECIPIENTS_MAX)
		return err_set(err, ERR_LIMIT,
		    _("%zu recipients for one file, where %d is the most"),
		    count, AGE_RECIPIENTS_MAX);
	buf_add_text(out, "age-encryption.org/v1\n");
	for (size_t i = 0; i < count; i++)
		if (add_x25519(out, file_key, &recipients[i], err) < 0)
			return -1;
	return add_end(out, file_key, err);
}

int
age_header_write_passphrase(const struct secret *file_key,
    const struct secret *passphrase, int work_factor, struct buf *out,
    struct err *err)
{
	uint8_t salt[AGE_SALT_BYTES];
	char text[BASE64_MAX_OF_64];
	struct secret *wrap_key;

	if (work_factor < 1 || work_factor > AGE_WORK_FACTOR_MAX)
		return err_set(err, ERR_LIMIT,
		    _("the work for a passphrase is 2^1 to 2^%d, not 2^%d"),
		    AGE_WORK_FACTOR_MAX, work_factor);
	random_bytes(salt, sizeof(salt));
	wrap_key = age_scrypt_wrap_key(passphrase, salt, work_factor, err);
	if (!wrap_key)
		return -1;
	base64_write(salt, sizeof(salt), false, text, sizeof(text));
	buf_add_text(out, "age-encryption.org/v1\n");
	buf_addf(out, "-> scrypt %s %d\n", text, work_factor);
	add_body(out, wrap_key, file_key);
	return add_end(out, file_key, err);
}
