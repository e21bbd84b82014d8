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
#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/i18n.h"
#include "base/mem.h"

enum {
	PIECE_BYTES = 64 * 1024,
	BLOCK_BYTES = 512,
	END_BYTES = 2 * BLOCK_BYTES,
	PADDING_MAX = 1024 * 1024, /* zeros that may follow the end */
	NAME_MAX_BYTES = 255       /* what ustar can hold */
};

/* The names seen so far. */
struct names {
	void *tree;
};

static int
compare_names(const void *one, const void *other)
{
	return strcmp(one, other);
}

/* False when `name` was there before. */
static bool
remember(struct names *names, const char *name)
{
	char *copy = xstrdup(name);
	char *const *kept = tsearch(copy, &names->tree, compare_names);

	if (!kept || *kept != copy) {
		free(copy);
		return false;
	}
	return true;
}

static void
forget_names(struct names *names)
{
	if (names->tree)
		tdestroy(names->tree, free);
	names->tree = NULL;
}

static bool
has_plain_parts(const char *name)
{
	size_t len;

	for (;; name += len + 1) {
		len = strcspn(name, "/");
		if (len == 0 || (len == 1 && name[0] == '.') ||
		    (len == 2 && name[0] == '.' && name[1] == '.'))
			return false;
		if (name[len] == '\0')
			return true;
	}
}

static bool
is_tar_name(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._/-";

	return strlen(name) <= NAME_MAX_BYTES &&
	    name[strspn(name, allowed)] == '\0' && has_plain_parts(name);
}

static int
refuse_name(const char *archive, const char *name, struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    _("%s: the member name \"%s\" is not allowed"), archive,
	    name ? name : "");
}

static int
refuse_twice(const char *archive, const char *name, struct err *err)
{
	return err_set(
	    err, ERR_FORMAT, _("%s: holds \"%s\" twice"), archive, name);
}

static int
refuse_size(
    const char *archive, const char *name, uint64_t max, struct err *err)
{
	return err_set(err, ERR_LIMIT,
	    _("%s: with \"%s\" it unpacks to more than the %llu bytes that "
	      "are allowed"),
	    archive, name, (unsigned long long)max);
}

static int
refuse_count(const char *archive, size_t max, struct err *err)
{
	return err_set(
	    err, ERR_LIMIT, _("%s: holds more than %zu files"), archive, max);
}

/* What libarchive says, with the archive's name; always -1. */
static int
take_error(struct archive *archive, const char *name, struct err *err)
{
	const char *text = archive_error_string(archive);

	return err_set(err, ERR_FORMAT, _("%s: damaged or cut short (%s)"),
	    name, text ? text : "?");
}

/* A source that libarchive reads from, and what went by. */
struct feed {
	struct byte_source source;
	struct err err; /* the source's own */
	uint64_t bytes; /* seen in all */
	uint64_t zeros; /* how many of them are zeros at the end */
	char piece[PIECE_BYTES];
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
	struct names names;
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
		take_error(archive, reader->name, err);
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
	forget_names(&reader->names);
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
	if (!name || !is_tar_name(name))
		return refuse_name(reader->name, name, err);
	if (++reader->members > limits->members)
		return refuse_count(reader->name, limits->members, err);
	if (!remember(&reader->names, name))
		return refuse_twice(reader->name, name, err);
	size = (uint64_t)archive_entry_size(entry);
	if (size > limits->member_bytes)
		return refuse_size(
		    reader->name, name, limits->member_bytes, err);
	if (size > limits->total_bytes - reader->total)
		return refuse_size(
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
	char piece[PIECE_BYTES];
	ssize_t got;

	while (
	    (got = archive_read_some(reader, piece, sizeof(piece), err)) > 0) {
		buf_add(out, piece, (size_t)got);
		if (buf_is_full(out))
			return buf_check(out, reader->name, err);
	}
	return got < 0 ? -1 : 0;
}

/* A zip on its way through archive_walk_zip(). */
struct walk {
	struct archive *zip;
	const char *name;
	const struct archive_limits *limits;
	struct names names;
	size_t members;
	uint64_t total;
};

static int
read_zip_member(
    struct walk *walk, const char *member, struct buf *data, struct err *err)
{
	const uint64_t left = walk->limits->total_bytes - walk->total;
	const uint64_t max = left < walk->limits->member_bytes
	    ? left
	    : walk->limits->member_bytes;
	char piece[PIECE_BYTES];
	la_ssize_t got;

	while ((got = archive_read_data(walk->zip, piece, sizeof(piece))) > 0) {
		if ((uint64_t)got > max - data->len)
			return refuse_size(walk->name, member, max, err);
		buf_add(data, piece, (size_t)got);
	}
	if (got < 0)
		return take_error(walk->zip, walk->name, err);
	walk->total += data->len;
	return buf_check(data, member, err);
}

static int
check_zip_member(struct walk *walk, struct archive_entry *entry,
    const char *member, struct err *err)
{
	if (++walk->members > walk->limits->members)
		return refuse_count(walk->name, walk->limits->members, err);
	if (!member || !has_plain_parts(member))
		return refuse_name(walk->name, member, err);
	if (archive_entry_is_encrypted(entry))
		return err_set(err, ERR_UNSUPPORTED,
		    _("%s: \"%s\" is protected by a password; save it without "
		      "one"),
		    walk->name, member);
	if (archive_entry_filetype(entry) != AE_IFREG)
		return err_set(err, ERR_FORMAT,
		    _("%s: \"%s\" is not a regular file"), walk->name, member);
	if (!remember(&walk->names, member))
		return refuse_twice(walk->name, member, err);
	return 0;
}

static int
walk_members(struct walk *walk,
    int (*each)(void *arg, const char *member, const char *data, size_t size,
	struct err *err),
    void *arg, struct err *err)
{
	struct archive_entry *entry;
	int status, result = 0;

	while ((status = archive_read_next_header(walk->zip, &entry)) ==
		ARCHIVE_OK ||
	    status == ARCHIVE_WARN) {
		const char *member = archive_entry_pathname_utf8(entry);
		struct buf data = BUF_INIT;

		if (archive_entry_filetype(entry) == AE_IFDIR &&
		    ++walk->members <= walk->limits->members)
			continue; /* some programs list folders too */
		result = check_zip_member(walk, entry, member, err);
		if (result == 0)
			result = read_zip_member(walk, member, &data, err);
		if (result == 0)
			result = each(arg, member, data.data, data.len, err);
		buf_release(&data);
		if (result < 0)
			return -1;
	}
	return status == ARCHIVE_EOF ? 0
				     : take_error(walk->zip, walk->name, err);
}

int
archive_walk_zip(const void *bytes, size_t len, const char *name,
    const struct archive_limits *limits,
    int (*each)(void *arg, const char *member, const char *data, size_t size,
	struct err *err),
    void *arg, struct err *err)
{
	struct walk walk = { .name = name, .limits = limits };
	int result;

	walk.zip = archive_read_new();
	archive_read_support_format_zip_seekable(walk.zip);
	if (archive_read_open_memory(walk.zip, bytes, len) < 0)
		result = take_error(walk.zip, name, err);
	else
		result = walk_members(&walk, each, arg, err);
	archive_read_free(walk.zip);
	forget_names(&walk.names);
	return result;
}

struct archive_writer {
	char *name;
	struct archive *tar;
	struct byte_sink sink;
	struct err err;     /* the sink's own */
	struct names names; /* a name twice is our own mistake: refused */
	uint64_t missing;   /* bytes that the member still lacks */
	bool abandoned;     /* nothing more goes to the sink */
};

static la_ssize_t
on_write(struct archive *archive, void *arg, const void *bytes, size_t len)
{
	struct archive_writer *writer = arg;

	if (writer->abandoned)
		return -1;
	if (writer->sink.write(writer->sink.arg, bytes, len, &writer->err) <
	    0) {
		archive_set_error(archive, EIO, "sink");
		return -1;
	}
	return (la_ssize_t)len;
}

static int
fail_write(struct archive_writer *writer, struct err *err)
{
	const char *text = archive_error_string(writer->tar);

	if (writer->err.code != ERR_NONE) {
		*err = writer->err;
		return -1;
	}
	return err_set(err, ERR_IO, _("cannot write %s: %s"), writer->name,
	    text ? text : "?");
}

struct archive_writer *
archive_create(enum archive_kind kind, const char *name,
    const struct byte_sink *sink, struct err *err)
{
	struct archive_writer *writer = xcalloc(1, sizeof(*writer));
	int status = ARCHIVE_OK;

	writer->name = xstrdup(name);
	writer->sink = *sink;
	writer->tar = archive_write_new();
	archive_write_set_format_ustar(writer->tar);
	archive_write_set_bytes_per_block(writer->tar, PIECE_BYTES);
	archive_write_set_bytes_in_last_block(writer->tar, 1);
	if (kind == ARCHIVE_TAR_ZSTD) {
		status = archive_write_add_filter_zstd(writer->tar);
		if (status == ARCHIVE_OK)
			status = archive_write_set_filter_option(
			    writer->tar, "zstd", "compression-level", "3");
	}
	if (status == ARCHIVE_OK)
		status = archive_write_open(
		    writer->tar, writer, NULL, on_write, NULL);
	if (status == ARCHIVE_OK)
		return writer;
	fail_write(writer, err);
	archive_abandon(writer);
	return NULL;
}

static int
check_complete(struct archive_writer *writer, struct err *err)
{
	if (writer->missing == 0)
		return 0;
	return err_set(err, ERR_IO,
	    _("cannot write %s: a file in it is shorter than announced"),
	    writer->name);
}

int
archive_begin_member(struct archive_writer *writer, const char *member,
    uint64_t size, struct err *err)
{
	struct archive_entry *entry;
	int status;

	if (check_complete(writer, err) < 0)
		return -1;
	if (!is_tar_name(member))
		return refuse_name(writer->name, member, err);
	if (!remember(&writer->names, member))
		return refuse_twice(writer->name, member, err);
	entry = archive_entry_new();
	archive_entry_set_pathname(entry, member);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)size);
	archive_entry_set_mtime(entry, 0, 0);
	status = archive_write_header(writer->tar, entry);
	archive_entry_free(entry);
	if (status != ARCHIVE_OK)
		return fail_write(writer, err);
	writer->missing = size;
	return 0;
}

int
archive_write_some(struct archive_writer *writer, const void *bytes, size_t len,
    struct err *err)
{
	if (len > writer->missing)
		return err_set(err, ERR_IO,
		    _("cannot write %s: a file in it is longer than "
		      "announced"),
		    writer->name);
	if (len > 0 &&
	    archive_write_data(writer->tar, bytes, len) != (la_ssize_t)len)
		return fail_write(writer, err);
	writer->missing -= len;
	return 0;
}

int
archive_add(struct archive_writer *writer, const char *member,
    const void *bytes, size_t len, struct err *err)
{
	if (archive_begin_member(writer, member, len, err) < 0)
		return -1;
	return archive_write_some(writer, bytes, len, err);
}

int
archive_finish(struct archive_writer *writer, struct err *err)
{
	int result = check_complete(writer, err);

	if (result == 0 && archive_write_close(writer->tar) != ARCHIVE_OK)
		result = fail_write(writer, err);
	archive_abandon(writer);
	return result;
}

void
archive_abandon(struct archive_writer *writer)
{
	if (!writer)
		return;
	writer->abandoned = true;
	archive_write_free(writer->tar);
	forget_names(&writer->names);
	free(writer->name);
	free(writer);
}
