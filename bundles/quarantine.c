/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/quarantine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/bundle.h"
#include "bundles/stage.h"
#include "storage/vault.h"

enum { NAME_DIGITS = 16, PIECE_BYTES = 64 * 1024 };

char *
vault_folder(const struct vault *vault)
{
	const char *path = vault_path(vault);
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	return slash == path ? xstrdup("/")
			     : xstrndup(path, (size_t)(slash - path));
}

char *
quarantine_folder(const struct vault *vault)
{
	return xasprintf("%s.quarantine", vault_path(vault));
}

static int
copy_all(int from, int to, const char *path, struct err *err)
{
	struct fd_stream stream = { .fd = from, .name = path };
	const struct byte_source source = fd_source(&stream);
	char piece[PIECE_BYTES];
	ssize_t got;

	if (lseek(from, 0, SEEK_SET) < 0)
		return err_errno(err, _("cannot read %s"), path);
	while ((got = source.read(source.arg, piece, sizeof(piece), err)) > 0)
		if (file_write_all(to, piece, (size_t)got, path, err) < 0)
			return -1;
	return got < 0 ? -1 : 0;
}

static int
keep_copy(int fd, const char *path, struct err *err)
{
	struct new_file file = NEW_FILE_INIT;
	int result = -1;

	if (file_exists(path))
		return 0;
	if (file_begin(&file, path, 0600, err) == 0 &&
	    copy_all(fd, file.fd, path, err) == 0)
		result = file_finish(&file, err);
	file_abandon(&file);
	return result;
}

/* The code and the place only: a message may quote what stood there. */
static int
keep_reason(const char *path, const struct hash *digest, enum err_code code,
    const char *place, struct err *err)
{
	struct buf text = BUF_INIT;
	char time[CLOCK_TEXT_MAX], hex[HASH_HEX_MAX];
	int result;

	clock_format(clock_now(), time);
	hash_to_hex(digest, hex);
	buf_addf(&text, "time: %s\n", time);
	buf_addf(&text, "code: %s\n", err_code_name(code));
	buf_addf(&text, "place: %s\n", place);
	buf_addf(&text, "blake2b256: %s\n", hex);
	result = file_write(path, text.data, text.len, 0600, err);
	buf_release(&text);
	return result;
}

int
quarantine_keep(const struct vault *vault, int fd, const struct hash *digest,
    enum err_code code, const char *place, struct err *err)
{
	char *folder = quarantine_folder(vault);
	char hex[HASH_HEX_MAX], *path, *reason;
	int result = -1;

	hash_to_hex(digest, hex);
	path = xasprintf("%s/%.*s.ronde", folder, NAME_DIGITS, hex);
	reason = xasprintf("%s/%.*s.reason", folder, NAME_DIGITS, hex);
	if (file_make_folders(folder, err) == 0 &&
	    keep_copy(fd, path, err) == 0)
		result = keep_reason(reason, digest, code, place, err);
	free(reason);
	free(path);
	free(folder);
	return result;
}
