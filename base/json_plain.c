/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/json.h"

/*
 * JSON as json_write() writes it when nothing needs an escape: no spaces, no
 * backslashes, small whole numbers, little depth.  Nearly all that is read was
 * written so, and this reads it several times as fast as the general reader.
 * It takes nothing that the general one would refuse and gives the same; what
 * it does not take may still be good JSON.
 */
enum { DEPTH_MAX = 32, DIGITS_MAX = 18 };

struct plain {
	const char *at, *end;
	int depth;
};

/* The bytes up to the closing quote; `*ascii` when all are. */
static const char *
read_string(struct plain *plain, size_t *len, bool *ascii)
{
	const char *start = plain->at + 1;
	unsigned char all = 0;

	if (plain->at == plain->end || *plain->at != '"')
		return NULL;
	for (const char *at = start; at < plain->end; at++) {
		const unsigned char c = (unsigned char)*at;

		if (c == '"') {
			*len = (size_t)(at - start);
			*ascii = all < 0x80;
			plain->at = at + 1;
			return start;
		}
		if (c < 0x20 || c == '\\')
			return NULL;
		all |= c;
	}
	return NULL;
}

static json_t *
read_text(struct plain *plain)
{
	size_t len;
	bool ascii;
	const char *text = read_string(plain, &len, &ascii);

	if (!text)
		return NULL;
	return ascii ? json_stringn_nocheck(text, len)
		     : json_stringn(text, len); /* NULL unless it is UTF-8 */
}

static json_t *
read_number(struct plain *plain)
{
	const char *start = plain->at;
	json_int_t number = 0;

	while (plain->at < plain->end && *plain->at >= '0' &&
	    *plain->at <= '9' && plain->at - start < DIGITS_MAX)
		number = number * 10 + (*plain->at++ - '0');
	/* One more digit might not fit. */
	if (plain->at < plain->end && *plain->at >= '0' && *plain->at <= '9')
		return NULL;
	if (plain->at == start || (*start == '0' && plain->at - start > 1))
		return NULL;
	/* A fraction or exponent would follow here: not plain. */
	if (plain->at < plain->end && strchr(".eE", *plain->at))
		return NULL;
	return json_integer(number);
}

static bool
skip(struct plain *plain, const char *word)
{
	const size_t len = strlen(word);

	if ((size_t)(plain->end - plain->at) < len ||
	    memcmp(plain->at, word, len) != 0)
		return false;
	plain->at += len;
	return true;
}

static json_t *read_value(struct plain *plain);

static bool
read_member(struct plain *plain, json_t *object)
{
	const size_t count = json_object_size(object);
	size_t len;
	bool ascii;
	const char *key = read_string(plain, &len, &ascii);
	json_t *value;

	if (!key || !ascii || !skip(plain, ":"))
		return false;
	value = read_value(plain);
	/* One that takes another's place is a key written twice. */
	return value &&
	    json_object_setn_new_nocheck(object, key, len, value) == 0 &&
	    json_object_size(object) == count + 1;
}

static bool
read_element(struct plain *plain, json_t *array)
{
	json_t *value = read_value(plain);

	return value && json_array_append_new(array, value) == 0;
}

static json_t *
read_many(struct plain *plain, json_t *into, const char *close,
    bool (*read_one)(struct plain *plain, json_t *into))
{
	bool good = into && plain->depth < DEPTH_MAX;

	plain->depth++;
	plain->at++;
	if (good && !skip(plain, close)) {
		do
			good = read_one(plain, into);
		while (good && skip(plain, ","));
		good = good && skip(plain, close);
	}
	plain->depth--;
	if (good)
		return into;
	json_decref(into);
	return NULL;
}

static json_t *
read_value(struct plain *plain)
{
	if (plain->at == plain->end)
		return NULL;
	switch (*plain->at) {
	case '"': return read_text(plain);
	case '{': return read_many(plain, json_object(), "}", read_member);
	case '[': return read_many(plain, json_array(), "]", read_element);
	case 't': return skip(plain, "true") ? json_true() : NULL;
	case 'f': return skip(plain, "false") ? json_false() : NULL;
	case 'n': return skip(plain, "null") ? json_null() : NULL;
	default: return read_number(plain);
	}
}

json_t *
json_read_plain(const char *text, size_t len)
{
	struct plain plain = { .at = text, .end = text + len };
	json_t *value = read_value(&plain);

	if (value && plain.at == plain.end)
		return value;
	json_decref(value);
	return NULL;
}
