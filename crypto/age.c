/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The payload: chunks of 64 KiB, each sealed with ChaCha20-Poly1305.
 *
 *  (1) Chunk n has nonce n, eleven bytes big end first, and then a byte that
 *      is 1 for the last chunk only.
 *  (2) The last chunk is not empty unless it is the only one.
 *  (3) A writer keeps a full chunk until more comes, because only then does
 *      it know that it is not the last.
 *  (4) A reader that failed fails for ever, with the same words.
 */
#include "crypto/age.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "crypto/age_header.h"
#include "crypto/kdf.h"

enum {
	CHUNK_BYTES = 64 * 1024,
	SEALED_BYTES = CHUNK_BYTES + CHACHA_TAG_BYTES,
	PAYLOAD_NONCE_BYTES = 16,
	COUNTER_BYTES = 11
};

struct stream {
	struct secret *key;
	uint8_t nonce[CHACHA_NONCE_BYTES];
};

struct age_writer {
	struct byte_sink sink;
	struct stream stream;
	struct err failed;
	size_t used;
	uint8_t clear[CHUNK_BYTES], sealed[SEALED_BYTES];
};

struct age_reader {
	struct age_input input;
	struct stream stream;
	struct err failed;
	bool last; /* the chunk in `clear` is the last one */
	size_t at, len;
	uint8_t clear[CHUNK_BYTES], sealed[SEALED_BYTES];
};

static void
stream_init(struct stream *stream, const struct secret *file_key,
    const uint8_t nonce[PAYLOAD_NONCE_BYTES])
{
	stream->key = secret_new(CHACHA_KEY_BYTES);
	hkdf_sha256(file_key->data, file_key->len, nonce, PAYLOAD_NONCE_BYTES,
	    "payload", 7, stream->key->data, stream->key->len);
}

static bool
is_first(const struct stream *stream)
{
	static const uint8_t zero[COUNTER_BYTES];

	return memcmp(stream->nonce, zero, sizeof(zero)) == 0;
}

static void
next_nonce(struct stream *stream)
{
	int i = COUNTER_BYTES - 1;

	while (++stream->nonce[i] == 0) {
		assert(i > 0); /* 2^88 chunks */
		i--;
	}
}

static int
put_chunk(struct age_writer *writer, bool last, struct err *err)
{
	struct stream *stream = &writer->stream;
	const struct chacha with = { stream->key->data, stream->nonce, NULL,
		0 };

	stream->nonce[COUNTER_BYTES] = last;
	chacha_seal(&with, writer->clear, writer->used, writer->sealed);
	if (writer->sink.write(writer->sink.arg, writer->sealed,
		writer->used + CHACHA_TAG_BYTES, err) < 0) {
		writer->failed = *err;
		return -1;
	}
	next_nonce(stream);
	writer->used = 0;
	return 0;
}

/* Writes the header in `header` and the nonce, and makes the stream ready. */
static struct age_writer *
begin(const struct secret *file_key, const struct buf *header,
    const struct byte_sink *sink, struct err *err)
{
	struct age_writer *writer = xcalloc(1, sizeof(*writer));
	uint8_t nonce[PAYLOAD_NONCE_BYTES];

	random_bytes(nonce, sizeof(nonce));
	writer->sink = *sink;
	stream_init(&writer->stream, file_key, nonce);
	if (sink->write(sink->arg, header->data, header->len, err) == 0 &&
	    sink->write(sink->arg, nonce, sizeof(nonce), err) == 0)
		return writer;
	age_writer_free(writer);
	return NULL;
}

struct age_writer *
age_encrypt(const struct age_recipient *recipients, size_t count,
    const struct byte_sink *sink, struct err *err)
{
	struct secret *file_key = secret_random(AGE_FILE_KEY_BYTES);
	struct age_writer *writer = NULL;
	struct buf header = BUF_INIT;

	if (age_header_write(file_key, recipients, count, &header, err) == 0)
		writer = begin(file_key, &header, sink, err);
	buf_release(&header);
	secret_free(file_key);
	return writer;
}

struct age_writer *
age_encrypt_passphrase(const struct secret *passphrase, int work_factor,
    const struct byte_sink *sink, struct err *err)
{
	struct secret *file_key = secret_random(AGE_FILE_KEY_BYTES);
	struct age_writer *writer = NULL;
	struct buf header = BUF_INIT;

	if (age_header_write_passphrase(
		file_key, passphrase, work_factor, &header, err) == 0)
		writer = begin(file_key, &header, sink, err);
	buf_release(&header);
	secret_free(file_key);
	return writer;
}

int
age_write(
    struct age_writer *writer, const void *bytes, size_t len, struct err *err)
{
	const uint8_t *from = bytes;

	if (writer->failed.code != ERR_NONE) {
		*err = writer->failed;
		return -1;
	}
	while (len > 0) {
		size_t part;

		if (writer->used == CHUNK_BYTES &&
		    put_chunk(writer, false, err) < 0)
			return -1;
		part = CHUNK_BYTES - writer->used;
		if (part > len)
			part = len;
		memcpy(writer->clear + writer->used, from, part);
		writer->used += part;
		from += part;
		len -= part;
	}
	return 0;
}

int
age_finish(struct age_writer *writer, struct err *err)
{
	int result = -1;

	if (writer->failed.code != ERR_NONE)
		*err = writer->failed;
	else
		result = put_chunk(writer, true, err);
	age_writer_free(writer);
	return result;
}

void
age_writer_free(struct age_writer *writer)
{
	if (!writer)
		return;
	secret_free(writer->stream.key);
	wipe(writer->clear, sizeof(writer->clear));
	free(writer);
}

/* Reads the nonce that follows the header. */
static int
read_nonce(
    struct age_reader *reader, const struct secret *file_key, struct err *err)
{
	uint8_t nonce[PAYLOAD_NONCE_BYTES];
	const ssize_t got =
	    age_input_read(&reader->input, nonce, sizeof(nonce), err);

	if (got < 0)
		return -1;
	if (got < (ssize_t)sizeof(nonce))
		return err_set(err, ERR_FORMAT,
		    _("the age file is cut short after its header"));
	stream_init(&reader->stream, file_key, nonce);
	return 0;
}

/* With identities, or with a passphrase where it is not NULL. */
static struct age_reader *
decrypt(const struct secret *const *identities, size_t count,
    const struct secret *passphrase, const struct byte_source *source,
    struct err *err)
{
	struct age_reader *reader = xcalloc(1, sizeof(*reader));
	struct age_reader *result = NULL;
	struct age_header *header = NULL;
	struct secret *file_key = NULL;

	reader->input.source = *source;
	header = age_header_read(&reader->input, err);
	if (!header)
		goto out;
	file_key = passphrase
	    ? age_header_open_passphrase(header, passphrase, err)
	    : age_header_open(header, identities, count, err);
	if (!file_key || read_nonce(reader, file_key, err) < 0)
		goto out;
	result = reader;
	reader = NULL; /* now the caller's */
out:
	secret_free(file_key);
	age_header_free(header);
	age_reader_free(reader);
	return result;
}

struct age_reader *
age_decrypt(const struct secret *const *identities, size_t count,
    const struct byte_source *source, struct err *err)
{
	return decrypt(identities, count, NULL, source, err);
}

struct age_reader *
age_decrypt_passphrase(const struct secret *passphrase,
    const struct byte_source *source, struct err *err)
{
	return decrypt(NULL, 0, passphrase, source, err);
}

static bool
open_chunk(struct age_reader *reader, size_t sealed_len, bool last)
{
	struct stream *stream = &reader->stream;
	const struct chacha with = { stream->key->data, stream->nonce, NULL,
		0 };

	stream->nonce[COUNTER_BYTES] = last;
	if (chacha_open(&with, reader->sealed, sealed_len, reader->clear) < 0)
		return false;
	reader->last = last;
	reader->at = 0;
	reader->len = sealed_len - CHACHA_TAG_BYTES;
	next_nonce(stream);
	return true;
}

static int
next_chunk(struct age_reader *reader, struct err *err)
{
	const ssize_t got =
	    age_input_read(&reader->input, reader->sealed, SEALED_BYTES, err);

	if (got < 0)
		return -1;
	if (got < CHACHA_TAG_BYTES)
		return err_set(err, ERR_AUTH, _("the age file is cut short"));
	if (got == CHACHA_TAG_BYTES && !is_first(&reader->stream))
		return err_set(err, ERR_AUTH,
		    _("the age file ends with an empty piece, which no "
		      "program writes"));
	/* Only a full chunk can be one of those before the last. */
	if (got == SEALED_BYTES && open_chunk(reader, SEALED_BYTES, false))
		return 0;
	if (open_chunk(reader, (size_t)got, true))
		return 0;
	return err_set(
	    err, ERR_AUTH, _("the age file was altered, or is cut short"));
}

/* Nothing may stand behind the last chunk. */
static int
check_end(struct age_reader *reader, struct err *err)
{
	uint8_t more;
	const ssize_t got = age_input_read(&reader->input, &more, 1, err);

	if (got > 0)
		return err_set(err, ERR_AUTH,
		    _("something follows the end of the age file"));
	return got < 0 ? -1 : 0;
}

ssize_t
age_read(struct age_reader *reader, void *to, size_t room, struct err *err)
{
	size_t part;

	assert(room > 0);
	if (reader->failed.code != ERR_NONE)
		goto fail;
	if (reader->at == reader->len && !reader->last &&
	    next_chunk(reader, &reader->failed) < 0)
		goto fail;
	if (reader->at == reader->len) {
		if (check_end(reader, &reader->failed) < 0)
			goto fail;
		return 0;
	}
	part = reader->len - reader->at;
	if (part > room)
		part = room;
	memcpy(to, reader->clear + reader->at, part);
	reader->at += part;
	return (ssize_t)part;
fail:
	*err = reader->failed;
	return -1;
}

void
age_reader_free(struct age_reader *reader)
{
	if (!reader)
		return;
	secret_free(reader->stream.key);
	wipe(reader->clear, sizeof(reader->clear));
	free(reader);
}
