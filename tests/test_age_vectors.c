/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The age vectors of C2SP (CCTV): each names the result, and the SHA-256 of
 * all plaintext that may be released before it.
 */
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "crypto/age.h"
#include "crypto/hash.h"
#include "crypto/primitive.h"
#include "tests/age_help.h"

enum { IDENTITIES_MAX = 4, VECTORS = 143, POST_QUANTUM = 19 };

struct vector {
	char expect[32], payload[65];
	struct secret *identities[IDENTITIES_MAX], *passphrase;
	size_t identity_count;
	bool armored, compressed, post_quantum;
	struct buf file;
};

static void
read_identity(struct vector *vector, const char *text)
{
	struct err err = { 0 };
	struct secret *identity = age_identity_read(text, strlen(text), &err);

	assert_true(vector->identity_count < IDENTITIES_MAX);
	if (!identity) {
		assert_int_equal(err.code, ERR_UNSUPPORTED);
		vector->post_quantum = true;
		return;
	}
	vector->identities[vector->identity_count++] = identity;
}

/* A vector with two of them is to be refused, whichever is tried. */
static void
read_passphrase(struct vector *vector, char *value)
{
	secret_free(vector->passphrase);
	vector->passphrase = secret_take(value, strlen(value), false);
}

static void
read_field(struct vector *vector, const char *key, char *value)
{
	if (strcmp(key, "expect") == 0)
		snprintf(vector->expect, sizeof(vector->expect), "%s", value);
	else if (strcmp(key, "payload") == 0)
		snprintf(vector->payload, sizeof(vector->payload), "%s", value);
	else if (strcmp(key, "identity") == 0)
		read_identity(vector, value);
	else if (strcmp(key, "passphrase") == 0)
		read_passphrase(vector, value);
	else if (strcmp(key, "armored") == 0)
		vector->armored = true;
	else if (strcmp(key, "compressed") == 0)
		vector->compressed = strcmp(value, "zlib") == 0;
	else if (strcmp(key, "file key") != 0 && strcmp(key, "comment") != 0)
		fail_msg("unknown key in a vector: %s", key);
}

static void
inflate_into(struct buf *out, const char *bytes, size_t len)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)bytes,
		.avail_in = (uInt)len };
	char piece[65536];
	int result = Z_OK;

	assert_int_equal(inflateInit(&stream), Z_OK);
	while (result == Z_OK) {
		stream.next_out = (Bytef *)piece;
		stream.avail_out = sizeof(piece);
		result = inflate(&stream, Z_NO_FLUSH);
		buf_add(out, piece, sizeof(piece) - stream.avail_out);
	}
	assert_int_equal(result, Z_STREAM_END);
	inflateEnd(&stream);
}

static void
read_vector(const char *path, struct vector *vector)
{
	struct buf text = BUF_INIT;
	struct err err = { 0 };
	char *line, *next, *body;

	*vector = (struct vector){ .file = BUF_INIT };
	assert_int_equal(file_read(path, &text, &err), 0);
	body = strstr(text.data, "\n\n");
	assert_non_null(body);
	body[1] = '\0';
	body += 2;
	for (line = text.data; *line; line = next) {
		char *value = strstr(line, ": ");

		next = strchr(line, '\n');
		*next++ = '\0';
		assert_non_null(value);
		*value = '\0';
		read_field(vector, line, value + 2);
	}
	if (vector->compressed)
		inflate_into(
		    &vector->file, body, text.len - (size_t)(body - text.data));
	else
		buf_add(
		    &vector->file, body, text.len - (size_t)(body - text.data));
	buf_release(&text);
}

static void
release_vector(struct vector *vector)
{
	for (size_t i = 0; i < vector->identity_count; i++)
		secret_free(vector->identities[i]);
	secret_free(vector->passphrase);
	buf_release(&vector->file);
}

/* Takes armour off where there is some. */
static int
take_binary(const struct vector *vector, struct buf *out, struct err *err)
{
	if (vector->armored)
		return age_dearmor(
		    vector->file.data, vector->file.len, out, err);
	buf_add(out, vector->file.data, vector->file.len);
	return 0;
}

static const char *
class_of_header(const struct err *err)
{
	switch (err->code) {
	case ERR_NOT_FOUND: return "no match";
	case ERR_AUTH: return "HMAC failure";
	case ERR_FORMAT:
	case ERR_LIMIT:
	case ERR_UNSUPPORTED: return "header failure";
	default: return "a failure of ours";
	}
}

/* The result in the words of the vectors; what was released is in `clear`. */
static const char *
open_vector(const struct vector *vector, size_t step, struct buf *clear)
{
	struct buf file = BUF_INIT;
	struct memory memory = { .step = step };
	struct byte_source source = memory_source(&memory);
	struct age_reader *reader = NULL;
	const char *result = "success";
	struct err err = { 0 };

	if (take_binary(vector, &file, &err) < 0) {
		result = "armor failure";
		goto out;
	}
	memory.bytes = file.data;
	memory.len = file.len;
	reader = vector->passphrase
	    ? age_decrypt_passphrase(vector->passphrase, &source, &err)
	    : age_decrypt((const struct secret *const *)vector->identities,
		  vector->identity_count, &source, &err);
	if (!reader) {
		result = class_of_header(&err);
		goto out;
	}
	if (age_read_all(reader, 5000, clear, &err) < 0) {
		char byte;

		result = "payload failure";
		assert_int_equal(age_read(reader, &byte, 1, &err), -1);
	}
out:
	age_reader_free(reader);
	buf_release(&file);
	return result;
}

static void
check_payload(
    const char *name, const struct vector *vector, const struct buf *clear)
{
	uint8_t digest[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];

	if (!*vector->payload) {
		assert_int_equal(clear->len, 0);
		return;
	}
	sha256_of(clear->data, clear->len, digest);
	hex_write(digest, sizeof(digest), hex);
	if (strcmp(hex, vector->payload) != 0)
		fail_msg("%s: %zu bytes of another payload", name, clear->len);
}

static void
check_vector(const char *name, const struct vector *vector, size_t step)
{
	struct buf clear = BUF_INIT;
	const char *result = open_vector(vector, step, &clear);

	if (strcmp(result, vector->expect) != 0)
		fail_msg("%s: %s, not %s", name, result, vector->expect);
	check_payload(name, vector, &clear);
	buf_release(&clear);
}

/* Its key was refused; with one of ours the file must not open either. */
static void
check_refused(const char *name, struct vector *vector)
{
	struct buf clear = BUF_INIT;

	for (size_t i = 0; i < vector->identity_count; i++)
		secret_free(vector->identities[i]);
	vector->identities[0] = secret_random(AGE_KEY_BYTES);
	vector->identity_count = 1;
	if (strcmp(open_vector(vector, 0, &clear), "no match") != 0 &&
	    strcmp(open_vector(vector, 0, &clear), "header failure") != 0)
		fail_msg("%s: not refused", name);
	assert_int_equal(clear.len, 0);
}

static void
every_vector_gives_what_it_says(void **state)
{
	const char *folder = test_shared("vectors/age");
	const struct dirent *entry;
	size_t vectors = 0, refused = 0;
	DIR *dir;

	(void)state;
	if (!folder)
		skip();
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		struct vector vector;
		char *path;

		if (entry->d_name[0] == '.')
			continue;
		path = file_join(folder, entry->d_name);
		read_vector(path, &vector);
		vectors++;
		if (vector.post_quantum) {
			refused++;
			check_refused(entry->d_name, &vector);
		} else {
			check_vector(entry->d_name, &vector, 0);
			check_vector(entry->d_name, &vector, 11);
		}
		release_vector(&vector);
		free(path);
	}
	closedir(dir);
	printf("age vectors: %zu as they say, %zu post-quantum refused\n",
	    vectors - refused, refused);
	assert_int_equal(vectors, VECTORS);
	assert_int_equal(refused, POST_QUANTUM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_vector_gives_what_it_says),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}
