/* SPDX-License-Identifier: Apache-2.0 */
#include "base/archive_internal.h"

#include <stdbool.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/i18n.h"

/* A zip on its way through archive_walk_zip(). */
struct walk {
	struct archive *zip;
	const char *name;
	const struct archive_limits *limits;
	struct archive_names names;
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
	char piece[ARCHIVE_PIECE_BYTES];
	la_ssize_t got;

	while ((got = archive_read_data(walk->zip, piece, sizeof(piece))) > 0) {
		if ((uint64_t)got > max - data->len)
			return archive_refuse_size(
			    walk->name, member, max, err);
		buf_add(data, piece, (size_t)got);
	}
	if (got < 0)
		return archive_refuse_damaged(walk->zip, walk->name, err);
	walk->total += data->len;
	return buf_check(data, member, err);
}

static int
check_zip_member(struct walk *walk, struct archive_entry *entry,
    const char *member, struct err *err)
{
	if (++walk->members > walk->limits->members)
		return archive_refuse_count(
		    walk->name, walk->limits->members, err);
	if (!member || !archive_name_is_plain(member))
		return archive_refuse_name(walk->name, member, err);
	if (archive_entry_is_encrypted(entry))
		return err_set(err, ERR_UNSUPPORTED,
		    _("%s: \"%s\" is protected by a password; save it without "
		      "one"),
		    walk->name, member);
	if (archive_entry_filetype(entry) != AE_IFREG)
		return err_set(err, ERR_FORMAT,
		    _("%s: \"%s\" is not a regular file"), walk->name, member);
	if (!archive_names_add(&walk->names, member))
		return archive_refuse_twice(walk->name, member, err);
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
	return status == ARCHIVE_EOF
	    ? 0
	    : archive_refuse_damaged(walk->zip, walk->name, err);
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
		result = archive_refuse_damaged(walk.zip, name, err);
	else
		result = walk_members(&walk, each, arg, err);
	archive_read_free(walk.zip);
	archive_names_release(&walk.names);
	return result;
}
