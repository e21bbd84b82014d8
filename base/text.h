/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Text is UTF-8 everywhere.  What comes from outside passes text_check() or
 * text_decode() at the door; what is shown passes text_show().  Width is in
 * columns of the terminal, by the C library's own wcwidth(), because the
 * cursor of ncurses moves by exactly that.
 */

enum { TEXT_NAME_MAX = 1000 }; /* bytes: names of people, bodies and sites */

/*
 * Refuses what is not UTF-8 (overlong forms, surrogates, past U+10FFFF) and
 * NUL, with ERR_FORMAT that names `what`, the line and the byte in it.
 */
int text_check(const char *text, size_t len, const char *what, struct err *err);

/*
 * Refuses, besides, control characters (C0 but tab and newline where
 * `multiline`, C1, bidirectional overrides and isolates, U+2028, U+2029):
 * for names and answers.  ERR_LIMIT above `max` bytes.
 */
int text_check_clean(const char *text, size_t max, bool multiline,
    const char *what, struct err *err);

/*
 * Brings the bytes of a file to UTF-8 in `out`: takes a byte order mark away,
 * reads UTF-16 with a mark, and takes bytes that are not UTF-8 for
 * Windows-1252 when every one of them has a meaning there; else ERR_FORMAT
 * with line and byte.  `*encoding` (may be NULL) is then "UTF-8", "UTF-16LE",
 * "UTF-16BE" or "Windows-1252".  The result is in normal form C.
 */
int text_decode(const char *bytes, size_t len, const char *what,
    struct buf *out, const char **encoding, struct err *err);

/* Columns of `len` bytes; characters that are not shown count 0. */
size_t text_width(const char *text, size_t len);

/*
 * The bytes of the longest start of `text` that is at most `columns` wide,
 * never inside a character with its combining marks.
 */
size_t text_fit(const char *text, size_t len, size_t columns);

/* Bytes from `at` to the next, or back to the last, cut between characters
 * as people see them (grapheme clusters); 0 at the end or the start. */
size_t text_next(const char *text, size_t len, size_t at);
size_t text_prev(const char *text, size_t at);

/*
 * Adds `text` as it may be shown: control and format characters as U+FFFD-free
 * marks ("^[", "<U+202E>"), newlines as they are only where `multiline`, else
 * as a space, like tabs.  Joiners that Arabic and others need are kept.
 */
void text_show(struct buf *out, const char *text, bool multiline);

/* As text_show(), cut to `columns` with "…" in the place of the rest. */
void text_show_cut(struct buf *out, const char *text, size_t columns);

/*
 * The key by which people search: small letters, no accents, oe for œ and ae
 * for æ, typographic quotes and spaces as plain ones.  The caller's to free.
 */
char *text_search_key(const char *text);
bool text_matches(const char *text, const char *typed);

/* Normal form C of `text`; the caller's to free. */
char *text_nfc(const char *text);

/* The smallest number of edits between two names, for "did you mean". */
size_t text_distance(const char *one, const char *other);

bool text_is_blank(const char *text);

#endif
