/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/forge.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/archive.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "bundles/outer.h"
#include "bundles/stage.h"
#include "crypto/minisign.h"
#include "storage/identity.h"

static ssize_t
read_age(void *arg, void *to, size_t room, struct err *err)
{
	return age_read(arg, to, room, err);
}

static ssize_t
read_outer(void *arg, void *to, size_t room, struct err *err)
{
	return outer_read(arg, to, room, err);
}

static int
write_buf(void *arg, const void *from, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, from, len);
	return 0;
}

static int
write_age(void *arg, const void *from, size_t len, struct err *err)
{
	return age_write(arg, from, len, err);
}

static ssize_t
read_buf(void *arg, void *to, size_t room, struct err *err)
{
	struct buf *buf = arg; /* `full` is not used: `room` counts */
	const size_t left = buf->len;
	const size_t len = left < room ? left : room;

	(void)err;
	memcpy(to, buf->data, len);
	memmove(buf->data, buf->data + len, left - len);
	buf_cut(buf, left - len);
	return (ssize_t)len;
}

static void
read_members(struct forge *forge, struct outer *outer)
{
	const struct byte_source source = { read_outer, outer };
	const struct archive_limits limits = { FORGE_MEMBERS_MAX, 1 << 28,
		1 << 28 };
	struct err err = { 0 };
	struct archive_reader *archive =
	    archive_open(ARCHIVE_TAR_ZSTD, "bundle", &source, &limits, &err);
	const char *name;
	uint64_t size;

	assert_no_err(&err);
	while (archive_next(archive, &name, &size, &err) > 0) {
		struct forge_member *member = &forge->members[forge->count++];

		snprintf(member->name, sizeof(member->name), "%s", name);
		buf_init(&member->bytes, BUF_MAX_BYTES);
		archive_read_rest(archive, &member->bytes, &err);
	}
	assert_no_err(&err);
	archive_close(archive);
}

void
forge_open(struct forge *forge, struct party *reader, const char *path)
{
	const struct secret *identity =
	    identity_get(reader->vault)->age_identity;
	struct fd_stream stream = { open(path, O_RDONLY | O_CLOEXEC), path };
	const struct byte_source file = fd_source(&stream);
	struct minisign_signature signature;
	struct buf text = BUF_INIT;
	struct err err = { 0 };
	struct byte_source clear = { read_age, NULL };
	struct outer outer;

	*forge = (struct forge){ .plain_names = true };
	clear.arg = age_decrypt(&identity, 1, &file, &err);
	assert_no_err(&err);
	outer_open(&outer, &clear, path, &text, &err);
	assert_no_err(&err);
	minisign_read(text.data, text.len, &signature, &err);
	assert_no_err(&err);
	snprintf(
	    forge->trusted, sizeof(forge->trusted), "%s", signature.trusted);
	read_members(forge, &outer);
	buf_release(&text);
	age_reader_free(clear.arg);
	close(stream.fd);
}

void
forge_release(struct forge *forge)
{
	for (size_t i = 0; i < forge->count; i++)
		buf_release(&forge->members[i].bytes);
	forge->count = 0;
}

struct forge_member *
forge_member(struct forge *forge, const char *part)
{
	for (size_t i = 0; i < forge->count; i++)
		if (strstr(forge->members[i].name, part))
			return &forge->members[i];
	fail_msg("no member %s", part);
	return NULL;
}

struct forge_member *
forge_add(struct forge *forge, const char *name, const char *text)
{
	struct forge_member *member = &forge->members[forge->count++];

	assert_true(forge->count <= FORGE_MEMBERS_MAX);
	snprintf(member->name, sizeof(member->name), "%s", name);
	buf_init(&member->bytes, BUF_MAX_BYTES);
	buf_add_text(&member->bytes, text);
	return member;
}

void
forge_replace(struct forge_member *member, const char *from, const char *to)
{
	struct buf changed = BUF_INIT;
	const char *at = strstr(member->bytes.data, from);

	assert_non_null(at);
	buf_add(
	    &changed, member->bytes.data, (size_t)(at - member->bytes.data));
	buf_add_text(&changed, to);
	buf_add_text(&changed, at + strlen(from));
	buf_release(&member->bytes);
	member->bytes = changed;
}

void
forge_remanifest(struct forge *forge)
{
	struct forge_member *first = &forge->members[0];
	struct err err = { 0 };
	json_t *json =
	    json_parse(first->bytes.data, first->bytes.len, "manifest", &err);
	json_t *files = json_object_get(json, "files");

	assert_no_err(&err);
	json_array_clear(files);
	for (size_t i = 1; i < forge->count; i++) {
		const struct buf *bytes = &forge->members[i].bytes;
		const struct hash digest = hash_of(bytes->data, bytes->len);
		char hex[HASH_HEX_MAX];

		hash_to_hex(&digest, hex);
		json_array_append_new(files,
		    json_pack("{sssIss}", "name", forge->members[i].name,
			"size", (json_int_t)bytes->len, "blake2b256", hex));
	}
	buf_clear(&first->bytes);
	json_write(&first->bytes, json, 1);
	json_decref(json);
}

/* A ustar with whatever names it has, through the zstd program. */
static void
pack_by_hand(struct forge *forge, struct buf *out)
{
	char *folder = test_folder();
	char *path = file_join(folder, "inner.tar");
	char *command = xasprintf("zstd -q -f %s -o %s.zst", path, path);
	struct buf tar = BUF_INIT;
	struct err err = { 0 };

	for (size_t i = 0; i < forge->count; i++) {
		const struct buf *bytes = &forge->members[i].bytes;
		char header[512] = "";
		unsigned sum = 0;

		snprintf(header, 100, "%s", forge->members[i].name);
		memcpy(header + 100, "0000644\0000000000\0000000000", 24);
		snprintf(header + 124, 12, "%011zo", bytes->len);
		memcpy(header + 136, "00000000000", 12);
		memcpy(header + 148, "        0", 9);
		memcpy(header + 257,
		    "ustar\0"
		    "00",
		    8);
		for (size_t j = 0; j < sizeof(header); j++)
			sum += (unsigned char)header[j];
		snprintf(header + 148, 7, "%06o", sum);
		buf_add(&tar, header, sizeof(header));
		buf_add(&tar, bytes->data, bytes->len);
		while (tar.len % 512)
			buf_add_char(&tar, '\0');
	}
	for (size_t i = 0; i < 1024; i++)
		buf_add_char(&tar, '\0');
	assert_int_equal(file_write(path, tar.data, tar.len, 0600, &err), 0);
	assert_int_equal(system(command), 0);
	free(command);
	command = xasprintf("%s.zst", path);
	assert_int_equal(file_read(command, out, &err), 0);
	free(command);
	free(path);
	free(folder);
	buf_release(&tar);
}

void
forge_pack(struct forge *forge, struct buf *out)
{
	const struct byte_sink sink = { write_buf, out };
	struct err err = { 0 };
	struct archive_writer *archive;

	if (!forge->plain_names) {
		pack_by_hand(forge, out);
		return;
	}
	archive = archive_create(ARCHIVE_TAR_ZSTD, "inner", &sink, &err);
	for (size_t i = 0; i < forge->count; i++)
		archive_add(archive, forge->members[i].name,
		    forge->members[i].bytes.data, forge->members[i].bytes.len,
		    &err);
	archive_finish(archive, &err);
	assert_no_err(&err);
}

void
forge_write(struct forge *forge, struct party *signer,
    const struct party *reader, const char *path)
{
	struct buf inner = BUF_INIT, signature = BUF_INIT, cipher = BUF_INIT;
	const struct byte_source body = { read_buf, &inner };
	const struct byte_sink sink = { write_buf, &cipher };
	uint8_t prehash[MINISIGN_PREHASH_BYTES];
	struct byte_sink to_age = { write_age, NULL };
	struct hasher hasher;
	struct err err = { 0 };

	forge_pack(forge, &inner);
	hasher_begin_size(&hasher, sizeof(prehash));
	hasher_add(&hasher, inner.data, inner.len);
	hasher_end(&hasher, prehash, sizeof(prehash));
	minisign_sign(&identity_get(signer->vault)->minisign_key, prehash,
	    forge->trusted, &signature, &err);
	assert_no_err(&err);
	to_age.arg = age_encrypt(&reader->card.age_recipient, 1, &sink, &err);
	assert_no_err(&err);
	outer_write(&signature, &body, inner.len, &to_age, &err);
	age_finish(to_age.arg, &err);
	assert_no_err(&err);
	file_write(path, cipher.data, cipher.len, 0600, &err);
	assert_no_err(&err);
	buf_release(&inner);
	buf_release(&signature);
	buf_release(&cipher);
}
