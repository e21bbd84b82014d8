/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/minisign.h"

#include <assert.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/primitive.h"

/* As they stand in the files, in base64; only byte arrays. */
struct packed_key {
	char algorithm[2]; /* "Ed" */
	uint8_t number[MINISIGN_NUMBER_BYTES];
	uint8_t key[MINISIGN_PUBLIC_BYTES];
};

struct packed_signature {
	char algorithm[2]; /* "ED": prehashed; "Ed" is the legacy form */
	uint8_t number[MINISIGN_NUMBER_BYTES];
	uint8_t signature[ED25519_BYTES];
};

static const char untrusted_prefix[] = "untrusted comment: ";
static const char trusted_prefix[] = "trusted comment: ";

void
minisign_new(struct minisign_secret *secret, struct minisign_public *public_key)
{
	secret->key = secret_new(ED25519_SECRET_BYTES);
	random_bytes(secret->number, sizeof(secret->number));
	ed25519_new(public_key->key, secret->key->data);
	memcpy(public_key->number, secret->number, sizeof(secret->number));
}

void
minisign_secret_release(struct minisign_secret *secret)
{
	secret_free(secret->key);
	secret->key = NULL;
}

void
minisign_public_write(
    const struct minisign_public *key, char text[MINISIGN_TEXT_MAX])
{
	struct packed_key packed = { .algorithm = { 'E', 'd' } };

	memcpy(packed.number, key->number, sizeof(packed.number));
	memcpy(packed.key, key->key, sizeof(packed.key));
	base64_write(&packed, sizeof(packed), true, text, MINISIGN_TEXT_MAX);
}

int
minisign_public_read(
    const char *text, struct minisign_public *key, struct err *err)
{
	struct packed_key packed;
	size_t len;

	if (!base64_read(text, strnlen(text, MINISIGN_TEXT_MAX), true, &packed,
		sizeof(packed), &len) ||
	    len != sizeof(packed) || memcmp(packed.algorithm, "Ed", 2) != 0)
		return err_set(err, ERR_FORMAT,
		    _("not a public key of minisign: it is one line of 56 "
		      "characters that starts with RW"));
	memcpy(key->number, packed.number, sizeof(key->number));
	memcpy(key->key, packed.key, sizeof(key->key));
	return 0;
}

/*
 * The global signature is over the signature and the trusted comment, without
 * what stands before the comment on its line and without its newline.
 */
static size_t
global_message(const uint8_t signature[ED25519_BYTES], const char *trusted,
    uint8_t message[ED25519_BYTES + MINISIGN_SIGNATURE_MAX])
{
	const size_t len = strlen(trusted);

	assert(len < MINISIGN_SIGNATURE_MAX);
	memcpy(message, signature, ED25519_BYTES);
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): bytes */
	memcpy(message + ED25519_BYTES, trusted, len);
	return ED25519_BYTES + len;
}

static void
add_base64_line(struct buf *out, const void *bytes, size_t len)
{
	char text[128];

	base64_write(bytes, len, true, text, sizeof(text));
	buf_addf(out, "%s\n", text);
}

int
minisign_sign(const struct minisign_secret *key,
    const uint8_t prehash[MINISIGN_PREHASH_BYTES], const char *trusted,
    struct buf *out, struct err *err)
{
	struct packed_signature packed = { .algorithm = { 'E', 'D' } };
	uint8_t message[ED25519_BYTES + MINISIGN_SIGNATURE_MAX];
	uint8_t global[ED25519_BYTES];
	size_t len;

	if (text_check_clean(trusted, MINISIGN_COMMENT_MAX, false,
		_("the trusted comment"), err) < 0)
		return -1;
	memcpy(packed.number, key->number, sizeof(packed.number));
	ed25519_sign(
	    key->key->data, prehash, MINISIGN_PREHASH_BYTES, packed.signature);
	len = global_message(packed.signature, trusted, message);
	ed25519_sign(key->key->data, message, len, global);

	buf_addf(out, "%ssigned by ronde\n", untrusted_prefix);
	add_base64_line(out, &packed, sizeof(packed));
	buf_addf(out, "%s%s\n", trusted_prefix, trusted);
	add_base64_line(out, global, sizeof(global));
	return buf_check(out, _("the signature"), err);
}

static int
bad_line(int line, struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    _("not a signature of minisign: line %d is not as it should be"),
	    line);
}

/*
 * Takes the next line off `*text`; false at the end and where the line has no
 * newline.  Other ends of line than this one are not minisign's.
 */
static bool
next_line(const char **text, size_t *len, const char **line, size_t *line_len)
{
	const char *end = *len ? memchr(*text, '\n', *len) : NULL;

	if (!end)
		return false;
	*line = *text;
	*line_len = (size_t)(end - *text);
	*len -= *line_len + 1;
	*text = end + 1;
	return true;
}

/* Copies a comment without what stands before it; `comment` ends with NUL. */
static int
read_comment(const char *line, size_t len, const char *prefix, char *comment)
{
	const size_t prefix_len = strlen(prefix);
	struct err reason = { 0 };

	if (len < prefix_len || memcmp(line, prefix, prefix_len) != 0 ||
	    memchr(line, '\0', len))
		return -1;
	memcpy(comment, line + prefix_len, len - prefix_len);
	comment[len - prefix_len] = '\0';
	/* Stock minisign puts tabs in; a newline cannot be in a line. */
	return text_check_clean(
	    comment, MINISIGN_SIGNATURE_MAX, true, "", &reason);
}

static bool
read_base64_line(const char *line, size_t len, void *bytes, size_t size)
{
	size_t got;

	return base64_read(line, len, true, bytes, size, &got) && got == size;
}

static int
read_packed(const char *line, size_t len, struct minisign_signature *signature,
    struct err *err)
{
	struct packed_signature packed;

	if (!read_base64_line(line, len, &packed, sizeof(packed)))
		return bad_line(2, err);
	if (memcmp(packed.algorithm, "Ed", 2) == 0)
		return err_set(err, ERR_UNSUPPORTED,
		    _("the signature is of the old kind of minisign, which "
		      "can be reused for another file: sign with -H"));
	if (memcmp(packed.algorithm, "ED", 2) != 0)
		return bad_line(2, err);
	memcpy(signature->number, packed.number, sizeof(packed.number));
	memcpy(
	    signature->signature, packed.signature, sizeof(packed.signature));
	return 0;
}

int
minisign_read(const char *text, size_t len,
    struct minisign_signature *signature, struct err *err)
{
	struct minisign_signature read = { 0 };
	char untrusted[MINISIGN_SIGNATURE_MAX];
	const char *line;
	size_t line_len;

	if (len >= MINISIGN_SIGNATURE_MAX)
		return err_set(err, ERR_LIMIT,
		    _("not a signature of minisign: longer than %d bytes"),
		    MINISIGN_SIGNATURE_MAX);
	if (!next_line(&text, &len, &line, &line_len) ||
	    read_comment(line, line_len, untrusted_prefix, untrusted) < 0)
		return bad_line(1, err);
	if (!next_line(&text, &len, &line, &line_len))
		return bad_line(2, err);
	if (read_packed(line, line_len, &read, err) < 0)
		return -1;
	if (!next_line(&text, &len, &line, &line_len) ||
	    read_comment(line, line_len, trusted_prefix, read.trusted) < 0)
		return bad_line(3, err);
	if (!next_line(&text, &len, &line, &line_len) ||
	    !read_base64_line(line, line_len, read.global, sizeof(read.global)))
		return bad_line(4, err);
	if (len > 0)
		return bad_line(5, err);
	*signature = read;
	return 0;
}

int
minisign_check(const struct minisign_public *key,
    const uint8_t prehash[MINISIGN_PREHASH_BYTES],
    const struct minisign_signature *signature, struct err *err)
{
	uint8_t message[ED25519_BYTES + MINISIGN_SIGNATURE_MAX];
	size_t len;

	/*
	 * No signature covers the key's number.  It is compared all the same,
	 * since stock minisign does, so that both say the same of a file.
	 */
	if (memcmp(key->number, signature->number, sizeof(key->number)) != 0)
		return err_set(err, ERR_AUTH,
		    _("the signature was made with another key"));
	if (!ed25519_check(key->key, prehash, MINISIGN_PREHASH_BYTES,
		signature->signature))
		return err_set(err, ERR_AUTH,
		    _("the signature does not fit the file: it was altered, "
		      "or signed by someone else"));
	len = global_message(signature->signature, signature->trusted, message);
	if (!ed25519_check(key->key, message, len, signature->global))
		return err_set(err, ERR_AUTH,
		    _("the trusted comment of the signature was altered"));
	return 0;
}
