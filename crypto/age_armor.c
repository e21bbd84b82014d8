/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/age.h"

#include <string.h>

#include "base/i18n.h"
#include "crypto/hash.h"

enum { LINE_CHARS = 64, LINE_BYTES = 48 };

static const char begin_line[] = "-----BEGIN AGE ENCRYPTED FILE-----";
static const char end_line[] = "-----END AGE ENCRYPTED FILE-----";

struct armor {
	const char *at, *end;
	size_t lines; /* taken so far, for messages */
};

static int
bad_line(const struct armor *armor, struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    _("not an age file in armour as it should be: line %zu"),
	    armor->lines);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* White space may stand around the armour but not in it. */
static void
skip_space(struct armor *armor)
{
	for (; armor->at < armor->end && is_space(*armor->at); armor->at++)
		armor->lines += *armor->at == '\n';
}

/* The next line without its end, which is "\n", "\r\n" or the text's end. */
static size_t
next_line(struct armor *armor, const char **line)
{
	const size_t left = (size_t)(armor->end - armor->at);
	const char *newline = left ? memchr(armor->at, '\n', left) : NULL;
	size_t len = newline ? (size_t)(newline - armor->at) : left;

	*line = armor->at;
	armor->at += newline ? len + 1 : len;
	armor->lines++;
	if (newline && len > 0 && (*line)[len - 1] == '\r')
		len--;
	return len;
}

static bool
line_is(const char *line, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(line, text, len) == 0;
}

/* Full lines, then at most one that is shorter, then the end. */
static int
read_lines(struct armor *armor, struct buf *out, struct err *err)
{
	uint8_t bytes[LINE_BYTES];
	bool was_short = false;
	const char *line;

	while (armor->at < armor->end) {
		const size_t len = next_line(armor, &line);
		size_t got;

		if (line_is(line, len, end_line))
			return 0;
		if (was_short || len == 0 || len > LINE_CHARS ||
		    !base64_read(line, len, true, bytes, sizeof(bytes), &got))
			return bad_line(armor, err);
		/* Padding, too, is only for the end. */
		was_short = len < LINE_CHARS || got < LINE_BYTES;
		buf_add(out, bytes, got);
		if (buf_is_full(out))
			return buf_check(out, _("the age file"), err);
	}
	return bad_line(armor, err);
}

int
age_dearmor(const char *text, size_t len, struct buf *out, struct err *err)
{
	struct armor armor = { text, text + len, 0 };
	const size_t before = out->len;
	const char *line;

	skip_space(&armor);
	len = next_line(&armor, &line);
	if (!line_is(line, len, begin_line))
		return bad_line(&armor, err);
	if (read_lines(&armor, out, err) < 0)
		goto fail;
	skip_space(&armor);
	if (armor.at < armor.end) {
		armor.lines++;
		bad_line(&armor, err);
		goto fail;
	}
	return 0;
fail:
	buf_cut(out, before);
	return -1;
}
