/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/outer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "crypto/minisign.h"

enum {
	BLOCK = 512,
	PIECE_BYTES = 64 * 1024,
	SIZE_AT = 124,
	SIZE_DIGITS = 11,
	SUM_AT = 148,
	SUM_BYTES = 8
};

static void
make_header(const char *name, uint64_t size, uint8_t header[BLOCK])
{
	static const char magic[8] = { 'u', 's', 't', 'a', 'r', '\0', '0',
		'0' };
	char *text = (char *)header;
	unsigned sum = 0;

	memset(header, 0, BLOCK);
	snprintf(text, 100, "%s", name);
	memcpy(text + 100, "0000644", 8);
	memcpy(text + 108, "0000000", 8);
	memcpy(text + 116, "0000000", 8);
	snprintf(text + SIZE_AT, SIZE_DIGITS + 1, "%011llo",
	    (unsigned long long)size);
	memcpy(text + 136, "00000000000", 12);
	memset(text + SUM_AT, ' ', SUM_BYTES);
	text[156] = '0';
	memcpy(text + 257, magic, sizeof(magic));
	memcpy(text + 329, "0000000", 8);
	memcpy(text + 337, "0000000", 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += header[i];
	snprintf(text + SUM_AT, SUM_BYTES - 1, "%06o", sum);
}

static uint64_t
padding_of(uint64_t size)
{
	return (BLOCK - size % BLOCK) % BLOCK;
}

/* ---- writing ---- */

static int
write_padding(uint64_t size, const struct byte_sink *sink, struct err *err)
{
	static const uint8_t zeros[BLOCK];

	return sink->write(sink->arg, zeros, padding_of(size), err);
}

static int
write_header(const char *name, uint64_t size, const struct byte_sink *sink,
    struct err *err)
{
	uint8_t header[BLOCK];

	make_header(name, size, header);
	return sink->write(sink->arg, header, sizeof(header), err);
}

static int
write_body(const struct byte_source *body, uint64_t size,
    const struct byte_sink *sink, struct err *err)
{
	uint8_t piece[PIECE_BYTES];

	while (size > 0) {
		const size_t want =
		    size < sizeof(piece) ? (size_t)size : sizeof(piece);
		const ssize_t got = body->read(body->arg, piece, want, err);

		if (got < 0 ||
		    (got > 0 &&
			sink->write(sink->arg, piece, (size_t)got, err) < 0))
			return -1;
		if (got == 0)
			return err_set(err, ERR_IO,
			    _("a temporary file came back cut short"));
		size -= (uint64_t)got;
	}
	return 0;
}

int
outer_write(const struct buf *signature, const struct byte_source *body,
    uint64_t size, const struct byte_sink *sink, struct err *err)
{
	static const uint8_t end[2 * BLOCK];

	if (size > OUTER_BODY_MAX)
		return err_set(err, ERR_LIMIT,
		    _("the bundle is larger than 8 GiB: send fewer "
		      "inspections at a time"));
	if (write_header(OUTER_SIGNATURE, signature->len, sink, err) < 0 ||
	    sink->write(sink->arg, signature->data, signature->len, err) < 0 ||
	    write_padding(signature->len, sink, err) < 0 ||
	    write_header(OUTER_BODY, size, sink, err) < 0 ||
	    write_body(body, size, sink, err) < 0 ||
	    write_padding(size, sink, err) < 0)
		return -1;
	return sink->write(sink->arg, end, sizeof(end), err);
}

/* ---- reading ---- */

static int
read_exactly(struct outer *outer, void *to, size_t len, struct err *err)
{
	uint8_t *at = to;

	while (len > 0) {
		const ssize_t got =
		    outer->source->read(outer->source->arg, at, len, err);

		if (got < 0)
			return -1;
		if (got == 0)
			return err_set(
			    err, ERR_FORMAT, _("%s is cut short"), outer->name);
		at += got;
		len -= (size_t)got;
	}
	return 0;
}

static bool
read_octal(const uint8_t *digits, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < SIZE_DIGITS; i++) {
		if (digits[i] < '0' || digits[i] > '7')
			return false;
		*number = *number * 8 + (uint64_t)(digits[i] - '0');
	}
	return true;
}

static int
read_header(
    struct outer *outer, const char *name, uint64_t *size, struct err *err)
{
	uint8_t header[BLOCK], expected[BLOCK];

	if (read_exactly(outer, header, sizeof(header), err) < 0)
		return -1;
	if (read_octal(header + SIZE_AT, size)) {
		make_header(name, *size, expected);
		if (memcmp(header, expected, sizeof(header)) == 0)
			return 0;
	}
	return err_set(err, ERR_FORMAT,
	    _("%s: not a bundle: %s does not stand where it must"), outer->name,
	    name);
}

static int
read_zeros(struct outer *outer, uint64_t len, struct err *err)
{
	uint8_t block[BLOCK];

	while (len > 0) {
		const size_t want = len < BLOCK ? (size_t)len : BLOCK;

		if (read_exactly(outer, block, want, err) < 0)
			return -1;
		for (size_t i = 0; i < want; i++)
			if (block[i] != 0)
				return err_set(err, ERR_FORMAT,
				    _("%s: not a bundle: something stands "
				      "where nothing may"),
				    outer->name);
		len -= want;
	}
	return 0;
}

int
outer_open(struct outer *outer, const struct byte_source *source,
    const char *name, struct buf *signature, struct err *err)
{
	char text[MINISIGN_SIGNATURE_MAX];
	uint64_t size;

	*outer = (struct outer){ .source = source, .name = name };
	if (read_header(outer, OUTER_SIGNATURE, &size, err) < 0)
		return -1;
	if (size > sizeof(text))
		return err_set(err, ERR_LIMIT,
		    _("%s: its signature is larger than %zu bytes"), name,
		    sizeof(text));
	if (read_exactly(outer, text, (size_t)size, err) < 0 ||
	    read_zeros(outer, padding_of(size), err) < 0 ||
	    read_header(outer, OUTER_BODY, &outer->left, err) < 0)
		return -1;
	outer->padding = padding_of(outer->left);
	buf_add(signature, text, (size_t)size);
	return 0;
}

/* Padding, two empty blocks, and nothing more. */
static int
read_end(struct outer *outer, struct err *err)
{
	uint8_t more;
	ssize_t got;

	if (read_zeros(outer, outer->padding + 2 * (uint64_t)BLOCK, err) < 0)
		return -1;
	got = outer->source->read(outer->source->arg, &more, 1, err);
	if (got > 0)
		return err_set(err, ERR_FORMAT,
		    _("%s: not a bundle: something follows its end"),
		    outer->name);
	return got < 0 ? -1 : 0;
}

ssize_t
outer_read(struct outer *outer, void *to, size_t room, struct err *err)
{
	ssize_t got;

	if (outer->left == 0) {
		if (outer->padding == BLOCK) /* the end was read before */
			return 0;
		if (read_end(outer, err) < 0)
			return -1;
		outer->padding = BLOCK;
		return 0;
	}
	if (room > outer->left)
		room = (size_t)outer->left;
	got = outer->source->read(outer->source->arg, to, room, err);
	if (got == 0)
		return err_set(
		    err, ERR_FORMAT, _("%s is cut short"), outer->name);
	if (got > 0)
		outer->left -= (uint64_t)got;
	return got;
}
