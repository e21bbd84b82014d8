/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/compiler.h"
#include "base/i18n.h"
#include "base/mem.h"

enum { DISTANCE_MAX = 500 }; /* characters of a name that are compared */

/*
 * What the bytes 80 to 9F mean in Windows-1252; 0: nothing.  A table, since
 * iconv() would load modules from disk, which ronde-reader cannot.
 */
static const uint16_t windows_1252[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
	0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178 };

struct place {
	size_t line, byte; /* both from 1 */
};

static struct place
place_of(const char *text, size_t at)
{
	struct place place = { 1, 1 };

	for (size_t i = 0; i < at; i++) {
		place.byte++;
		if (text[i] == '\n')
			place = (struct place){ place.line + 1, 1 };
	}
	return place;
}

/* The bytes of the character at `text`, or 0 where there is none. */
static size_t
read_character(const char *text, size_t len, int32_t *c)
{
	const utf8proc_ssize_t size = utf8proc_iterate(
	    (const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, c);

	return size > 0 ? (size_t)size : 0;
}

static void
add_character(struct buf *out, int32_t c)
{
	utf8proc_uint8_t bytes[4];
	const utf8proc_ssize_t size = utf8proc_encode_char(c, bytes);

	buf_add(out, bytes, size > 0 ? (size_t)size : 0);
}

/* Where the first byte stands that is not UTF-8 or is NUL; `len` if none. */
static size_t
find_bad(const char *text, size_t len)
{
	size_t at = 0, size;
	int32_t c;

	while (at < len) {
		const unsigned char byte = (unsigned char)text[at];

		if (byte == 0)
			return at;
		if (byte < 0x80) {
			at++;
			continue;
		}
		size = read_character(text + at, len - at, &c);
		if (size == 0)
			return at;
		at += size;
	}
	return len;
}

static int
refuse_byte(const char *text, size_t at, const char *what, struct err *err)
{
	const struct place place = place_of(text, at);

	if (text[at] == '\0')
		return err_set(err, ERR_FORMAT,
		    _("%s, line %zu, byte %zu: a zero byte, so this is not "
		      "text"),
		    what, place.line, place.byte);
	return err_set(err, ERR_FORMAT,
	    _("%s, line %zu, byte %zu: byte %02X is not UTF-8; save it as "
	      "UTF-8 text"),
	    what, place.line, place.byte, (unsigned)(unsigned char)text[at]);
}

int
text_check(const char *text, size_t len, const char *what, struct err *err)
{
	const size_t at = find_bad(text, len);

	return at == len ? 0 : refuse_byte(text, at, what, err);
}

static bool
is_unclean(int32_t c, bool multiline)
{
	if (c == '\t' || c == '\n')
		return !multiline;
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	    c == 0x2028 || c == 0x2029;
}

int
text_check_clean(const char *text, size_t max, bool multiline, const char *what,
    struct err *err)
{
	const size_t len = strlen(text);
	size_t at = 0;
	int32_t c;

	if (len > max)
		return err_set(err, ERR_LIMIT,
		    _("%s: %zu bytes long, at most %zu are taken; shorten it"),
		    what, len, max);
	if (text_check(text, len, what, err) < 0)
		return -1;
	for (; at < len; at += read_character(text + at, len - at, &c)) {
		struct place place;

		read_character(text + at, len - at, &c);
		if (!is_unclean(c, multiline))
			continue;
		place = place_of(text, at);
		return err_set(err, ERR_FORMAT,
		    _("%s, line %zu, byte %zu: control character U+%04X; "
		      "take it away"),
		    what, place.line, place.byte, (unsigned)c);
	}
	return 0;
}

/* Adds `len` bytes of good UTF-8 in normal form C. */
static void
add_nfc(struct buf *out, const char *text, size_t len)
{
	utf8proc_uint8_t *composed = NULL;
	utf8proc_ssize_t size;
	size_t ascii = 0;

	while (ascii < len && (unsigned char)text[ascii] < 0x80)
		ascii++;
	size = ascii == len ? -1
			    : utf8proc_map((const utf8proc_uint8_t *)text,
				  (utf8proc_ssize_t)len, &composed,
				  UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (size < 0)
		buf_add(out, text, len);
	else
		buf_add(out, composed, (size_t)size);
	free(composed);
}

static int
decode_utf16(const unsigned char *bytes, size_t len, const char *what, bool big,
    struct buf *out, struct err *err)
{
	const int high = big ? 0 : 1, low = 1 - high;

	for (size_t i = 2; i < len; i += 2) {
		int32_t c = 0, second = 0;

		if (i + 1 < len)
			c = bytes[i + high] << 8 | bytes[i + low];
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < len) {
			second = bytes[i + 2 + high] << 8 | bytes[i + 2 + low];
			if (second >= 0xdc00 && second < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (second - 0xdc00);
				i += 2;
			}
		}
		if (c == 0 || (c >= 0xd800 && c < 0xe000))
			return err_set(err, ERR_FORMAT,
			    _("%s, byte %zu: not UTF-16; save it as UTF-8 "
			      "text"),
			    what, i + 1);
		add_character(out, c);
	}
	return 0;
}

static int
decode_1252(const char *bytes, size_t len, const char *what, struct buf *out,
    struct err *err)
{
	for (size_t i = 0; i < len; i++) {
		const unsigned char byte = (unsigned char)bytes[i];
		const int32_t c = byte >= 0x80 && byte < 0xa0
		    ? windows_1252[byte - 0x80]
		    : byte;

		if (c == 0)
			return refuse_byte(bytes, i, what, err);
		add_character(out, c);
	}
	return 0;
}

/* Brings `bytes` to UTF-8 in `out`, in whatever normal form they had. */
static int
to_utf8(const char *bytes, size_t len, const char *what, struct buf *out,
    const char **encoding, struct err *err)
{
	const unsigned char *raw = (const unsigned char *)bytes;

	if (len >= 2 && raw[0] == 0xff && raw[1] == 0xfe) {
		*encoding = "UTF-16LE";
		return decode_utf16(raw, len, what, false, out, err);
	}
	if (len >= 2 && raw[0] == 0xfe && raw[1] == 0xff) {
		*encoding = "UTF-16BE";
		return decode_utf16(raw, len, what, true, out, err);
	}
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		*encoding = "UTF-8";
		buf_add(out, bytes + 3, len - 3);
		return text_check(bytes, len, what, err);
	}
	if (find_bad(bytes, len) == len) {
		*encoding = "UTF-8";
		buf_add(out, bytes, len);
		return 0;
	}
	*encoding = "Windows-1252";
	return decode_1252(bytes, len, what, out, err);
}

int
text_decode(const char *bytes, size_t len, const char *what, struct buf *out,
    const char **encoding, struct err *err)
{
	struct buf utf8 = BUF_INIT;
	const char *found = NULL;
	int result;

	result = to_utf8(bytes, len, what, &utf8, &found, err);
	if (result == 0)
		result = buf_check(&utf8, what, err);
	if (result == 0) {
		add_nfc(out, utf8.data, utf8.len);
		result = buf_check(out, what, err);
	}
	if (result == 0 && encoding)
		*encoding = found;
	buf_release(&utf8);
	return result;
}

char *
text_nfc(const char *text)
{
	struct buf out;

	buf_init(&out, SIZE_MAX);
	add_nfc(&out, text, strlen(text));
	return buf_detach(&out);
}

/* What utf8proc does not take for the same: plain writing for searching. */
static const char *
plain_of(int32_t c)
{
	switch (c) {
	case 0x153: return "oe";
	case 0xe6: return "ae";
	case 0xab:
	case 0xbb:
	case 0x201c:
	case 0x201d:
	case 0x201e: return "\"";
	case 0x201a: return "'";
	default: return NULL;
	}
}

char *
text_search_key(const char *text)
{
	const size_t len = strlen(text);
	utf8proc_uint8_t *folded = NULL;
	struct buf key;
	utf8proc_ssize_t size;
	int32_t c;

	size = utf8proc_map((const utf8proc_uint8_t *)text,
	    (utf8proc_ssize_t)len, &folded,
	    UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
		UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD | UTF8PROC_LUMP);
	if (size < 0)
		return xstrdup(text);
	buf_init(&key, SIZE_MAX);
	for (size_t at = 0; at < (size_t)size;) {
		const char *from = (const char *)folded + at;
		const size_t step = read_character(from, (size_t)size - at, &c);
		const char *plain = plain_of(c);

		if (plain)
			buf_add_text(&key, plain);
		else
			buf_add(&key, from, step);
		at += step ? step : 1;
	}
	free(folded);
	return buf_detach(&key);
}

bool
text_matches(const char *text, const char *typed)
{
	char *key = text_search_key(text), *words = text_search_key(typed);
	char *rest = words, *word;
	bool found = true;

	while (found && (word = strsep(&rest, " \t\n")))
		found = strstr(key, word) != NULL;
	free(words);
	free(key);
	return found;
}

/* The first DISTANCE_MAX characters of `text`; returns how many. */
static size_t
characters_of(const char *text, int32_t *list)
{
	const size_t len = strlen(text);
	size_t at = 0, count = 0;

	while (at < len && count < DISTANCE_MAX) {
		const size_t step =
		    read_character(text + at, len - at, &list[count++]);

		at += step ? step : 1;
	}
	return count;
}

static size_t
least(size_t one, size_t two, size_t three)
{
	const size_t best = one < two ? one : two;

	return best < three ? best : three;
}

size_t
text_distance(const char *one, const char *other)
{
	int32_t left[DISTANCE_MAX], right[DISTANCE_MAX];
	const size_t rows = characters_of(one, left);
	const size_t columns = characters_of(other, right);
	size_t row[DISTANCE_MAX + 1], diagonal, above;

	for (size_t i = 0; i <= columns; i++)
		row[i] = i;
	for (size_t i = 1; i <= rows; i++) {
		diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= columns; j++) {
			const size_t changed = left[i - 1] != right[j - 1];

			above = row[j];
			row[j] = least(
			    above + 1, row[j - 1] + 1, diagonal + changed);
			diagonal = above;
		}
	}
	return row[columns];
}

bool
text_is_blank(const char *text)
{
	const size_t len = strlen(text);
	size_t at = 0, step;
	int32_t c;

	for (; at < len; at += step) {
		step = read_character(text + at, len - at, &c);
		if (step == 0)
			return false;
		if (!(c >= '\t' && c <= '\r') &&
		    utf8proc_category(c) != UTF8PROC_CATEGORY_ZS && c != 0x85 &&
		    c != 0x2028 && c != 0x2029)
			return false;
	}
	return true;
}
