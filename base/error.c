/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Ends `text` before the first byte of a character that was cut in two. */
static void
trim_cut_character(char *text)
{
	size_t len = strlen(text), start = len;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start == 0)
		return;
	const unsigned char lead = (unsigned char)text[start - 1];
	const size_t need = lead >= 0xf0 ? 3
	    : lead >= 0xe0               ? 2
	    : lead >= 0xc0               ? 1
					 : 0;

	if (len - start < need)
		text[start - 1] = '\0';
}

static void
store(struct err *err, const char *text)
{
	size_t len = strlen(text);

	if (len >= sizeof(err->msg))
		len = sizeof(err->msg) - 1;
	memmove(err->msg, text, len);
	err->msg[len] = '\0';
	trim_cut_character(err->msg);
}

int
err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list args;

	err->code = code;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	store(err, text);
	return -1;
}

int
err_wrap(struct err *err, const char *fmt, ...)
{
	char text[2 * ERR_MSG_MAX];
	va_list args;
	size_t len;

	va_start(args, fmt);
	vsnprintf(text, ERR_MSG_MAX, fmt, args);
	va_end(args);
	trim_cut_character(text);
	len = strlen(text);
	snprintf(text + len, sizeof(text) - len, ": %s", err->msg);
	store(err, text);
	return -1;
}

static enum err_code
code_of_errno(int number)
{
	switch (number) {
	case ENOSPC:
	case EDQUOT: return ERR_FULL;
	case EACCES:
	case EPERM:
	case EROFS: return ERR_DENIED;
	case ENOENT: return ERR_NOT_FOUND;
	case EEXIST: return ERR_EXISTS;
	default: return ERR_IO;
	}
}

int
err_errno(struct err *err, const char *fmt, ...)
{
	const int number = errno;
	char text[2 * ERR_MSG_MAX];
	va_list args;
	size_t len;

	va_start(args, fmt);
	vsnprintf(text, ERR_MSG_MAX, fmt, args);
	va_end(args);
	trim_cut_character(text);
	len = strlen(text);
	snprintf(text + len, sizeof(text) - len, ": %s", strerror(number));
	err->code = code_of_errno(number);
	store(err, text);
	return -1;
}

const char *
err_code_name(enum err_code code)
{
	static const char *const names[] = {
#define X(id, text) #id,
		ERR_CODES(X)
#undef X
	};

	return (size_t)code < ARRAY_LEN(names) ? names[code] : "ERR_?";
}
