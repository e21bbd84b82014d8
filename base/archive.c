/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading tar.  libarchive is given what it needs and then held to it:
 *
 *  1. Only plain ustar headers count.  Every header must stand exactly where
 *     the one before it ended, so nothing (a PAX record, a GNU long name, an
 *     empty block) hides between two members.
 *  2. What follows the last member is the end marker, two empty blocks, and
 *     then zeros only; an archive that was cut between two members has none.
 *  3. Sizes are compared with the limits before a byte of data is read, and
 *     skipped members count as read ones do.
 *
 * A tar.zst is two readers: one that takes zstd away, and one for the tar.
 */
#include "base/archive.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/archive_internal.h"
#include "base/i18n.h"
#include "base/mem.h"

enum {
	BLOCK_BYTES = 512,
	END_BYTES = 2 * BLOCK_BYTES,
	PADDING_MAX = 1024 * 1024 /* zeros that may follow the end */
};

/* A source that libarchive reads from, and what went by. */
struct feed {
	struct byte_source source;
	struct err err; /* the source's own */
	uint64_t bytes; /* seen in all */
	uint64_t zeros; /* how many of them are zeros at the end */
	char piece[ARCHIVE_PIECE_BYTES];
};

static void
count_bytes(struct feed *feed, size_t len)
{
	size_t zeros = 0;

	while (zeros < len && feed->piece[len - 1 - zeros] == '\0')
		zeros++;
	feed->zeros = zeros == len ? feed->zeros + zeros : zeros;
	feed->bytes += len;
}

static ssize_t
pull(struct feed *feed)
{
	const ssize_t got = feed->source.read(
	    feed->source.arg, feed->piece, sizeof(feed->piece), &feed->err);

	if (got > 0)
		count_bytes(feed, (size_t)got);
	return got;
}

static la_ssize_t
on_read(struct archive *archive, void *arg, const void **bytes)
{
	struct feed *feed = arg;
	const ssize_t got = pull(feed);

	*bytes = feed->piece;
	if (got < 0)
		archive_set_error(archive, EIO, "source");
	return got;
}

struct archive_reader {
	char *name;
	struct archive_limits limits;
	struct archive *zstd; /* ARCHIVE_TAR_ZSTD: takes it away */
	struct feed *packed;  /* what `zstd` reads */
	struct archive *tar;
	struct feed *plain; /* what `tar` reads */
	struct archive_names names;
	size_t members;
	uint64_t total; /* bytes of all members so far */
	uint64_t end;   /* where the current member ends in the tar */
	bool open;      /* inside a member */
};

static int
fail(struct archive_reader *reader, struct archive *archive, struct err *err)
{
	if (reader->packed && reader->packed->err.code != ERR_NONE)
		*err = reader->packed->err;
	else if (reader->plain->err.code != ERR_NONE)
		*err = reader->plain->err;
	else
		archive_refuse_damaged(archive, reader->name, err);
	return -1;
}

static ssize_t
read_inflated(void *arg, void *to, size_t room, struct err *err)
{
	struct archive_reader *reader = arg;
	const la_ssize_t got = archive_read_data(reader->zstd, to, room);

	return got < 0 ? fail(reader, reader->zstd, err) : (ssize_t)got;
}

static int
open_zstd(struct archive_reader *reader, const struct byte_source *source,
    struct err *err)
{
	struct archive_entry *entry;

	reader->packed = xcalloc(1, sizeof(*reader->packed));
	reader->packed->source = *source;
	reader->zstd = archive_read_new();
	archive_read_support_filter_zstd(reader->zstd);
	archive_read_support_format_raw(reader->zstd);
	if (archive_read_open(
		reader->zstd, reader->packed, NULL, on_read, NULL) < 0 ||
	    archive_read_next_header(reader->zstd, &entry) != ARCHIVE_OK)
		return fail(reader, reader->zstd, err);
	if (archive_filter_count(reader->zstd) != 2 ||
	    archive_filter_code(reader->zstd, 0) != ARCHIVE_FILTER_ZSTD)
		return err_set(err, ERR_FORMAT,
		    _("%s: not compressed with zstd"), reader->name);
	return 0;
}

struct archive_reader *
archive_open(enum archive_kind kind, const char *name,
    const struct byte_source *source, const struct archive_limits *limits,
    struct err *err)
{
	struct archive_reader *reader = xcalloc(1, sizeof(*reader));

	reader->name = xstrdup(name);
	reader->limits = *limits;
	reader->plain = xcalloc(1, sizeof(*reader->plain));
	reader->plain->source = *source;
	if (kind == ARCHIVE_TAR_ZSTD) {
		if (open_zstd(reader, source, err) < 0)
			goto fail;
		reader->plain->source =
		    (struct byte_source){ read_inflated, reader };
	}
	reader->tar = archive_read_new();
	archive_read_support_format_tar(reader->tar);
	if (archive_read_open(reader->tar, reader->plain, NULL, on_read, NULL) <
	    0) {
		fail(reader, reader->tar, err);
		goto fail;
	}
	return reader;
fail:
	archive_close(reader);
	return NULL;
}

void
archive_close(struct archive_reader *reader)
{
	if (!reader)
		return;
	archive_read_free(reader->tar);
	archive_read_free(reader->zstd);
	archive_names_release(&reader->names);
	free(reader->plain);
	free(reader->packed);
	free(reader->name);
	free(reader);
}

/* After the last member: the end marker, and zeros to the last byte. */
static int
check_end(struct archive_reader *reader, struct err *err)
{
	struct feed *feed = reader->plain;
	ssize_t got = 1;

	while (got > 0 && feed->bytes <= reader->end + PADDING_MAX)
		got = pull(feed);
	if (got < 0)
		return fail(reader, reader->tar, err);
	if (got > 0)
		return err_set(err, ERR_LIMIT,
		    _("%s: too much padding after its last file"),
		    reader->name);
	if (feed->bytes - feed->zeros > reader->end)
		return err_set(err, ERR_FORMAT,
		    _("%s: something follows its last file"), reader->name);
	if (feed->bytes < reader->end + END_BYTES)
		return err_set(
		    err, ERR_FORMAT, _("%s: cut short"), reader->name);
	return 0;
}

static bool
is_plain_header(struct archive_reader *reader, struct archive_entry *entry)
{
	return archive_format(reader->tar) == ARCHIVE_FORMAT_TAR_USTAR &&
	    archive_read_header_position(reader->tar) ==
	    (la_int64_t)reader->end &&
	    archive_entry_filetype(entry) == AE_IFREG &&
	    !archive_entry_hardlink(entry) && !archive_entry_symlink(entry) &&
	    archive_entry_size_is_set(entry) && archive_entry_size(entry) >= 0;
}

static int
check_member(
    struct archive_reader *reader, struct archive_entry *entry, struct err *err)
{
	const char *name = archive_entry_pathname(entry);
	const struct archive_limits *limits = &reader->limits;
	uint64_t size;

	if (!is_plain_header(reader, entry))
		return err_set(err, ERR_FORMAT,
		    _("%s: \"%s\" is not a regular file in plain ustar form"),
		    reader->name, name ? name : "");
	if (!name || !archive_name_is_tar(name))
		return archive_refuse_name(reader->name, name, err);
	if (++reader->members > limits->members)
		return archive_refuse_count(reader->name, limits->members, err);
	if (!archive_names_add(&reader->names, name))
		return archive_refuse_twice(reader->name, name, err);
	size = (uint64_t)archive_entry_size(entry);
	if (size > limits->member_bytes)
		return archive_refuse_size(
		    reader->name, name, limits->member_bytes, err);
	if (size > limits->total_bytes - reader->total)
		return archive_refuse_size(
		    reader->name, name, limits->total_bytes, err);
	reader->total += size;
	reader->end +=
	    BLOCK_BYTES + (size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
	return 0;
}

int
archive_next(struct archive_reader *reader, const char **member, uint64_t *size,
    struct err *err)
{
	struct archive_entry *entry;
	const int status = archive_read_next_header(reader->tar, &entry);

	reader->open = false;
	if (status == ARCHIVE_EOF)
		return check_end(reader, err);
	if (status != ARCHIVE_OK)
		return fail(reader, reader->tar, err);
	if (check_member(reader, entry, err) < 0)
		return -1;
	*member = archive_entry_pathname(entry);
	*size = (uint64_t)archive_entry_size(entry);
	reader->open = true;
	return 1;
}

ssize_t
archive_read_some(
    struct archive_reader *reader, void *to, size_t room, struct err *err)
{
	la_ssize_t got;

	if (!reader->open)
		return 0;
	got = archive_read_data(reader->tar, to, room);
	return got < 0 ? fail(reader, reader->tar, err) : (ssize_t)got;
}

int
archive_read_rest(
    struct archive_reader *reader, struct buf *out, struct err *err)
{
	char piece[ARCHIVE_PIECE_BYTES];
	ssize_t got;

	while (
	    (got = archive_read_some(reader, piece, sizeof(piece), err)) > 0) {
		buf_add(out, piece, (size_t)got);
		if (buf_is_full(out))
			return buf_check(out, reader->name, err);
	}
	return got < 0 ? -1 : 0;
}
