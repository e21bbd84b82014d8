/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include "tests/age_help.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static ssize_t
memory_read(void *arg, void *to, size_t room, struct err *err)
{
	struct memory *memory = arg;
	size_t part = memory->len - memory->at;

	if (memory->fails_at && memory->at >= memory->fails_at)
		return err_set(err, ERR_IO, "the stick was pulled out");
	if (part > room)
		part = room;
	if (memory->step && part > memory->step)
		part = memory->step;
	if (part)
		memcpy(to, memory->bytes + memory->at, part);
	memory->at += part;
	return (ssize_t)part;
}

struct byte_source
memory_source(struct memory *memory)
{
	return (struct byte_source){ memory_read, memory };
}

static int
buf_write(void *arg, const void *from, size_t len, struct err *err)
{
	buf_add(arg, from, len);
	return buf_check(arg, "the disk", err);
}

struct byte_sink
buf_sink(struct buf *buf)
{
	return (struct byte_sink){ buf_write, buf };
}

int
age_read_all(
    struct age_reader *reader, size_t room, struct buf *out, struct err *err)
{
	char *piece = xcalloc(room, 1);
	ssize_t got;

	while ((got = age_read(reader, piece, room, err)) > 0)
		buf_add(out, piece, (size_t)got);
	free(piece);
	return (int)got;
}

void
age_seal_bytes(const struct age_recipient *recipient, const void *bytes,
    size_t len, struct buf *out)
{
	const struct byte_sink sink = buf_sink(out);
	struct err err = { 0 };
	struct age_writer *writer = age_encrypt(recipient, 1, &sink, &err);

	assert_no_err(&err);
	assert_int_equal(age_write(writer, bytes, len, &err), 0);
	assert_int_equal(age_finish(writer, &err), 0);
}

int
age_open_bytes(const struct secret *identity, const char *bytes, size_t len,
    struct buf *out, struct err *err)
{
	struct memory memory = { .bytes = bytes, .len = len };
	const struct byte_source source = memory_source(&memory);
	struct age_reader *reader = age_decrypt(&identity, 1, &source, err);
	int result;

	if (!reader)
		return -1;
	result = age_read_all(reader, 4096, out, err);
	age_reader_free(reader);
	return result;
}

char *
some_bytes(size_t len)
{
	char *bytes = xcalloc(len + 1, 1);
	uint32_t state = 1;

	for (size_t i = 0; i < len; i++) {
		state = state * 1664525 + 1013904223;
		bytes[i] = (char)(state >> 24);
	}
	return bytes;
}
