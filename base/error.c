/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

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
	/* What stands there already is not said twice. */
	if (strncmp(err->msg, text, len) == 0 && err->msg[len] == ':')
		return -1;
	snprintf(text + len, sizeof(text) - len, _(": %s"), err->msg);
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

/*
 * The system's own texts exist in other languages only where its language
 * packs are installed, so those that people meet are ours.  Add a row for
 * another one; `advice` is what a person can do, or NULL.
 */
static const struct {
	int number;
	const char *reason, *advice;
} reasons[] = {
	{ ENOSPC, N_("No space left on device"),
	    N_("free some space and try again") },
	{ EDQUOT, N_("Disk quota exceeded"),
	    N_("free some space and try again") },
	{ EROFS, N_("Read-only file system"),
	    N_("choose a place that can be written") },
	{ EACCES, N_("Permission denied"),
	    N_("choose a place where you have the right to it, or ask its "
	       "owner") },
	{ EPERM, N_("Operation not permitted"),
	    N_("choose a place where you have the right to it, or ask its "
	       "owner") },
	{ ENOENT, N_("No such file or directory"), N_("check the name") },
	{ ENOTDIR, N_("Not a directory"), N_("check the name") },
	{ EISDIR, N_("Is a directory"), N_("name a file") },
	{ ENAMETOOLONG, N_("File name too long"), N_("choose a shorter name") },
	{ EFBIG, N_("File too large"), NULL },
	{ EIO, N_("Input/output error"),
	    N_("check the disk or stick and try again") },
};

/* ": reason; what to do" */
static void
add_reason(char *to, size_t room, int number)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		if (reasons[i].number != number)
			continue;
		if (reasons[i].advice)
			snprintf(to, room, _(": %s; %s"), _(reasons[i].reason),
			    _(reasons[i].advice));
		else
			snprintf(to, room, _(": %s"), _(reasons[i].reason));
		return;
	}
	snprintf(to, room, _(": %s"), strerror(number));
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
	add_reason(text + len, sizeof(text) - len, number);
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
