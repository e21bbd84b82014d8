/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_programme.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"

/* Where things are in the rest of a slot. */
enum {
	LEN_AT = AGE_KEY_BYTES,
	FILE_AT = LEN_AT + 4,
	FILE_MAX = VAULT_SLOT_REST_BYTES - FILE_AT
};

struct reading {
	const uint8_t *at;
	size_t left;
};

static int
add_to_buf(void *arg, const void *bytes, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, bytes, len);
	return 0;
}

static ssize_t
read_bytes(void *arg, void *to, size_t room, struct err *err)
{
	struct reading *reading = arg;
	const size_t len = room < reading->left ? room : reading->left;

	(void)err;
	memcpy(to, reading->at, len);
	reading->at += len;
	reading->left -= len;
	return (ssize_t)len;
}

struct secret *
programme_wrap(const struct age_recipient *recipient,
    uint8_t rest[VAULT_SLOT_REST_BYTES], struct err *err)
{
	struct secret *key = secret_random(AEAD_KEY_BYTES);
	struct buf file = BUF_INIT;
	const struct byte_sink sink = { add_to_buf, &file };
	struct age_writer *writer;

	buf_init(&file, FILE_MAX);
	writer = age_encrypt(recipient, 1, &sink, err);
	if (!writer)
		goto fail;
	if (age_write(writer, key->data, key->len, err) != 0) {
		age_writer_free(writer);
		goto fail;
	}
	if (age_finish(writer, err) != 0 ||
	    buf_check(&file, _("the programme key's slot"), err) != 0)
		goto fail;
	memset(rest, 0, VAULT_SLOT_REST_BYTES);
	memcpy(rest, recipient->key, AGE_KEY_BYTES);
	store_le32(rest + LEN_AT, (uint32_t)file.len);
	memcpy(rest + FILE_AT, file.data, file.len);
	buf_release(&file);
	return key;
fail:
	buf_release(&file);
	secret_free(key);
	return NULL;
}

/* All of the age file: its last chunk is only then known to be whole. */
static struct secret *
read_key(struct age_reader *reader, struct err *err)
{
	struct secret *key = secret_new(AEAD_KEY_BYTES);
	size_t len = 0;
	ssize_t got = 1;
	uint8_t more;

	while (got > 0 && len < key->len) {
		got = age_read(reader, key->data + len, key->len - len, err);
		len += got > 0 ? (size_t)got : 0;
	}
	if (len == key->len && age_read(reader, &more, 1, err) == 0)
		return key;
	secret_free(key);
	return NULL;
}

struct secret *
programme_unwrap(const uint8_t rest[VAULT_SLOT_REST_BYTES],
    const struct secret *const *identities, size_t count, struct err *err)
{
	struct reading reading = { rest + FILE_AT, load_le32(rest + LEN_AT) };
	const struct byte_source source = { read_bytes, &reading };
	struct age_reader *reader = NULL;
	struct secret *key = NULL;
	struct err age_err = { 0 };

	if (reading.left <= FILE_MAX)
		reader = age_decrypt(identities, count, &source, &age_err);
	if (reader)
		key = read_key(reader, &age_err);
	age_reader_free(reader);
	if (!key)
		err_set(err, ERR_AUTH, _("no key slot opens"));
	return key;
}
