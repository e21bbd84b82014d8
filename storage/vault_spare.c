/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/vault_header.h"

/*
 * What is written out takes its name by renaming, so one wrong word on a
 * command line would put a report where the vault was.
 */

enum { BEGIN_BYTES = 16 };

static bool
is_vault(const char *path)
{
	uint8_t bytes[BEGIN_BYTES];
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t got = 0;

	if (fd < 0)
		return false;
	got = pread(fd, bytes, sizeof(bytes), 0);
	close(fd);
	return got > 0 && vault_header_begins(bytes, (size_t)got);
}

static bool
is_wal(const char *path)
{
	static const char end[] = "-wal";
	const size_t len = strlen(path), end_len = sizeof(end) - 1;
	char *of;
	bool is;

	if (len <= end_len || strcmp(path + len - end_len, end) != 0)
		return false;
	of = xstrndup(path, len - end_len);
	is = is_vault(of);
	free(of);
	return is;
}

int
vault_spare(const char *path, struct err *err)
{
	if (!is_vault(path) && !is_wal(path))
		return 0;
	return err_set(err, ERR_EXISTS,
	    _("cannot write %s: a vault has that name; give another one"),
	    path);
}
