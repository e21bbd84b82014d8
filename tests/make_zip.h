/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_MAKE_ZIP_H
#define TESTS_MAKE_ZIP_H

#include <stddef.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/buf.h"

/* Zips for tests, also such as no honest program makes. */

enum { MAKE_ZIP_ROOM = 8 << 20 };

struct made_file {
	const char *name, *text; /* a name that ends in "/" is a folder */
	size_t zeros;            /* bytes that follow the text */
};

/* Adds a zip of `files` to `out`, in their order, names as they are. */
static inline void
make_zip(struct buf *out, const struct made_file *files, size_t count)
{
	static char room[MAKE_ZIP_ROOM], zeros[1 << 16];
	struct archive *zip = archive_write_new();
	size_t used = 0;

	archive_write_set_format_zip(zip);
	assert_int_equal(
	    archive_write_open_memory(zip, room, sizeof(room), &used), 0);
	for (size_t i = 0; i < count; i++) {
		struct archive_entry *entry = archive_entry_new();
		const size_t len = strlen(files[i].text);
		size_t left = files[i].zeros;

		archive_entry_set_pathname(entry, files[i].name);
		archive_entry_set_size(entry, (la_int64_t)(len + left));
		archive_entry_set_filetype(entry,
		    files[i].name[strlen(files[i].name) - 1] == '/' ? AE_IFDIR
								    : AE_IFREG);
		archive_entry_set_perm(entry, 0644);
		assert_int_equal(archive_write_header(zip, entry), 0);
		archive_write_data(zip, files[i].text, len);
		for (; left > 0;) {
			const size_t step =
			    left < sizeof(zeros) ? left : sizeof(zeros);

			archive_write_data(zip, zeros, step);
			left -= step;
		}
		archive_entry_free(entry);
	}
	assert_int_equal(archive_write_close(zip), 0);
	archive_write_free(zip);
	buf_add(out, room, used);
}

#endif
