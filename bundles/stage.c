/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/stage.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "crypto/age.h"
#include "crypto/hash.h"
#include "crypto/minisign.h"

struct stage {
	struct hasher hasher;
	uint8_t prehash[MINISIGN_PREHASH_BYTES];
	struct fd_stream file;
	struct byte_sink file_sink;
	struct byte_source file_source;
	struct secret *identity;
	struct age_writer *writer;
	struct age_reader *reader;
	uint64_t size;
};

static ssize_t
read_fd(void *arg, void *to, size_t room, struct err *err)
{
	const struct fd_stream *stream = arg;
	ssize_t got;

	do
		got = read(stream->fd, to, room);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_errno(err, _("cannot read %s"), stream->name);
	return got;
}

static int
write_fd(void *arg, const void *from, size_t len, struct err *err)
{
	const struct fd_stream *stream = arg;

	return file_write_all(stream->fd, from, len, stream->name, err);
}

struct byte_source
fd_source(struct fd_stream *stream)
{
	return (struct byte_source){ read_fd, stream };
}

struct byte_sink
fd_sink(struct fd_stream *stream)
{
	return (struct byte_sink){ write_fd, stream };
}

struct stage *
stage_open(const char *folder, struct err *err)
{
	struct stage *stage = xcalloc(1, sizeof(*stage));
	struct age_recipient recipient;

	stage->file.name = _("a temporary file");
	stage->file.fd = file_open_unlinked(folder, err);
	if (stage->file.fd < 0) {
		free(stage);
		return NULL;
	}
	stage->file_sink = fd_sink(&stage->file);
	stage->file_source = fd_source(&stage->file);
	stage->identity = age_new_identity(&recipient);
	stage->writer = age_encrypt(&recipient, 1, &stage->file_sink, err);
	if (!stage->writer) {
		stage_close(stage);
		return NULL;
	}
	hasher_begin_size(&stage->hasher, sizeof(stage->prehash));
	return stage;
}

void
stage_close(struct stage *stage)
{
	if (!stage)
		return;
	age_writer_free(stage->writer);
	age_reader_free(stage->reader);
	secret_free(stage->identity);
	close(stage->file.fd);
	free(stage);
}

static int
write_stage(void *arg, const void *from, size_t len, struct err *err)
{
	struct stage *stage = arg;

	hasher_add(&stage->hasher, from, len);
	stage->size += len;
	return age_write(stage->writer, from, len, err);
}

struct byte_sink
stage_sink(struct stage *stage)
{
	return (struct byte_sink){ write_stage, stage };
}

int
stage_turn(struct stage *stage, struct err *err)
{
	const struct secret *identity = stage->identity;
	struct age_writer *writer = stage->writer;

	stage->writer = NULL; /* freed by its end */
	if (age_finish(writer, err) < 0)
		return -1;
	hasher_end(&stage->hasher, stage->prehash, sizeof(stage->prehash));
	if (lseek(stage->file.fd, 0, SEEK_SET) < 0)
		return err_errno(err, _("cannot read %s"), stage->file.name);
	stage->reader = age_decrypt(&identity, 1, &stage->file_source, err);
	return stage->reader ? 0 : -1;
}

static ssize_t
read_stage(void *arg, void *to, size_t room, struct err *err)
{
	struct stage *stage = arg;

	return age_read(stage->reader, to, room, err);
}

struct byte_source
stage_source(struct stage *stage)
{
	return (struct byte_source){ read_stage, stage };
}

uint64_t
stage_size(const struct stage *stage)
{
	return stage->size;
}

const uint8_t *
stage_prehash(const struct stage *stage)
{
	return stage->prehash;
}
