/* SPDX-License-Identifier: Apache-2.0 */
/* Archives: the input is read as tar, as tar in zstd, and as zip. */
#include <string.h>

#include "base/archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct archive_limits limits = { 50, 1 << 18, 1 << 20 };

struct input {
	const uint8_t *at;
	size_t left;
};

static ssize_t
read_input(void *arg, void *to, size_t room, struct err *err)
{
	struct input *input = arg;
	const size_t part = input->left < room ? input->left : room;

	(void)err;
	memcpy(to, input->at, part);
	input->at += part;
	input->left -= part;
	return (ssize_t)part;
}

static void
read_tar(enum archive_kind kind, const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	const struct byte_source source = { read_input, &input };
	struct err err = { 0 };
	struct archive_reader *reader =
	    archive_open(kind, "fuzz", &source, &limits, &err);
	struct buf out = BUF_INIT;
	const char *member;
	uint64_t length;

	while (reader && archive_next(reader, &member, &length, &err) > 0 &&
	    archive_read_rest(reader, &out, &err) == 0)
		buf_clear(&out);
	archive_close(reader);
	buf_release(&out);
}

static int
ignore(void *arg, const char *member, const char *data, size_t size,
    struct err *err)
{
	(void)arg;
	(void)member;
	(void)data;
	(void)size;
	(void)err;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { 0 };

	read_tar(ARCHIVE_TAR, data, size);
	read_tar(ARCHIVE_TAR_ZSTD, data, size);
	archive_walk_zip(data, size, "fuzz", &limits, ignore, NULL, &err);
	return 0;
}
