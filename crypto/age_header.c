/* SPDX-License-Identifier: Apache-2.0 */
/* Order: bytes, lines, stanzas, the whole header. */
#include "crypto/age_header.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "crypto/hash.h"

enum { BODY_LINE_CHARS = 64, BODY_LINE_BYTES = 48, ARGS_MAX = 3 };

static const char version_line[] = "age-encryption.org/v1\n";

struct span {
	const char *text;
	size_t len;
};

static int
fill(struct age_input *input, struct err *err)
{
	const ssize_t got = input->source.read(
	    input->source.arg, input->held, sizeof(input->held), err);

	if (got < 0)
		return -1;
	input->at = 0;
	input->len = (size_t)got;
	input->ended = got == 0;
	return 0;
}

ssize_t
age_input_read(struct age_input *input, void *to, size_t room, struct err *err)
{
	uint8_t *at = to;
	size_t left = room;

	while (left > 0 && !input->ended) {
		size_t part = input->len - input->at;

		if (part > left)
			part = left;
		memcpy(at, input->held + input->at, part);
		input->at += part;
		at += part;
		left -= part;
		if (left > 0 && fill(input, err) < 0)
			return -1;
	}
	return (ssize_t)(room - left);
}

static int
bad_line(const struct age_header *header, struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    _("not an age file as it should be: line %zu of its header"),
	    header->lines);
}

/* Adds a line to the text; `*line` is without its newline, and borrowed. */
static int
read_line(struct age_input *input, struct age_header *header, struct span *line,
    struct err *err)
{
	const size_t start = header->text.len;
	ssize_t got;
	char c = 0;

	header->lines++;
	while (c != '\n') {
		got = age_input_read(input, &c, 1, err);
		if (got < 0)
			return -1;
		if (got == 0)
			return bad_line(header, err);
		buf_add_char(&header->text, c);
		if (buf_is_full(&header->text))
			return buf_check(&header->text,
			    _("the header of the age file"), err);
	}
	line->text = header->text.data + start;
	line->len = header->text.len - start - 1;
	return 0;
}

static int
read_version(
    struct age_input *input, struct age_header *header, struct err *err)
{
	static const char begin[] = "-----BEGIN AGE ";
	static const size_t any = sizeof("age-encryption.org/v") - 1;
	char line[sizeof(version_line)] = { 0 };
	const ssize_t got =
	    age_input_read(input, line, sizeof(version_line) - 1, err);

	if (got < 0)
		return -1;
	header->lines++;
	if (strcmp(line, version_line) == 0) {
		buf_add_text(&header->text, version_line);
		return 0;
	}
	/* Cut short there, or with another end of line, it is version 1. */
	if (strncmp(line, version_line, any + 1) == 0 &&
	    (line[any + 1] == '\0' || line[any + 1] == '\r'))
		return bad_line(header, err);
	if (strncmp(line, version_line, any) == 0)
		return err_set(err, ERR_UNSUPPORTED,
		    _("an age file of another version than 1: it needs a "
		      "newer program"));
	if (strncmp(line, begin, sizeof(begin) - 1) == 0)
		return err_set(err, ERR_FORMAT,
		    _("an age file in armour where a binary one is needed"));
	return err_set(err, ERR_FORMAT, _("not an age file"));
}

static bool
span_is(const struct span *span, const char *text)
{
	return span->len == strlen(text) &&
	    memcmp(span->text, text, span->len) == 0;
}

static bool
read_base64(const struct span *span, void *bytes, size_t size)
{
	size_t got;

	return base64_read(span->text, span->len, false, bytes, size, &got) &&
	    got == size;
}

/* One space between arguments, each of at least one visible character. */
static bool
split_args(const struct span *line, struct span args[ARGS_MAX], size_t *count)
{
	const char *at = line->text + 3, *end = line->text + line->len;

	*count = 0;
	for (;; at++) {
		const char *start = at;

		while (at < end && *at >= 0x21 && *at <= 0x7e)
			at++;
		if (at == start || (at < end && *at != ' '))
			return false;
		if (*count < ARGS_MAX)
			args[*count] =
			    (struct span){ start, (size_t)(at - start) };
		++*count;
		if (at == end)
			return true;
	}
}

/* Decimal without sign or leading zero; 0 where it is not that. */
static int
read_work_factor(const struct span *span)
{
	int value = 0;

	if (span->len > 9 || span->text[0] == '0')
		return 0;
	for (size_t i = 0; i < span->len; i++) {
		if (span->text[i] < '0' || span->text[i] > '9')
			return 0;
		value = value * 10 + span->text[i] - '0';
	}
	return value;
}

static int
read_args(struct age_header *header, const struct span *line,
    struct age_stanza *stanza, struct err *err)
{
	struct span args[ARGS_MAX];
	size_t count;

	if (!split_args(line, args, &count))
		return bad_line(header, err);
	if (span_is(&args[0], "X25519")) {
		stanza->kind = AGE_X25519;
		if (count != 2 ||
		    !read_base64(
			&args[1], stanza->share, sizeof(stanza->share)))
			return bad_line(header, err);
		if (++header->x25519_count > AGE_RECIPIENTS_MAX)
			return err_set(err, ERR_LIMIT,
			    _("the age file has more than %d recipients"),
			    AGE_RECIPIENTS_MAX);
	}
	if (span_is(&args[0], "scrypt")) {
		stanza->kind = AGE_SCRYPT;
		if (count != 3 ||
		    !read_base64(&args[1], stanza->salt, sizeof(stanza->salt)))
			return bad_line(header, err);
		stanza->work_factor = read_work_factor(&args[2]);
		if (stanza->work_factor == 0)
			return bad_line(header, err);
		if (stanza->work_factor > AGE_WORK_FACTOR_MAX)
			return err_set(err, ERR_LIMIT,
			    _("the age file asks for too much work for its "
			      "passphrase: 2^%d where 2^%d is the most"),
			    stanza->work_factor, AGE_WORK_FACTOR_MAX);
	}
	return 0;
}

/* Full lines of 64 characters, then one that is shorter and may be empty. */
static int
read_body(struct age_input *input, struct age_header *header,
    struct age_stanza *stanza, struct err *err)
{
	uint8_t bytes[BODY_LINE_BYTES];
	size_t total = 0, got;
	struct span line = { NULL, 0 };

	do {
		if (read_line(input, header, &line, err) < 0)
			return -1;
		if (line.len > BODY_LINE_CHARS ||
		    !base64_read(
			line.text, line.len, false, bytes, sizeof(bytes), &got))
			return bad_line(header, err);
		if (total + got <= sizeof(stanza->body))
			memcpy(stanza->body + total, bytes, got);
		total += got;
	} while (line.len == BODY_LINE_CHARS);
	if (stanza->kind != AGE_OTHER && total != sizeof(stanza->body))
		return bad_line(header, err);
	return 0;
}

static int
read_stanza(struct age_input *input, struct age_header *header,
    const struct span *line, struct err *err)
{
	struct age_stanza *stanza = &header->stanzas[header->count];

	if (header->count == AGE_STANZAS_MAX)
		return err_set(err, ERR_LIMIT,
		    _("the age file has more than %d recipients"),
		    AGE_STANZAS_MAX);
	if (line->len < 3 || memcmp(line->text, "-> ", 3) != 0)
		return bad_line(header, err);
	if (read_args(header, line, stanza, err) < 0 ||
	    read_body(input, header, stanza, err) < 0)
		return -1;
	header->count++;
	/* A passphrase stands alone: it would not be asked for beside keys. */
	if (header->count > 1 &&
	    (stanza->kind == AGE_SCRYPT ||
		header->stanzas[0].kind == AGE_SCRYPT))
		return bad_line(header, err);
	return 0;
}

static int
read_end(struct age_header *header, const struct span *line, struct err *err)
{
	struct span mac = { line->text + 4, line->len - 4 };

	if (header->count == 0 || line->len < 4 || line->text[3] != ' ' ||
	    !read_base64(&mac, header->mac, sizeof(header->mac)))
		return bad_line(header, err);
	buf_cut(&header->text, (size_t)(line->text + 3 - header->text.data));
	return 0;
}

static int
read_all(struct age_input *input, struct age_header *header, struct err *err)
{
	struct span line = { NULL, 0 };

	if (read_version(input, header, err) < 0)
		return -1;
	for (;;) {
		if (read_line(input, header, &line, err) < 0)
			return -1;
		if (line.len >= 3 && memcmp(line.text, "---", 3) == 0)
			return read_end(header, &line, err);
		if (read_stanza(input, header, &line, err) < 0)
			return -1;
	}
}

struct age_header *
age_header_read(struct age_input *input, struct err *err)
{
	struct age_header *header = xcalloc(1, sizeof(*header));

	buf_init(&header->text, AGE_HEADER_MAX);
	if (read_all(input, header, err) == 0)
		return header;
	age_header_free(header);
	return NULL;
}

void
age_header_free(struct age_header *header)
{
	if (!header)
		return;
	buf_release(&header->text);
	free(header);
}
