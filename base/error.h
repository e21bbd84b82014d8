/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/compiler.h"

/*
 * The one error type of the program.
 *
 * A function that can fail returns 0 or -1 (or a pointer or NULL) and takes a
 * `struct err *`, never NULL, as its last parameter.  The caller owns the
 * struct, usually on its stack.  Setting an error copies into a fixed buffer,
 * so reporting a failure cannot itself fail and nothing has to be freed.
 *
 * `code` is for the program to branch on; `msg` is for a person to read, in
 * the language of the moment: what was tried, on what, why, and what to do.
 */

#define ERR_CODES(X)                                        \
	X(ERR_NONE, "no error")                             \
	X(ERR_IO, "input or output failed")                 \
	X(ERR_FULL, "no space left")                        \
	X(ERR_FORMAT, "malformed data")                     \
	X(ERR_AUTH, "wrong key or altered data")            \
	X(ERR_TRUST, "signed by nobody who is trusted")     \
	X(ERR_NOT_FOUND, "not found")                       \
	X(ERR_EXISTS, "exists already")                     \
	X(ERR_BUSY, "used by another process")              \
	X(ERR_CONFLICT, "changed by someone else")          \
	X(ERR_DENIED, "not allowed")                        \
	X(ERR_VALUE, "value refused by the checklist")      \
	X(ERR_LIMIT, "too large")                           \
	X(ERR_UNSUPPORTED, "not supported by this version") \
	X(ERR_CANCELLED, "stopped on request")              \
	X(ERR_USAGE, "wrong usage")

enum err_code {
#define X(code, text) code,
	ERR_CODES(X)
#undef X
};

enum { ERR_MSG_MAX = 512 }; /* bytes, with the final NUL */

/* Starts as `struct err err = { 0 };`, which is ERR_NONE. */
struct err {
	enum err_code code;
	char msg[ERR_MSG_MAX];
};

/*
 * Records `code` and the formatted message, cut at a character boundary when
 * it is too long.  Always returns -1, so that failing is one line:
 * `return err_set(err, ERR_FORMAT, ...)`.
 */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/*
 * Puts context in front of the message already in `err` and keeps its code:
 * "no such table" becomes "cannot open visits.db: no such table".
 * Context that stands in front already is not put there twice.  Returns -1.
 */
int err_wrap(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Records what `errno` says (ENOSPC and EDQUOT as ERR_FULL, EACCES, EPERM and
 * EROFS as ERR_DENIED, ENOENT as ERR_NOT_FOUND, else ERR_IO), as
 * "<formatted>: <reason>" and, where a person can do something about it,
 * "; <what>".  Reasons that are often met are in the user's language.
 * Returns -1.
 */
int err_errno(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The fixed name of a code ("ERR_AUTH"), for --json and tests. */
const char *err_code_name(enum err_code code);

#endif
