/* SPDX-License-Identifier: Apache-2.0 */
#include "app/age_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/cli.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "crypto/age.h"

/* Far more than AGE_KEYS_MAX keys with comments. */
enum { FILE_MAX = 64 * 1024 };

static const char binary_begin[] = "age-encryption.org/";
static const char armour_begin[] = "-----BEGIN AGE";

struct reading {
	const unsigned char *at;
	size_t left;
};

static ssize_t
read_memory(void *arg, void *to, size_t room, struct err *err)
{
	struct reading *reading = arg;
	const size_t len = room < reading->left ? room : reading->left;

	(void)err;
	memcpy(to, reading->at, len);
	reading->at += len;
	reading->left -= len;
	return (ssize_t)len;
}

static bool
begins(const struct secret *text, size_t len, const char *with)
{
	return len >= strlen(with) &&
	    memcmp(text->data, with, strlen(with)) == 0;
}

/* All of a file into guarded memory; its length or -1. */
static ssize_t
read_file(const char *path, struct secret *to, struct err *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;
	size_t len = 0;

	if (fd < 0)
		return err_errno(err, _("cannot open %s"), path);
	while (got != 0 && len < to->len) {
		got = read(fd, to->data + len, to->len - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		len += (size_t)got;
	}
	if (got < 0)
		err_errno(err, _("cannot read %s"), path);
	else if (len == to->len)
		err_set(err, ERR_LIMIT,
		    _("%s is larger than any file of age keys"), path);
	close(fd);
	return got < 0 || len == to->len ? -1 : (ssize_t)len;
}

/* The clear text of an age file with a passphrase; its length or -1. */
static ssize_t
decrypt(struct reading *sealed, const char *passphrase_file,
    struct secret *clear, struct err *err)
{
	const struct byte_source source = { read_memory, sealed };
	struct secret *passphrase = passphrase_file
	    ? secret_read_file(passphrase_file, err)
	    : cli_ask(_("Passphrase of the key file: "), false, err);
	struct age_reader *reader = NULL;
	ssize_t got = -1;
	size_t len = 0;

	if (passphrase)
		reader = age_decrypt_passphrase(passphrase, &source, err);
	secret_free(passphrase);
	if (!reader)
		return -1;
	do {
		got =
		    age_read(reader, clear->data + len, clear->len - len, err);
		len += got > 0 ? (size_t)got : 0;
	} while (got > 0 && len < clear->len);
	if (got > 0)
		got = err_set(err, ERR_LIMIT,
		    _("it is larger than any file of age keys"));
	age_reader_free(reader);
	return got < 0 ? -1 : (ssize_t)len;
}

static int
add_line(struct age_keys *keys, const char *line, size_t len, size_t number,
    struct err *err)
{
	struct secret *key;

	while (len > 0 && strchr(" \t\r", line[len - 1]))
		len--;
	if (len == 0 || line[0] == '#')
		return 0;
	if (keys->count == AGE_KEYS_MAX)
		return err_set(err, ERR_LIMIT, _("it holds more than %d keys"),
		    (int)AGE_KEYS_MAX);
	key = age_identity_read(line, len, err);
	if (!key)
		return err_wrap(err, _("line %zu"), number);
	keys->list[keys->count++] = key;
	return 0;
}

static int
read_lines(struct age_keys *keys, const char *text, size_t len, struct err *err)
{
	for (size_t number = 1; len > 0; number++) {
		const char *end = memchr(text, '\n', len);
		const size_t line = end ? (size_t)(end - text) : len;

		if (add_line(keys, text, line, number, err) != 0)
			return -1;
		text += line + (end ? 1 : 0);
		len -= line + (end ? 1 : 0);
	}
	if (keys->count > 0)
		return 0;
	return err_set(err, ERR_FORMAT,
	    _("it holds no key: a line that starts with AGE-SECRET-KEY-1"));
}

int
age_keys_read(struct age_keys *keys, const char *path,
    const char *passphrase_file, struct err *err)
{
	struct secret *text = secret_new(FILE_MAX);
	struct secret *clear = secret_new(FILE_MAX);
	struct buf binary = BUF_INIT;
	ssize_t len = read_file(path, text, err);
	struct reading sealed = { text->data, len > 0 ? (size_t)len : 0 };
	int result = -1;

	memset(keys, 0, sizeof(*keys));
	if (len < 0)
		goto out;
	if (begins(text, sealed.left, armour_begin)) {
		if (age_dearmor((const char *)text->data, sealed.left, &binary,
			err) != 0)
			goto out;
		sealed = (struct reading){ (unsigned char *)binary.data,
			binary.len };
	}
	if (binary.len > 0 || begins(text, sealed.left, binary_begin))
		len = decrypt(&sealed, passphrase_file, clear, err);
	else
		memcpy(clear->data, text->data, (size_t)len);
	if (len >= 0)
		result = read_lines(
		    keys, (const char *)clear->data, (size_t)len, err);
out:
	if (result != 0) {
		err_wrap(err, _("cannot use the keys of %s"), path);
		age_keys_release(keys);
	}
	buf_release(&binary);
	secret_free(text);
	secret_free(clear);
	return result;
}

void
age_keys_release(struct age_keys *keys)
{
	for (size_t i = 0; i < keys->count; i++)
		secret_free(keys->list[i]);
	memset(keys, 0, sizeof(*keys));
}
