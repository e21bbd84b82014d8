/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

enum { PASSPHRASE_MAX = 1024 }; /* bytes; nobody types more */

static bool all_locked = true;

static void
allow_locking(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_MEMLOCK, &limit);
}

int
crypto_init(struct err *err)
{
	const struct rlimit none = { 0, 0 };

	if (sodium_init() < 0)
		return err_set(err, ERR_UNSUPPORTED,
		    _("cannot start libsodium: no source of random numbers"));
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return err_errno(err, _("cannot turn core dumps off"));
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_errno(err, _("cannot turn debugging by others off"));
	allow_locking();
	return 0;
}

struct secret *
secret_new(size_t len)
{
	struct secret *secret = xcalloc(1, sizeof(*secret));

	secret->data = sodium_malloc(len);
	if (!secret->data)
		mem_exhausted();
	secret->len = len;
	/* sodium_malloc() did it, and does not tell whether it could. */
	if (sodium_mlock(secret->data, len) != 0)
		all_locked = false;
	sodium_memzero(secret->data, len);
	return secret;
}

bool
secret_all_locked(void)
{
	return all_locked;
}

struct secret *
secret_random(size_t len)
{
	struct secret *secret = secret_new(len);

	random_bytes(secret->data, len);
	return secret;
}

struct secret *
secret_take(void *from, size_t len, bool wipe_from)
{
	struct secret *secret = secret_new(len);

	if (len)
		memcpy(secret->data, from, len);
	if (wipe_from)
		wipe(from, len);
	return secret;
}

void
secret_free(struct secret *secret)
{
	if (!secret)
		return;
	sodium_free(secret->data);
	free(secret);
}

bool
secret_equal(const struct secret *one, const struct secret *other)
{
	return one->len == other->len &&
	    sodium_memcmp(one->data, other->data, one->len) == 0;
}

/* Reads until a newline, the end, or `line` is full; bytes read or -1. */
static ssize_t
read_line(int fd, struct secret *line)
{
	size_t len = 0;

	while (len < line->len && !memchr(line->data, '\n', len)) {
		const ssize_t got = read(fd, line->data + len, line->len - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

static struct secret *
first_line(struct secret *read, size_t len, const char *path, struct err *err)
{
	const unsigned char *end = memchr(read->data, '\n', len);

	if (end)
		len = (size_t)(end - read->data);
	if (len > 0 && read->data[len - 1] == '\r')
		len--;
	if (len > PASSPHRASE_MAX) {
		err_set(err, ERR_LIMIT,
		    _("%s: the first line is longer than %d bytes"), path,
		    PASSPHRASE_MAX);
		return NULL;
	}
	if (len == 0) {
		err_set(err, ERR_FORMAT,
		    _("%s: the first line, which should be the passphrase, "
		      "is empty"),
		    path);
		return NULL;
	}
	return secret_take(read->data, len, true);
}

struct secret *
secret_read_file(const char *path, struct err *err)
{
	struct secret *read = NULL, *result = NULL;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0) {
		err_errno(err, _("cannot open %s"), path);
		return NULL;
	}
	/* Room for the longest line, its end, and a byte too many. */
	read = secret_new(PASSPHRASE_MAX + 3);
	len = read_line(fd, read);
	if (len < 0)
		err_errno(err, _("cannot read %s"), path);
	else
		result = first_line(read, (size_t)len, path, err);
	secret_free(read);
	close(fd);
	return result;
}

void
random_bytes(void *to, size_t len)
{
	randombytes_buf(to, len);
}

void
wipe(void *bytes, size_t len)
{
	sodium_memzero(bytes, len);
}
