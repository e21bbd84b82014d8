/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

int
read_whole(int fd, const char *name, void *to, size_t len, uint64_t offset,
    struct err *err)
{
	uint8_t *at = to;

	while (len > 0) {
		const ssize_t got = pread(fd, at, len, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, _("cannot read %s"), name);
		if (got == 0)
			return err_set(err, ERR_FORMAT,
			    _("%s is cut short: it ends at byte %llu"), name,
			    (unsigned long long)offset);
		at += got;
		offset += (uint64_t)got;
		len -= (size_t)got;
	}
	return 0;
}

static int
write_whole(int fd, const char *name, const uint8_t *from, size_t len,
    uint64_t offset, struct err *err)
{
	while (len > 0) {
		const ssize_t put = pwrite(fd, from, len, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_errno(err, _("cannot write %s"), name);
		from += put;
		offset += (uint64_t)put;
		len -= (size_t)put;
	}
	return 0;
}

int
copy_bytes(
    struct copying *copying, uint64_t offset, uint64_t len, struct err *err)
{
	uint8_t *bytes = xcalloc(1, COPY_BYTES);
	const uint64_t end = offset + len;
	int result = 0;

	while (result == 0 && offset < end) {
		const size_t piece = end - offset < COPY_BYTES
		    ? (size_t)(end - offset)
		    : COPY_BYTES;

		result = progress_step(
		    copying->progress, copying->done, copying->total, err);
		if (result == 0)
			result = read_whole(copying->from_fd, copying->from,
			    bytes, piece, offset, err);
		if (result == 0)
			result = write_whole(copying->to_fd, copying->to, bytes,
			    piece, offset, err);
		offset += piece;
		copying->done += piece;
	}
	free(bytes);
	return result;
}

int
sync_and_forget(int fd, const char *name, struct err *err)
{
	if (fsync(fd) != 0)
		return err_errno(err, _("cannot write %s"), name);
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	return 0;
}
