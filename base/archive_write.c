/* SPDX-License-Identifier: Apache-2.0 */
#include "base/archive_internal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/i18n.h"
#include "base/mem.h"

struct archive_writer {
	char *name;
	struct archive *tar;
	struct byte_sink sink;
	struct err err; /* the sink's own */
	struct archive_names
	    names;        /* a name twice is our own mistake: refused */
	uint64_t missing; /* bytes that the member still lacks */
	bool abandoned;   /* nothing more goes to the sink */
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
	archive_write_set_bytes_per_block(writer->tar, ARCHIVE_PIECE_BYTES);
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
	if (!archive_name_is_tar(member))
		return archive_refuse_name(writer->name, member, err);
	if (!archive_names_add(&writer->names, member))
		return archive_refuse_twice(writer->name, member, err);
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
	archive_names_release(&writer->names);
	free(writer->name);
	free(writer);
}
